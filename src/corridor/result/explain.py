"""Why no flow satisfies a question, in the case's words: what is asked for, the most that can pass, what binds first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.program import Block
from corridor.result.clash import clash, instruments_on, shown, with_id
from corridor.result.frames import good_of
from corridor.result.setup import SOFT_ROWS
from corridor.solver import InfeasibleProgram, smallest_relaxation, solve_program

if TYPE_CHECKING:
    from corridor.network import Limit, Network
    from corridor.program import Ints, Program
    from corridor.result.setup import Question, StageProgram

__all__ = ["Bottleneck", "explain_infeasible"]

ROUNDS = 12
"""Most bottlenecks that are named one behind the other."""
_HELD = ("link_capacity", "pool_capacity", "ramp_links", "ramp_supply")


@dataclass(frozen=True)
class Bottleneck:
    """What holds a volume back at a level (good.unit over the limit's periods)."""

    what: tuple[tuple[str, str], ...]
    """(block, id) of each capacity that is full and each ramp that rises as fast as it may"""
    level: float


def explain_infeasible(question: Question, built: StageProgram) -> str:
    """One readable block: which agreement or limit cannot be met, by how much, and what binds, first things first."""
    program = _named(built)
    limits = _rows(program, SOFT_ROWS)
    try:
        short = smallest_relaxation(program, limits, np.ones(len(limits)))
    except InfeasibleProgram:
        return clash(question, built)
    missed = np.flatnonzero(np.abs(short) > 1e-9 * max(1.0, float(np.abs(short).max(initial=0.0))))
    if not len(missed):
        return clash(question, built)
    return "\n".join(
        _limit_line(question, built.network, program, int(limits[i]), float(short[i]), limits) for i in missed
    )


def _named(built: StageProgram) -> Program:
    """The reduced program with the labels of the full one, by positions kept."""
    full, reduced = built.full, built.reduced

    def blocks(given: tuple[Block, ...], kept: Ints) -> tuple[Block, ...]:
        found: list[Block] = []
        for block in given:
            inside = kept[(kept >= block.start) & (kept < block.stop)] - block.start
            start = found[-1].stop if found else 0
            found.append(Block(block.name, start, tuple(key[inside] for key in block.keys), block.names))
        return tuple(found)

    return replace(
        reduced.program, columns=blocks(full.columns, reduced.kept_columns), rows=blocks(full.rows, reduced.kept_rows)
    )


def _rows(program: Program, names: tuple[str, ...]) -> Ints:
    spans = [np.arange(b.start, b.stop) for b in program.rows if b.name in names]
    return np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)


def _limit_line(question: Question, net: Network, program: Program, row: int, gap: float, soft: Ints) -> str:
    """A limit that gives way by `gap` (below where positive, above where negative), and what holds it back."""
    block = next(b for b in program.rows if b.start <= row < b.stop)
    member = row - block.start
    unit = net.good_unit[good_of(net, block, member)]
    if block.name == "store_end":
        least = float(net.stores.initial[block.keys[0][member]])
        name = shown(question, block.names[0][block.keys[0][member]])
        return (
            f"{name} must end with the {least:.3g} {unit} it began with, and at most {least - gap:.3g} {unit} can be "
            f"in it on {net.periods.ends[-1]}."
        )
    if block.name != "limit":
        return _ramp_line(question, net, program, row, gap)
    limit = net.limits[block.keys[0][member]]
    years = float(net.years[np.unique(limit.period)].sum())
    span = f"{net.periods.starts[int(limit.period.min())]} to {net.periods.ends[int(limit.period.max())]}"
    text = (
        f"{shown(question, limit.instrument)} needs {limit.lower / years:.3g} {unit}/yr through "
        f"{shown(question, limit.target)} from {span}, and at most {(limit.lower - gap) / years:.3g} {unit}/yr can pass."
    )
    held = _bottlenecks(program, row, soft, limit)
    counted = [net.links.ids[a] for a in np.unique(net.flows.link[limit.item])] if limit.quantity == "flow" else []
    by = instruments_on(question, net, [name for _, name in held[0].what] if held else counted, limit.period)
    if by:
        text += f"\n  closed or held down by: {', '.join(by)}"
    for number, one in enumerate(held):
        names = ", ".join(
            f"how fast {with_id(question, name)} may rise" if where.startswith("ramp_") else with_id(question, name)
            for where, name in one.what
        )
        text += f"\n  {'with that lifted' if number else 'binds first'}: {names}, at {one.level / years:.3g} {unit}/yr"
    return text


