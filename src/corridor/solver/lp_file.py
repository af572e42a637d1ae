"""A program as an LP file that a person can read, with the program's own labels; the same bytes for the same program.

Corridor writes the file itself, so that kept examples do not change when a solver's writer does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import ProgramError

if TYPE_CHECKING:
    from corridor.program import Floats, Ints, Program

__all__ = ["lp_text", "write_lp"]

_NAME = re.compile(r"[A-Za-z_!\"#$%&(),;?@'`{}~][A-Za-z0-9_!\"#$%&(),.;?@'`{}~]{0,254}")
_RESERVED = re.compile(r"[eE][0-9].*|(?i:free|inf|infinity|st|bounds?|bin|binary|gen|general|end|min|max)")
_TERMS_PER_LINE = 6


def write_lp(program: Program, path: str | os.PathLike[str]) -> None:
    """Write the program in LP format. The file appears whole or not at all."""
    target = Path(path)
    part = target.with_name(target.name + ".part")
    part.write_text(lp_text(program), encoding="utf-8", newline="\n")
    part.replace(target)


def lp_text(program: Program) -> str:
    """The program in LP format.

    Raises `ProgramError` where a label is no LP name, or two members share one.
    """
    columns = _names(len(program.cost), program.column_label)
    rows = _names(len(program.row_lower), program.row_label)
    lines = ["minimize"]
    objective = list(_terms(program.cost, np.arange(len(program.cost)), columns, keep_zero=False))
    curved = np.flatnonzero(program.quadratic)
    if len(curved):
        squares = [f"{_signed(program.quadratic[j])} {columns[j]} ^2" for j in curved]
        objective += ["+ [", *squares, "] / 2"]
    if program.constant:
        objective.append(_signed(program.constant))
    lines += _wrapped("cost", objective or [f"+0 {columns[0]}"] if columns else [])
    lines.append("subject to")
    matrix = program.matrix.tocsr().sorted_indices()
    for i, name in enumerate(rows):
        part = slice(matrix.indptr[i], matrix.indptr[i + 1])
        terms = list(_terms(matrix.data[part], matrix.indices[part].astype(np.int64), columns, keep_zero=True)) or [
            f"+0 {columns[0]}"
        ]
        lower, upper = program.row_lower[i], program.row_upper[i]
        if lower == upper:
            lines += _wrapped(name, [*terms, f"= {_number(lower)}"])
            continue
        # The format has no row with two bounds, so such a row stands twice.
        low_name, high_name = (f"{name}.lower", f"{name}.upper") if np.isfinite([lower, upper]).all() else (name, name)
        if np.isfinite(lower):
            lines += _wrapped(low_name, [*terms, f">= {_number(lower)}"])
        if np.isfinite(upper):
            lines += _wrapped(high_name, [*terms, f"<= {_number(upper)}"])
    lines.append("bounds")
    lines += [f" {_bound(name, program.lower[j], program.upper[j])}" for j, name in enumerate(columns)]
    if program.integer is not None and program.integer.any():
        lines.append("general")
        lines += [f" {columns[j]}" for j in np.flatnonzero(program.integer)]
    return "\n".join([*lines, "end", ""])


def _names(count: int, label: Callable[[int], str]) -> list[str]:
    names = [label(i) for i in range(count)]
    for name in names:
        if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
            raise ProgramError(f"{name!r} is no name in the LP format")
    if len(set(names)) < count:
        twice = next(name for name in names if names.count(name) > 1)
        raise ProgramError(f"two members of the program are called {twice!r}")
    return names


def _terms(values: Floats, positions: Ints, names: list[str], *, keep_zero: bool) -> Iterator[str]:
    for value, position in zip(values.tolist(), positions.tolist(), strict=True):
        if value or keep_zero:
            yield f"{_signed(value)} {names[position]}"


def _wrapped(name: str, terms: list[str]) -> Iterator[str]:
    """One row, its name on the first line, a few terms on each."""
    for start in range(0, len(terms), _TERMS_PER_LINE):
        lead = f" {name}:" if start == 0 else "  "
        yield f"{lead} {' '.join(terms[start : start + _TERMS_PER_LINE])}"


def _bound(name: str, lower: float, upper: float) -> str:
    if lower == upper:
        return f"{name} = {_number(lower)}"
    if np.isinf(lower) and np.isinf(upper):
        return f"{name} free"
    if np.isinf(upper):
        return f"{name} >= {_number(lower)}"
    return f"{_number(lower)} <= {name} <= {_number(upper)}"


def _signed(value: float) -> str:
    return ("+" if value >= 0 else "-") + _number(abs(value))


def _number(value: float) -> str:
    """The shortest decimal that reads back as the same number."""
    if np.isinf(value):
        return "inf" if value > 0 else "-inf"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
