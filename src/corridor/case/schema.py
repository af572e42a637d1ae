"""The tables of a case, declared once: reader, checker, reference docs and datapackage.json are made from these models.

One model is one table, one field one column. A column that holds a quantity or a price says so in its metadata, so that
units are made canonical in one place (`read.py`) and dimensions are checked per good (`check.py`):

- `rate`: quantity of the row's good per time, in the row's `unit` ("Mt/yr", "kb/d"); canonical: good.unit per year
- `volume`: quantity of the row's good, in `unit` ("Mt"); canonical: good.unit
- `price`: money per quantity, in `cost_unit` ("USD/t", "KZT/t"); canonical: million USD per good.unit
- `cubic`: a price per rate squared, in `cost_unit` per `unit` squared; canonical in both
- `refers`: the column names a row of another table
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = ["FORMAT", "TABLES", "Row", "column_kind", "id_pattern", "list_columns", "targets"]

FORMAT = 1
"""Version of the case format; a newer one is refused on read."""

id_pattern = r"^[a-z][a-z0-9_]{0,62}$"


def _blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return value


def _number(value: Any) -> Any:
    if isinstance(value, str) and value.strip() == "unlimited":
        return float("inf")
    return _blank(value)


def _flag(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip()
        return {"yes": True, "no": False, "": None}.get(text, text)
    return value


Id = Annotated[str, Field(pattern=id_pattern)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Text = str
Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
Number = Annotated[float | None, BeforeValidator(_number)]
NonNegative = Annotated[Annotated[float, Field(ge=0)] | None, BeforeValidator(_number)]
Date = Annotated[dt.date | None, BeforeValidator(_blank)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
OptionalId = Annotated[Id | None, BeforeValidator(_blank)]
OptionalCountry = Annotated[Country | None, BeforeValidator(_blank)]


def _meta(meaning: str, *, default: Any = ..., kind: str | None = None, refers: str | None = None) -> Any:
    extra: dict[str, Any] = {}
    if kind:
        extra["kind"] = kind
    if refers:
        extra["refers"] = refers
    return Field(default, description=meaning, json_schema_extra=extra)


def _rate(meaning: str, default: Any = None) -> Any:
    """A column in the row's `unit`, per time."""
    return _meta(meaning, default=default, kind="rate")


def _volume(meaning: str, default: Any = None) -> Any:
    """A column in the row's `unit`, a quantity."""
    return _meta(meaning, default=default, kind="volume")


def _price(meaning: str, default: Any = None) -> Any:
    """A column in the row's `cost_unit`, money per quantity."""
    return _meta(meaning, default=default, kind="price")


def _refers(table: str, meaning: str, default: Any = ...) -> Any:
    """A column that names a row of another table (its `id`)."""
    return _meta(meaning, default=default, refers=table)


def _plain(meaning: str, default: Any = ...) -> Any:
    """A column without unit and without reference."""
    return _meta(meaning, default=default)


