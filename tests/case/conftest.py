"""A small sound case as files, and what reading says after some of them are changed."""

import pytest

from corridor.case import new_case, read_case
from corridor.errors import CaseError


class Folder:
    """The scaffold case in a folder of its own, to be spoilt by a test."""

    def __init__(self, path):
        self.path = new_case(path)

    def edit(self, file, old, new):
        """Replace a text that stands exactly once in a file."""
        text = (self.path / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def write(self, file, text):
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        (self.path / file).write_bytes(data)

    def add(self, file, line):
        """Add a row at the end of a file."""
        self.write(file, (self.path / file).read_text(encoding="utf-8") + line + "\n")

    def read(self):
        return read_case(self.path)

    def faults(self):
        """Every fault that reading tells."""
        with pytest.raises(CaseError) as caught:
            read_case(self.path)
        assert caught.value.faults
        assert all(str(fault) in str(caught.value) for fault in caught.value.faults)
        return list(caught.value.faults)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "small")
