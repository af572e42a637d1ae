"""Questions about results, one file a question; tables in, sentences and tables out."""

from __future__ import annotations

from corridor.analysis.compare import Comparison, compare
from corridor.analysis.share import Route, Share, share

__all__ = ["Comparison", "Route", "Share", "compare", "share"]
