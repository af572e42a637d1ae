"""Questions of other verbs in a case's report: on the game worked by hand, whose answers its README derives."""

import dataclasses
import json
import pickle

import pytest
from tiny import duopoly, two_halves

from corridor.analysis import headlines
from corridor.app.asked import asked_body
from corridor.app.pages import printed
from corridor.case import read_case, write_case
from corridor.errors import QuestionError
from corridor.report import check_document, headlines_document
from corridor.result.bodies import Headline
from corridor.result.documents import DOCUMENTS

YEARS = 4


@pytest.fixture(scope="module")
def told():
    return headlines(read_case("two_routes"))


@pytest.fixture(scope="module")
def document(told):
    return check_document(headlines_document(told))


def blocks(document, section, kind):
    (found,) = [s for s in document["sections"] if s["id"] == section]
    return [block for block in found["blocks"] if block["type"] == kind]


def test_every_question_has_its_answer_and_its_section(told, document):
    assert [a.verb for a in told.answers] == ["share", "bargain", "stress", "retaliate"]
    assert [s["id"] for s in document["sections"]] == ["answers", "base", "bargain", "stress", "retaliate", "trust"]
    (short,) = document["sections"][0]["blocks"]
    assert [item["answer"] for item in short["items"]] == [a.answer for a in told.answers]
    assert all(
        s["blocks"][0]["paragraphs"][0] == a.answer
        for s, a in zip(document["sections"][2:5], told.answers[1:], strict=True)
    )


def test_claims_are_those_of_the_hand(document):
    (bars,) = blocks(document, "bargain", "bars")
    claims = {row["label"]: row["total"] / YEARS for row in bars["rows"]}
    assert claims == pytest.approx({"Russia": 215, "Germany": 215, "Belarus": 115, "Ukraine": 75}, abs=1e-3)
    tables = {block["title"]: block["rows"] for block in blocks(document, "bargain", "table")}
    assert {row["player"]: round(row["nucleolus"] / YEARS) for row in tables["Claims"]} == {
        "Russia": 180, "Germany": 180, "Belarus": 160, "Ukraine": 100,
    }  # fmt: skip
    assert len(tables["What every coalition makes"]) == 15
    assert [round(row["half"]) for row in tables["Tolls that a transit country could take"]] == [70, 50]


def test_losses_are_split_into_the_worst_alone_and_what_the_others_add(document):
    """Without B's line 6 of C pass instead of its 4: 4 of 10 are lost; without C's 4; without both all 10."""
    (bars,) = blocks(document, "stress", "bars")
    first = bars["rows"][0]
    assert [part["value"] / YEARS for part in first["parts"]] == pytest.approx([4, 6], abs=1e-3)
    (table,) = blocks(document, "stress", "table")
    assert table["rows"][0]["share"] == pytest.approx(100)
    assert table["note"].startswith("Every set was solved")


def test_a_transit_ban_costs_the_transit_state_its_rent(document):
    """B's full line earns 20 a bcm, 6 bcm a year; Russia sells at cost either way."""
    (matrix,) = blocks(document, "retaliate", "matrix")
    russia, belarus = (view["cells"][0][1]["value"] / YEARS for view in matrix["views"])
    assert [c["label"] for c in matrix["columns"]] == ["does nothing", "bans transit of natural gas"]
    assert (russia, belarus) == pytest.approx((0, -120), abs=1e-3)
    assert matrix["columns"][1]["dominated"] == {"word": "always worse", "than": "does nothing"}


def test_run_says_the_same_from_two_processes_with_the_bodies_of_the_verbs(told, tmp_path):
    document = json.loads(printed(f"run two_routes --json --out {tmp_path}"))
    DOCUMENTS["run"].model_validate(document)
    answers = document["result"]["answers"]
    assert [(a["question"], a["answer"], tuple(a["details"])) for a in answers] == [
        (a.question, a.answer, a.details) for a in told.answers
    ]
    assert [a["result"] is None for a in answers] == [True, False, False, False]
    shapley = {p["player"]: p["shapley"] / YEARS for p in answers[1]["result"]["players"]}
    assert shapley == pytest.approx({"RUS": 215, "BLR": 115, "UKR": 75, "DEU": 215}, abs=1e-4)
    assert answers[2]["result"]["proven"] is True
    assert len(answers[3]["result"]["payoffs"]) == 4


def test_a_question_that_cannot_be_asked_is_told_from_the_other_process_too():
    case = read_case("two_routes")
    wrong = {"verb": "stress", "good": "gas", "for": "KAZ"}
    spoiled = case.with_tables(dataclasses.replace(case.settings, headline=(), asked=(wrong,)))
    with pytest.raises(QuestionError, match="no country 'KAZ'"):
        headlines(spoiled, processes=2)


def test_a_case_comes_back_whole_from_another_process():
    case = read_case("two_routes")
    again = pickle.loads(pickle.dumps(case))  # noqa: S301 (our own)
    assert again == case
    assert again.original["links"].equals(case.original["links"])


PLAN = {"verb": "invest", "good": "oil", "of": "KAZ", "through": "RUS", "max_share": 0.6, "by": 2030, "payer": "KAZ"}
AS_ONE = {"verb": "rivalry", "good": "oil", "sellers": ("KAZ", "RUS")}


@pytest.mark.parametrize(
    ("case", "question", "chart", "bar"),
    [
        # 40 must go round Russia at 20 more each (tests/analysis/test_invest.py).
        (two_halves(), PLAN, "Who gains and who pays in 2030", ("Kazakhstan", "support paid", -800)),
        # Cournot rivals earn (5/3)^2 less from the dearer field, which is shut as one (tests/analysis/test_rivalry.py).
        (duopoly(), AS_ONE, "Who gains where they sell as one in place of as rivals", ("Russia", "as one less as rivals", -((5 / 3) ** 2))),
    ],
    ids=["invest", "rivalry"],
)  # fmt: skip
def test_plans_and_sellers_as_one_are_questions_of_run(case, question, chart, bar, tmp_path):
    """Asked as a headline: read from the file, answered as by the verb, its body and its blocks of the declared types."""
    write_case(case.with_tables(dataclasses.replace(case.settings, asked=(question,))), tmp_path / "mine")
    told = headlines(read_case(tmp_path / "mine"))
    (asked,) = [a for a in told.answers if a.told is not None]
    assert asked.verb == question["verb"]
    assert asked.answer in printed(asked.command.removeprefix("corridor ").replace(" mine ", f" {tmp_path / 'mine'} "))
    Headline.model_validate(
        {
            "verb": asked.verb,
            "scenario": asked.scenario,
            "question": asked.question,
            "answer": asked.answer,
            "details": list(asked.details),
            "command": asked.command,
            "result": asked_body(asked.told),
        }
    )
    document = check_document(headlines_document(told))
    (bars,) = [b for b in blocks(document, asked.verb, "bars") if b["title"] == chart]
    label, role, value = bar
    (row,) = [row for row in bars["rows"] if row["label"] == label]
    assert {part["role"]: part["value"] for part in row["parts"]}[role] == pytest.approx(value, rel=3e-3)
