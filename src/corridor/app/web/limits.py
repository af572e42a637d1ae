"""Bounds of the server: nothing that is asked of it grows without end."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

__all__ = ["Limits"]

MB = 1_000_000


def _workers() -> int:
    return max(2, min(4, os.cpu_count() or 2))


@dataclass(frozen=True)
class Limits:
    """What the server takes and keeps. Sizes in bytes, times in seconds."""

    workers: int = field(default_factory=_workers)
    queued: int = 64
    """runs that wait; one more is refused (429)"""
    runs: int = 400
    """runs that are remembered; the oldest that are over are dropped"""
    kept_bytes: int = 64 * MB
    """answers that are kept, as they are sent; the oldest are dropped"""
    run_seconds: float = 900.0
    grace_seconds: float = 0.4
    """how long a worker may take to let go of a cancelled run before it is ended"""
    worker_bytes: int = 1_500 * MB
    """a worker that holds more memory after a run is replaced"""
    body: int = 256_000
    """of a request that is no upload"""
    body_seconds: float = 30.0
    upload: int = 24 * MB
    uploads: int = 2
    """uploads that are read at a time"""
    files: int = 200
    """entries of an uploaded case"""
    unpacked: int = 64 * MB
    ratio: int = 100
    """how much larger a file of a zip may be than what it takes in it"""
    cases: int = 16
    """uploaded cases; the one that was not asked about for longest is dropped"""
    idle_seconds: float = 4 * 3600.0
    """after which an uploaded case that nobody asks about is dropped"""
