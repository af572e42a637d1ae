"""One measurement in one fresh process: peers.py TASK TOOL SIZE [N]; prints a line of JSON.

Peers and floors; Corridor's own side stands in peers_ours.py. Needs the dependency group `peers` (bench_peers.py makes a
place for it). Times are seconds of this process's own work (CPU) and of the clock: a busy machine stretches the second.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
from instances import Instance, make

if TYPE_CHECKING:
    from corridor.program import Program

SEED = 1
"""of the closures that are drawn"""


def versions() -> dict[str, str]:
    """Versions of what is measured, and of what it stands on."""
    names = ("highspy", "piqp", "pypsa", "linopy", "cvxpy", "clarabel", "numpy", "scipy")
    return {name: version(name) for name in names}


class Clock:
    """Seconds of CPU and of the clock since it was made."""

    def __init__(self) -> None:
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def __call__(self) -> tuple[float, float]:
        """The two."""
        return time.process_time() - self.cpu, time.perf_counter() - self.wall


def closures(instance: Instance, n: int = 200) -> np.ndarray:
    """Links to be shut, one at a time; the first ones are the sample of the slow ways."""
    return np.random.default_rng(SEED).choice(len(instance.start), 200, replace=False)[:n]


def players(instance: Instance, n: int = 10) -> list[np.ndarray]:
    """The links that enter or leave each of the countries with most such links: what each withholds from the others."""
    start, end = instance.country[instance.start], instance.country[instance.end]
    crossings = np.bincount(np.concatenate([start[instance.border], end[instance.border]]))
    chosen = np.sort(np.argsort(-crossings, kind="stable")[:n])
    return [np.flatnonzero(instance.border & ((start == one) | (end == one))) for one in chosen]


def withheld(instance: Instance, n: int) -> list[np.ndarray]:
    """The links shut in n drawn coalitions of ten players, and which they are: bit i says that player i is not in."""
    drawn = np.random.default_rng(SEED).choice(1024, 1024, replace=False)[:n]
    own = players(instance)
    return [np.unique(np.concatenate([own[i] for i in range(10) if out >> i & 1] or [own[0][:0]])) for out in drawn]


def shut(instance: Instance, link: Any) -> Instance:
    """The instance without the capacity of a link, or of several; None: of none."""
    if link is None:
        return instance
    capacity = instance.capacity.copy()
    capacity[link] = 0.0
    return replace(instance, capacity=capacity)


def pypsa_network(instance: Instance) -> Any:
    """One bus per node and good, one link per arc and good; what goes unserved is a dear generator."""
    import logging

    import pypsa

    logging.disable(logging.WARNING)
    k, arcs = instance.size.goods, len(instance.start)
    n = pypsa.Network()

    def bus(good: Any, node: Any) -> Any:
        return np.char.add(np.char.add(np.char.add("g", good.astype(str)), "n"), node.astype(str))

    goods, nodes = np.repeat(np.arange(k), instance.size.nodes), np.tile(np.arange(instance.size.nodes), k)
    n.add("Bus", bus(goods, nodes))
    good, arc = np.repeat(np.arange(k), arcs), np.tile(np.arange(arcs), k)
    n.add(
        "Link",
        np.char.add(np.char.add(np.char.add("g", good.astype(str)), "a"), arc.astype(str)),
        bus0=bus(good, instance.start[arc]),
        bus1=bus(good, instance.end[arc]),
        p_nom=instance.capacity[arc],
        marginal_cost=instance.cost.ravel(),
    )
    of, step = np.divmod(np.arange(instance.step_capacity.size), instance.step_capacity.shape[1])
    n.add(
        "Generator",
        [f"s{a}_{b}" for a, b in zip(of, step, strict=True)],
        bus=bus(instance.supply_good[of], instance.supply_node[of]),
        p_nom=instance.step_capacity.ravel(),
        marginal_cost=instance.step_cost.ravel(),
    )
    at = bus(instance.demand_good, instance.demand_node)
    names = [f"d{i}" for i in range(len(at))]
    n.add("Load", names, bus=at, p_set=instance.demand[0])
    n.add(
        "Generator",
        [f"u{i}" for i in range(len(at))],
        bus=at,
        p_nom=instance.demand[0],
        marginal_cost=instance.unserved_value,
    )
    return n


def _share_capacity(model: Any, instance: Instance) -> None:
    """The flows of all goods on an arc stay within its capacity."""
    import xarray as xr

    k, arcs = instance.size.goods, len(instance.start)
    p = model["Link-p"]
    names = p.indexes["name" if "name" in p.dims else "Link"]
    by_arc = xr.DataArray(np.tile(np.arange(arcs), k), coords={p.dims[-1]: names}, name="arc")
    limit = xr.DataArray(instance.capacity, coords={"arc": np.arange(arcs)}, dims="arc")
    model.add_constraints(p.sum(p.dims[0]).groupby(by_arc).sum() <= limit, name="shared")


def pypsa_solve(instance: Instance, *, lean: bool) -> float:
    n = pypsa_network(instance)
    if not lean:
        n.optimize(
            solver_name="highs",
            extra_functionality=lambda net, _: _share_capacity(net.model, instance),
            solver_options={"output_flag": False, "threads": 1},
            include_objective_constant=False,
        )
        return float(n.objective)
    model = n.optimize.create_model(include_objective_constant=False)
    _share_capacity(model, instance)
    model.solve(solver_name="highs", io_api="direct", output_flag=False, threads=1)
    return float(model.objective.value)


def linopy_model(instance: Instance) -> Any:
    """The floor's matrix as linopy's variables and constraints, in vectorised form."""
    import linopy
    import xarray as xr

    k, nodes, arcs = instance.size.goods, instance.size.nodes, len(instance.start)
    model = linopy.Model()
    x = model.add_variables(lower=0, coords=[range(k), range(arcs)], dims=["good", "arc"], name="x")
    steps = instance.step_capacity.size
    g = model.add_variables(
        lower=0, upper=xr.DataArray(instance.step_capacity.ravel(), dims="step"), coords=[range(steps)], dims=["step"]
    )
    demands = len(instance.demand_node)
    u = model.add_variables(
        lower=0, upper=xr.DataArray(instance.demand[0], dims="demand"), coords=[range(demands)], dims=["demand"]
    )
    start = xr.DataArray(instance.start, dims="arc", coords={"arc": range(arcs)}, name="node")
    end = xr.DataArray(instance.end, dims="arc", coords={"arc": range(arcs)}, name="node")
    of = np.repeat(instance.supply_good * nodes + instance.supply_node, instance.step_capacity.shape[1])
    at = instance.demand_good * nodes + instance.demand_node
    place = xr.DataArray(of, dims="step", coords={"step": range(steps)}, name="place")
    where = xr.DataArray(at, dims="demand", coords={"demand": range(demands)}, name="place")
    every = {"node": range(nodes)}
    net = x.groupby(end).sum().reindex(every) - x.groupby(start).sum().reindex(every)
    stacked = net.stack(place=["good", "node"]) if hasattr(net, "stack") else net
    stacked = stacked.drop_vars(["place", "good", "node"], errors="ignore").assign_coords(place=range(k * nodes))
    whole = {"place": range(k * nodes)}
    demand = np.zeros(k * nodes)
    demand[at] = instance.demand[0]
    balance = stacked + (1 * g).groupby(place).sum().reindex(whole) + (1 * u).groupby(where).sum().reindex(whole)
    model.add_constraints(balance == xr.DataArray(demand, dims="place", coords=whole), name="balance")
    model.add_constraints(
        x.sum("good") <= xr.DataArray(instance.capacity, dims="arc", coords={"arc": range(arcs)}), name="shared"
    )
    cost = xr.DataArray(instance.cost, dims=["good", "arc"])
    step_cost = xr.DataArray(instance.step_cost.ravel(), dims="step")
    model.add_objective((x * cost).sum() + (g * step_cost).sum() + (u * instance.unserved_value).sum())
    return model


def linopy_solve(model: Any) -> float:
    model.solve(solver_name="highs", io_api="direct", output_flag=False, threads=1)
    return float(model.objective.value)


def raw_highs(instance: Instance, link: Any = None) -> float:
    """Arrays straight to HiGHS, its own choice of simplex."""
    from floor import floor_program

    from corridor.solver.highs import loaded

    highs = loaded(floor_program(shut(instance, link), "fixed"))
    highs.setOptionValue("solver", "simplex")
    highs.run()
    return float(highs.getInfo().objective_function_value)


def lp(tool: str, size: str, _: int) -> dict[str, Any]:
    """One linear program: build and solve."""
    instance = make(size)
    ways: dict[str, Callable[[], float]] = {
        "pypsa_lean": lambda: pypsa_solve(instance, lean=True),
        "pypsa_default": lambda: pypsa_solve(instance, lean=False),
        "linopy": lambda: linopy_solve(linopy_model(instance)),
        "highs": lambda: raw_highs(instance),
    }
    if tool.startswith("pypsa"):
        import pypsa  # noqa: F401
    elif tool == "linopy":
        import linopy  # noqa: F401
    else:
        import corridor.solver.highs  # noqa: F401
    clock = Clock()
    objective = ways[tool]()
    return {"seconds": clock(), "objectives": [objective]}


def sweep(tool: str, size: str, n: int) -> dict[str, Any]:
    """The first n of the closures, each rebuilt and solved (linopy: on a kept model)."""
    instance = make(size)
    return _closed(tool, instance, list(closures(instance, n)))


def shapley(tool: str, size: str, n: int) -> dict[str, Any]:
    """n drawn coalitions of ten players, as `sweep` does its closures."""
    instance = make(size)
    return _closed(tool, instance, withheld(instance, n))


def _closed(tool: str, instance: Instance, sets: list[Any]) -> dict[str, Any]:
    objectives = []
    if tool == "linopy":
        model = linopy_model(instance)
        clock = Clock()
        for links in sets:
            model.constraints["shared"].rhs.loc[{"arc": links}] = 0.0
            objectives.append(linopy_solve(model))
            model.constraints["shared"].rhs.loc[{"arc": links}] = instance.capacity[links]
        return {"seconds": clock(), "objectives": objectives, "n": len(sets)}
    if tool == "pypsa_lean":
        import pypsa  # noqa: F401
    clock = Clock()
    objectives = [
        pypsa_solve(shut(instance, links), lean=True) if tool == "pypsa_lean" else raw_highs(instance, links)
        for links in sets
    ]
    return {"seconds": clock(), "objectives": objectives, "n": len(sets)}


def raw_piqp(program: Program) -> float:
    """Arrays straight to PIQP, at the tolerance that Corridor asks for."""
    import piqp

    from corridor.solver.normal import diagonal

    same = program.row_lower == program.row_upper
    rows = program.matrix.tocsr()
    solver = piqp.SparseSolver()
    settings = solver.settings
    settings.verbose = False
    settings.eps_abs = settings.eps_duality_gap_abs = settings.eps_rel = settings.eps_duality_gap_rel = 1e-9
    solver.setup(
        diagonal(program.quadratic), program.cost, rows[same].tocsc(), program.row_lower[same], rows[~same].tocsc(),
        program.row_lower[~same], program.row_upper[~same], program.lower, program.upper,
    )  # fmt: skip
    assert solver.solve() == piqp.PIQP_SOLVED
    return program.objective(np.asarray(solver.result.x))


def cvxpy_qp(program: Program) -> float:
    """The program in cvxpy's words, rebuilt each time, solved by Clarabel, its default for quadratic programs of this kind."""
    import cvxpy as cp

    same = program.row_lower == program.row_upper
    rows, curved, bounded = program.matrix.tocsr(), np.flatnonzero(program.quadratic), np.isfinite(program.upper)
    x = cp.Variable(len(program.cost))
    cost = program.cost @ x + 0.5 * cp.sum(cp.multiply(program.quadratic[curved], cp.square(x[curved])))
    rules = [
        rows[same] @ x == program.row_lower[same], rows[~same] @ x <= program.row_upper[~same],
        x >= program.lower, x[bounded] <= program.upper[bounded],
    ]  # fmt: skip
    problem = cp.Problem(cp.Minimize(cost), rules)
    problem.solve(solver=cp.CLARABEL)
    return float(problem.value)


