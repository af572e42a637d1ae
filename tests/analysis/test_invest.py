"""Plans: two worked by hand, brute force over all subsets, what cannot be met, and the accounts of who pays."""

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from tiny import oil_case, two_halves

from corridor.analysis import invest
from corridor.analysis.plan_years import Years, projected
from corridor.analysis.projects import annuity, capital_recovery, projects_of
from corridor.app.cli import app
from corridor.case import check_case, write_case
from corridor.errors import InfeasibleError, QuestionError
from corridor.result import load_result
from corridor.result.documents import DOCUMENTS
from corridor.study import solve_case

THROUGH = 20
"""Cost of the way through Russia, of each unit; the way round costs 40."""


def ask(case, share=0.6, **more):
    return invest(case, good="oil", of="KAZ", through="RUS", max_share=share, by=2030, **more)


def built(told):
    return {p.expansion: p.fraction for p in told.plan}


def test_the_cheap_project_alone_does_not_help():
    # 40 must go round, 10 can: 30 more over berths and ships, half of both projects. 120 / 20 years x 6 years x 1/2 = 18 for
    # building; 40 units at 20 more, six years, = 4,800. A pipe
    # that carries 60 at the same cost would be 1,200.
    told = ask(two_halves())
    assert built(told) == pytest.approx({"berths": 0.5, "tankers": 0.5}, abs=1e-6)
    assert told.build_cost == pytest.approx(60, abs=1e-4)
    assert told.system_cost == pytest.approx(18 + 4800, abs=1e-2)
    assert told.share_before == pytest.approx(1)
    assert told.share_after == pytest.approx(0.6, abs=1e-6)
    assert told.years[0].volume == pytest.approx(told.years[0].volume_before, rel=1e-6)
    # A unit round costs 20 more to carry, whatever was built: that is what shippers must be paid, on the 40 moved.
    assert told.years[0].support_per_unit == pytest.approx(20)
    assert told.yearly_support == pytest.approx(800, rel=1e-4)
    alone = {row.expansion: row for row in told.dollars_per_point}
    assert alone["berths"].points == alone["tankers"].points == 0
    assert alone["berths"].why_absent
    assert alone["pipeline"].points == pytest.approx(60, abs=1e-3)
    assert alone["pipeline"].dollars_per_point == pytest.approx(100, rel=1e-4)
    # Together they give 60 points for 120, so they come first in the best order.
    assert alone["berths"].order == alone["tankers"].order == 1
    assert alone["berths"].dollars_per_point_then == pytest.approx(2, rel=1e-4)
    assert len(told.frontier) >= 5
    costs = [point.cost for point in sorted(told.frontier, key=lambda p: -p.share)]
    assert costs == sorted(costs)
    use = {row.target: row.utilisation for row in told.utilisation}
    assert use["ships"] == pytest.approx(1, abs=2e-3)


def test_whole_projects_cost_the_rest_too():
    # Both whole: 120 / 20 x 6 = 36 in the place of 18.
    whole = ask(two_halves(whole=True))
    assert built(whole) == {"berths": 1, "tankers": 1}
    assert whole.system_cost == pytest.approx(36 + 4800, abs=1e-2)
    assert whole.error < 0.1


def test_projects_that_pay_by_themselves_need_no_limit():
    # A pipe for 5 a unit more than the way through Russia never pays; one for 15 less does: 60 x 15 x 6 = 5,400 against 1,800.
    case = two_halves()
    links = case.table("links")
    links.loc[links["id"] == "pipe", "resource_cost"] = 5.0
    told = ask(case.with_tables(links=links), None)
    assert built(told) == pytest.approx({"pipeline": 1})
    assert told.share_unlimited == pytest.approx(0.4)
    assert told.system_cost == 0
    assert "pays by itself" in told.sentence


def test_brute_force_over_all_subsets():
    rng = np.random.default_rng(4)
    for _ in range(3):
        costs = rng.integers(5, 60, 4).tolist()
        adds = rng.integers(10, 45, 4).tolist()
        carry = rng.integers(21, 50, 4).tolist()
        fixed = rng.integers(0, 5, 4).tolist()
        ways = [
            {"id": f"way_{n}", "from": "field", "to": "market", "capacity": 1, "resource_cost": c, "status": "planned"}
            for n, c in enumerate(carry)
        ]
        case = oil_case(
            [
                {"id": f"p{n}", "capital_cost": 100.0 * c, "fixed_cost": f, "whole": True}
                for n, (c, f) in enumerate(zip(costs, fixed, strict=True))
            ],
            [(f"p{n}", f"way_{n}", a) for n, a in enumerate(adds)],
        )
        links = case.table("links")
        ways = case.with_tables(links=_appended(links, ways))
        told = ask(ways)
        best = min(
            (cost, chosen)
            for k in range(5)
            for chosen in combinations(range(4), k)
            if (cost := _by_hand(chosen, costs, adds, carry, fixed)) is not None
        )
        assert {f"p{n}" for n in best[1]} == set(built(told))
        assert told.system_cost == pytest.approx(best[0], rel=1e-4)


