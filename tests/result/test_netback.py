"""Netback by hand, and the law that ties it to the price at the field."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from corridor.case import Calendar, Settings, make_case
from corridor.network import closure
from corridor.result import netback
from corridor.study import solve_case


def chain(**more):
    """A field sells by a lossy pipeline and a ship behind it: every number can be checked with a pencil."""
    calendar = Calendar(dt.date(2024, 1, 1), dt.date(2025, 1, 1), "year")
    links = [
        {"id": "pipe", "from": "field", "to": "port", "mode": "pipeline", "capacity": 10, "tariff": 7,
         "transit_fee": 2, "loss": 0.1},
        {"id": "ship", "from": "port", "to": "market", "mode": "sea", "capacity": np.inf, "resource_cost": 5,
         "quality": 3},
    ]  # fmt: skip
    return make_case(
        "chain",
        Settings("Chain", calendar, None),
        {
            "nodes": [
                {"id": n, "name": n, "country": c, "lon": 0, "lat": 0, "kind": "junction"}
                for n, c in (("field", "KAZ"), ("port", "GEO"), ("market", "ITA"))
            ],
            "goods": [{"id": "oil", "name": "oil", "unit": "Mt"}],
            "links": [{"name": link["id"], "goods": "oil", **link} for link in links],
            "corridors": [{"id": "west", "name": "west", "screen": "pipe", "route": True}],
            "corridor_links": [{"corridor": "west", "link": "pipe"}],
            "supply": [{"id": "wells", "name": "wells", "node": "field", "good": "oil", "quantity": 20,
                        "avoidable_cost": 30}],
            "demand": [{"id": "buyers", "name": "buyers", "node": "market", "good": "oil", "quantity": 20,
                        "unserved_value": 200}],
            "wedges": [{"link": "ship", "good": "oil", "wedge": 1.5, "reading": "cost", "flow": 9,
                        "capacity": np.inf}],
            **more,
        },
    )  # fmt: skip


def test_by_hand():
    # The pipe is full at 10 Mt; 9 arrive and sell at 200, the value of going without. The field's own price is its
    # avoidable cost, 30. Per tonne that leaves the field 0.9 t arrive: quality 0.9 * 3, wedge 0.9 * 1.5, and freight
    # 0.9 * 5 for the ship and 0.1 * 200 for what is lost.
    row = solve_case(chain()).netback.iloc[0]
    assert (row["field"], row["route"], row["market"]) == ("wells", "west", "buyers")
    expected = {"price": 200, "freight": 24.5, "tariff": 7, "fees": 2, "duty": 0, "quality": 2.7, "wedge": 1.35}
    assert {name: row[name] for name in expected} == pytest.approx(expected)
    assert row["netback"] == pytest.approx(200 - 24.5 - 7 - 2 - 2.7 - 1.35)
    assert row["rent"] == pytest.approx(162.45 - 30)
    assert row["volume"] == pytest.approx(10 * 366 / 365.25)


def field_prices(result):
    """Price at each field's node, weighted by what it supplies."""
    made = result.supply.merge(result.prices, on=["node", "period", "stream"], suffixes=("", "_price"))
    years = dict(zip(result.network.periods.labels, result.network.years, strict=True))
    made["volume"] = made["value"] * made["period"].map(years)
    made["worth"] = made["volume"] * made["value_price"]
    sums = made.groupby("supply")[["worth", "volume"]].sum()
    return (sums["worth"] / sums["volume"]).to_dict()


def netback_prices(result):
    table = result.netback
    table["worth"] = (table["netback"] - table["rent"]) * table["volume"]
    sums = table.groupby("field")[["worth", "volume"]].sum()
    return (sums["worth"] / sums["volume"]).to_dict()


def test_netback_less_rent_is_the_price_at_the_field(base):
    assert netback_prices(base) == pytest.approx(field_prices(base), rel=1e-6)


def test_so_it_is_where_rents_are_large(case):
    without_tank = case.with_tables(
        storage=case.table("storage").iloc[:0], levels=case.table("levels").query("table != 'storage'")
    )
    shut = solve_case(without_tank, with_=closure("via_b", start="2024-03-01", end="2024-06-01"))
    assert shut.netback["rent"].abs().max() > 10
    assert netback_prices(shut) == pytest.approx(field_prices(shut), rel=1e-6)


def test_all_that_is_delivered_is_told(base):
    volume = float((base.network.years @ base.reading.supply).sum())
    assert base.netback["volume"].sum() == pytest.approx(volume, rel=1e-9)


def test_routes_add_up_to_the_screens(base):
    # The field at b joins behind a's pipe, so both cross the screen bc.
    by_route = base.netback.groupby("route")["volume"].sum()
    years = base.network.years
    links = list(base.network.links.ids)
    for route, screen in (("via_b", "bc"), ("via_sea", "ac")):
        crossed = float(years @ base.reading.flow[:, base.network.flows.link == links.index(screen)].sum(axis=1))
        assert by_route[route] == pytest.approx(crossed, rel=1e-9)


def test_at_home_without_any_link(base):
    shut = solve_case(base.case, with_=[closure(link) for link in ("ab", "bc", "ac")])
    table = shut.netback
    assert table[["field", "route", "market"]].to_numpy().tolist() == [["fb", "domestic", "db"]]
    assert table["netback"].tolist() == pytest.approx(table["price"].tolist())


def test_one_period_at_a_time_and_sparse_factors_tell_the_same(base, monkeypatch):
    told = netback.netback_table(base)
    monkeypatch.setattr(netback, "AT_ONCE", 1)
    monkeypatch.setattr(netback, "DENSE", 0)
    pd.testing.assert_frame_equal(netback.netback_table(base), told, rtol=1e-12)
