"""Corridor: who controls a trade corridor, what its closure does, and who pays.

    import corridor as co
    case = co.read_case("kazakhstan")

Every public word is listed in `__all__` and loaded when it is first used, so that `import corridor` and the command
line's `--help` are quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from corridor.version import __version__

if TYPE_CHECKING:
    from corridor.analysis import (
        Bargain,
        ClosureSet,
        Comparison,
        Invest,
        Replay,
        Retaliation,
        Rivalry,
        Share,
        Stress,
        bargain,
        compare,
        invest,
        replay,
        retaliate,
        rivalry,
        share,
        solve,
        stress,
    )
    from corridor.calibration import calibrate
    from corridor.case import Case, check_case, evidence, new_case, read_case, write_case
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
    from corridor.network import (
        Instrument,
        agreement,
        area_closure,
        ban,
        capacity,
        closure,
        derating,
        fee,
        membership,
        outage,
        parse_instrument,
        quota,
        stock_release,
        subsidy,
        tariff,
        tariff_quota,
        transit_ban,
    )
    from corridor.report import write_report
    from corridor.result import Result, check_certificate, load_result

__all__ = [
    "Bargain",
    "Case",
    "CaseError",
    "CertificateError",
    "ClosureSet",
    "Comparison",
    "CorridorError",
    "Fault",
    "InfeasibleError",
    "Instrument",
    "Invest",
    "ProgramError",
    "QuestionError",
    "Replay",
    "Result",
    "Retaliation",
    "Rivalry",
    "Share",
    "SolverError",
    "Stress",
    "__version__",
    "agreement",
    "area_closure",
    "ban",
    "bargain",
    "calibrate",
    "capacity",
    "check_case",
    "check_certificate",
    "closure",
    "compare",
    "derating",
    "evidence",
    "fee",
    "invest",
    "load_result",
    "membership",
    "new_case",
    "outage",
    "parse_instrument",
    "quota",
    "read_case",
    "replay",
    "retaliate",
    "rivalry",
    "share",
    "solve",
    "stock_release",
    "stress",
    "subsidy",
    "tariff",
    "tariff_quota",
    "transit_ban",
    "write_case",
    "write_report",
]

_HOMES = {
    "Bargain": "corridor.analysis",
    "Case": "corridor.case",
    "CaseError": "corridor.errors",
    "CertificateError": "corridor.errors",
    "ClosureSet": "corridor.analysis",
    "Comparison": "corridor.analysis",
    "CorridorError": "corridor.errors",
    "Fault": "corridor.errors",
    "InfeasibleError": "corridor.errors",
    "Instrument": "corridor.network",
    "Invest": "corridor.analysis",
    "ProgramError": "corridor.errors",
    "QuestionError": "corridor.errors",
    "Replay": "corridor.analysis",
    "Result": "corridor.result",
    "Retaliation": "corridor.analysis",
    "Rivalry": "corridor.analysis",
    "Share": "corridor.analysis",
    "SolverError": "corridor.errors",
    "Stress": "corridor.analysis",
    "agreement": "corridor.network",
    "area_closure": "corridor.network",
    "ban": "corridor.network",
    "bargain": "corridor.analysis",
    "calibrate": "corridor.calibration",
    "capacity": "corridor.network",
    "check_case": "corridor.case",
    "check_certificate": "corridor.result",
    "closure": "corridor.network",
    "compare": "corridor.analysis",
    "derating": "corridor.network",
    "evidence": "corridor.case",
    "fee": "corridor.network",
    "invest": "corridor.analysis",
    "load_result": "corridor.result",
    "membership": "corridor.network",
    "new_case": "corridor.case",
    "outage": "corridor.network",
    "parse_instrument": "corridor.network",
    "quota": "corridor.network",
    "read_case": "corridor.case",
    "replay": "corridor.analysis",
    "retaliate": "corridor.analysis",
    "rivalry": "corridor.analysis",
    "share": "corridor.analysis",
    "solve": "corridor.analysis",
    "stock_release": "corridor.network",
    "stress": "corridor.analysis",
    "subsidy": "corridor.network",
    "tariff": "corridor.network",
    "tariff_quota": "corridor.network",
    "transit_ban": "corridor.network",
    "write_case": "corridor.case",
    "write_report": "corridor.report",
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
