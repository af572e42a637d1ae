"""The bundled case good by good: shares as their sources have them, every part certified, shocks that calibrate nothing."""

from functools import cache
from pathlib import Path

import kazakhstan
import numpy as np
import pandas as pd
import pytest

import corridor
from corridor.analysis.world import word_for
from corridor.calibration import calibration_of
from corridor.case import check_case, evidence, part_of, parts
from corridor.case.declare import Evidenced
from corridor.case.schema import TABLES
from corridor.study import solve_case

RAW = Path(__file__).parents[3] / "shared" / "data" / "kazakhstan" / "trade" / "raw"
PARTS = ("crude", "diesel", "wheat", "sugar", "uranium")
"""One good of each part."""

IMPORTS = [
    # good, partner, over, share, tolerance, what the source says
    ("sugar", "RUS", "trade", 0.80, 0.005, "Russia's 391 kt were 80 % of imports, August 2023 to July 2024"),
    ("chocolate", "RUS", "trade", 0.68, 0.005, "28 of 41 kt in the first half of 2025"),
    ("dairy", "RUS", "trade", 0.45, 0.005, "184 of 411 million USD"),
    ("ice_cream", "RUS", "trade", 0.61, 0.005, "5.6 of 9.2 kt in 2022"),
    ("sausages", "RUS", "trade", 0.77, 0.005, "23.5 kt in eight months of 2024, of 45.9 kt a year"),
    ("paper", "RUS", "trade", 0.61, 0.005, "61 % of imports in 2022"),
    ("medicines", "RUS", "trade", 0.275, 0.005, "5.2 of 18.9 kt in the first half of 2024"),
    ("cars", "RUS", "trade", 0.037, 0.0005, "3.7 % of imports in 2025"),
    ("poultry", "USA", "trade", 0.52, 0.005, "49.3 of 94.9 kt"),
    ("onions", "UZB", "trade", 0.86, 0.005, "86 % of 137.3 kt"),
    ("jet_fuel", "RUS", "use", 0.196, 0.005, "a fifth of use: 19.6 % in 2022"),
    ("power", "RUS", "trade", 2.6 / 3.2, 0.01, "2.6 TWh, beside 0.3 each from Kyrgyzstan and Uzbekistan"),
]


@cache
def part_with(good):
    return next(first for first in PARTS if good in set(kazakhstan.part(first).table("goods")["id"]))


@cache
def calibrated(first):
    return calibration_of(kazakhstan.part(first)).case


@cache
def solved(first):
    return solve_case(calibrated(first))


def base(good):
    return solved(part_with(good))


def yearly(good, year):
    table = kazakhstan.whole().table("observations")
    days = [(end - start).days for start, end in zip(table["start"], table["end"], strict=True)]
    inside = [start.year == year for start in table["start"]]
    return table[(table["good"] == good) & np.array(inside) & (np.array(days) > 360)].set_index("target")


# Shares


@pytest.mark.parametrize(("good", "partner", "over", "told", "tolerance", "says"), IMPORTS, ids=[i[0] for i in IMPORTS])
def test_shares_of_kazakh_imports_are_those_of_their_sources(good, partner, over, told, tolerance, says):
    found = corridor.share(
        base(good), good=good, of="KAZ", partner=partner, direction="imports", over=over, ranges=False
    )
    assert found.value == pytest.approx(told, abs=tolerance), says
    assert found.total > 0


TRADED = [good for good, _, over, *_ in IMPORTS if over == "trade" and good != "power"]


@pytest.mark.parametrize("good", TRADED)
def test_shares_are_those_of_the_volumes_behind_them(good):
    """Added up from supply.csv: what the partner sells of all that is brought in. Reconciliation moves none far."""
    case = kazakhstan.whole()
    partner = next(who for name, who, *_ in IMPORTS if name == good)
    sellers = case.table("supply").query("good == @good")
    country = sellers["node"].map(case.table("nodes").set_index("id")["country"])
    by_hand = sellers["quantity"][country == partner].sum() / sellers["quantity"][country != "KAZ"].sum()
    found = corridor.share(base(good), good=good, of="KAZ", partner=partner, direction="imports", ranges=False)
    assert found.value == pytest.approx(by_hand, abs=2e-3)


