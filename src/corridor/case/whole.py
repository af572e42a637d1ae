"""A folder appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from corridor.errors import CaseError

__all__ = ["write_whole"]


def write_whole(folder: Path, files: Mapping[str, str]) -> Path:
    """Write texts as UTF-8 files into a folder that does not exist yet or is empty; returns the folder.

    The files are written beside it first, then the folder is put in place in one step. Raises `CaseError` where
    something stands there already: nothing of a user's is overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CaseError(f"{folder} exists and is not empty; give a new folder")
    parent = folder.absolute().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=parent))
    except OSError as problem:
        raise CaseError(f"cannot write into {parent}: {problem.strerror}") from None
    try:
        for name, text in files.items():
            (draft / name).write_text(text, encoding="utf-8", newline="\n")
        draft.chmod(0o755)
        if folder.is_dir():
            folder.rmdir()  # empty: Windows cannot replace a folder by another
        os.replace(draft, folder)  # noqa: PTH105
    except OSError as problem:
        raise CaseError(f"cannot write {folder}: {problem.strerror}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder
