"""An answer of the app -> the report that can be sent to somebody: one self-contained page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.app.web.answers import Asked, compared, solved
from corridor.report import case_document, comparison_document, html_text

if TYPE_CHECKING:
    from corridor.app.web.answers import Tell
    from corridor.app.web.warm import Warm
    from corridor.case import Case

__all__ = ["report_page"]


def report_page(warm: Warm, asked: Asked, told: dict[str, Any], tell: Tell) -> bytes:
    """The report of a run that is done; `told` is what was sent for it."""
    case = warm.case(asked.folder, asked.arguments.get("year"))
    if asked.verb == "compare":
        comparison = compared(warm, case, asked, tell)
        document = comparison_document([comparison], comparison.base)
    elif asked.verb == "solve":
        document = comparison_document([], solved(warm, case, asked, tell)[0])
    else:
        document = _document(case, told["page"])
    tell("page", "Writing the report")
    return html_text(document).encode("utf-8")


def _document(case: Case, page: dict[str, Any]) -> dict[str, Any]:
    item = {
        "question": _title(page["command"]),
        "answer": page["sentence"],
        "detail": page["lines"],
        "command": page["command"],
    }
    return case_document(
        case,
        [
            {"id": "answers", "title": "In short", "blocks": [{"type": "answers", "items": [item]}]},
            {"id": "backing", "title": "What backs it", "blocks": page["blocks"]},
        ],
    )


def _title(command: str) -> str:
    """The question as the command asks it, without the program's name."""
    return command.removeprefix("corridor ").capitalize()
