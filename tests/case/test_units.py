"""Factors checked against figures worked out by hand, and refusals."""

import datetime as dt
from fractions import Fraction

import pytest

from corridor.case import Calendar, Settings, make_case, unit_factor
from corridor.case.units import PRICE_UNITS, GoodUnits, UnitError, price_factor, quantity_factor, rate_factor, spellings

crude = GoodUnits("crude", "Mt", barrels_per_tonne=7.3)
gas = GoodUnits("gas", "bcm", gas_reference="20C")
gas15 = GoodUnits("gas", "bcm", gas_reference="15C")
power = GoodUnits("power", "TWh")
uranium = GoodUnits("uranium", "t")
wheat = GoodUnits("wheat", "kt")
tyres = GoodUnits("tyres", "Munit")
kwh = GoodUnits("power", "GWh")


@pytest.mark.parametrize(
    ("unit", "good", "factor"),
    [
        ("Mt", crude, 1.0),
        ("kt", crude, 1e-3),
        ("kt", wheat, 1.0),
        ("Mb", crude, 1 / 7.3),
        ("bbl", crude, 1e-6 / 7.3),
        ("lb", uranium, 0.00045359237),
        ("Mlb", uranium, 453.59237),
        ("bcm", gas, 1.0),
        ("mcm", gas, 1e-3),
        ("1000m3", gas, 1e-6),
        ("m3", gas, 1e-9),
        ("bcm_20C", gas, 1.0),
        ("bcm_15C", gas, 293.15 / 288.15),
        ("bcm_20C", gas15, 288.15 / 293.15),
        ("GWh", power, 1e-3),
        ("kWh", kwh, 1e-6),
        ("kunit", tyres, 1e-3),
    ],
)
def test_quantity(unit, good, factor):
    assert quantity_factor(unit, good) == pytest.approx(factor, rel=1e-15)


@pytest.mark.parametrize(
    ("unit", "good", "factor"),
    [
        ("Mt/yr", crude, 1.0),
        ("Mt/month", crude, 12.0),
        ("kt/d", crude, 0.36525),
        ("kb/d", crude, 365.25e-3 / 7.3),
        ("Mb/d", crude, 365.25 / 7.3),
        ("t/h", crude, 8766e-6),
        ("mcm/d", gas, 0.36525),
        ("GW", power, 8.766),
        ("MW", power, 8.766e-3),
        ("MW", kwh, 8.766),
        ("TWh/yr", power, 1.0),
    ],
)
def test_rate(unit, good, factor):
    assert rate_factor(unit, good) == pytest.approx(factor, rel=1e-15)


@pytest.mark.parametrize(
    ("unit", "good", "currency", "factor"),
    [
        ("USD/t", crude, "USD", 1.0),
        ("USD/bbl", crude, "USD", 7.3),
        ("KZT/t", crude, "KZT", 1.0),
        ("kUSD/kt", crude, "USD", 1.0),
        ("USD/lb", uranium, "USD", 1e-6 / 0.00045359237),
        ("MUSD/t", uranium, "USD", 1.0),
        ("USD/kg", wheat, "USD", 1.0),
        ("USD/t", wheat, "USD", 1e-3),
        ("USD/1000m3", gas, "USD", 1.0),
        ("RUB/m3", gas, "RUB", 1e3),
        ("USD/MWh", power, "USD", 1.0),
        ("KZT/kWh", power, "KZT", 1e3),
        ("MXN/t", crude, "MXN", 1.0),  # M is the peso's own, no million
        ("MMXN/t", crude, "MXN", 1e6),
    ],
)
def test_price(unit, good, currency, factor):
    assert price_factor(unit, good) == (currency, None, pytest.approx(factor, rel=1e-15))


def test_price_of_another_year():
    assert price_factor("KZT_2019/t", crude) == ("KZT", 2019, 1.0)


@pytest.mark.parametrize("unit", PRICE_UNITS)
def test_canonical_spellings_change_no_bit(unit):
    good = GoodUnits("g", unit, gas_reference="20C")
    assert quantity_factor(unit, good) == 1.0
    assert rate_factor(f"{unit}/yr", good) == 1.0
    assert price_factor(PRICE_UNITS[unit], good) == ("USD", None, 1.0)


