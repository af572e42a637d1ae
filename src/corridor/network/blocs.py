"""Blocs: what is written for a bloc holds for whoever is its member on the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corridor.case import Exceptions
from corridor.errors import QuestionError
from corridor.network.amounts import resolve
from corridor.network.instruments import Instrument, unique

if TYPE_CHECKING:
    from corridor.case import Case

__all__ = ["prepare"]

_SIDES = ("origin", "destination", "through", "exempt", "members")
Spell = tuple[str, str, dt.date, dt.date]
"""Bloc, country, first day, first day no longer."""


def prepare(case: Case, instruments: Iterable[Instrument]) -> tuple[Instrument, ...]:
    """Instruments ready for a network: numbers canonical, blocs replaced by their members, exceptions found, ids their own.

    An instrument that names a bloc becomes one instrument per spell of unchanged membership inside its dates. Memberships
    themselves are used up by this. Raises `QuestionError` for an exception that the instrument cannot make.
    """
    resolved = [resolve(case, i) for i in instruments]
    given = _excepting(case, resolved) if any(i.exempt for i in resolved) else resolved
    spells = [*_spells_of(case), *(spell for i in given if i.kind == "membership" for spell in _joined(i))]
    blocs = {bloc for bloc, *_ in spells}
    pieces = [piece for i in given if i.kind != "membership" for piece in _pieces(i, spells, blocs)]
    return unique(pieces)


def _excepting(case: Case, instruments: list[Instrument]) -> list[Instrument]:
    """The instruments with processes among their exceptions replaced by what they take of the good."""
    known = Exceptions.of(case.tables, {i.target for i in instruments if i.kind == "membership"})
    found = []
    for i in instruments:
        for name in i.exempt:
            told = known.fault(i.kind, i.target, i.modes, name)
            if told:
                raise QuestionError(f"{i.kind}:{i.target}, except={name}: {'; '.join(told)}")
        meant = dict.fromkeys(part for name in i.exempt for part in known.meant(i.target, name))
        found.append(replace(i, exempt=tuple(meant)))
    return found


def _spells_of(case: Case) -> list[Spell]:
    columns = (case.column("blocs", name) for name in ("bloc", "country", "start", "end"))
    return [(b, c, s or dt.date.min, e or dt.date.max) for b, c, s, e in zip(*columns, strict=True)]


def _joined(i: Instrument) -> list[Spell]:
    return [(i.target, country, i.start or dt.date.min, i.end or dt.date.max) for country in i.members]


def _pieces(i: Instrument, spells: list[Spell], blocs: set[str]) -> list[Instrument]:
    named = {name for side in _SIDES for name in getattr(i, side)} & blocs
    if not named:
        return [i]
    first, last = i.start or dt.date.min, i.end or dt.date.max
    changes = {day for bloc, _, s, e in spells if bloc in named for day in (s, e)}
    days = [first, *sorted(day for day in changes if first < day < last), last]
    pieces = []
    for start, end in pairwise(days):
        sides: dict[str, Any] = {side: _members(getattr(i, side), spells, blocs, start) for side in _SIDES}
        # A bloc without members on these days leaves nothing to be said of it.
        if any(getattr(i, side) and not sides[side] for side in _SIDES if side != "exempt"):
            continue
        pieces.append(
            replace(
                i,
                start=None if start == dt.date.min else start,
                end=None if end == dt.date.max else end,
                announced=i.announced or (i.start if start != first else None),
                expected_end=i.expected_end if end == last else None,
                **sides,
            )
        )
    return pieces


def _members(names: tuple[str, ...], spells: list[Spell], blocs: set[str], day: dt.date) -> tuple[str, ...]:
    found = [name for name in names if name not in blocs]
    found += sorted({country for bloc, country, s, e in spells if bloc in names and s <= day < e})
    return tuple(dict.fromkeys(found))
