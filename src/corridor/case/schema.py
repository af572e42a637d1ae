"""The tables of a case, declared once: reader, checker, reference docs and datapackage.json are made from these models.

One model is one table, one field one column. A column that holds a quantity or a price says so in its metadata, so that
units are made canonical in one place (`read.py`) and dimensions are checked per good (`check.py`):

- `rate`: quantity of the row's good per time, in the row's `unit` ("Mt/yr", "kb/d"); canonical: good.unit per year
- `volume`: quantity of the row's good, in `unit` ("Mt"); canonical: good.unit
- `price`: money per quantity, in `cost_unit` ("USD/t", "KZT/t"); canonical: million USD per good.unit
- `money`: a sum of money, in `unit` ("million USD") of the row's `price_year`; canonical: million USD of the case's
- `cubic`: a price per rate squared, in `cost_unit` per `unit` squared; canonical in both
- `refers`: the column names a row of another table
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from corridor.case.declare import (
    Country,
    Date,
    Evidenced,
    Flag,
    Id,
    Names,
    NonNegative,
    Number,
    OptionalCountry,
    OptionalId,
    Row,
    Text,
    blank,
    column,
    money_column,
    number,
    plain,
    price_column,
    rate_column,
    reference,
    volume_column,
)

__all__ = ["FORMAT", "TABLES", "column_kind", "list_columns", "targets"]

FORMAT = 1
"""Version of the case format; a newer one is refused on read."""


class Node(Evidenced):
    """A place where a good balances."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    country: Country = plain("ISO 3166 alpha-3, upper case; XWD for the rest of the world, XKX for Kosovo")
    lon: Annotated[float, Field(ge=-180, le=180)] = plain("longitude, degrees east")
    lat: Annotated[float, Field(ge=-90, le=90)] = plain("latitude, degrees north")
    kind: Literal[
        "field", "plant", "junction", "refinery", "rail", "port", "mooring", "border", "market", "storage", "world"
    ] = plain("what stands there; `world` is the rest of the world's market of a good")


class Good(Evidenced):
    """What keeps its own balance."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    group: Text = plain("group of case.toml under which answers and reports show it; blank: the first", "")
    unit: Literal["Mt", "kt", "t", "bcm", "TWh", "GWh", "Munit"] = plain(
        "canonical quantity; prices then are in USD/t, USD/kg, MUSD/t, USD/1000m3, USD/MWh, USD/kWh, USD/unit"
    )
    hs: Text = plain("Harmonised System code", "")
    barrels_per_tonne: NonNegative = plain("density, for quantities in barrels", None)
    gas_reference: Annotated[Literal["15C", "20C"] | None, BeforeValidator(blank)] = plain(
        "reference temperature of gas volumes", None
    )


class Link(Evidenced):
    """A directed arc of one mode."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    start_node: Id = Field(..., alias="from", description="node it leaves", json_schema_extra={"refers": "nodes"})
    end_node: Id = Field(..., alias="to", description="node it reaches", json_schema_extra={"refers": "nodes"})
    mode: Literal["pipeline", "sea", "rail", "road", "port", "mooring", "power", "transfer"] = plain(
        "means of transport"
    )
    goods: Names = reference("goods", "goods it can carry, joined by `;`")
    capacity: NonNegative = rate_column(
        "most that can pass; `unlimited` where nothing known limits it; blank means not known"
    )
    unit: Text = plain("unit of capacity and ramps", "")
    loss: Annotated[float, Field(ge=0, lt=1)] = plain("share of what enters that does not arrive", 0.0)
    length_km: NonNegative = plain("length", None)
    resource_cost: NonNegative = price_column("what moving a unit really uses up", 0.0)
    tariff: NonNegative = price_column("paid to the link's owners", 0.0)
    transit_fee: NonNegative = price_column("paid to the government that controls it", 0.0)
    quality: Number = price_column("value lost on the way by blending or a grade discount; counted as a cost", 0.0)
    cubic_cost: NonNegative = column(
        "b of an increasing average cost a + b x^2, in cost_unit per unit squared", default=0.0, kind="cubic"
    )
    cost_unit: Text = plain("unit of resource_cost, tariff, transit_fee and quality", "")
    crosses: Names = plain("countries whose territory it crosses, joined by `;`; default: those of its two ends", ())
    controlled_by: OptionalCountry = plain("country whose government can stop it; default: country of its start", None)
    asset: OptionalId = plain("asset whose owners receive its tariff and rent; default: the link itself", None)
    ramp_up: NonNegative = rate_column(
        "largest rise between the averages of two steps of the case's calendar; blank: none"
    )
    ramp_down: NonNegative = rate_column("largest fall between the averages of two steps; blank: none")
    status: Literal["open", "closed", "planned"] = plain(
        "closed and planned links carry nothing unless an instrument opens them", "open"
    )
    opens: Date = plain("first day on which it can be used", None)
    closes: Date = plain("first day on which it can no longer be used", None)
    path: Names = plain("points it is drawn through, `lon lat` joined by `;`; drawing only", ())