def _appended(links, ways):
    import pandas as pd

    rows = pd.DataFrame([{"name": w["id"], "mode": "pipeline", "goods": ("oil",)} | w for w in ways])
    return pd.concat([links, rows], ignore_index=True)


def _by_hand(chosen, costs, adds, carry, fixed):
    """Cost over six years of taking 40 of 100 round, cheapest ways first; None where there is no room."""
    room = sorted([(40.0, 10.0), *((float(carry[n]), float(adds[n])) for n in chosen)])
    left, total = 40.0, sum(6 * (100.0 * costs[n] / 20 + fixed[n]) for n in chosen)
    for cost, capacity in room:
        taken = min(left, capacity)
        left, total = left - taken, total + 6 * taken * (cost - THROUGH)
    return None if left > 1e-9 else total


def test_what_cannot_be_met_says_which_and_by_how_much():
    # 10 go round as it is, 60 more by berths and ships, the pipe is not there: 30 % is the least.
    case = two_halves()
    with pytest.raises(
        InfeasibleError, match=r"at 20 % in 2030.* lowest is 30.0 %, 10.0 points above it; what is full"
    ):
        ask(case, 0.2, expansions=["berths", "tankers"])
    cut = ask(case, 0.2, expansions=["berths", "tankers"], allow_cuts=True)
    # 70 go round, which may be 80 % of what is exported.
    assert cut.years[0].volume == pytest.approx(87.5, rel=1e-3)


def test_annuity_and_what_lies_beyond_the_horizon():
    assert annuity(0.07, 20) == pytest.approx(0.0943929257)
    assert annuity(0.0, 25) == pytest.approx(0.04)
    case = oil_case([{"id": "p", "capital_cost": 100, "fixed_cost": 1}], [("p", "berth", 1)], (2024, 2030, 2035), 0.07)
    (project,) = projects_of(case, "oil")
    planning = case.settings.planning
    # Ten annuities and ten fixed costs, at the ends of 2030 to 2039, in money of the end of 2024.
    by_hand = sum((9.43929257 + 1) * 1.07 ** -(year - 2024) for year in range(2030, 2040))
    assert project.charge(2030, planning, 2040) == pytest.approx(by_hand)
    # Over its whole life the annuities are worth what it costs.
    whole = sum(9.43929257 * 1.07 ** -(year - 2024) for year in range(2030, 2050))
    assert capital_recovery(project, 2030, planning) == pytest.approx(whole)


def test_lead_time_lifetime_needs_and_excludes():
    projects = [
        {"id": "berths", "capital_cost": 20, "first_year": 2026, "lead_time": 6},
        {"id": "tankers", "capital_cost": 100, "needs": ("berths",)},
        {"id": "pipeline", "capital_cost": 6000, "excludes": ("tankers",)},
    ]
    case = oil_case(
        projects,
        [("berths", "berth", 60), ("tankers", "ships", 60), ("pipeline", "pipe", 60)],
        years=(2024, 2030, 2035),
    )
    assert not check_case(case)
    # Berths decided in 2026 work from 2032, so tankers are of no use in 2030.
    early = ask(case)
    assert set(built(early)) == {"pipeline"}
    late = invest(case, good="oil", of="KAZ", through="RUS", max_share=0.6, by=2035)
    assert {(p.expansion, p.year) for p in late.plan} == {("berths", 2035), ("tankers", 2035)}


def test_figures_of_a_planning_year():
    case = two_halves(
        years=(2024, 2030, 2040),
        projections=[
            {"target": "oil_field", "column": "quantity", "year": 2034, "value": 150},
            {"target": "buyers", "column": "quantity", "year": 2030, "value": 120},
        ],
        dated=[{"table": "links", "id": "out", "column": "capacity", "start": None, "end": None, "value": 90}],
    )
    dates = case.settings.calendar.start, case.settings.calendar.end
    assert projected(case, 2030, *dates) == {
        ("supply", "oil_field", "quantity"): pytest.approx(130),
        ("demand", "buyers", "quantity"): 120,
    }
    assert projected(case, 2040, *dates)["supply", "oil_field", "quantity"] == 150
    years = Years(case, "base", (), (), projects_of(case, "oil"))
    assert [years.span(y) for y in (2024, 2030, 2040)] == [6, 10, 10]
    told = years.case(2030, {"tankers": 0.5, "pipeline": 0.25})
    links = dict(zip(told.tables["links"]["id"], told.tables["links"]["capacity"], strict=True))
    assert links["ships"] == 40
    assert links["pipe"] == 15
    assert set(told.tables["links"]["status"]) == {"open"}


