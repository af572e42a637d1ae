"""Trade measures between two countries, worked by hand, and on the bundled case.

By hand: Russian wheat (10 Mt at 10 USD/t) serves 3 Mt at home and 4 Mt in Kazakhstan, over a line that costs 2 and whose
Russian owners take 3; Kazakhstan's own field (10 Mt) costs 30, and going without 90. With trade wheat costs 15 in
Kazakhstan, without 30: a ban costs its consumers 4 * 15 = 60, and Russia's owners 4 * 3 = 12; no producer earns anything
on either side, since both fields have wheat to spare.
Kazakh oil (4 Mt at 10) goes by Russia to China, where 5 Mt are wanted and the dearest of them comes from a field at 40.
The Kazakh line takes 1, the Russian one 4 and its government 2, so that oil is worth 33 at the field. A transit ban costs
Kazakhstan's producers 4 * 23 and its line 4 * 1, 96 in all; Russia's line 4 * 4 = 16, its budget 4 * 2 = 8.
All in million USD over a year of 366 days, against 365.25 of a mean one.
"""

import itertools
import json

import kazakhstan
import numpy as np
import pytest
import remembered
from strategies import plain_case

import corridor
from corridor.analysis import compare, retaliate
from corridor.analysis.leverage import class_of
from corridor.app.pages import printed
from corridor.errors import QuestionError
from corridor.report import check_document, retaliation_document
from corridor.result.documents import DOCUMENTS

YEAR = 366 / 365.25


def market(**more):
    wheat, oil = {"good": "wheat"}, {"good": "oil"}
    return plain_case(
        {
            "goods": [{"id": "wheat", "unit": "Mt"}, {"id": "oil", "unit": "Mt"}],
            "nodes": [{"id": "k", "country": "KAZ"}, {"id": "r", "country": "RUS"}, {"id": "c", "country": "CHN"}],
            "links": [
                {
                    "id": "wheat_rk",
                    "from": "r",
                    "to": "k",
                    "goods": "wheat",
                    "capacity": 99,
                    "resource_cost": 2,
                    "tariff": 3,
                },
                {"id": "oil_kr", "from": "k", "to": "r", "goods": "oil", "capacity": 99, "tariff": 1},
                {"id": "oil_rc", "from": "r", "to": "c", "goods": "oil", "capacity": 99, "tariff": 4, "transit_fee": 2},
            ],
            "supply": [
                {"id": "wr", "node": "r", "quantity": 10, "avoidable_cost": 10} | wheat,
                {"id": "wk", "node": "k", "quantity": 10, "avoidable_cost": 30} | wheat,
                {"id": "ok", "node": "k", "quantity": 4, "avoidable_cost": 10} | oil,
                {"id": "oc", "node": "c", "quantity": 10, "avoidable_cost": 40} | oil,
            ],
            "demand": [
                {"id": "wdr", "node": "r", "quantity": 3, "unserved_value": 90} | wheat,
                {"id": "wdk", "node": "k", "quantity": 4, "unserved_value": 90} | wheat,
                {"id": "odc", "node": "c", "quantity": 5, "unserved_value": 90} | oil,
            ],
            "gdp": [{"country": "KAZ", "year": 2024, "value": 6000.0, "basis": "assumed"}],
            **more,
        }
    )


@pytest.fixture(scope="module")
def told():
    return retaliate(market(), ("KAZ", "RUS"), ("wheat", "oil"))


def cell(told, first, second):
    i = [a.id for a in told.actions[0]].index(first)
    j = [a.id for a in told.actions[1]].index(second)
    return told.payoffs[i][j]


def test_only_bans_that_stop_something_are_actions(told):
    assert [a.id for a in told.actions[0]] == ["nothing", "imports:wheat"]
    assert [a.id for a in told.actions[1]] == ["nothing", "exports:wheat", "transit:oil", "everything"]
    assert [a.volume for a in told.actions[1][1:3]] == pytest.approx([4 * YEAR, 4 * YEAR])
    assert {x.id for x in told.left_out if x.side == "KAZ"} == {
        "exports:wheat", "transit:wheat", "imports:oil", "exports:oil", "transit:oil",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "kazakh", "russian"),
    [
        ("nothing", "nothing", (0, 0, 0), (0, 0, 0)),
        ("imports:wheat", "nothing", (0, -60, 0), (-12, 0, 0)),
        ("nothing", "exports:wheat", (0, -60, 0), (-12, 0, 0)),
        ("imports:wheat", "exports:wheat", (0, -60, 0), (-12, 0, 0)),
        ("nothing", "transit:oil", (-96, 0, 0), (-16, 0, -8)),
        ("imports:wheat", "transit:oil", (-96, -60, 0), (-28, 0, -8)),
        ("nothing", "everything", (-96, -60, 0), (-28, 0, -8)),
    ],
)
def test_payoffs_are_those_of_the_hand(told, first, second, kazakh, russian):
    for change, expected in zip(cell(told, first, second), (kazakh, russian), strict=True):
        parts = np.array([change.producers, change.consumers, change.government])
        assert parts / YEAR == pytest.approx(expected, abs=1e-5)
        assert change.total == pytest.approx(sum(expected) * YEAR, abs=1e-5)


