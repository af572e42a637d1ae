"""Types of the rows of JSON answers; the sentences below fields are their descriptions."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = [
    "Activity",
    "Change",
    "Delivery",
    "Flow",
    "Gain",
    "Line",
    "Model",
    "Netback",
    "Price",
    "Row",
    "Sale",
    "Stock",
    "Supply",
    "Unserved",
]


class Model(BaseModel):
    """What all types share."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Row(Model):
    """A row of an answer."""

    why_absent: str | None = None
    """why a number is null; blank or left out where none is"""


class Flow(Row):
    """What passes a link in a period."""

    link: str
    good: str
    stream: str
    """the good together with the trade class that is told apart"""
    period: str
    """first day, slash, first day no longer in it: `2024-03-01/2024-04-01`"""
    value: float
    unit: str


class Price(Row):
    """The price of a good at a node; null where nothing passes."""

    node: str
    good: str
    stream: str
    period: str
    value: float | None
    unit: str


class Activity(Row):
    """What a process does, in the unit of its good."""

    process: str
    node: str
    good: str
    period: str
    value: float
    unit: str


class Supply(Row):
    """What a field gives, or a process (`process.good`)."""

    supply: str
    node: str
    good: str
    stream: str
    period: str
    value: float
    unit: str


class Delivery(Row):
    """What a demand takes, or a process (`process.good`)."""

    demand: str
    node: str
    good: str
    stream: str
    period: str
    value: float
    unit: str


class Sale(Row):
    """What a seller with market power sells to a demand."""

    seller: str
    """row of conduct.csv"""
    demand: str
    good: str
    period: str
    value: float
    unit: str
    share: float
    """of what the demand takes"""
    mark_up: float
    """what the seller is paid above its cost of bringing one more unit, duties included in that cost"""
    price: float
    """what buyers pay"""
    price_unit: str


class Unserved(Row):
    """What a demand's reference quantity lacks."""

    demand: str
    node: str
    good: str
    period: str
    value: float
    unit: str


class Stock(Row):
    """Level of a storage at the end of a period."""

    storage: str
    good: str
    stream: str
    period: str
    value: float
    unit: str


class Netback(Row):
    """What a market pays, less everything on the way, per unit that leaves the field; averages over the calendar."""

    field: str
    route: str
    """route corridor, or `domestic` where no screen of one is crossed"""
    market: str
    good: str
    price: float
    freight: float
    """what moving uses up, the value of what is lost on the way included"""
    tariff: float
    fees: float
    duty: float
    quality: float
    wedge: float
    netback: float
    rent: float
    """what full links and pools, limits and the route preference take; netback less rent is the price at the field"""
    unit: str
    volume: float
    volume_unit: str


class Gain(Row):
    """What a party in a country gains."""

    country: str
    party: str
    role: str
    good: str
    value: float
    unit: str


class Line(Row):
    """One line between the objective and the sum of gains."""

    line: str
    value: float
    unit: str


class Change(Row):
    """A number that an instrument changed."""

    period: str
    what: str
    column: str
    before: float | None
    after: float | None
    unit: str
    """of `before` and `after`; blank where they have none: `allowed` is 1 or 0"""
    instrument: str
