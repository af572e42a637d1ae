"""Write docs/reference/tables.md from the row models of a case. Run it after a change to them; a test compares."""

from __future__ import annotations

import types
import typing
from pathlib import Path
from typing import Any

from corridor.case.schema import FORMAT, TABLES, Evidenced, column_kind, list_columns

if typing.TYPE_CHECKING:
    from pydantic.fields import FieldInfo

target = Path(__file__).parents[1] / "docs" / "reference" / "tables.md"

kinds = {
    "rate": "quantity per time, in `unit`",
    "volume": "quantity, in `unit`",
    "price": "money per quantity, in `cost_unit`",
}
introduction = (
    f"Format {FORMAT}. A case is a folder with `case.toml` and one `<table>.csv` for each table it has; `nodes`, `goods` and "
    "`links` are required. A column without default is required. A blank cell means not known, never zero. "
    "[Units, dates and money](../background/units.md) says how cells are written."
)
header = ("| column | type | default | meaning |", "|---|---|---|---|")
plain = {"str": "text", "float": "number", "int": "whole number", "bool": "yes or no", "date": "date"}


def page() -> str:
    """The whole page, as Markdown."""
    parts = [
        "# Tables of a case",
        "<!-- made by scripts/make_reference.py from src/corridor/case/schema.py; do not edit -->",
        introduction,
        evidence(),
        *(section(name) for name in TABLES),
    ]
    return "\n\n".join(parts) + "\n"


def evidence() -> str:
    """The columns that tables with figures share, told once."""
    rows = [row("nodes", name, field) for name, field in Evidenced.model_fields.items()]
    meaning = " ".join((Evidenced.__doc__ or "").split())
    return "\n".join(["## Evidence columns", "", meaning, "", *header, *rows])


def section(table: str) -> str:
    """Heading, meaning and columns of one table."""
    model = TABLES[table]
    shared = set(Evidenced.model_fields) if issubclass(model, Evidenced) else set()
    meaning = " ".join((model.__doc__ or "").split())
    if shared:
        meaning += " It has the [evidence columns](#evidence-columns) too."
    rows = [row(table, field.alias or name, field) for name, field in model.model_fields.items() if name not in shared]
    return "\n".join([f"## {table}", "", meaning, "", *header, *rows])


def row(table: str, column: str, field: FieldInfo) -> str:
    """One line of a section."""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    kind = kinds.get(column_kind(table, column) or "")
    shape = "names joined by `;`" if column in list_columns(table) else kind or type_words(field.annotation)
    if "refers" in extra:
        shape += f", [{extra['refers']}](#{extra['refers']})"
    return f"| `{column}` | {shape} | {default(field)} | {(field.description or '').replace('|', '/')} |"


def default(field: FieldInfo) -> str:
    """The default as one writes it in a cell."""
    if field.is_required():
        return "required"
    value = field.default
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def type_words(annotation: Any) -> str:
    """A column's type in words: choices are listed."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return ", ".join(f"`{choice}`" for choice in arguments)
    if origin is typing.Annotated:
        return type_words(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(type_words(part) for part in arguments if part is not type(None))
    return plain.get(annotation.__name__, annotation.__name__)


if __name__ == "__main__":
    target.write_text(page(), encoding="utf-8")
