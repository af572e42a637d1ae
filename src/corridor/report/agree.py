"""What the parts of a document must agree on: ids that exist, lists of one length, parts that add up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from corridor.report.document import Document

__all__ = ["disagreements"]

TOLERANCE = 1e-3
"""Share of its largest part by which a bar's total may differ from the sum of its parts, which are rounded."""


def disagreements(document: Document) -> list[str]:
    """Every fault, with its place. The document's shape has been checked before."""
    faults = [f"sections: the id {name!r} stands twice" for name in _twice(s["id"] for s in document["sections"])]
    for i, section in enumerate(document["sections"]):
        for j, block in enumerate(section["blocks"]):
            check = _CHECKS.get(block["type"])
            if check:
                faults.extend(f"sections[{i}].blocks[{j}]{fault}" for fault in check(block))
            if block["type"] == "answers":
                faults.extend(f"sections[{i}].blocks[{j}]{fault}" for fault in _led(block, document))
    return faults


def _led(block: Any, document: Document) -> Iterator[str]:
    """Groups and sections to which answers lead."""
    if "group" in block and block["group"] not in {s.get("group") for s in document["sections"]}:
        yield f".group: no section is of the group {block['group']!r}"
    known = {s["id"] for s in document["sections"]}
    for k, item in enumerate(block["items"]):
        if "section" in item and item["section"] not in known:
            yield f".items[{k}].section: no section {item['section']!r}"


def _maps(block: dict[str, Any]) -> Iterator[str]:
    nodes = {node["id"] for node in block["nodes"]}
    links = {link["id"] for link in block["links"]}
    for what in ("nodes", "links", "views"):
        yield from (f".{what}: the id {name!r} stands twice" for name in _twice(one["id"] for one in block[what]))
    for k, link in enumerate(block["links"]):
        yield from (f".links[{k}].{end}: no node {link[end]!r}" for end in ("from", "to") if link[end] not in nodes)
    for k, view in enumerate(block["views"]):
        for key in ("flows", "closed", "capacity"):
            unknown = [name for name in view.get(key, ()) if name not in links]
            yield from (f".views[{k}].{key}: no link {name!r}" for name in unknown)
    if all(node["kind"] == "world" for node in block["nodes"]):
        yield ".nodes: no place to draw, only the world market"


def _sankey(block: dict[str, Any]) -> Iterator[str]:
    if ("links" in block) == ("views" in block):
        yield ": either `links` or `views`, one of them"
    column = {node["id"]: node["column"] for node in block["nodes"]}
    yield from (f".nodes: the id {name!r} stands twice" for name in _twice(node["id"] for node in block["nodes"]))
    for node in block["nodes"]:
        if node["column"] >= len(block["columns"]):
            yield f".nodes: {node['id']!r} stands in column {node['column']}, there are {len(block['columns'])}"
    flows = [("links", block.get("links", []))]
    flows += [(f"views[{k}].links", view["links"]) for k, view in enumerate(block.get("views", []))]
    for place, links in flows:
        for k, link in enumerate(links):
            unknown = [name for name in (link["source"], link["target"]) if name not in column]
            yield from (f".{place}[{k}]: no node {name!r}" for name in unknown)
            if not unknown and column[link["source"]] >= column[link["target"]]:
                yield f".{place}[{k}]: runs from column {column[link['source']]} to {column[link['target']]}, not onwards"


def _series(block: dict[str, Any]) -> Iterator[str]:
    count = len(block["periods"])
    lines = [(f"series[{k}]", one) for k, one in enumerate(block["series"])]
    if "reference" in block:
        lines.append(("reference", block["reference"]))
    for place, one in lines:
        if len(one["values"]) != count:
            yield f".{place}.values: {len(one['values'])} values for {count} periods"
    for k, period in enumerate(block["periods"]):
        if period["start"] >= period["end"]:
            yield f".periods[{k}]: ends {period['end']}, not after it starts {period['start']}"