def qp(tool: str, size: str, n: int) -> dict[str, Any]:
    """Elastic demand: the instance itself (n = 0), or the first n closures, each rebuilt and solved."""
    from floor import floor_program

    instance = make(size)
    sets: list[Any] = list(closures(instance, n)) if n else [None]
    solve = {"piqp": raw_piqp, "cvxpy": cvxpy_qp}[tool]
    if tool == "cvxpy":
        import cvxpy  # noqa: F401
    import corridor.solver  # noqa: F401

    clock = Clock()
    objectives = [solve(floor_program(shut(instance, link), "elastic")) for link in sets]
    return {"seconds": clock(), "objectives": objectives, **({"n": n} if n else {})}


def importing(tool: str, _: str, __: int) -> dict[str, Any]:
    """A process that imports and ends."""
    clock = Clock()
    __import__(tool)
    return {"seconds": clock(), "objectives": []}


def main(task: str, tool: str, size: str, n: str = "200") -> None:
    tasks = {
        "lp": lp, "sweep": sweep, "shapley": shapley, "qp": qp, "qpsweep": qp, "import": importing,
    }  # fmt: skip
    told = tasks[task](tool, size, int(n))
    told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        "\n" + json.dumps({"task": task, "tool": tool, "size": size, "versions": versions(), **told}) + "\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
