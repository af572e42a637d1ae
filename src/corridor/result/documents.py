"""Types of the JSON documents, one model a document or a part of it; the sentences below fields are their descriptions."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from corridor.result.rows import (
    Activity,
    Change,
    Delivery,
    Flow,
    Gain,
    Line,
    Model,
    Netback,
    Price,
    Row,
    Stock,
    Supply,
    Unserved,
)

__all__ = ["DOCUMENTS", "SCHEMA"]

SCHEMA = 1
"""Number of the schema; within it fields are added, never changed."""


class SolveBody(Model):
    """Volumes, prices and gains of one scenario."""

    flows: list[Flow]
    prices: list[Price]
    supply: list[Supply]
    deliveries: list[Delivery]
    activity: list[Activity] = []  # noqa: RUF012
    unserved: list[Unserved]
    stocks: list[Stock]
    netback: list[Netback]
    gains: list[Gain]
    accounting: list[Line]
    objective: float
    """the market objective over the calendar"""
    objective_unit: str
    ledger: list[Change]


class RoutePart(Model):
    """The part of a share that takes one route corridor."""

    corridor: str
    """blank: crosses no screen of a route corridor"""
    quantity: float
    share: float


class ShareBody(Model):
    """Which share of a country's trade goes through, to or by something."""

    value: float
    low: float | None
    """range over solutions that cost at most 0.1 % of the good's system cost more; null where not worked out (see warnings)"""
    high: float | None
    data_low: float | None
    """range over what sources say differently; null where they do not, or not worked out"""
    data_high: float | None
    quantity: float
    total: float
    unit: str
    period: str
    basis: str
    denominator: str
    delivered_in: float
    """delivered in the country asked about, which is no transit through it"""
    routes: list[RoutePart]
    """their shares add up to `value`"""
    all_routes: list[RoutePart]
    """how all of `total` is carried"""
    hhi: float
    """Herfindahl-Hirschman index of route shares, 0 to 10,000"""


class _Compared(Row):
    base: float | None
    changed: float | None
    difference: float | None
    unit: str


class ComparedLink(_Compared):
    """Volume of a link, all origins, before and after."""

    link: str
    good: str
    period: str


class ComparedPrice(_Compared):
    """Price at a node, before and after."""

    node: str
    good: str
    period: str


class ComparedRoute(_Compared):
    """Volume on the screen of a route corridor, before and after."""

    corridor: str
    good: str
    period: str


class ComparedNetback(_Compared):
    """Netback by field, route and market, before and after; null where the way is not used."""

    field: str
    route: str
    market: str


class ComparedGain(_Compared):
    """Gain of a party over the calendar, before and after."""

    country: str
    party: str
    role: str
    good: str


class ComparedBudget(_Compared):
    """What a government receives over the calendar, before and after."""

    country: str
    good: str


class ComparedExports(_Compared):
    """What a country delivers abroad, before and after; `difference` is negative where exports are lost."""

    country: str
    good: str
    period: str


class Rerouted(Row):
    """What a route corridor carries more."""

    corridor: str
    good: str
    quantity: float
    unit: str


class Decomposition(Row):
    """drop = rerouted + output_lost + stock_change + domestic + losses + unexplained."""

    period: str
    good: str
    drop: float
    rerouted: float
    output_lost: float
    stock_change: float
    domestic: float
    losses: float
    exports_lost: float
    """beside the sum, no term of it"""
    unexplained: float
    unit: str


class Event(Row):
    """Something that happens on a day: tanks full, first field shut in, restart."""

    event: str
    date: str
    days: int | None
    """since the first instrument that the base lacks"""
    what: str
    note: str


class CompareBody(Model):
    """What an instrument or a scenario changes against the base."""

    volumes: list[ComparedLink]
    prices: list[ComparedPrice]
    routes: list[ComparedRoute]
    netback: list[ComparedNetback]
    gains: list[ComparedGain]
    budget: list[ComparedBudget]
    exports_lost: list[ComparedExports]
    rerouted: list[Rerouted]
    by_period: list[Decomposition]
    timeline: list[Event]


class Fault(Model):
    """One fault of a case."""

    file: str
    row: int | None
    """line of the file; the header is row 1"""
    column: str | None
    message: str
    remedy: str


class CheckBody(Model):
    """What is wrong with a case, and what has no source or licence."""

    faults: list[Fault]
    unsourced: list[Fault]
    unlicensed: list[Fault]
    counts: dict[str, dict[str, int]]


class Headline(Model):
    """One question of the case's headline, answered."""

    scenario: str
    question: str
    answer: str
    details: list[str]
    command: str


class RunBody(Model):
    """The headline answers, and where the report went."""

    answers: list[Headline]
    report: str
    result: str
    results: list[str]
    """one base for each part of the case that nothing ties to the others; `result` is the first"""


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


class ReplayedShock(Row):
    """A documented shock: levels, changes predicted and observed, and how far off. Errors are shares of `before`."""

    id: str
    name: str
    good: str
    measure: str
    calibrated_on: int
    window: str
    before: float
    observed: float
    predicted: float | None
    error: float | None
    error_no_change: float | None
    lost_times_flow: float
    error_lost_times_flow: float | None
    unit: str
    effect: bool
    sign_right: bool | None
    first_route: list[str]
    routes: list[str]
    """route corridors that gain, most first"""
    route_right: bool | None
    alarm: bool
    known_on: str | None
    conditional: bool
    """its size was known only after it began; not in the headline"""
    scored: bool
    used_for: list[str]
    note: str


class ReplayErrors(Model):
    """Errors of the shocks with effect that count."""

    median: float | None
    worst: float | None
    n: int


class ReplayAlarms(Model):
    """Shocks without effect that count, and how many of them the model tells an effect of."""

    false_alarms: int
    n: int


class ReplaySkill(Model):
    """One less the ratio of summed errors, model over naive rule, over all shocks that count; above 0 is better."""

    no_change: float | None
    lost_times_flow: float | None


class ReplayBody(Model):
    """Documented shocks, predicted from an earlier year."""

    shocks: list[ReplayedShock]
    with_effect: ReplayErrors
    zero_effect: ReplayAlarms
    skill: ReplaySkill


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


DOCUMENTS: dict[str, type[BaseModel]] = {
    "run": RunDocument,
    "solve": SolveDocument,
    "share": ShareDocument,
    "compare": CompareDocument,
    "check": CheckDocument,
    "replay": ReplayDocument,
    "error": ErrorDocument,
}
"""Verb -> type of its document; `error` is that of every verb."""
