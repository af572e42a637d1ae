"""Types of the bodies of JSON answers, one a verb, and of their parts; the sentences below fields are their descriptions."""

from __future__ import annotations

from pydantic import Field

from corridor.result.game_bodies import (  # noqa: TC001 (pydantic reads annotations at run time)
    BargainBody,
    RetaliateBody,
    RivalryBody,
)
from corridor.result.invest_bodies import InvestBody  # noqa: TC001 (as above)
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
    Sale,
    Stock,
    Supply,
    Unserved,
)
from corridor.result.stress_bodies import StressBody  # noqa: TC001 (as above)
from corridor.result.sweep_bodies import SpreadRow  # noqa: TC001 (pydantic reads annotations at run time)

__all__ = [
    "BorderPart",
    "CheckBody",
    "CompareBody",
    "ComparedBudget",
    "ComparedExports",
    "ComparedGain",
    "ComparedLink",
    "ComparedNetback",
    "ComparedPrice",
    "ComparedRoute",
    "Decomposition",
    "Event",
    "Fault",
    "Headline",
    "NMinusOnePart",
    "PartnerPart",
    "ReplayAlarms",
    "ReplayBody",
    "ReplayErrors",
    "ReplaySkill",
    "ReplayedShock",
    "Rerouted",
    "RoutePart",
    "RunBody",
    "SecurityPart",
    "ShareBody",
    "SolveBody",
]


class SolveBody(Model):
    """Volumes, prices and gains of one scenario."""

    flows: list[Flow]
    prices: list[Price]
    supply: list[Supply]
    deliveries: list[Delivery]
    activity: list[Activity] = []  # noqa: RUF012
    sales: list[Sale] = []  # noqa: RUF012
    """of sellers with market power"""
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


class PartnerPart(Model):
    """A destination of exports, or an origin of imports."""

    country: str
    share: float


class BorderPart(Row):
    """A link over the country's border; averages over the window."""

    link: str
    capacity: float | None
    flow: float
    spare: float | None
    unit: str


class NMinusOnePart(Row):
    """Regulation (EU) 2017/1938, Annex II: 100 (entry + production + storage - largest) / demand, in the peak period."""

    value: float | None
    """per cent"""
    period: str
    unit: str
    entry: float | None
    production: float | None
    storage: float
    largest: float | None
    largest_entry: str
    demand: float


class SecurityPart(Row):
    """Indicators of the trade asked about."""

    hhi_partners: float
    """Herfindahl-Hirschman index of partners' shares, 0 to 10,000"""
    partners: list[PartnerPart]
    n_1: NMinusOnePart | None
    """of imports only"""
    days_of_cover: float | None
    """average stock in the country over average daily use"""
    stock: float
    stock_unit: str
    border: list[BorderPart]


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
    security: SecurityPart | None = None


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
    good: str


class ComparedUnserved(_Compared):
    """Rate below what is wanted at usual prices, of a demand that hardly answers to prices."""

    demand: str
    node: str
    good: str
    period: str


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
    unserved: list[ComparedUnserved]
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

    verb: str
    """of the command that answers it"""
    scenario: str
    question: str
    answer: str
    details: list[str]
    command: str
    result: StressBody | BargainBody | RetaliateBody | InvestBody | RivalryBody | None
    """what that command says under `result`; null for `solve`, `share` and `compare`"""
    variations: list[SpreadRow] = Field(default_factory=list)
    """with --variations: how each number of the answer spreads, on the annual network, its good apart"""


class RunBody(Model):
    """The headline answers, and where the report went."""

    answers: list[Headline]
    report: str
    result: str
    results: list[str]
    """one base for each part of the case that nothing ties to the others; `result` is the first"""
    left_out: list[str] = Field(default_factory=list)
    """with --variations: what the variations do not look at"""


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
