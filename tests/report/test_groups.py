"""Groups of goods that are solved together, shown apart; and the timeline of each."""

import datetime as dt
from dataclasses import replace

import pytest
from strategies import plain_case

from corridor.analysis import headlines
from corridor.case import Group
from corridor.report import check_document, headlines_document
from corridor.report.goods import Shown
from corridor.report.timeline import timeline_block

EVENTS = [
    {"id": "law", "name": "A law on diesel", "start": dt.date(2024, 2, 1), "end": dt.date(2024, 8, 1),
     "announced": dt.date(2024, 1, 10), "countries": ("RUS",), "goods": ("diesel",), "instruments": ("road_short",),
     "claim": "diesel is scarce", "verdict": "holds", "source": ("letter",)},
    {"id": "fire", "name": "A fire at the field", "start": dt.date(2024, 3, 3), "countries": ("KAZ",), "instruments": ("less",)},
    {"id": "treaty", "name": "A treaty", "start": dt.date(1994, 1, 1), "countries": ("KAZ", "RUS")},
    {"id": "other_scenario", "name": "A plan", "start": dt.date(2025, 1, 1), "goods": ("diesel",), "instruments": ("pipe_shut",)},
]  # fmt: skip
INSTRUMENTS = [
    {"id": "road_short", "kind": "derating", "target": "road", "availability": 0.5, "name": "Road at half",
     "start": dt.date(2024, 2, 1), "end": dt.date(2024, 9, 1)},
    {"id": "less", "kind": "derating", "target": "pipe", "availability": 0.9, "start": dt.date(2024, 3, 3)},
    {"id": "fee", "kind": "fee", "target": "pipe", "rate": 1.0, "start": dt.date(2023, 1, 1), "government": "RUS", "name": "A fee"},
    {"id": "always", "kind": "fee", "target": "pipe", "rate": 0.5},
    {"id": "pipe_shut", "kind": "closure", "target": "pipe", "scenarios": ("shut",), "start": dt.date(2024, 5, 1), "end": dt.date(2024, 6, 1)},
]  # fmt: skip


def tied_case():
    """Crude of one group is refined into fuels of another; diesel goes by a road that is full."""
    case = plain_case(
        {
            "nodes": [
                {"id": "field", "country": "KAZ", "lon": 50.0, "lat": 45.0},
                {"id": "town", "country": "RUS", "lon": 51.0, "lat": 46.0},
                {"id": "village", "country": "RUS", "lon": 52.0, "lat": 47.0},
            ],
            "goods": [
                {"id": "crude", "name": "Crude oil", "unit": "Mt", "group": "oil"},
                {"id": "petrol", "name": "Petrol", "unit": "Mt", "group": "fuels"},
                {"id": "diesel", "name": "Diesel", "unit": "kt", "group": "fuels"},
            ],
            "links": [
                {"id": "pipe", "from": "field", "to": "town", "goods": ("crude",), "capacity": 50, "resource_cost": 1},
                {"id": "road", "from": "town", "to": "village", "goods": ("diesel",), "capacity": 2000, "resource_cost": 0.001},
            ],
            "corridors": [{"id": "export", "name": "Export line", "screen": "pipe", "route": True}],
            "corridor_links": [{"corridor": "export", "link": "pipe"}],
            "supply": [{"id": "wells", "node": "field", "good": "crude", "quantity": 50, "avoidable_cost": 25}],
            "demand": [
                {"id": "cars", "node": "town", "good": "petrol", "quantity": 4, "price": 40, "elasticity_short": -0.5},
                {"id": "lorries", "node": "village", "good": "diesel", "quantity": 5000, "price": 0.03, "elasticity_short": -0.5},
            ],
            "processes": [{"id": "refinery", "node": "town", "good": "crude", "capacity": float("inf"), "cost": 2}],
            "process_goods": [
                {"process": "refinery", "good": "crude", "amount": -1},
                {"process": "refinery", "good": "petrol", "amount": 0.4},
                {"process": "refinery", "good": "diesel", "amount": 500},
            ],
            "scenarios": [{"id": "shut", "name": "The pipe shut in May", "headline": True}],
            "events": EVENTS,
            "instruments": INSTRUMENTS,
        }
    )  # fmt: skip
    return case.with_tables(replace(case.settings, groups={"oil": Group("Oil"), "fuels": Group("Fuels")}))


@pytest.fixture(scope="module")
def document():
    return check_document(headlines_document(headlines(tied_case())))


def sections(document, group):
    return [section for section in document["sections"] if section.get("group") == group]


def blocks(document, group, kind):
    return [block for section in sections(document, group) for block in section["blocks"] if block["type"] == kind]


