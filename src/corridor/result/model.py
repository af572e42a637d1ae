"""A certified answer: the question, what each stage decided, and the tables that tell it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import CertificateError
from corridor.network.scope import crossed_countries
from corridor.result import changes, frames
from corridor.result.fixed_point import found, missed
from corridor.result.gains import country_gains, gains_table
from corridor.result.reading import Reading, read
from corridor.result.settlement import Settlement, settle
from corridor.result.setup import Past, Question, Stage, StageProgram, network_of, stage_again
from corridor.solver import THRESHOLDS, Certificate, certify

if TYPE_CHECKING:
    from pathlib import Path

    import networkx as nx
    import pandas as pd
    import xarray as xr

    from corridor.case import Case
    from corridor.network import Network

__all__ = ["Proof", "Result", "certified"]


@dataclass(frozen=True)
class Proof:
    """The certificate of a result: one per stage, and the accounts that must close."""

    stages: tuple[Certificate, ...]
    gains_residual: float
    """sum of gains less objective and transfers, relative to the largest term"""
    rent_unexplained: float
    """largest link margin that no dual accounts for, relative to the largest term"""
    instruments_applied: bool
    """every instrument in force inside the calendar left a row in the ledger"""
    piece_error: float
    """bound on the error of piecewise-linear curves, million USD; 0 where there are none"""
    before: tuple[Certificate, ...] = ()
    """of the programs that say how far agreements give way to exports"""
    fixed_point: float = 0.0
    """how far what programs take as given is from what their solutions say (fixed_point.py), the worst of all stages"""
    starts_apart: float = 0.0
    """how far apart two starts of duties ad valorem led, as found when it was solved"""

    @property
    def passed(self) -> bool:
        """Whether every condition holds, at the thresholds of `corridor.solver.THRESHOLDS`."""
        return (
            all(stage.passed for stage in (*self.stages, *self.before))
            and abs(self.gains_residual) <= THRESHOLDS.gap
            and self.rent_unexplained <= THRESHOLDS.gap
            and self.instruments_applied
            and self.fixed_point <= THRESHOLDS.gap
            and self.starts_apart <= THRESHOLDS.gap
        )

    def as_json(self) -> dict[str, object]:
        """The certificate as JSON tells it: the worst of all stages, then each."""
        stages = [
            {
                "passed": s.passed,
                "imbalance": s.imbalance,
                "bound_violation": s.bound_violation,
                "stationarity": s.stationarity,
                "dual_infeasibility": s.dual_infeasibility,
                "complementarity": s.complementarity,
                "gap": s.gap,
            }
            for s in (*self.stages, *self.before)
        ]
        worst = {key: max(float(s[key]) for s in stages) for key in stages[0] if key != "passed"}
        return {
            "passed": self.passed,
            **worst,
            "gains_residual": self.gains_residual,
            "rent_unexplained": self.rent_unexplained,
            "instruments_applied": self.instruments_applied,
            "piece_error": self.piece_error,
            "fixed_point": self.fixed_point,
            "starts_apart": self.starts_apart,
            "threshold": THRESHOLDS.gap,
            "stages": stages[: len(self.stages)],
        }


@dataclass(frozen=True)
class Result:
    """What `solve` returns. Tables are made when asked for; each access is a copy."""

    question: Question
    stages: tuple[Stage, ...]
    warnings: tuple[str, ...] = field(default=())
    built: tuple[StageProgram, ...] = field(default=(), repr=False, compare=False)
    """the programs that were solved, so that they are not made twice; a loaded result makes them again"""

    @property
    def case(self) -> Case:
        """The (calibrated) case that was solved."""
        return self.question.case

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return self.question.scenario

    @cached_property
    def network(self) -> Network:
        """The network with everything known."""
        return self.programs[-1].network

    @cached_property
    def programs(self) -> tuple[StageProgram, ...]:
        """The program of each stage, made again from the question."""
        if self.built:
            return self.built
        built: list[StageProgram] = []
        past: Past | None = None
        for stage in self.stages:
            net = network_of(self.question, stage.day if len(self.stages) > 1 else None)
            built.append(stage_again(self.question, stage, net, past))
            past = Past(built[-1].full, stage.solution, stage.assumed)
        return tuple(built)

    @cached_property
    def spans(self) -> tuple[slice, ...]:
        """The periods that each stage governs: from its day to the next stage's."""
        firsts = [stage.first_period for stage in self.stages]
        return tuple(slice(a, b) for a, b in zip(firsts, [*firsts[1:], len(self.network.periods)], strict=True))

    @cached_property
    def reading(self) -> Reading:
        """Quantities of the whole calendar, prices as they were when each period came."""
        readings = [
            read(built.network, built.full, stage.solution.primal, stage.solution.row_dual)
            for built, stage in zip(self.programs, self.stages, strict=True)
        ]
        last = readings[-1]
        price = last.price.copy()
        for span, reading in zip(self.spans, readings, strict=True):
            price[span] = reading.price[span]
        return replace(last, price=price)

    @cached_property
    def settlement(self) -> Settlement:
        """Who pays whom."""
        parts = [
            (span, built.full, stage.solution)
            for span, built, stage in zip(self.spans, self.programs, self.stages, strict=True)
        ]
        return settle(self.programs[-1].network, self.reading, parts)

    @cached_property
    def certificate(self) -> Proof:
        """The proof, worked out from the case and the stored solutions without a solver."""
        stages = [
            certify(built.reduced.program, built.reduced.restrict(stage.solution))
            for built, stage in zip(self.programs, self.stages, strict=True)
        ]
        settled = self.settlement
        return Proof(
            stages=tuple(stages),
            gains_residual=settled.residual / settled.scale,
            rent_unexplained=float(np.abs(settled.unexplained).max(initial=0.0)) / settled.scale,
            instruments_applied=_all_applied(self.network),
            piece_error=max(built.piece_error for built in self.programs),
            before=tuple(
                c for built, stage in zip(self.programs, self.stages, strict=True) for c in _before(built, stage)
            ),
            fixed_point=max(_missed(built, stage) for built, stage in zip(self.programs, self.stages, strict=True)),
            starts_apart=max(
                max(stage.starts_apart, stage.without.starts_apart if stage.without else 0.0) for stage in self.stages
            ),
        )

    @cached_property
    def objective(self) -> float:
        """The market objective, million USD over the calendar."""
        return self.settlement.lines[0][1]

    @property
    def crossed(self) -> tuple[frozenset[str], ...]:
        """Countries that each link crosses."""
        return crossed_countries(self.case)

    @property
    def flows(self) -> pd.DataFrame:
        """link, good, stream, period, value, unit (rate)."""
        return frames.flows(self)

    @property
    def prices(self) -> pd.DataFrame:
        """node, good, stream, period, value (NaN where nothing passes), why_absent, unit."""
        return frames.prices(self)

    @property
    def supply(self) -> pd.DataFrame:
        """supply, node, good, stream, period, value, unit (rate)."""
        return frames.supply(self)

    @property
    def deliveries(self) -> pd.DataFrame:
        """demand, node, good, stream, period, value, unit (rate)."""
        return frames.deliveries(self)

    @property
    def sales(self) -> pd.DataFrame:
        """seller, demand, good, period, value (rate), unit, share, mark_up, price, price_unit: sellers with market power.

        `price` is what buyers pay, `mark_up` what of it the seller has above its cost of bringing one more unit.
        """
        return frames.sales(self)

    @property
    def unserved(self) -> pd.DataFrame:
        """demand, node, good, period, value, unit: what the demand's reference lacks (rate)."""
        return frames.unserved(self)

    @property
    def activity(self) -> pd.DataFrame:
        """process, node, good, period, value, unit: activity of each process, in the unit of its good (rate)."""
        return frames.activity(self)

    @property
    def stocks(self) -> pd.DataFrame:
        """storage, good, stream, period, value, unit: level at the end of the period."""
        return frames.stocks(self)

    @property
    def gains(self) -> pd.DataFrame:
        """country, party, role, good, period, value, unit (million USD over the period)."""
        return self._gains.copy()

    @cached_property
    def _gains(self) -> pd.DataFrame:
        return gains_table(self.case, self.programs[-1].network, self.settlement)

    @property
    def budget(self) -> pd.DataFrame:
        """country, good, period, value, unit: what governments receive."""
        gains = self.gains
        taken = gains[gains["role"] == "government"]
        return taken.groupby(["country", "good", "period", "unit"], as_index=False, sort=True)[["value"]].sum()

    @property
    def netback(self) -> pd.DataFrame:
        """field, route, market, price, freight, tariff, fees, duty, quality, wedge, netback, unit."""
        return self._netback.copy()

    @cached_property
    def _netback(self) -> pd.DataFrame:
        from corridor.result.netback import netback_table

        return netback_table(self)

    def save(self, path: str | Path) -> Path:
        """Write a `.corridor` file, whole or not at all; returns the path. `load_result` reads it again."""
        from corridor.result.store import save_result

        return save_result(self, path)

    def to_xarray(self) -> xr.Dataset:
        """Arrays over period, item and stream; needs the extra `xarray`."""
        from corridor.result.interop import to_xarray

        return to_xarray(self)

    def to_networkx(self, period: int | None = None) -> nx.MultiDiGraph[str]:
        """The network with what it carries, on average or in one period; needs the extra `networkx`."""
        from corridor.result.interop import to_networkx

        return to_networkx(self, period)

    @property
    def ledger(self) -> pd.DataFrame:
        """period, what, column, before, after, unit, instrument: every number an instrument changed.

        `unit` is blank where the figure has none: `allowed` is 1 or 0.
        """
        return changes.ledger(self)

    @property
    def binding(self) -> pd.DataFrame:
        """what, period, rent, unit: limits that bind, with what one more unit would be worth."""
        return frames.binding(self)

    @cached_property
    def country_gains(self) -> dict[tuple[str, str], float]:
        """(country, good) -> gains over the calendar, million USD: the sums of `gains`."""
        return country_gains(self.case, self.network, self.settlement)

    @cached_property
    def loose_gains(self) -> dict[str, str]:
        """Countries whose gains hang on a price that nothing determines, each with that price in words."""
        from corridor.result.loose import loose_gains

        return loose_gains(self)

    @property
    def obligations(self) -> pd.DataFrame:
        """instrument, target, least, volume, unit, support, support_unit, cost, cost_unit.

        `support` is what a unit more would have to be paid to be sent of its own accord; `cost` that times the volume.
        """
        return frames.obligations(self)

    @property
    def accounting(self) -> pd.DataFrame:
        """line, value, unit: from the objective to the sum of gains."""
        return frames.accounting(self)

    @property
    def emergencies(self) -> pd.DataFrame:
        """row, side, value: limits that the past made impossible to keep, and by how much."""
        return frames.emergencies(self)