class Corridor(Row):
    """A named group of links that instruments, questions and reports speak of."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    screen: Id = reference("links", "link on which its flow is counted once")
    route: Flag = plain("yes: every export path crosses exactly one screen of a route corridor (checked)", False)
    note: Text = plain("what it is", "")


class CorridorLink(Row):
    """Which links a corridor is made of."""

    corridor: Id = reference("corridors", "corridor")
    link: Id = reference("links", "link")


class Pool(Evidenced):
    """A capacity shared by several links or goods."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    good: Id = reference("goods", "good in whose unit the capacity stands")
    capacity: NonNegative = rate_column("most that can pass over all its links together")
    unit: Text = plain("unit of capacity", "")
    asset: OptionalId = plain("asset whose owners receive its rent; default: the pool itself", None)
    status: Literal["open", "closed", "planned"] = plain("as for links", "open")


class PoolLink(Row):
    """Which links use a pool."""

    pool: Id = reference("pools", "pool")
    link: Id = reference("links", "link")
    weight: Annotated[float, Field(gt=0)] = plain("pool capacity used by one unit on the link", 1.0)


class Supply(Evidenced):
    """Producers of a good at a node."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    node: Id = reference("nodes", "node")
    good: Id = reference("goods", "good")
    quantity: NonNegative = rate_column("what it produces at its price, and all it can unless `spare` says more")
    spare: NonNegative = rate_column("what it could give beyond that, dearer; only with an elasticity", 0.0)
    unit: Text = plain("unit of quantity, spare and ramps", "")
    avoidable_cost: NonNegative = price_column("lifting or operating cost saved when it stops")
    price: NonNegative = price_column("price at the gate where observed; calibration finds it otherwise")
    cost_unit: Text = plain("unit of avoidable_cost and price", "")
    elasticity_short: NonNegative = plain("price elasticity within a year; 0: produces what is available", 0.0)
    elasticity_long: NonNegative = plain("price elasticity over years", None)
    ramp_up: NonNegative = rate_column("largest rise between the averages of two steps of the calendar; blank: none")
    ramp_down: NonNegative = rate_column("largest fall between the averages of two steps; blank: none")
    asset: OptionalId = plain("asset whose owners receive its surplus; default: the supply itself", None)


class Demand(Evidenced):
    """Consumers of a good at a node."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    node: Id = reference("nodes", "node")
    good: Id = reference("goods", "good")
    quantity: NonNegative = rate_column("quantity at the observed price")
    unit: Text = plain("unit of quantity", "")
    price: NonNegative = price_column("observed price")
    unserved_value: NonNegative = price_column("value of unserved demand; cuts the demand curve")
    cost_unit: Text = plain("unit of price and unserved_value", "")
    elasticity_short: Annotated[Annotated[float, Field(le=0)] | None, BeforeValidator(number)] = plain(
        "price elasticity within a year; 0: takes its quantity unless priced out", 0.0
    )
    elasticity_long: Annotated[Annotated[float, Field(le=0)] | None, BeforeValidator(number)] = plain(
        "price elasticity over years", None
    )
    use: OptionalId = reference(
        "processes", "process that the good is bought for; an elastic demand beside that process counts it twice", None
    )


class Process(Evidenced):
    """Turns goods into goods at a node: a refinery, a power plant, a mill, a gas plant; several outputs are made together."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    node: Id = reference("nodes", "node")
    good: Id = reference("goods", "good in whose unit activity and capacity stand, mostly its main input or output")
    capacity: NonNegative = rate_column(
        "highest activity; `unlimited` where nothing known limits it; blank means not known"
    )
    unit: Text = plain("unit of capacity", "")
    cost: NonNegative = price_column("variable cost of a unit of activity beyond the goods it uses", 0.0)
    cost_unit: Text = plain("unit of cost", "")
    asset: OptionalId = plain("asset whose owners receive its margin; default: the process itself", None)
    status: Literal["open", "closed", "planned"] = plain("as for links", "open")


class ProcessGood(Evidenced):
    """What a unit of a process's activity makes or uses, each good once, net."""

    process: Id = reference("processes", "process")
    good: Id = reference("goods", "good")
    amount: float = plain("canonical units of the good per canonical unit of activity: positive made, negative used")


