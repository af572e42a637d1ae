"""What `except` of an instrument can name, and what it stands for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.case.goods import target_goods
from corridor.case.words import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Exceptions"]

_DELIVERIES = ("ban", "tariff", "tariff_quota", "subsidy")
"""Kinds that act on deliveries of a good, where they name no modes: demands can be free of them."""
_KINDS = (*_DELIVERIES, "transit_ban")
"""Kinds that can have exceptions."""


@dataclass(frozen=True)
class Exceptions:
    """Names that `except` can hold, and the goods of those that only some goods concern."""

    places: frozenset[str]
    """countries of the case and blocs"""
    goods: frozenset[str]
    links: Mapping[str, tuple[str, ...]]
    demands: Mapping[str, tuple[str, ...]]
    """consumers, and what processes take as `process.good`"""
    processes: Mapping[str, tuple[str, ...]]
    """the goods that each uses"""

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame], blocs: Collection[str] = ()) -> Exceptions:
        """Those of a case; `blocs` are known beyond its own."""
        joined, used = tables["instruments"], tables["process_goods"]
        own = set(tables["blocs"]["bloc"]) | set(joined.loc[joined["kind"] == "membership", "target"])
        carried = target_goods(tables)
        takes: dict[str, tuple[str, ...]] = dict.fromkeys(tables["processes"]["id"], ())
        for process, good, amount in zip(used["process"], used["good"], used["amount"], strict=True):
            if amount < 0:
                takes[process] = (*takes.get(process, ()), good)
        inputs = {f"{process}.{good}": (good,) for process, goods in takes.items() for good in goods}
        return cls(
            places=frozenset({*tables["nodes"]["country"], *own, *blocs}),
            goods=frozenset(tables["goods"]["id"]),
            links={name: carried[name] for name in tables["links"]["id"]},
            demands={name: carried[name] for name in tables["demand"]["id"]} | inputs,
            processes=takes,
        )

    def meant(self, good: str, name: str) -> tuple[str, ...]:
        """The name itself; for a process what it takes of the good."""
        return (f"{name}.{good}",) if good in self.processes.get(name, ()) else (name,)

    def fault(self, kind: str, target: str, modes: Collection[str], name: str) -> tuple[str, str] | None:
        """Why a name can be no exception of an instrument, and what to do; None where it can."""
        if kind not in _KINDS:
            return f"a {kind} has no exceptions", "leave `except` blank"
        if name in self.places or (target not in self.goods and kind != "subsidy"):
            return None  # a ban of what is no good is a fault of the target
        if target not in self.goods:
            fitting: dict[str, tuple[str, ...]] = {}
            what = "countries and blocs of origin"
        elif kind == "transit_ban" or modes:
            fitting = dict(self.links)
            what = "links, and countries and blocs of origin"
        else:
            fitting = {**self.demands, **self.processes}
            what = "demands, processes, and countries and blocs of origin"
        remedy = f"{'a ban by mode' if modes else f'a {kind}'} can except {what}"
        if name not in fitting:
            known = sorted({*self.links, *self.demands, *self.processes})
            if name in known:
                return f"'{name}' cannot be an exception here", remedy
            near = [n for n, goods in fitting.items() if target in goods]
            hint = did_you_mean(name, [*near, *sorted(self.places)], "did you mean '{}'?")
            return f"'{name}' is no country, bloc, demand, process or link of the case", hint or remedy
        if target not in fitting[name]:
            return f"'{name}' has nothing to do with '{target}', so excepting it changes nothing", "remove it"
        return None