class Row(BaseModel):
    """What every table shares. Unknown columns are faults, so that a misspelt one is never silently ignored."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


class Evidenced(Row):
    """A row whose figures have a source. `evidence.csv` can override these three for one column of one row."""

    source: Names = _plain("keys of sources.csv, joined by `;`; may be blank only where basis is `assumed`", ())
    confidence: Annotated[Literal["high", "medium", "low"] | None, BeforeValidator(_blank)] = _plain(
        "how far the source can be trusted; default low", None
    )
    basis: Annotated[Literal["observed", "derived", "assumed"] | None, BeforeValidator(_blank)] = _plain(
        "observed (read in a source), derived (arithmetic on sources, told in note) or assumed (our judgement)", None
    )
    note: Text = _plain("what a reader should know about the figures of this row", "")


class Node(Evidenced):
    """A place where a good balances."""

    id: Id = _plain("identifier")
    name: Text = _plain("name as shown")
    country: Country = _plain("ISO 3166 alpha-3, upper case; XWD for the rest of the world, XKX for Kosovo")
    lon: Annotated[float, Field(ge=-180, le=180)] = _plain("longitude, degrees east")
    lat: Annotated[float, Field(ge=-90, le=90)] = _plain("latitude, degrees north")
    kind: Literal[
        "field", "plant", "junction", "refinery", "rail", "port", "mooring", "border", "market", "storage", "world"
    ] = _plain("what stands there; `world` is the rest of the world's market of a good")


class Good(Evidenced):
    """What keeps its own balance."""

    id: Id = _plain("identifier")
    name: Text = _plain("name as shown")
    unit: Literal["Mt", "kt", "t", "bcm", "TWh", "GWh", "Munit"] = _plain(
        "canonical quantity; prices then are in USD/t, USD/kg, MUSD/t, USD/1000m3, USD/MWh, USD/kWh, USD/unit"
    )
    hs: Text = _plain("Harmonised System code", "")
    barrels_per_tonne: NonNegative = _plain("density, for quantities in barrels", None)
    gas_reference: Annotated[Literal["15C", "20C"] | None, BeforeValidator(_blank)] = _plain(
        "reference temperature of gas volumes", None
    )


class Link(Evidenced):
    """A directed arc of one mode."""

    id: Id = _plain("identifier")
    name: Text = _plain("name as shown")
    start_node: Id = Field(..., alias="from", description="node it leaves", json_schema_extra={"refers": "nodes"})
    end_node: Id = Field(..., alias="to", description="node it reaches", json_schema_extra={"refers": "nodes"})
    mode: Literal["pipeline", "sea", "rail", "road", "port", "mooring", "power", "transfer"] = _plain(
        "means of transport"
    )
    goods: Names = _refers("goods", "goods it can carry, joined by `;`")
    capacity: NonNegative = _rate(
        "most that can pass; `unlimited` where nothing known limits it; blank means not known"
    )
    unit: Text = _plain("unit of capacity and ramps", "")
    loss: Annotated[float, Field(ge=0, lt=1)] = _plain("share of what enters that does not arrive", 0.0)
    length_km: NonNegative = _plain("length", None)
    resource_cost: NonNegative = _price("what moving a unit really uses up", 0.0)
    tariff: NonNegative = _price("paid to the link's owners", 0.0)
    transit_fee: NonNegative = _price("paid to the government that controls it", 0.0)
    quality: Number = _price("value lost on the way by blending or a grade discount; counted as a cost", 0.0)
    cubic_cost: NonNegative = _meta(
        "b of an increasing average cost a + b x^2, in cost_unit per unit squared", default=0.0, kind="cubic"
    )
    cost_unit: Text = _plain("unit of resource_cost, tariff, transit_fee and quality", "")
    crosses: Names = _plain("countries whose territory it crosses, joined by `;`; default: those of its two ends", ())
    controlled_by: OptionalCountry = _plain("country whose government can stop it; default: country of its start", None)
    asset: OptionalId = _plain("asset whose owners receive its tariff and rent; default: the link itself", None)
    ramp_up: NonNegative = _rate("largest rise between the averages of two steps of the case's calendar; blank: none")
    ramp_down: NonNegative = _rate("largest fall between the averages of two steps; blank: none")
    status: Literal["open", "closed", "planned"] = _plain(
        "closed and planned links carry nothing unless an instrument opens them", "open"
    )
    opens: Date = _plain("first day on which it can be used", None)
    closes: Date = _plain("first day on which it can no longer be used", None)
    path: Names = _plain("points it is drawn through, `lon lat` joined by `;`; drawing only", ())


class Corridor(Row):
    """A named group of links that instruments, questions and reports speak of."""

    id: Id = _plain("identifier")
    name: Text = _plain("name as shown")
    screen: Id = _refers("links", "link on which its flow is counted once")
    route: Flag = _plain("yes: every export path crosses exactly one screen of a route corridor (checked)", False)
    note: Text = _plain("what it is", "")


class CorridorLink(Row):
    """Which links a corridor is made of."""

    corridor: Id = _refers("corridors", "corridor")
    link: Id = _refers("links", "link")


class Pool(Evidenced):
    """A capacity shared by several links or goods."""

    id: Id = _plain("identifier")
    name: Text = _plain("name as shown")
    good: Id = _refers("goods", "good in whose unit the capacity stands")
    capacity: NonNegative = _rate("most that can pass over all its links together")
    unit: Text = _plain("unit of capacity", "")
    asset: OptionalId = _plain("asset whose owners receive its rent; default: the pool itself", None)
    status: Literal["open", "closed", "planned"] = _plain("as for links", "open")


class PoolLink(Row):
    """Which links use a pool."""

    pool: Id = _refers("pools", "pool")
    link: Id = _refers("links", "link")
    weight: Annotated[float, Field(gt=0)] = _plain("pool capacity used by one unit on the link", 1.0)


class Supply(Evidenced):
    """Producers of a good at a node."""

    id: Id = _plain("identifier")
    name: Text = _plain("name as shown")
    node: Id = _refers("nodes", "node")
    good: Id = _refers("goods", "good")
    quantity: NonNegative = _rate("what it produces at its price, and all it can unless `spare` says more")
    spare: NonNegative = _rate("what it could give beyond that, dearer; only with an elasticity", 0.0)
    unit: Text = _plain("unit of quantity, spare and ramps", "")
    avoidable_cost: NonNegative = _price("lifting or operating cost saved when it stops")
    price: NonNegative = _price("price at the gate where observed; calibration finds it otherwise")
    cost_unit: Text = _plain("unit of avoidable_cost and price", "")
    elasticity_short: NonNegative = _plain("price elasticity within a year; 0: produces what is available", 0.0)
    elasticity_long: NonNegative = _plain("price elasticity over years", None)
    ramp_up: NonNegative = _rate("largest rise between the averages of two steps of the calendar; blank: none")
    ramp_down: NonNegative = _rate("largest fall between the averages of two steps; blank: none")
    asset: OptionalId = _plain("asset whose owners receive its surplus; default: the supply itself", None)


class Demand(Evidenced):
    """Consumers of a good at a node."""

    id: Id = _plain("identifier")
    name: Text = _plain("name as shown")
    node: Id = _refers("nodes", "node")
    good: Id = _refers("goods", "good")
    quantity: NonNegative = _rate("quantity at the observed price")
    unit: Text = _plain("unit of quantity", "")
    price: NonNegative = _price("observed price")
    unserved_value: NonNegative = _price("value of unserved demand; cuts the demand curve")
    cost_unit: Text = _plain("unit of price and unserved_value", "")
    elasticity_short: Annotated[Annotated[float, Field(le=0)] | None, BeforeValidator(_number)] = _plain(
        "price elasticity within a year; 0: takes its quantity unless priced out", 0.0
    )
    elasticity_long: Annotated[Annotated[float, Field(le=0)] | None, BeforeValidator(_number)] = _plain(
        "price elasticity over years", None
    )
    use: OptionalId = _refers(
        "processes", "process that the good is bought for; an elastic demand beside that process counts it twice", None
    )


class Process(Evidenced):
    """Turns goods into goods at a node: a refinery, a power plant, a mill, a gas plant; several outputs are made together."""

    id: Id = _plain("identifier")
    name: Text = _plain("name as shown")
    node: Id = _refers("nodes", "node")
    good: Id = _refers("goods", "good in whose unit activity and capacity stand, mostly its main input or output")
    capacity: NonNegative = _rate("highest activity; `unlimited` where nothing known limits it; blank means not known")
    unit: Text = _plain("unit of capacity", "")
    cost: NonNegative = _price("variable cost of a unit of activity beyond the goods it uses", 0.0)
    cost_unit: Text = _plain("unit of cost", "")
    asset: OptionalId = _plain("asset whose owners receive its margin; default: the process itself", None)
    status: Literal["open", "closed", "planned"] = _plain("as for links", "open")


class ProcessGood(Evidenced):
    """What a unit of a process's activity makes or uses, each good once, net."""

    process: Id = _refers("processes", "process")
    good: Id = _refers("goods", "good")
    amount: float = _plain("canonical units of the good per canonical unit of activity: positive made, negative used")


