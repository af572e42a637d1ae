"""Streams: the coarsest trade classes of a good that every instrument and the question treat alike.

A class is a pair (origins, destinations). Two countries of origin share a class when no distinction tells them apart;
the destinations of a class are split only by the distinctions that apply to its origins. With none, a good is one stream.
The split is exact: what is alike in every rule need not be told apart (tests/network/test_streams.py compares it with
tracking every pair of countries).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Distinction", "Stream", "split"]

Countries = frozenset[str]


@dataclass(frozen=True, order=True)
class Distinction:
    """Something treats goods of `origins` apart, and among them those bound for `destinations` (None: wherever)."""

    good: str
    origins: Countries
    destinations: Countries | None = None


@dataclass(frozen=True)
class Stream:
    """A good together with the trade class that is told apart."""

    good: str
    origins: Countries
    destinations: Countries
    label: str


def split(
    good: str, producers: Iterable[str], consumers: Iterable[str], distinctions: Iterable[Distinction]
) -> tuple[Stream, ...]:
    """Classes of one good between its producing and consuming countries, in a fixed order."""
    rules = sorted({d for d in distinctions if d.good == good}, key=_order)
    origin_atoms = _atoms(producers, [r.origins for r in rules])
    streams = []
    for origins in origin_atoms:
        inside = [r.destinations for r in rules if r.destinations is not None and origins <= r.origins]
        destination_atoms = _atoms(consumers, inside)
        for destinations in destination_atoms:
            parts = [good]
            if len(origin_atoms) > 1:
                parts.append(_name(origins))
            if len(destination_atoms) > 1:
                parts.append("to_" + _name(destinations))
            streams.append(Stream(good, origins, destinations, ".".join(parts)))
    return tuple(streams)


def _order(rule: Distinction) -> tuple[object, ...]:
    return rule.good, sorted(rule.origins), rule.destinations is not None, sorted(rule.destinations or ())


def _atoms(countries: Iterable[str], sets: list[Countries]) -> list[Countries]:
    """Countries grouped by the sets they are members of; one empty group where there are no countries."""
    groups: Mapping[tuple[bool, ...], set[str]] = defaultdict(set)
    for country in sorted(set(countries)):
        groups[tuple(country in s for s in sets)].add(country)
    return [frozenset(group) for _, group in sorted(groups.items(), reverse=True)] or [frozenset()]


def _name(atom: Countries) -> str:
    # A list of forty countries is no name; the first member is in one class only, so the short form stays unique.
    members = sorted(atom)
    return "_".join(members) if len(members) <= 3 else f"{members[0]}_and_{len(members) - 1}"
