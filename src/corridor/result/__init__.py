"""Solutions in the words of the case: tables, gains, prices, proof; saved and loaded."""

from __future__ import annotations

from corridor.result.explain import explain_infeasible
from corridor.result.model import Proof, Result, certified
from corridor.result.ranges import flow_ranges, price_unique, spare_cost, system_cost
from corridor.result.reading import Reading
from corridor.result.setup import Past, Question, Stage, StageProgram, network_of, stage_program
from corridor.result.store import check_certificate, load_result

__all__ = [
    "Past",
    "Proof",
    "Question",
    "Reading",
    "Result",
    "Stage",
    "StageProgram",
    "certified",
    "check_certificate",
    "explain_infeasible",
    "flow_ranges",
    "load_result",
    "network_of",
    "price_unique",
    "spare_cost",
    "stage_program",
    "system_cost",
]
