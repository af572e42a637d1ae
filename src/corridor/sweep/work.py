"""One variation, worked out: calibrated where what we know differs, solved in each scenario, every answer certified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.calibration import fresh_calibration
from corridor.errors import CorridorError, NotObservedError
from corridor.network import Distinction, Ground, distinctions_of
from corridor.study import answer, ask
from corridor.sweep.answers import answered, told_apart, unit_of
from corridor.sweep.draw import changed, learned, moves
from corridor.variations import Variations

if TYPE_CHECKING:
    from corridor.calibration import Calibration
    from corridor.case import Case
    from corridor.network import Instrument
    from corridor.program import Floats
    from corridor.result import Question, Result
    from corridor.sweep.plan import Part, Plan

__all__ = ["Row", "Worker"]

Grounds = dict[tuple[tuple[dt.date, ...], frozenset[Distinction]], Ground]


@dataclass(frozen=True)
class Row:
    """The answer of one variation to one question in one scenario, or why there is none."""

    variation: int
    question: str
    scenario: str
    value: float | None
    unit: str
    certificate: float | None
    """the worst relative error of the optimality conditions behind the answer"""
    failure: str | None


class Worker:
    """Works out variations of a plan; keeps what they share, so that order and company change no number."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.nominal = np.array([f.nominal for f in plan.figures])
        units = {good: unit for part in plan.parts for good, unit in _units(part.case)}
        self._units = [unit_of(question, units.get(question.good or "", "")) for question in plan.design.ask]
        self._names = [question.name for question in plan.design.ask]
        self._parameters = {f.column: n for n, f in enumerate(plan.figures) if not f.table and f.column}
        self._calibrated: dict[int, Calibration | None] = {}
        self._asked: dict[tuple[int, str], Question] = {}
        self._only_switches = not self._parameters and not any(part.slots for part in plan.parts)
        self._programs: dict[tuple[int, str, tuple[dt.date, ...]], Variations] = {}
        self._grounds: dict[int, Grounds] = {}

    def chunk(self, number: int) -> list[Row]:
        """All rows of a chunk, in order."""
        return [row for variation in self.plan.chunk(number) for row in self.rows(variation)]

    def rows(self, variation: int) -> Iterator[Row]:
        """Every answer of a variation; what fails is a row with its reason."""
        values = self.plan.values(variation) if variation else self.nominal
        for number, part in enumerate(self.plan.parts):
            if part.asked:
                yield from self._part(number, part, variation, values)

    def _part(self, number: int, part: Part, variation: int, values: Floats) -> Iterator[Row]:
        questions = self.plan.design.ask
        results: dict[str, Result | str] = {}
        grounds: Grounds = {}
        case: Case | str
        try:
            case = self._case(number, part, values)
        except Exception as error:  # noqa: BLE001 (whatever goes wrong in one variation is told, and stops no other)
            case = _reason("calibration", error)
        for at, scenario in part.asked:
            question = questions[at]
            unit = self._units[at]
            try:
                result = self._solved(number, part, case, scenario, values, results, grounds)
                # A share and a support are of one result; what changes is against the base.
                base = (
                    result
                    if question.what in ("share", "support")
                    else self._solved(number, part, case, "base", values, results, grounds)
                )
                value = answered(question, base, result)
                worst = max(_worst(base), _worst(result))
                yield Row(variation, self._names[at], scenario, value, unit, worst, None)
            except Exception as error:  # noqa: BLE001 (as above)
                yield Row(variation, self._names[at], scenario, None, unit, None, _reason("", error))

    def _parameter(self, name: str, values: Floats) -> float | None:
        """The value of kappa or split, where the design varies it."""
        number = self._parameters.get(name)
        return None if number is None else float(values[number])

    def _case(self, number: int, part: Part, values: Floats) -> Case:
        """The part as drawn, calibrated."""
        split = self._parameter("split", values) or 0.0
        own = self._own(number, part)
        if moves(part.slots, "knowledge", values, self.nominal):
            # Each variation starts from the case as it is, never from another: order and company change no number.
            calibrated = _fitted(learned(part.case, part.slots, values, self.nominal), own)
        else:
            calibrated = _fitted(part.case, None) if own is None else own.case
        return changed(calibrated, part.slots, values, self.nominal, split)

    def _own(self, number: int, part: Part) -> Calibration | None:
        """The calibration of the part as it is; None where it has none."""
        if number not in self._calibrated:
            try:
                self._calibrated[number] = fresh_calibration(part.case)
            except CorridorError:
                self._calibrated[number] = None
        return self._calibrated[number]

    def _solved(
        self,
        number: int,
        part: Part,
        case: Case | str,
        scenario: str,
        values: Floats,
        results: dict[str, Result | str],
        grounds: Grounds,
    ) -> Result:
        """The result of a scenario, found once a variation; raises again what went wrong the first time."""
        if isinstance(case, str):
            raise CorridorError(case)
        if scenario not in part.scenarios:  # it is not about this part
            scenario = "base"
        if scenario not in results:
            try:
                results[scenario] = self._answer(number, part, case, scenario, values, grounds)
            except Exception as error:  # noqa: BLE001 (as above)
                results[scenario] = _reason(scenario, error)
        found = results[scenario]
        if isinstance(found, str):
            raise CorridorError(found)
        return found

    def _answer(self, number: int, part: Part, case: Case, scenario: str, values: Floats, grounds: Grounds) -> Result:
        """The certified answer of one scenario."""
        if self._only_switches:
            # One case for all variations: its program is assembled once, and a linear one is kept in the solver.
            (name, added), switched = part.scenarios[scenario], _in_force(part, values)
            base = self._ask(part, case, name, added, values, switched)
            # Dates of an instrument cut the calendar: those that cut it alike share a program.
            key = number, scenario, base.periods.starts
            if key not in self._programs:
                self._programs[key] = Variations(base, tuple(i for _, i in part.switches))
            return self._programs[key].answer((*added, *switched))
        question = self._question(number, part, case, scenario, values)
        return answer(question, ground=_ground(question, grounds, self._grounds.setdefault(number, {})))

    def _ask(
        self,
        part: Part,
        case: Case,
        name: str,
        instruments: tuple[Instrument, ...],
        values: Floats,
        calendar_with: tuple[Instrument, ...] = (),
    ) -> Question:
        return ask(
            case,
            name,
            instruments,
            foresight="perfect" if self.plan.design.calendar == "year" else "announced",
            calendar_with=calendar_with,
            track=_track(self.plan, part),
            kappa=self._parameter("kappa", values),
            scarcity_as_cost=self._parameter("split", values) or 0.0,
        )

    def _question(self, number: int, part: Part, case: Case, scenario: str, values: Floats) -> Question:
        kept = self._asked.get((number, scenario))
        # Where figures of instruments vary, or instruments themselves, the question is made anew.
        if kept is not None and not part.switches and all(s.table != "instruments" for s in part.slots):
            return replace(
                kept,
                case=case,
                kappa=self._parameter("kappa", values),
                scarcity_as_cost=self._parameter("split", values) or 0.0,
            )
        name, added = part.scenarios[scenario]
        question = self._ask(part, case, name, (*added, *_in_force(part, values)), values)
        self._asked[number, scenario] = question
        return question


