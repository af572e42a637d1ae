"""Types of the body of a `sweep` answer; the sentences below fields are their descriptions."""

from __future__ import annotations

from typing import Literal

from corridor.result.rows import Model, Row

__all__ = ["SweepBody"]


class QuantileRow(Model):
    """A quantile of the answers."""

    at: float
    value: float


class SpreadRow(Row):
    """How one answer spreads over the variations."""

    question: str
    scenario: str
    unit: str
    """blank for a share"""
    own: float | None
    """the answer in the case as it is"""
    count: int
    """variations that have an answer"""
    failed: int
    """variations that have none"""
    holds: int
    """of `count`, how many keep the answer"""
    rule: str
    """what keeping it means"""
    low: float | None
    high: float | None
    mean: float | None
    quantiles: list[QuantileRow]


class BarRow(Row):
    """How much one factor moves an answer."""

    factor: str
    value: float
    at_low: float | None
    """the answer at the low end of the factor's range, where the method works it out"""
    at_high: float | None
    spread: float | None
    """standard deviation of the effects, of Morris's method"""


class TornadoRow(Model):
    """The factors of one answer, the one that moves it most first."""

    question: str
    scenario: str
    bars: list[BarRow]


class FigureRow(Row):
    """A figure that varies, in canonical units."""

    name: str
    factor: str
    """figures of one factor move together"""
    kind: Literal["knowledge", "change"]
    nominal: float
    low: float
    high: float
    unit: str
    confidence: str
    assumed: bool
    """nobody told a range: it is a share of the value, by confidence"""


class FailureRow(Model):
    """Why variations have no answer."""

    reason: str
    count: int


class SweepBody(Model):
    """Whether answers hold over the variations of a design."""

    folder: str
    method: str
    seed: int
    variations: int
    done: int
    spreads: list[SpreadRow]
    measure: str
    """what `value` of a bar is"""
    chance: float | None
    """size below which `value` cannot be told from chance; null where the method has no chance in it"""
    tornado: list[TornadoRow]
    figures: list[FigureRow]
    failures: list[FailureRow]
    design_hash: str
