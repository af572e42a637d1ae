"""Questions per second on one assembled program, beside answering each from the start, in one run.

Coalitions of a bargain over gas and closures of corridors for crude, both on the bundled case: each answer certified, each
objective the same in both ways.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from corridor.analysis.coalitions import lay, solve_coalition, withheld
from corridor.calibration import calibrate
from corridor.case import corridor_screens, part_of, read_case
from corridor.network import Instrument, closure
from corridor.study import answer, ask
from corridor.variations import Variations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.result import Question, Result

PLAYERS = ("RUS", "KAZ", "UZB", "TKM", "CHN")
OBJECTIVES: dict[tuple[str, str], list[float]] = {}
RATES: dict[tuple[str, str], float] = {}
LEAST_RATIO = {"coalitions": 1.5, "closures": 1.2}
"""Well under what is measured, so that a busy machine does not fail: a small program gains more, since its solve is short."""


@dataclass(frozen=True)
class Bench:
    """Questions that differ in instruments alone."""

    name: str
    base: Question
    sets: Sequence[tuple[Instrument, ...]]

    def reused(self) -> list[Result]:
        """All of them on one program, which is assembled in the time that is measured."""
        every = {i for chosen in self.sets for i in chosen}
        shared = Variations(self.base, tuple(every))
        found = [shared.answer(chosen) for chosen in self.sets]
        assert not shared.anew
        return found

    def scratch(self) -> list[Result]:
        """Each prepared, built, formulated and solved."""
        return [
            answer(ask(self.base.case, self.base.scenario, chosen, foresight="perfect", dates=self.base.periods.starts))
            for chosen in self.sets
        ]


@pytest.fixture(scope="module", params=["coalitions", "closures"])
def bench(request: pytest.FixtureRequest) -> Bench:
    if request.param == "closures":
        part = calibrate(part_of(read_case("kazakhstan"), {"crude"}))
        names = sorted(corridor_screens(part))[:16]
        found = []
        for name in names:
            chosen = (closure(name),)
            try:
                answer(ask(part, with_=chosen, foresight="perfect"))
            except Exception:  # noqa: BLE001, S112 - a closure that the contracts forbid is no scenario of this benchmark
                continue
            found.append(chosen)
        return Bench("closures", ask(part, foresight="perfect"), found)
    table = lay(read_case("kazakhstan"), "gas", PLAYERS, "absent", "bind")
    coalitions = [frozenset(p for i, p in enumerate(PLAYERS) if s >> i & 1) for s in range(1, 1 << len(PLAYERS))]
    sets = [(*withheld(table, inside), *solve_coalition(table, inside).kept) for inside in coalitions]
    base = ask(table.case, table.scenario, foresight="perfect", calendar_with=table.agreements)
    return Bench("coalitions", base, sets)


# One thread works; the processor's own time does not count what else the machine does.
@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("way", ["scratch", "reused"])
def test_rate(benchmark: Any, bench: Bench, way: str) -> None:
    benchmark.extra_info |= {"instance": bench.name, "phase": way, "questions": len(bench.sets)}
    found = benchmark.pedantic(getattr(bench, way), rounds=3, warmup_rounds=1)
    OBJECTIVES[bench.name, way] = [result.objective for result in found]
    RATES[bench.name, way] = len(bench.sets) / min(benchmark.stats.stats.data)
    assert all(result.certificate.passed for result in found)
    if way == "reused":
        apart = [
            abs(one - other) / abs(other)
            for one, other in zip(OBJECTIVES[bench.name, way], OBJECTIVES[bench.name, "scratch"], strict=True)
        ]
        benchmark.extra_info["apart"] = max(apart)
        assert max(apart) <= 1e-6


def test_goal(bench: Bench) -> None:
    assert RATES[bench.name, "reused"] >= LEAST_RATIO[bench.name] * RATES[bench.name, "scratch"]
