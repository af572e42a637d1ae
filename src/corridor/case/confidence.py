"""How firm a case's figures are, by group of goods: a table for its readers, made from the rows themselves."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from corridor.case.evidence import stands_on
from corridor.case.goods import row_goods
from corridor.case.parts import groups_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.case.model import Case

__all__ = ["confidence_page"]

_BEGIN, _END = "<!-- made by scripts/make-reference -->", "<!-- end of what is made -->"
_COLUMNS = ("rows", "observed", "derived", "assumed", "high", "medium", "low", "ranges")
_ABOUT_A_ROW = ("dated", "evidence", "profiles")
"""Tables whose rows name the table and the row that they are about."""
_OF_ANOTHER = {"process_goods": ("process", "processes"), "fiscal": ("supply", "supply")}
"""Table -> its column that names a row of another table, and that table."""


def confidence_page(case: Case, page: str) -> str:
    """The page with its counts made anew between the two markers; the text around them is a person's.

    Counted are the rows of every table that carries figures, by basis and by confidence, and the figures that have a range
    of their own in evidence.csv. Raises `ValueError` where the page does not have each marker once.
    """
    before, rest = page.split(_BEGIN)
    _, after = rest.split(_END)
    counted = _by_group(case)
    named = {name: group.name for name, group in case.settings.groups.items()} | {"": "several groups, or none"}
    total = sum(counted.values(), Counter())
    rows = [(named[name], counter) for name, counter in counted.items() if counter] + [("all", total)]
    lines = [["group", *_COLUMNS], ["---", *["---:"] * len(_COLUMNS)]]
    lines += [[name, *(str(counter[column]) for column in _COLUMNS)] for name, counter in rows]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"{before}{_BEGIN}\n\n{table}\n\n{_END}{after}"


def _by_group(case: Case) -> dict[str, Counter[str]]:
    """Group -> how many rows, of which basis and confidence, and figures with a range; blank for the rest, last."""
    group_of = {good: name for name, goods in groups_of(case).items() for good in goods}
    found: dict[str, Counter[str]] = {name: Counter() for name in groups_of(case) if name}
    found[""] = Counter()
    of_rows: dict[str, list[str]] = {}
    for table, position, basis, confidence in stands_on(case):
        if table not in of_rows:
            of_rows[table] = _groups(case, table, group_of)
        found[of_rows[table][position]].update(("rows", basis or "unsaid", confidence))
    for name in _groups(case, "evidence", group_of):
        found[name]["ranges"] += 1
    return found


def _groups(case: Case, table: str, group_of: Mapping[str, str]) -> list[str]:
    """For every row of a table the group of its goods; blank where it has several or none can be told."""
    frame = case.tables[table]
    goods: list[tuple[str, ...]]
    if table == "goods":
        goods = [(good,) for good in frame["id"]]
    elif table == "events":
        goods = list(frame["goods"])
    elif table in _OF_ANOTHER:
        column, other = _OF_ANOTHER[table]
        own = dict(zip(case.tables[other]["id"], case.tables[other]["good"], strict=True))
        goods = [(own[name],) for name in frame[column]]
    else:
        goods = row_goods("dated" if table in _ABOUT_A_ROW else table, frame, case.tables)
    groups = [{group_of[good] for good in told} for told in goods]
    return [next(iter(one)) if len(one) == 1 else "" for one in groups]