class Storage(Evidenced):
    """Holds a good over time at a node."""

    id: Id = _plain("identifier")
    name: Text = _plain("name as shown")
    node: Id = _refers("nodes", "node")
    good: Id = _refers("goods", "good")
    capacity: NonNegative = _volume("most that can be held")
    initial: NonNegative = _volume("held when the calendar begins")
    unit: Text = _plain("unit of capacity and initial", "")
    holding_cost: NonNegative = _price("cost of holding a unit for a year beyond what was there at the start", 0.0)
    cost_unit: Text = _plain("unit of holding_cost", "")
    asset: OptionalId = _plain("asset whose owners receive its surplus; default: the storage itself", None)


class Dated(Evidenced):
    """A figure of another table that holds over a range of dates only."""

    table: Literal["links", "pools", "supply", "demand", "processes", "storage"] = _plain("table")
    id: Id = _plain("row of that table")
    column: Text = _plain("column of that table")
    start: Date = _plain("first day on which it holds; blank: always before `end`", None)
    end: Date = _plain("first day on which it no longer holds; blank: open", None)
    value: Number = _plain("the value, in `unit`")
    unit: Text = _plain("unit of the value: a rate, a volume or a price, as the column is", "")


class Profile(Evidenced):
    """How a capacity or quantity differs by month and by slice of the day; rows that hold at once multiply."""

    table: Literal["links", "pools", "supply", "demand", "processes", "storage"] = _plain("table")
    id: Id = _plain("row of that table")
    column: Literal["capacity", "quantity"] = _plain("its column: capacity, or quantity of supply and demand")
    month: Annotated[Annotated[float, Field(ge=1, le=12)] | None, BeforeValidator(_number)] = _plain(
        "calendar month, 1 to 12; blank: every month", None
    )
    slice: Text = _plain("slice declared in case.toml; blank: every slice", "")
    factor: Annotated[float, Field(ge=0)] = _plain("multiplies the column in that month and slice")


