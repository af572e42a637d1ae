"""One suite that every solver passes."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from numpy.testing import assert_allclose
from solver.programs import INF, planted, program, transport

from corridor.errors import CertificateError, ProgramError, SolverError
from corridor.solver import (
    InfeasibleProgram,
    SolverFailure,
    certify,
    solve_program,
)
from corridor.solver import choose as choose_module

EVERY = ("auto", "highs", "piqp", "clarabel")
LINEAR = (*EVERY, "piqp_vertex")

every_solver = pytest.mark.parametrize("solver", EVERY)
every_linear_solver = pytest.mark.parametrize("solver", LINEAR)


@every_linear_solver
def test_a_linear_program_solved_by_hand(solver):
    # min x + 2y, x + y >= 4, x <= 3: buy 3 of the cheap one and 1 of the dear one.
    # One unit more demand costs 2; one unit more of the cheap one saves 1.
    p = program([1, 2], [[1, 1]], 4, INF, 0, [3, INF])
    s = solve_program(p, solver)
    assert_allclose(s.primal, [3, 1], atol=1e-9)
    assert_allclose(s.row_dual, [2], atol=1e-9)
    assert_allclose(s.column_dual, [-1, 0], atol=1e-9)
    assert s.objective == pytest.approx(5, abs=1e-9)


@every_solver
def test_two_countries_that_trade_solved_by_hand(solver):
    # Supply price 10 + q at home; demand price 50 - q abroad; transport 4 through a link of capacity 12.
    # Free trade: 10 + q + 4 = 50 - q gives q = 18 > 12, so 12 flow: home price 22, foreign price 38, rent 38 - 22 - 4 = 12.
    p = program(
        [10, 4, -50],
        [[1, -1, 0], [0, 1, -1]],
        0,
        0,
        0,
        [INF, 12, INF],
        [1, 0, 1],
    )
    s = solve_program(p, solver)
    assert_allclose(s.primal, [12, 12, 12], atol=1e-9)
    assert_allclose(s.row_dual, [22, 38], atol=1e-9)
    assert_allclose(s.column_dual, [0, -12, 0], atol=1e-9)
    assert s.objective == pytest.approx(10 * 12 + 72 + 48 - 50 * 12 + 72, abs=1e-8)


@every_linear_solver
@pytest.mark.parametrize("seed", range(12))
def test_linear_programs_with_a_planted_optimum(solver, seed):
    known = planted(seed, quadratic=False)
    s = solve_program(known.program, solver)
    assert s.objective == pytest.approx(known.program.objective(known.x), rel=1e-9, abs=1e-8)
    assert certify(known.program, s).worst < 1e-9


@every_solver
@pytest.mark.parametrize("seed", range(12))
def test_quadratic_programs_with_a_planted_optimum(solver, seed):
    known = planted(seed, quadratic=True)
    s = solve_program(known.program, solver)
    assert s.objective == pytest.approx(known.program.objective(known.x), rel=1e-9, abs=1e-8)
    assert certify(known.program, s).worst < 1e-9
    # Where the cost is curved, the optimum is the same for everybody.
    curved = known.program.quadratic > 0
    assert_allclose(s.primal[curved], known.x[curved], atol=1e-6)


@pytest.mark.parametrize(
    ("solver", "quadratic"), [*((name, False) for name in LINEAR), *((name, True) for name in EVERY)]
)
def test_duals_are_the_slope_of_the_cost_in_the_bound(solver, quadratic):
    """The least cost is convex in a bound, so no change of the bound does better than the dual says."""
    p = transport(3, elastic=quadratic)
    s = solve_program(p, solver)
    step, seen = 0.01, 0
    for name, dual in (("row", s.row_dual), ("column", s.column_dual)):
        low, high = ("row_lower", "row_upper") if name == "row" else ("lower", "upper")
        for i in np.flatnonzero(np.abs(dual) > 1e-6):
            seen += 1
            for change in (step, -step):
                bounds = {low: getattr(p, low).copy(), high: getattr(p, high).copy()}
                equal = bounds[low][i] == bounds[high][i]
                if dual[i] > 0 or equal:
                    bounds[low][i] += change
                if dual[i] < 0 or equal:
                    bounds[high][i] += change
                moved = solve_program(replace(p, **bounds), "highs" if not quadratic else "piqp").objective
                assert moved >= s.objective + dual[i] * change - 1e-8
    assert seen > 10


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("elastic", [False, True])
def test_solvers_agree_on_cost_flows_and_prices_of_a_market(seed, elastic):
    p = transport(seed, elastic=elastic)
    first = solve_program(p, "highs")
    for solver in ("piqp", "clarabel"):
        other = solve_program(p, solver)
        assert other.objective == pytest.approx(first.objective, rel=1e-11)
        if elastic:
            # curved supply and demand: quantities and prices are unique
            assert_allclose(other.primal[-13:], first.primal[-13:], atol=1e-8)
            assert_allclose(other.row_dual, first.row_dual, atol=1e-7)


@every_linear_solver
def test_the_units_do_not_matter(solver):
    """The same network in tonnes and in gigatonnes, in dollars and in billions, is the same answer."""
    p = transport(5)
    base = solve_program(p, solver)
    for flow, money in ((2.0**30, 1.0), (2.0**-30, 1.0), (1.0, 2.0**30), (2.0**-20, 2.0**-20)):
        scaled = replace(
            p,
            cost=p.cost * money,
            lower=p.lower * flow,
            upper=p.upper * flow,
            row_lower=p.row_lower * flow,
            row_upper=p.row_upper * flow,
        )
        s = solve_program(scaled, solver)
        assert_allclose(s.primal, base.primal * flow, rtol=1e-12, atol=1e-12 * flow)
        assert_allclose(s.row_dual, base.row_dual * money, rtol=1e-12, atol=1e-12 * money)


@every_linear_solver
def test_free_rows_fixed_columns_and_infinite_bounds(solver):
    # c is fixed at 2 and pays for itself in the first row; the second row is free; b has no bounds at all.
    p = program(
        [1, 3, 10], [[1, 1, 1], [1, -1, 0], [1, -2, 0]], [5, -INF, -INF], [5, INF, 6], [0, -INF, 2], [INF, INF, 2]
    )
    s = solve_program(p, solver)
    # a + b = 3 and a - 2b <= 6: the cheap a is 4, b is -1.
    assert_allclose(s.primal, [4, -1, 2], atol=1e-9)
    # moving c by one changes the cost by 10 less the row's price: y1 + y3 = 1, y1 - 2 y3 = 3 gives y1 = 5/3, y3 = -2/3
    assert_allclose(s.row_dual, [5 / 3, 0, -2 / 3], atol=1e-9)
    assert_allclose(s.column_dual, [0, 0, 10 - 5 / 3], atol=1e-9)


@every_linear_solver
def test_a_program_whose_columns_are_all_fixed(solver):
    p = program([1, 2], [[1, 1]], 2, 5, [1, 3], [1, 3])
    s = solve_program(p, solver)
    assert s.objective == 7
    assert_allclose(s.primal, [1, 3])


@every_linear_solver
def test_fixed_columns_that_break_a_row_are_infeasible(solver):
    p = program([1, 2, 1], [[1, 1, 0], [0, 0, 1]], [5, 0], [INF, 1], [1, 3, 0], [1, 3, INF])
    with pytest.raises(InfeasibleProgram):
        solve_program(p, solver)


@every_linear_solver
def test_a_program_without_rows(solver):
    p = program([1, -1], np.zeros((0, 2)), 0, 0, [2, 0], [9, 3])
    s = solve_program(p, solver)
    assert_allclose(s.primal, [2, 3], atol=1e-9)
    assert_allclose(s.column_dual, [1, -1], atol=1e-9)


@every_linear_solver
def test_a_degenerate_program(solver):
    # Three rows meet where two would do, and a whole edge is optimal.
    p = program([1, 1], [[1, 1], [2, 2], [1, 0], [1, 1]], [1, 2, 0, 1], INF)
    s = solve_program(p, solver)
    assert s.objective == pytest.approx(1, abs=1e-10)
    assert s.row_dual @ [1, 2, 0, 1] == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(("solver", "q"), [*((name, 0.0) for name in LINEAR), *((name, 1.0) for name in EVERY)])
def test_infeasible_is_said(solver, q):
    p = program([1, 1], [[1, 1]], 5, INF, 0, 2, q)
    with pytest.raises(InfeasibleProgram) as caught:
        solve_program(p, solver)
    assert caught.value.status == "infeasible"
    assert isinstance(caught.value, SolverError)


@every_linear_solver
def test_unbounded_is_said(solver):
    # a pays 2, each unit beyond 4 needs one of b, which costs 1
    p = program([-2, 1], [[1, -1]], -INF, 4)
    with pytest.raises(SolverFailure) as caught:
        solve_program(p, solver)
    assert caught.value.status == "unbounded"


@every_solver
def test_unbounded_is_said_of_a_quadratic_program(solver):
    # a's cost is curved, b's is a straight gain without end
    with pytest.raises(SolverFailure) as caught:
        solve_program(program([1, -1], [[1, 0]], 1, INF, 0, INF, [1, 0]), solver)
    assert caught.value.status == "unbounded"


@pytest.mark.parametrize("seed", [110, 281, 462])
def test_highs_is_not_believed_when_it_calls_a_flat_optimum_unbounded(seed):
    """Programs on which the active set of HiGHS 1.16 says so; the planted optimum proves that it errs."""
    known = planted(1000 + seed, quadratic=True, rows=3 + seed % 30, columns=2 + seed % 45, degenerate=(seed % 5) / 4)
    s = solve_program(known.program, "highs")
    assert s.objective == pytest.approx(known.program.objective(known.x), rel=1e-9, abs=1e-8)


@every_solver
def test_crossed_bounds_are_infeasible_and_named(solver):
    with pytest.raises(InfeasibleProgram, match=r"x\(b\).*lower bound 3 above its upper bound 2"):
        solve_program(program([1, 1], [[1, 1]], 1, 2, [0, 3], [5, 2]), solver)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cost": np.array([np.nan, 1.0])}, r"cost of x\(a\)"),
        ({"quadratic": np.array([0.0, -1.0])}, r"x\(b\) is negative"),
        ({"lower": np.array([np.nan, 0.0])}, r"bound of x\(a\)"),
        ({"row_upper": np.array([-INF])}, r"bound of r\(0\)"),
    ],
)
def test_arrays_that_no_solver_can_read_are_refused(change, message):
    p = program([1, 1], [[1, 1]], -INF, 2)
    with pytest.raises(ProgramError, match=message):
        solve_program(replace(p, **change))


def test_an_unknown_solver_is_refused():
    with pytest.raises(ProgramError, match="no solver 'simplex'"):
        solve_program(program([1], [[1]], 0, 1), "simplex")


def test_whole_numbers_and_the_duals_with_them_fixed():
    # A plant of 10 costs 30 to open; serve 14 from two plants or buy at 4: opening one saves 40 - 30, a second 16 - 30 < 0.
    p = program(
        [30, 30, 4],
        [[10, 10, 1]],
        14,
        INF,
        0,
        [1, 1, INF],
        integer=[True, True, False],
    )
    s = solve_program(p)
    assert s.objective == pytest.approx(46)
    assert s.primal[:2].sum() == pytest.approx(1)
    assert s.primal[2] == pytest.approx(4)
    assert_allclose(s.row_dual, [4])
    assert certify(p, s).passed


def test_whole_numbers_with_a_quadratic_cost_are_refused():
    with pytest.raises(ProgramError, match="piecewise linear"):
        solve_program(program([1], [[1]], 1, INF, 0, 5, 1.0, integer=[True]))


@pytest.mark.parametrize("seed", range(6))
def test_min_cost_flow_of_networkx_is_a_second_opinion(seed):
    rng = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(12, 0.35, seed=seed, directed=True)
    nx.add_cycle(graph, range(12))
    for _, _, data in graph.edges(data=True):
        data |= {"capacity": int(rng.integers(4, 12)), "weight": int(rng.integers(1, 20))}
    demand = rng.integers(-3, 4, 12)
    demand[-1] -= demand.sum()
    nx.set_node_attributes(graph, {n: int(d) for n, d in enumerate(demand)}, "demand")
    edges = list(graph.edges(data=True))
    A = np.zeros((12, len(edges)))
    for j, (a, b, _) in enumerate(edges):
        A[a, j], A[b, j] = -1, 1
    p = program(
        [d["weight"] for *_, d in edges],
        A,
        demand,
        demand,
        0,
        [d["capacity"] for *_, d in edges],
        names=[f"e{j}" for j in range(len(edges))],
    )
    try:
        cost = nx.min_cost_flow_cost(graph)
    except nx.NetworkXUnfeasible:
        for solver in LINEAR:
            with pytest.raises(InfeasibleProgram):
                solve_program(p, solver)
        return
    for solver in LINEAR:
        s = solve_program(p, solver)
        assert s.objective == pytest.approx(cost, rel=1e-10)
    # A vertex of a network with whole capacities has whole flows.
    for solver in ("highs", "piqp_vertex"):
        flow = solve_program(p, solver).primal
        assert_allclose(flow, np.round(flow), atol=1e-9)


def test_auto_takes_the_next_solver_where_an_answer_is_refused(monkeypatch):
    """PIQP's answer spoilt: the certificate sends the program on to Clarabel."""
    p = transport(1, elastic=True)
    honest = choose_module.piqp.solve

    def spoilt(program):
        answer = honest(program)
        return replace(answer, primal=answer.primal + 0.01)

    monkeypatch.setattr(choose_module.piqp, "solve", spoilt)
    assert solve_program(p).solver == "clarabel"


