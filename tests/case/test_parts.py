"""Which goods are tied, and that solving the parts apart is solving the whole."""

import datetime as dt

import pytest

from corridor.analysis import at_peak, solve
from corridor.case import Calendar, Group, Settings, check_case, groups_of, in_year, make_case, part_of, parts
from corridor.errors import QuestionError

_YEAR = {"start": dt.date(2024, 1, 1), "end": dt.date(2025, 1, 1)}


def two_goods(*, capacity=float("inf"), groups=None, pool=False, **more):
    """Oil and grain on one road from a to b, each with a field and a town."""
    goods = ("oil", "grain")
    settings = Settings(
        "Two", Calendar(dt.date(2024, 1, 1), dt.date(2025, 1, 1), "quarter"), None, groups=groups or {}, **more
    )
    tables = {
        "nodes": [
            {"id": n, "name": n, "country": c, "lon": 0, "lat": 0, "kind": "junction"}
            for n, c in (("a", "KAZ"), ("b", "RUS"))
        ],
        "goods": [{"id": g, "name": g, "unit": "Mt", "group": g if groups else ""} for g in goods],
        "links": [
            {"id": "road", "name": "road", "from": "a", "to": "b", "mode": "road", "goods": goods, "capacity": capacity},
            {"id": "rail", "name": "rail", "from": "a", "to": "b", "mode": "rail", "goods": ("grain",), "capacity": 3,
             "resource_cost": 1},
        ],
        "supply": [
            {"id": f"{g}_field", "name": g, "node": "a", "good": g, "quantity": 5, "avoidable_cost": 10,
             "elasticity_short": 0.5} for g in goods
        ],
        "demand": [
            {"id": f"{g}_town", "name": g, "node": "b", "good": g, "quantity": 5, "price": 40,
             "elasticity_short": -0.5, "unserved_value": 300} for g in goods
        ],
        "scenarios": [{"id": "shut", "name": "shut"}],
        "instruments": [{"id": "rail_shut", "kind": "closure", "target": "rail", "scenarios": ("shut",), **_YEAR}],
    }  # fmt: skip
    if pool:
        tables["pools"] = [{"id": "port", "name": "port", "good": "oil", "capacity": 8}]
        tables["pool_links"] = [{"pool": "port", "link": "rail"}]
    return make_case("two", settings, tables)


def test_what_nothing_ties_is_apart():
    groups = {"oil": Group("Oil"), "grain": Group("Grain")}
    assert parts(two_goods(groups=groups)) == [("oil",), ("grain",)]
    assert parts(two_goods()) == [("oil", "grain")]  # one group


@pytest.mark.parametrize("tie", [{"capacity": 8.0}, {"pool": True}])
def test_a_capacity_that_goods_share_ties_them(tie):
    case = two_goods(groups={"oil": Group("Oil"), "grain": Group("Grain")}, **tie)
    assert parts(case) == [("oil", "grain")]


def test_the_parts_solved_apart_are_the_whole():
    case = two_goods(groups={"oil": Group("Oil"), "grain": Group("Grain")})
    whole = solve(case, "shut")
    apart = [solve(part_of(case, [good]), "shut") for good in ("oil", "grain")]
    assert sum(result.objective for result in apart) == pytest.approx(whole.objective, rel=1e-9)
    assert [len(result.network.links.ids) for result in apart] == [1, 2]
    gains = sum(result.gains["value"].sum() for result in apart)
    assert gains == pytest.approx(whole.gains["value"].sum(), rel=1e-8)


def test_a_part_keeps_its_own_calendar_and_year():
    groups = {"oil": Group("Oil"), "grain": Group("Grain", calibrate_on=2022)}
    slices = {"off": 0.9, "peak": 0.1}
    case = two_goods(groups=groups, slices=slices)
    case = case.with_tables(
        dataclass_calibrated(case.settings),
        profiles=[
            {"table": "demand", "id": "oil_town", "column": "quantity", "slice": "peak", "factor": 1.9},
            {"table": "demand", "id": "oil_town", "column": "quantity", "slice": "off", "factor": 0.9},
        ],
    )
    assert check_case(case) == ()
    oil, grain = part_of(case, ["oil"]), part_of(case, ["grain"])
    assert (oil.settings.slices, grain.settings.slices) == (slices, {})
    assert oil.settings.calibration == Calendar.of_year(2024)
    assert grain.settings.calibration == Calendar.of_year(2022)
    told = at_peak(solve(oil.with_tables(without_calibration(oil.settings))), "oil")
    assert told.period.endswith("peak")
    assert told.places.set_index("node").loc["b", "wanted"] == pytest.approx(9.5)


def dataclass_calibrated(settings):
    from dataclasses import replace

    return replace(settings, calibration=Calendar.of_year(2024))


def without_calibration(settings):
    from dataclasses import replace

    return replace(settings, calibration=None)


def test_another_year_moves_calendar_and_calibration():
    moved = in_year(two_goods(groups={"oil": Group("Oil", calibrate_on=2020), "grain": Group("Grain")}), 2022)
    assert moved.settings.calendar == Calendar(dt.date(2022, 1, 1), dt.date(2023, 1, 1), "quarter")
    assert moved.settings.calibration == Calendar.of_year(2022)
    assert all(group.calibrate_on is None for group in moved.settings.groups.values())


def test_a_good_without_a_group_stands_with_the_first():
    case = two_goods(groups={"oil": Group("Oil"), "grain": Group("Grain")})
    goods = case.table("goods")
    goods["group"] = ["oil", ""]
    assert groups_of(case.with_tables(goods=goods)) == {"oil": ("oil", "grain")}


def test_faults_of_groups():
    case = two_goods(groups={"oil": Group("Oil", 2022), "grain": Group("Grain", 2023)}, capacity=8.0)
    (fault,) = check_case(case)
    assert (fault.file, fault.column) == ("case.toml", "groups")
    assert "oil, grain are tied" in fault.message
    goods = case.table("goods")
    goods["group"] = ["oil", "grian"]
    told = check_case(two_goods(groups={"oil": Group("Oil"), "grain": Group("Grain")}).with_tables(goods=goods))
    assert any("no group 'grian' is declared" in f.message and "did you mean" in f.remedy for f in told)


def test_a_good_that_is_not_there():
    with pytest.raises(QuestionError, match="no good 'gas'"):
        part_of(two_goods(), ["gas"])
