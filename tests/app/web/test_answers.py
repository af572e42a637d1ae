"""The app answers as library and command line do, and what is taken away gives the same answer again."""

import csv
import io
import json
import shlex
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from tiny import duopoly, two_halves
from typer.testing import CliRunner

import corridor as co
from corridor.app.cli import app
from corridor.app.web.shapes import CaseState, Evidence, RunState
from corridor.case import case_folder, write_case

from .conftest import CASE, CLOSED

QUESTIONS = [
    ("solve", {}, ["solve", CASE]),
    ("solve", {"with": [CLOSED], "start": "2024-06-01", "end": "2024-09-01"}, ["solve", CASE, "--with", CLOSED, "--start", "2024-06-01", "--end", "2024-09-01"]),
    ("compare", {"with": [CLOSED]}, ["compare", CASE, "--with", CLOSED]),
    ("compare", {"scenario": "no_transit", "foresight": "perfect"}, ["compare", CASE, "--scenario", "no_transit", "--foresight", "perfect"]),
    ("share", {"good": "gas", "of": "BRA", "through": "BOL", "direction": "imports"}, ["share", CASE, "--good", "gas", "--of", "BRA", "--through", "BOL", "--direction", "imports"]),
    ("stress", {"good": "gas", "for": "BRA", "over": "links", "loss": "unserved"}, ["stress", CASE, "--good", "gas", "--for", "BRA", "--over", "links", "--loss", "unserved"]),
    ("bargain", {"good": "gas", "players": ["ARG", "BRA"]}, ["bargain", CASE, "--good", "gas", "--players", "ARG,BRA"]),
]  # fmt: skip


def printed(words):
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize(
    ("verb", "arguments", "words"), QUESTIONS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_document_command_and_python_say_the_same(served, capsys, verb, arguments, words):
    told = served.run(verb, **arguments)
    assert told["state"] == "done", told["error"]
    RunState.model_validate(told)
    command = shlex.split(told["page"]["command"])
    assert (command[:3], sorted(command[3:])) == (["corridor", verb, CASE], sorted(words[2:]))
    assert told["answer"] == json.loads(printed([*command[1:], "--json"]))
    exec(compile(told["page"]["python"], "lines", "exec"), {})  # noqa: S102 (lines that a reader would run)
    said = capsys.readouterr().out
    if verb == "solve":
        assert said.count("\n") > 2
    else:
        assert told["answer"]["answer"] in said


@pytest.mark.parametrize(
    ("verb", "case", "arguments", "words"),
    [
        ("invest", two_halves(), {"good": "oil", "of": "KAZ", "through": "RUS", "max_share": 0.6, "by": 2030, "whole": False, "payer": "KAZ"}, "--good oil --of KAZ --through RUS --max-share 0.6 --by 2030 --payer KAZ --fractions"),
        ("rivalry", duopoly(), {"good": "oil", "sellers": ["KAZ", "RUS"], "theta": 0.5}, "--good oil --sellers KAZ,RUS --theta 0.5"),
    ],
    ids=["invest", "rivalry"],
)  # fmt: skip
def test_plans_and_sellers_as_one(served, capsys, tmp_path, monkeypatch, verb, case, arguments, words):
    """Of a case that is brought, as the bundled one has nothing to build."""
    write_case(case, tmp_path / "mine")
    files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "mine").iterdir()}
    brought = served.client.post("/api/cases", json={"name": "mine", "files": files}).json()["case"]
    state = served.client.get("/api/case", params={"case": brought}).json()
    assert ("invest" in state["verbs"]) == bool(state["calendar"]["planning"]) == (verb == "invest")
    told = served.run(verb, brought, **arguments)
    served.client.delete(f"/api/cases/{brought}")
    assert told["state"] == "done", told["error"]
    RunState.model_validate(told)
    assert "--".join(sorted(told["page"]["command"].split(" --"))) == "--".join(
        sorted(f"corridor {verb} ./mine {words}".split(" --"))
    )
    monkeypatch.chdir(tmp_path)
    printed_document = json.loads(printed([*shlex.split(told["page"]["command"])[1:], "--json"]))
    assert told["answer"] == printed_document
    exec(compile(told["page"]["python"], "lines", "exec"), {})  # noqa: S102 (lines that a reader would run)
    assert told["answer"]["answer"] in capsys.readouterr().out
    assert {block["type"] for block in told["page"]["blocks"]} >= {"bars", "table"}


def test_same_numbers_as_the_library(served):
    told = served.run("compare", **{"with": [CLOSED]})
    case = co.read_case(CASE)
    measure = co.parse_instrument(CLOSED)
    base, changed = co.solve(case, calendar_with=[measure]), co.solve(case, with_=measure)
    gains = {(r["party"], r["role"], r["good"]): r["difference"] for r in told["answer"]["result"]["gains"]}
    table = co.compare(base, changed).gains
    keys = zip(table["party"], table["role"], table["good"], strict=True)
    assert gains == pytest.approx(dict(zip(keys, table["difference"], strict=True)), abs=1e-9)
    assert told["page"]["sentence"] == co.compare(base, changed).sentence


