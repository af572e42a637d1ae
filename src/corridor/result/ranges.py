"""Which flows and prices the model does not determine, and how far they can move.

Flows: a flow is unique when it is the same in every optimum. Its range is over all solutions that cost little more, since
no market works to the last cent. Prices: they are duals, and the duals of a convex program that go with one optimum are
all duals there are (Rockafellar 1970, theorem 28.3): every y with

    A_j'y = g_j  where column j is strictly inside its bounds,   <= g_j at its lower,   >= g_j at its upper bound,
    y_i = 0 where row i is slack, >= 0 at its lower, <= 0 at its upper bound,            g = c + Q x.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import QuestionError
from corridor.formulation.curves import supply_segments
from corridor.program import Program, substitute
from corridor.result.settlement import area
from corridor.solver import WarmProgram, near_optimal_range, optimal_face_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from corridor.network.model import Bools
    from corridor.program import Ints, Solution
    from corridor.result.model import Result

__all__ = ["flow_ranges", "price_unique", "spare_cost", "system_cost"]

SLACK = 1e-3
"""Share of a good's system cost that a solution may cost more and still count as a way the market could work."""
LEAST = 1e-6
"""Share of the cost of everything below which a solver cannot tell one cost from another."""
TOLERANCE = 1e-6
"""Share of the largest flow, or price, within which two are the same."""
MOST_PRICES = 500
"""Most prices for which a linear program is solved."""
_AT_BOUND = 1e-7


def system_cost(result: Result, good: str | None = None) -> float:
    """Production, process and link costs at the optimum, without consumers' value; million USD over the calendar.

    Of one good: its supplies, what it pays on links, and processes that make it. Raises `QuestionError` for a good that
    is not there.
    """
    net, reading, years = result.network, result.reading, result.network.years[:, None]
    if good is not None and good not in net.goods:
        raise QuestionError(f"{result.case.name} has no good {good!r}; it has {', '.join(net.goods)}")
    chosen = np.array([good in (None, name) for name in net.goods], dtype=bool)
    made = area(supply_segments(net.supplies), reading.supply, 1.0)[:, chosen[net.supplies.good]]
    links = net.links
    unit = (links.resource_cost + links.tariff + links.fee + links.quality)[:, net.flows.link] + net.flows.wedge
    moved = (unit * reading.flow)[:, chosen[net.stream_good[net.flows.stream]]]
    makes = np.full(len(net.processes.ids), good is None)
    makes[net.processes.output_process[chosen[net.processes.output_good]]] = True
    worked = ((net.processes.cost + net.processes.wedge) * reading.activity)[:, makes]
    return float(sum((years * cost).sum() for cost in (made, moved, worked)))


def spare_cost(result: Result, good: str, slack: float = SLACK) -> float:
    """What a solution may cost more and still count, where one good is asked about; million USD over the calendar.

    The share `slack` of the good's own cost: of everything in the result it would let a small good move at will beside a
    large one. A millionth of the cost of everything at least, since less is lost in the solver's error.
    """
    return max(slack * system_cost(result, good), LEAST * system_cost(result))