class Storage(Evidenced):
    """Holds a good over time at a node."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    node: Id = reference("nodes", "node")
    good: Id = reference("goods", "good")
    capacity: NonNegative = volume_column("most that can be held")
    initial: NonNegative = volume_column("held when the calendar begins")
    unit: Text = plain("unit of capacity and initial", "")
    holding_cost: NonNegative = price_column(
        "cost of holding a unit for a year beyond what was there at the start", 0.0
    )
    cost_unit: Text = plain("unit of holding_cost", "")
    asset: OptionalId = plain("asset whose owners receive its surplus; default: the storage itself", None)


class Dated(Evidenced):
    """A figure of another table that holds over a range of dates only."""

    table: Literal["links", "pools", "supply", "demand", "processes", "storage"] = plain("table")
    id: Id = plain("row of that table")
    column: Text = plain("column of that table")
    start: Date = plain("first day on which it holds; blank: always before `end`", None)
    end: Date = plain("first day on which it no longer holds; blank: open", None)
    value: Number = plain("the value, in `unit`")
    unit: Text = plain("unit of the value: a rate, a volume or a price, as the column is", "")


class Profile(Evidenced):
    """How a capacity or quantity differs by month and by slice of the day; rows that hold at once multiply."""

    table: Literal["links", "pools", "supply", "demand", "processes", "storage"] = plain("table")
    id: Id = plain("row of that table")
    column: Literal["capacity", "quantity"] = plain("its column: capacity, or quantity of supply and demand")
    month: Annotated[Annotated[float, Field(ge=1, le=12)] | None, BeforeValidator(number)] = plain(
        "calendar month, 1 to 12; blank: every month", None
    )
    slice: Text = plain("slice declared in case.toml; blank: every slice", "")
    factor: Annotated[float, Field(ge=0)] = plain("multiplies the column in that month and slice")


class Ownership(Evidenced):
    """Who holds equity or capacity rights in an asset; shares of a role sum to one."""

    asset: Id = plain("asset named by links, pools, supply, processes or storage")
    party: Text = plain("company or government")
    country: Country = plain("country in which its gains are counted")
    role: Literal["equity", "capacity"] = plain("equity: tariff and surplus; capacity: congestion rent", "equity")
    share: Annotated[float, Field(ge=0, le=1)] = plain("share")


class Fiscal(Evidenced):
    """Which share of a supply's producer surplus a government takes."""

    supply: Id = reference("supply", "supply")
    country: Country = plain("government")
    share: Annotated[float, Field(ge=0, le=1)] = plain("share of producer surplus, after avoidable cost")


class Conduct(Evidenced):
    """A seller who knows that what it sells moves the price: all producers of a good in some countries, as one."""

    id: Id = plain("identifier")
    good: Id = reference("goods", "good it sells")
    countries: Names = plain("countries whose producers sell as one, joined by `;`")
    markets: Names = plain(
        "countries, or demands, in which it knows what its sales do to the price; blank: every demand abroad", ()
    )
    theta: Annotated[float, Field(ge=0)] = plain(
        "conjectural variation: 0 takes the price as given, 1 is Cournot (rivals' sales stay), between: partly"
    )
    observed: NonNegative = plain(
        "theta with which the year of calibration is read; blank: `theta`, so that both are the same conduct", None
    )


