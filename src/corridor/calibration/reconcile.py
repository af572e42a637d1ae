"""Published flows, supplies and totals made consistent: weighted least squares onto balances and capacities.

    minimise  sum_o ((h_o(x) - value_o) / sigma_o)^2   subject to every balance and capacity,

with sigma from the confidence of the source. Conflicts between sources come to light as adjustments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.calibration.reach import out_of_reach
from corridor.calibration.sharpen import LARGEST, Held, Sharp, held_near, sharpened
from corridor.case import corridor_screens, records
from corridor.errors import CaseError, Fault
from corridor.formulation.assemble import Assembly
from corridor.formulation.columns import market_columns
from corridor.formulation.constraints import CONSTRAINTS
from corridor.network.model import Routes, Stores
from corridor.network.sellers import no_sales
from corridor.program import Solution
from corridor.result.reading import read
from corridor.solver import InfeasibleProgram, certify, solve_program

if TYPE_CHECKING:
    from corridor.case import Case
    from corridor.formulation.sides import Columns
    from corridor.network import Network
    from corridor.program import Floats, Ints, Program
    from corridor.result import Reading

__all__ = ["SIGMA", "Adjustment", "Reconciled", "observations_over", "reconcile", "without_stores"]

SIGMA = {"high": 0.01, "medium": 0.03, "low": 0.10}
"""Standard error by confidence, as a share of the value; assumed."""
SMALLEST = 1e-3
"""Standard error never falls below this share of the largest observation, so that a reported zero is no certainty."""
DUST = 1e-6
"""A flow below this share of the largest figure is none."""
GUESSES = 12
"""Most active-set steps from the fit of a similar case, before the fit is looked for from the start."""
TIE = 1e-4
"""Weight, in squared standard errors, with which unobserved flows prefer the cheaper way."""


@dataclass(frozen=True)
class Adjustment:
    """What reconciling did to one figure (volumes over the calibration range, good.unit)."""

    id: str
    target: str
    origin: str
    published: float
    reconciled: float
    sigma: float

    @property
    def in_sigmas(self) -> float:
        """The change in standard errors."""
        return abs(self.reconciled - self.published) / self.sigma


@dataclass(frozen=True)
class Reconciled:
    """Consistent quantities, and how far each published figure had to move."""

    network: Network
    reading: Reading
    adjustments: tuple[Adjustment, ...]
    held: Held | None
    """what binds in the fit: where a similar case may start; None where the fit was not sharpened"""


@dataclass(frozen=True)
class _Figure:
    """A published volume (good.unit), and the columns that make it up, each with its weight in years."""

    id: str
    target: str
    origin: str
    value: float
    sigma: float
    columns: Ints
    weights: Floats


def observations_over(case: Case) -> list[dict[str, Any]]:
    """Observations that cover the calibration range exactly; those of other ranges are for other questions."""
    span = case.settings.calibration
    if span is None:
        return []

    def made() -> list[dict[str, Any]]:
        table = case.tables["observations"]
        # Only these rows are taken apart: a case can have observations of many years.
        return records(table[(table["start"].to_numpy() == span.start) & (table["end"].to_numpy() == span.end)])

    return case.worked_out("observations", ("over", span.start, span.end), made)


def reconcile(case: Case, net: Network, *, sharp: bool = True, start: Held | None = None) -> Reconciled:
    """Reconcile the observations of the calibration range; quantities of supply and demand tables count as figures too.

    Without `sharp` the fit is left as the solver finds it, to about a millionth. `start` is what binds in the fit of a
    similar case: where the same network is reconciled to other figures it spares most of the work. The fit is the same, since
    there is only one.

    Raises `CaseError` where capacities and closures leave no consistent flow at all.
    """
    loose = _loose(net)
    at = Assembly()
    columns = market_columns(loose, at)
    for constraint in CONSTRAINTS:
        constraint(loose, at, columns)
    figures = _figures(case, net, columns)
    rows = at.add_rows(
        "observed",
        (np.arange(len(figures)),),
        (tuple(f.id for f in figures),),
        lower=np.array([f.value for f in figures]),
        upper=np.array([f.value for f in figures]),
    )
    misfit = at.add_columns(
        "misfit",
        (np.arange(len(figures)),),
        (tuple(f.id for f in figures),),
        quadratic=np.array([2.0 / f.sigma**2 for f in figures]),
        lower=-np.inf,
    )
    at.add_entries(rows.start + np.arange(len(figures)), misfit.start + np.arange(len(figures)), -1.0)
    for number, figure in enumerate(figures):
        at.add_entries(np.full(len(figure.columns), rows.start + number), figure.columns, figure.weights)
    program = at.program()
    scale = max(1.0, max((f.value for f in figures), default=1.0))
    flow = columns["flow"].span
    cost, quadratic = np.zeros_like(program.cost), program.quadratic.copy()
    moving = np.maximum(program.cost[flow], 0.0)
    cost[flow] = TIE * (moving / max(1e-9, float(moving.max(initial=0.0))) + 0.1) / scale
    quadratic[flow] = 0.1 * TIE
    if "activity" in columns:
        quadratic[columns["activity"].span] = 0.1 * TIE
    program = replace(program, cost=cost, quadratic=quadratic)
    try:
        solution, held = _fitted(program, DUST * scale, start, sharp=sharp)
    except InfeasibleProgram:
        told = "no flow satisfies the balances and capacities of the calibration range"
        fault = Fault("observations.csv", None, None, told)
        raise CaseError(f"{case.name} cannot be calibrated", [fault]) from None
    reading = _without_dust(read(loose, program, solution.primal, solution.row_dual), scale)
    moved = solution.primal[misfit.span]
    adjustments = [
        Adjustment(f.id, f.target, f.origin, f.value, f.value + float(m), f.sigma)
        for f, m in zip(figures, moved, strict=True)
    ]
    return Reconciled(net, reading, tuple(sorted(adjustments, key=lambda a: -a.in_sigmas)), held)


def _fitted(program: Program, dust: float, start: Held | None, *, sharp: bool) -> tuple[Solution, Held | None]:
    """The best fit, and what binds there; from a guess of what binds where that leads to it, else from the start.

    The interior of a flat least-squares fit leaves a little everywhere and balances to a millionth only, so it is
    sharpened; where the program is large or that comes to no end, the fit is returned as the solver found it.
    """
    if start is not None and start.fits(program):
        found = sharpened(program, start, GUESSES)
        if found is not None:
            solution = _solution(program, found)
            if certify(program, solution).passed:
                return solution, found.held
    rough = solve_program(program)
    if not sharp or len(rough.primal) > LARGEST:
        return rough, None
    found = sharpened(program, held_near(program, rough.primal, dust))
    return (rough, None) if found is None else (_solution(program, found), found.held)


def _solution(program: Program, found: Sharp) -> Solution:
    x = found.primal
    return Solution(x, found.row_dual, found.column_dual, program.objective(x), "scipy", "active set", 0.0)


def _loose(net: Network) -> Network:
    """The network's balances and capacities without its markets: any quantity may be supplied and taken."""
    endless_supply = np.full_like(net.supplies.available, np.inf)
    endless_demand = np.full_like(net.demands.price, np.inf)
    none = np.zeros(0)
    nothing = np.zeros(0, np.int64)
    return replace(
        without_stores(net),
        supplies=replace(
            net.supplies,
            available=endless_supply,
            reference=endless_supply,
            elasticity=np.zeros_like(net.supplies.elasticity),
            avoidable=np.zeros_like(net.supplies.avoidable),
        ),
        demands=replace(
            net.demands,
            reference=endless_demand,
            elasticity=np.zeros_like(net.demands.elasticity),
            unserved_value=np.zeros_like(net.demands.price),
        ),
        routes=Routes((), none, none, nothing, nothing),
        sales=no_sales(),
        # Deliveries are reconciled themselves; a minimum volume that passes a link is a fact like a capacity.
        limits=tuple(limit for limit in net.limits if limit.quantity == "flow"),
        tariff_quotas=(),
    )