def _bars(block: dict[str, Any]) -> Iterator[str]:
    for k, row in enumerate(block["rows"]):
        unknown = [part["role"] for part in row["parts"] if part["role"] not in block["roles"]]
        yield from (f".rows[{k}].parts: no role {role!r}" for role in unknown)
        values = [part["value"] for part in row["parts"]]
        gap = abs(sum(values) - row["total"])
        if gap > TOLERANCE * max([abs(value) for value in values] + [abs(row["total"])], default=0.0):
            yield f".rows[{k}]: the parts of {row['label']!r} add up to {sum(values):g}, the total says {row['total']:g}"


def _matrix(block: dict[str, Any]) -> Iterator[str]:
    yield from (f".views: the id {name!r} stands twice" for name in _twice(view["id"] for view in block["views"]))
    for side in ("rows", "columns"):
        labels = {choice["label"] for choice in block[side]}
        yield from (f".{side}: {name!r} stands twice" for name in _twice(choice["label"] for choice in block[side]))
        beaten = [choice["dominated"]["than"] for choice in block[side] if "dominated" in choice]
        yield from (f".{side}: no choice {name!r}" for name in beaten if name not in labels)
    for k, view in enumerate(block["views"]):
        if len(view["cells"]) != len(block["rows"]):
            yield f".views[{k}].cells: {len(view['cells'])} rows of cells for {len(block['rows'])} rows"
        for i, cells in enumerate(view["cells"]):
            if len(cells) != len(block["columns"]):
                yield f".views[{k}].cells[{i}]: {len(cells)} cells for {len(block['columns'])} columns"
            for j, cell in enumerate(cells):
                yield from (f".views[{k}].cells[{i}][{j}]{fault}" for fault in _matrix_cell(cell, block))


def _matrix_cell(cell: dict[str, Any], block: dict[str, Any]) -> Iterator[str]:
    if cell.get("marked") and "mark" not in block:
        yield ": it is marked, and nothing says what the mark means"
    if cell.get("share") is not None and "share_of" not in block:
        yield ": it has a share, and nothing says of what"
    parts = [part["value"] for part in cell.get("parts", ())]
    if cell["value"] is None:
        if parts:
            yield ": it has parts and no value"
    elif parts:
        gap = abs(sum(parts) - cell["value"])
        if gap > TOLERANCE * max(abs(value) for value in (*parts, cell["value"])):
            yield f": the parts add up to {sum(parts):g}, the value says {cell['value']:g}"


def _table(block: dict[str, Any]) -> Iterator[str]:
    keys = {column["key"] for column in block["columns"]}
    yield from (f".columns: the key {name!r} stands twice" for name in _twice(c["key"] for c in block["columns"]))
    unknown = {name for row in block["rows"] for name in row if name not in keys}
    yield from (f".rows: no column {name!r}" for name in sorted(unknown))


def _timeline(block: dict[str, Any]) -> Iterator[str]:
    yield from (f".rows: the id {name!r} stands twice" for name in _twice(row["id"] for row in block["rows"]))
    for k, row in enumerate(block["rows"]):
        if row["start"] is None and row["end"] is None:
            yield f".rows[{k}]: {row['id']!r} has neither a start nor an end"
        if row["start"] and row["end"] and row["start"] >= row["end"]:
            yield f".rows[{k}]: ends {row['end']}, not after it starts {row['start']}"


def _sources(block: dict[str, Any]) -> Iterator[str]:
    yield from (f".rows: the key {name!r} stands twice" for name in _twice(row["key"] for row in block["rows"]))


_CHECKS: dict[str, Callable[[Any], Iterator[str]]] = {
    "maps": _maps,
    "sankey": _sankey,
    "series": _series,
    "bars": _bars,
    "matrix": _matrix,
    "table": _table,
    "timeline": _timeline,
    "sources": _sources,
}


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