def certified(result: Result) -> Result:
    """The result itself, if its certificate passes; raises `CertificateError` with what does not hold otherwise."""
    proof = result.certificate
    if not proof.passed:
        wrong = [f"stage {n + 1}: {', '.join(c.failures)}" for n, c in enumerate(proof.stages) if not c.passed]
        wrong += [f"how far agreements give way: {', '.join(c.failures)}" for c in proof.before if not c.passed]
        if abs(proof.gains_residual) > THRESHOLDS.gap:
            wrong.append(f"gains do not add up (relative error {proof.gains_residual:.1e})")
        if proof.rent_unexplained > THRESHOLDS.gap:
            wrong.append(f"a link's margin is not explained by any limit (relative error {proof.rent_unexplained:.1e})")
        if not proof.instruments_applied:
            wrong.append("an instrument in force changed nothing")
        if not proof.fixed_point <= THRESHOLDS.gap:
            wrong.append(f"costs or duties are not those that the answer says (relative error {proof.fixed_point:.1e})")
        raise CertificateError(f"{result.case.name}: no answer, because it could not be certified: {'; '.join(wrong)}")
    return result


def _missed(built: StageProgram, stage: Stage) -> float:
    before = _missed(built.without, stage.without) if built.without and stage.without else 0.0
    if stage.assumed.nothing:
        return before
    said = found(built, stage.solution, stage.assumed, stage.first_period)
    return max(before, missed(built.network, stage.assumed, said))


def _before(built: StageProgram, stage: Stage) -> tuple[Certificate, ...]:
    """Certificates of what says how far agreements give way: the market without them, and the most that can be kept."""
    if built.without is None or stage.without is None or built.most is None or stage.most is None:
        return ()
    without, most = built.without.reduced, built.most.reduced
    return (
        certify(without.program, without.restrict(stage.without.solution)),
        certify(most.program, most.restrict(stage.most)),
    )


def _all_applied(net: Network) -> bool:
    told = {row.instrument for row in net.ledger}
    periods = net.periods
    in_force = {i.id for i in net.instruments if periods.inside(i.start, i.end).any()}
    return in_force <= told
