"""The document of a report: plain data that any program can write, declared here and checked before it is drawn.

A document has sections, a section has blocks; a block names its type, and the front end draws each type with one
component. Quantities stand beside their unit; an absent number is null, or a cell that says why.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from corridor.errors import ReportError
from corridor.report.agree import disagreements

__all__ = ["FORMAT", "Block", "Document", "Section", "check_document"]

FORMAT = 1
"""Version of the document; a page draws only its own."""

_strict = ConfigDict(extra="forbid", allow_inf_nan=False)

Name = Annotated[str, Field(min_length=1)]
Anchor = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
Point = Annotated[list[float], Field(min_length=2, max_length=2)]


@with_config(_strict)
class Range(TypedDict):
    """Lowest and highest value of an answer, and why it is not one number."""

    low: float
    high: float
    unit: NotRequired[str]
    digits: NotRequired[int]
    reason: NotRequired[str]


@with_config(_strict)
class Answer(TypedDict):
    """A question, the sentence that answers it, what else to know, and the command that says the same."""

    question: Name
    answer: Name
    detail: NotRequired[list[str]]
    command: str
    range: NotRequired[Range]


@with_config(_strict)
class Answers(TypedDict):
    """Answers in words."""

    type: Literal["answers"]
    title: NotRequired[str]
    note: NotRequired[str]
    items: list[Answer]


@with_config(_strict)
class Text(TypedDict):
    """Paragraphs."""

    type: Literal["text"]
    title: NotRequired[str]
    note: NotRequired[str]
    paragraphs: list[str]


@with_config(_strict)
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
MapLink.__pydantic_config__ = _strict  # type: ignore[attr-defined]


@with_config(_strict)
class MapView(TypedDict):
    """One map: flows by link, the links that are closed, and capacities that differ from the link's own."""

    id: Name
    title: Name
    flows: dict[str, float]
    closed: NotRequired[list[str]]
    capacity: NotRequired[dict[str, float | None]]


@with_config(_strict)
class Maps(TypedDict):
    """Maps of one network side by side; with `differences`, what the last view changes against the first comes after them."""

    type: Literal["maps"]
    title: NotRequired[str]
    note: NotRequired[str]
    nodes: Annotated[list[MapNode], Field(min_length=1)]
    links: list[MapLink]
    views: Annotated[list[MapView], Field(min_length=1)]
    differences: NotRequired[bool]


@with_config(_strict)
class SankeyNode(TypedDict):
    """A bar of a Sankey diagram, in a column counted from 0."""

    id: Name
    label: Name
    column: Annotated[int, Field(ge=0)]


@with_config(_strict)
class SankeyLink(TypedDict):
    """A ribbon; it runs from a column to a later one."""

    source: Name
    target: Name
    value: Annotated[float, Field(ge=0)]


@with_config(_strict)
class SankeyView(TypedDict):
    """One of several diagrams at the same scale."""

    id: Name
    title: Name
    links: list[SankeyLink]


@with_config(_strict)
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


@with_config(_strict)
class Period(TypedDict):
    """A step of time, ISO dates, [start, end)."""

    start: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    end: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    label: str


@with_config(_strict)
class OneSeries(TypedDict):
    """Averages by period; those of one `group` belong together (before, after: the last is what the page is about)."""

    name: Name
    values: list[float | None]
    group: NotRequired[str]


@with_config(_strict)
class Mark(TypedDict):
    """A span of time that is shaded, such as a closure; without `end` to the last period."""

    start: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    end: NotRequired[Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None]
    label: str


@with_config(_strict)
class Reference(TypedDict):
    """A line to compare with, such as a capacity or the total without the measure."""

    name: Name
    values: list[float | None]


@with_config(_strict)
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


@with_config(_strict)
class Part(TypedDict):
    """One role's part of a bar."""

    role: Name
    value: float


@with_config(_strict)
class BarRow(TypedDict):
    """A bar whose parts add up to its total."""

    label: Name
    parts: list[Part]
    total: float


@with_config(_strict)
class Bars(TypedDict):
    """Signed stacked bars."""

    type: Literal["bars"]
    title: NotRequired[str]
    note: NotRequired[str]
    unit: str
    rows: list[BarRow]
    roles: list[Name]


@with_config(_strict)
class Column(TypedDict):
    """A column of a table; numeric ones are aligned right, with `digits` decimals where given."""

    key: Name
    label: str
    unit: NotRequired[str]
    numeric: NotRequired[bool]
    digits: NotRequired[Annotated[int, Field(ge=0, le=12)]]


@with_config(_strict)
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


@with_config(_strict)
class Table(TypedDict):
    """A table; `rows` have a cell or a plain value for each column."""

    type: Literal["table"]
    title: NotRequired[str]
    note: NotRequired[str]
    columns: Annotated[list[Column], Field(min_length=1)]
    rows: list[dict[str, Cell | bool | int | Annotated[float, Field(allow_inf_nan=False)] | str | None]]
    collapsed: NotRequired[bool]
    caption: NotRequired[str]


@with_config(_strict)
class SourceRow(TypedDict):
    """A source, its licence and its address."""

    key: Name
    title: str
    publisher: NotRequired[str]
    date: NotRequired[str]
    url: NotRequired[str]
    licence: NotRequired[str]


@with_config(_strict)
class Sources(TypedDict):
    """Where figures come from."""

    type: Literal["sources"]
    title: NotRequired[str]
    note: NotRequired[str]
    rows: list[SourceRow]


Block = Annotated[
    Answers | Text | Maps | Sankey | Series | Bars | Table | Sources,
    Field(discriminator="type"),
]


@with_config(_strict)
class Section(TypedDict):
    """A chapter, with an entry in the table of contents."""

    id: Anchor
    title: Name
    group: NotRequired[str]
    """the group of goods that it is about; sections of one group stand together"""
    intro: NotRequired[str]
    blocks: list[Block]


@with_config(_strict)
class CaseName(TypedDict):
    """The case that the document is about."""

    name: Name
    title: str
    hash: str


@with_config(_strict)
class Document(TypedDict):
    """A whole report."""

    format: Literal[1]
    title: Name
    subtitle: NotRequired[str]
    generated: str
    version: str
    case: CaseName
    sections: Annotated[list[Section], Field(min_length=1)]


_adapter: TypeAdapter[Document] = TypeAdapter(Document)


def check_document(document: Any) -> Document:
    """The document, if a page can be drawn from it.

    Raises `ReportError` with every fault found, each with its place, such as `sections[2].blocks[0].links[3].from`.
    """
    try:
        checked = _adapter.validate_python(document)
    except ValidationError as found:
        raise _refusal([f"{_place(fault['loc'])}: {fault['msg']}" for fault in found.errors()]) from None
    faults = disagreements(checked)
    if faults:
        raise _refusal(faults)
    return checked


def _refusal(faults: list[str]) -> ReportError:
    shown = faults[:20] + ([f"and {len(faults) - 20} more"] if len(faults) > 20 else [])
    return ReportError("the document of the report is not in order:\n" + "\n".join(f"  {fault}" for fault in shown))


def _place(location: tuple[int | str, ...]) -> str:
    path = ""
    for step in location:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.lstrip(".") or "document"
