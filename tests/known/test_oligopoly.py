"""Market power against what can be derived: Cournot (1838), and Harker's regions as our own figure."""

import numpy as np
import pytest
from strategies import plain_case

from corridor.calibration import calibrate
from corridor.calibration.calibrate import calibration_of
from corridor.case import read_case
from corridor.case.make import complete_table
from corridor.errors import QuestionError
from corridor.network import agreement
from corridor.result import check_certificate
from corridor.study import solve_case

COUNTRIES = ("KAZ", "RUS", "AZE", "CHN", "TKM", "IRN", "KGZ", "TJK", "AFG", "MNG")
A, B, COST = 12.0, 0.5, 3.0
"""P = A - B z, and what a unit costs."""


def oligopoly(costs, theta=1.0, **tables):
    """Sellers of one market, each from its own country at its own cost; demand through z = 4."""
    price = A - B * 4
    sellers = COUNTRIES[: len(costs)]
    rows = {
        "nodes": [{"id": "m", "country": "TUR"}] + [{"id": f"n{i}", "country": c} for i, c in enumerate(sellers)],
        "links": [{"id": f"l{i}", "from": f"n{i}", "to": "m", "capacity": 100.0} for i in range(len(costs))],
        "supply": [
            {"id": f"s{i}", "node": f"n{i}", "quantity": 100.0, "avoidable_cost": cost} for i, cost in enumerate(costs)
        ],
        "demand": [
            {"id": "d", "node": "m", "quantity": 4.0, "price": price, "elasticity_short": -price / (B * 4)},
        ],
        "conduct": [{"id": f"c{i}", "good": "oil", "countries": (c,), "theta": theta} for i, c in enumerate(sellers)],
    }
    return plain_case(rows | tables)


def answered(case, **more):
    result = solve_case(case, **more)
    assert result.certificate.passed
    return result


@pytest.mark.parametrize("n", [1, 2, 3, 10])
def test_symmetric_oligopoly(n):
    """Each sells (A - c) / (B (n + 1)): one is the monopoly, many come near competition."""
    result = answered(oligopoly([COST] * n))
    each = (A - COST) / (B * (n + 1))
    years = float(result.network.years.sum())
    sales = result.sales
    assert sales["value"].to_numpy() == pytest.approx(np.full(n, each), abs=1e-6)
    assert sales["price"].iloc[0] == pytest.approx(A - B * n * each, abs=1e-6)
    assert sales["mark_up"].to_numpy() == pytest.approx(np.full(n, B * each), abs=1e-6)
    roles = result.gains.groupby("role")["value"].sum() / years
    assert roles["mark_up"] == pytest.approx(n * B * each**2, abs=1e-5)
    assert roles["consumers"] == pytest.approx(B * (n * each) ** 2 / 2, abs=1e-5)
    # Welfare is worked out anew: the area between the line and the cost up to what is sold.
    welfare = (A - COST) * n * each - B * (n * each) ** 2 / 2
    assert result.gains["value"].sum() / years == pytest.approx(welfare, abs=1e-5)
    told = result.accounting.set_index("line")["value"] / years
    conduct = told[[name for name in told.index if name.startswith("conduct")]].sum()
    assert conduct == pytest.approx(n * B * each**2 / 2, abs=1e-5)


def test_many_sellers_come_near_competition():
    prices = [answered(oligopoly([COST] * n)).sales["price"].iloc[0] for n in (1, 4, 10)]
    assert prices[0] > prices[1] > prices[2] > COST
    assert prices[2] - COST == pytest.approx((A - COST) / 11, abs=1e-6)
    assert answered(oligopoly([COST] * 2, theta=0.0)).prices["value"].max() == pytest.approx(COST, abs=1e-6)


@pytest.mark.parametrize("theta", [0.25, 0.5, 1.0, 2.0])
def test_theta_between(theta):
    """A - B (n + theta) z = c: theta = n is the monopoly of all together, 0 the competitive price."""
    result = answered(oligopoly([COST] * 2, theta))
    assert result.sales["value"].iloc[0] == pytest.approx((A - COST) / (B * (2 + theta)), abs=1e-6)


def test_different_costs():
    """Duopoly at costs 3 and 5: q = (A - 2 own + other) / (3 B); the dearer one sells as well."""
    result = answered(oligopoly([3.0, 5.0]))
    assert result.sales["value"].to_numpy() == pytest.approx([(12 - 6 + 5) / 1.5, (12 - 10 + 3) / 1.5], abs=1e-6)
    # A seller that costs more than the price stays away.
    assert answered(oligopoly([3.0, 8.0])).sales["value"].to_numpy() == pytest.approx([9.0, 0.0], abs=1e-6)


