"""The benchmarks' instances: the same as those the floors were measured on, and cases that keep the floor's optimum."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corridor.case import check_case
from corridor.solver import solve_program
from corridor.study import solve_case

ROOT = Path(__file__).parents[1]
SKETCH = ROOT.parent / "shared" / "sketches" / "speed"


def load(path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


instances = load(ROOT / "benchmarks" / "instances.py")
floor = load(ROOT / "benchmarks" / "floor.py")

NAMES = {
    "xy": "xy", "country": "country", "frm": "start", "to": "end", "border": "border", "cap": "capacity", "cost": "cost",
    "s_good": "supply_good", "s_node": "supply_node", "s_cap": "step_capacity", "s_cost": "step_cost",
    "d_good": "demand_good", "d_node": "demand_node", "demand": "demand", "p0": "price", "eps": "elasticity",
    "st_node": "store_node", "st_good": "store_good", "st_cap": "store_capacity",
}  # fmt: skip


@pytest.mark.skipif(not SKETCH.is_dir(), reason="the first generator lies beside the repository and is not there")
@pytest.mark.parametrize("name", ["XS", "S", "M", "XL1"])
def test_bit_by_bit_those_of_the_first_generator(name):
    sketch = load(SKETCH / "gen.py")
    nodes, goods, periods, countries, factor = sketch.SIZES[name]
    first = sketch.generate(nodes, goods, periods, countries, capf=factor)
    made = instances.make(name)
    for theirs, ours in NAMES.items():
        assert first[theirs].dtype == getattr(made, ours).dtype
        np.testing.assert_array_equal(first[theirs], getattr(made, ours), err_msg=ours)
    assert (first["voll"], first["st_hold"]) == (made.unserved_value, made.holding_cost)


@pytest.mark.skipif(not SKETCH.is_dir(), reason="the first generator lies beside the repository and is not there")
@pytest.mark.parametrize("name", ["S", "XS"])
@pytest.mark.parametrize("kind", ["fixed", "elastic"])
def test_the_floor_is_the_first_floor(kind, name):
    sketch, core = load(SKETCH / "gen.py"), load(SKETCH / "core.py")
    nodes, goods, periods, countries, factor = sketch.SIZES[name]
    theirs = core.build(sketch.generate(nodes, goods, periods, countries, capf=factor), elastic=kind == "elastic")
    ours = floor.floor_program(instances.make(name), kind)
    assert (core.csc(theirs) != ours.matrix).nnz == 0
    pairs = {"c": ours.cost, "lo": ours.lower, "up": ours.upper, "rl": ours.row_lower, "ru": ours.row_upper}
    for key, values in pairs.items():
        np.testing.assert_allclose(theirs[key], values, rtol=1e-15, err_msg=key)
    np.testing.assert_allclose(np.zeros(ours.cost.shape) if theirs["q"] is None else theirs["q"], ours.quadratic)


@pytest.mark.parametrize(("kind", "formulation"), [("fixed", "min_cost_flow"), ("elastic", "spatial_equilibrium")])
def test_the_case_has_the_optimum_of_the_floor(kind, formulation):
    instance = instances.make("S")
    case = instances.case_of(instance, kind)
    assert not check_case(case)
    result = solve_case(case, formulation=formulation)
    cost = -result.objective / float(result.network.years[0])
    if kind == "fixed":
        # The floor pays for what goes unserved, Corridor earns what is served.
        cost += instance.unserved_value * float(instance.demand.sum())
    assert cost == pytest.approx(solve_program(floor.floor_program(instance, kind)).objective, rel=1e-9)


def test_one_seed_one_instance():
    size = instances.SIZES["XS"]
    one, same, other = instances.generate(size), instances.generate(size), instances.generate(size, seed=8)
    assert np.array_equal(one.cost, same.cost)
    assert one.cost.shape != other.cost.shape or not np.array_equal(one.cost, other.cost)


YEAR = instances.Size(40, 2, 12, 5, 0.6)


def test_without_stores_a_year_of_months_is_twelve_floors():
    instance = instances.generate(YEAR)
    emptied = replace(instance, store_capacity=np.zeros(len(instance.store_node)))
    result = solve_case(instances.case_of(emptied, "fixed"), formulation="min_cost_flow")
    years = result.network.years
    one = replace(YEAR, periods=1)
    none = {name: getattr(instance, name)[:0] for name in ("store_node", "store_good", "store_capacity")}
    cost = 0.0
    for t, demand in enumerate(instance.demand):
        month = replace(instance, size=one, demand=demand[None], **none)
        floor_cost = solve_program(floor.floor_program(month, "fixed")).objective
        cost += years[t] * (floor_cost - instance.unserved_value * demand.sum())
    assert -result.objective == pytest.approx(cost, rel=1e-9)


def test_stores_make_a_year_of_months_cheaper():
    instance = instances.generate(YEAR)
    emptied = replace(instance, store_capacity=np.zeros(len(instance.store_node)))
    with_stores, without = (
        solve_case(instances.case_of(i, "fixed"), formulation="min_cost_flow").objective for i in (instance, emptied)
    )
    assert with_stores > without * (1 + 1e-4)


def test_other_numbers_of_periods_are_no_case():
    with pytest.raises(ValueError, match="one or twelve periods"):
        instances.case_of(instances.make("XS"), "fixed")
