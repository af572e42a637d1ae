"""The document of a report: plain data that any program can write, declared here and checked before it is drawn.

A document has sections, a section has blocks; a block names its type, and the front end draws each type with one
component. Quantities stand beside their unit; an absent number is null, or a cell that says why.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from corridor.errors import ReportError
from corridor.report.agree import disagreements
from corridor.report.shapes import Anchor, Block, Name, strict

__all__ = ["FORMAT", "Block", "Document", "Section", "check_document"]

FORMAT = 1
"""Version of the document; a page draws only its own."""


@with_config(strict)
class Section(TypedDict):
    """A chapter, with an entry in the table of contents."""

    id: Anchor
    title: Name
    group: NotRequired[Name]
    """the group of goods that it is about; sections of one group stand together behind its tab"""
    intro: NotRequired[str]
    blocks: list[Block]


@with_config(strict)
class CaseName(TypedDict):
    """The case that the document is about."""

    name: Name
    title: str
    hash: str


@with_config(strict)
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
