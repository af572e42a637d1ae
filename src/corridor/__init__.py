"""Corridor: who controls a trade corridor, what its closure does, and who pays.

    import corridor as co
    case = co.read_case("kazakhstan")

Every public word is listed in `__all__` and loaded when it is first used, so that `import corridor` and the command
line's `--help` are quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor.errors import (
        CaseError,
        CertificateError,
        CorridorError,
        Fault,
        InfeasibleError,
        ProgramError,
        QuestionError,
        SolverError,
    )

__version__ = "0.1.0"

__all__ = [
    "CaseError",
    "CertificateError",
    "CorridorError",
    "Fault",
    "InfeasibleError",
    "ProgramError",
    "QuestionError",
    "SolverError",
    "__version__",
]

_HOMES = {
    "CaseError": "corridor.errors",
    "CertificateError": "corridor.errors",
    "CorridorError": "corridor.errors",
    "Fault": "corridor.errors",
    "InfeasibleError": "corridor.errors",
    "ProgramError": "corridor.errors",
    "QuestionError": "corridor.errors",
    "SolverError": "corridor.errors",
}
"""Public word -> the door it comes through. A word stands here, in `__all__` and among the imports above."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'corridor' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