@pytest.mark.parametrize(("country", "told", "tolerance"), [("UZB", 5.64 / (5.64 + 4.5), 0.01), ("KGZ", 1.0, 1e-6)])
def test_gas_reaches_uzbekistan_and_kyrgyzstan_through_kazakhstan(country, told, tolerance):
    """Russian gas to Uzbekistan beside Turkmen gas that comes straight; all gas of northern Kyrgyzstan."""
    found = corridor.share(base("gas"), good="gas", of=country, through="KAZ", direction="imports", ranges=False)
    assert found.value == pytest.approx(told, abs=tolerance)


def test_uranium_and_sulphur_through_russia_are_answered():
    uranium = corridor.share(base("uranium"), good="uranium", of="KAZ", through="RUS", ranges=False)
    seen = yearly("uranium", 2024)["value"]
    assert uranium.quantity == pytest.approx(seen["u_rail_stp"], rel=0.003)
    assert uranium.delivered_in > 0  # what is sold to Russia is no transit
    by_route = {r.corridor: r.quantity for r in uranium.all_routes}
    assert by_route["u_route_titr"] == pytest.approx(seen["u_titr"], rel=0.003)
    assert sum(by_route.values()) == pytest.approx(uranium.total, abs=1e-9)
    sulphur = corridor.share(base("sulphur"), good="sulphur", of="KAZ", through="RUS", ranges=False)
    seen = yearly("sulphur", 2024)["value"]
    assert sulphur.value == pytest.approx(1 - seen["s_tengiz_batumi"] / seen.sum(), abs=1e-3)


def test_every_headline_question_is_answered():
    asked = kazakhstan.whole().settings.headline
    assert len(asked) >= 7
    for question in asked:
        found = corridor.share(base(question["good"]), **question, ranges=False)
        assert 0 < found.value <= 1 + 1e-9, question
        assert found.sentence


# Rows and ranges


def test_every_row_has_a_source_or_is_assumed():
    case = kazakhstan.whole()
    assert not check_case(case)
    for name in (name for name, model in TABLES.items() if issubclass(model, Evidenced)):
        table = case.table(name)
        bare = ~table["source"].astype(bool) & (table["basis"] != "assumed")
        assert not bare.any(), (name, table[bare])


def test_ranges_contain_their_value():
    case = kazakhstan.whole()
    ranged = case.table("evidence").query("low == low and high == high")
    assert len(ranged) > 500
    for row in ranged.itertuples():
        found = evidence(case, row.table, row.id, row.column)
        slack = 1e-3 * max(1.0, abs(found.canonical))
        assert found.canonical_low - slack <= found.canonical <= found.canonical_high + slack, (row.id, row.column)


def test_every_good_rests_on_a_source():
    """A supply, a process, a demand or an observation of it is no guess; raw gas and the well stream by what carries them."""
    case = kazakhstan.whole()
    cited = set()
    for name in ("supply", "demand", "processes", "observations", "prices"):
        table = case.table(name)
        cited |= set(table.loc[table["source"].astype(bool), "good"])
    assert set(case.table("goods")["id"]) - cited == set()


# Every part


def test_the_parts_are_five():
    found = parts(kazakhstan.whole())
    assert [first for first in PARTS if [first in goods for goods in found].count(True) == 1] == list(PARTS)
    assert len(found) == len(PARTS)
    assert sorted(good for goods in found for good in goods) == sorted(kazakhstan.whole().table("goods")["id"])


@pytest.mark.parametrize("first", PARTS)
def test_every_part_is_solved_and_certified(first):
    assert not check_case(kazakhstan.part(first))
    proof = solved(first).certificate
    assert proof.passed
    assert abs(proof.gains_residual) <= 1e-9


# The two wheat bans

BANS = ("ban:wheat:origin=KAZ:destination=RUS", "ban:wheat:origin=RUS:destination=KAZ")


@pytest.fixture(scope="module")
def banned():
    return solve_case(calibrated("wheat"), with_=[corridor.parse_instrument(text) for text in BANS])


def test_gains_of_the_wheat_bans_add_up(banned):
    before, told = solved("wheat"), corridor.compare(solved("wheat"), banned)
    assert banned.certificate.passed
    assert abs(banned.certificate.gains_residual) <= 1e-9
    for side, result in (("base", before), ("changed", banned)):
        lines = result.accounting.set_index("line")["value"]
        assert told.gains[side].sum() == pytest.approx(lines["sum of gains"], rel=1e-6)
    np.testing.assert_allclose(told.gains["difference"], told.gains["changed"] - told.gains["base"], atol=1e-9)
    assert told.gains["unit"].unique().tolist() == ["million USD"]
    assert banned.objective < before.objective
    assert told.unexplained <= 1e-9