def test_measures_of_the_base_year_go_on():
    rows = [
        ("closure", "out", None, None),
        ("derating", "btc", "2024-01-01", "2025-01-01"),
        ("derating", "to_port", "2024-03-01", "2024-04-01"),
        ("derating", "berth", "2024-01-01", "2029-01-01"),
        ("derating", "ships", "2029-06-01", None),
        ("derating", "pipe", "2026-01-01", "2027-01-01"),
    ]
    import datetime as dt

    def day(text):
        return dt.date.fromisoformat(text) if text else None

    case = two_halves(
        instruments=[
            {"id": f"i_{t}", "kind": k, "target": t, "start": day(s), "end": day(e)}
            | ({"availability": 0.9} if k == "derating" else {})
            for k, t, s, e in rows
        ]
    )
    held = Years(case, "base", (), (), projects_of(case, "oil")).case(2030, {}).tables["instruments"]
    # Renewed with its year, without end, and begun since; not an event of a month, nor what ended in between.
    assert set(held["target"]) == {"out", "btc", "ships"}


def test_who_pays_adds_up_to_what_it_costs():
    told = ask(two_halves(), payer="KAZ")
    # 800 a year more for carriage, 3 for building: nobody else's gain or loss is left over.
    assert sum(p.net for p in told.payer) == pytest.approx(-803, rel=1e-3)
    kaz = told.payer[0]
    assert kaz.country == "KAZ"
    assert kaz.pays_support == kaz.receives_support == pytest.approx(800, rel=1e-3)
    assert kaz.pays_capital == pytest.approx(3, rel=1e-3)
    other = ask(two_halves(), payer="CHE")
    assert sum(p.net for p in other.payer) == pytest.approx(-803, rel=1e-3)


def test_a_cap_on_the_worst_single_closure():
    # With Russia shut 10 of 100 have a way. At most 60 % lost: 30 more over berths and ships, half of both.
    told = invest(two_halves(), good="oil", of="KAZ", through="RUS", max_loss=0.6, by=2030)
    assert built(told) == pytest.approx({"berths": 0.5, "tankers": 0.5}, abs=1e-3)
    assert told.years[0].worst_loss == pytest.approx(0.6, abs=1e-3)
    assert told.years[0].worst_closure == "north"
    # Nothing is asked of use: shippers stay where they are.
    assert told.share_after == pytest.approx(1)
    assert built(invest(two_halves(whole=True), good="oil", of="KAZ", through="RUS", max_loss=0.6, by=2030)) == {
        "berths": 1,
        "tankers": 1,
    }
    with pytest.raises(InfeasibleError, match="north shut still leaves 30 %"):
        invest(two_halves(), good="oil", of="KAZ", through="RUS", max_loss=0.1, expansions=["berths", "tankers"])


def test_a_result_of_a_case_with_plans_is_read_again(tmp_path):
    told = solve_case(two_halves())
    again = load_result(told.save(tmp_path / "year.corridor"))
    assert again.case.hash == told.case.hash
    assert again.case.settings.planning == told.case.settings.planning


def test_questions_that_cannot_be_asked():
    case = two_halves()
    for message, more in (
        ("planning year of the case: 2030, not 2031", {"by": 2031}),
        ("between 0 and 1", {"max_share": 60}),
        ("has no expansion 'canal'", {"expansions": ["canal"]}),
        ("by partner", {"direction": "imports"}),
        ("no slice 'peak'", {"slice_": "peak"}),
    ):
        with pytest.raises(QuestionError, match=message):
            invest(case, good="oil", of="KAZ", through="RUS", **more)
    with pytest.raises(QuestionError, match=r"\[planning\]"):
        invest(case.with_tables(replace(case.settings, planning=None)), good="oil", of="KAZ", through="RUS")


def test_the_command_tells_it_as_json(tmp_path):
    from typer.testing import CliRunner

    folder = write_case(two_halves(), tmp_path / "oil")
    asked = ["invest", str(folder), "--good", "oil", "--of", "KAZ", "--through", "RUS", "--max-share", "0.6"]
    answer = CliRunner().invoke(app, [*asked, "--by", "2030", "--payer", "KAZ", "--json"])
    assert answer.exit_code == 0, answer.output
    document = json.loads(answer.stdout)
    DOCUMENTS["invest"].model_validate(document)
    assert document["certificate"]["passed"]
    assert document["result"]["plan"][0].keys() >= {"expansion", "year", "fraction"}
    assert len(document["result"]["frontier"]) >= 5
    assert CliRunner().invoke(app, [*asked[:-1], "0.1", "--by", "2030", "--projects", "tankers"]).exit_code == 1
    told = CliRunner().invoke(app, [*asked, "--quiet"])
    assert "The plan, million USD" in told.stdout