def _in_force(part: Part, values: Floats) -> tuple[Instrument, ...]:
    """Instruments that a variation has and others do not."""
    return tuple(instrument for figure, instrument in part.switches if values[figure] > 0)


def _units(case: Case) -> Iterator[tuple[str, str]]:
    """Goods, each with its unit."""
    return zip(case.column("goods", "id"), case.column("goods", "unit"), strict=True)


def _track(plan: Plan, part: Part) -> tuple[Distinction, ...]:
    asked = dict.fromkeys(number for number, _ in part.asked)
    return tuple(dict.fromkeys(d for number in asked for d in told_apart(plan.design.ask[number])))


def _ground(question: Question, grounds: Grounds, like: Grounds) -> Ground:
    """What no instrument changes, read once a variation for scenarios of one calendar that tell the same apart.

    `like` keeps one for all variations: where goods can go hangs on no number.
    """
    told = (*question.track, *distinctions_of(question.case, question.instruments))
    key = question.periods.starts, frozenset(told)
    if key not in grounds:
        grounds[key] = Ground.of(
            question.case,
            question.periods,
            distinctions=told,
            long_run=question.horizon == "long",
            kappa=question.kappa,
            scarcity_as_cost=question.scarcity_as_cost,
            like=like.get(key),
        )
        like.setdefault(key, grounds[key])
    return grounds[key]


def _fitted(case: Case, like: Calibration | None) -> Case:
    """The case calibrated, as it is where nothing was observed; `like` is the calibration of the same with other figures."""
    if case.settings.calibration is None:
        return case
    try:
        return fresh_calibration(case, like).case
    except NotObservedError:
        return case


def _worst(result: Result) -> float:
    proof = result.certificate
    return max(*(stage.worst for stage in proof.stages), abs(proof.gains_residual))


def _reason(where: str, error: Exception) -> str:
    """Why, in one line."""
    told = str(error) if isinstance(error, CorridorError) else f"{type(error).__name__}: {error}"
    text = " ".join(told.split())
    return f"{where}: {text}" if where else text
