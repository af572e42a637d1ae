"""Duties that stand in the calibration year are known when prices and wedges are found: with them the flows come out."""

import pytest
from calibration.test_calibrate import YEAR, two_ways
from strategies import plain_case

from corridor.calibration import calibrate
from corridor.study import solve_case

DUTIES = {
    "by volume": ({"kind": "tariff", "rate": 8.0}, 8.0),
    "quota not used up": ({"kind": "tariff_quota", "rate": 20.0, "within": 5.0, "max": 15.0}, 5.0),
    "quota used up": ({"kind": "tariff_quota", "rate": 20.0, "within": 5.0, "max": 5.0 / YEAR}, 20.0),
    "ad valorem": ({"kind": "tariff", "ad_valorem": "25%"}, 20.0),
}
"""What stands in the case, and what the last unit then pays where the market pays 100."""


@pytest.mark.parametrize("name", DUTIES)
def test_the_calibrated_case_gives_the_observed_flows_and_the_markets_price(name):
    told, last = DUTIES[name]
    duty = {"id": "duty", "target": "oil", "destination": ("CHN",), **told}
    row = plain_case({"nodes": [{"id": "a", "country": "KAZ"}], "instruments": [duty]}).table("instruments")
    result = solve_case(calibrate(two_ways().with_tables(instruments=row)))
    volumes = result.flows.groupby("link")["value"].sum() * YEAR
    assert volumes.to_dict() == pytest.approx({"cheap": 6.0, "dear": 4.0}, rel=1e-5)
    assert result.prices.set_index("node")["value"]["c"] == pytest.approx(100.0 - last, rel=1e-5)
    paid = 5 * 5.0 + 5 * 20.0 if name == "quota used up" else 10 * last
    assert result.settlement.duty.sum() == pytest.approx(paid, rel=1e-5)