def test_the_wheat_bans_stop_what_they_name(banned):
    before = solved("wheat")
    for of, partner, had in (("KAZ", "RUS", 1.0), ("RUS", "KAZ", 0.001)):
        asked = {"good": "wheat", "of": of, "partner": partner, "direction": "imports", "ranges": False}
        assert corridor.share(before, **asked).quantity > had
        assert corridor.share(banned, **asked).quantity == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("asked", [None, "wheat_bans"])
def test_kazakh_wheat_still_crosses_russia_under_the_bans(banned, asked):
    """Both as a bare ban of each side's wheat and as the bans were written, with exceptions and half of the ways shut."""
    result = banned if asked is None else solve_case(calibrated("wheat"), asked)
    assert result.certificate.passed
    across = corridor.share(result, good="wheat", of="KAZ", through="RUS", ranges=False)
    assert across.quantity > 0.1
    assert 0.01 < across.value < 0.2
    ways = {r.corridor for r in across.routes if r.corridor}
    assert ways & {"gr_kaz_blacksea", "gr_baltic", "gr_samur"}


# Second opinions


@pytest.fixture(scope="module")
def faostat():
    path = RAW / "faostat_export_quantity_2018_2022.csv"
    if not path.is_file():
        pytest.skip("the extract of FAOSTAT in ../shared is not here")
    table = pd.read_csv(path)
    wheat = table[table["item"] == "Wheat"]
    return (wheat.set_index(["exporter", "year", "importer"])["export_quantity_t"] / 1e6).sort_index()


ONE_COUNTRY = {
    "wh_uzb": "Uzbekistan", "wh_tjk": "Tajikistan", "wh_afg": "Afghanistan", "wh_tkm": "Turkmenistan",
    "wh_kgz": "Kyrgyz Republic", "wh_irn": "Iran", "wh_aze": "Azerbaijan", "wh_china": "China", "wh_rus": "Russia",
}  # fmt: skip
RUSSIAN = {
    "gr_kyrgyz_transit": "Kyrgyz Republic", "gr_siberia_saryagash": "Uzbekistan", "gr_rus_azerbaijan": "Azerbaijan",
}  # fmt: skip


@pytest.mark.parametrize("year", [2021, 2022])
def test_kazakh_wheat_by_destination_is_that_of_faostat(faostat, year):
    seen = yearly("wheat", year)
    ours = seen[seen["id"].str.startswith("wh_kaz_")]["value"]
    theirs = faostat["Kazakhstan", year]
    for target, country in ONE_COUNTRY.items():
        assert ours[target] == pytest.approx(theirs[country], rel=0.02), country
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.02)
    for target, country in RUSSIAN.items():
        assert seen.loc[target, "value"] == pytest.approx(faostat["Russia", year][country], rel=0.02), country


def test_russian_wheat_to_kazakhstan_is_that_of_faostat(faostat):
    """In 2021 by rail and road together; in 2022 the two sides differ by 0.19 Mt, and the Kazakh ministry is taken."""
    seen = {year: yearly("wheat", year)["value"] for year in (2021, 2022)}
    ours = {year: v["gr_imports_rail"] + v["gr_imports_road"] for year, v in seen.items()}
    assert ours[2021] == pytest.approx(faostat["Russia", 2021]["Kazakhstan"], rel=0.02)
    assert ours[2022] == pytest.approx(1.46, abs=1e-6)
    assert ours[2022] < faostat["Russia", 2022]["Kazakhstan"]


def test_exports_of_the_quota_year_are_those_of_faostat(faostat):
    shock = kazakhstan.whole().table("shocks").set_index("id").loc["sh_quota_2022"]
    assert shock["before"] == pytest.approx(faostat["Kazakhstan", 2021].sum(), rel=0.001)
    assert shock["observed"] == pytest.approx(faostat["Kazakhstan", 2022].sum(), rel=0.001)


CLOSER = {
    "Export-related non-tariff measure, nes": {"P2", "P3", "P7"},
    "Export licensing requirement": {"P7"},
    "Price stabilisation": {"F"},
    "Controls on commercial transactions and investment instruments": {"G"},
}
"""Where a rule on re-export, export papers, a price cap or payments has a chapter of its own in MAST."""


