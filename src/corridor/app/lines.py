"""Answers on a terminal, below their sentence: tables, ranges, and what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.analysis import assumptions, at_peak, compare, source_keys
from corridor.analysis.world import country_name, name_of, percent, period_words, span_words
from corridor.app.tables import MOST_ROWS, table_lines
from corridor.result.schema import within
from corridor.solver import at_most

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from corridor.analysis import Comparison, Share
    from corridor.result import Result

__all__ = [
    "comparison_lines",
    "flow_lines",
    "gain_lines",
    "peak_lines",
    "price_lines",
    "rests_on",
    "share_lines",
]

HALF = 0.5
"""Million USD below which a gain is not shown."""


def flow_lines(result: Result, window: tuple[str, str] | None, goods: Collection[str]) -> Sequence[str]:
    """Volumes of some goods by route; by link where none of them has one."""
    side = compare(result, result)
    routes = side.routes[side.routes["good"].isin(goods)]
    what, volumes = ("corridor", routes) if len(routes) else ("link", side.volumes[side.volumes["good"].isin(goods)])
    told = within(volumes, window).groupby([what, "good", "unit"], as_index=False)[["base"]].sum()
    heads = {what: "route" if what == "corridor" else "link", "good": "good", "base": "volume", "unit": "unit"}
    title = "By route" if what == "corridor" else "By link"
    return table_lines(told.sort_values("base", ascending=False), heads, title=title)


def price_lines(result: Result, window: tuple[str, str] | None, goods: Collection[str]) -> list[str]:
    """Lowest and highest price of some goods at each place; where that would fill screens, how to get them."""
    prices = within(compare(result, result).prices, window)
    told = prices[prices["good"].isin(goods) & prices["base"].notna()]
    found = told.groupby(["node", "good", "unit"], as_index=False)["base"].agg(["min", "max"])
    if len(found) > MOST_ROWS:
        return ["Prices: --good NAME tells those of one good, --json has all of them.", ""]
    found = found.assign(node=[name_of(result.case, n) for n in found["node"]]).sort_values(["good", "min"])
    heads = {"node": "place", "good": "good", "min": "lowest", "max": "highest", "unit": "unit"}
    return [*table_lines(found, heads, title="Prices"), ""]


def gain_lines(result: Result, window: tuple[str, str] | None, goods: Collection[str]) -> Sequence[str]:
    """What each country gains from some goods, by role."""
    gains = within(result.gains, window)
    return _by_role(gains[gains["good"].isin(goods)], "value", title="Gains by country and role, million USD")


def _by_role(gains: pd.DataFrame, column: str, *, title: str) -> Sequence[str]:
    """Countries and roles that gain or lose half a million USD or more, with the sum, the worst first."""
    table = gains[gains["country"] != ""].pivot_table(index="country", columns="role", values=column, aggfunc="sum")
    table = table.fillna(0.0)
    sizes = table.abs()
    roles = [str(role) for role in table.columns[sizes.max(axis=0) >= HALF]]
    told = table.assign(total=table.sum(axis=1))[sizes.max(axis=1) >= HALF].sort_values("total").reset_index()
    told = told.assign(country=[country_name(str(c)) for c in told["country"]])
    heads = {"country": "country", **{role: role for role in roles}, "total": "in all"}
    return table_lines(told, heads, digits=0, title=title)


def peak_lines(result: Result, good: str | None, window: tuple[str, str] | None) -> list[str]:
    """Who covers a good when most of it is wanted; nothing where no good is asked about or periods have no slices."""
    if good is None or not result.network.periods.slices:
        return []
    told = at_peak(result, good, window)
    places = told.places.assign(node=[name_of(result.case, n) for n in told.places["node"]])
    heads = {
        "node": "place",
        "wanted": "wanted",
        "made": "own output",
        "arriving": "arriving",
        "leaving": "leaving",
        "not_served": "not served",
    }
    borders = told.borders.assign(**{end: [country_name(c) for c in told.borders[end]] for end in ("from", "to")})
    return [
        *table_lines(places, heads, digits=0, title=f"When most is wanted, {period_words(told.period)}, {told.unit}"),
        "",
        *table_lines(borders, {"from": "from", "to": "to", "rate": told.unit}, digits=0, title="Over borders then"),
        "",
    ]


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
    by_period = within(told.by_period, window)
    numbers = by_period[[name for name in heads if name not in ("period", "good", "unit")]].abs()
    changed = by_period[numbers.max(axis=1) >= 5e-3]
    lines = list(
        table_lines(
            changed,
            heads,
            title=f"{told.base.case.settings.calendar.step} by {told.base.case.settings.calendar.step}".capitalize(),
        )
    )
    periods = told.base.network.periods
    span = span_words(periods.starts[0], periods.ends[-1])
    lines += ["", *_by_role(told.gains, "difference", title=f"Who pays, who gains in {span}, million USD")]
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
        f"Certificate passed (gap at most {at_most(max(s.gap for s in proof.stages))}, gains add up to within {at_most(proof.gains_residual)}).",
        f"{len(source_keys(case))} sources, {len(assumptions(case))} assumptions: corridor sources {case.name}",
    ]
    return lines + [f"Warning: {warning}" for warning in result.warnings]