def test_one_seller_of_two_countries_is_one():
    """Two countries that sell as one sell what a monopolist with the lower cost sells."""
    one = [{"id": "both", "good": "oil", "countries": COUNTRIES[:2], "theta": 1.0}]
    result = answered(oligopoly([3.0, 5.0], conduct=one))
    assert result.sales["value"].tolist() == pytest.approx([9.0], abs=1e-6)
    by_stream = result.deliveries.set_index("stream")["value"]
    assert by_stream["oil.KAZ"] == pytest.approx(9.0, abs=1e-6)


def two_markets(**links):
    """KAZ at a (cost 2) and RUS at b (cost 4); P = 12 - z at m and 18 - z at n; moving costs a-m 1, b-m 1, m-n 2."""
    return plain_case(
        {
            "nodes": [{"id": k, "country": c} for k, c in {"a": "KAZ", "b": "RUS", "m": "UZB", "n": "TJK"}.items()],
            "links": [
                {"id": "am", "from": "a", "to": "m", "capacity": 100.0, "resource_cost": 1.0},
                {"id": "bm", "from": "b", "to": "m", "capacity": 100.0, "resource_cost": 1.0},
                {"id": "mn", "from": "m", "to": "n", "capacity": 100.0, "resource_cost": 2.0} | links,
            ],
            "supply": [
                {"id": "s_a", "node": "a", "quantity": 100.0, "avoidable_cost": 2.0},
                {"id": "s_b", "node": "b", "quantity": 100.0, "avoidable_cost": 4.0},
            ],
            "demand": [
                {"id": "d_m", "node": "m", "quantity": 2.0, "price": 10.0, "elasticity_short": -5.0},
                {"id": "d_n", "node": "n", "quantity": 8.0, "price": 10.0, "elasticity_short": -1.25},
            ],
            "conduct": [
                {"id": "kaz", "good": "oil", "countries": ("KAZ",), "theta": 1.0},
                {"id": "rus", "good": "oil", "countries": ("RUS",), "theta": 1.0},
            ],
        }
    )


def test_two_sellers_two_markets():
    """Delivered costs are 3 and 5 at m, 5 and 7 at n: q = (a - 2 own + other) / 3 in each market apart."""
    result = answered(two_markets())
    sold = result.sales.set_index(["seller", "demand"])["value"]
    assert sold["kaz", "d_m"] == pytest.approx((12 - 6 + 5) / 3, abs=1e-6)
    assert sold["rus", "d_m"] == pytest.approx((12 - 10 + 3) / 3, abs=1e-6)
    assert sold["kaz", "d_n"] == pytest.approx((18 - 10 + 7) / 3, abs=1e-6)
    assert sold["rus", "d_n"] == pytest.approx((18 - 14 + 5) / 3, abs=1e-6)
    netback = result.netback.set_index(["field", "market"])
    # What the market pays less moving is the cost at the field and the mark-up, which stands as rent.
    assert netback.loc[("s_a", "d_n"), "netback"] - netback.loc[("s_a", "d_n"), "rent"] == pytest.approx(2, abs=1e-6)


def test_sellers_take_the_price_of_transport():
    """Room for 6 on m-n where 5 + 3 were sold: its rent r lowers both by r / 3, so (8 - 6) / (2 / 3) = 3 goes to its owners."""
    result = answered(two_markets(capacity=6.0))
    sold = result.sales.set_index(["seller", "demand"])["value"]
    assert [sold["kaz", "d_n"], sold["rus", "d_n"]] == pytest.approx([4, 2], abs=1e-6)
    rent = result.gains.groupby("role")["value"].sum()["congestion"] / float(result.network.years.sum())
    assert rent == pytest.approx(3 * 6, abs=1e-5)


def test_a_saved_result_passes_again(tmp_path):
    path = answered(two_markets()).save(tmp_path / "power.corridor")
    assert check_certificate(path).passed


BESIDE = {"id": "rigid", "node": "m", "quantity": 1.0, "unserved_value": 50.0}


@pytest.mark.parametrize(
    ("change", "asked", "words"),
    [
        ({"demand": {"elasticity_short": 0.0, "unserved_value": 50.0}}, {}, "does not answer to the price"),
        ({"demand": {"unserved_value": 11.0}}, {}, "cuts its line"),
        ({"beside": BESIDE, "markets": ("d",)}, {}, "stands beside rigid"),
        ({"storage": {"id": "tank", "node": "m", "capacity": 3.0, "initial": 1.0}}, {}, "resold tomorrow"),
        ({}, {"formulation": "min_cost_flow"}, "no seller has power"),
        ({}, {"with_": agreement("d", origin="KAZ", min="1Mt/yr")}, "is served by an agreement"),
        ({"markets": ("XYZ",)}, {}, "neither a demand of oil nor a country"),
    ],
)
def test_what_power_has_no_meaning_on_is_refused(change, asked, words):
    case = oligopoly([3.0, 5.0])
    demand = [row | change.get("demand", {}) for row in case.table("demand").to_dict("records")]
    demand += [{"name": "x", "good": "oil"} | change["beside"]] if "beside" in change else []
    conduct = case.table("conduct").to_dict("records")
    tables = {
        "demand": complete_table("demand", demand),
        "conduct": complete_table("conduct", [row | {"markets": change.get("markets", ())} for row in conduct]),
    }
    if "storage" in change:
        tables["storage"] = complete_table("storage", [{"name": "x", "good": "oil"} | change["storage"]])
    with pytest.raises(QuestionError, match=words):
        solve_case(case.with_tables(None, **tables), **asked)


