"""What a worker keeps from one question to the next: cases as read, and results that other questions need too."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridor.analysis import share
from corridor.calibration import calibrate
from corridor.case import in_year, read_case
from corridor.study import answer, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from corridor.analysis import Share
    from corridor.case import Case
    from corridor.network import Instrument
    from corridor.result import Result
    from corridor.result.setup import Foresight, Formulation

__all__ = ["Warm"]

CASES = 6
RESULTS = 16
"""A result of the largest bundled case takes some 10 MB with its programs and tables."""


@dataclass
class Known:
    """A result, and what was worked out about it: let go of together, for the one keeps hold of the other."""

    result: Result
    told: dict[Hashable, Any] = field(default_factory=dict)


@dataclass
class Warm:
    """Cases by their folder and year, and results by their question; of each the last ones used."""

    cases: OrderedDict[Hashable, Case] = field(default_factory=OrderedDict)
    results: OrderedDict[Hashable, Known] = field(default_factory=OrderedDict)

    def case(self, folder: str, year: int | None = None) -> Case:
        """The case of a folder, or a bundled one, in another year where one is given."""
        whole: Case = _kept(self.cases, (folder, None), CASES, lambda: read_case(folder))
        if year is None:
            return whole
        other: Case = _kept(self.cases, (folder, year), CASES, lambda: in_year(whole, year))
        return other

    def solve(
        self,
        case: Case,
        scenario: str = "base",
        with_: Iterable[Instrument] = (),
        *,
        formulation: Formulation = "spatial_equilibrium",
        foresight: Foresight = "announced",
        calendar_with: Iterable[Instrument] = (),
    ) -> Result:
        """As `corridor.analysis.solve`; a question that was answered before is not solved again."""
        question = ask(
            calibrate(case),
            scenario,
            with_,
            formulation=formulation,
            foresight=foresight,
            calendar_with=calendar_with,
        )
        periods = question.periods
        key = (
            question.case.hash,
            scenario,
            tuple(i.text() for i in question.with_),
            (periods.starts, periods.ends),
            formulation,
            foresight,
        )
        known: Known = _kept(self.results, key, RESULTS, lambda: Known(answer(question)))
        return known.result

    def share(self, result: Result, question: Mapping[str, str]) -> Share:
        """A share that the case asks for, as `corridor.analysis.share` without ranges."""
        key = ("share", *sorted(question.items()))
        told: Share = self.about(result, key, lambda: share(result, ranges=False, **question))  # type: ignore[arg-type]
        return told

    def about(self, result: Result, key: Hashable, make: Callable[[], Any]) -> Any:
        """Something about a result, made once while the result is kept."""
        told = next((known.told for known in self.results.values() if known.result is result), {})
        if key not in told:
            told[key] = make()
        return told[key]


def _kept(store: OrderedDict[Hashable, Any], key: Hashable, most: int, make: Callable[[], Any]) -> Any:
    """What is stored under a key, made where it is missing; the last used stand last."""
    if key not in store:
        store[key] = make()
    store.move_to_end(key)
    while len(store) > most:
        store.popitem(last=False)
    return store[key]
