"""Types of the JSON documents: question, certificate and sources around a body (bodies.py)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from corridor.result.bodies import (  # noqa: TC001 (pydantic reads annotations at run time)
    CheckBody,
    CompareBody,
    Fault,
    ReplayBody,
    RunBody,
    ShareBody,
    SolveBody,
)
from corridor.result.game_bodies import BargainBody, RetaliateBody, RivalryBody  # noqa: TC001 (as above)
from corridor.result.invest_bodies import InvestBody  # noqa: TC001 (as above)
from corridor.result.rows import Model, Row
from corridor.result.stress_bodies import StressBody  # noqa: TC001 (as above)
from corridor.result.sweep_bodies import SweepBody  # noqa: TC001 (as above)

__all__ = ["DOCUMENTS", "SCHEMA"]

SCHEMA = 1
"""Number of the schema; within it fields are added, never changed."""


class Binding(Row):
    """A limit that binds, and what one more unit of it would be worth."""

    what: str
    name: str
    period: str
    rent: float
    unit: str


class _Conditions(Model):
    passed: bool
    imbalance: float | None
    bound_violation: float | None
    stationarity: float | None
    dual_infeasibility: float | None
    complementarity: float | None
    gap: float | None
    why_absent: str | None = None


class Certificate(_Conditions):
    """The optimality conditions as numbers: the worst of all stages, then each; and the accounts that must close."""

    gains_residual: float | None
    rent_unexplained: float | None
    instruments_applied: bool
    piece_error: float
    fixed_point: float = 0.0
    """how far what the programs take as given is from what their solutions say: flows that costs depend on, duties"""
    starts_apart: float = 0.0
    """how far apart two starts of duties ad valorem led, as found when it was solved"""
    threshold: float
    stages: list[_Conditions]


class _Head(Model):
    schema_: Literal[1] = Field(alias="schema")
    question: dict[str, Any]
    """every argument as understood, instruments as objects"""
    case: str
    case_hash: str
    """sha256 of the case's settings and tables"""
    version: str
    """of Corridor"""
    answer: str
    """one sentence that answers"""
    warnings: list[str]


class _Answer(_Head):
    scenario: str
    certificate: Certificate
    binding: list[Binding]
    sources: list[str]
    """keys of sources.csv"""
    assumed: list[str]


class RunDocument(_Answer):
    """What `run` says."""

    verb: Literal["run"]
    result: RunBody


class SolveDocument(_Answer):
    """What `solve` says."""

    verb: Literal["solve"]
    result: SolveBody


class ShareDocument(_Answer):
    """What `share` says."""

    verb: Literal["share"]
    result: ShareBody


class CompareDocument(_Answer):
    """What `compare` says."""

    verb: Literal["compare"]
    result: CompareBody


class CheckDocument(_Head):
    """What `check` says."""

    verb: Literal["check"]
    result: CheckBody


class Error(Model):
    """Why there is no answer."""

    kind: str
    message: str
    faults: list[Fault]


class ErrorDocument(Model):
    """What any verb prints where it cannot answer."""

    schema_: Literal[1] = Field(alias="schema")
    verb: str
    error: Error


class ReplayCertificate(Model):
    """Each of the solves has a certificate of its own that passed; the largest gap among them."""

    passed: bool
    gap: float | None
    solves: int


class ReplayDocument(_Head):
    """What `replay` says."""

    verb: Literal["replay"]
    result: ReplayBody
    certificate: ReplayCertificate
    sources: list[str]
    assumed: list[str]


class RetaliateDocument(_Answer):
    """What `retaliate` says; certificate and binding are those of the year without measures."""

    verb: Literal["retaliate"]
    result: RetaliateBody


class StressDocument(_Answer):
    """What `stress` says; the certificate is that of the base, and every set that was solved passed one of its own."""

    verb: Literal["stress"]
    result: StressBody


class InvestDocument(_Answer):
    """What `invest` says; certificate and binding are those of the year asked about, with the plan built and the limit kept."""

    verb: Literal["invest"]
    result: InvestBody


class BargainDocument(_Head):
    """What `bargain` says. Each solve has a certificate of its own that passed; `binding` is that of all players together."""

    verb: Literal["bargain"]
    scenario: str
    result: BargainBody
    certificate: ReplayCertificate
    binding: list[Binding]
    sources: list[str]
    assumed: list[str]


class SweepCertificate(Model):
    """Each answer stands on solves whose certificates passed; the worst relative error among them."""

    passed: bool
    worst: float | None


class SweepDocument(_Head):
    """What `sweep` and `sweep show` say."""

    verb: Literal["sweep"]
    result: SweepBody
    certificate: SweepCertificate


class RivalryDocument(_Head):
    """What `rivalry` says. Each of three solves has a certificate of its own that passed; `binding` is that of `one`."""

    verb: Literal["rivalry"]
    scenario: str
    result: RivalryBody
    certificate: ReplayCertificate
    binding: list[Binding]
    sources: list[str]
    assumed: list[str]


DOCUMENTS: dict[str, type[BaseModel]] = {
    "run": RunDocument,
    "solve": SolveDocument,
    "share": ShareDocument,
    "compare": CompareDocument,
    "check": CheckDocument,
    "replay": ReplayDocument,
    "retaliate": RetaliateDocument,
    "stress": StressDocument,
    "bargain": BargainDocument,
    "invest": InvestDocument,
    "sweep": SweepDocument,
    "rivalry": RivalryDocument,
    "error": ErrorDocument,
}
"""Verb -> type of its document; `error` is that of every verb."""
