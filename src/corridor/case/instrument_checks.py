"""Instruments that make no sense: on nothing, on the wrong kind of thing, without what their kind needs, twice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from corridor.case.exceptions import Exceptions
from corridor.case.schema import targets
from corridor.case.words import did_you_mean
from corridor.errors import Fault

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.case.words import Rows

__all__ = ["TARGETS", "instrument_faults"]

TARGETS: dict[str, tuple[str, ...]] = {
    "closure": ("links", "corridors", "pools"),
    "area_closure": ("areas",),
    "derating": ("links", "corridors", "pools", "processes"),
    "outage": ("supply", "demand", "processes", "storage"),
    "capacity": ("links", "corridors", "pools", "supply", "processes", "storage"),
    "ban": ("goods",),
    "transit_ban": ("goods",),
    "quota": ("links", "corridors", "goods"),
    "agreement": ("links", "corridors", "demand"),
    "tariff": ("goods",),
    "tariff_quota": ("goods",),
    "fee": ("links", "corridors"),
    "subsidy": ("links", "corridors", "goods"),
    "stock_release": ("storage",),
}
"""Tables whose rows an instrument of a kind can act on."""

_PER_CENT = re.compile(r"\s*[0-9]*\.?[0-9]+\s*%\s*")

_NEEDS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "derating": ((("availability", "capacity"), "how much is left"),),
    "capacity": ((("add", "capacity"), "how much there is"),),
    "ban": ((("origin", "destination"), "whose goods, or delivered where"),),
    "transit_ban": ((("origin",), "whose goods"), (("through",), "through which country")),
    "quota": ((("max",), "how much at most"),),
    "tariff": (
        (("origin", "destination"), "whose goods, or delivered where"),
        (("rate", "ad_valorem", "index"), "how much is due"),
    ),
    "tariff_quota": (
        (("origin", "destination"), "whose goods, or delivered where"),
        (("max",), "up to which volume the lower duty holds"),
        (("rate",), "how much is due beyond it"),
    ),
    "fee": ((("rate",), "how much is due"),),
    "subsidy": ((("rate",), "how much is paid"), (("government",), "who pays")),
    "stock_release": ((("volume",), "how much comes out"),),
    "membership": ((("members",), "who joins"),),
}
"""Kind -> columns of which at least one must be filled, and what they tell."""


def instrument_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Faults of `instruments.csv` beyond single cells."""
    table = case.tables["instruments"]
    if table.empty:
        return
    home = {name: source for source in (*targets, "goods", "areas") for name in case.tables[source]["id"]}
    seen: dict[tuple[Any, ...], list[tuple[int, frozenset[str]]]] = defaultdict(list)
    known = Exceptions.of(case.tables)
    for row, cells in zip(rows("instruments"), table.to_dict("records"), strict=True):
        instrument = {str(name): value for name, value in cells.items()}
        yield from _target_faults(int(row), instrument, home)
        yield from _need_faults(int(row), instrument, home)
        yield from _except_faults(int(row), instrument, known)
        yield from _twice(int(row), instrument, seen)


def _target_faults(row: int, instrument: dict[str, Any], home: dict[str, str]) -> Iterator[Fault]:
    kind, target = instrument["kind"], instrument["target"]
    wanted = TARGETS.get(kind)
    if wanted is None:
        return
    told = ", ".join(wanted)
    if not target:
        yield Fault("instruments.csv", row, "target", f"a {kind} acts on nothing", f"name one of: {told}")
    elif target not in home:
        fitting = [name for name, table in home.items() if table in wanted]
        remedy = did_you_mean(target, fitting, "did you mean '{}'?") or f"it must be in one of: {told}"
        yield Fault("instruments.csv", row, "target", f"'{target}' does not exist", remedy)
    elif home[target] not in wanted:
        message = f"'{target}' is in {home[target]}.csv, and a {kind} acts on {told}"
        yield Fault("instruments.csv", row, "target", message, _better_kind(home[target]))


def _better_kind(table: str) -> str:
    kinds = [kind for kind, wanted in TARGETS.items() if table in wanted]
    return f"what can act on it: {', '.join(kinds)}"


def _need_faults(row: int, instrument: dict[str, Any], home: dict[str, str]) -> Iterator[Fault]:
    for names, told in _NEEDS.get(instrument["kind"], ()):
        if not any(_given(instrument[name]) for name in names):
            message = f"a {instrument['kind']} must tell {told}"
            yield Fault("instruments.csv", row, names[0], message, f"fill {' or '.join(names)}")
    if instrument["ad_valorem"] and not _PER_CENT.fullmatch(instrument["ad_valorem"]):
        message = f"'{instrument['ad_valorem']}' is no share of the border price"
        yield Fault("instruments.csv", row, "ad_valorem", message, "write it in per cent, as in 10%")
    if instrument["priority"] == "exports" and home.get(instrument["target"]) in ("links", "corridors"):
        message = "exports can come before an agreement on a demand only"
        yield Fault("instruments.csv", row, "priority", message, "leave it blank: what passes a link is exports itself")
    if instrument["force_majeure"] and home.get(instrument["target"]) == "demand":
        message = "force majeure releases an agreement whose route is closed, and a demand has no route of its own"
        yield Fault("instruments.csv", row, "force_majeure", message, "leave it blank, or name a link or corridor")
    if (
        instrument["kind"] == "tariff_quota"
        and _given(instrument["within"])
        and instrument["within"] > instrument["rate"]
    ):
        message = "the duty within the quota is above the duty beyond it"
        yield Fault(
            "instruments.csv", row, "within", message, "fill in a smaller one; rate is the duty beyond the quota"
        )


def _except_faults(row: int, instrument: dict[str, Any], known: Exceptions) -> Iterator[Fault]:
    """Exceptions that name nothing, or nothing that the instrument could spare: they would change nothing, silently."""
    for name in instrument["except"]:
        told = known.fault(instrument["kind"], instrument["target"], instrument["modes"], name)
        if told:
            yield Fault("instruments.csv", row, "except", *told)


def _twice(
    row: int, instrument: dict[str, Any], seen: dict[tuple[Any, ...], list[tuple[int, frozenset[str]]]]
) -> Iterator[Fault]:
    """The same measure under two ids, in force in one scenario: its effect would count twice."""
    silent = ("id", "name", "note", "source", "confidence", "basis", "scenarios")
    key = tuple(value if value == value else None for name, value in instrument.items() if name not in silent)  # noqa: PLR0124
    scenarios = frozenset(instrument["scenarios"])
    for other, others in seen[key]:
        if not scenarios or not others or scenarios & others:
            remedy = "remove one; for two scenarios name both in one row"
            yield Fault("instruments.csv", row, "id", f"the same instrument already stands in row {other}", remedy)
            return
    seen[key].append((row, scenarios))


def _given(value: Any) -> bool:
    return bool(value) if not isinstance(value, float) else value == value  # noqa: PLR0124
