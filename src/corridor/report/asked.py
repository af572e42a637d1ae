"""Answers about worst closures and about bargaining -> blocks; those about trade measures and plans are beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis import Bargain, Invest, Rivalry, Stress
from corridor.analysis.asked import closure_words
from corridor.analysis.world import country_name, list_words, name_of
from corridor.report.blocks import column
from corridor.report.plans import plan_blocks
from corridor.report.retaliation import game_blocks
from corridor.report.rivals import rivalry_blocks
from corridor.solver import at_most

if TYPE_CHECKING:
    from corridor.analysis.asked import Told
    from corridor.case import Case

__all__ = ["asked_blocks"]

Block = dict[str, Any]

_MOST_SETS = 25
"""Sets of closures in the table; the rest changes little."""
_MOST_BARS = 10
_SEEN = 0.01
"""Share of a set's loss from which what its other closures add can be seen."""
UNIT = "million USD"


def asked_blocks(case: Case, told: Told) -> list[Block]:
    """What backs an answer, and how it was found."""
    if isinstance(told, Stress):
        return [_losses(case, told), _ranking(case, told)]
    if isinstance(told, Bargain):
        return [_claims(told), _claims_table(told), *_tolls(told), _coalitions(told), _proof(told.solves, told.gap)]
    if isinstance(told, Invest):
        return plan_blocks(told)
    if isinstance(told, Rivalry):
        return [*rivalry_blocks(told), _proof(len(told.results), told.gap)]
    return [*game_blocks(told), _proof(told.solves, told.gap)]


def _proof(solves: int, gap: float) -> Block:
    words = f"{solves} equilibria stand behind this, each with a certificate that passed (gap at most {at_most(gap)})."
    return {"type": "text", "paragraphs": [words]}


def _losses(case: Case, told: Stress) -> Block:
    """The worst sets: what the worst of their closures does alone, and what the others add, where they add anything to see."""
    alone = {
        names[0]: s.loss for s in told.sets if s.loss is not None for names in (s.closures, *s.same) if len(names) == 1
    }
    rows = []
    for s in told.sets:
        loss = s.loss or 0.0
        first = loss if len(s.closures) == 1 else max(alone.get(name, 0.0) for name in s.closures)
        if s.loss is None or (len(s.closures) > 1 and loss - first < _SEEN * loss):
            continue
        parts = [{"role": "the worst one alone", "value": round(first, 4)}]
        if len(s.closures) > 1:
            parts.append({"role": "added by the others", "value": round(loss - first, 4)})
        rows.append({"label": closure_words(case, told, s.closures), "parts": parts, "total": round(loss, 4)})
    roles = ["the worst one alone"] + (["added by the others"] if told.k > 1 else [])
    block: Block = {"type": "bars", "title": "What is lost, worst first", "unit": told.unit, "roles": roles}
    return block | {"rows": rows[:_MOST_BARS], "signed": False}


def _ranking(case: Case, told: Stress) -> Block:
    instruments = case.tables["instruments"]
    agreements = dict(zip(instruments["id"], instruments["name"], strict=True))
    rows = []
    for s in told.sets[:_MOST_SETS]:
        same = "; ".join(closure_words(case, told, names) for names in s.same[:3])
        more = f"; and {len(s.same) - 3} more" if len(s.same) > 3 else ""
        rows.append(
            {
                "closures": closure_words(case, told, s.closures),
                "loss": s.loss if s.loss is not None else {"value": None, "why": s.why_absent},
                "share": 100 * s.share if s.share is not None else None,
                "same": same + more,
                "broken": ", ".join(agreements.get(name) or name for name in s.broken),
            }
        )
    columns = [
        column("closures", "Shut together"),
        column("loss", "Lost", digits=1, unit=told.unit),
        *([column("share", "Share", digits=0, unit="%")] if any(s.share is not None for s in told.sets) else []),
        column("same", "Lose the same"),
        *([column("broken", "Agreements that give way")] if any(s.broken for s in told.sets[:_MOST_SETS]) else []),
    ]
    keys = {c["key"] for c in columns}
    left = len(told.sets) - len(rows)
    proof = (
        f"Every set was solved, or proved equal to one that was: {told.solves} solves, {told.equal} sets equal to one."
        if told.proven
        else f"Not proven: the best found in {told.solves} solves."
    )
    return {
        "type": "table",
        "title": "The worst sets of closures",
        "note": proof + (f" {left} sets that lose less are left out." if left > 0 else ""),
        "columns": columns,
        "rows": [{key: value for key, value in row.items() if key in keys} for row in rows],
    }


