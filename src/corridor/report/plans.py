"""Answers about what to build -> blocks: the plan, the years, the frontier, what a point costs, and who pays."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from corridor.analysis.invest_words import expansion_name, what_counts
from corridor.analysis.world import country_name, list_words, name_of
from corridor.report.blocks import column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.analysis import Invest
    from corridor.case import Case

__all__ = ["plan_blocks"]

Block = dict[str, Any]

UNIT = "million USD"
SEEN = 1e-4
"""A change of share that a table shows."""
_LEAST_GAIN = 0.5
"""Million USD a year below which a country's part is left out of the bars."""


def plan_blocks(told: Invest) -> list[Block]:
    """What backs a plan; money as in the plan, present values in the base year."""
    assert told.result is not None  # noqa: S101 (a plan always tells the year asked about)
    case = told.result.case
    blocks = [
        _plan(case, told),
        _shares(case, told),
        _years(told),
        _frontier(told),
        _frontier_table(case, told),
        _points(case, told),
        _effects(case, told),
        _sensitivity(case, told),
        _payers(told),
        _use(case, told),
    ]
    return [block for block in blocks if block["rows" if block["type"] != "series" else "series"]]


def _table(
    title: str, columns: Sequence[Block], rows: list[Block], *, note: str = "", collapsed: bool = False
) -> Block:
    block: Block = {"type": "table", "title": title, "columns": list(columns), "rows": rows}
    return block | ({"note": note} if note else {}) | ({"collapsed": True} if collapsed else {})


def _absent(value: float | None, why: str) -> float | Block:
    return {"value": None, "why": why or "nothing to divide by"} if value is None else value


def _prices(told: Invest) -> str:
    return UNIT + (f" of {told.price_year}" if told.price_year else "")


def _plan(case: Case, told: Invest) -> Block:
    rows = [
        {
            "project": expansion_name(case, p.expansion),
            "year": str(p.year),
            "fraction": 100 * p.fraction,
            "cost": p.build_cost,
            "discounted": p.discounted,
        }
        for p in told.plan
    ]
    if rows:
        total = {"project": "All of it", "year": "", "fraction": None}
        rows.append(total | {"cost": told.build_cost, "discounted": told.build_cost_discounted})
    columns = [
        column("project", "Project"),
        column("year", "From"),
        column("fraction", "Of it", digits=0, unit="%"),
        column("cost", "To build", digits=1, unit=_prices(told)),
        column("discounted", "Discounted", digits=1, unit=UNIT),
    ]
    return _table("The plan", columns, rows)


def _shares(case: Case, told: Invest) -> Block:
    """The share over the planning years; each year stands for those up to the next."""
    counts = what_counts(case, told.question)
    periods = [
        {
            "start": dt.date(y.year, 1, 1).isoformat(),
            "end": dt.date(y.year + y.stands_for, 1, 1).isoformat(),
            "label": str(y.year),
        }
        for y in told.years
    ]
    block: Block = {
        "type": "series",
        "title": f"{counts[:1].upper()}{counts[1:]}",
        "note": "Each planning year stands for the years up to the next.",
        "unit": "%",
        "periods": periods,
        "series": [
            {"name": "Nothing built", "values": [100 * y.share_before for y in told.years]},
            {"name": "With the plan", "values": [100 * y.share for y in told.years]},
        ],
        "stacked": False,
    }
    if told.max_share is not None:
        limit = 100 * told.max_share
        block["reference"] = {"name": "Limit", "values": [limit if y.year >= told.by else None for y in told.years]}
    return block


def _years(told: Invest) -> Block:
    rows = [
        {
            "year": str(y.year),
            "before": y.volume_before,
            "volume": y.volume,
            "moved": y.moved,
            "unit_support": y.support_per_unit,
            "support": y.support,
            "all": y.support_on_all,
            "loss": _absent(None if y.worst_loss is None else 100 * y.worst_loss, "not asked"),
        }
        for y in told.years
    ]
    what = "Exports" if told.question.direction == "exports" else "Use"
    columns = [
        column("year", "Year"),
        column("before", f"{what}, nothing built", digits=1, unit=told.unit),
        column("volume", "With the plan", digits=1, unit=told.unit),
        column("moved", "Goes another way", digits=1, unit=told.unit),
        column("unit_support", "Support per unit", digits=2, unit=f"{UNIT}/{told.unit}"),
        column("support", "Support", digits=1, unit=f"{UNIT}/yr"),
        column("all", "If paid to all", digits=1, unit=f"{UNIT}/yr"),
    ]
    if told.max_loss is not None:
        columns.append(column("loss", "Lost by the worst closure", digits=1, unit="%"))
    keys = {c["key"] for c in columns}
    note = "Support is what shippers must be paid a year to use what is built; it comes on top of building."
    return _table("Year by year", columns, [{k: v for k, v in row.items() if k in keys} for row in rows], note=note)


