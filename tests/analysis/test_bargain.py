"""Bargaining over a good: games whose every coalition is worked out by hand, and the bundled case's gas."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import kazakhstan
import pytest

import corridor as co
from corridor.analysis.coalitions import lay, withheld
from corridor.case import read_case
from corridor.errors import QuestionError

ALL = ("RUS", "BLR", "UKR", "DEU")
YEARS = 4
"""The calendar's 1,461 days: every figure of the README is of one year."""


def two_routes():
    """A (RUS) sells to D (DEU) through B (BLR) or C (UKR). Its README derives every figure that is tested here."""
    return read_case("two_routes")


def by_players(told):
    return {p.player: p for p in told.players}


@pytest.fixture(scope="module")
def told():
    return co.bargain(two_routes(), "gas", ALL)


def test_values_of_every_coalition(told):
    worth = {frozenset(["RUS", "BLR", "DEU"]): 420, frozenset(["RUS", "UKR", "DEU"]): 300, frozenset(ALL): 620}
    assert len(told.coalitions) == 15
    for c in told.coalitions:
        assert c.value / YEARS == pytest.approx(worth.get(frozenset(c.members), 0), abs=1e-5), c.members


def test_what_each_can_claim(told):
    assert [p.shapley / YEARS for p in told.players] == pytest.approx([215, 115, 75, 215], abs=1e-5)
    assert [p.nucleolus / YEARS for p in told.players] == pytest.approx([180, 160, 100, 180], abs=1e-4)
    assert (told.superadditive, told.core_empty) == (True, False)
    assert sum(p.shapley for p in told.players) == pytest.approx(told.grand_value)
    assert "Russia 35 %, Germany 35 %, Belarus 19 % and Ukraine 12 %" in told.sentence


def test_the_readme_derives_what_the_program_says(told):
    page = (files("corridor.cases.two_routes") / "README.md").read_text(encoding="utf-8")
    said = {
        part.partition("\n")[0]: [int(n) for n in re.findall(r"\*\*(\d+)\*\*", part)] for part in page.split("\n## ")
    }
    players = by_players(told)
    shapley, nucleolus = (
        {name: getattr(p, key) / YEARS for name, p in players.items()} for key in ("shapley", "nucleolus")
    )
    assert said["What each coalition makes"] == [420, 300, 620]
    assert said["Shapley value"] == pytest.approx([shapley[name] for name in ("BLR", "UKR", "RUS")], abs=1e-5)
    assert "**c = 100**" in page
    assert nucleolus["UKR"] == pytest.approx(100, abs=1e-4)
    assert "**b = 160**" in page
    assert nucleolus["BLR"] == pytest.approx(160, abs=1e-4)
    assert "**a = d = 180**" in page
    assert [nucleolus[name] for name in ("RUS", "DEU")] == pytest.approx([180, 180], abs=1e-4)


def test_tolls_by_hand(told):
    """B keeps its 6 up to the cost of C, then 4 (C is full) up to 70, where D would rather go without; C keeps 4 up to 50.

    At 70 B takes 4 x 70 and loses what its full line earned, 6 x 20; C, whose line was not full, takes 4 x 50.
    """
    tolls = {t.player: t for t in told.tolls}
    assert set(tolls) == {"BLR", "UKR"}
    assert tolls["BLR"].transit / YEARS == pytest.approx(6)
    assert tolls["BLR"].half_fee == pytest.approx(70, abs=0.1)
    assert tolls["UKR"].half_fee == pytest.approx(50, abs=0.1)
    assert tolls["BLR"].best_gain / YEARS == pytest.approx(160, abs=8)
    assert tolls["UKR"].best_gain / YEARS == pytest.approx(200, abs=8)
    assert tolls["UKR"].unit == "USD/1000m3"
    assert {t.taken_on for t in told.tolls} == {"ways out"}
    assert "Provisional" not in " ".join(told.toll_sentences)
    entering = replace(told, tolls=tuple(replace(t, taken_on="ways in") for t in told.tolls))
    assert all("Provisional: counted on what enters" in words for words in entering.toll_sentences)


def test_competing_outsiders_change_nothing_where_all_are_players(told):
    """Whoever stands outside has no one to sell to or to buy from but those inside, or is idle without them."""
    other = co.bargain(two_routes(), "gas", ALL, outsiders="compete", tolls=False)
    assert [p.shapley for p in other.players] == pytest.approx([p.shapley for p in told.players], abs=1e-4)


def test_competing_outsiders_keep_their_own():
    table = lay(two_routes(), "gas", ALL, "compete", "bind")
    assert {i.text() for i in withheld(table, frozenset({"RUS", "BLR"}))} == {
        "closure:in_c",
        "closure:line_b",
        "closure:direct",
    }
    absent = lay(two_routes(), "gas", ALL, "absent", "bind")
    assert {i.text() for i in withheld(absent, frozenset({"RUS", "BLR"}))} == {"closure:line_c", "outage:users"}
    assert withheld(absent, frozenset(ALL)) == ()


