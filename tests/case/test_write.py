"""read(write(case)) is the case; a folder appears whole or not at all."""

import datetime as dt
import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.case import TABLES, Calendar, Group, Settings, make_case, new_case, read_case, write_case
from corridor.errors import CaseError

NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t\r"), min_size=1, max_size=12
).filter(lambda text: text.strip())
AMOUNTS = st.floats(0.001, 1e6)
PRICES = st.floats(0.01, 1e4)
IDS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


@st.composite
def cases(draw):
    """Cases that check clean, with figures of every kind, blanks, unlimited ones, odd texts and money with a deflator."""
    unit, density, gas = draw(
        st.sampled_from([("Mt", 7.5, None), ("t", None, None), ("bcm", None, "20C"), ("TWh", None, None)])
    )
    size = draw(st.integers(2, 5))
    nodes = [
        {"id": f"n{i}", "name": draw(NAMES), "country": ("KAZ", "RUS", "CHN")[i % 3], "lon": draw(st.floats(-180, 180)),
         "lat": draw(st.floats(-90, 90)), "kind": "junction", "basis": "assumed", "note": draw(st.one_of(st.just(""), NAMES))}
        for i in range(size)
    ]  # fmt: skip
    links = [
        {"id": name, "name": draw(NAMES), "from": "n0", "to": f"n{draw(st.integers(1, size - 1))}", "mode": "pipeline",
         "goods": ("g",), "capacity": draw(st.one_of(AMOUNTS, st.just(float("inf")))), "tariff": draw(st.one_of(st.just(0.0), PRICES)),
         "quality": draw(st.floats(-10, 10)), "loss": draw(st.floats(0, 0.5)), "ramp_up": draw(st.one_of(st.just(float("nan")), AMOUNTS)),
         "crosses": draw(st.sampled_from([(), ("KAZ",), ("KAZ", "RUS")])), "cubic_cost": draw(st.sampled_from([0.0, 0.125])),
         "opens": draw(st.sampled_from([None, dt.date(2024, 3, 1)])), "basis": "assumed"}
        for name in draw(st.lists(IDS.map("l_".__add__), min_size=1, max_size=6, unique=True))
    ]  # fmt: skip
    supply = [
        {
            "id": "s",
            "name": "S",
            "node": "n0",
            "good": "g",
            "quantity": draw(AMOUNTS),
            "avoidable_cost": draw(PRICES),
            "basis": "assumed",
        }
    ]
    demand = [
        {
            "id": "d",
            "name": "D",
            "node": links[0]["to"],
            "good": "g",
            "quantity": draw(AMOUNTS),
            "price": draw(PRICES),
            "unserved_value": draw(PRICES),
            "basis": "assumed",
        }
    ]
    dated = [
        {
            "table": "links",
            "id": links[0]["id"],
            "column": "tariff",
            "start": dt.date(2022, 1, 1),
            "value": draw(PRICES),
            "basis": "assumed",
        },
        {
            "table": "supply",
            "id": "s",
            "column": "quantity",
            "end": dt.date(2023, 1, 1),
            "value": draw(AMOUNTS),
            "basis": "assumed",
        },
    ]
    prices = [
        {
            "id": "p",
            "node": "n0",
            "good": "g",
            "start": dt.date(2022, 1, 1),
            "end": dt.date(2023, 1, 1),
            "value": draw(PRICES),
            "basis": "assumed",
        }
    ]
    rates = [
        {
            "currency": "USD",
            "year": 2022,
            "per_usd": 1.0,
            "deflator": draw(st.sampled_from([0.93, 1.0])),
            "basis": "assumed",
        }
    ]
    evidence = [
        {"table": "links", "id": links[0]["id"], "column": "capacity", "low": draw(AMOUNTS), "reason": draw(NAMES)}
    ]
    tables = {
        "goods": [{"id": "g", "name": draw(NAMES), "unit": unit, "barrels_per_tonne": density, "gas_reference": gas, "basis": "assumed"}],
        "nodes": nodes, "links": links, "supply": supply, "demand": demand, "dated": dated, "prices": prices,
        "rates": rates, "evidence": evidence,
        "corridors": [{"id": "c", "name": draw(NAMES), "screen": links[0]["id"], "route": False}],
        "corridor_links": [{"corridor": "c", "link": links[0]["id"]}],
        "wedges": [{"link": links[0]["id"], "good": "g", "wedge": draw(st.floats(-50, 50)), "reading": "cost", "flow": 1.5, "capacity": 2.0}],
    }  # fmt: skip
    question = st.fixed_dictionaries({"good": NAMES, "of": NAMES, "through": NAMES}, optional={"direction": NAMES})
    headline = tuple(draw(st.lists(question, max_size=2)))
    asked = st.fixed_dictionaries(
        {"verb": st.just("stress"), "good": NAMES, "for": NAMES}, optional={"k": st.integers(1, 9)}
    ) | st.fixed_dictionaries(
        {"verb": st.just("bargain"), "good": NAMES, "players": st.lists(NAMES, min_size=1, max_size=3).map(tuple)}
    )
    group = st.builds(Group, NAMES, st.one_of(st.none(), st.integers(1900, 2100)))
    groups = draw(st.dictionaries(IDS, group, max_size=2))
    chosen = Settings(
        draw(NAMES),
        Calendar(dt.date(2024, 1, 1), dt.date(2025, 1, 1), "month"),
        None,
        price_year=2024,
        headline=headline,
        asked=tuple(draw(st.lists(asked, max_size=2))),
        groups=groups,
    )
    return make_case("drawn", chosen, tables)


