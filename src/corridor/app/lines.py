"""Answers on a terminal, below their sentence: tables, ranges, and what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.analysis import assumptions, compare, source_keys
from corridor.analysis.world import name_of, percent
from corridor.app.tables import table_lines
from corridor.result.schema import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.analysis import Comparison, Share
    from corridor.result import Result

__all__ = ["comparison_lines", "flow_lines", "rests_on", "share_lines"]


def flow_lines(result: Result, window: tuple[str, str] | None) -> Sequence[str]:
    """Volumes by route; by link where the case marks no corridor as a route."""
    side = compare(result, result)
    what, volumes = ("corridor", side.routes) if len(side.routes) else ("link", side.volumes)
    told = within(volumes, window).groupby([what, "good", "unit"], as_index=False)[["base"]].sum()
    heads = {what: "route" if what == "corridor" else "link", "good": "good", "base": "volume", "unit": "unit"}
    title = "By route" if what == "corridor" else "By link"
    return table_lines(told.sort_values("base", ascending=False), heads, title=title)


def comparison_lines(told: Comparison, window: tuple[str, str] | None) -> list[str]:
    """What the corridors lost month by month, who pays and who gains, and when."""
    heads = {
        "period": "period",
        "good": "good",
        "drop": "lost its way",
        "rerouted": "rerouted",
        "output_lost": "not produced",
        "stock_change": "into stock",
        "domestic": "used at home",
        "losses": "losses",
        "exports_lost": "exports lost",
        "unit": "unit",
    }
    lines = list(table_lines(within(told.by_period, window), heads, title="Month by month"))
    gains = told.gains.groupby("country", as_index=False)[["difference"]].sum().sort_values("difference")
    gains = gains[(gains["country"] != "") & (gains["difference"].abs() > 0.5)].assign(unit="million USD")
    lines += [
        "",
        *table_lines(
            gains, {"country": "country", "difference": "gain", "unit": "unit"}, digits=0, title="Who pays, who gains"
        ),
    ]
    when = {"event": "event", "date": "date", "days": "days", "what": "what", "note": "note"}
    lines += ["", *table_lines(told.timeline, when, title="When")]
    return lines


def share_lines(told: Share, result: Result) -> list[str]:
    """Ranges of a share, how all of the trade is carried, and what could not be worked out."""
    lines = []
    if told.low is not None and told.high is not None:
        lines.append(f"  {percent(told.low)} to {percent(told.high)} over flows that cost at most 0.1 % more")
    if told.data_low is not None and told.data_high is not None:
        lines.append(f"  {percent(told.data_low)} to {percent(told.data_high)} over what sources say differently")
    lines.extend(
        f"  {name_of(result.case, r.corridor) if r.corridor else 'no route'}: {r.quantity:.2f} {told.unit}, {percent(r.share)}"
        for r in told.all_routes
    )
    lines.append(f"  concentration of routes (HHI): {told.hhi:,.0f}")
    lines.extend(f"  {warning}" for warning in told.warnings)
    return lines


def rests_on(result: Result) -> list[str]:
    """The certificate in a line, how many sources and assumptions stand behind the answer, and warnings."""
    case = result.case
    proof = result.certificate
    lines = [
        f"Certificate passed (gap {max(s.gap for s in proof.stages):.0e}, gains add up to {abs(proof.gains_residual):.0e}).",
        f"{len(source_keys(case))} sources, {len(assumptions(case))} assumptions: corridor sources {case.name}",
    ]
    return lines + [f"Warning: {warning}" for warning in result.warnings]
