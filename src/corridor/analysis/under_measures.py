"""Equilibria under sets of measures, each solved once; agreements that a set makes impossible are void under it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corridor.errors import InfeasibleError
from corridor.network import distinctions_of, goods_touched, instruments_of
from corridor.study import ask
from corridor.variations import Variations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from corridor.case import Case
    from corridor.network import Instrument
    from corridor.result import Result

__all__ = ["UnderMeasures"]


@dataclass
class UnderMeasures:
    """Solves each set of measures once; measures of one id are one measure."""

    case: Case
    scenario: str
    track: tuple[Instrument, ...]
    """measures that may come: streams are told apart as they need it in every solve"""
    tell: Callable[[str], None]
    known: dict[tuple[frozenset[str], float | None], Result] = field(default_factory=dict)
    void: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)
    """agreements that a set of measures makes impossible"""
    variations: dict[float | None, Variations] = field(default_factory=dict)
    """strength of the route preference -> what answers on one assembled program"""

    def result(self, instruments: Iterable[Instrument], kappa: float | None = None) -> Result:
        """The certified equilibrium under these measures; agreements that they make impossible are void."""
        chosen = {i.id: i for i in instruments}
        key = frozenset(chosen), kappa
        if key not in self.known:
            self.known[key] = self._solved(chosen, kappa)
            self.tell(f"{len(self.known)} equilibria")
        return self.known[key]

    def _solved(self, chosen: dict[str, Instrument], kappa: float | None) -> Result:
        every = frozenset(chosen)
        void = self.void.get(every) or frozenset().union(*(self.void.get(frozenset({i}), ()) for i in every))
        try:
            found = self._answer(chosen, void, kappa, explain=False)
        except InfeasibleError:
            left = [name for name in self._agreements(chosen) if name not in void]
            if not left:
                return self._answer(chosen, void, kappa)
            found, void = self._without(chosen, void, left, kappa)
        self.void[every] = void
        return found

    def _without(
        self, chosen: dict[str, Instrument], void: frozenset[str], left: list[str], kappa: float | None
    ) -> tuple[Result, frozenset[str]]:
        """With all agreements void, then with each of them back that can still be kept."""
        void |= frozenset(left)
        found = self._answer(chosen, void, kappa)
        for name in left:
            try:
                found = self._answer(chosen, void - {name}, kappa, explain=False)
            except InfeasibleError:
                continue
            void -= {name}
        return found, void

    def _agreements(self, chosen: dict[str, Instrument]) -> list[str]:
        """Agreements of the scenario about the goods that are banned."""
        goods = {i.target for i in chosen.values()}
        own = instruments_of(self.case, self.scenario)
        return sorted(i.id for i in own if i.kind == "agreement" and goods_touched(self.case, [i]) & goods)

    def _answer(
        self, chosen: dict[str, Instrument], void: frozenset[str], kappa: float | None, *, explain: bool = True
    ) -> Result:
        if kappa not in self.variations:
            # Everybody's goods are told apart in the same way in every solve, so that only the measures differ.
            track = distinctions_of(self.case, self.track)
            self.variations[kappa] = Variations(
                ask(self.case, self.scenario, track=track, kappa=kappa), tuple(self.track)
            )
        return self.variations[kappa].answer([chosen[i] for i in sorted(chosen)], void, explain=explain)
