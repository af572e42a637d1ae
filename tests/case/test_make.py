"""Cases that a program makes."""

import datetime as dt

import pandas as pd
import pytest

from corridor.case import TABLES, Calendar, Settings, column_kind, dated_values, list_columns, make_case
from corridor.case.columns import columns, key_columns
from corridor.errors import CaseError

SETTINGS = Settings("made", Calendar(dt.date(2024, 1, 1), dt.date(2025, 1, 1), "year"), None)
GOODS = [{"id": "g", "name": "G", "unit": "kt"}]
SHAPES = {"number": "float64", "integer": "int64", "flag": "bool"}


def test_absent_tables_are_empty_with_every_column_in_its_shape():
    case = make_case("made", SETTINGS, {})
    for table in TABLES:
        frame = case.tables[table]
        assert list(frame.columns) == list(columns(table))
        assert len(frame) == 0
        for name, column in columns(table).items():
            assert frame[name].dtype == SHAPES.get(column.shape, "object"), (table, name)


def test_defaults_and_shapes():
    link = {"id": "l", "name": "L", "from": "a", "to": "b", "mode": "pipeline", "goods": "g", "capacity": 3}
    supply = {"id": "s", "name": "S", "node": "a", "good": "g", "quantity": 1.0, "avoidable_cost": None}
    case = make_case("made", SETTINGS, {"goods": GOODS, "links": [link], "supply": [supply]})
    row = case.tables["links"].iloc[0]
    assert (row["goods"], row["crosses"], row["status"], row["note"]) == (("g",), (), "open", "")
    assert (row["capacity"], row["tariff"], row["loss"]) == (3.0, 0.0, 0.0)
    assert row["controlled_by"] is None
    assert row["opens"] is None
    assert (row["unit"], row["cost_unit"]) == ("kt/yr", "USD/kg")
    assert pd.isna(case.tables["supply"]["avoidable_cost"].iloc[0])


def test_frames_mappings_and_rows_are_the_same():
    rows = [{"corridor": "c", "link": "a"}, {"corridor": "c", "link": "b"}]
    cases = [
        make_case("made", SETTINGS, {"corridor_links": given})
        for given in (rows, pd.DataFrame(rows), {"corridor": ["c", "c"], "link": ["a", "b"]})
    ]
    assert len({case.hash for case in cases}) == 1


def test_what_is_given_is_not_changed_by_what_is_made():
    given = pd.DataFrame({"id": ["g"], "name": ["G"], "unit": ["kt"], "barrels_per_tonne": [7.0]})
    case = make_case("made", SETTINGS, {"goods": given})
    given.loc[0, "barrels_per_tonne"] = 8.0
    assert case.tables["goods"]["barrels_per_tonne"].tolist() == [7.0]
    copy = case.table("goods")
    copy.loc[0, "barrels_per_tonne"] = 9.0
    assert case.tables["goods"]["barrels_per_tonne"].tolist() == [7.0]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"roads": []}, "no such table"),
        ({"goods": [{"id": "g", "name": "G", "unit": "kt", "colour": "red"}]}, "no such column"),
        ({"goods": [{"id": "g", "name": "G"}]}, "a required column is missing"),
    ],
)
def test_what_does_not_fit_is_refused(tables, message):
    with pytest.raises(CaseError, match=message):
        make_case("made", SETTINGS, tables)


def test_dated_values_have_open_ends_filled():
    dated = [
        {"table": "links", "id": "l", "column": "capacity", "end": dt.date(2024, 1, 1), "value": 1.0},
        {"table": "links", "id": "l", "column": "capacity", "start": dt.date(2024, 1, 1), "value": float("inf")},
        {"table": "links", "id": "l", "column": "tariff", "value": 3.0},
        {"table": "pools", "id": "l", "column": "capacity", "value": 4.0},
    ]
    case = make_case("made", SETTINGS, {"dated": dated})
    found = dated_values(case, "links", "capacity")
    assert found.to_dict("list") == {
        "id": ["l", "l"],
        "start": [dt.date.min, dt.date(2024, 1, 1)],
        "end": [dt.date(2024, 1, 1), dt.date.max],
        "value": [1.0, float("inf")],
    }
    assert dated_values(case, "supply", "quantity").empty


def test_kinds_and_lists_of_columns():
    assert [column_kind("links", name) for name in ("capacity", "tariff", "cubic_cost", "from", "nothing")] == [
        "rate",
        "price",
        "cubic",
        None,
        None,
    ]
    assert list_columns("links") == ("source", "goods", "crosses", "path")


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_told_apart_by_columns_that_are_there(table):
    assert set(key_columns(table)) <= set(columns(table))
