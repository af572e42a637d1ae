"""Questions of `[[headline]]` beside those of a share: the verbs that a case can name, and their arguments.

A verb more takes a row here, and in `analysis/asked.py` how it is asked and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corridor.case.words import did_you_mean

__all__ = ["ASKED", "asked_goods", "question_faults"]


@dataclass(frozen=True)
class _Argument:
    """An argument of a verb, as it is written in TOML."""

    kind: type
    """str, int, float (a whole number too), or tuple: a list of texts"""
    required: bool = False


_TEXT, _NUMBER, _SHARE, _TEXTS = _Argument(str), _Argument(int), _Argument(float), _Argument(tuple)
_MUST, _MUST_TEXTS = _Argument(str, required=True), _Argument(tuple, required=True)

ASKED: Mapping[str, Mapping[str, _Argument]] = {
    "stress": {"good": _MUST, "for": _MUST, "k": _NUMBER, "over": _TEXT, "loss": _TEXT},
    "bargain": {"good": _MUST, "players": _MUST_TEXTS, "outsiders": _TEXT, "contracts": _TEXT},
    "retaliate": {"between": _MUST_TEXTS, "goods": _MUST_TEXTS},
    "invest": {
        "good": _MUST,
        "of": _MUST,
        "through": _TEXT,
        "partner": _TEXT,
        "max_share": _SHARE,
        "max_loss": _SHARE,
        "by": _NUMBER,
        "direction": _TEXT,
        "over": _TEXT,
        "slice": _TEXT,
        "payer": _TEXT,
    },
    "rivalry": {"good": _MUST, "sellers": _MUST_TEXTS, "markets": _TEXTS, "theta": _SHARE, "observed": _SHARE},
}
"""Verb -> its arguments, by the names of the command line's options (`max_share` for --max-share)."""

_WANTED = {
    str: "a text in quotes",
    int: "a whole number",
    float: "a number such as 0.6",
    tuple: 'a list such as ["KAZ", "RUS"]',
}


def asked_goods(question: Mapping[str, Any]) -> tuple[str, ...]:
    """Goods that a question is about, as it names them."""
    return tuple(question["goods"]) if "goods" in question else (str(question["good"]),)


def question_faults(question: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a question that names a verb: the setting, the message and the remedy."""
    verb = question["verb"]
    arguments = ASKED.get(verb) if isinstance(verb, str) else None
    if arguments is None:
        known = ("share", *ASKED)
        yield (
            "headline.verb",
            f"{verb!r} is no question that run can ask",
            did_you_mean(str(verb), known) + f"verbs are {', '.join(known)}",
        )
        return
    for key, value in question.items():
        if key == "verb":
            continue
        if key not in arguments:
            remedy = f"{did_you_mean(key, arguments)}settings of {verb} are {', '.join(arguments)}"
            yield f"headline.{key}", "no such setting", remedy
        elif not _fits(value, arguments[key].kind):
            yield f"headline.{key}", f"{value!r} does not fit", f"write {_WANTED[arguments[key].kind]}"
    missing = [key for key, argument in arguments.items() if argument.required and key not in question]
    if missing:
        yield "headline", f"a question of {verb} needs {' and '.join(missing)}", _example(verb)


def _fits(value: Any, kind: type) -> bool:
    if kind is tuple:
        return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(one, str) for one in value)
    return isinstance(value, (int, float) if kind is float else kind) and not isinstance(value, bool)


def _example(verb: str) -> str:
    told = {
        "stress": 'good = "crude", for = "KAZ", k = 2',
        "bargain": 'good = "gas", players = ["RUS", "KAZ", "UZB"]',
        "retaliate": 'between = ["KAZ", "RUS"], goods = ["wheat"]',
        "invest": 'good = "crude", of = "KAZ", through = "RUS", max_share = 0.6, by = 2035',
        "rivalry": 'good = "wheat", sellers = ["KAZ", "RUS"]',
    }
    return f'such as verb = "{verb}", {told[verb]}'
