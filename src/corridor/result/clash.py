"""Limits of a case that cannot hold together, in its own words: for what no single limit explains."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import ProgramError
from corridor.result.frames import good_of
from corridor.solver import InfeasibleProgram, irreducible_conflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corridor.network import Network
    from corridor.program import Block, Floats, Ints, Program
    from corridor.result.setup import Question, StageProgram

__all__ = ["clash", "instruments_on", "shown", "with_id"]

MOST = 8
"""Most limits that are named."""
_ROWS = ("link_capacity", "pool_capacity", "store_capacity", "store_end", "ramp_links", "ramp_supply", "limit")
_COLUMNS = ("flow", "supply_base", "supply_rise", "demand_base", "demand_fall", "activity")
"""Blocks that a case's figures bound; balances and totals hold whatever the case says."""
_VERBS = {
    "flow": "carries",
    "link_capacity": "carries",
    "pool_capacity": "carries",
    "store_capacity": "holds",
    "activity": "runs",
}


@dataclass(frozen=True)
class _Member:
    """One limit in the clash: what it is on, and how much it allows (infinite bounds: none)."""

    block: Block
    item: str
    period: int | None
    unit: str
    lower: float
    upper: float


def clash(question: Question, built: StageProgram) -> str:
    """One line for each limit of a smallest set that cannot hold together, with the instruments that act on it."""
    held = _held(built)
    rows, columns = _positions(held.rows, _ROWS), _positions(held.columns, _COLUMNS)
    try:
        found = irreducible_conflict(held, rows, columns)
    except (InfeasibleProgram, ProgramError):
        return "no flow satisfies the case, and no set of limits that clash could be singled out"
    net = built.network
    members = [
        *_members(net, held.rows, found.rows, held.row_lower, held.row_upper),
        *_members(net, held.columns, found.upper_bounds, held.lower, held.upper),
    ]
    lines = _lines(question, net, members)
    told = [f"  {line}" for line in lines[:MOST]]
    if len(lines) > MOST:
        told.append(f"  and {len(lines) - MOST} limits more")
    return "\n".join(["no flow satisfies the case; these cannot hold together:", *told])


def shown(question: Question, name: str) -> str:
    """The name of an instrument or of a row of the case; the id where it has no name of its own."""
    for instrument in question.instruments:
        if instrument.id == name:
            return instrument.name or f"the {instrument.kind} {name}"
    for table in ("links", "corridors", "pools", "supply", "demand", "processes", "storage"):
        rows = question.case.tables[table]
        found = rows.loc[rows["id"] == name, "name"]
        if len(found) and found.iloc[0]:
            return str(found.iloc[0])
    return name


def with_id(question: Question, name: str) -> str:
    """The name with the id behind it, where the two differ."""
    told = shown(question, name)
    return told if told == name else f"{told} ({name})"


def instruments_on(question: Question, net: Network, ids: Iterable[str], periods: Ints) -> list[str]:
    """Names of the instruments that lowered a figure of any of these rows of the case in any of these periods."""
    wanted, when = set(ids), {int(t) for t in periods}
    named = (
        row.instrument
        for row in net.ledger
        if row.period in when and row.what.rpartition(".")[2] in wanted and row.after < row.before
    )
    return [shown(question, name) for name in dict.fromkeys(named)]


def _held(built: StageProgram) -> Program:
    """The full program with its settled columns held, so that what an instrument shut is a bound like any other."""
    settled = np.ones(len(built.full.cost), dtype=bool)
    settled[built.reduced.kept_columns] = False
    fixed = built.reduced.fixed
    return replace(
        built.full,
        lower=np.where(settled, fixed, built.full.lower),
        upper=np.where(settled, fixed, built.full.upper),
    )


def _positions(blocks: tuple[Block, ...], names: tuple[str, ...]) -> Ints:
    spans = [np.arange(block.start, block.stop) for block in blocks if block.name in names]
    return np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)


def _members(
    net: Network, blocks: tuple[Block, ...], positions: Ints, lower: Floats, upper: Floats
) -> Iterator[_Member]:
    for position in positions:
        block = next(b for b in blocks if b.start <= position < b.stop)
        member = int(position - block.start)
        # Rows of limits and of end stocks are over the calendar: their only key is the item.
        by_period = len(block.keys) > 1
        key = block.keys[1 if by_period else 0][member]
        yield _Member(
            block=block,
            item=block.names[1 if by_period else 0][key],
            period=int(block.keys[0][member]) if by_period else None,
            unit=net.good_unit[good_of(net, block, member)],
            lower=float(lower[position]),
            upper=float(upper[position]),
        )


def _lines(question: Question, net: Network, members: list[_Member]) -> list[str]:
    """One line per limit, over the periods in which it takes part."""
    periods: dict[str, list[int]] = {}
    items: dict[str, str] = {}
    for member in members:
        text = _text(question, net, member)
        periods.setdefault(text, []).extend([] if member.period is None else _of_calendar(net, member))
        items[text] = member.item
    lines = []
    for text, when in periods.items():
        days = f" from {net.periods.starts[min(when)]} to {net.periods.ends[max(when)]}" if when else ""
        by = instruments_on(question, net, [items[text]], np.array(when or range(len(net.periods)), dtype=np.int64))
        lines.append(text + days + (f", by {', '.join(by)}" if by else ""))
    return lines


def _of_calendar(net: Network, member: _Member) -> list[int]:
    """Periods of a member; the key of a ramp is a step of the case."""
    if member.period is None or not member.block.name.startswith("ramp_"):
        return [] if member.period is None else [member.period]
    return np.flatnonzero(net.periods.step == member.period).tolist()


def _text(question: Question, net: Network, member: _Member) -> str:
    name, block, unit = with_id(question, member.item), member.block.name, member.unit
    if block == "limit":
        limit = next(one for one in net.limits if one.id == member.item)
        return f"{shown(question, limit.instrument)} needs {limit.lower:.3g} {unit} through {shown(question, limit.target)}"
    if block == "store_end":
        return f"{name} must end with the {member.lower:.3g} {unit} it began with"
    if block.startswith("ramp_"):
        return f"{name} falls by at most {-member.lower:.3g} and rises by at most {member.upper:.3g} {unit}/yr"
    rate = unit if block == "store_capacity" else f"{unit}/yr"
    if member.upper == 0.0 and block in ("flow", "link_capacity"):
        return f"{name} is closed"
    verb = _VERBS.get(block, "gives" if block.startswith("supply") else "takes")
    return f"{name} {verb} at most {member.upper:.3g} {rate}"