class Instrument(Evidenced):
    """A dated measure. An instrument on the command line has the same columns as KEY=VALUE."""

    id: Id = plain("identifier")
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
    ] = plain("kind of measure")
    target: Text = plain("what it acts on: a row of another table, for bans and tariffs the good, an area, a bloc", "")
    scenarios: Names = plain("scenarios it belongs to, joined by `;`; blank: in force in every scenario", ())
    start: Date = plain("first day in force; blank: since ever", None)
    end: Date = plain("first day on which it no longer holds; blank: open", None)
    announced: Date = plain("day from which it is known; blank: its start (a surprise)", None)
    expected_end: Date = plain("end believed until announced otherwise; blank: its end", None)
    goods: Names = plain("goods it is about", ())
    origin: Names = plain("countries or blocs of origin it is about", ())
    destination: Names = plain("countries or blocs of destination it is about", ())
    through: Names = plain("countries or blocs whose transit it is about", ())
    modes: Names = plain("modes of transport by which a ban keeps goods out; blank: by all", ())
    exempt: Names = Field(
        (),
        alias="except",
        description="countries or blocs of origin, demands, processes (what they take) or links that are free of it",
    )
    members: Names = plain("countries that a membership makes members of the bloc", ())
    capacity: NonNegative = rate_column("limit while in force; the smallest of several wins")
    availability: Annotated[Annotated[float, Field(ge=0, le=1)] | None, BeforeValidator(number)] = plain(
        "share of capacity left; several multiply", None
    )
    add: NonNegative = rate_column("capacity added while in force")
    min: NonNegative = rate_column(
        "volume that must pass or be delivered, on average over each calendar year of its dates; "
        "blank for an agreement on a demand: the demand's own quantity"
    )
    max: NonNegative = rate_column(
        "most that may pass or be delivered, on average over each calendar year of its dates"
    )
    volume: NonNegative = volume_column("what must come out of a storage over its dates")
    leakage: Text = plain("what comes in in spite of a ban: a share of deliveries (10%), or a rate with its unit", "")
    unit: Text = plain("unit of capacity, add, min and max, or of volume", "")
    price: NonNegative = price_column("administered price of an agreement")
    rate: NonNegative = price_column("duty, fee or subsidy per unit")
    ad_valorem: Text = plain("duty as a share of the border price, as in 10%; beside a rate both are due", "")
    within: NonNegative = price_column("duty on what is within a tariff-rate quota; blank: none")
    index: Text = plain("node whose observed price a sliding duty follows", "")
    base: NonNegative = price_column("index up to which a sliding duty is zero")
    slope: Number = plain("duty per unit of index above the base", None)
    surcharge: NonNegative = price_column("what a unit that comes in in spite of a ban costs more")
    cost_unit: Text = plain("unit of price, rate, within, base and surcharge", "")
    inside: Annotated[Literal["ends", "path"] | None, BeforeValidator(blank)] = plain(
        "a link is inside an area by its two ends (default) or by any point of its path", None
    )
    government: OptionalCountry = plain(
        "government that collects or pays; blank: the importing one for tariffs, the link's for fees", None
    )
    holder: Text = plain("who takes the rent of a quota or a tariff-rate quota; blank: the importing government", "")
    obliged: Text = plain(
        "party that bears the minimum volume of an agreement; `Gazprom (RUS)` tells a country that ownership does not",
        "",
    )
    beneficiary: Text = plain("party that gains by the administered price", "")
    priority: Annotated[Literal["first", "exports"] | None, BeforeValidator(blank)] = plain(
        "which comes first where an agreement on a demand and exports cannot both be had: it (default) or exports", None
    )
    force_majeure: Flag = plain("yes: an agreement is released while closures leave its target no way", False)
    name: Text = plain("name as shown", "")
    mast: Text = plain("chapter of the UN's classification of non-tariff measures (MAST), such as E3 or P3", "")
    gta_type: Text = plain("type of intervention as Global Trade Alert names it", "")


class Bloc(Evidenced):
    """Who is a member of a bloc, and when; instruments can name the bloc in place of its members."""

    bloc: Id = plain("identifier of the bloc")
    country: Country = plain("member")
    start: Date = plain("first day of membership; blank: since ever", None)
    end: Date = plain("first day on which it no longer holds; blank: open", None)


class Area(Evidenced):
    """A stretch of land or sea that can be closed."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    polygon: Names = plain("its corners in order, `lon lat` joined by `;`, at least three")


class Scenario(Row):
    """A named set of instruments; `base` always exists."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    headline: Flag = plain("yes: `run` answers it", False)
    note: Text = plain("what it asks", "")


class Observation(Evidenced):
    """A published volume over a range of dates; a total, never a rate."""

    id: Id = plain("identifier")
    target: Id = plain("link, corridor, supply, demand, process (its activity) or storage observed")
    good: Id = reference("goods", "good")
    origin: OptionalCountry = plain("country of origin counted; blank: all", None)
    start: Date = plain("first day covered")
    end: Date = plain("first day no longer covered")
    value: NonNegative = volume_column("quantity over the range")
    unit: Text = plain("unit of value", "")
    used_for: Names = plain("shocks or parameters taken from it, which are then not scored on it", ())


class Price(Evidenced):
    """An observed price at a node: an anchor of calibration."""

    id: Id = plain("identifier")
    node: Id = reference("nodes", "node")
    good: Id = reference("goods", "good")
    start: Date = plain("first day covered")
    end: Date = plain("first day no longer covered")
    value: NonNegative = price_column("price, average over the range")
    cost_unit: Text = plain("unit of value", "")