def test_a_forced_solver_never_answers_without_a_certificate(monkeypatch):
    honest = choose_module.piqp.solve
    spoilt = {**choose_module._ENGINES, "piqp": lambda p: replace(honest(p), row_dual=np.zeros(len(p.row_lower)))}
    monkeypatch.setattr(choose_module, "_ENGINES", spoilt)
    with pytest.raises(CertificateError, match=r"stationarity .* FAILS"):
        solve_program(transport(1, elastic=True), "piqp")


def test_auto_chooses_by_structure():
    assert solve_program(transport(1)).method == "simplex"
    assert solve_program(transport(1, elastic=True)).solver == "piqp"
    assert solve_program(transport(1, 45, 45)).method == "piqp_vertex"


@pytest.mark.parametrize("told", [False, True])
def test_a_large_program_goes_to_an_interior_point_whether_or_not_hipo_is_there(monkeypatch, capfd, told):
    """HiPO where it is installed; told to be there where it is not, it says nothing and IPX answers."""
    monkeypatch.setattr(choose_module, "SMALL_COLUMNS", 10)
    monkeypatch.setattr(choose_module, "LARGE_COLUMNS", 10)
    monkeypatch.setattr(choose_module, "WIDE", 0)
    installed = choose_module.highs.has_hipo()
    monkeypatch.setattr(choose_module.highs, "has_hipo", lambda: told or installed)
    p = transport(2)
    s = solve_program(p)
    assert s.method == ("hipo" if installed else "ipx")
    assert s.objective == pytest.approx(solve_program(p, "highs").objective, rel=1e-10)
    assert capfd.readouterr().out == ""