def without_stores(net: Network) -> Network:
    """The network without stocks: over a year of observations they neither give nor take."""
    none, nothing = np.zeros(0), np.zeros(0, np.int64)
    empty = Stores((), nothing, np.zeros((len(net.periods), 0)), none, none, none, none, nothing, nothing, none)
    return replace(net, stores=empty)


def _figures(case: Case, net: Network, columns: Columns) -> list[_Figure]:
    rows = observations_over(case)
    largest: dict[str, float] = {}
    for row in rows:
        largest[row["good"]] = max(largest.get(row["good"], 0.0), float(row["value"]))
    figures = []
    told = set()
    for row in rows:
        origin = row["origin"] or ""
        where, weights = _counted(case, net, columns, row["target"], row["good"], origin)
        value = float(row["value"])
        sigma = max(SIGMA[row["confidence"] or "low"] * value, SMALLEST * (largest[row["good"]] or 1.0))
        figures.append(_Figure(row["id"], row["target"], origin, value, sigma, where, weights))
        told.add(row["target"])
    unsold, unserved = out_of_reach(net)
    for table, quantity, idle in (
        ("supply", net.supplies.reference, unsold),
        ("demand", net.demands.reference, unserved),
    ):
        for item, row in enumerate(records(case.tables[table])):
            if row["id"] in told or idle[item]:
                continue
            value = float(net.years @ quantity[:, item])
            sigma = max(
                SIGMA[row["confidence"] or "low"] * value, SMALLEST * (largest.get(row["good"]) or max(value, 1.0))
            )
            where, weights = _counted(case, net, columns, row["id"], row["good"], "")
            figures.append(_Figure(f"{table}_{row['id']}", row["id"], "", value, sigma, where, weights))
    return figures


