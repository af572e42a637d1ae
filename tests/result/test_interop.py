"""Results in xarray and networkx say what the tables say."""

import builtins

import numpy as np
import pytest

from corridor.errors import CorridorError


def test_xarray(shut):
    data = shut.to_xarray()
    flow = data["flow"].sel(link="ac", stream="oil")
    table = shut.flows.query("link == 'ac'")
    assert flow.to_numpy().tolist() == table["value"].tolist()
    assert str(flow["period"].to_numpy()[0])[:10] == "2024-01-01"
    assert float(data["years"].sum()) == pytest.approx(366 / 365.25)
    assert set(data.data_vars) == {"flow", "price", "supply_rate", "delivery", "stock"}
    volume = (data["supply_rate"] * data["years"]).sum()
    assert float(volume) == pytest.approx(float((shut.network.years @ shut.reading.supply).sum()))
    assert data["unit"].sel(stream="oil").item() == "Mt"
    assert data.attrs["case_hash"] == shut.case.hash


def test_xarray_keeps_absent_prices_absent(shut):
    absent = shut.prices["value"].isna().sum()
    assert int(np.isnan(shut.to_xarray()["price"]).sum()) == absent


def test_networkx(base):
    graph = base.to_networkx()
    assert set(graph.nodes) == {"a", "b", "c"}
    assert graph.nodes["b"]["country"] == "RUS"
    edge = graph.edges["b", "c", "bc"]
    rate = float(base.network.years @ base.reading.flow[:, 1] / base.network.years.sum())
    assert edge["flow"] == pytest.approx({"oil": rate})
    assert (edge["capacity"], edge["cost"]) == pytest.approx((8, 5))


def test_networkx_of_a_period(shut):
    spring = shut.to_networkx(period=2)
    assert spring.edges["b", "c", "bc"]["flow"] == {"oil": 0.0}
    assert spring.edges["b", "c", "bc"]["capacity"] == 0
    price = shut.prices.query("node == 'c' and period == '2024-03-01/2024-04-01'")["value"].item()
    assert spring.nodes["c"]["price"]["oil"] == pytest.approx(price)
    with pytest.raises(CorridorError, match="no period 12"):
        shut.to_networkx(period=12)


@pytest.mark.parametrize("extra", ["xarray", "networkx"])
def test_missing_extra_is_named(base, extra, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **more):
        if name == extra:
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CorridorError, match=rf"corridor\[{extra}\]"):
        getattr(base, f"to_{extra}")()
