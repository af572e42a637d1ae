"""The blocks of a document, type by type: what each holds, and in which form.

Quantities stand beside their unit; an absent number is null, or a cell that says why.
"""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from corridor.report.chart_shapes import Bars, Matrix, Name, strict

__all__ = ["Anchor", "Block", "Name", "strict"]

Anchor = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Point = Annotated[list[float], Field(min_length=2, max_length=2)]


@with_config(strict)
class Range(TypedDict):
    """Lowest and highest value of an answer, and why it is not one number."""

    low: float
    high: float
    unit: NotRequired[str]
    digits: NotRequired[int]
    reason: NotRequired[str]


@with_config(strict)
class Answer(TypedDict):
    """A question, the sentence that answers it, what else to know, and the command that says the same."""

    question: Name
    answer: Name
    detail: NotRequired[list[str]]
    command: str
    range: NotRequired[Range]
    section: NotRequired[Anchor]
    """the section with its maps and tables"""


@with_config(strict)
class Answers(TypedDict):
    """Answers in words; those of a `group` lead to its tab."""

    type: Literal["answers"]
    title: NotRequired[str]
    group: NotRequired[Name]
    note: NotRequired[str]
    items: list[Answer]


@with_config(strict)
class Text(TypedDict):
    """Paragraphs."""

    type: Literal["text"]
    title: NotRequired[str]
    note: NotRequired[str]
    paragraphs: list[str]


@with_config(strict)
class MapNode(TypedDict):
    """A place; kind `world` is a market that is no place. `label` is written on the map instead of the name."""

    id: Name
    name: Name
    label: NotRequired[str]
    country: str
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    kind: str


MapLink = TypedDict(
    "MapLink",
    {
        "id": Name,
        "name": Name,
        "from": Name,
        "to": Name,
        "mode": str,
        "good": str,
        "status": Literal["open", "closed", "planned"],
        "corridors": NotRequired[list[str]],
        "path": NotRequired[list[Point]],
        "capacity": float | None,
        "unit": str,
    },
)
"""A link between two places, drawn through the [longitude, latitude] points of `path`; capacity null: not known."""
MapLink.__pydantic_config__ = strict  # type: ignore[attr-defined]


@with_config(strict)
class MapView(TypedDict):
    """One map: flows by link, the links that are closed, and capacities that differ from the link's own."""

    id: Name
    title: Name
    flows: dict[str, float]
    closed: NotRequired[list[str]]
    capacity: NotRequired[dict[str, float | None]]


@with_config(strict)
class Maps(TypedDict):
    """Maps of one network side by side; with `differences`, what the last view changes against the first comes after them."""

    type: Literal["maps"]
    title: NotRequired[str]
    note: NotRequired[str]
    nodes: Annotated[list[MapNode], Field(min_length=1)]
    links: list[MapLink]
    views: Annotated[list[MapView], Field(min_length=1)]
    differences: NotRequired[bool]


@with_config(strict)
class SankeyNode(TypedDict):
    """A bar of a Sankey diagram, in a column counted from 0."""

    id: Name
    label: Name
    column: Annotated[int, Field(ge=0)]


@with_config(strict)
class SankeyLink(TypedDict):
    """A ribbon; it runs from a column to a later one."""

    source: Name
    target: Name
    value: Annotated[float, Field(ge=0)]


@with_config(strict)
class SankeyView(TypedDict):
    """One of several diagrams at the same scale."""

    id: Name
    title: Name
    links: list[SankeyLink]


@with_config(strict)
class Sankey(TypedDict):
    """Flows through fixed columns. Either `links`, or `views` with links each."""

    type: Literal["sankey"]
    title: NotRequired[str]
    note: NotRequired[str]
    columns: Annotated[list[str], Field(min_length=2)]
    nodes: list[SankeyNode]
    links: NotRequired[list[SankeyLink]]
    views: NotRequired[Annotated[list[SankeyView], Field(min_length=1)]]
    unit: str