def observed(theta, sold=(6.0, 2.0), **more):
    """A year in which two sellers sold 6 and 2 at 8, with elasticity -2."""
    case = oligopoly([1.0, 1.0], theta)
    demand = case.table("demand").assign(quantity=8.0, price=8.0, elasticity_short=-2.0, confidence="high")
    supply = case.table("supply").assign(quantity=list(sold), spare=4.0, elasticity_short=1.0)
    seen = [
        {"id": f"o{i}", "target": f"l{i}", "good": "oil", "value": value, "confidence": "high"}
        for i, value in enumerate(sold)
    ]
    return plain_case(
        {
            **{name: case.table(name).to_dict("records") for name in ("nodes", "links")},
            "supply": supply.to_dict("records"),
            "demand": demand.to_dict("records"),
            "conduct": [row | more for row in case.table("conduct").to_dict("records")],
            "observations": seen,
        },
        calibrated=True,
    )


def test_calibrated_under_its_conduct_a_year_comes_back():
    told = calibration_of(observed(0.5))
    case, result = told.case, answered(told.case)
    sold = told.reconciled.reading.supply[0]
    assert sold == pytest.approx([6, 2], rel=2e-3)  # observed volumes, and rates over a year of 365.25 days
    assert result.sales["value"].to_numpy() == pytest.approx(sold, abs=1e-6)
    # What the last unit earns is P (1 - theta s / |e|).
    price, share = result.sales["price"].iloc[0], sold / sold.sum()
    assert price == pytest.approx(8, rel=1e-3)
    assert result.sales["mark_up"].to_numpy() / price == pytest.approx(0.5 * share / 2, abs=1e-6)
    # At given prices the same costs would sell more.
    free = case.table("conduct").assign(theta=0.0, observed=0.5)
    assert answered(case.with_tables(None, conduct=free)).reading.demand.sum() > result.reading.demand.sum()


def test_calibrated_under_another_conduct_is_refused():
    case = calibrate(observed(0.5))
    other = case.table("conduct").assign(theta=1.0)
    with pytest.raises(QuestionError, match=r"calibrated with theta 0\.5 and is to be solved as one calibrated with 1"):
        solve_case(case.with_tables(None, conduct=other))
    with pytest.raises(QuestionError, match="which the long run does not return"):
        solve_case(case, horizon="long")


def test_a_year_that_power_cannot_be_is_refused():
    with pytest.raises(QuestionError, match=r"There theta is below 2\.67"):
        calibrate(observed(3.0))


REGIONS = {"one": "CAN", "two": "USA", "three": "MEX"}


def test_harker_with_sellers_who_know_their_power():
    """Our own figure, unpublished: three Cournot sellers, one a region, each selling in all three, home included.

    Each seller's goods are followed on every arc, so no two swap theirs. The conditions of each seller are checked here
    by themselves: P - eta z = marginal cost + what moving costs where it sells, no more elsewhere.
    """
    case = read_case("harker")
    nodes = case.table("nodes")
    nodes["country"] = [REGIONS.get(node, "USA") for node in nodes["id"]]
    conduct = [
        {"id": f"seller_{k}", "good": "commodity", "countries": (c,), "markets": tuple(REGIONS.values()), "theta": 1.0}
        for k, c in REGIONS.items()
    ]
    result = answered(case.with_tables(None, nodes=nodes, conduct=complete_table("conduct", conduct)))
    years = float(result.network.years.sum())
    assert result.supply["value"].sum() == pytest.approx(68.8954, abs=5e-5)
    assert result.gains["value"].sum() / years == pytest.approx(927.0697, abs=5e-5)
    rho, eta = {"one": 19, "two": 27, "three": 30}, {"one": 0.2, "two": 0.01, "three": 0.3}
    taken = result.deliveries.groupby("node")["value"].sum()
    at = result.prices.set_index(["node", "stream"])["value"]
    for row in result.sales.itertuples():
        place = row.demand.removeprefix("users_")
        stream = f"commodity.{REGIONS[row.seller.removeprefix('seller_')]}"
        earned = rho[place] - eta[place] * (taken[place] + row.value)
        if row.value > 1e-6:
            assert earned == pytest.approx(at[place, stream], abs=1e-5)
