"""A document as one HTML file that opens from disk, asks for nothing, and lets nothing in.

The file carries script, style, document and base map. Its content security policy admits exactly that script and that
style, by their hashes, and no request to anywhere; data stand in `application/json` elements, which no browser runs.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import html
import json
import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.errors import ReportError
from corridor.report.document import check_document

if TYPE_CHECKING:
    from corridor.report.document import Document

__all__ = ["html_text", "write_html"]

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Corridor {version}">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div id="page"></div>
<noscript>
<h1>{title}</h1>
<p>Maps, charts and tables of this report are drawn by a script inside this file; it needs JavaScript, but no network.</p>
{answers}</noscript>
<script type="application/json" id="document">{document}</script>
{world}<script>{script}</script>
</body>
</html>
"""


def write_html(document: Any, path: str | os.PathLike[str]) -> Path:
    """Write a document as one file; returns its path. The file appears whole or not at all.

    Raises `ReportError` where the document is not in order, or the file can't be written.
    """
    target = Path(path)
    text = html_text(document)
    if not target.name:
        raise ReportError(f"cannot write {target}: it is a folder; name a file, as in page.html")
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(text.encode("utf-8"))
        beside.replace(target)
    except OSError as problem:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise ReportError(f"cannot write {target}: {problem.strerror or problem}") from None
    return target


def html_text(document: Any) -> str:
    """The page as text; the same document always gives the same page."""
    checked = check_document(document)
    script, style = _bundled("report.js"), _bundled("report.css")
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    has_maps = any(block["type"] == "maps" for section in checked["sections"] for block in section["blocks"])
    world = f'<script type="application/json" id="world">{_bundled("world.json")}</script>\n' if has_maps else ""
    return PAGE.format(
        policy=policy,
        version=html.escape(checked["version"]),
        title=html.escape(checked["title"]),
        style=style,
        answers=_plain_answers(checked),
        document=embed_json(checked),
        world=world,
        script=script,
    )


def embed_json(value: Any) -> str:
    """JSON that can stand inside a script element: nothing in it can end the element or start a comment.

    `<`, `>` and `&` are written as escapes, and everything beyond ASCII too, so that line separators (U+2028) do no harm.
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _plain_answers(document: Document) -> str:
    """The answers in words, for who reads without scripts."""
    lines = []
    for section in document["sections"]:
        for block in section["blocks"]:
            if block["type"] == "answers":
                level = 3 if "group" in block else 2
                lines += [f"<h2>{html.escape(block['group'])}</h2>\n"] if "group" in block else []
                lines += [
                    f"<h{level}>{html.escape(a['question'])}</h{level}>\n<p>{html.escape(a['answer'])}</p>\n"
                    for a in block["items"]
                ]
    return "".join(lines)


@cache
def _bundled(name: str) -> str:
    """A part of the front end, as `hatch_build.py` built it."""
    part = files("corridor.report") / "static" / name
    try:
        text = part.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ReportError(
            f"the front end's {name} is missing; build it with `python hatch_build.py`, or install the package again"
        ) from None
    ends = "</style" if name.endswith(".css") else "</script"
    if ends in text.lower() or (name.endswith((".js", ".json")) and "<!--" in text):
        raise ReportError(
            f"the front end's {name} holds {ends!r} or '<!--' and can't stand inside a page; build it again"
        )
    return text


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