def _counted(case: Case, net: Network, columns: Columns, target: str, good: str, origin: str) -> tuple[Ints, Floats]:
    """Columns that a figure counts, with their weights in years."""
    counts = np.array([s.good == good and (not origin or s.origins <= {origin}) for s in net.streams], dtype=bool)
    target = corridor_screens(case).get(target, target)
    if target in net.processes.ids:
        block = columns["activity"]
        chosen = block.keys[1] == net.processes.ids.index(target)
    elif target in net.links.ids:
        block = columns["flow"]
        chosen = (block.keys[1] == net.links.ids.index(target)) & counts[block.keys[2]]
    else:
        side, ids, names = (
            ("supply", net.supplies.ids, ("give", "supply_base"))
            if target in net.supplies.ids
            else ("demand", net.demands.ids, ("take", "demand_base"))
        )
        split = names[0] in columns and (columns[names[0]].keys[1] == ids.index(target)).any()
        block = columns[names[0] if split else f"{side}_base"]
        chosen = block.keys[1] == ids.index(target)
        if split:
            chosen &= counts[block.keys[2]]
    at = np.flatnonzero(chosen)
    return block.start + at, net.years[block.keys[0][at]]


def _without_dust(reading: Reading, scale: float) -> Reading:
    """Flows below a millionth of the largest figure are none: the interior of a least-squares fit leaves some everywhere."""

    def clean(values: Floats) -> Floats:
        return np.where(values > DUST * scale, values, 0.0)

    return replace(
        reading,
        flow=clean(reading.flow),
        give=clean(reading.give),
        take=clean(reading.take),
        supply=clean(reading.supply),
        demand=clean(reading.demand),
        activity=clean(reading.activity),
        throughput=clean(reading.throughput),
    )
