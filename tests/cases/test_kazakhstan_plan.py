"""The bundled case's projects and projections: complete, ranged, and able to carry what a plan asks of them."""

import math

import pytest

from corridor.case import Case, evidence, read_case

YEARS = (2030, 2035, 2040)
FIELDS = ("tengiz", "kashagan", "karachaganak", "uzen", "buzachi", "aktobe", "kumkol", "emba", "west_other")


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case("kazakhstan")


def told(case: Case, table: str, name: str, year: int) -> float:
    """Quantity of a supply or demand in a planning year: the last one projected up to it, else that of the base year."""
    rows = case.tables["projections"]
    mine = rows[(rows["target"] == name) & (rows["column"] == "quantity") & (rows["year"] <= year)].sort_values("year")
    if len(mine):
        return float(mine["value"].iloc[-1])
    frame = case.tables[table]
    return float(frame.loc[frame["id"] == name, "quantity"].iloc[0])


def adds(case: Case, target: str) -> float:
    rows = case.tables["expansion_targets"]
    return float(rows.loc[rows["target"] == target, "adds"].sum())


def test_every_cost_has_a_range_that_holds_it_and_a_reason(case: Case) -> None:
    for name in case.tables["expansions"]["id"]:
        found = evidence(case, "expansions", name, "capital_cost")
        assert found.canonical_low <= found.canonical <= found.canonical_high, name
        assert found.canonical_low < found.canonical_high, name
        assert found.reason, name


def test_what_is_judged_says_so(case: Case) -> None:
    for table in ("expansions", "projections"):
        rows = case.tables[table]
        assert (rows["note"][rows["basis"] == "assumed"] != "").all()
        assert all(rows["source"][rows["basis"] != "assumed"])


def test_whatever_is_planned_can_be_built(case: Case) -> None:
    widened = set(case.tables["expansion_targets"]["target"])
    for table in ("links", "pools", "processes"):
        rows = case.tables[table]
        assert set(rows["id"][rows["status"] == "planned"]) <= widened


def test_tenge_are_turned_into_dollars_of_the_year(case: Case) -> None:
    rows = case.tables["expansions"].set_index("id")["capital_cost"]
    assert rows["kokshetau_chp"] == pytest.approx(347_000 / 469)
    assert rows["gres2_3"] == pytest.approx(400_000 / 520)
    # Three heat-and-power plants: 2.7 bn USD by the prime minister.
    assert sum(rows[f"{place}_chp"] for place in ("kokshetau", "semey", "oskemen")) == pytest.approx(2700, rel=0.02)


def test_projected_sums_are_those_of_the_readme(case: Case) -> None:
    oil = [sum(told(case, "supply", name, year) for name in FIELDS) for year in (2024, *YEARS)]
    assert oil == pytest.approx([87.7, 98.7, 98.7, 87.8], abs=0.06)
    zones = ("pw_north_use", "pw_south_use", "pw_west_use", "pw_mang_use")
    assert [sum(told(case, "demand", zone, year) for zone in zones) for year in YEARS] == pytest.approx([145, 165, 185])
    users = [name for name in case.tables["demand"]["id"] if name.startswith("gas_use_")]
    assert [sum(told(case, "demand", name, year) for name in users) for year in YEARS] == pytest.approx(
        [17.07, 19.40, 21.35]
    )


def test_two_fifths_of_the_oil_of_2035_can_pass_beside_russia(case: Case) -> None:
    """By arithmetic: room on the ways round Russia, all of it built, against four tenths of what is left to export."""
    refineries = ("refinery_atyrau", "refinery_pavlodar", "refinery_shymkent", "refinery_bitum")
    runs = sum(told(case, "demand", name, 2035) for name in refineries)
    exports = sum(told(case, "supply", name, 2035) for name in FIELDS) - runs - 2.0
    links = case.tables["links"].set_index("id")["capacity"]
    ceyhan = min(
        links["sangachal_btc"] + adds(case, "sangachal_btc"),
        links["btc_pipeline"] - told(case, "supply", "azeri", 2035),
    )
    china = links["atasu_alashankou"] + adds(case, "atasu_alashankou") - told(case, "supply", "rus_omsk", 2035)
    assert ceyhan + adds(case, "baku_supsa") + china > 0.4 * exports
    # One way alone is not enough.
    assert max(ceyhan, china) < 0.4 * exports


def test_money_and_times_are_sane(case: Case) -> None:
    rows = case.tables["expansions"]
    assert case.settings.planning is not None
    assert case.settings.planning.years == (2024, *YEARS)
    assert not any(math.isnan(value) for value in rows["fixed_cost"])
    assert ((rows["first_year"] + rows["lead_time"]) <= YEARS[-1]).all()
    assert (rows["fixed_cost"] <= 0.1 * rows["capital_cost"]).all()
