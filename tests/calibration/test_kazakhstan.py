"""The bundled case returns what was reconciled.

Exactly so where the year has no seasons: in crude, and in every part whose months are alike. Gas and power have
profiles, and plants that take turns at nearly the same cost; they are asked for what is traded, to one in a hundred.
"""

import kazakhstan
import numpy as np
import pytest

from corridor.calibration import calibration_of
from corridor.study import solve_case

STEADY = ("diesel", "sugar", "uranium")
"""One good of each part without processes that compete and without seasons."""


def volumes(net, reading):
    """Volume by link, good and origin over the year."""
    years, found = net.years, {}
    for f, (a, k) in enumerate(zip(net.flows.link, net.flows.stream, strict=True)):
        key = net.links.ids[a], net.streams[k].good, net.streams[k].origins
        found[key] = found.get(key, 0.0) + float(years @ reading.flow[:, f])
    return found


def over_the_year(net, reading, table, goods):
    """Volume by row of a table, of these goods."""
    rates = {"supply": (net.supplies, reading.supply), "demand": (net.demands, reading.demand)}
    rows, rate = rates[table]
    totals = net.years @ rate
    return {name: totals[i] for i, name in enumerate(rows.ids) if net.goods[rows.good[i]] in goods}


def route_screens(case, good):
    carried = case.table("links").set_index("id")["goods"]
    corridors = case.table("corridors")
    screens = corridors.loc[corridors["route"].astype(bool), "screen"]
    return {screen for screen in screens if good in carried[screen]}


def test_route_totals_by_origin_are_the_reconciled_ones():
    calibration, base = kazakhstan.calibration(), kazakhstan.base()
    assert base.certificate.passed
    reconciled = volumes(calibration.reconciled.network, calibration.reconciled.reading)
    solved = volumes(base.network, base.reading)
    screens = route_screens(kazakhstan.case(), "crude")
    compared = [key for key in solved if key[0] in screens]
    assert {link for link, _, _ in compared} == screens
    assert len(screens) > 9
    for key in compared:
        assert solved[key] == pytest.approx(reconciled[key], abs=1e-6), key


def test_supplies_and_deliveries_are_the_reconciled_ones():
    reconciled, base = kazakhstan.calibration().reconciled, kazakhstan.base()
    for table in ("supply", "demand"):
        before, after = (over_the_year(r.network, r.reading, table, {"crude"}) for r in (reconciled, base))
        # Which way the gas of Karachaganak goes hangs on the season; how much oil comes of it does not.
        for made in (before, after):
            made["karachaganak"] = sum(made.pop(name) for name in [*made] if name.startswith("karachaganak_"))
        assert after == pytest.approx(before, abs=1e-6)


def test_gas_and_power_come_back_though_the_year_has_seasons():
    reconciled, base = kazakhstan.calibration().reconciled, kazakhstan.base()
    for table in ("supply", "demand"):
        rows = kazakhstan.case().table(table)["id"]
        before, after = (over_the_year(r.network, r.reading, table, {"gas", "power"}) for r in (reconciled, base))
        for name in sorted(set(rows) & set(before)):  # the others are the plants
            assert after[name] == pytest.approx(before[name], rel=0.011, abs=0.01), name


@pytest.mark.parametrize("good", STEADY)
def test_parts_without_seasons_come_back_exactly(good):
    calibration = calibration_of(kazakhstan.part(good))
    reconciled, base = calibration.reconciled, solve_case(calibration.case)
    assert base.certificate.passed
    goods = set(calibration.case.table("goods")["id"])
    for table in ("supply", "demand"):
        before, after = (over_the_year(r.network, r.reading, table, goods) for r in (reconciled, base))
        assert after == pytest.approx(before, rel=1e-6, abs=1e-9)


def test_no_field_is_priced_below_its_avoidable_cost():
    case = kazakhstan.calibrated()
    levels = case.table("levels").set_index("id")["price"]
    supply = case.table("supply").set_index("id")
    assert ((levels[supply.index] - supply["avoidable_cost"].fillna(0)) >= -1e-6).all()


def test_the_largest_adjustments_are_told_first_and_are_few():
    told = kazakhstan.calibration().adjustments
    assert told["in_sigmas"].is_monotonic_decreasing
    assert np.mean(told["in_sigmas"] <= 2) > 0.8


def test_other_years_can_be_calibrated_on():
    for year in (2023, 2025):
        found = calibration_of(kazakhstan.case(), year)
        assert found.case.settings.calibration.start.year == year
        assert not found.case.tables["wedges"].empty
