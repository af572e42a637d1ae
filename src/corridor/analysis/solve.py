"""Solve a case: calibrate it if it brings observations, then find the equilibrium, and say in a sentence what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.analysis.world import amount, name_of, span_words, word_for
from corridor.calibration import calibrate
from corridor.case import part_of, target_goods
from corridor.network import goods_touched, instruments_of
from corridor.study import answer, ask

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from corridor.case import Case
    from corridor.network import Instrument
    from corridor.result import Result
    from corridor.result.setup import Foresight, Formulation

MOST_GOODS = 6
"""Goods that one sentence tells apart."""

__all__ = ["describe", "part_asked", "part_touched", "solve"]


def solve(
    case: Case,
    scenario: str = "base",
    with_: Instrument | Iterable[Instrument] = (),
    formulation: Formulation = "spatial_equilibrium",
    foresight: Foresight = "announced",
    horizon: str | None = None,
    calendar_with: Iterable[Instrument] = (),
    *,
    kappa: float | None = None,
    scarcity_as_cost: bool = False,
) -> Result:
    """The certified equilibrium of a case under a scenario.

    The case's instruments, then the scenario's, then `with_` (one instrument or several) are in force; their order makes
    no difference. `formulation` is `spatial_equilibrium` or `min_cost_flow`, `foresight` `announced` or `perfect`,
    `horizon` `short` or `long` (None: by the calendar's length). `calendar_with` cuts the calendar at the dates of
    further instruments. `kappa` overrides the strength of the route preference, `scarcity_as_cost` reads wedges of full
    links as costs. A case with observations is calibrated first.

    Raises `CaseError`, `QuestionError`, `InfeasibleError`, `SolverError`, `CertificateError` (corridor.errors).
    """
    question = ask(
        calibrate(case),
        scenario,
        with_,
        formulation=formulation,
        foresight=foresight,
        horizon=horizon,
        calendar_with=calendar_with,
        kappa=kappa,
        scarcity_as_cost=scarcity_as_cost,
    )
    return answer(question)


def part_touched(
    case: Case, scenario: str = "base", with_: Iterable[Instrument] = ()
) -> tuple[Case, tuple[Instrument, ...]]:
    """The part of a case that a scenario and added instruments touch, and all instruments that its calendar is cut for.

    What nothing ties to the goods touched does not change, so a comparison is solved on this part.
    """
    added = tuple(with_)
    own = (*added, *(i for i in instruments_of(case, scenario) if i.scenarios))
    part = part_of(case, goods_touched(case, own))
    return part, (*added, *instruments_of(part, scenario))


def part_asked(case: Case, good: str, scenario: str = "base", with_: Iterable[Instrument] = ()) -> Case:
    """The part of a case that holds a good and what a scenario and added instruments touch: all that can change it."""
    own = (*with_, *(i for i in instruments_of(case, scenario) if i.scenarios))
    return part_of(case, {good, *(goods_touched(case, own) if own else ())})


def describe(result: Result, goods: Collection[str] | None = None) -> str:
    """One sentence that says what the equilibrium is: output, deliveries and what is full; of some goods or all."""
    net, years = result.network, result.network.years
    parts = []
    for g, good in enumerate(net.goods):
        if goods is not None and good not in goods:
            continue
        made = float((years @ result.reading.supply[:, net.supplies.good == g]).sum())
        used = float((years @ result.reading.demand[:, net.demands.good == g]).sum())
        unit = net.good_unit[g]
        if made == used == 0.0:
            continue
        parts.append(f"{amount(made, unit)} of {word_for(result.case, good)} produced, {amount(used, unit)} delivered")
    if len(parts) > MOST_GOODS:
        parts[MOST_GOODS:] = [f"and {len(parts) - MOST_GOODS} goods more"]
    told = "; ".join(parts) or "Nothing is produced, and nothing delivered,"
    span = span_words(net.periods.starts[0], net.periods.ends[-1])
    full = result.binding
    about = target_goods(result.case.tables)
    ours = [w for w in full["what"] if goods is None or w not in about or set(about[w]) & set(goods)]
    named = list(dict.fromkeys(name_of(result.case, str(what)) for what in ours))[:3]
    text = f"{told} in {span}"
    return f"{text}; full: {', '.join(named)}." if named else f"{text}; nothing is full."