class Ownership(Evidenced):
    """Who holds equity or capacity rights in an asset; shares of a role sum to one."""

    asset: Id = _plain("asset named by links, pools, supply, processes or storage")
    party: Text = _plain("company or government")
    country: Country = _plain("country in which its gains are counted")
    role: Literal["equity", "capacity"] = _plain("equity: tariff and surplus; capacity: congestion rent", "equity")
    share: Annotated[float, Field(ge=0, le=1)] = _plain("share")


class Fiscal(Evidenced):
    """Which share of a supply's producer surplus a government takes."""

    supply: Id = _refers("supply", "supply")
    country: Country = _plain("government")
    share: Annotated[float, Field(ge=0, le=1)] = _plain("share of producer surplus, after avoidable cost")


class Instrument(Evidenced):
    """A dated measure. An instrument on the command line has the same columns as KEY=VALUE."""

    id: Id = _plain("identifier")
    kind: Literal[
        "closure",
        "area_closure",
        "derating",
        "outage",
        "capacity",
        "ban",
        "transit_ban",
        "quota",
        "agreement",
        "tariff",
        "tariff_quota",
        "fee",
        "subsidy",
        "stock_release",
        "membership",
    ] = _plain("kind of measure")
    target: Text = _plain("what it acts on: a row of another table, for bans and tariffs the good, an area, a bloc", "")
    scenarios: Names = _plain("scenarios it belongs to, joined by `;`; blank: in force in every scenario", ())
    start: Date = _plain("first day in force; blank: since ever", None)
    end: Date = _plain("first day on which it no longer holds; blank: open", None)
    announced: Date = _plain("day from which it is known; blank: its start (a surprise)", None)
    expected_end: Date = _plain("end believed until announced otherwise; blank: its end", None)
    goods: Names = _plain("goods it is about", ())
    origin: Names = _plain("countries or blocs of origin it is about", ())
    destination: Names = _plain("countries or blocs of destination it is about", ())
    through: Names = _plain("countries or blocs whose transit it is about", ())
    modes: Names = _plain("modes of transport by which a ban keeps goods out; blank: by all", ())
    exempt: Names = Field(
        (), alias="except", description="countries or blocs of origin, demands or links that are free of it"
    )
    members: Names = _plain("countries that a membership makes members of the bloc", ())
    capacity: NonNegative = _rate("limit while in force; the smallest of several wins")
    availability: Annotated[Annotated[float, Field(ge=0, le=1)] | None, BeforeValidator(_number)] = _plain(
        "share of capacity left; several multiply", None
    )
    add: NonNegative = _rate("capacity added while in force")
    min: NonNegative = _rate(
        "volume that must pass or be delivered, on average over each calendar year of its dates; "
        "blank for an agreement on a demand: the demand's own quantity"
    )
    max: NonNegative = _rate("most that may pass or be delivered, on average over each calendar year of its dates")
    volume: NonNegative = _volume("what must come out of a storage over its dates")
    leakage: Text = _plain("what comes in in spite of a ban: a share of deliveries (10%), or a rate with its unit", "")
    unit: Text = _plain("unit of capacity, add, min and max, or of volume", "")
    price: NonNegative = _price("administered price of an agreement")
    rate: NonNegative = _price("duty, fee or subsidy per unit")
    within: NonNegative = _price("duty on what is within a tariff-rate quota; blank: none")
    index: Text = _plain("node whose observed price a sliding duty follows", "")
    base: NonNegative = _price("index up to which a sliding duty is zero")
    slope: Number = _plain("duty per unit of index above the base", None)
    surcharge: NonNegative = _price("what a unit that comes in in spite of a ban costs more")
    cost_unit: Text = _plain("unit of price, rate, within, base and surcharge", "")
    inside: Annotated[Literal["ends", "path"] | None, BeforeValidator(_blank)] = _plain(
        "a link is inside an area by its two ends (default) or by any point of its path", None
    )
    government: OptionalCountry = _plain(
        "government that collects or pays; blank: the importing one for tariffs, the link's for fees", None
    )
    holder: Text = _plain("who takes the rent of a quota or a tariff-rate quota; blank: the importing government", "")
    obliged: Text = _plain("party that bears the minimum volume of an agreement", "")
    beneficiary: Text = _plain("party that gains by the administered price", "")
    force_majeure: Flag = _plain("yes: an agreement is released while its target is closed", False)
    name: Text = _plain("name as shown", "")


