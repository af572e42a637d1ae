"""Why a solver gave no answer: one word for all solvers."""

from __future__ import annotations

from typing import Literal

from corridor.errors import SolverError

__all__ = ["FailureStatus", "InfeasibleProgram", "SolverFailure"]

FailureStatus = Literal["infeasible", "unbounded", "limit", "error"]


class SolverFailure(SolverError):  # noqa: N818 - "failure" says what it is
    """A solver ended without an optimum; `status` says how."""

    def __init__(self, message: str, status: FailureStatus) -> None:
        super().__init__(message)
        self.status: FailureStatus = status


class InfeasibleProgram(SolverFailure):
    """No point satisfies the rows and bounds. `relax` and `irreducible_conflict` tell which of them clash."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "infeasible")


def failure(solver: str, detail: str, status: FailureStatus) -> SolverFailure:
    """The error to raise when `solver` ended with its own status text `detail`."""
    if status == "infeasible":
        return InfeasibleProgram(f"{solver} found that no point satisfies the program ({detail})")
    meaning = {
        "unbounded": "found that the cost falls without end: a column with negative cost has no upper limit",
        "limit": "stopped at a limit before the optimum",
        "error": "stopped without an answer",
    }[status]
    return SolverFailure(f"{solver} {meaning} ({detail})", status)
