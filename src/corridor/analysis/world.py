"""Small facts of a case and a result that several questions use."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING

from corridor.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridor.case import Case

__all__ = [
    "WORLD",
    "amount",
    "corridor_links",
    "country_name",
    "list_words",
    "must_have",
    "must_have_country",
    "name_of",
    "percent",
    "period_words",
    "span_words",
    "word_for",
]

WORLD = "XWD"
"""Country code of the node for whatever lies beyond the network."""
_SHORT = {
    "BOL": "Bolivia",
    "GBR": "the United Kingdom",
    "IRN": "Iran",
    "KOR": "South Korea",
    "LAO": "Laos",
    "MDA": "Moldova",
    "NLD": "the Netherlands",
    "PRK": "North Korea",
    "RUS": "Russia",
    "SYR": "Syria",
    "TUR": "Türkiye",
    "TZA": "Tanzania",
    "USA": "the United States",
    "VEN": "Venezuela",
    "VNM": "Vietnam",
    "XKX": "Kosovo",
    WORLD: "the rest of the world",
}
"""Names as a sentence says them, where ISO's own is longer."""


def country_name(code: str) -> str:
    """A country's name as a sentence says it; the code itself where ISO has none."""
    import pycountry

    if code in _SHORT:
        return _SHORT[code]
    found = pycountry.countries.get(alpha_3=code)
    return str(getattr(found, "common_name", found.name)) if found else code


def must_have(case: Case, table: str, name: str, word: str) -> None:
    """Raise `QuestionError` with the nearest names where a table has no such id."""
    known = list(case.tables[table]["id"])
    if name not in known:
        import difflib

        near = difflib.get_close_matches(name, known, 3)
        hint = f"; did you mean {' or '.join(near)}?" if near else f"; there are {', '.join(known) or 'none'}"
        raise QuestionError(f"{case.name} has no {word} {name!r}{hint}")


def must_have_country(case: Case, countries: Iterable[str]) -> None:
    """Raise `QuestionError` where a country is no country of the case."""
    from corridor.network import crossed_countries

    known = set(case.tables["nodes"]["country"]).union(*crossed_countries(case))
    for country in countries:
        if country not in known:
            raise QuestionError(f"{case.name} has no country {country!r}; it has {', '.join(sorted(known))}")


def corridor_links(case: Case, corridor: str) -> tuple[str, ...]:
    """Links of a corridor."""
    members = case.tables["corridor_links"]
    return tuple(members.loc[members["corridor"] == corridor, "link"])


def name_of(case: Case, name: str) -> str:
    """The name of whatever has this id, as shown; the id itself where nothing has."""
    if "." in name:  # what a process makes or uses
        process, good = name.split(".", 1)
        return f"{name_of(case, process)}, {word_for(case, good)}"
    return _names(case).get(name) or name


def word_for(case: Case, name: str) -> str:
    """The name of whatever has this id as it stands inside a sentence: "crude oil", "raw gas of Karachaganak", "LPG"."""
    shown = name_of(case, name)
    return shown if shown[1:2].isupper() else shown[:1].lower() + shown[1:]


@lru_cache(maxsize=32)
def _names(case: Case) -> dict[str, str]:
    """Id -> name, of everything; where an id stands in several tables the first of them counts."""
    found: dict[str, str] = {}
    for table in (
        "links",
        "corridors",
        "pools",
        "supply",
        "demand",
        "processes",
        "storage",
        "nodes",
        "scenarios",
        "goods",
    ):
        for name, shown in zip(case.tables[table]["id"], case.tables[table]["name"], strict=True):
            found.setdefault(name, str(shown))
    return found


def span_words(start: dt.date, end: dt.date) -> str:
    """A range `[start, end)` as a sentence says it: "2024", "March to May 2024", else its first and last day."""
    last = end - dt.timedelta(days=1)
    if start.day != 1 or end.day != 1:
        return f"{start.isoformat()} to {last.isoformat()}"
    if start.month == end.month == 1:
        return str(start.year) if start.year == last.year else f"{start.year} to {last.year}"
    first_month, last_month = f"{start:%B}", f"{last:%B} {last.year}"
    if (start.year, start.month) == (last.year, last.month):
        return last_month
    return f"{first_month}{'' if start.year == last.year else f' {start.year}'} to {last_month}"


def period_words(label: str) -> str:
    """A period's label, `2024-12-01/2025-01-01 peak`, as a sentence says it: "December 2024, peak"."""
    span, _, hours = label.partition(" ")
    start, end = (dt.date.fromisoformat(day) for day in span.split("/"))
    return span_words(start, end) + (f", {hours.replace('_', ' ')}" if hours else "")


def list_words(words: Sequence[str]) -> str:
    """Words in a row: "A", "A and B", "A, B and C"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def percent(share: float) -> str:
    """A share in words, with no more digits than the data has: two."""
    return f"{100 * share:.0f} %" if share >= 0.1 or share == 0 else f"{100 * share:.1f} %"


def amount(value: float, unit: str) -> str:
    """A quantity in words: two or three digits."""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 1 else 2
    # Adding zero turns a rounded -0.0 into 0.0: there is no minus nothing.
    return f"{round(value, digits) + 0.0:,.{digits}f} {unit}"
