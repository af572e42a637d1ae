"""The program of another network of the same shape: other costs and bounds on the rows and columns that are there.

A network that differs in capacities, bans, contracts or charges has the same matrix. Its columns and rows are found in the
assembled program by label. A column that it lacks (a supply that stands still) is held at zero; a row that it lacks (a
contract that is void, the shared capacity of a link that is shut) is left free. What it has beyond changes the shape.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import ProgramError
from corridor.formulation.assemble import Assembly
from corridor.formulation.columns import market_columns
from corridor.formulation.constraints import CONSTRAINTS
from corridor.formulation.sides import told_apart

if TYPE_CHECKING:
    from corridor.network.model import Limit, Network
    from corridor.program import Block, Floats, Ints, Program

__all__ = ["ShapeError", "revised"]

_VARIES = {
    "links": ("capacity", "resource_cost", "tariff", "fee", "quality"),
    "flows": ("wedge", "allowed"),
    "supplies": ("available", "avoidable", "price", "reference", "elasticity"),
    "demands": ("reference", "price", "unserved_value", "elasticity", "take_allowed"),
    "processes": ("capacity", "cost", "wedge"),
    "stores": ("capacity", "initial", "holding_cost", "end_value", "use_value", "pair_initial"),
    "pools": ("capacity",),
    "routes": ("slope", "observed"),
    "sales": ("theta",),
}
"""What may differ in each part of a network: it stands in costs and bounds. All the rest stands in the matrix."""
_MAY_LACK = frozenset({"supply_base", "supply_rise", "demand_base", "demand_fall", "limit", "link_capacity"})
"""Blocks of columns and rows that may lack members: parts of curves of no width, contracts, capacities of what is shut."""
_WHOLE = ("years", "streams", "balance_node", "balance_stream")


class ShapeError(ProgramError):
    """A network that the assembled program cannot tell; the message says why."""


def revised(program: Program, before: Network, after: Network) -> Program:
    """The program of `after` on the matrix of `program`, which was assembled by `spatial_equilibrium` from `before`.

    Raises `ShapeError` where `after` needs a column, a row or an entry that is not there.
    """
    _same_matrix(before, after)
    at = Assembly(bounds_only=True)
    columns = market_columns(after, at)
    for constraint in CONSTRAINTS:
        constraint(after, at, columns)
    new = at.program()
    cost, quadratic = program.cost.copy(), program.quadratic.copy()
    lower, upper = np.zeros_like(cost), np.zeros_like(cost)
    place = _places(program.columns, new.columns, _MAY_LACK)
    cost[place], quadratic[place] = new.cost, new.quadratic
    lower[place], upper[place] = new.lower, new.upper
    row_lower = np.full(len(program.row_lower), -np.inf)
    row_upper = np.full(len(program.row_upper), np.inf)
    place = _places(program.rows, new.rows, _MAY_LACK)
    row_lower[place], row_upper[place] = new.row_lower, new.row_upper
    return replace(
        program,
        cost=cost,
        quadratic=quadratic,
        lower=lower,
        upper=upper,
        row_lower=row_lower,
        row_upper=row_upper,
        constant=new.constant,
    )


def _places(known: tuple[Block, ...], asked: tuple[Block, ...], may_lack: frozenset[str]) -> Ints:
    """Where the members of the blocks asked for stand among the known ones; only some blocks may lack members."""
    by_name = {block.name: block for block in known}
    sizes = {block.name: block.size for block in asked}
    for block in known:
        if block.name not in may_lack and sizes.get(block.name, 0) != block.size:
            raise ShapeError(f"it has other {block.name} than the assembled program")
    found: list[Ints] = [np.zeros(0, dtype=np.int64)]
    for block in asked:
        if not block.size:
            continue
        old = by_name.get(block.name)
        if old is None:
            raise ShapeError(f"it has {block.name}, which the assembled program lacks")
        if (
            len(old.keys[0]) == block.size
            and all(map(np.array_equal, old.keys, block.keys))
            and old.names == block.names
        ):
            found.append(np.arange(old.start, old.stop))
            continue
        found.append(_matched(old, block))
    return np.concatenate(found)


def _matched(old: Block, block: Block) -> Ints:
    """Positions of a block's members in the old block, by label."""
    code, wanted = np.zeros(old.size, dtype=np.int64), np.zeros(block.size, dtype=np.int64)
    for names, keys, new_names, new_keys in zip(old.names, old.keys, block.names, block.keys, strict=True):
        at = {name: n for n, name in enumerate(names)}
        moved = np.array([at.get(name, -1) for name in new_names], dtype=np.int64)[new_keys]
        if (moved < 0).any():
            unknown = new_names[int(new_keys[np.flatnonzero(moved < 0)[0]])]
            raise ShapeError(f"it has {block.name}({unknown}), which the assembled program lacks")
        code, wanted = code * len(at) + keys, wanted * len(at) + moved
    order = np.argsort(code)
    place = np.searchsorted(code, wanted, sorter=order)
    inside = place < old.size
    hit = inside & (code[order[np.minimum(place, old.size - 1)]] == wanted)
    if not hit.all():
        missing = block.label(block.start + int(np.flatnonzero(~hit)[0]))
        raise ShapeError(f"it has {missing}, which the assembled program lacks")
    return old.start + order[place]


def _same_matrix(before: Network, after: Network) -> None:
    for name in _WHOLE:
        if not _same(getattr(before, name), getattr(after, name)):
            raise ShapeError(f"{name} differ")
    for part, varies in _VARIES.items():
        one, other = getattr(before, part), getattr(after, part)
        for field in fields(one):
            if field.name not in varies and not _same(getattr(one, field.name), getattr(other, field.name)):
                raise ShapeError(f"{field.name} of {part} differs")
    for side in ("supply", "demand"):
        if not np.array_equal(told_apart(before, side), told_apart(after, side)):
            raise ShapeError(f"streams of the {side} are told apart in another way")
    for ramp, other in zip(before.ramps, after.ramps, strict=True):
        if not _same(ramp.item, other.item):
            raise ShapeError(f"ramps of {ramp.table} differ")
    if (after.links.cubic > 0).any():
        raise ShapeError("costs rise with what is carried")
    if after.tariff_quotas or before.tariff_quotas:
        raise ShapeError("tariff-rate quotas")
    known = {limit.id: limit for limit in before.limits}
    for limit in after.limits:
        if limit.id not in known or _entries(limit) != _entries(known[limit.id]):
            raise ShapeError(f"{limit.id} is about other flows")


def _entries(limit: Limit) -> tuple[str, bytes, bytes, bytes]:
    """What stands in the matrix for a limit."""
    weight: Floats = np.zeros(0) if limit.weight is None else limit.weight
    return limit.quantity, limit.period.tobytes(), limit.item.tobytes(), weight.tobytes()


def _same(one: object, other: object) -> bool:
    if one is other:
        return True
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    return not is_dataclass(one) and one == other