class Shock(Evidenced):
    """A documented shock: what was hit, and what was measured. `replay` asks whether the model would have told."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    good: Id = reference("goods", "good that was hit")
    scenario: Id = reference("scenarios", "scenario that holds its measures, on the calendar of its own dates")
    calibrate_on: int = plain("year on which the model that predicts it is calibrated; before the shock")
    start: Date = plain("first day over which `observed` was measured")
    end: Date = plain("first day over which it no longer was")
    measure: Literal["volume", "price", "exports", "imports", "output"] = plain(
        "volume of a link, corridor, supply, demand, process; price at a node; exports, imports, output of a country"
    )
    target: Text = plain("what was measured: the row, the node, or the country")
    origin: OptionalCountry = plain("country of origin counted; blank: all", None)
    before: NonNegative = rate_column("level before, of a volume")
    observed: NonNegative = rate_column("level during, of a volume")
    unit: Text = plain("unit of before and observed", "")
    price_before: NonNegative = price_column("level before, of a price")
    price_observed: NonNegative = price_column("level during, of a price")
    cost_unit: Text = plain("unit of price_before and price_observed", "")
    effect: Flag = plain("yes: those who were there reported an effect; no: they reported none", True)
    first_route: Names = reference("corridors", "corridors to which it was rerouted first, as observed", ())
    known_on: Date = plain("day on which the size of the shock was known; blank: its start", None)
    used_for: Names = plain("parameters of the case that were taken from it; then it is not scored", ())


class Event(Evidenced):
    """What happened when: a line of the timeline. Measures that the model does not hold stand here only."""

    id: Id = plain("identifier")
    name: Text = plain("what happened, as shown")
    start: Date = plain("day, or first day in force")
    end: Date = plain("first day on which it no longer held; blank: open, or a single day", None)
    announced: Date = plain("day on which it was announced", None)
    countries: Names = plain("countries that acted, joined by `;`", ())
    goods: Names = reference("goods", "goods of this case that it is about, joined by `;`", ())
    instruments: Names = reference("instruments", "rows of instruments.csv that model it, joined by `;`", ())
    claim: Text = plain("statement that it bears on", "")
    verdict: Text = plain("what the evidence says of that statement", "")
    mast: Text = plain("chapter of the UN's classification of non-tariff measures (MAST)", "")
    gta_type: Text = plain("type of intervention as Global Trade Alert names it", "")


class Rate(Evidenced):
    """Exchange rate and deflator of a currency in a year."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = plain("ISO 4217")
    year: int = plain("calendar year")
    per_usd: Annotated[float, Field(gt=0)] = plain("units of the currency per USD, average of the year")
    deflator: Annotated[Annotated[float, Field(gt=0)] | None, BeforeValidator(number)] = plain(
        "USD price level relative to the case's price year", None
    )


class Exposure(Evidenced):
    """A country's net trade of a good outside the network, so that a price change at the world node counts for it."""

    good: Id = reference("goods", "good")
    country: Country = plain("country")
    net_exports: Number = rate_column("exports less imports outside the network")
    unit: Text = plain("unit of net_exports", "")


class Gdp(Evidenced):
    """What a country makes in a year, so that what a measure costs can be told as a share of it."""

    country: Country = plain("country")
    year: int = plain("calendar year")
    value: Annotated[float, Field(gt=0)] = plain("gross domestic product at market prices, million USD of that year")
    low: NonNegative = plain("lowest believable value, million USD", None)
    high: NonNegative = plain("highest believable value, million USD", None)


class Expansion(Evidenced):
    """A project that can be built: what it costs, how long it takes and lasts. `invest` chooses among them."""

    id: Id = plain("identifier")
    name: Text = plain("name as shown")
    capital_cost: NonNegative = money_column("what building all of it costs, before interest")
    fixed_cost: NonNegative = money_column(
        "what keeping it costs a year, whatever it carries; blank needs a note", None
    )
    unit: Text = plain("unit of capital_cost and fixed_cost, such as million USD", "million USD")
    price_year: NonNegative = plain("year of the money; blank: the case's price year", None)
    first_year: NonNegative = plain("earliest calendar year in which it can be decided; blank: the first planned", None)
    lead_time: NonNegative = plain("years from the decision until it works", 0.0)
    lifetime: Annotated[Annotated[float, Field(gt=0)] | None, BeforeValidator(number)] = plain(
        "years that it works, over which its capital cost is spread"
    )
    whole: Flag = plain("yes: all of it or nothing; no: any fraction", False)
    countries: Names = plain("countries in which it is built, joined by `;`", ())
    needs: Names = reference("expansions", "projects without which it cannot be built, joined by `;`", ())
    excludes: Names = reference("expansions", "projects that cannot be built beside it, joined by `;`", ())