def flow_ranges(result: Result, links: Sequence[str] | None = None, *, slack: float = SLACK) -> pd.DataFrame:
    """How far flows can move: columns link, good, stream, period, value, low, high, unique, tolerance, unit.

    `unique` says whether every optimum has the same flow, within `tolerance`. `low` and `high` are its ends over all
    solutions that cost at most `slack` (a share) of the good's system cost more. `links` chooses links (all by default); each
    flow takes four programs of the size of the result's own. Raises `QuestionError` for a link that is not there, and for
    a result of several stages, whose optimum is of no one program.
    """
    import pandas as pd

    if len(result.stages) > 1:
        raise QuestionError("ranges of flows need a result of one stage: ask with foresight perfect")
    net, built = result.network, result.programs[0]
    wanted = net.links.ids if links is None else tuple(links)
    unknown = [name for name in wanted if name not in net.links.ids]
    if unknown:
        raise QuestionError(f"{result.case.name} has no link {unknown[0]!r}")
    program, solution = built.reduced.program, built.reduced.restrict(result.stages[0].solution)
    allowed = {good: spare_cost(result, good, slack) for good in net.goods}
    tolerance = TOLERANCE * max(float(result.reading.flow.max(initial=0.0)), 1e-9)
    place = np.full(len(built.full.cost), -1)
    place[built.reduced.kept_columns] = np.arange(len(built.reduced.kept_columns))
    block = built.full.column_block("flow")
    chosen = np.isin(block.keys[1], [net.links.ids.index(name) for name in wanted])
    rows = []
    for at in np.flatnonzero(chosen):
        t, a, k = (int(key[at]) for key in block.keys)
        good = int(net.stream_good[k])
        column, value = int(place[block.start + at]), float(result.stages[0].solution.primal[block.start + at])
        low = high = value
        unique = True
        if column >= 0:
            direction = np.zeros(len(program.cost))
            direction[column] = 1.0
            least, most = optimal_face_range(program, solution, direction)
            unique = most - least <= tolerance
            low, high = near_optimal_range(program, solution, direction, allowed[net.goods[good]])
        rows.append(
            {
                "link": net.links.ids[a],
                "good": net.goods[good],
                "stream": net.streams[k].label,
                "period": net.periods.labels[t],
                "value": value,
                "low": min(low, value),
                "high": max(high, value),
                "unique": unique,
                "tolerance": tolerance,
                "unit": f"{net.good_unit[good]}/yr",
            }
        )
    names = ["link", "good", "stream", "period", "value", "low", "high", "unique", "tolerance", "unit"]
    return pd.DataFrame(rows, columns=names)


