"""One case, one hash."""

import pandas as pd
import pytest

from corridor.case import case_hash, make_case


def test_order_of_rows_and_columns_does_not_count(folder):
    case = folder.read()
    for table in ("links", "corridor_links", "observations"):
        turned = case.table(table).iloc[::-1, ::-1].reset_index(drop=True)
        assert case_hash(case.settings, {**case.tables, table: turned}) == case.hash


def test_spelling_of_units_does_not_count(folder):
    plain = folder.read()
    folder.edit("links.csv", ",40,Mt/yr,", ",40000,kt/yr,")
    assert folder.read().hash == plain.hash


def test_text_dtype_of_pandas_does_not_count(folder):
    case = folder.read()
    links = case.table("links")
    for name in ("id", "name", "from", "to", "controlled_by", "note"):
        links[name] = links[name].astype("str").where(links[name].notna())
    assert case_hash(case.settings, {**case.tables, "links": links}) == case.hash


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("links", "capacity", 40.000000000000007),
        ("links", "note", "another"),
        ("links", "goods", ("crude", "crude")),
        ("links", "ramp_up", 0.0),
        ("nodes", "country", "RUS"),
        ("corridor_links", "link", "railway"),
        ("corridors", "route", False),
        ("instruments", "end", None),
    ],
)
def test_every_cell_counts(folder, table, column, value):
    case = folder.read()
    frame = case.table(table)
    frame[column] = pd.Series([value, *frame[column].iloc[1:]], dtype=frame[column].dtype)
    assert case_hash(case.settings, {**case.tables, table: frame}) != case.hash


def test_settings_count(folder):
    plain = folder.read()
    folder.edit("case.toml", 'through = "RUS"', 'through = "CHN"')
    assert folder.read().hash != plain.hash


def test_cells_cannot_run_into_each_other(folder):
    case = folder.read()
    one, other = case.table("nodes"), case.table("nodes")
    one["name"], one["note"] = ["ab", "c", "x"], ["", "", ""]
    other["name"], other["note"] = ["a", "bc", "x"], ["", "", ""]
    assert case.with_tables(nodes=one).hash != case.with_tables(nodes=other).hash


def test_a_made_case_is_the_read_one(folder):
    case = folder.read()
    assert make_case("made", case.settings, case.tables).hash == case.hash


def test_hash_is_the_same_on_every_machine(folder):
    # A change here means that stored results no longer know their case: raise FORMAT and say so in the changelog.
    assert folder.read().hash == "c5a4e3ebe0f905abfb0265a108005ac81ff456780a9803ce2c83f003b55c29f0"
