"""Blocks of figures in parts: bars, and matrices of what two sides' choices bring."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

__all__ = ["Bars", "Matrix", "Name", "strict"]

strict = ConfigDict(extra="forbid", allow_inf_nan=False)
"""No key that is not declared, no number that JSON does not have."""

Name = Annotated[str, Field(min_length=1)]


@with_config(strict)
class Part(TypedDict):
    """One role's part of a bar."""

    role: Name
    value: float


@with_config(strict)
class BarRow(TypedDict):
    """A bar whose parts add up to its total."""

    label: Name
    parts: list[Part]
    total: float


@with_config(strict)
class Bars(TypedDict):
    """Signed stacked bars."""

    type: Literal["bars"]
    title: NotRequired[str]
    note: NotRequired[str]
    unit: str
    rows: list[BarRow]
    roles: list[Name]
    signed: NotRequired[bool]
    """false: amounts rather than changes, written without a plus"""


@with_config(strict)
class Dominated(TypedDict):
    """How a choice compares with another of the same side, whatever the other side does: "never better", `than` that one."""

    word: Name
    than: Name


@with_config(strict)
class Choice(TypedDict):
    """What one side can do."""

    label: Name
    dominated: NotRequired[Dominated]


@with_config(strict)
class MatrixCell(TypedDict):
    """What a pair of choices brings; its parts add up to it. `share` is in per cent of what the block's `share_of` says."""

    value: float | None
    why: NotRequired[str]
    share: NotRequired[float | None]
    parts: NotRequired[list[Part]]
    marked: NotRequired[bool]


@with_config(strict)
class MatrixView(TypedDict):
    """One of several matrices of the same choices, at one scale; `cells[row][column]`."""

    id: Name
    title: Name
    cells: list[list[MatrixCell]]


@with_config(strict)
class MatrixMark(TypedDict):
    """What a marked cell is called in it, and what that means."""

    short: Name
    words: Name


@with_config(strict)
class Matrix(TypedDict):
    """What two sides' choices bring together: `down` chooses the row, `across` the column."""

    type: Literal["matrix"]
    title: NotRequired[str]
    note: NotRequired[str]
    unit: str
    digits: NotRequired[Annotated[int, Field(ge=0, le=12)]]
    share_of: NotRequired[Name]
    down: Name
    across: Name
    rows: Annotated[list[Choice], Field(min_length=1)]
    columns: Annotated[list[Choice], Field(min_length=1)]
    views: Annotated[list[MatrixView], Field(min_length=1)]
    mark: NotRequired[MatrixMark]
