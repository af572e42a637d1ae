"""Slices of the hours and profiles over months: periods, labels, and the numbers that they change."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from strategies import plain_case

from corridor.case import Calendar
from corridor.network import cut
from corridor.network.tables import over_time

YEAR = Calendar(dt.date(2024, 1, 1), dt.date(2025, 1, 1), "quarter")
SLICES = {"peak": 0.25, "off_peak": 0.75}


def case(profiles=(), *, slices=None, dated=(), capacity=10):
    return plain_case(
        {
            "nodes": [{"id": "a", "country": "KAZ"}, {"id": "b", "country": "RUS"}],
            "links": [{"id": "ab", "from": "a", "to": "b", "capacity": capacity}],
            "supply": [{"id": "wells", "node": "a", "quantity": 8}],
            "demand": [{"id": "homes", "node": "b", "quantity": 8}],
            "profiles": [{"table": "links", "id": "ab", "column": "capacity", **row} for row in profiles],
            "dated": list(dated),
        },
        slices=slices,
    )


def capacity_over(made, periods):
    return over_time(made, "links", "capacity", periods)[:, 0]


def test_every_range_of_days_is_cut_into_its_slices():
    periods = cut(YEAR, [dt.date(2024, 2, 1)], SLICES)
    assert len(periods) == 10
    assert periods.labels[:3] == (
        "2024-01-01/2024-02-01 peak",
        "2024-01-01/2024-02-01 off_peak",
        "2024-02-01/2024-04-01 peak",
    )
    assert len(set(periods.labels)) == len(set(periods.names)) == 10
    assert periods.names[1] == "2024_01_01_off_peak"
    assert periods.years[0] * 365.25 == pytest.approx(31 / 4)
    assert periods.years.sum() == pytest.approx(366 / 365.25)
    assert periods.step.tolist() == [0, 0, 0, 0, 1, 1, 2, 2, 3, 3]
    assert periods.by_day.labels == cut(YEAR, [dt.date(2024, 2, 1)]).labels


def test_without_slices_nothing_is_new():
    plain = cut(YEAR)
    assert plain.slices == {}
    assert plain.labels[0] == "2024-01-01/2024-04-01"
    assert plain.slice == ("",) * 4
    assert plain.by_day.labels == plain.labels


def test_a_profile_multiplies_its_month_and_its_slice():
    made = case(
        [{"month": 1, "factor": 0.5}, {"slice": "peak", "factor": 2.0}, {"month": 1, "slice": "peak", "factor": 3.0}],
        slices=SLICES,
    )
    periods = cut(replace(YEAR, step="month"), (), SLICES)
    assert capacity_over(made, periods)[:4].tolist() == pytest.approx([30, 5, 20, 10])


def test_a_period_without_slices_takes_the_mean_over_hours():
    made = case([{"slice": "peak", "factor": 2.0}], slices=SLICES)
    assert capacity_over(made, cut(YEAR)).tolist() == pytest.approx([12.5] * 4)


def test_a_long_step_takes_the_mean_over_days_and_dated_values_keep_theirs():
    dated = [
        {
            "table": "links",
            "id": "ab",
            "column": "capacity",
            "start": dt.date(2024, 1, 16),
            "end": dt.date(2024, 2, 11),
            "value": 20,
        }
    ]
    made = case([{"month": 1, "factor": 0.5}, {"month": 2, "factor": 0.0}], dated=dated)
    january = 15 * 10 * 0.5 + 16 * 20 * 0.5
    assert capacity_over(made, cut(YEAR))[0] == pytest.approx((january + 0 + 31 * 10) / 91)


def test_a_capacity_without_limit_stays_so_and_nothing_of_it_is_nothing():
    made = case([{"month": 1, "factor": 0.5}, {"month": 4, "factor": 0.0}], capacity=np.inf)
    got = capacity_over(made, cut(replace(YEAR, step="month")))
    assert np.isinf(got[[0, 1, 2, 4]]).all()
    assert got[3] == 0
