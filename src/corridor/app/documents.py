"""JSON documents of answers, the same for the command line and the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor.analysis import Comparison, Share
    from corridor.result import Result

__all__ = ["answer_document", "asked_words", "comparison_body", "share_body"]


def asked_words(
    case: str, scenario: str, added: Any, window: tuple[str, str] | None, **more: str | int | None
) -> dict[str, Any]:
    """Arguments of a question as understood; those that are None are left out."""
    return {
        "case": case,
        "scenario": scenario,
        "with": [i.question() for i in added],
        "window": f"{window[0]}/{window[1]}" if window else None,
        **{key: value for key, value in more.items() if value is not None},
    }


def answer_document(
    verb: str, question: dict[str, Any], result: Result, answer: str, body: dict[str, Any]
) -> dict[str, Any]:
    """The document of an answer about a result, with the sources and assumptions of its case."""
    from corridor.analysis import assumptions, source_keys
    from corridor.result.schema import envelope

    return envelope(
        verb,
        question,
        result,
        answer,
        body,
        sources=source_keys(result.case),
        assumed=[str(a) for a in assumptions(result.case)],
    )


def share_body(told: Share) -> dict[str, Any]:
    """The body of a `share` answer."""
    from corridor.app.indicators import security_body

    return {
        "value": told.value,
        "low": told.low,
        "high": told.high,
        "data_low": told.data_low,
        "data_high": told.data_high,
        "quantity": told.quantity,
        "total": told.total,
        "unit": told.unit,
        "period": told.period,
        "basis": told.basis,
        "denominator": told.denominator,
        "delivered_in": told.delivered_in,
        "routes": [vars(r) for r in told.routes],
        "all_routes": [vars(r) for r in told.all_routes],
        "hhi": told.hhi,
        "security": security_body(told.security),
    }


def comparison_body(told: Comparison, window: tuple[str, str] | None) -> dict[str, Any]:
    """The body of a `compare` answer, of the periods wholly inside a window."""
    from corridor.result.schema import as_rows, within

    names = (
        "volumes",
        "prices",
        "routes",
        "netback",
        "gains",
        "budget",
        "exports_lost",
        "rerouted",
        "by_period",
        "unserved",
        "timeline",
    )
    return {name: as_rows(within(getattr(told, name), window)) for name in names}