def _ramp_line(question: Question, net: Network, program: Program, row: int, gap: float) -> str:
    block = next(b for b in program.rows if b.start <= row < b.stop)
    step, item = (int(key[row - block.start]) for key in block.keys)
    unit = net.good_unit[good_of(net, block, row - block.start)]
    day = net.periods.starts[int(np.flatnonzero(net.periods.step == step)[0])]
    ramp = next(r for r in net.ramps if f"ramp_{r.table}" == block.name)
    at = int(np.flatnonzero(ramp.item == item)[0])
    bound, way = (float(ramp.down[at]), "fall") if gap > 0 else (float(ramp.up[at]), "rise")
    return (
        f"{shown(question, block.names[1][item])} may {way} by at most {bound:.3g} {unit}/yr between two steps of the "
        f"case, and must {way} by {bound + abs(gap):.3g} {unit}/yr on {day}."
    )


def _bottlenecks(program: Program, row: int, soft: Ints, limit: Limit) -> list[Bottleneck]:
    """What holds the limit's volume back, one behind the other.

    The most that passes, what is full then, and again with that lifted, until the volume asked for can pass or only
    supply holds it.
    """
    goal = np.asarray(program.matrix.tocsr()[[row]].todense()).ravel()
    lower = program.row_lower.copy()
    lower[soft] = -np.inf
    upper, column_upper = program.row_upper.copy(), program.upper.copy()
    flow = program.column_block("flow")
    found: list[Bottleneck] = []
    for _ in range(ROUNDS):
        trial = replace(
            program,
            cost=-goal,
            quadratic=np.zeros_like(program.quadratic),
            row_lower=lower,
            row_upper=upper,
            upper=column_upper,
            constant=0.0,
        )
        solution = solve_program(trial, "highs")
        level = float(goal @ solution.primal)
        rows = [int(r) for r in _rows(program, _HELD) if solution.row_dual[r] < -1e-9]
        full = (solution.column_dual < -1e-9)[flow.span] & np.isfinite(column_upper[flow.span])
        columns = flow.start + np.flatnonzero(full)
        what = _full(program, rows, columns)
        if not what or level >= limit.lower - 1e-9:
            return found
        found.append(Bottleneck(what, level))
        upper[_same_item(program, rows)] = np.inf
        column_upper[_same_link(program, columns)] = np.inf
    return found


def _full(program: Program, rows: list[int], columns: Ints) -> tuple[tuple[str, str], ...]:
    """(block, id) of what the rows, and the columns of `flow`, hold."""
    found = []
    for r in rows:
        block = next(b for b in program.rows if b.start <= r < b.stop)
        found.append((block.name, block.names[1][int(block.keys[1][r - block.start])]))
    flow = program.column_block("flow")
    found.extend((flow.name, flow.names[1][int(flow.keys[1][c - flow.start])]) for c in columns)
    return tuple(dict.fromkeys(found))


def _same_item(program: Program, rows: list[int]) -> Ints:
    """Rows of the same link, pool or supply in every period."""
    chosen: list[int] = []
    for r in rows:
        block = next(b for b in program.rows if b.start <= r < b.stop)
        same = block.keys[1] == block.keys[1][r - block.start]
        chosen.extend((block.start + np.flatnonzero(same)).tolist())
    return np.array(chosen, dtype=np.int64)


def _same_link(program: Program, columns: Ints) -> Ints:
    flow = program.column_block("flow")
    links = np.unique(flow.keys[1][columns - flow.start]) if len(columns) else np.zeros(0, dtype=np.int64)
    return flow.start + np.flatnonzero(np.isin(flow.keys[1], links))