def test_shares_of_the_gross_domestic_product_are_absent_where_it_is(told):
    kazakh, russian = cell(told, "imports:wheat", "nothing")
    assert kazakh.per_cent_of_gdp == pytest.approx(-1.0)
    assert russian.per_cent_of_gdp is None
    assert told.why_absent == "gdp.csv has no figure of RUS"


def test_where_it_settles(told):
    """Without measures; or both bar the wheat, since then neither alone can bring it back."""
    assert [o.actions for o in told.equilibria] == [("nothing", "nothing"), ("imports:wheat", "exports:wheat")]
    # Russia's transit ban costs it 24 whatever Kazakhstan does.
    assert told.dominated[1][2] == (0, True)
    assert {o.actions for o in told.outcomes} == {("nothing", "nothing")}
    assert "no measure at all among them" in told.sentence
    assert "Kazakhstan is hurt more" in told.sentence


def test_leverage_is_loss_over_loss(told):
    found = {(x.side, x.action): x for x in told.leverage}
    expected = {
        ("KAZ", "imports:wheat"): 12 / 60,
        ("RUS", "exports:wheat"): 60 / 12,
        ("RUS", "transit:oil"): 96 / 24,
        ("RUS", "everything"): 156 / 36,
    }
    assert {key: x.value for key, x in found.items()} == pytest.approx(expected)
    assert {x.kind for x in told.leverage} == {"both lose"}


def test_the_order_of_goods_and_sides_makes_no_difference(told):
    again = retaliate(market(), ("KAZ", "RUS"), ("oil", "wheat", "oil"))
    assert (again.payoffs, again.sentence) == (told.payoffs, told.sentence)
    other = retaliate(market(), ("RUS", "KAZ"), ("wheat", "oil"))
    for i, j in itertools.product(range(2), range(4)):
        assert other.payoffs[j][i] == told.payoffs[i][j][::-1]


def test_an_agreement_that_a_ban_makes_impossible_is_void_and_no_other():
    """Two agreements on the wheat line: a ban makes both impossible; the one about oil stands."""
    kept = [
        {"id": "kept", "kind": "agreement", "target": "wheat_rk", "goods": "wheat", "min": 2, "name": "Wheat kept"},
        {"id": "other", "kind": "agreement", "target": "oil_kr", "goods": "oil", "min": 1, "name": "Oil kept"},
    ]
    told = retaliate(market(instruments=kept), ("KAZ", "RUS"), ("wheat", "oil"))
    named = {(side, action): names for side, action, names in told.voids}
    assert named["KAZ", "imports:wheat"] == ("Wheat kept",)
    assert named["RUS", "transit:oil"] == ("Oil kept",)
    assert named["RUS", "everything"] == ("Wheat kept", "Oil kept")
    for first, second in (("imports:wheat", "nothing"), ("imports:wheat", "everything")):
        free = cell(retaliate(market(), ("KAZ", "RUS"), ("wheat", "oil")), first, second)
        assert [c.total for c in cell(told, first, second)] == pytest.approx([c.total for c in free], abs=1e-6)


@pytest.mark.parametrize(
    ("own", "other", "kind"),
    [
        ([0, 0], [0, 0], "no effect"),
        ([3, 5], [-1, 1], "gains by imposing"),
        ([-3, -5], [0, 0], "hurts only itself"),
        ([-3, -5], [2, 4], "hurts only itself"),
        ([-3, -5], [-2, -4], "both lose"),
        ([0, 0], [-2, -4], "hurts only the other"),
        ([-3, 5], [-2, -4], "within the range of the data"),
        ([-3, -5], [-2, 4], "within the range of the data"),
    ],
)
def test_what_is_no_leverage_has_a_class(own, other, kind):
    assert class_of(np.array(own, dtype=float), np.array(other, dtype=float), 0.1) == kind


