"""Why no flow satisfies a question, in the case's words: what is asked for, the most that can pass, what binds first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.result.setup import SOFT_ROWS
from corridor.solver import InfeasibleProgram, irreducible_conflict, smallest_relaxation, solve_program

if TYPE_CHECKING:
    from corridor.network import Limit, Network
    from corridor.program import Ints, Program
    from corridor.result.setup import Question, StageProgram

__all__ = ["Bottleneck", "explain_infeasible"]

ROUNDS = 12
"""Most bottlenecks that are named one behind the other."""
_HELD = ("link_capacity", "pool_capacity")


@dataclass(frozen=True)
class Bottleneck:
    """What holds a volume back at a level (good.unit over the limit's periods)."""

    names: tuple[str, ...]
    level: float


def explain_infeasible(question: Question, built: StageProgram) -> str:
    """One readable block: which agreement or limit cannot be met, by how much, and what binds, first things first."""
    program = _named(built)
    limits = _rows(program, SOFT_ROWS)
    try:
        short = smallest_relaxation(program, limits, np.ones(len(limits)))
    except InfeasibleProgram:
        return _conflict(program)
    lines = []
    for row, gap in zip(limits, short, strict=True):
        if abs(gap) > 1e-9 * max(1.0, float(np.abs(short).max())):
            lines.append(_limit_line(question, built.network, program, int(row), float(gap), limits))
    return "\n".join(lines) or _conflict(program)


def _named(built: StageProgram) -> Program:
    """The reduced program with the labels of the full one, by positions kept."""
    from corridor.program import Block

    full, reduced = built.full, built.reduced

    def blocks(given: tuple[Block, ...], kept: Ints) -> tuple[Block, ...]:
        found = []
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


def _conflict(program: Program) -> str:
    """The rows and bounds that clash, by their labels: for what no agreement explains."""
    rows, columns = (np.arange(size) for size in program.matrix.shape)
    clash = irreducible_conflict(program, rows, columns)
    bounds = np.union1d(clash.lower_bounds, clash.upper_bounds)
    labels = [program.row_label(int(row)) for row in clash.rows]
    labels += [f"the bound of {program.column_label(int(column))}" for column in bounds]
    named = ", ".join(labels[:8])
    return f"no flow satisfies the case: {named} cannot hold together"


def _limit_line(question: Question, net: Network, program: Program, row: int, gap: float, soft: Ints) -> str:
    label = program.row_label(row)
    limit = next((one for one in net.limits if label == f"limit({one.id})"), None)
    if limit is None:
        return f"{label} cannot be kept: it must give way by {abs(gap):.3g}"
    years = float(net.years[np.unique(limit.period)].sum())
    unit = net.good_unit[_good_of(net, limit)]
    target = _name(question, limit.target)
    span = f"{net.periods.starts[int(limit.period.min())]} to {net.periods.ends[int(limit.period.max())]}"
    most = limit.lower - gap
    text = (
        f"{_name(question, limit.instrument)} needs {limit.lower / years:.3g} {unit}/yr through {target} from {span}, "
        f"and at most {most / years:.3g} {unit}/yr can pass."
    )
    held = _bottlenecks(question, net, program, row, soft, limit)
    if held:
        first, *rest = held
        text += f"\n  binds first: {', '.join(first.names)}, at {first.level / years:.3g} {unit}/yr"
        text += "".join(f"\n  with that lifted: {', '.join(b.names)}, at {b.level / years:.3g} {unit}/yr" for b in rest)
    return text


def _good_of(net: Network, limit: Limit) -> int:
    stream = net.flows.stream if limit.quantity == "flow" else net.demands.take_stream
    return int(net.stream_good[stream[limit.item[0]]])


def _name(question: Question, name: str) -> str:
    for instrument in question.instruments:
        if instrument.id == name:
            return instrument.name or f"the {instrument.kind} {name}"
    for table in ("links", "corridors", "demand"):
        rows = question.case.tables[table]
        found = rows.loc[rows["id"] == name, "name"]
        if len(found):
            return str(found.iloc[0])
    return name


def _bottlenecks(
    question: Question, net: Network, program: Program, row: int, soft: Ints, limit: Limit
) -> list[Bottleneck]:
    """What holds the limit's volume back, one behind the other: the most that passes, what is full then, and again
    with that lifted, until the volume asked for can pass or only supply holds it."""
    goal = np.asarray(program.matrix.tocsr()[[row]].todense()).ravel()
    lower = program.row_lower.copy()
    lower[soft] = -np.inf
    upper, column_upper = program.row_upper.copy(), program.upper.copy()
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
        flow = program.column_block("flow")
        columns = flow.start + np.flatnonzero(
            (solution.column_dual < -1e-9)[flow.span] & np.isfinite(column_upper[flow.span])
        )
        names = _full_names(question, program, rows, columns)
        if not names or level >= limit.lower - 1e-9:
            return found
        found.append(Bottleneck(names, level))
        upper[_same_item(program, rows)] = np.inf
        column_upper[_same_link(program, columns)] = np.inf
    return found


def _full_names(question: Question, program: Program, rows: list[int], columns: Ints) -> tuple[str, ...]:
    names = []
    for r in rows:
        block = next(b for b in program.rows if b.start <= r < b.stop)
        names.append(_pool_or_link(question, block.names[1][int(block.keys[1][r - block.start])]))
    flow = program.column_block("flow")
    names.extend(_pool_or_link(question, flow.names[1][int(flow.keys[1][c - flow.start])]) for c in columns)
    return tuple(dict.fromkeys(names))


def _pool_or_link(question: Question, name: str) -> str:
    for table in ("pools", "links"):
        rows = question.case.tables[table]
        found = rows.loc[rows["id"] == name, "name"]
        if len(found):
            return f"{found.iloc[0]} ({name})"
    return name


def _same_item(program: Program, rows: list[int]) -> Ints:
    """Rows of the same link or pool in every period."""
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
