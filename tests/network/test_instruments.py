"""Instruments as text, as values, and what is told of one that makes no sense."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.errors import QuestionError
from corridor.network import (
    KINDS,
    Instrument,
    agreement,
    ban,
    capacity,
    closure,
    derating,
    outage,
    parse_instrument,
    transit_ban,
    unique,
)

DAY = dt.date


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("closure:cpc", closure("cpc")),
        ("closure:cpc:2024-03-01", closure("cpc", start="2024-03-01")),
        ("closure:cpc:2024-03-01:2024-06-01", closure("cpc", start="2024-03-01", end="2024-06-01")),
        ("closure:cpc::2024-06-01", closure("cpc", end=DAY(2024, 6, 1))),
        (
            "closure:cpc:2024-03-01:2024-06-01:announced=2024-01-15",
            closure("cpc", start="2024-03-01", end="2024-06-01", announced="2024-01-15"),
        ),
        (
            "closure:cpc:2024-03-01:2024-09-01:expected_end=2024-06-01",
            closure("cpc", start="2024-03-01", end="2024-09-01", expected_end="2024-06-01"),
        ),
        (
            "derating:cpc_moorings:2024-03-01:2024-06-01:capacity=32Mt/yr",
            derating("cpc_moorings", start="2024-03-01", end="2024-06-01", capacity="32Mt/yr"),
        ),
        ("derating:cpc_moorings:availability=0.5", derating("cpc_moorings", availability=0.5)),
        (
            "ban:wheat:origin=KAZ:destination=RUS",
            ban("wheat", origin="KAZ", destination=["RUS"]),
        ),
        (
            "transit_ban:crude:origin=KAZ,TKM:through=RUS",
            transit_ban("crude", origin=("KAZ", "TKM"), through="RUS"),
        ),
        ("outage:tengiz:2024-03-01:2024-04-01", outage("tengiz", start="2024-03-01", end="2024-04-01")),
        ("outage:tengiz:availability=0.3", outage("tengiz", availability=0.3)),
        ("capacity:aktau_baku:2026-01-01:add=5Mt/yr", capacity("aktau_baku", start="2026-01-01", add="5Mt/yr")),
        ("capacity:aktau_baku:capacity=12Mt/yr", capacity("aktau_baku", capacity="12Mt/yr")),
        (
            "agreement:btc:goods=crude:origin=KAZ:min=20Mt/yr",
            agreement("btc", goods="crude", origin="KAZ", min="20Mt/yr"),
        ),
        (
            "agreement:refinery:price=200USD/t:obliged=producers:beneficiary=refineries:force_majeure=yes",
            agreement("refinery", price="200USD/t", obliged="producers", beneficiary="refineries", force_majeure=True),
        ),
    ],
)
def test_every_form_is_read(text, made):
    assert parse_instrument(text) == made
    assert parse_instrument(made.text()) == made


_names = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=8)
_countries = st.lists(st.sampled_from(["KAZ", "RUS", "CHN", "AZE"]), min_size=1, max_size=3, unique=True).map(tuple)
_rates = st.integers(1, 500).map(lambda n: f"{n}Mt/yr")
_shares = st.integers(0, 100).map(lambda n: n / 100)
_dates = st.tuples(
    st.one_of(st.none(), st.dates(DAY(2020, 1, 1), DAY(2024, 1, 1))),
    st.one_of(st.none(), st.dates(DAY(2024, 1, 2), DAY(2030, 1, 1))),
    st.one_of(st.none(), st.dates(DAY(2010, 1, 1), DAY(2019, 1, 1))),
).map(lambda d: {k: v for k, v in zip(("start", "end", "announced"), d, strict=True) if v})
_instruments = st.one_of(
    st.builds(lambda t, d: closure(t, **d), _names, _dates),
    st.builds(lambda t, d, c: derating(t, capacity=c, **d), _names, _dates, _rates),
    st.builds(lambda t, d, a: outage(t, availability=a, **d), _names, _dates, _shares),
    st.builds(lambda t, d, a: capacity(t, add=a, **d), _names, _dates, _rates),
    st.builds(lambda t, d, o, z: ban(t, origin=o, destination=z, **d), _names, _dates, _countries, _countries),
    st.builds(lambda t, d, o, z: transit_ban(t, origin=o, through=z, **d), _names, _dates, _countries, _countries),
    st.builds(lambda t, d, o, m: agreement(t, origin=o, min=m, **d), _names, _dates, _countries, _rates),
)


@given(_instruments)
def test_text_says_all_of_it(instrument):
    assert parse_instrument(instrument.text()) == instrument


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("closure", "cannot read the instrument 'closure'; write KIND:TARGET"),
        ("closure:a:2024-01-01:2024-02-01:2024-03-01", "cannot read the instrument"),
        ("shutdown:cpc", "unknown kind of instrument 'shutdown'; there are closure"),
        ("closure:", "a closure needs a target, as in closure:cpc"),
        ("closure:cpc:01.03.2024", "closure:cpc: '01.03.2024' is not a date; write YYYY-MM-DD"),
        ("closure:cpc:2024-02-30", "closure:cpc: '2024-02-30' is not a date"),
        ("closure:cpc:20240301", "closure:cpc: '20240301' is not a date"),
        ("closure:cpc:2024-W09-5", "closure:cpc: '2024-W09-5' is not a date"),
        ("closure:cpc:2024-06-01:2024-03-01", "ends on 2024-03-01, which is not after its start 2024-06-01"),
        ("closure:cpc:2024-06-01:2024-06-01", "ends on 2024-06-01, which is not after its start"),
        ("closure:cpc:2024-03-01:announced=2024-04-01", "announced on 2024-04-01, after it starts on 2024-03-01"),
        ("closure:cpc:capacity=3Mt/yr", "a closure has no 'capacity'; it takes dates only"),
        ("outage:tengiz:min=3Mt/yr", "an outage has no 'min'; it takes availability"),
        ("derating:cpc", "derating:cpc needs a capacity or an availability"),
        ("capacity:cpc", r"capacity:cpc needs add \(or a capacity to reach\)"),
        ("ban:wheat", "ban:wheat needs an origin or a destination"),
        ("transit_ban:crude:origin=KAZ", "needs a country it goes through"),
        ("derating:cpc:availability=1.5", "availability is a share between 0 and 1, not 1.5"),
        ("derating:cpc:availability=half", "availability=half in .* is not a number between 0 and 1"),
        ("derating:cpc:availability=nan", "availability is a share between 0 and 1, not nan"),
        ("agreement:btc:force_majeure=true", "write yes or no"),
        ("closure:cpc:colour=red", "an instrument has no 'colour'"),
        ("derating:cpc:availability", "derating:cpc: 'availability' is not a date; write YYYY-MM-DD"),
        ("derating:cpc:availability=0.5:availability=0.7", "'availability' stands twice"),
        ("closure:cpc:2024-03-01:start=2024-04-01", "'start' stands twice"),
        ("derating:cpc:availability=0.5:capacity", "cannot read 'capacity' in the instrument"),
    ],
)
def test_each_misuse_has_its_message(text, message):
    with pytest.raises(QuestionError, match=message):
        parse_instrument(text)


def test_a_date_with_a_clock_is_refused():
    with pytest.raises(QuestionError, match=r"closure:cpc: start is a datetime.date or a text YYYY-MM-DD"):
        closure("cpc", start=dt.datetime(2024, 3, 1, 12))  # noqa: DTZ001 (no zone is what is tested)


def test_kinds_are_told():
    assert all(meaning for meaning in KINDS.values())
    with pytest.raises(QuestionError, match="unknown kind"):
        Instrument("embargo", "cpc")


def test_what_is_known_when():
    surprise = closure("cpc", start="2024-03-01", end="2024-06-01")
    assert surprise.as_known_at(DAY(2024, 2, 29)) is None
    assert surprise.as_known_at(DAY(2024, 3, 1)) == surprise
    told = closure("cpc", start="2024-03-01", end="2024-06-01", announced="2024-01-10")
    assert told.as_known_at(DAY(2024, 1, 9)) is None
    assert told.as_known_at(DAY(2024, 1, 10)) == told
    assert told.news() == (DAY(2024, 1, 10),)


def test_an_end_believed_until_it_proves_wrong():
    longer = closure("cpc", start="2024-03-01", end="2024-09-01", expected_end="2024-06-01")
    assert longer.as_known_at(DAY(2024, 4, 1)).end == DAY(2024, 6, 1)
    assert longer.as_known_at(DAY(2024, 6, 1)).end == DAY(2024, 9, 1)
    shorter = closure("cpc", start="2024-03-01", end="2024-04-15", expected_end="2024-06-01")
    assert shorter.as_known_at(DAY(2024, 4, 1)).end == DAY(2024, 6, 1)
    assert shorter.as_known_at(DAY(2024, 4, 15)).end == DAY(2024, 4, 15)


def test_ids_are_made_unique_and_the_same_twice_is_a_fault():
    named = unique([closure("cpc", start="2024-05-01"), closure("cpc", start="2024-03-01", end="2024-04-01")])
    assert [i.id for i in named] == ["closure_cpc", "closure_cpc_2"]
    assert named[0].start == DAY(2024, 3, 1)
    with pytest.raises(QuestionError, match="the instrument closure:cpc stands twice"):
        unique([closure("cpc"), closure("cpc")])
