"""An uploaded case -> a folder of its own: names and sizes are judged before anything is written."""

from __future__ import annotations

import io
import re
import secrets
import shutil
import stat
import tempfile
import time
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from corridor.errors import CaseError, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.app.web.limits import Limits

__all__ = ["Folders", "Uploaded", "files_of_zip", "sound_files"]

PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .()-]{0,99}")
"""A file name that means the same on every system, and never a place elsewhere."""
WANTED = (".csv", ".toml", ".md", ".txt")
LICENCES = ("LICENSE-DATA", "LICENSE")
SETTINGS = "case.toml"


def _fault(file: str, message: str, remedy: str) -> CaseError:
    return CaseError("the upload is not taken", [Fault(file[:200], None, None, message, remedy)])


def files_of_zip(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Path -> content of what a zip holds.

    Raises `CaseError` for what is no zip, for a path that leaves its folder, a link, an encrypted file, too many files,
    and for what unpacks to too much: counted while it is unpacked, for a zip can lie about it.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise _fault("upload", "this is no zip file", "send the case folder as a zip") from None
    if len(entries) > limits.files:
        raise _fault("upload", f"{len(entries)} entries, more than {limits.files}", "send the case folder only")
    found: dict[str, bytes] = {}
    left = limits.unpacked
    with archive:
        for entry in entries:
            name = entry.filename
            _judge_path(name)
            if entry.is_dir():
                continue
            if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
                raise _fault(name, "a link or a device, not a file", "put the file itself into the zip")
            if entry.flag_bits & 1:
                raise _fault(name, "the file is encrypted", "make the zip without a password")
            if not _is_wanted(name):
                continue
            if name in found:
                raise _fault(name, "the file stands twice in the zip", "keep one")
            most = min(left, max(1_000_000, limits.ratio * entry.compress_size))
            try:
                with archive.open(entry) as file:
                    content = file.read(most + 1)
            except Exception:  # noqa: BLE001 (what zlib, bz2 and lzma raise has no common base)
                raise _fault(name, "the file cannot be unpacked", "make the zip anew") from None
            if len(content) > most:
                raise _fault(name, "the file unpacks to far more than a case holds", "send the case folder only")
            left -= len(content)
            found[name] = content
    return found


def sound_files(files: Mapping[str, bytes], limits: Limits) -> dict[str, bytes]:
    """The files of the one folder that holds case.toml, by their plain names. Raises `CaseError` with what is wrong."""
    for path in files:
        _judge_path(path)
    if len(files) > limits.files or sum(map(len, files.values())) > limits.unpacked:
        raise _fault("upload", "more than a case holds", "send the case folder only")
    wanted = {path: content for path, content in files.items() if _is_wanted(path)}
    homes = sorted({str(PurePosixPath(path).parent) for path in wanted if PurePosixPath(path).name == SETTINGS})
    if not homes:
        raise _fault(SETTINGS, "the file is missing", "send the folder that holds case.toml and its tables")
    if len(homes) > 1:
        raise _fault(SETTINGS, f"stands in {len(homes)} folders: {', '.join(homes[:5])}", "send one case at a time")
    return {
        PurePosixPath(path).name: content
        for path, content in wanted.items()
        if str(PurePosixPath(path).parent) == homes[0]
    }


def _judge_path(path: str) -> None:
    """Raise `CaseError` for a path that is not plainly below its folder."""
    parts = path.rstrip("/").split("/")
    if len(path) > 300 or "\\" in path or "\0" in path or ":" in path or path.startswith("/") or ".." in parts:
        raise _fault(path, "the path leads out of the folder, or is none", "send plain file names")


def _is_wanted(path: str) -> bool:
    """Whether a file may belong to a case; what systems add of their own (.DS_Store, __MACOSX) does not."""
    where = PurePosixPath(path)
    if any(part.startswith((".", "__")) for part in where.parts):
        return False
    return PLAIN.fullmatch(where.name) is not None and (where.suffix.lower() in WANTED or where.name in LICENCES)


@dataclass(eq=False)
class Uploaded:
    """A case that somebody brought: the folder it stands in, and what it is called."""

    id: str
    folder: Path
    name: str
    used: float


class Folders:
    """Folders of uploaded cases by their ids, which nobody can guess; the last ones used, dropped when idle."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.dropped: Callable[[str], None] = lambda folder: None  # noqa: ARG005
        """called with the folder of each case that is forgotten"""
        self.root = Path(tempfile.mkdtemp(prefix="corridor-"))
        self._known: OrderedDict[str, Uploaded] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def add(self, files: Mapping[str, bytes], name: str) -> Uploaded:
        """Write a case into a folder of its own. Nothing is known of it until `keep` is called."""
        key = secrets.token_hex(16)
        plain = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")[:40] or "case"
        folder = self.root / key / plain
        folder.mkdir(parents=True, mode=0o700)
        for file, content in files.items():
            (folder / file).write_bytes(content)
        return Uploaded(key, folder, plain, time.monotonic())

    def keep(self, case: Uploaded) -> None:
        """Know a case from now on; the one that was not used for longest gives way."""
        self._known[case.id] = case
        while len(self._known) > self._limits.cases:
            self.drop(next(iter(self._known)))

    def get(self, key: str) -> Uploaded | None:
        """The case of an id, used now."""
        now = time.monotonic()
        for idle in [c.id for c in self._known.values() if now - c.used > self._limits.idle_seconds]:
            self.drop(idle)
        found = self._known.get(key)
        if found is not None:
            found.used = now
            self._known.move_to_end(key)
        return found

    def drop(self, key: str) -> bool:
        """Forget a case and remove its folder; False where there is none of this id."""
        found = self._known.pop(key, None)
        if found is None:
            return False
        self.remove(found)
        self.dropped(str(found.folder))
        return True

    def remove(self, case: Uploaded) -> None:
        """Remove the folder of a case that is not, or no longer, known."""
        shutil.rmtree(case.folder.parent, ignore_errors=True)

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.root, ignore_errors=True)
