"""The benchmarks' instances: the same as those the floors were measured on, and cases that keep the floor's optimum."""

import importlib.util
import sys
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
@pytest.mark.parametrize("name", ["XS", "S", "M"])
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
@pytest.mark.parametrize("kind", ["fixed", "elastic"])
def test_the_floor_is_the_first_floor(kind):
    sketch, core = load(SKETCH / "gen.py"), load(SKETCH / "core.py")
    nodes, goods, periods, countries, factor = sketch.SIZES["S"]
    theirs = core.build(sketch.generate(nodes, goods, periods, countries, capf=factor), elastic=kind == "elastic")
    ours = floor.floor_program(instances.make("S"), kind)
    assert (core.csc(theirs) != ours.matrix).nnz == 0
    pairs = {"c": ours.cost, "lo": ours.lower, "up": ours.upper, "rl": ours.row_lower, "ru": ours.row_upper}
    for name, values in pairs.items():
        np.testing.assert_allclose(theirs[name], values, rtol=1e-15, err_msg=name)
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


@pytest.mark.parametrize(("kind", "formulation"), [("fixed", "min_cost_flow"), ("elastic", "spatial_equilibrium")])
def test_months_and_stores_have_the_optimum_of_the_floor(kind, formulation):
    instance = instances.generate(instances.Size(30, 2, 12, 4, 0.4))
    case = instances.case_of(instance, kind)
    assert not check_case(case)
    result = solve_case(case, formulation=formulation, foresight="perfect")
    years = result.network.years
    arrays = floor.of_calendar(floor.floor_program(instance, kind), instance, years)
    cost = -result.objective
    if kind == "fixed":
        cost += instance.unserved_value * float(years @ instance.demand.sum(axis=1))
    assert cost == pytest.approx(solve_program(arrays).objective, rel=1e-9)
    assert result.stocks["value"].max() > 0


def test_three_periods_are_no_case():
    with pytest.raises(ValueError, match="one period or twelve"):
        instances.case_of(instances.generate(instances.Size(30, 2, 3, 4, 0.4)), "fixed")