@pytest.mark.parametrize("table", ["instruments", "events"])
def test_measures_are_classified_as_global_trade_alert_does(table):
    path = RAW / "gta_intervention_types_mast.csv"
    if not path.is_file():
        pytest.skip("the vocabulary of Global Trade Alert in ../shared is not here")
    known = pd.read_csv(path).set_index("intervention.type")
    rows = kazakhstan.whole().table(table)
    for row in rows[(rows["gta_type"] != "") & ~rows["gta_type"].str.startswith("n/a")].itertuples():
        assert row.gta_type in known.index, row.id
        chapter, section = known.loc[row.gta_type, ["mast.chapter.id", "mast.subchapter.id"]]
        assert row.mast in (chapter, section) or row.mast in CLOSER[row.gta_type], row.id


# Shocks and events


def test_every_shock_has_measures():
    case = kazakhstan.whole()
    shocks = case.table("shocks")
    assert len(shocks) >= 15
    held = {scenario for row in case.table("instruments")["scenarios"] for scenario in row}
    assert set(shocks["scenario"]) <= held
    assert {part_with(good) for good in shocks["good"]} == {"crude", "wheat"}
    assert set(shocks["effect"]) == {True, False}  # false alarms are scored too


def without_shocks(case):
    """The case as if no shock had been written down: no rows, no measures of their scenarios."""
    shocks, instruments = case.table("shocks"), case.table("instruments")
    scenarios = set(shocks["scenario"])
    told = [bool(scenarios & set(row)) for row in instruments["scenarios"]]
    left = case.table("scenarios")
    assert not shocks.empty
    assert sum(told) >= len(scenarios)
    return case.with_tables(
        shocks=shocks.iloc[:0],
        instruments=instruments[~np.array(told)].reset_index(drop=True),
        scenarios=left[~left["id"].isin(scenarios)].reset_index(drop=True),
    )


@pytest.mark.parametrize("first", ["crude", "wheat"])
def test_shocks_calibrate_nothing(first):
    """In every year that a shock is predicted from, the parameters are the same to the last bit without all shocks."""
    case = kazakhstan.part(first)
    bare = without_shocks(case)
    for year in sorted(set(case.table("shocks")["calibrate_on"])):
        with_, without = (calibration_of(one, int(year)).case for one in (case, bare))
        for table in ("wedges", "preferences", "levels"):
            assert not with_.table(table).empty
            pd.testing.assert_frame_equal(with_.table(table), without.table(table), check_exact=True)


def test_events_name_the_measures_that_model_them():
    """Named measures exist and were in force while it held; a measure with the very dates of an event is named by it."""
    case = kazakhstan.whole()
    measures = case.table("instruments").set_index("id")
    events = case.table("events")
    linked = {}
    for event in events.itertuples():
        for name in event.instruments:
            linked.setdefault(name, []).append(event.id)
            start, end = measures.loc[name, "start"], measures.loc[name, "end"]
            assert end is None or event.start < end, (event.id, name)
            assert event.end is None or start is None or start < event.end or start == event.end, (event.id, name)
    assert set(linked) <= set(measures.index)
    assert len(linked) > 80
    for event in events.itertuples():
        if event.end is None or (event.start.day, event.start.month) == (1, 1):
            continue
        same = measures[(measures["start"] == event.start) & (measures["end"] == event.end)]
        assert set(same.index) <= set(linked), event.id


def test_measures_of_shocks_are_named_by_an_event():
    case = kazakhstan.whole()
    scenarios = set(case.table("shocks")["scenario"])
    named = {name for row in case.table("events")["instruments"] for name in row}
    measures = case.table("instruments")
    told = measures[[bool(scenarios & set(row)) for row in measures["scenarios"]]]
    assert set(told["id"]) <= named


def test_a_part_holds_no_name_of_another():
    for first in PARTS:
        part = part_of(kazakhstan.whole(), {first})
        held = set(part.table("instruments")["id"])
        assert all(set(row) <= held for row in part.table("events")["instruments"])


def test_names_keep_their_capitals_inside_a_sentence():
    assert word_for(kazakhstan.whole(), "kpo_stream") == "well stream of Karachaganak"
    assert word_for(kazakhstan.whole(), "crude") == "crude oil and condensate"