class Bloc(Evidenced):
    """Who is a member of a bloc, and when; instruments can name the bloc in place of its members."""

    bloc: Id = _plain("identifier of the bloc")
    country: Country = _plain("member")
    start: Date = _plain("first day of membership; blank: since ever", None)
    end: Date = _plain("first day on which it no longer holds; blank: open", None)


class Area(Evidenced):
    """A stretch of land or sea that can be closed."""

    id: Id = _plain("identifier")
    name: Text = _plain("name as shown")
    polygon: Names = _plain("its corners in order, `lon lat` joined by `;`, at least three")


class Scenario(Row):
    """A named set of instruments; `base` always exists."""

    id: Id = _plain("identifier")
    name: Text = _plain("name as shown")
    headline: Flag = _plain("yes: `run` answers it", False)
    note: Text = _plain("what it asks", "")


class Observation(Evidenced):
    """A published volume over a range of dates; a total, never a rate."""

    id: Id = _plain("identifier")
    target: Id = _plain("link, corridor, supply, demand, process (its activity) or storage observed")
    good: Id = _refers("goods", "good")
    origin: OptionalCountry = _plain("country of origin counted; blank: all", None)
    start: Date = _plain("first day covered")
    end: Date = _plain("first day no longer covered")
    value: NonNegative = _volume("quantity over the range")
    unit: Text = _plain("unit of value", "")
    used_for: Names = _plain("shocks or parameters taken from it, which are then not scored on it", ())


class Price(Evidenced):
    """An observed price at a node: an anchor of calibration."""

    id: Id = _plain("identifier")
    node: Id = _refers("nodes", "node")
    good: Id = _refers("goods", "good")
    start: Date = _plain("first day covered")
    end: Date = _plain("first day no longer covered")
    value: NonNegative = _price("price, average over the range")
    cost_unit: Text = _plain("unit of value", "")


class Rate(Evidenced):
    """Exchange rate and deflator of a currency in a year."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = _plain("ISO 4217")
    year: int = _plain("calendar year")
    per_usd: Annotated[float, Field(gt=0)] = _plain("units of the currency per USD, average of the year")
    deflator: Annotated[Annotated[float, Field(gt=0)] | None, BeforeValidator(_number)] = _plain(
        "USD price level relative to the case's price year", None
    )


class Exposure(Evidenced):
    """A country's net trade of a good outside the network, so that a price change at the world node counts for it."""

    good: Id = _refers("goods", "good")
    country: Country = _plain("country")
    net_exports: Number = _rate("exports less imports outside the network")
    unit: Text = _plain("unit of net_exports", "")


