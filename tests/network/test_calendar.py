"""Periods: steps, cuts, and shares of days."""

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import plain_case

from corridor.case import Calendar
from corridor.network import build_network, cut

DAY = dt.date


def test_months_of_a_leap_year():
    periods = cut(Calendar(DAY(2024, 1, 1), DAY(2025, 1, 1), "month"))
    assert len(periods) == 12
    assert periods.labels[1] == "2024-02-01/2024-03-01"
    assert periods.names[1] == "2024_02_01"
    assert periods.years[1] * 365.25 == pytest.approx(29)
    assert periods.years.sum() * 365.25 == pytest.approx(366)


def test_quarters_begin_where_the_calendar_begins():
    periods = cut(Calendar(DAY(2023, 2, 15), DAY(2024, 2, 15), "quarter"))
    assert periods.starts == (DAY(2023, 2, 15), DAY(2023, 5, 1), DAY(2023, 8, 1), DAY(2023, 11, 1), DAY(2024, 2, 1))
    assert periods.ends[-1] == DAY(2024, 2, 15)


def test_a_cut_splits_one_period_and_keeps_its_step():
    periods = cut(Calendar(DAY(2024, 1, 1), DAY(2024, 4, 1), "month"), [DAY(2024, 2, 10), None])
    assert periods.starts == (DAY(2024, 1, 1), DAY(2024, 2, 1), DAY(2024, 2, 10), DAY(2024, 3, 1))
    assert periods.step.tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize("day", [DAY(2024, 2, 1), DAY(2024, 1, 1), DAY(2024, 4, 1), DAY(2020, 5, 5), DAY(2030, 1, 1)])
def test_a_cut_at_a_step_or_outside_changes_nothing(day):
    calendar = Calendar(DAY(2024, 1, 1), DAY(2024, 4, 1), "month")
    assert cut(calendar, [day]).starts == cut(calendar).starts


@given(
    st.sampled_from(["month", "quarter", "year"]),
    st.lists(st.dates(DAY(2022, 6, 1), DAY(2026, 6, 1)), max_size=6),
)
def test_periods_tile_the_calendar_and_none_is_split_by_a_date(step, dates):
    periods = cut(Calendar(DAY(2023, 1, 1), DAY(2026, 1, 1), step), dates)
    assert periods.starts[0] == DAY(2023, 1, 1)
    assert periods.ends[-1] == DAY(2026, 1, 1)
    assert all(end == start for end, start in zip(periods.ends[:-1], periods.starts[1:], strict=True))
    assert periods.years.sum() * 365.25 == pytest.approx(3 * 365 + 1)
    for start, end in pairwise(sorted({*dates, DAY(2022, 1, 1), DAY(2027, 1, 1)})):
        share = periods.share(start, end)
        assert set(share.tolist()) <= {0.0, 1.0}
        np.testing.assert_array_equal(share == 1.0, periods.inside(start, end))


def test_the_share_of_a_period_counts_days_and_open_ends_reach_on():
    periods = cut(Calendar(DAY(2024, 2, 1), DAY(2024, 4, 1), "month"))
    assert periods.share(DAY(2024, 2, 11), DAY(2024, 3, 2)) == pytest.approx([19 / 29, 1 / 31])
    assert periods.share(None, DAY(2024, 2, 2)) == pytest.approx([1 / 29, 0])
    assert periods.share(DAY(2024, 3, 31), None) == pytest.approx([0, 1 / 31])


# Dated values


def _dated(rows, step="month", **link):
    return plain_case(
        {
            "nodes": [{"id": "a", "country": "KAZ"}, {"id": "b", "country": "RUS"}],
            "links": [{"id": "ab", "from": "a", "to": "b", "capacity": 10, "tariff": 2, **link}],
            "supply": [{"id": "field", "node": "a", "quantity": 5}],
            "dated": [{"table": "links", "id": "ab", **row} for row in rows],
        },
        step,
    )


def _links(case):
    return build_network(case, (), cut(case.settings.calendar)).links


def test_a_dated_value_is_averaged_over_the_days_of_a_period():
    rows = [{"column": "capacity", "start": DAY(2024, 2, 11), "end": DAY(2024, 4, 1), "value": 39}]
    capacity = _links(_dated(rows)).capacity[:, 0]
    # February has 29 days: 10 at the table's 10 and 19 at 39.
    assert capacity[:5] == pytest.approx([10, (10 * 10 + 19 * 39) / 29, 39, 10, 10])


def test_dated_values_that_follow_each_other_leave_no_gap():
    rows = [
        {"column": "tariff", "end": DAY(2024, 1, 16), "value": 4},
        {"column": "tariff", "start": DAY(2024, 1, 16), "value": 8},
    ]
    assert _links(_dated(rows)).tariff[:2, 0] == pytest.approx([(15 * 4 + 16 * 8) / 31, 8])


def test_a_dated_value_without_limit_is_without_limit_in_every_period_it_touches():
    rows = [{"column": "capacity", "start": DAY(2024, 2, 11), "end": DAY(2024, 3, 1), "value": float("inf")}]
    assert _links(_dated(rows)).capacity[:3, 0].tolist() == [10, float("inf"), 10]


def test_a_dated_value_over_the_whole_calendar_takes_the_place_of_an_unlimited_one():
    rows = [{"column": "capacity", "value": 7}]
    assert _links(_dated(rows, capacity=float("inf"))).capacity[:, 0].tolist() == [7] * 12


def test_a_link_that_opens_within_a_period_counts_its_days():
    case = _dated([], opens=DAY(2024, 1, 21), closes=DAY(2024, 3, 1))
    assert _links(case).capacity[:4, 0] == pytest.approx([10 * 11 / 31, 10, 0, 0])


def test_an_unlimited_link_that_is_not_open_carries_nothing():
    case = _dated([], capacity=float("inf"), closes=DAY(2024, 2, 1))
    assert _links(case).capacity[:2, 0].tolist() == [float("inf"), 0]
