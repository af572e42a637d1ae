"""Types of the bodies of `retaliate`, `bargain` and `rivalry` answers; the sentences below fields are their descriptions."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from corridor.result.rows import Model, Row

__all__ = ["BargainBody", "RetaliateBody", "RivalryBody"]


class GameAction(Row):
    """What a side can do."""

    side: str
    action: str
    """`nothing`, `imports:GOOD`, `exports:GOOD`, `transit:GOOD` (bans, each), or `everything`"""
    name: str
    instruments: list[dict[str, Any]]
    volume: float | None
    """what it stops, without any measure"""
    unit: str
    dominated_by: str | None
    """an action of the same side that is never worse and somewhere better"""
    strictly: bool
    """whether that one is better against everything that the other side can do"""


class GameLeftOut(Model):
    """A ban that is no action, and why."""

    side: str
    action: str
    name: str
    why: str


class GameVoid(Model):
    """Agreements that an action makes impossible, so that they are void under it."""

    side: str
    action: str
    agreements: list[str]


class GamePayoff(Row):
    """What a side's gains change against no measure, under a pair of actions."""

    first: str
    """action of the first side"""
    second: str
    """action of the second side"""
    side: str
    value: float
    producers: float
    consumers: float
    government: float
    unit: str
    per_cent_of_gdp: float | None


class GamePair(Row):
    """A pair of actions, and what each side's gains change by it."""

    first: str
    second: str
    payoff_first: float
    payoff_second: float
    unit: str


class GameOutcome(GamePair):
    """Where doing nothing, or a first move, leads."""

    what: Literal["status_quo", "first_mover"]
    leader: str
    """who moves first; blank for the status quo"""


class GameChance(Model):
    """How likely a side takes an action."""

    side: str
    action: str
    probability: float


class GameMixed(Model):
    """An equilibrium in which both sides draw their actions at random."""

    chances: list[GameChance]
    payoff_first: float
    payoff_second: float
    unit: str


class GameLeverage(Row):
    """What an action alone costs its side and the other, over the assumed strengths of the route preference."""

    side: str
    action: str
    value: float | None
    """the other's loss over the own loss; null unless both are losses over the whole range"""
    class_: str = Field(alias="class")
    own_low: float
    own_high: float
    other_low: float
    other_high: float
    unit: str


class GameGdp(Row):
    """Gross domestic product of a side over the calendar."""

    side: str
    value: float | None
    unit: str


class RetaliateBody(Model):
    """The game of trade measures between two countries."""

    sides: list[str]
    """the first and the second"""
    actions: list[GameAction]
    left_out: list[GameLeftOut]
    voids: list[GameVoid]
    payoffs: list[GamePayoff]
    equilibria: list[GamePair]
    """all pairs from which neither side gains by leaving alone, ties included"""
    mixed: list[GameMixed]
    """looked for only where there is no pure equilibrium"""
    leverage: list[GameLeverage]
    outcomes: list[GameOutcome]
    gdp: list[GameGdp]
    tolerance: float
    """payoffs closer than this, in million USD, are ties"""
    solves: int
    """certified equilibria behind the answer"""
    gap: float
    """the largest of their certificates"""
    gains_residual: float
    """the largest of their accounts: sum of gains less what it should be, relative"""


class BargainPlayer(Row):
    """What one state can claim; null where it is withheld."""

    player: str
    alone: float
    """what it gains while every other player withholds"""
    shapley: float
    standard_error: float
    """0 where every coalition was solved"""
    nucleolus: float | None
    share: float | None
    """its part of what all gain together above what each gains alone"""
    unit: str


class BargainClash(Model):
    """Two coalitions that gain less together than apart: the game is not superadditive."""

    one: list[str]
    other: list[str]
    loss: float


class BargainCoalition(Model):
    """What some players gain while the others withhold."""

    members: list[str]
    value: float
    released: list[str]
    """targets of contracts that cannot be kept then"""


class BargainToll(Row):
    """What a transit state could take from goods of others that leave it, over links that it controls."""

    player: str
    links: list[str]
    taken_on: Literal["ways out", "ways in"]
    """on the ways in, what the state buys for itself counts as if it crossed: provisional"""
    transit: float
    """without a further fee, over the calendar"""
    transit_unit: str
    half_fee: float | None
    """the highest fee at which half of the transit stays"""
    best_fee: float
    """the fee by which its gains rise most"""
    best_gain: float
    best_transit: float
    unit: str
    gain_unit: str


class BargainBody(Row):
    """A cooperative game over who withholds; values over the calendar."""

    players: list[BargainPlayer]
    grand_value: float
    surplus: float
    """what all gain together above what each gains alone"""
    unit: str
    superadditive: bool | None
    clash: BargainClash | None
    core_empty: bool | None
    coalitions: list[BargainCoalition]
    tolls: list[BargainToll]


class RivalryGain(Row):
    """What one country gains under each conduct of the sellers, over the calendar."""

    country: str
    """`rest`: everybody who is neither seller nor buyer"""
    what: Literal["mark-ups", "producers", "country"]
    """`mark-ups` on what it sells in the markets; `producers`: surplus of producers and stores; `country`: all it gains"""
    competitive: float
    """each seller takes the price as given"""
    rivals: float
    """each counts what its own sales do to the price"""
    one: float
    """all count what their sales together do to it"""
    difference: float
    """one less rivals"""
    unit: str


class RivalryPrice(Row):
    """What buyers pay under each conduct, and how much they buy."""

    demand: str
    competitive: float | None
    rivals: float | None
    one: float | None
    price_unit: str
    volume_competitive: float
    volume_rivals: float
    volume_one: float
    unit: str


class RivalryResale(Row):
    """Two markets between which buyers could trade at a gain if the sellers were one."""

    start: str
    end: str
    gain: float
    unit: str


class RivalryBody(Row):
    """What sellers gain by selling as one in place of as rivals; values over the calendar."""

    markets: list[str]
    """demands in which they know what their sales do to the price"""
    together: float
    """what the sellers' countries gain together, as one less as rivals"""
    buyers: float
    """what the buyers' countries gain by it"""
    unit: str
    gains: list[RivalryGain]
    prices: list[RivalryPrice]
    resales: list[RivalryResale]
