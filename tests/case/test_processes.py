"""Faults of processes, of demands counted twice, of profiles and slices; a case with all of them reads as it was written."""

import pytest
from strategies import plain_case

from corridor.case import check_case, read_case, write_case
from corridor.case.settings import read_settings

GOODS = [{"id": "coal", "unit": "Mt"}, {"id": "power", "unit": "TWh"}]
PLANT = {"id": "plant", "node": "a", "good": "power", "capacity": 10, "basis": "assumed"}
USES = {"process": "plant", "good": "coal", "amount": -0.4, "basis": "assumed"}
MAKES = {"process": "plant", "good": "power", "amount": 1.0, "basis": "assumed"}


def case(**changed):
    tables = {
        "nodes": [{"id": "a", "country": "KAZ"}],
        "goods": GOODS,
        "supply": [{"id": "pit", "node": "a", "good": "coal", "quantity": 8, "avoidable_cost": 3}],
        "demand": [{"id": "homes", "node": "a", "good": "power", "quantity": 8, "price": 40, "unserved_value": 900}],
        "processes": [PLANT],
        "process_goods": [USES, MAKES],
        **{name: rows for name, rows in changed.items() if name != "slices"},
    }
    return plain_case(tables, slices=changed.get("slices"))


def faults(**changed):
    return [str(fault) for fault in check_case(case(**changed))]


def test_a_plant_has_no_fault():
    assert faults() == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"process_goods": []}, "processes.csv row 2, 'id': 'plant' makes nothing and uses nothing"),
        (
            {"process_goods": [USES, {**MAKES, "amount": 0}]},
            "process_goods.csv row 3, 'amount': an amount of nothing of 'power'",
        ),
        (
            {"process_goods": [USES, {**USES, "amount": 1}]},
            "process_goods.csv row 3, 'process': 'plant, coal' already stands",
        ),
        ({"process_goods": [USES, {**MAKES, "process": "plan"}]}, "unknown process 'plan'; did you mean 'plant'?"),
        (
            {"processes": [{**PLANT, "capacity": None}]},
            "processes.csv row 2, 'capacity': capacity of 'plant' is not known",
        ),
        (
            {"processes": [{**PLANT, "id": "pit"}]},
            "processes.csv row 2, 'id': 'pit' is also the id of row 2 of supply.csv",
        ),
        (
            {"profiles": [{"table": "demand", "id": "homes", "column": "capacity", "factor": 1}]},
            "demand.csv has no column",
        ),
        (
            {"profiles": [{"table": "demand", "id": "home", "column": "quantity", "factor": 1}]},
            "no row 'home' in demand.csv",
        ),
        (
            {"profiles": [{"table": "demand", "id": "homes", "column": "quantity", "factor": 1, "month": 1.5}]},
            "'month': 1.5 is no month",
        ),
        (
            {
                "profiles": [{"table": "demand", "id": "homes", "column": "quantity", "factor": 1, "slice": "peek"}],
                "slices": {"peak": 1.0},
            },
            "no slice 'peek' is declared; did you mean 'peak'?",
        ),
        (
            {"profiles": [{"table": "demand", "id": "homes", "column": "quantity", "factor": n} for n in (1, 2)]},
            "profiles.csv row 3, 'table': 'demand, homes, quantity, ' already stands in row 2",
        ),
        (
            {"instruments": [{"id": "shut", "kind": "closure", "target": "plant"}]},
            "'plant' is in processes.csv, and a closure acts on links",
        ),
    ],
)
def test_fault(changed, told):
    found = faults(**changed)
    assert any(told in line for line in found), found


def test_an_elastic_demand_beside_the_process_that_buys_for_it_is_counted_twice():
    bought = {
        "id": "burnt",
        "node": "a",
        "good": "coal",
        "quantity": 3,
        "price": 50,
        "unserved_value": 300,
        "elasticity_short": -0.1,
    }
    homes = {"id": "homes", "node": "a", "good": "power", "quantity": 8, "price": 40, "unserved_value": 900}
    assert faults(demand=[homes, bought]) == []
    assert faults(demand=[homes, {**bought, "use": "plant", "elasticity_short": 0.0}]) == []
    (told,) = faults(demand=[homes, {**bought, "use": "plant"}])
    assert "demand.csv row 3, 'use': 'burnt' counts twice the coal that the process 'plant' uses here" in told


def test_a_case_with_everything_is_read_as_written(tmp_path):
    whole = case(
        profiles=[
            {"table": "demand", "id": "homes", "column": "quantity", "month": 1, "slice": "peak", "factor": 1.5},
            {"table": "demand", "id": "homes", "column": "quantity", "factor": 0.9},
        ],
        slices={"peak": 0.25, "off_peak": 0.75},
        demand=[
            {
                "id": "homes",
                "node": "a",
                "good": "power",
                "quantity": 8,
                "price": 40,
                "unserved_value": 900,
                "use": "plant",
            }
        ],
    )
    away = {"id": "b", "name": "b", "country": "RUS", "lon": 0.0, "lat": 0.0, "kind": "border"}
    nodes = whole.table("nodes").to_dict("records")
    line = {
        "id": "ab",
        "name": "ab",
        "from": "a",
        "to": "b",
        "mode": "power",
        "goods": ("power",),
        "capacity": 3,
        "basis": "assumed",
    }
    import pandas as pd

    whole = whole.with_tables(nodes=pd.DataFrame([*nodes, away]), links=pd.DataFrame([line]))
    again = read_case(write_case(whole, tmp_path / "whole"))
    assert again.hash == whole.hash
    assert list(again.settings.slices) == ["peak", "off_peak"]


def test_slices_in_another_order_are_another_case():
    one, other = case(slices={"day": 0.5, "night": 0.5}), case(slices={"night": 0.5, "day": 0.5})
    assert len({one.hash, other.hash, case().hash}) == 3


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("peak = 0.3\noff_peak = 0.6", "the shares of slices sum to 0.9, not 1"),
        ("peak = 0\noff_peak = 1", "0 is no share of hours"),
        ('peak = "half"\noff_peak = 0.5', "'half' is no share of hours"),
        ("Peak = 1.0", "'Peak' cannot be the name of a slice"),
    ],
)
def test_slices_that_share_no_hours_are_told(tmp_path, written, told):
    (tmp_path / "case.toml").write_text(
        f'format = 1\ntitle = "T"\n[calendar]\nstart = 2024-01-01\nend = 2025-01-01\nstep = "year"\n[slices]\n{written}\n',
        encoding="utf-8",
    )
    settings, found = read_settings(tmp_path)
    assert settings is None
    assert any(told in fault.message for fault in found)


def test_a_process_carries_the_price_level_from_good_to_good():
    """Power has no price, coal has: the plant ties them. Without the plant the level of power hangs on nothing."""
    seen = [{"id": "seen", "target": "homes", "good": "power", "value": 8}]
    homes = [{"id": "homes", "node": "a", "good": "power", "quantity": 8, "unserved_value": 900}]
    prices = [{"id": "known", "node": "a", "good": "coal", "value": 20}]
    assert faults(observations=seen, demand=homes, prices=prices) == []
    (told,) = faults(observations=seen, demand=homes, prices=prices, processes=[], process_goods=[])
    assert "price level not identified" in told
