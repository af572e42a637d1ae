"""A variation of a case: its tables with the values drawn, before calibration (knowledge) and after it (change)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.sweep.figures import COSTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.case import Case
    from corridor.program import Floats
    from corridor.sweep.plan import Slot

__all__ = ["changed", "learned", "moves"]


def moves(slots: Sequence[Slot], kind: str, values: Floats, nominal: Floats) -> bool:
    """Whether any figure of a kind differs from the case's own value."""
    return any(bool((values[s.figure] != nominal[s.figure]).any()) for s in slots if s.kind == kind)


def learned(case: Case, slots: Sequence[Slot], values: Floats, nominal: Floats) -> Case:
    """The case before calibration, with the values of what we know differently."""
    return _with_values(case, [s for s in slots if s.kind == "knowledge"], values, nominal)


def changed(calibrated: Case, slots: Sequence[Slot], values: Floats, nominal: Floats, split: float) -> Case:
    """The calibrated case, with the values of what becomes different; wedges are held.

    Of a wedge the share `split` is a cost of the same kind as the known one, and moves in proportion with it.
    """
    chosen = [s for s in slots if s.kind == "change"]
    if not any(bool((values[s.figure] != nominal[s.figure]).any()) for s in chosen):
        return calibrated
    moved = _with_values(calibrated, chosen, values, nominal)
    return moved if split == 0.0 else _with_wedges(calibrated, moved, split)


def _with_values(case: Case, slots: Sequence[Slot], values: Floats, nominal: Floats) -> Case:
    """Cells set to their values; dated values that stand in for a cell move in proportion with it."""
    tables: dict[str, dict[str, Floats]] = {}
    for slot in slots:
        columns = tables.setdefault(slot.table, {})
        if slot.column not in columns:
            columns[slot.column] = case.column(slot.table, slot.column).astype(np.float64)
        columns[slot.column][slot.cell] = values[slot.figure]
        if len(slot.dated):
            dated = tables.setdefault("dated", {})
            if "value" not in dated:
                dated["value"] = case.column("dated", "value").astype(np.float64)
            own, new = nominal[slot.dated_figure], values[slot.dated_figure]
            # A figure that is nothing in the table says nothing of how its dated values move.
            dated["value"][slot.dated] *= np.divide(new, own, out=np.ones(len(own)), where=own != 0)
    return case.with_numbers(tables) if tables else case


def _with_wedges(before: Case, after: Case, split: float) -> Case:
    """Wedges that move by `split` of the proportion in which the known cost of their link or process moved."""
    ratio: dict[str, float] = {}
    for table, columns in COSTS.items():
        old, new = (
            sum((np.nan_to_num(c.column(table, name).astype(float)) for name in columns), np.zeros(1))
            for c in (before, after)
        )
        grown = np.divide(new, old, out=np.ones(len(old)), where=old > 0)
        ratio |= dict(zip(before.column(table, "id"), grown, strict=True))
    links = after.column("wedges", "link")
    if not len(links):
        return after
    times = np.array([ratio.get(name, 1.0) for name in links])
    return after.with_numbers({"wedges": {"wedge": after.column("wedges", "wedge") * (1.0 + split * (times - 1.0))}})
