"""The kinds of instrument: what each does, which keys it takes, which it must have."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KINDS", "Kind", "a_kind"]


@dataclass(frozen=True)
class Kind:
    """One kind. `needs` lists groups of keys of which at least one must be given, with words for what is missing."""

    meaning: str
    keys: frozenset[str]
    needs: tuple[tuple[tuple[str, ...], str], ...] = ()


_WHOSE = ("origin", "destination")

KINDS: dict[str, Kind] = {
    "closure": Kind("nothing passes", frozenset()),
    "area_closure": Kind("nothing passes over links inside an area", frozenset({"inside"})),
    "derating": Kind(
        "less can pass: availability multiplies, capacity is a limit",
        frozenset({"capacity", "availability"}),
        ((("capacity", "availability"), "a capacity or an availability"),),
    ),
    "outage": Kind(
        "a supply, demand, process or storage stands still, or works at its availability", frozenset({"availability"})
    ),
    "capacity": Kind(
        "capacity is added, or raised to a level",
        frozenset({"capacity", "add"}),
        ((("add", "capacity"), "add (or a capacity to reach)"),),
    ),
    "ban": Kind(
        "goods of an origin may not be delivered in a destination, or not enter it by some modes",
        frozenset({"origin", "destination", "modes", "exempt", "leakage", "surcharge"}),
        ((_WHOSE, "an origin or a destination"),),
    ),
    "transit_ban": Kind(
        "goods of an origin may not cross a country on their way elsewhere",
        frozenset({"origin", "through", "exempt"}),
        ((("origin",), "an origin"), (("through",), "a country it goes through")),
    ),
    "quota": Kind(
        "at most a volume may be delivered, or pass",
        frozenset({"goods", "origin", "destination", "max", "holder"}),
        ((("max",), "a largest volume, as in max=1Mt/yr"),),
    ),
    "agreement": Kind(
        "a minimum volume that must pass or be delivered",
        frozenset({"goods", "origin", "min", "price", "obliged", "beneficiary", "priority", "force_majeure"}),
    ),
    "tariff": Kind(
        "a duty on goods of an origin delivered in a destination: a rate, a share of the border price, or a sliding one",
        frozenset({"origin", "destination", "exempt", "rate", "ad_valorem", "index", "base", "slope", "government"}),
        (
            (_WHOSE, "an origin or a destination"),
            (("rate", "ad_valorem", "index"), "a rate, as in rate=20USD/t or rate=10%, or an index"),
        ),
    ),
    "tariff_quota": Kind(
        "a duty that is lower for what is delivered up to a volume a year",
        frozenset({"origin", "destination", "exempt", "max", "within", "rate", "government", "holder"}),
        (
            (_WHOSE, "an origin or a destination"),
            (("max",), "the volume up to which the lower duty holds, as in max=1Mt/yr"),
            (("rate",), "the duty beyond it, as in rate=20USD/t"),
        ),
    ),
    "fee": Kind(
        "a fee on what passes a link or corridor",
        frozenset({"goods", "origin", "rate", "government"}),
        ((("rate",), "a rate, as in rate=5USD/t"),),
    ),
    "subsidy": Kind(
        "a payment for what passes a link or corridor, or for goods of an origin delivered in a destination",
        frozenset({"goods", "origin", "destination", "exempt", "rate", "government"}),
        ((("rate",), "a rate, as in rate=20USD/t"), (("government",), "the government that pays")),
    ),
    "stock_release": Kind(
        "a volume that must come out of a storage",
        frozenset({"volume"}),
        ((("volume",), "a volume, as in volume=0.5Mt"),),
    ),
    "membership": Kind(
        "countries are members of a bloc",
        frozenset({"members"}),
        ((("members",), "the members"),),
    ),
}


def a_kind(kind: str) -> str:
    """A kind with its article, as in "an outage"."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