def test_each_group_has_its_sections_and_its_answers_lead_to_them(document):
    told = {group: [s["id"] for s in sections(document, group)] for group in ("Oil", "Fuels")}
    assert told == {"Oil": ["base", "dates", "shut", "trust"], "Fuels": ["base-2", "dates-2", "trust-2"]}
    first = document["sections"][0]
    assert [block["group"] for block in first["blocks"]] == ["Oil", "Fuels"]
    assert [[item["section"] for item in block["items"]] for block in first["blocks"]] == [["base", "shut"], ["base-2"]]


def test_maps_hold_the_groups_links_and_places(document):
    (flows, change) = blocks(document, "Oil", "maps")
    for block in (flows, change):
        assert [link["id"] for link in block["links"]] == ["pipe"]
        assert {node["id"] for node in block["nodes"]} == {"field", "town"}
    (fuels,) = blocks(document, "Fuels", "maps")
    assert [(link["id"], link["good"], link["unit"]) for link in fuels["links"]] == [("road", "diesel", "kt/yr")]
    assert fuels["title"] == "Flows and capacities: diesel"
    assert set(fuels["views"][0]["flows"]) == {"road"}


def test_tables_hold_the_groups_goods(document):
    def table(group, title):
        return next(b for b in blocks(document, group, "table") if b["title"] == title)["rows"]

    assert {row["good"] for row in table("Oil", "Prices")} == {"Crude oil"}
    assert {row["good"] for row in table("Fuels", "Prices")} == {"Petrol", "Diesel"}
    assert [row["what"] for row in table("Fuels", "What binds")] == ["road"]
    assert not any(b["title"] == "What binds" for b in blocks(document, "Oil", "table")[:4])


def test_gains_are_those_of_the_groups_goods(document):
    for section in headlines(tied_case()).sections:
        (bars,) = [b for s in sections(document, section.name)[:1] for b in s["blocks"] if b["type"] == "bars"]
        gains = section.base.gains
        mine = gains[gains["good"].isin(section.goods)].groupby("role")["value"].sum()
        told = {}
        for row in bars["rows"]:
            for part in row["parts"]:
                told[part["role"]] = told.get(part["role"], 0.0) + part["value"]
        assert told
        for role, value in told.items():
            # What is too small for the picture is left out.
            assert value == pytest.approx(mine[role], abs=0.6)
        assert max(abs(value) for value in told.values()) > 2
        assert told != pytest.approx(gains.groupby("role")["value"].sum().to_dict(), abs=0.6), "not those of all goods"


def test_change_of_what_is_tied_is_told(document):
    (section,) = [s for s in document["sections"] if s["id"] == "shut"]
    (bars,) = [block for block in section["blocks"] if block["type"] == "bars"]
    assert "Goods of other groups that are tied to these change by" in bars["note"]


def test_timeline_has_events_and_measures_of_the_goods():
    rows = {row["id"]: row for row in timeline_block(tied_case(), ("diesel", "petrol"))["rows"]}
    assert set(rows) == {"event law", "event other_scenario"}
    law = rows["event law"]
    assert (law["start"], law["end"], law["announced"]) == ("2024-02-01", "2024-08-01", "2024-01-10")
    assert (law["countries"], law["goods"], law["source"]) == (["Russia"], ["Diesel"], ["letter"])
    assert law["models"] == ["Road at half (2024-02-01 to 2024-09-01)"]
    assert (law["claim"], law["verdict"], law["open"]) == ("diesel is scarce", "holds", False)
    assert rows["event other_scenario"]["models"] == [
        "closure (pipe_shut) (2024-05-01 to 2024-06-01; only in The pipe shut in May)"
    ]


def test_timeline_takes_goods_from_what_models_an_event_and_leaves_out_scenarios():
    rows = {row["id"]: row for row in timeline_block(tied_case(), ("crude",))["rows"]}
    assert set(rows) == {"event fire", "measure fee"}, "no undated fee, nothing that only a scenario holds"
    assert rows["event fire"]["open"], "what models it has no end"
    assert rows["measure fee"] | {"countries": ["Russia"], "open": True, "models": ["fee (fee)"]} == rows["measure fee"]


def test_events_of_no_good_stand_once_after_the_groups(document):
    last = document["sections"][-1]
    assert (last["id"], "group" in last) == ("events", False)
    assert [row["id"] for row in last["blocks"][0]["rows"]] == ["event treaty"]
    assert timeline_block(tied_case().with_tables(events=[]), (), general=True) is None


def test_names_of_every_kind_are_told_apart():
    case = tied_case()
    oil = Shown(case, ("crude",), "crude")
    assert [
        oil.are_about([name]) for name in ("pipe", "links.pipe", "wells", "refinery", "crude", "fee", "export")
    ] == [True] * 7
    assert [
        oil.are_about([name]) for name in ("road", "cars", "refinery.diesel", "links.road", "diesel", "road_short")
    ] == [False] * 6
    assert oil.are_about(["nobody knows"]), "what cannot be told is kept"
