"""Questions about cases and results, one file a question; tables and sentences out."""

from __future__ import annotations

from corridor.analysis.another_year import another_year_page, mean_errors, observed_years, predict_routes
from corridor.analysis.bargain import Bargain, bargain
from corridor.analysis.closing import LinkClosures, close_links, close_unions
from corridor.analysis.compare import VISIBLE, Comparison, compare, output_of
from corridor.analysis.comparison_words import told_gains
from corridor.analysis.headline import Answered, Headlines, Section, headline_scenarios, headlines, timing_lines
from corridor.analysis.invest import Invest, invest
from corridor.analysis.measures import exports_by_country, link_volumes, mean_prices
from corridor.analysis.peaks import Peak, at_peak
from corridor.analysis.provenance import Assumption, assumptions, source_keys
from corridor.analysis.replay import Replay, Replayed, replay
from corridor.analysis.retaliate import Retaliation, retaliate
from corridor.analysis.rivalry import Rivalry, rivalry
from corridor.analysis.sankey import origin_route_market
from corridor.analysis.security import Security
from corridor.analysis.share import Route, Share, measure, share
from corridor.analysis.solve import describe, part_asked, part_touched, solve
from corridor.analysis.stress import ClosureSet, Stress, stress
from corridor.analysis.undetermined import undetermined_flows, undetermined_lines
from corridor.analysis.window import no_period, periods_in

__all__ = [
    "VISIBLE",
    "Answered",
    "Assumption",
    "Bargain",
    "ClosureSet",
    "Comparison",
    "Headlines",
    "Invest",
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
    "close_unions",
    "compare",
    "describe",
    "exports_by_country",
    "headline_scenarios",
    "headlines",
    "invest",
    "link_volumes",
    "mean_errors",
    "mean_prices",
    "measure",
    "no_period",
    "observed_years",
    "origin_route_market",
    "output_of",
    "part_asked",
    "part_touched",
    "periods_in",
    "predict_routes",
    "replay",
    "retaliate",
    "rivalry",
    "share",
    "solve",
    "source_keys",
    "stress",
    "timing_lines",
    "told_gains",
    "undetermined_flows",
    "undetermined_lines",
]
