"""Laws of processes, profiles and slices on random cases: what says the same in other words gives the same answer.

Objectives are compared: quantities need not be unique where a curve is cut flat or a stock is worth nothing.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Shape, cases

from corridor.case import make_case
from corridor.study import solve_case

few = settings(max_examples=15)
ELASTIC = Shape(stores=True, pools=True, elastic=True)


def worth(result):
    net, own = result.network, slice(result.network.own_demands)
    return float((net.years[:, None] * net.demands.reference[:, own] * net.demands.unserved_value[:, own]).sum())


def same(one, other, scale):
    assert abs(one.objective - other.objective) <= 1e-6 * max(1.0, 0.01 * scale)


def with_plant(case, demand, *, amount=1.0, capacity=np.inf, cost=0.0):
    """The case in which a demand is for a new good that a process makes of the old one where the demand stands."""
    row = case.tables["demand"].set_index("id").loc[demand]
    goods = case.table("goods")
    goods.loc[len(goods)] = goods.iloc[0].copy().to_dict() | {"id": "made", "name": "made", "unit": "Mt"}
    demands = case.table("demand")
    demands.loc[demands["id"] == demand, "good"] = "made"
    plant = {"id": "plant", "name": "plant", "node": row["node"], "good": "made", "capacity": capacity, "cost": cost}
    told = [
        {"process": "plant", "good": "made", "amount": amount},
        {"process": "plant", "good": row["good"], "amount": -amount},
    ]
    return case.with_tables(
        goods=goods, demand=demands, processes=pd.DataFrame([plant]), process_goods=pd.DataFrame(told)
    )


def some_demand(case, data):
    return data.draw(st.sampled_from(case.tables["demand"]["id"].tolist()))


@few
@given(cases(ELASTIC), st.data())
def test_one_made_of_one_for_nothing_is_the_demand_itself(case, data):
    base, made = solve_case(case), solve_case(with_plant(case, some_demand(case, data)))
    same(base, made, worth(base))


@few
@given(cases(ELASTIC), st.data())
def test_half_the_amounts_and_twice_the_activity_are_the_same_process(case, data):
    demand, capacity, cost = some_demand(case, data), data.draw(st.integers(1, 8)), data.draw(st.integers(0, 20))
    one = solve_case(with_plant(case, demand, capacity=capacity, cost=cost))
    other = solve_case(with_plant(case, demand, amount=0.5, capacity=2 * capacity, cost=cost / 2))
    same(one, other, worth(one))


@few
@given(cases(ELASTIC), st.data())
def test_gains_of_processes_add_up(case, data):
    made = with_plant(
        case, some_demand(case, data), capacity=data.draw(st.integers(1, 8)), cost=data.draw(st.integers(0, 20))
    )
    result = solve_case(made)
    told = result.accounting.set_index("line")["value"]
    assert told["sum of gains"] == pytest.approx(result.gains["value"].sum(), abs=1e-7 * max(1.0, worth(result)))
    assert told.drop("sum of gains").sum() == pytest.approx(told["sum of gains"], abs=1e-7 * max(1.0, worth(result)))
    assert (result.settlement.processing >= -1e-5 * max(1.0, np.abs(result.settlement.processing).max())).all()


@few
@given(cases(ELASTIC), st.data())
def test_a_profile_of_one_changes_nothing(case, data):
    link = data.draw(st.sampled_from(case.tables["links"]["id"].tolist()))
    supply = data.draw(st.sampled_from(case.tables["supply"]["id"].tolist()))
    profiles = [
        {
            "table": "links",
            "id": link,
            "column": "capacity",
            "month": float(data.draw(st.integers(1, 12))),
            "factor": 1.0,
        },
        {"table": "supply", "id": supply, "column": "quantity", "factor": 1.0},
    ]
    base, again = solve_case(case), solve_case(case.with_tables(profiles=pd.DataFrame(profiles)))
    same(base, again, worth(base))


@few
@given(cases(Shape(pools=True, elastic=True)), st.sampled_from([0.25, 0.5, 0.75]))
def test_slices_that_are_alike_change_nothing(case, share):
    base = solve_case(case)
    cut = solve_case(case.with_tables(replace(case.settings, slices={"peak": share, "off_peak": 1.0 - share})))
    assert len(cut.network.periods) == 2 * len(base.network.periods)
    same(base, cut, worth(base))


@few
@given(cases(ELASTIC))
def test_a_case_without_slices_has_the_same_hash_and_the_same_bits(case):
    """Tables that are empty and slices that are not declared leave no trace."""
    assert case.hash == make_case(case.name, replace(case.settings, slices={}), dict(case.tables)).hash
    built = solve_case(case).programs[0].full
    assert not {"activity"} & {block.name for block in built.columns}
    assert not {"process_output", "process_input"} & {block.name for block in built.rows}