class Source(Row):
    """Where figures come from."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")] = _plain("key used in `source` columns")
    title: Text = _plain("what it says")
    publisher: Text = _plain("who says it", "")
    date: Text = _plain("when, as printed", "")
    url: Text = _plain("address", "")
    licence: Text = _plain("licence of the data taken from it", "")


class Evidence(Row):
    """Source and range of one number; overrides the row's own."""

    table: Text = _plain("table")
    id: Text = _plain("row of that table")
    column: Text = _plain("column of that table")
    source: Names = _plain("keys of sources.csv", ())
    confidence: Annotated[Literal["high", "medium", "low"] | None, BeforeValidator(_blank)] = _plain(
        "as for rows", None
    )
    basis: Annotated[Literal["observed", "derived", "assumed"] | None, BeforeValidator(_blank)] = _plain(
        "as for rows", None
    )
    low: Number = _plain("lowest believable value, in the row's own unit", None)
    high: Number = _plain("highest believable value", None)
    reason: Text = _plain("why", "")


class Wedge(Row):
    """Made by calibration: what the observed flows say a link, or a process, costs beyond its known cost."""

    link: Id = _plain("link, or process")
    good: Id = _refers("goods", "good; of a process the one in whose unit its activity stands")
    wedge: float = _plain("million USD per good.unit; added to the cost of the link or process")
    reading: Literal["cost", "scarcity", "lower_bound"] = _plain(
        "cost; scarcity (at 95 % of capacity: capacity added removes it); lower_bound (nothing flowed)"
    )
    flow: float = _plain("reconciled flow, good.unit per year")
    capacity: float = _plain("capacity in the calibration year of the link, or of the pool named, good.unit per year")
    pool: OptionalId = _plain("pool whose capacity is scarce, where it is not the link's own", None)


class Preference(Row):
    """Made by calibration: the slope that keeps observed route shares, per route corridor, good and observed origin."""

    corridor: Id = _refers("corridors", "route corridor")
    good: Id = _refers("goods", "good")
    origin: OptionalCountry = _plain("origin that observations tell apart; blank: all that they don't", None)
    flow: float = _plain("x0, good.unit per year")
    slope: float = _plain("c / max(x0, 10 % of capacity), times kappa gives the extra marginal cost per unit off x0")


class Level(Row):
    """Made by calibration: where the curves of a supply, a demand or a storage stand in the calibration year.

    For an agreement (table instruments): what was really sent over its minimum, where the two are within 5 %.
    """

    table: Literal["supply", "demand", "storage", "instruments"] = _plain("table")
    id: Id = _plain("row of that table")
    factor: float = _plain("reconciled quantity over the quantity in the table; follows the table's dated values", 1.0)
    price: float = _plain(
        "million USD per good.unit. Supply: price at the gate, p0. Demand: added to the observed price. "
        "Storage: value of a unit held at the end of the calendar"
    )


TABLES: dict[str, type[Row]] = {
    "nodes": Node,
    "goods": Good,
    "links": Link,
    "corridors": Corridor,
    "corridor_links": CorridorLink,
    "pools": Pool,
    "pool_links": PoolLink,
    "supply": Supply,
    "demand": Demand,
    "processes": Process,
    "process_goods": ProcessGood,
    "storage": Storage,
    "dated": Dated,
    "profiles": Profile,
    "ownership": Ownership,
    "fiscal": Fiscal,
    "instruments": Instrument,
    "blocs": Bloc,
    "areas": Area,
    "scenarios": Scenario,
    "observations": Observation,
    "prices": Price,
    "rates": Rate,
    "exposure": Exposure,
    "sources": Source,
    "evidence": Evidence,
    "wedges": Wedge,
    "preferences": Preference,
    "levels": Level,
}
"""Table name (the file is `<name>.csv`) -> row model. Required files: nodes, goods, links."""

targets = ("links", "corridors", "pools", "supply", "demand", "processes", "storage")
"""Tables whose ids an instrument can name; ids are unique over all of them."""


def column_kind(table: str, column: str) -> str | None:
    """`rate`, `volume`, `price`, `cubic` or None for a plain column."""
    for name, field in TABLES[table].model_fields.items():
        if column in (name, field.alias) and isinstance(field.json_schema_extra, dict):
            kind = field.json_schema_extra.get("kind")
            return str(kind) if kind else None
    return None


def list_columns(table: str) -> tuple[str, ...]:
    """Columns of a table whose cells hold several names joined by `;`."""
    return tuple(
        field.alias or name for name, field in TABLES[table].model_fields.items() if field.annotation == tuple[str, ...]
    )
