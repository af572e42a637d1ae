"""Do names lead somewhere? References between tables, ids, keys, countries, order of dates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.case.columns import columns, key_columns
from corridor.case.goods import home_tables, target_goods
from corridor.case.schema import TABLES, targets
from corridor.case.words import capped, did_you_mean, where
from corridor.errors import Fault

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case.words import Lines, Rows

    Tables = Mapping[str, pd.DataFrame]

__all__ = ["assets", "reference_faults"]

_COUNTRIES = ("country", "controlled_by", "crosses", "origin", "destination", "through")
_ORDER = (("start", "end"), ("opens", "closes"), ("start", "expected_end"))
_DATED = {"rate", "volume", "price", "cubic"}


def reference_faults(tables: Tables, rows: Rows, unreadable: Collection[str] = ()) -> list[Fault]:
    """Faults of names, keys and order of dates. What refers to an unreadable table is not judged."""
    faults: list[Fault] = []
    for table in TABLES:
        if not tables[table].empty:
            faults += _key_faults(tables, rows, table)
            faults += _column_faults(tables, rows, table, unreadable)
            faults += _order_faults(tables, rows, table)
    faults += _clash_faults(tables, rows)
    faults += _self_link_faults(tables, rows)
    faults += _row_reference_faults(tables, rows, unreadable)
    faults += _named_faults(tables, rows, unreadable)
    faults += _carried_faults(tables, rows)
    faults += _projected_faults(tables, rows)
    return faults


def assets(tables: Tables) -> set[str]:
    """Everything that ownership can speak of: assets that rows name, and rows that are their own asset."""
    found: set[str] = set()
    for table in ("links", "pools", "supply", "processes", "storage"):
        found.update(asset or row for asset, row in zip(tables[table]["asset"], tables[table]["id"], strict=True))
    return found


def _key_faults(tables: Tables, rows: Rows, table: str) -> list[Fault]:
    """The same key in two rows."""
    keys = list(key_columns(table))
    frame = tables[table]
    again = frame.duplicated(keys, keep="first").to_numpy()
    if not again.any():
        return []
    first: dict[tuple[Any, ...], int] = {}
    faults = []
    for position, cells in enumerate(zip(*(frame[name] for name in keys), strict=True)):
        key = tuple(None if cell != cell else cell for cell in cells)  # noqa: PLR0124
        if not again[position]:
            first.setdefault(key, position)
        elif key[0] not in ("", None):
            told = ", ".join(str(part) for part in key if part is not None)
            message = f"'{told}' already stands in row {rows(table)[first[key]]}"
            remedy = "give it another id" if keys == ["id"] else "keep one of the two"
            faults.append(Fault(f"{table}.csv", int(rows(table)[position]), keys[0], message, remedy))
    return capped(faults)


def _clash_faults(tables: Tables, rows: Rows) -> list[Fault]:
    """An id in two tables that an instrument can target."""
    home: dict[str, tuple[str, int]] = {}
    faults = []
    for table in targets:
        for position, name in enumerate(tables[table]["id"]):
            if name in home and home[name][0] != table:
                other, row = home[name]
                message = f"'{name}' is also the id of row {row} of {other}.csv"
                remedy = "give it another id: an instrument could not tell which is meant"
                faults.append(Fault(f"{table}.csv", int(rows(table)[position]), "id", message, remedy))
            elif name:
                home[name] = (table, int(rows(table)[position]))
    return capped(faults)


@dataclass(frozen=True)
class _Known:
    """What a column can name: what such a thing is called, all of them, where they stand, which are meant most likely."""

    what: str
    names: Collection[str]
    listed: str
    likely: Collection[str] = ()


def _column_faults(tables: Tables, rows: Rows, table: str, unreadable: Collection[str]) -> Iterator[Fault]:
    """Columns that name a row of another table, a source, a country or a currency."""
    for name, column in columns(table).items():
        known = None
        if column.refers and column.refers not in unreadable:
            what = {"supply": "supply", "processes": "process"}.get(column.refers, column.refers.removesuffix("s"))
            known = _Known(what, set(tables[column.refers]["id"]), f"be in {column.refers}.csv")
        elif name == "source" and "sources" not in unreadable:
            known = _Known("source", set(tables["sources"]["key"]), "be in sources.csv")
        elif name in _COUNTRIES or (table, name) == ("expansions", "countries"):
            present = sorted(set(tables["nodes"]["country"]) & _country_codes())
            codes = _country_codes() | (_blocs(tables) if table == "instruments" else frozenset())
            known = _Known("country", codes, "be a code of ISO 3166 alpha-3, XWD or XKX", present)
        elif name == "currency":
            known = _Known("currency", _currency_codes(), "be a code of ISO 4217")
        if known:
            yield from _unknown(table, name, tables[table][name], rows(table), known)


def _blocs(tables: Tables) -> frozenset[str]:
    """Blocs that instruments can name in place of countries."""
    joined = tables["instruments"]
    return frozenset(tables["blocs"]["bloc"]) | frozenset(joined.loc[joined["kind"] == "membership", "target"])


def _unknown(table: str, column: str, cells: pd.Series[Any], rows: Lines, known: _Known) -> list[Fault]:
    """Cells that name something not known; a cell can hold several names."""
    import pandas as pd

    codes, distinct = pd.factorize(cells.to_numpy(dtype=object), use_na_sentinel=False)
    strange: dict[int, tuple[str, str]] = {}
    for position, cell in enumerate(distinct):
        for name in _names(cell):
            if name not in known.names and position not in strange:
                hints = (did_you_mean(name, names, "did you mean '{}'?") for names in (known.likely, known.names))
                remedy = next((hint for hint in hints if hint), f"it must {known.listed}")
                strange[position] = (f"unknown {known.what} '{name}'", remedy)
    found = where(np.isin(codes, list(strange))) if strange else []
    return capped([Fault(f"{table}.csv", int(rows[p]), column, *strange[int(codes[p])]) for p in found])


def _names(cell: Any) -> Iterable[str]:
    if isinstance(cell, tuple):
        return cell
    return (cell,) if isinstance(cell, str) else ()


@cache
def _country_codes() -> frozenset[str]:
    import pycountry

    return frozenset(country.alpha_3 for country in pycountry.countries) | {"XWD", "XKX"}


@cache
def _currency_codes() -> frozenset[str]:
    import pycountry

    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


def _order_faults(tables: Tables, rows: Rows, table: str) -> Iterator[Fault]:
    """Ranges are [start, end): the end is after the start. What is announced is announced before it starts."""
    frame = tables[table]
    for first, last in _ORDER:
        if first in frame and last in frame:
            for row, start, end in zip(rows(table), frame[first], frame[last], strict=True):
                if start is not None and end is not None and end <= start:
                    message = f"{end} is not after '{first}' {start}"
                    yield Fault(
                        f"{table}.csv", int(row), last, message, "the end is the first day that no longer counts"
                    )
    if table == "evidence":
        for position in where(frame["low"] > frame["high"]):
            message = f"the lowest value {frame['low'].iloc[position]:g} is above the highest"
            yield Fault("evidence.csv", int(rows(table)[position]), "low", message, "exchange low and high")
    if "announced" in frame:
        for row, announced, start in zip(rows(table), frame["announced"], frame["start"], strict=True):
            if start is not None and announced is not None and announced > start:
                message = f"{announced} is after 'start' {start}"
                yield Fault(f"{table}.csv", int(row), "announced", message, "leave it blank for a surprise")


def _self_link_faults(tables: Tables, rows: Rows) -> Iterator[Fault]:
    links = tables["links"]
    for position in where((links["from"] == links["to"]).to_numpy()):
        node = links["to"].iloc[position]
        if node:
            remedy = "a link joins two nodes; a capacity at a node is a pool, a stock is a storage"
            yield Fault(
                "links.csv", int(rows("links")[position]), "to", f"the link goes from '{node}' to itself", remedy
            )


def _row_reference_faults(tables: Tables, rows: Rows, unreadable: Collection[str]) -> Iterator[Fault]:
    """`dated`, `profiles`, `evidence` and `levels` name a table, one of its rows and mostly one of its columns."""
    ids = {table: set(tables[table]["id"]) for table in TABLES if "id" in columns(table)}
    for name in ("dated", "profiles", "evidence", "levels"):
        frame = tables[name]
        said = frame["column"] if "column" in frame else [None] * len(frame)
        for row, table, key, column in zip(rows(name), frame["table"], frame["id"], said, strict=True):
            if not table or table in unreadable:
                continue
            file, line = f"{name}.csv", int(row)
            if table not in ids:
                remedy = did_you_mean(table, ids, "did you mean '{}'?") or f"write one of {', '.join(ids)}"
                yield Fault(file, line, "table", f"'{table}' is no table whose rows have ids", remedy)
                continue
            if key and key not in ids[table]:
                remedy = did_you_mean(key, ids[table], "did you mean '{}'?") or f"it must be in {table}.csv"
                yield Fault(file, line, "id", f"no row '{key}' in {table}.csv", remedy)
            if column and column not in columns(table):
                remedy = did_you_mean(column, columns(table), "did you mean '{}'?")
                yield Fault(
                    file, line, "column", f"{table}.csv has no column '{column}'", remedy or "see the reference"
                )
            elif column and name == "dated" and columns(table)[column].shape != "number":
                yield Fault(file, line, "column", f"'{column}' holds no number", "only a number can have dated values")


def _named_faults(tables: Tables, rows: Rows, unreadable: Collection[str]) -> Iterator[Fault]:
    """Columns that can name rows of several tables."""
    observable = [table for table in targets if table != "pools"]
    owned = ["links", "pools", "supply", "processes", "storage"]
    widened = ["links", "pools", "supply", "processes"]
    projected = [*widened, "demand"]
    scenarios = {"base", *tables["scenarios"]["id"]}
    cases = (
        (
            "observations",
            "target",
            observable,
            _ids(tables, observable),
            "link, corridor, supply, demand, process or storage",
        ),
        ("wedges", "link", ["links", "processes"], _ids(tables, ["links", "processes"]), "link or process"),
        ("ownership", "asset", owned, assets(tables), "asset"),
        ("instruments", "scenarios", ["scenarios"], scenarios, "scenario"),
        ("expansion_targets", "target", widened, _ids(tables, widened), "link, pool, supply or process"),
        ("projections", "target", projected, _ids(tables, projected), "supply, demand, link, process or pool"),
    )
    for table, column, read, names, what in cases:
        if not set(read) & set(unreadable):
            known = _Known(what, names, f"be in {' or '.join(f'{name}.csv' for name in read)}")
            yield from _unknown(table, column, tables[table][column], rows(table), known)


def _carried_faults(tables: Tables, rows: Rows) -> Iterator[Fault]:
    """An observation is of a good that its target carries, and so is what an instrument is about."""
    carried = target_goods(tables)
    for table, column in (("observations", "good"), ("instruments", "goods")):
        frame = tables[table]
        for row, target, cell in zip(rows(table), frame["target"], frame[column], strict=True):
            strange = [good for good in _names(cell) if carried.get(target) and good not in carried[target]]
            if strange:
                message = f"'{target}' is about {', '.join(carried[target])}, not {strange[0]}"
                yield Fault(f"{table}.csv", int(row), column, message, "check both")


def _projected_faults(tables: Tables, rows: Rows) -> Iterator[Fault]:
    """A projection names a column of its target's table that holds a number."""
    frame, home = tables["projections"], home_tables(tables)
    for row, target, column in zip(rows("projections"), frame["target"], frame["column"], strict=True):
        table = home.get(target)
        if not column or table is None:
            continue
        if column not in columns(table):
            remedy = did_you_mean(column, columns(table), "did you mean '{}'?") or "see the reference"
            yield Fault("projections.csv", int(row), "column", f"{table}.csv has no column '{column}'", remedy)
        elif columns(table)[column].kind not in _DATED:
            yield Fault(
                "projections.csv", int(row), "column", f"'{column}' is no rate and no price", "see the reference"
            )


def _ids(tables: Tables, names: Iterable[str]) -> set[str]:
    return {row for table in names for row in tables[table]["id"]}
