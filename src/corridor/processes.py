"""How worker processes are started."""

from __future__ import annotations

import multiprocessing
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.context import ForkServerContext, SpawnContext

__all__ = ["begin_loading", "process_context"]


def process_context(loaded: Sequence[str]) -> ForkServerContext | SpawnContext:
    """On Linux processes are copies of one that has loaded these modules, so that each is there at once.

    Elsewhere a copy of a process that has loaded numerical libraries is not safe, and each loads them itself.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(loaded))
    return context


def begin_loading(loaded: Sequence[str]) -> None:
    """Load these modules for processes to come, beside whatever this one does meanwhile; does nothing but on Linux."""
    if sys.platform == "linux":
        from multiprocessing import forkserver

        process_context(loaded)
        forkserver.ensure_running()