def _claims(told: Bargain) -> Block:
    role = "above what it makes alone"
    return {
        "type": "bars",
        "title": "What each can claim",
        "note": "By what each adds to the others, on average over the orders in which they could come together (Shapley value).",
        "unit": UNIT,
        "roles": [role],
        "signed": False,
        "rows": [
            {
                "label": country_name(p.player),
                "parts": [{"role": role, "value": round(p.gain, 4)}],
                "total": round(p.gain, 4),
            }
            for p in sorted(told.players, key=lambda p: -p.gain)
        ],
    }


def _claims_table(told: Bargain) -> Block:
    rows = []
    for p in sorted(told.players, key=lambda p: -p.gain):
        share = told.share(p)
        nucleolus = p.nucleolus
        rows.append(
            {
                "player": country_name(p.player),
                "alone": p.alone,
                "shapley": p.shapley,
                "gain": p.gain,
                "share": 100 * share if share is not None else {"value": None, "why": "nothing to share"},
                "nucleolus": nucleolus if nucleolus is not None else {"value": None, "why": "withheld"},
                "error": p.standard_error,
            }
        )
    withheld = f" Core and nucleolus are withheld: {told.why_withheld}." if told.why_withheld else ""
    how = " ".join(f"{warning[:1].upper()}{warning[1:]}." for warning in told.warnings)
    columns = [
        column("player", "Country"),
        column("alone", "Alone", digits=0, unit=UNIT),
        column("shapley", "Shapley value", digits=0, unit=UNIT),
        column("gain", "Above alone", digits=0, unit=UNIT),
        column("share", "Share", digits=0, unit="%"),
        column("nucleolus", "Nucleolus", digits=0, unit=UNIT),
    ]
    if any(p.standard_error > 0 for p in told.players):
        columns.append(column("error", "Standard error", digits=0, unit=UNIT))
    keys = {c["key"] for c in columns}
    return {
        "type": "table",
        "title": "Claims",
        "note": f"Alone: while every other player withholds.{withheld} {how}",
        "columns": columns,
        "rows": [{key: value for key, value in row.items() if key in keys} for row in rows],
    }


def _tolls(told: Bargain) -> list[Block]:
    if not told.tolls:
        return []
    first = told.tolls[0]
    rows = [
        {
            "player": country_name(t.player),
            "links": list_words([name_of(told.case, link) for link in t.links]),
            "taken_on": t.taken_on,
            "transit": t.transit,
            "half": t.half_fee if t.half_fee is not None else {"value": None, "why": t.why_absent},
            "best": t.best_fee,
            "gain": t.best_gain,
            "left": t.best_transit,
        }
        for t in told.tolls
    ]
    return [
        {
            "type": "table",
            "title": "Tolls that a transit country could take",
            "note": "A further fee on what is not its own. Taken on ways in, it also meets what the country buys: provisional.",
            "columns": [
                column("player", "Country"),
                column("transit", "Crosses today", digits=1, unit=first.transit_unit),
                column("half", "Half stays up to", digits=0, unit=first.unit),
                column("best", "Earns most at", digits=0, unit=first.unit),
                column("gain", "Earns then", digits=0, unit=UNIT),
                column("left", "Crosses then", digits=1, unit=first.transit_unit),
                column("taken_on", "Taken on"),
                column("links", "Over"),
            ],
            "rows": rows,
        }
    ]


def _coalitions(told: Bargain) -> Block:
    rows = [
        {
            "members": list_words([country_name(m) for m in c.members]),
            "value": c.value,
            "above": c.value - sum(p.alone for p in told.players if p.player in c.members),
            "released": len(c.released),
        }
        for c in sorted(told.coalitions, key=lambda c: (len(c.members), c.members))
    ]
    return {
        "type": "table",
        "title": "What every coalition makes",
        "collapsed": True,
        "columns": [
            column("members", "Members"),
            column("value", "They make", digits=0, unit=UNIT),
            column("above", "Above each alone", digits=0, unit=UNIT),
            column("released", "Contracts not kept", digits=0),
        ],
        "rows": rows,
    }