def same(one, other):
    """Tables equal to the last bit, whatever the order in which pandas keeps rows."""
    assert one.settings == other.settings
    for table in TABLES:
        pd.testing.assert_frame_equal(one.tables[table], other.tables[table], check_exact=True)
    assert one.hash == other.hash


@given(cases())
@settings(max_examples=25)
def test_read_of_write_is_the_case(tmp_path_factory, case):
    folder = tmp_path_factory.mktemp("written") / "drawn"
    write_case(case, folder)
    back = read_case(folder)
    same(back, case)
    again = write_case(back, folder.parent / "again" / "drawn")
    for path in sorted(folder.iterdir()):
        assert (again / path.name).read_bytes() == path.read_bytes()


def test_cells_stay_as_written(folder, tmp_path):
    folder.edit("links.csv", ",40,Mt/yr,", ",800,kb/d,")
    case = folder.read()
    write_case(case, tmp_path / "copy")
    for name in TABLES:
        if (folder.path / f"{name}.csv").exists():
            assert (tmp_path / "copy" / f"{name}.csv").read_text("utf-8") == (folder.path / f"{name}.csv").read_text(
                "utf-8"
            )
    same(read_case(tmp_path / "copy"), case)


def test_changed_tables_are_written_in_canonical_units_and_their_evidence_with_them(folder, tmp_path):
    folder.edit("links.csv", ",40,Mt/yr,", ",800,kb/d,")
    folder.write(
        "evidence.csv", "table,id,column,low,high\nlinks,pipeline,capacity,700,900\nsupply,wells,quantity,40,50\n"
    )
    case = folder.read()
    links = case.table("links")
    links.loc[0, "tariff"] = 31.5
    changed = case.with_tables(links=links)
    write_case(changed, tmp_path / "copy")
    back = read_case(tmp_path / "copy")
    same(back, changed)
    assert back.original["links"].loc[2, "unit"] == "Mt/yr"
    assert back.original["evidence"]["low"].tolist()[1] == "40"
    assert float(back.original["evidence"]["low"].iloc[0]) == pytest.approx(0.7 * 365.25 / 7.5)


def test_changed_goods_leave_no_cell_as_written(folder, tmp_path):
    folder.edit("links.csv", ",40,Mt/yr,", ",800,kb/d,")
    case = folder.read()
    goods = case.table("goods")
    goods.loc[0, "barrels_per_tonne"] = 8.0
    changed = case.with_tables(goods=goods)
    write_case(changed, tmp_path / "copy")
    same(read_case(tmp_path / "copy"), changed)


def test_a_table_made_by_calibration_leaves_the_others_as_written(folder, tmp_path):
    folder.edit("links.csv", ",40,Mt/yr,", ",800,kb/d,")
    case = folder.read()
    wedges = pd.DataFrame(
        [{"link": "pipeline", "good": "crude", "wedge": 0.1, "reading": "cost", "flow": 38.0, "capacity": 39.0}]
    )
    changed = case.with_tables(wedges=wedges)
    write_case(changed, tmp_path / "copy")
    back = read_case(tmp_path / "copy")
    assert back.hash == changed.hash
    assert back.original["links"].loc[2, "unit"] == "kb/d"


def test_nothing_is_overwritten(folder):
    case = folder.read()
    before = sorted(path.name for path in folder.path.iterdir())
    with pytest.raises(CaseError, match="exists and is not empty"):
        write_case(case, folder.path)
    with pytest.raises(CaseError, match="exists and is not empty"):
        new_case(folder.path)
    assert sorted(path.name for path in folder.path.iterdir()) == before


def test_what_cannot_be_written_leaves_nothing_behind(folder, tmp_path):
    case = folder.read()
    links = case.table("links")
    links.loc[0, "tariff"] = float("inf")
    target = tmp_path / "there" / "copy"
    with pytest.raises(CaseError, match="only a capacity can be"):
        write_case(case.with_tables(links=links), target)
    assert not target.exists()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CaseError, match="cannot write into"):
        write_case(case, tmp_path / "file" / "copy")


def test_an_empty_folder_can_be_filled(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    write_case(folder.read(), tmp_path / "empty")
    assert read_case(tmp_path / "empty").hash == folder.read().hash
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "small"]


def test_data_package_describes_the_files(folder, tmp_path):
    path = write_case(folder.read(), tmp_path / "copy")
    package = json.loads((path / "datapackage.json").read_text("utf-8"))
    assert {r["path"] for r in package["resources"]} == {f.name for f in path.glob("*.csv")}
    links = next(r for r in package["resources"] if r["path"] == "links.csv")["schema"]
    fields = {field["name"]: field for field in links["fields"]}
    assert links["primaryKey"] == ["id"]
    assert fields["from"]["constraints"] == {"required": True}
    assert fields["capacity"]["type"] == "string"  # may be `unlimited`
    assert fields["loss"] | {"description": ""} == {
        "name": "loss",
        "type": "number",
        "description": "",
        "constraints": {"minimum": 0.0},
    }
    assert "pipeline" in fields["mode"]["constraints"]["enum"]
