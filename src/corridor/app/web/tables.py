"""Blocks of the questions' pages, made from the bodies of their JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis.world import country_name, name_of
from corridor.report import column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.case import Case

__all__ = ["bargain_blocks", "share_tables", "stress_tables"]

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


def stress_tables(body: dict[str, Any], case: Case) -> list[Block]:
    """The sets of closures, worst first, and candidates that make no difference."""

    def named(names: Sequence[str], between: str = ", ") -> str:
        told = [name_of(case, name) for name in names]
        # A country's id is its code, which nothing in a case has for an id.
        return between.join(country_name(n) if n == t and n.isupper() else t for n, t in zip(names, told, strict=True))

    rows = []
    for rank, one in enumerate(body["sets"], 1):
        why = {"value": None, "why": one.get("why_absent") or "no answer"}
        notes = [f"gives way: {named(one['agreements_broken'])}"] if one["agreements_broken"] else []
        notes += [f"{named([x['closure']])}: as {named(x['instead'])}" for x in one["alternatives"]]
        rows.append(
            {
                "rank": rank,
                "closures": named(one["closures"], " + "),
                "loss": why if one["loss"] is None else one["loss"],
                "share": {"value": None, "why": "of losses in goods only"}
                if one["share"] is None
                else 100 * one["share"],
                "note": "; ".join(notes),
            }
        )
    specs = [
        column("rank", "Rank", digits=0),
        column("closures", "Closed together"),
        column("loss", "Lost", digits=1, unit=body["unit"]),
        column("share", "Share", digits=1, unit="%"),
        column("note", "Note"),
    ]
    proven = "Proven: no other set loses more." if body["proven"] else "The best sets found; not proven."
    blocks = [_table("Closures that hurt most", specs, rows, f"{proven} {body['solves']} equilibria solved.")]
    idle = [f"Carries nothing without closures: {named(body['idle'])}."] if body["idle"] else []
    idle += [f"Nothing can pass as it is: {named(body['already_shut'])}."] if body["already_shut"] else []
    return blocks + ([{"type": "text", "title": "Closures without effect", "paragraphs": idle}] if idle else [])


def bargain_blocks(body: dict[str, Any]) -> list[Block]:
    """Claims as bars and as a table, and tolls."""
    players = sorted(body["players"], key=lambda p: p["alone"] - p["shapley"])
    bars = [
        {
            "label": _capital(country_name(p["player"])),
            "parts": [
                {"role": "alone", "value": p["alone"]},
                {"role": "by the others' trade", "value": p["shapley"] - p["alone"]},
            ],
            "total": p["shapley"],
        }
        for p in players
    ]
    claims = [
        {
            "player": _capital(country_name(p["player"])),
            "alone": p["alone"],
            "shapley": p["shapley"],
            "share": {"value": None, "why": "nothing to share"} if p["share"] is None else 100 * p["share"],
            "nucleolus": {"value": None, "why": p["why_absent"] or "withheld"}
            if p["nucleolus"] is None
            else p["nucleolus"],
        }
        for p in players
    ]
    tolls = [
        {
            "player": _capital(country_name(t["player"])),
            "transit": t["transit"],
            **{
                key: {"value": None, "why": t["why_absent"] or "none"} if t[key] is None else t[key]
                for key in ("half_fee", "best_fee", "best_gain")
            },
            "unit": t["unit"],
        }
        for t in body["tolls"]
    ]
    specs = [
        column("player", "Country"),
        *(column(k, label, digits=0) for k, label in (("alone", "Alone"), ("shapley", "Shapley value"))),
        column("share", "Share of the surplus", digits=1, unit="%"),
        column("nucleolus", "Nucleolus", digits=0),
    ]
    toll_specs = [
        column("player", "Country"),
        column("transit", "Transit", digits=2),
        column("half_fee", "Fee at which half leaves", digits=1),
        column("best_fee", "Fee that earns most", digits=1),
        column("best_gain", "What it earns, million USD", digits=0),
        column("unit", "Unit of fees"),
    ]
    blocks = [
        {
            "type": "bars",
            "title": "What each can claim (Shapley value)",
            "unit": body["unit"],
            "roles": ["alone", "by the others' trade"],
            "rows": bars,
        },
        _table("Claims, million USD", specs, claims),
        _table("Tolls of transit", toll_specs, tolls),
    ]
    return [block for block in blocks if block["rows"]]


def _table(title: str, columns: Sequence[Block], rows: Sequence[Block], note: str = "") -> Block:
    block: Block = {"type": "table", "title": title, "columns": list(columns), "rows": list(rows)}
    return block | ({"note": note} if note else {})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
