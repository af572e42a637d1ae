"""How far a share can move: among solutions that cost little more, and among what sources say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.calibration import varied_flows
from corridor.case import records
from corridor.formulation.constraints import STOCK
from corridor.network import crossed_countries
from corridor.result.ranges import spare_cost
from corridor.solver import ratio_range

if TYPE_CHECKING:
    from corridor.analysis.share import Share
    from corridor.case import Case
    from corridor.network import Network
    from corridor.program import Bools, Floats, Program
    from corridor.result import Reading, Result

__all__ = ["with_range"]

SAME = 5e-3
"""How far the reconciled share may be from the solved one, for a range over data to be of the same thing."""


def with_range(result: Result, share: Share, window: tuple[str, str] | None) -> Share:
    """The share with its ranges, or with a warning that says why there is none."""
    warnings = list(share.warnings)
    low = high = None
    if window is not None:
        warnings.append("no range: only part of the calendar is asked about")
    elif (counted := _as_columns(result, share)) is None:
        warnings.append(
            "no range: the share is no simple ratio of flows here (imports, mixtures, stocks, or goods that cross twice)"
        )
    elif share.total > 0:
        built = result.programs[-1]
        kept = built.reduced.kept_columns
        stage = result.stages[-1]
        numerator, denominator, offset = counted
        settled = built.reduced.fixed
        if denominator @ settled == 0.0:
            low, high = ratio_range(
                built.reduced.program,
                built.reduced.restrict(stage.solution),
                numerator[kept],
                denominator[kept],
                spare_cost(result, share.good),
                offset + float(numerator @ settled),
            )
        else:
            warnings.append("no range: part of the flow was decided before the last announcement")
    data = _data_range(result, share) if window is None else "they say it of a whole year"
    if isinstance(data, str):
        warnings.append(f"no range over what sources say: {data}")
    data_low, data_high = (None, None) if isinstance(data, str) else data
    return replace(share, low=low, high=high, data_low=data_low, data_high=data_high, warnings=tuple(warnings))


def _as_columns(result: Result, share: Share) -> tuple[Floats, Floats, float] | None:
    """Numerator and denominator as weights of the program's columns, and a constant of the numerator.

    None where they do not give the share.
    """
    from corridor.analysis.share import marks_of

    if share.direction != "exports" or share.denominator != "trade" or share.basis != "contractual":
        return None
    net, built = result.network, result.programs[-1]
    program = built.full
    years = net.years
    own = np.array([s.good == share.good and s.origins == frozenset({share.of}) for s in net.streams], dtype=bool)
    country = np.array([net.node_country[n] for n in net.demands.node])
    delivered = _take_weights(program, net, years, own, country != share.of)
    offset = 0.0
    if share.how == "partner":
        numerator = _take_weights(program, net, years, own, country == share.what)
    else:
        marks = marks_of(result, share.how, share.what)
        flow = program.column_block("flow")
        t, a, k = flow.keys
        start = np.array([net.node_country[n] for n in net.links.start])
        # What enters the country, less what stays in it; a corridor's flow is that of its screen.
        enters = marks.marked & ((start != share.what) | (share.how == "via"))
        numerator = np.zeros(len(program.cost))
        numerator[flow.span] = years[t] * (enters[a] & own[k]) * (1.0 - net.links.loss[a])
        if share.how == "through":
            # What enters the country, and neither stays in it nor fills its stores, has crossed it.
            numerator -= _take_weights(program, net, years, own, country == share.what)
            offset = _stock_terms(program, net, own, share.what, numerator)
    primal = result.stages[-1].solution.primal
    ratio = (offset + float(numerator @ primal)) / max(1e-12, float(delivered @ primal))
    return (numerator, delivered, offset) if abs(ratio - share.value) <= 1e-6 else None


def _stock_terms(program: Program, net: Network, own: Bools, country: str, numerator: Floats) -> float:
    """Subtract what stores of the country hold more at the end; returns what they held at the start."""
    stores = net.stores
    if not len(stores.pair_store):
        return 0.0
    where = np.array([net.node_country[n] for n in stores.node])
    inside = (where[stores.pair_store] == country) & own[stores.pair_stream]
    for part in STOCK:
        level = program.column_block(part)
        last = (level.keys[0] == len(net.periods) - 1) & np.tile(inside, len(net.periods))
        numerator[level.span] -= last
    return float(stores.pair_initial[inside].sum())


def _take_weights(program: Program, net: Network, years: Floats, own: Bools, chosen: Bools) -> Floats:
    from corridor.formulation.sides import Columns, injections

    weights = np.zeros(len(program.cost))
    columns = Columns({b.name: b for b in program.columns})
    for inj in injections(net, columns, "demand"):
        weights[inj.column] = years[inj.period] * (own[inj.stream] & chosen[inj.item])
    return weights


def _data_range(result: Result, share: Share) -> tuple[float, float] | str:
    """The share with each observation of the good at the ends of what sources say, one at a time, reconciled anew.

    Only for the case as it is: with instruments added, a range over data would mix two questions; and only where the
    reconciled flows themselves have the share that was solved. Elsewhere the reason why there is none.
    """
    from corridor.analysis.share import measure

    case, span = result.case, result.case.settings.calibration
    if span is None:
        return "the case is not calibrated"
    if result.question.with_ or result.scenario != "base":
        return "it is worked out for the case as it is, without instruments"
    evidence = case.tables["evidence"]
    ranged = evidence[(evidence["table"] == "observations") & (evidence["column"] == "value")]
    observed = case.tables["observations"]
    here = observed[
        (observed["start"] == span.start) & (observed["end"] == span.end) & (observed["good"] == share.good)
    ]
    ends = [
        (row["id"], end)
        for row in records(ranged[ranged["id"].isin(here["id"])])
        for end in (row["low"], row["high"])
        if not np.isnan(end)
    ]
    if not ends:
        return f"no observation of {share.good} over {span.start} to {span.end} has a range"
    moved = (observed.assign(value=observed["value"].mask(observed["id"] == name, end)) for name, end in ends)
    asked = share.good, share.of, share.how, share.what, share.direction, share.denominator, share.basis
    values = [
        measure(_Seen(told, reconciled.network, reconciled.reading), *asked, None).value
        for told, reconciled in varied_flows(case, moved, result.question.track)
    ]
    if not values or abs(values[0] - share.value) > SAME:
        return "the year that was calibrated on has another share than the one that was solved"
    return min(values), max(values)


@dataclass(frozen=True)
class _Seen:
    """Reconciled flows as a share reads them."""

    case: Case
    network: Network
    reading: Reading

    @cached_property
    def crossed(self) -> tuple[frozenset[str], ...]:
        """Countries that each link crosses."""
        return crossed_countries(self.case)
