"""What can go wrong, in one tree.

CorridorError                 anything Corridor raises on purpose; `exit_code` is the command line's
├── CaseError          (1)    the case's tables are at fault; carries every `Fault` found
├── QuestionError      (1)    the question names something that is not there, or can't be asked
│   └── NotObservedError      nothing was observed over the range that a calibration asks for
├── InfeasibleError    (1)    no flow satisfies the case and its instruments; says which, and by how much
├── ProgramError       (1)    a program was put together inconsistently (a bug, or arrays that don't fit)
├── SolverError        (3)    a solver stopped without an answer
├── ReportError        (1)    the document of a report is not in order (a bug), the front end is not built, or no file can be written
└── CertificateError   (3)    an answer whose optimality conditions do not pass; it is refused
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "CaseError",
    "CertificateError",
    "CorridorError",
    "Fault",
    "InfeasibleError",
    "NotObservedError",
    "ProgramError",
    "QuestionError",
    "ReportError",
    "SolverError",
]


@dataclass(frozen=True)
class Fault:
    """One fault of a case: where it is, what is wrong, what to do about it.

    `row` is the line of the file as a spreadsheet counts it (the header is row 1); None when the whole file is meant.
    """

    file: str
    row: int | None
    column: str | None
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f" row {self.row}"
        if self.column:
            place += f", '{self.column}'"
        return f"{place}: {self.message}" + (f"; {self.remedy}" if self.remedy else "")


class CorridorError(Exception):
    """Base of all errors that Corridor raises on purpose."""

    kind = "error"
    exit_code = 1


class CaseError(CorridorError):
    """The case's tables are at fault. `faults` has every one of them."""

    kind = "case"

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        lines = [message, *(f"  {fault}" for fault in self.faults)]
        super().__init__("\n".join(lines))
        self.message = message


class QuestionError(CorridorError):
    """The question names something that the case does not have, or cannot be asked of it."""

    kind = "question"


class NotObservedError(QuestionError):
    """A case has no observation over the range on which it is to be calibrated."""


class InfeasibleError(CorridorError):
    """No flow satisfies the case and its instruments. The message names what conflicts, in the case's words."""

    kind = "infeasible"


class ProgramError(CorridorError):
    """A program was put together inconsistently: arrays of different length, an unknown label."""

    kind = "program"


class ReportError(CorridorError):
    """The document of a report is not in order, the front end that draws it is not built, or no file can be written."""

    kind = "report"


class SolverError(CorridorError):
    """A solver stopped without an answer. The message says which solver, and its status."""

    kind = "solver"
    exit_code = 3


class CertificateError(CorridorError):
    """The optimality conditions of an answer do not pass, so it is refused."""

    kind = "certificate"
    exit_code = 3
