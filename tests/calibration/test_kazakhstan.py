"""The bundled case returns what was reconciled."""

import kazakhstan
import numpy as np
import pytest


def volumes(net, reading):
    """Volume by link and origin over the year."""
    years, found = net.years, {}
    for f, (a, k) in enumerate(zip(net.flows.link, net.flows.stream, strict=True)):
        key = net.links.ids[a], net.streams[k].origins
        found[key] = found.get(key, 0.0) + float(years @ reading.flow[:, f])
    return found


def test_route_totals_by_origin_are_the_reconciled_ones():
    calibration, base = kazakhstan.calibration(), kazakhstan.base()
    assert base.certificate.passed
    reconciled = volumes(calibration.reconciled.network, calibration.reconciled.reading)
    solved = volumes(base.network, base.reading)
    corridors = kazakhstan.case().table("corridors")
    screens = set(corridors.loc[corridors["route"].astype(bool), "screen"])
    compared = [key for key in solved if key[0] in screens]
    assert len({link for link, _ in compared}) == len(screens)
    for key in compared:
        assert solved[key] == pytest.approx(reconciled[key], abs=1e-6), key


def test_supplies_and_deliveries_are_the_reconciled_ones():
    reconciled, base = kazakhstan.calibration().reconciled, kazakhstan.base()
    for quantity in ("supply", "demand"):
        before = reconciled.network.years @ getattr(reconciled.reading, quantity)
        after = base.network.years @ getattr(base.reading, quantity)
        assert after == pytest.approx(before, abs=1e-6)


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
    from corridor.calibration import calibration_of

    for year in (2023, 2025):
        found = calibration_of(kazakhstan.case(), year)
        assert found.case.settings.calibration.start.year == year
        assert not found.case.tables["wedges"].empty