@pytest.mark.parametrize("good", [crude, gas, power, tyres, uranium, wheat, kwh])
def test_every_spelling_that_is_offered_is_accepted(good):
    offered = [name for name in spellings(good.dimension) if good is crude or name not in ("bbl", "kb", "Mb")]
    for name in offered:
        quantity, rate = quantity_factor(name, good), rate_factor(f"{name}/d", good)
        assert rate == pytest.approx(quantity * 365.25, rel=1e-14)
        assert price_factor(f"USD/{name}", good)[2] == pytest.approx(1e-6 / quantity, rel=1e-14)


@pytest.mark.parametrize(
    ("unit", "good", "message", "remedy"),
    [
        ("mb/d", crude, "unit 'mb' is ambiguous", "write kb (thousand) or Mb (million)"),
        ("MMbbl/d", crude, "ambiguous", "write Mb"),
        ("mt/yr", crude, "ambiguous", "write t or Mt"),
        ("tons/yr", crude, "ambiguous", "write t for tonnes"),
        ("tcm/yr", gas, "ambiguous", "1000m3 or bcm"),
        ("Mcf/d", gas, "ambiguous", "cubic feet are not accepted"),
        ("toe/yr", crude, "ambiguous", "energy, not mass"),
        ("GW", crude, "'GW' is power, and good 'crude' is measured as mass", "Mt/yr"),
        ("bcm/yr", crude, "'bcm' is gas volume", "write Mt"),
        ("Mt/yr", gas, "'Mt' is mass", "write bcm"),
        ("kb/d", gas, "'kb' is oil volume", "write bcm"),
        ("TWh/yr", gas, "'TWh' is energy", "write bcm"),
        ("kb/d", uranium, "no barrels_per_tonne", "goods.csv"),
        ("bcm/yr", GoodUnits("gas", "bcm"), "says no temperature", "15C or 20C"),
        ("bcm_25C/yr", gas, "unknown unit 'bcm_25C'", "did you mean"),
        ("Mt_20C/yr", crude, "unknown unit", "accepted for 'crude'"),
        ("Mt", crude, "'Mt' is a quantity, and the column holds a rate", "write Mt/yr"),
        ("Mt/a", crude, "unknown time '/a'", "/yr, /month, /d, /h"),
        ("knot/yr", crude, "unknown unit 'knot'", "accepted for 'crude'"),
        ("", crude, "the unit is blank", "write one of"),
    ],
)
def test_refused_rates(unit, good, message, remedy):
    with pytest.raises(UnitError) as caught:
        rate_factor(unit, good)
    assert message in caught.value.message
    assert remedy in caught.value.remedy


@pytest.mark.parametrize("unit", ["USD", "t", "USD/", "usd/t", "$/t", "USD per t", "USDT/t", "", "USD/t/1000km"])
def test_refused_prices(unit):
    with pytest.raises(UnitError):
        price_factor(unit, crude)


def test_kt_is_a_kilotonne_and_no_knot():
    assert Fraction(quantity_factor("kt", wheat)) == 1


def test_unit_factor_of_a_question():
    settings = Settings("t", Calendar(dt.date(2024, 1, 1), dt.date(2025, 1, 1), "year"), None, price_year=2024)
    tables = {
        "goods": [{"id": "crude", "name": "Crude", "unit": "Mt", "barrels_per_tonne": 7.3}],
        "rates": [{"currency": "KZT", "year": 2024, "per_usd": 450.0}],
    }
    case = make_case("t", settings, tables)
    assert unit_factor(case, "rate", "Mb/d", ("crude",)) == pytest.approx(365.25 / 7.3)
    assert unit_factor(case, "price", "KZT/t", ("crude",)) == pytest.approx(1 / 450)
    with pytest.raises(UnitError, match="no rate for RUB in 2024"):
        unit_factor(case, "price", "RUB/t", ("crude",))