def price_unique(result: Result, *, most: int = MOST_PRICES) -> pd.DataFrame:
    """Which prices are determined: columns node, good, stream, period, value, unique, low, high, unit, note.

    `low` and `high` are the ends of the price over all duals of the optimum, in `unit`; infinite where nothing bounds it.
    A price that follows step by step from a producer's or consumer's own curve needs no program; for the others one
    linear program an end is solved, for at most `most` of them. Beyond, `unique` is None and `note` says so. Nodes where
    nothing passes have no price and are left out.
    """
    table = result.prices
    years, n_pairs = result.network.years, len(result.network.balance_node)
    low, high = table["value"].to_numpy(copy=True), table["value"].to_numpy(copy=True)
    unique: list[bool | None] = [True] * len(table)
    note = [""] * len(table)
    scale = TOLERANCE * max(float(np.abs(np.nan_to_num(low)).max(initial=0.0)), 1e-9)
    idle, left = result.reading.idle.ravel(), most
    for span, built, stage in zip(result.spans, result.programs, result.stages, strict=True):
        reduced = built.reduced
        place = np.full(built.full.matrix.shape[0], -1)
        place[reduced.kept_rows] = np.arange(len(reduced.kept_rows))
        face = _DualFace.of(reduced.program, reduced.restrict(stage.solution))
        start = built.full.row_block("balance").start
        for at in range(span.start * n_pairs, span.stop * n_pairs):
            row = int(place[start + at])
            if idle[at] or (row >= 0 and face.pinned(row)):
                continue
            if left == 0:
                unique[at], note[at] = None, "not computed: more prices than programs allowed"
                continue
            left -= 1
            tau = float(years[at // n_pairs])
            low[at], high[at] = (end / tau for end in face.ends(row)) if row >= 0 else (-np.inf, np.inf)
            unique[at] = bool(high[at] - low[at] <= scale)
            note[at] = "" if unique[at] else "any price between low and high goes with the same flows"
    table["unique"] = np.array(unique, dtype=object)
    table["low"], table["high"], table["note"] = low, high, note
    shown = ["node", "good", "stream", "period", "value", "unique", "low", "high", "unit", "note"]
    return table.loc[~idle, shown].reset_index(drop=True)


@dataclass(frozen=True)
class _DualFace:
    """All duals of an optimum, as the points of linear programs over the row duals that no equation gives.

    Most prices follow from others, and those left open fall into small groups that no equation ties together, such as
    the places beyond a full link in one month. Each group is a program of its own.
    """

    open: Program
    """over the duals that are not pinned; these are held at the optimum's own"""
    place: Ints
    """row of the program -> position among the open duals; -1 for a pinned one"""
    group: Ints
    """group of each open dual"""
    bound: Ints
    """group of each condition of `open`"""
    warm: dict[int, tuple[WarmProgram, Ints]] = field(default_factory=dict)
    """program of each group asked about so far, and the open duals in it"""

    @classmethod
    def of(cls, program: Program, solution: Solution) -> _DualFace:
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import connected_components

        x, y = solution.primal, solution.row_dual
        activity, gradient = program.matrix @ x, program.cost + program.quadratic * x
        room = _AT_BOUND * max(1.0, float(np.abs(x).max(initial=0.0)), float(np.abs(activity).max(initial=0.0)))
        at_lower, at_upper = x - program.lower <= room, program.upper - x <= room
        row_lower, row_upper = activity - program.row_lower <= room, program.row_upper - activity <= room
        slack = ~row_lower & ~row_upper
        inside = ~at_lower & ~at_upper
        priced = program.matrix.T @ y
        # The solver's own duals stay allowed where they miss an equation by their error.
        face = Program(
            cost=np.zeros(len(y)),
            quadratic=np.zeros(len(y)),
            lower=np.minimum(np.where(row_upper, -np.inf, 0.0), np.where(slack, 0.0, y)),
            upper=np.maximum(np.where(row_lower, np.inf, 0.0), np.where(slack, 0.0, y)),
            matrix=program.matrix.T.tocsc(),
            row_lower=np.minimum(np.where(at_lower, -np.inf, gradient), priced),
            row_upper=np.maximum(np.where(at_upper, np.inf, gradient), priced),
            columns=(),
            rows=(),
        )
        reduced = substitute(face, _pinned(program, inside, slack), y)
        place = np.full(len(y), -1)
        place[reduced.kept_columns] = np.arange(len(reduced.kept_columns))
        entries, (n_bounds, n_open) = reduced.program.matrix.tocoo(), reduced.program.matrix.shape
        size = n_open + n_bounds
        ties = csr_matrix((np.ones(entries.nnz), (entries.col, n_open + entries.row)), shape=(size, size))
        group = np.asarray(connected_components(ties, directed=False)[1], dtype=np.int64)
        return cls(reduced.program, place, group[:n_open], group[n_open:])

    def pinned(self, row: int) -> bool:
        """Whether the dual of a row follows from equations with one unknown each."""
        return bool(self.place[row] < 0)

    def ends(self, row: int) -> tuple[float, float]:
        """The least and greatest dual of a row that is not pinned."""
        at = int(self.place[row])
        warm, duals = self._program_of(int(self.group[at]))
        direction = (duals == at).astype(float)
        return warm.least(direction), -warm.least(-direction)

    def _program_of(self, group: int) -> tuple[WarmProgram, Ints]:
        if group not in self.warm:
            duals, rows, open_ = np.flatnonzero(self.group == group), np.flatnonzero(self.bound == group), self.open
            own = replace(
                open_,
                cost=open_.cost[duals],
                quadratic=open_.quadratic[duals],
                lower=open_.lower[duals],
                upper=open_.upper[duals],
                matrix=open_.matrix[:, duals].tocsr()[rows].tocsc(),
                row_lower=open_.row_lower[rows],
                row_upper=open_.row_upper[rows],
            )
            self.warm[group] = WarmProgram(own), duals
        return self.warm[group]


def _pinned(program: Program, inside: Bools, slack: Bools) -> Bools:
    """Rows whose dual is known: slack ones, then those that a column strictly inside its bounds ties to known ones.

    A column has one equation over the duals of its rows; where a single one of them is open, it gives that dual.
    """
    entries = program.matrix[:, np.flatnonzero(inside)].tocoo()
    row, column = entries.row[entries.data != 0], entries.col[entries.data != 0]
    known: Bools = slack.copy()
    while True:
        open_ = ~known[row]
        alone = np.bincount(column[open_], minlength=entries.shape[1]) == 1
        found: Ints = row[open_ & alone[column]]
        if not len(found):
            return known
        known[found] = True