@with_config(strict)
class Period(TypedDict):
    """A step of time, ISO dates, [start, end)."""

    start: Day
    end: Day
    label: str


@with_config(strict)
class OneSeries(TypedDict):
    """Averages by period; those of one `group` belong together (before, after: the last is what the page is about)."""

    name: Name
    values: list[float | None]
    group: NotRequired[str]


@with_config(strict)
class Mark(TypedDict):
    """A span of time that is shaded, such as a closure; without `end` to the last period."""

    start: Day
    end: NotRequired[Day | None]
    label: str


@with_config(strict)
class Reference(TypedDict):
    """A line to compare with, such as a capacity or the total without the measure."""

    name: Name
    values: list[float | None]


@with_config(strict)
class Series(TypedDict):
    """What changes over time, stacked or as lines."""

    type: Literal["series"]
    title: NotRequired[str]
    note: NotRequired[str]
    unit: str
    periods: Annotated[list[Period], Field(min_length=1)]
    series: list[OneSeries]
    stacked: bool
    marks: NotRequired[list[Mark]]
    reference: NotRequired[Reference]


@with_config(strict)
class TimelineRow(TypedDict):
    """An event or a measure, in force over [start, end). Without `end` it is a single day, or open where it says so."""

    id: Name
    name: Name
    what: Literal["event", "measure"]
    start: Day | None
    end: Day | None
    announced: Day | None
    open: bool
    countries: list[str]
    goods: list[str]
    models: list[str]
    """instruments that model it; empty: it stands in the record only"""
    source: list[str]
    claim: NotRequired[str]
    verdict: NotRequired[str]
    basis: NotRequired[str]
    confidence: NotRequired[str]
    note: NotRequired[str]


@with_config(strict)
class Timeline(TypedDict):
    """What happened when, on an axis of time; `solved` is the span that answers are about."""

    type: Literal["timeline"]
    title: NotRequired[str]
    note: NotRequired[str]
    rows: Annotated[list[TimelineRow], Field(min_length=1)]
    solved: NotRequired[Period]


@with_config(strict)
class Column(TypedDict):
    """A column of a table; numeric ones are aligned right, with `digits` decimals where given."""

    key: Name
    label: str
    unit: NotRequired[str]
    numeric: NotRequired[bool]
    digits: NotRequired[Annotated[int, Field(ge=0, le=12)]]


@with_config(strict)
class Cell(TypedDict):
    """A value that tells where it comes from, or why it is absent."""

    value: bool | int | float | str | None
    why: NotRequired[str]
    source: NotRequired[list[str]]
    basis: NotRequired[str | None]
    confidence: NotRequired[str | None]
    low: NotRequired[float | None]
    high: NotRequired[float | None]
    note: NotRequired[str]


@with_config(strict)
class Table(TypedDict):
    """A table; `rows` have a cell or a plain value for each column."""

    type: Literal["table"]
    title: NotRequired[str]
    note: NotRequired[str]
    columns: Annotated[list[Column], Field(min_length=1)]
    rows: list[dict[str, Cell | bool | int | Annotated[float, Field(allow_inf_nan=False)] | str | None]]
    collapsed: NotRequired[bool]
    caption: NotRequired[str]


@with_config(strict)
class SourceRow(TypedDict):
    """A source, its licence and its address."""

    key: Name
    title: str
    publisher: NotRequired[str]
    date: NotRequired[str]
    url: NotRequired[str]
    licence: NotRequired[str]


@with_config(strict)
class Sources(TypedDict):
    """Where figures come from."""

    type: Literal["sources"]
    title: NotRequired[str]
    note: NotRequired[str]
    rows: list[SourceRow]


Block = Annotated[
    Answers | Text | Maps | Sankey | Series | Bars | Matrix | Table | Timeline | Sources,
    Field(discriminator="type"),
]