def test_who_is_no_player_takes_prices():
    """Without C as a player: with B outside, all that C's full line carries is worth is C's: A and D alone make nothing.

    With B inside, C's line is not full and earns nothing: all three make 620, which none of them can do without another.
    """
    told = co.bargain(two_routes(), "gas", ("RUS", "BLR", "DEU"), tolls=False)
    assert [c.value / YEARS for c in told.coalitions] == pytest.approx([0, 0, 0, 0, 0, 0, 620], abs=1e-4)
    assert [p.shapley / YEARS for p in told.players] == pytest.approx([620 / 3] * 3, abs=1e-4)


def test_contracts_bind_where_they_can():
    """10 for D: without B or C there is too little room, without A or both there is no way; then it is released."""
    contract = co.agreement("users", min="10bcm/yr")
    held = co.bargain(two_routes(), "gas", ALL, with_=contract, tolls=False)
    assert {c.members for c in held.coalitions if not c.released} == {ALL}
    assert [p.shapley / YEARS for p in held.players] == pytest.approx([215, 115, 75, 215], abs=1e-4)
    assert any("released" in w or "users" in w for w in held.warnings)
    void = co.bargain(two_routes(), "gas", ALL, contracts="void", with_=contract, tolls=False)
    assert not any(c.released for c in void.coalitions)


def test_a_planned_route_is_worth_something_though_it_carries_nothing():
    """With the planned line A and D make 400 alone, and B and C can claim less."""
    case = two_routes()
    calm, threat = (co.bargain(case, "gas", ALL, planned=p, tolls=False) for p in (False, True))
    assert threat.sentence.startswith("With planned routes open, Russia")
    assert by_players(calm)["BLR"].shapley / YEARS == pytest.approx(115, abs=1e-4)
    assert [p.shapley / YEARS for p in threat.players] == pytest.approx([275, 55, 15, 275], abs=1e-4)
    worth = {c.members: c.value / YEARS for c in threat.coalitions}
    made = [worth["RUS", "DEU"], worth["RUS", "BLR", "DEU"], worth["RUS", "UKR", "DEU"], worth[ALL]]
    assert made == pytest.approx([400, 580, 460, 620], abs=1e-4)
    assert threat.grand.flows.query("link == 'direct'")["value"].sum() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"good": "gass"}, "did you mean gas"),
        ({"players": ("RUS", "KAZ")}, "no country 'KAZ'"),
        ({"players": ("RUS",)}, "two players"),
        ({"outsiders": "away"}, "absent or compete"),
        ({"contracts": "maybe"}, "bind or void"),
    ],
)
def test_what_cannot_be_asked(asked, message):
    with pytest.raises(QuestionError, match=message):
        co.bargain(two_routes(), **{"good": "gas", "players": ALL, **asked})


def test_gas_of_the_bundled_case():
    players = ("RUS", "KAZ", "UZB", "TKM", "CHN")
    told = co.bargain(kazakhstan.whole(), good="gas", players=players, tolls=False)
    assert len(told.coalitions) == 31
    assert told.gap < 1e-6
    assert sum(p.shapley for p in told.players) == pytest.approx(told.grand_value, rel=1e-12)
    assert told.grand_value == pytest.approx(sum(told.grand.gains.groupby("country")["value"].sum()[list(players)]))
    claims = sorted(told.players, key=lambda p: -p.gain)
    assert claims[0].player == "KAZ"
    assert all(p.gain > 0 for p in told.players)
    # A market game need not be superadditive; where it is not, nothing is told that rests on it.
    assert all((p.nucleolus is None) == (told.clash is not None) for p in told.players)
    assert (told.core_empty is None) == ("withheld" in told.sentence) == (told.clash is not None)
    # Turkmenistan and China have nothing of each other without both states between them.
    worth = {frozenset(c.members): c.value for c in told.coalitions}
    apart = worth[frozenset({"TKM"})] + worth[frozenset({"CHN"})]
    assert worth[frozenset({"TKM", "CHN"})] == pytest.approx(apart, rel=1e-6)
    assert worth[frozenset({"TKM", "CHN", "KAZ", "UZB"})] > apart + 1000


def test_the_command(tmp_path):
    command = Path(sys.executable).parent / "corridor"
    asked = [command, "bargain", "gas_transit", "--good", "gas", "--players", "ARG,BOL,BRA", "--json"]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    from corridor.result.documents import DOCUMENTS

    DOCUMENTS["bargain"].model_validate(document)
    body = document["result"]
    assert sum(p["shapley"] for p in body["players"]) == pytest.approx(body["grand_value"])
    assert [t["player"] for t in body["tolls"]] == ["BOL"]
    assert document["certificate"]["passed"]