def test_map_shows_what_flows(served):
    told = served.run("compare", **{"with": [CLOSED]})
    views = {view["id"]: view for view in told["page"]["map"]["changed"]}
    month = "2024-07-01/2024-08-01"
    volumes = {r["link"]: r for r in told["answer"]["result"]["volumes"] if r["period"] == month}
    years = 31 / 365.25
    for link, rate in views[month]["flows"].items():
        assert rate == pytest.approx(volumes[link]["changed"] / years, abs=1e-5)
    assert views[month]["closed"] == ["export_line"]
    assert "export_line" not in views["whole"]["closed"]
    assert set(views) == {"whole", "window", *(r["period"] for r in told["answer"]["result"]["volumes"])}
    before = {view["id"]: view for view in told["page"]["map"]["base"]}
    assert before["window"]["flows"]["export_line"] > 0
    prices = {(p["node"], p["good"]): p for p in told["page"]["prices"]}
    assert any(
        p["base"] is not None and p["changed"] is not None and p["base"] != p["changed"] for p in prices.values()
    )


def test_measures_become_a_scenario_of_the_case(served, tmp_path):
    texts = [CLOSED, "tariff:gas:2024-01-01:origin=ARG:destination=BRA:rate=3USD/1000m3"]
    started = served.start("compare", **{"with": texts}).json()
    served.events(started)
    rows = served.client.get(started["result"] + "/scenario")
    assert rows.headers["content-type"].startswith("text/csv")
    for file in case_folder(CASE).iterdir():
        if file.name not in ("instruments.csv", "scenarios.csv"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "instruments.csv").write_text(rows.text, encoding="utf-8")
    (tmp_path / "scenarios.csv").write_text("id,name\nmine,Mine\n", encoding="utf-8")
    case = co.read_case(tmp_path)
    told = served.client.get(started["result"]).json()["answer"]["result"]["gains"]
    measures = [co.parse_instrument(text) for text in texts]
    base, changed = co.solve(case, calendar_with=measures), co.solve(case, "mine")
    table = co.compare(base, changed).gains
    assert sum(row["changed"] for row in told) == pytest.approx(table["changed"].sum(), rel=1e-9)


def test_tables_and_report_are_taken_away(served):
    started = served.start("compare", **{"with": [CLOSED]}).json()
    served.events(started)
    told = served.client.get(started["result"]).json()
    table = served.client.get(started["result"] + "/table/gains.csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [float(row["difference"]) for row in rows] == [r["difference"] for r in told["answer"]["result"]["gains"]]
    assert table.headers["content-disposition"] == 'attachment; filename="compare-gains.csv"'
    unknown = served.client.get(started["result"] + "/table/nothing.csv")
    assert unknown.status_code == 404
    assert "it has volumes" in unknown.json()["error"]["message"]
    report = served.client.get(started["result"] + "/report")
    assert report.headers["content-disposition"].startswith("attachment")
    assert report.text.startswith("<!DOCTYPE html>")
    assert told["page"]["sentence"] in report.text


def test_reports_of_the_other_questions(served):
    for verb, arguments, _ in QUESTIONS[4:]:
        started = served.start(verb, **arguments).json()
        served.events(started)
        report = served.client.get(started["result"] + "/report")
        assert report.status_code == 200, report.text
        assert "Certificate: passed" in report.text


def test_case_tells_what_the_page_needs(served):
    told = served.client.get("/api/case").json()
    CaseState.model_validate(told)
    nodes = {node["id"] for node in told["network"]["nodes"]}
    links = {link["id"] for link in told["network"]["links"]}
    assert all({link["from"], link["to"]} <= nodes for link in told["network"]["links"])
    assert all(set(corridor["links"]) <= links for corridor in told["corridors"])
    assert {s["id"]: s["instruments"] for s in told["scenarios"]}["line_shut"] == [CLOSED]
    for question in told["questions"]:
        answer = served.run(question["verb"], **question["arguments"])
        assert answer["page"]["sentence"] in printed(shlex.split(question["command"])[1:])


def test_evidence_is_that_of_the_case(served):
    told = served.client.get(
        "/api/evidence", params={"table": "links", "id": "export_line", "column": "capacity"}
    ).json()
    Evidence.model_validate(told)
    found = co.evidence(co.read_case(CASE), "links", "export_line", "capacity")
    assert (told["value"], told["unit"], told["basis"]) == (found.value, found.unit, found.basis)
    wrong = served.client.get("/api/evidence", params={"table": "links", "id": "export_lin", "column": "capacity"})
    assert wrong.status_code == 422
    assert "did you mean 'export_line'" in wrong.json()["error"]["message"]
    assumed = served.client.get("/api/assumed").json()
    assert assumed["table"]["rows"]


def test_other_bundled_cases_can_be_opened(served):
    names = served.client.get("/api/cases").json()["cases"]
    assert {"kazakhstan", "harker"} <= set(names)
    told = served.run("solve", case="trnsport")
    assert told["answer"]["case"] == "trnsport"
    TypeAdapter(dict).validate_python(told)


def test_question_that_cannot_be_asked_is_told_in_words(served):
    told = served.run("compare", **{"with": ["closure:export_lin:2024-06-01:2024-09-01"]})
    assert told["state"] == "failed"
    assert told["error"]["kind"] == "question"
    assert "did you mean export_line" in told["error"]["message"]
    assert served.run("compare")["error"]["message"].startswith("compare needs something")
    half = served.run("solve", start="2024-06-01")
    assert half["error"]["message"] == "a window needs both --start and --end"


def test_command_serves_what_it_names():
    done = CliRunner().invoke(app, ["serve", "nowhere", "--no-open"])
    assert done.exit_code == 1
    assert "no bundled case 'nowhere'" in done.stderr
    assert "Traceback" not in done.output
    assert not Path("nowhere").exists()
