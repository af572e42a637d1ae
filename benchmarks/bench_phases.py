"""Time of each phase between a case in memory and its certified, labelled answer, beside the solver's own call.

`scripts/bench` runs this and writes docs/benchmarks.md. A goal stands at the end: what is ours stays under a tenth of
the solver's call, or under 0.1 s where that is more.
"""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from floor import floor_program
from instances import case_of, make

from corridor.case import read_case, write_case
from corridor.result import Question, Result, Stage, StageProgram, network_of, stage_program
from corridor.result.fixed_point import Assumed
from corridor.solver import certify, piqp, vertex
from corridor.study import ask

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.case import Case
    from corridor.network import Network
    from corridor.program import Program, Solution

# One thread works; the processor's own time does not count what else the machine does.
pytestmark = pytest.mark.benchmark(timer=time.process_time)
ROUNDS = 7
SHARE, SECONDS = 0.1, 0.1
"""The goal: ours over the solver's, or seconds where that is more."""
OURS = ("build", "formulate", "certify", "label")


@dataclass(frozen=True)
class Bench:
    """One instance under one formulation, with what each phase hands to the next."""

    size: str
    kind: str
    case: Case
    question: Question
    network: Network
    built: StageProgram
    solution: Solution
    floor: Program

    @property
    def name(self) -> str:
        """`M fixed`"""
        return f"{self.size} {self.kind}"

    def solve(self, program: Program) -> Solution:
        """The call that `solve_program` makes first for this kind of program, by the same method on any arrays."""
        return (vertex if self.kind == "fixed" else piqp).solve(program)

    def build(self) -> Network:
        """Case and instruments to arrays."""
        return network_of(self.question)

    def formulate(self) -> StageProgram:
        """Arrays to a program, and the program that the solver gets."""
        return stage_program(self.question, self.network, 0, None, emergency=False, assumed=Assumed())

    def result(self) -> Result:
        """A result that has not been asked anything yet."""
        whole = self.built.reduced.expand(self.solution, self.built.full)
        return Result(self.question, (Stage(self.question.periods.starts[0], 0, whole),), (), (self.built,))

    def certify(self) -> Result:
        """The proof: optimality conditions, settlement, gains identity."""
        result = self.result()
        assert result.certificate.passed
        return result


def formulation(kind: str) -> str:
    """The formulation of a kind of instance."""
    return "min_cost_flow" if kind == "fixed" else "spatial_equilibrium"


@pytest.fixture(scope="module", params=["S fixed", "S elastic", "M fixed", "M elastic"])
def bench(request: pytest.FixtureRequest) -> Bench:
    size, kind = request.param.split()
    instance = make(size)
    case = case_of(instance, kind)
    question = ask(case, formulation=formulation(kind))
    network = network_of(question)
    built = stage_program(question, network, 0, None, emergency=False, assumed=Assumed())
    engine = vertex if kind == "fixed" else piqp
    solution = engine.solve(built.reduced.program)
    return Bench(size, kind, case, question, network, built, solution, floor_program(instance, kind))


LEAST: dict[tuple[str, str], float] = {}
"""Least time of each instance and phase: what else a machine does only adds to it."""


def measure(benchmark: Any, bench: Bench, phase: str, run: Any, setup: Any = None) -> Any:
    benchmark.extra_info |= {"instance": bench.name, "phase": phase}
    result = benchmark.pedantic(run, setup=setup, rounds=ROUNDS, warmup_rounds=1)
    LEAST[bench.name, phase] = min(benchmark.stats.stats.data)
    return result


def test_read(benchmark, bench, tmp_path_factory):
    """A folder of CSV tables, checked whole."""
    folder: Path = write_case(bench.case, tmp_path_factory.mktemp("case") / bench.name.replace(" ", "_"))
    benchmark.extra_info |= {"instance": bench.name, "phase": "read"}
    assert benchmark.pedantic(lambda: read_case(folder), rounds=2) is not None


def test_build(benchmark, bench):
    rows, columns = bench.built.full.matrix.shape
    benchmark.extra_info |= {"rows": rows, "columns": columns, "entries": bench.built.full.matrix.nnz}
    assert measure(benchmark, bench, "build", bench.build).name == bench.case.name


def test_formulate(benchmark, bench):
    assert measure(benchmark, bench, "formulate", bench.formulate).full.matrix.shape == bench.built.full.matrix.shape


def test_solve(benchmark, bench):
    solution = measure(benchmark, bench, "solve", lambda: bench.solve(bench.built.reduced.program))
    assert certify(bench.built.reduced.program, solution).passed


def test_solve_the_floor(benchmark, bench):
    """The same method on the arrays of the floor; the two optima are one number."""
    raw = measure(benchmark, bench, "floor", lambda: bench.solve(bench.floor)).objective
    years = float(bench.network.years[0])
    ours = bench.result().objective
    if bench.kind == "fixed":
        # The floor pays for what goes unserved; Corridor earns what is served.
        served_all = bench.network.demands.unserved_value[0] @ bench.network.demands.reference[0]
        ours = ours - years * served_all
    benchmark.extra_info |= {"objective": -ours / years, "floor": raw}
    assert -ours / years == pytest.approx(raw, rel=1e-6)


def test_certify(benchmark, bench):
    assert measure(benchmark, bench, "certify", bench.certify).certificate.passed


def test_label(benchmark, bench):
    """Flows and prices as tables, from a certified result that nobody has read yet."""

    def read_back(result: Result) -> tuple[Any, Any]:
        return result.flows, result.prices

    flows, _ = measure(benchmark, bench, "label", read_back, setup=lambda: ((bench.certify(),), {}))
    assert len(flows) == len(bench.network.flows.link)


def test_goal(bench):
    ours = sum(LEAST[bench.name, phase] for phase in OURS)
    for call in ("solve", "floor"):
        assert ours <= max(SHARE * LEAST[bench.name, call], SECONDS), f"{bench.name}: {1e3 * ours:.0f} ms"


@pytest.mark.benchmark(timer=time.perf_counter)
@pytest.mark.parametrize(
    "module", ["corridor", "corridor.case", "corridor.study", "corridor.analysis"], ids=lambda m: m.replace(".", "_")
)
def test_import(benchmark, module):
    """A whole process that imports and ends."""
    benchmark.extra_info |= {"instance": module, "phase": "import"}
    done = benchmark.pedantic(
        lambda: subprocess.run([sys.executable, "-c", f"import {module}"], check=True), rounds=3, warmup_rounds=1
    )
    assert done.returncode == 0
