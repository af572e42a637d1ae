"""Questions about cases and results, one file a question; tables and sentences out."""

from __future__ import annotations

from corridor.analysis.another_year import another_year_page, mean_errors, observed_years, predict_routes
from corridor.analysis.bargain import Bargain, bargain
from corridor.analysis.closing import LinkClosures, close_links
from corridor.analysis.compare import Comparison, compare
from corridor.analysis.headline import Answered, Headlines, Section, headlines
from corridor.analysis.peaks import Peak, at_peak
from corridor.analysis.provenance import Assumption, assumptions, source_keys
from corridor.analysis.replay import Replay, Replayed, replay
from corridor.analysis.retaliate import Retaliation, retaliate
from corridor.analysis.rivalry import Rivalry, rivalry
from corridor.analysis.sankey import origin_route_market
from corridor.analysis.security import Security
from corridor.analysis.share import Route, Share, share
from corridor.analysis.solve import describe, solve
from corridor.analysis.stress import ClosureSet, Stress, stress
from corridor.analysis.undetermined import undetermined_flows, undetermined_lines

__all__ = [
    "Answered",
    "Assumption",
    "Bargain",
    "ClosureSet",
    "Comparison",
    "Headlines",
    "LinkClosures",
    "Peak",
    "Replay",
    "Replayed",
    "Retaliation",
    "Rivalry",
    "Route",
    "Section",
    "Security",
    "Share",
    "Stress",
    "another_year_page",
    "assumptions",
    "at_peak",
    "bargain",
    "close_links",
    "compare",
    "describe",
    "headlines",
    "mean_errors",
    "observed_years",
    "origin_route_market",
    "predict_routes",
    "replay",
    "retaliate",
    "rivalry",
    "share",
    "solve",
    "source_keys",
    "stress",
    "undetermined_flows",
    "undetermined_lines",
]