class ExpansionTarget(Evidenced):
    """What a project adds to which capacity; one project can widen several."""

    expansion: Id = reference("expansions", "project")
    target: Id = plain("link, pool, supply or process that it widens; one that is planned opens with what is added")
    adds: NonNegative = rate_column("capacity added when all of it is built, in the good of the target")
    unit: Text = plain("unit of adds", "")


class Projection(Evidenced):
    """A figure of another table in a planning year. Without a row a figure keeps the value of the base year."""

    target: Id = plain("supply, demand, link, process or pool")
    column: Text = plain("its column: quantity, capacity, price, a cost")
    year: int = plain("calendar year; years between two are interpolated, later ones take the last")
    value: Number = plain("the value, in `unit`; money of the case's price year")
    unit: Text = plain("unit of the value: a rate or a price, as the column is", "")


class Source(Row):
    """Where figures come from."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")] = plain("key used in `source` columns")
    title: Text = plain("what it says")
    publisher: Text = plain("who says it", "")
    date: Text = plain("when, as printed", "")
    url: Text = plain("address", "")
    licence: Text = plain("licence of the data taken from it", "")


class Evidence(Row):
    """Source and range of one number; overrides the row's own."""

    table: Text = plain("table")
    id: Text = plain("row of that table")
    column: Text = plain("column of that table")
    source: Names = plain("keys of sources.csv", ())
    confidence: Annotated[Literal["high", "medium", "low"] | None, BeforeValidator(blank)] = plain("as for rows", None)
    basis: Annotated[Literal["observed", "derived", "assumed"] | None, BeforeValidator(blank)] = plain(
        "as for rows", None
    )
    low: Number = plain("lowest believable value, in the row's own unit", None)
    high: Number = plain("highest believable value", None)
    reason: Text = plain("why", "")


class Wedge(Row):
    """Made by calibration: what the observed flows say a link, or a process, costs beyond its known cost."""

    link: Id = plain("link, or process")
    good: Id = reference("goods", "good; of a process the one in whose unit its activity stands")
    wedge: float = plain("million USD per good.unit; added to the cost of the link or process")
    reading: Literal["cost", "scarcity", "lower_bound"] = plain(
        "cost; scarcity (at 95 % of capacity: capacity added removes it); lower_bound (nothing flowed)"
    )
    flow: float = plain("reconciled flow, good.unit per year")
    capacity: float = plain("capacity in the calibration year of the link, or of the pool named, good.unit per year")
    pool: OptionalId = plain("pool whose capacity is scarce, where it is not the link's own", None)


class Preference(Row):
    """Made by calibration: the slope that keeps observed route shares, per route corridor, good and observed origin."""

    corridor: Id = reference("corridors", "route corridor")
    good: Id = reference("goods", "good")
    origin: OptionalCountry = plain("origin that observations tell apart; blank: all that they don't", None)
    flow: float = plain("x0, good.unit per year")
    slope: float = plain("c / max(x0, 10 % of capacity), times kappa gives the extra marginal cost per unit off x0")


class Level(Row):
    """Made by calibration: where the curves of a supply, a demand or a storage stand in the calibration year.

    For an agreement (table instruments): what was really sent over its minimum, where the two are within 5 %.
    For a seller (table conduct): the theta with which the year was read.
    """

    table: Literal["supply", "demand", "storage", "instruments", "conduct"] = plain("table")
    id: Id = plain("row of that table")
    factor: float = plain("reconciled quantity over the quantity in the table; follows the table's dated values", 1.0)
    price: float = plain(
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
    "conduct": Conduct,
    "instruments": Instrument,
    "blocs": Bloc,
    "areas": Area,
    "scenarios": Scenario,
    "observations": Observation,
    "prices": Price,
    "shocks": Shock,
    "events": Event,
    "rates": Rate,
    "exposure": Exposure,
    "gdp": Gdp,
    "expansions": Expansion,
    "expansion_targets": ExpansionTarget,
    "projections": Projection,
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
    """`rate`, `volume`, `price`, `money`, `cubic` or None for a plain column."""
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