@pytest.mark.parametrize(
    ("between", "goods", "message"),
    [
        (("KAZ",), ("wheat",), "between two countries"),
        (("KAZ", "KAZ"), ("wheat",), "between two countries"),
        (("KAZ", "ZZZ"), ("wheat",), "ZZZ"),
        (("KAZ", "RUS"), (), "none is given"),
        (("KAZ", "RUS"), ("whaet",), "did you mean wheat"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told(between, goods, message):
    with pytest.raises(QuestionError, match=message):
        retaliate(market(), between, goods)


# The bundled case


@pytest.fixture(scope="module")
def wheat():
    return remembered.once(corridor.retaliate)(kazakhstan.whole(), ("KAZ", "RUS"), ("wheat",))


def test_every_equilibrium_behind_the_wheat_answer_is_certified(wheat):
    assert wheat.base.certificate.passed
    assert wheat.solves > 16
    assert wheat.gap <= 1e-6
    assert wheat.gains_residual <= 1e-9
    assert all(v == 0.0 for c in wheat.payoffs[0][0] for v in (c.total, c.producers, c.consumers, c.government))


def test_payoffs_are_what_compare_says_of_the_same_measures(wheat):
    """Two ways through the program: payoffs here, gains by country there, and the accounts that both must keep."""
    bars = wheat.actions[0][1].instruments
    changed = corridor.solve(wheat.base.case, with_=bars)
    side = compare(wheat.base, changed)
    by_country = side.gains.groupby("country")["difference"].sum()
    for number, country in enumerate(wheat.sides):
        assert wheat.payoffs[1][0][number].total == pytest.approx(by_country[country], abs=wheat.tolerance)
    lines = [r.accounting.set_index("line")["value"]["sum of gains"] for r in (wheat.base, changed)]
    assert by_country.sum() == pytest.approx(lines[1] - lines[0], abs=wheat.tolerance)


def test_a_wheat_bar_moves_money_from_those_who_eat_to_those_who_sow(wheat):
    kazakh, russian = cell(wheat, "imports:wheat", "nothing")
    assert kazakh.consumers < 0 < kazakh.producers
    assert russian.total < 0
    assert kazakh.per_cent_of_gdp == pytest.approx(100 * kazakh.total / wheat.gdp[0])
    assert {x.action: x.kind for x in wheat.leverage if x.side == "KAZ"}["imports:wheat"] == "gains by imposing"


ASKED = "retaliate kazakhstan --between KAZ,RUS --goods wheat --quiet"


def test_the_document_says_what_python_says(wheat):
    with remembered.commands():
        told = json.loads(printed(f"{ASKED} --json"))
    DOCUMENTS["retaliate"].model_validate(told)
    assert told["answer"] == wheat.sentence
    assert told["certificate"]["passed"]
    body = told["result"]
    rows = {(r["first"], r["second"], r["side"]): r for r in body["payoffs"]}
    assert len(rows) == 2 * len(wheat.actions[0]) * len(wheat.actions[1])
    last = wheat.payoffs[-1][-1][1]
    row = rows["everything", "everything", "RUS"]
    assert (row["value"], row["consumers"]) == pytest.approx((last.total, last.consumers), abs=wheat.tolerance)
    assert all((x["value"] is None) == (x["class"] != "both lose") for x in body["leverage"])


def test_the_terminal_shows_the_matrix_with_what_is_stable(wheat):
    with remembered.commands():
        lines = printed(ASKED).splitlines()
    assert lines[0] == wheat.sentence
    stable = sum(line.count(" *") for line in lines if line.startswith("  ") and "/" in line)
    assert stable == len(wheat.equilibria)
    assert any(line.startswith("  Russia first:") for line in lines)


def test_the_report_shows_both_payoffs_of_every_pair(wheat):
    blocks = check_document(retaliation_document(wheat))["sections"][0]["blocks"]
    (block,) = [b for b in blocks if b["type"] == "matrix"]
    assert [view["id"] for view in block["views"]] == list(wheat.sides)
    stable = {o.actions for o in wheat.equilibria}
    for number, view in enumerate(block["views"]):
        for i, line in enumerate(wheat.payoffs):
            for j, pair in enumerate(line):
                cell = view["cells"][i][j]
                assert cell["value"] == pytest.approx(pair[number].total, abs=1e-6)
                assert cell["share"] == pair[number].per_cent_of_gdp
                assert cell.get("marked", False) == ((wheat.actions[0][i].id, wheat.actions[1][j].id) in stable)
    for number, side in enumerate(("rows", "columns")):
        beaten = ["dominated" in choice for choice in block[side]]
        assert beaten == [by is not None for by in wheat.dominated[number]]
    bars = [b for b in blocks if b["type"] == "bars"]
    assert all(sum(p["value"] for p in row["parts"]) == pytest.approx(row["total"]) for b in bars for row in b["rows"])
