"""What the routes send, as types: OpenAPI is made from them, with the documents of `corridor.result` inside."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from corridor.report import Block  # noqa: TC001 (pydantic reads annotations at run time)
from corridor.report.shapes import MapView  # noqa: TC001 (as above)
from corridor.result.documents import (
    BargainDocument,
    CompareDocument,
    ErrorDocument,
    InvestDocument,
    RetaliateDocument,
    RivalryDocument,
    ShareDocument,
    SolveDocument,
    StressDocument,
)

__all__ = ["REPLIES", "components"]

Answer = Annotated[
    SolveDocument
    | CompareDocument
    | ShareDocument
    | StressDocument
    | BargainDocument
    | RetaliateDocument
    | InvestDocument
    | RivalryDocument,
    Field(discriminator="verb"),
]


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MapViews(_Reply):
    """Views `whole`, `window` and one of each period, without the measures and with them."""

    base: list[MapView]
    changed: list[MapView] | None


class PriceRow(_Reply):
    """The price of a good at a place, on average over the days asked about; null where nothing passes."""

    node: str
    good: str
    unit: str
    base: float | None
    changed: float | None
    unique: bool | None
    """false: it could be another; null: not known"""


class MapPage(_Reply):
    """The page of `solve` and `compare`: words first, then map and blocks by name."""

    sentence: str
    lines: list[str]
    group: str
    touched: list[str] = []
    map: MapViews
    prices: list[PriceRow]
    blocks: dict[str, list[Block]]
    certificate: dict[str, Any]
    warnings: list[str]
    command: str
    python: str


class QuestionPage(_Reply):
    """The page of the other verbs."""

    sentence: str
    lines: list[str]
    blocks: list[Block]
    command: str
    python: str


class RunState(_Reply):
    """How far a run is; with its answer, in the form of the command line's documents, and its page once it is done."""

    state: Literal["queued", "running", "done", "failed", "cancelled"]
    answer: Answer | None
    page: MapPage | QuestionPage | None
    error: dict[str, Any] | None


class CaseState(_Reply):
    """What the page must know of a case before anything is asked."""

    case: dict[str, str]
    calendar: dict[str, Any]
    groups: list[dict[str, Any]]
    goods: list[dict[str, str]]
    countries: list[dict[str, str]]
    corridors: list[dict[str, Any]]
    network: dict[str, list[dict[str, Any]]]
    supply: list[dict[str, Any]]
    demand: list[dict[str, Any]]
    scenarios: list[dict[str, Any]]
    instruments: list[dict[str, Any]]
    timeline: dict[str, Block]
    verbs: list[str]
    questions: list[dict[str, Any]]
    counts: dict[str, dict[str, int]]
    warnings: list[str]
    worldlink: str


class Source(_Reply):
    """A row of sources.csv."""

    key: str
    title: str
    publisher: str
    date: str
    url: str
    licence: str


class Evidence(_Reply):
    """A figure as written, and what stands behind it."""

    table: str
    id: str
    column: str
    value: str | None
    unit: str
    basis: str
    confidence: str
    low: str | None
    high: str | None
    reason: str
    note: str
    sources: list[Source]


class Assumed(_Reply):
    """Everything that no source gives, as a table."""

    group: str
    table: Block


class Brought(_Reply):
    """A case that was taken."""

    case: str
    name: str
    title: str
    counts: dict[str, dict[str, int]]
    warnings: list[str]


REPLIES: dict[str, type[BaseModel]] = {
    model.__name__: model for model in (RunState, CaseState, Evidence, Assumed, Brought, ErrorDocument)
}


def components() -> dict[str, Any]:
    """Schemas of all replies, as OpenAPI's components have them."""
    _, told = models_json_schema(
        [(model, "validation") for model in REPLIES.values()],
        by_alias=True,
        ref_template="#/components/schemas/{model}",
    )
    schemas: dict[str, Any] = told["$defs"]
    return schemas
