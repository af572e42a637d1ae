"""Blocks of the page of `share`, made from the body of its JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis.world import country_name, name_of
from corridor.report import column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.case import Case

__all__ = ["share_tables"]

Block = dict[str, Any]


def share_tables(body: dict[str, Any], case: Case) -> list[Block]:
    """How all of the trade is carried, who it is with, and what each border link could carry more."""
    blocks = [
        _table(
            "How it is carried",
            [
                column("corridor", "Route"),
                column("quantity", "Volume", digits=2, unit=body["unit"]),
                column("share", "Share", digits=1, unit="%"),
                column("counted", "Counted"),
            ],
            [
                {
                    "corridor": name_of(case, r["corridor"]) if r["corridor"] else "no named route",
                    "quantity": r["quantity"],
                    "share": 100 * r["share"],
                    "counted": "yes" if r["corridor"] in {x["corridor"] for x in body["routes"]} else "no",
                }
                for r in body["all_routes"]
            ],
        )
    ]
    security = body["security"]
    if security is None:
        return blocks
    partners = [
        {"country": _capital(country_name(p["country"])), "share": 100 * p["share"]} for p in security["partners"]
    ]
    border = [
        {
            "link": name_of(case, b["link"]),
            "flow": b["flow"],
            "capacity": b["capacity"] if b["capacity"] is not None else {"value": None, "why": "not known"},
            "spare": b["spare"] if b["spare"] is not None else {"value": None, "why": "not known"},
            "unit": b["unit"],
        }
        for b in security["border"]
    ]
    blocks.append(
        _table("Partners", [column("country", "Country"), column("share", "Share", digits=1, unit="%")], partners)
    )
    specs = [column("link", "Link"), *(column(k, k.capitalize(), digits=2) for k in ("flow", "capacity", "spare"))]
    blocks.append(_table("Over the border", [*specs, column("unit", "Unit")], border))
    return [block for block in blocks if block["rows"]]


def _table(title: str, columns: Sequence[Block], rows: Sequence[Block], note: str = "") -> Block:
    block: Block = {"type": "table", "title": title, "columns": list(columns), "rows": list(rows)}
    return block | ({"note": note} if note else {})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
