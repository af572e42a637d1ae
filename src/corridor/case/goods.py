"""Which goods a row's figures are about: what decides the unit in which they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["home_tables", "row_goods", "target_goods"]


def row_goods(table: str, frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, ...]]:
    """For every row of a table the goods that its figures are about; empty where that cannot be told."""
    if table == "links":
        return list(frame["goods"])
    if table == "instruments":
        by_target = target_goods(tables)
        known = set(tables["goods"]["id"])
        return [
            goods or ((target,) if target in known else by_target.get(target, ()))
            for goods, target in zip(frame["goods"], frame["target"], strict=True)
        ]
    if table in ("dated", "evidence"):
        named = ["links", "pools", "supply", "demand", "processes", "storage", "instruments", "observations", "prices"]
        by_row = {
            name: dict(zip(tables[name]["id"], row_goods(name, tables[name], tables), strict=True)) for name in named
        }
        return [by_row.get(name, {}).get(row, ()) for name, row in zip(frame["table"], frame["id"], strict=True)]
    if table in ("expansion_targets", "projections"):
        by_target = target_goods(tables)
        return [by_target.get(target, ()) for target in frame["target"]]
    if "good" in frame:
        return [(good,) for good in frame["good"]]
    return [()] * len(frame)


def target_goods(tables: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    """Goods of everything that an instrument or an observation can name; a corridor has those of its screen."""
    found: dict[str, tuple[str, ...]] = {}
    for table in ("links", "pools", "supply", "demand", "processes", "storage"):
        found.update(zip(tables[table]["id"], row_goods(table, tables[table], tables), strict=True))
    for corridor, screen in zip(tables["corridors"]["id"], tables["corridors"]["screen"], strict=True):
        found.setdefault(corridor, found.get(screen, ()))
    return found


def home_tables(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Table in which each row stands that a plan can widen or project."""
    return {
        name: table for table in ("links", "pools", "supply", "demand", "processes") for name in tables[table]["id"]
    }
