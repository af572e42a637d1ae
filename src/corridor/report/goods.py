"""Which goods the rows of a result's tables are about, so that a group of goods is shown apart from what is tied to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from corridor.analysis.world import word_for
from corridor.case import row_goods, target_goods

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from corridor.case import Case

__all__ = ["Shown"]


@dataclass(frozen=True)
class Shown:
    """The goods of a case that a group of blocks shows."""

    case: Case
    goods: tuple[str, ...]
    main: str
    """the good whose picture comes first"""

    @staticmethod
    def everything(case: Case, main: str) -> Shown:
        """All goods of a case."""
        return Shown(case, tuple(case.tables["goods"]["id"]), main)

    @property
    def is_part(self) -> bool:
        """Whether the case holds goods that are not shown."""
        return set(self.goods) < set(self.case.tables["goods"]["id"])

    @property
    def ordered(self) -> tuple[str, ...]:
        """The goods, the main one first."""
        return (self.main, *(good for good in self.goods if good != self.main))

    @cached_property
    def by_unit(self) -> dict[str, tuple[str, ...]]:
        """Unit -> the goods that are measured in it: widths of flows can be compared within one unit only."""
        units = dict(zip(self.case.tables["goods"]["id"], self.case.tables["goods"]["unit"], strict=True))
        found: dict[str, tuple[str, ...]] = {}
        for good in self.ordered:
            found[units[good]] = (*found.get(units[good], ()), good)
        return found

    @cached_property
    def _goods_of(self) -> dict[str, tuple[str, ...]]:
        """Goods of everything that a row can name."""
        tables = self.case.tables
        instruments = tables["instruments"]
        measures = zip(instruments["id"], row_goods("instruments", instruments, tables), strict=True)
        return {good: (good,) for good in tables["goods"]["id"]} | target_goods(tables) | dict(measures)

    def are_about(self, names: Iterable[str]) -> bool:
        """Whether any of some ids (a good, a link, a pool, `process.good`, an instrument) has one of the goods, or none has any."""
        known = {good for name in names for good in self._goods_named(name)}
        return not known or bool(known & set(self.goods))

    def _goods_named(self, name: str) -> tuple[str, ...]:
        if name in self._goods_of:
            return self._goods_of[name]
        # A ledger says `links.cpc`, and what a process makes is `refinery.diesel`: the second word tells.
        return self._goods_of.get(name.partition(".")[2], ())

    def of_goods(self, table: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table with a column `good`."""
        return table[table["good"].isin(self.goods)]

    def of_names(self, table: pd.DataFrame, *columns: str) -> pd.DataFrame:
        """The rows of a table whose columns name something that has one of the goods."""
        if not self.is_part or table.empty:
            return table
        named = zip(*(table[column].astype(str) for column in columns), strict=True)
        return table[[self.are_about(names) for names in named]]

    def title(self, title: str, goods: Iterable[str]) -> str:
        """A title that says of which goods it is, where others are shown beside."""
        chosen = tuple(goods)
        if len(self.goods) == len(chosen):
            return title
        names = [word_for(self.case, good) for good in chosen]
        told = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        return f"{title}: {told}"