def _frontier(told: Invest) -> Block:
    """Bars from the share without a limit down to the lowest; parts do not add up to the cost, so there is one a row."""
    role = "present value of what it costs the whole system"
    rows = []
    for f in sorted(told.frontier, key=lambda f: -f.share):
        cost = round(max(0.0, f.cost), 4)
        rows.append({"label": f"{100 * f.share:.1f} %", "parts": [{"role": role, "value": cost}], "total": cost})
    block: Block = {
        "type": "bars",
        "title": "The least cost of a share",
        "note": f"What it takes to have no higher share in {told.by}, from what pays by itself to the lowest that is possible.",
        "unit": UNIT,
        "roles": [role],
        "signed": False,
    }
    return block | {"rows": rows}


def _frontier_table(case: Case, told: Invest) -> Block:
    rows = [
        {
            "share": 100 * f.share,
            "cost": f.cost,
            "build": f.build_cost,
            "plan": "; ".join(dict.fromkeys(expansion_name(case, p.expansion) for p in f.plan)),
        }
        for f in sorted(told.frontier, key=lambda f: -f.share)
    ]
    columns = [
        column("share", "Share", digits=1, unit="%"),
        column("cost", "Costs the system", digits=0, unit=UNIT),
        column("build", "To build", digits=0, unit=UNIT),
        column("plan", "Built for it"),
    ]
    return _table("What is built at each share", columns, rows, collapsed=True)


def _points(case: Case, told: Invest) -> Block:
    rows = [
        {
            "project": expansion_name(case, r.expansion),
            "cost": r.build_cost,
            "points": r.points,
            "each": _absent(r.dollars_per_point, r.why_absent),
            "order": "" if r.order is None else str(r.order),
            "then": _absent(r.dollars_per_point_then, r.why_absent or "not reached in the best order"),
        }
        for r in told.dollars_per_point
    ]
    columns = [
        column("project", "Project, with what it needs"),
        column("cost", "To build", digits=0, unit=UNIT),
        column("points", "Points alone", digits=1),
        column("each", "A point alone", digits=1, unit=UNIT),
        column("order", "Place in the best order"),
        column("then", "A point then", digits=1, unit=UNIT),
    ]
    note = (
        "By how much the lowest possible share falls; in the best order the cheapest next point is taken at each step."
    )
    return _table(f"What a percentage point costs by {told.by}", columns, rows, note=note)


def _effects(case: Case, told: Invest) -> Block:
    hours = told.question.slice
    rows = [
        {
            "project": expansion_name(case, e.expansion),
            "before": 100 * e.share_before,
            "after": 100 * e.share_after,
        }
        for e in told.effects
        if e.slice == hours and e.share_after is not None and abs(e.share_after - e.share_before) > SEEN
    ]
    columns = [
        column("project", "Project"),
        column("before", "Share before", digits=1, unit="%"),
        column("after", "With it", digits=1, unit="%"),
    ]
    title = f"What each does by itself in {told.by}{f', {hours}' if hours else ''}"
    return _table(title, columns, rows, note="In the market of that year, without limit and support.")


def _sensitivity(case: Case, told: Invest) -> Block:
    def named(names: Sequence[str]) -> str:
        return "; ".join(expansion_name(case, name) for name in names)

    rows = [
        {
            "factor": f"{s.factor:g}",
            "holds": "yes" if s.holds else "no",
            "joins": named(s.joins),
            "leaves": named(s.leaves),
            "cost": s.build_cost,
        }
        for s in told.sensitivity
    ]
    columns = [
        column("factor", "Cost, times"),
        column("holds", "Same projects"),
        column("joins", "Joins"),
        column("leaves", "Leaves"),
        column("cost", "To build", digits=0, unit=UNIT),
    ]
    return _table("Where building costs more or less", columns, rows)


def _payers(told: Invest) -> Block:
    roles = ("at market prices", "building", "support paid", "support received")
    rows = []
    for p in told.payer:
        parts = (p.gains, -p.pays_capital, -p.pays_support, p.receives_support)
        if max(map(abs, parts)) >= _LEAST_GAIN:
            rows.append(
                {
                    "label": country_name(p.country) if p.country else "nobody (route preference)",
                    "parts": [{"role": r, "value": round(v, 4)} for r, v in zip(roles, parts, strict=True) if v],
                    "total": round(p.net, 4),
                }
            )
    block: Block = {
        "type": "bars",
        "title": f"Who gains and who pays in {told.by}",
        "note": "Against the same year with nothing built and no limit.",
        "unit": f"{UNIT}/yr",
        "roles": list(roles),
    }
    return block | {"rows": rows}


def _use(case: Case, told: Invest) -> Block:
    years: dict[tuple[str, str], list[str]] = {}
    for u in told.utilisation:
        used = "used freely" if u.utilisation is None else f"{100 * u.utilisation:.0f} % in {u.year}"
        years.setdefault((u.expansion, u.target), []).append(used)
    rows = [
        {"project": expansion_name(case, e), "target": name_of(case, t), "use": list_words(list(dict.fromkeys(words)))}
        for (e, t), words in years.items()
    ]
    columns = [column("project", "Project"), column("target", "What it widens"), column("use", "In use")]
    return _table("How far what is built is used", columns, rows, collapsed=True)
