"""Documents -> pages: what a report holds (`document`), and the one self-contained file that shows it (`html`)."""

from __future__ import annotations

from corridor.report.compose import comparison_document, headlines_document, write_report
from corridor.report.document import Document, check_document
from corridor.report.html import html_text, write_html
from corridor.report.replay_picture import replay_picture

__all__ = [
    "Document",
    "check_document",
    "comparison_document",
    "headlines_document",
    "html_text",
    "replay_picture",
    "write_html",
    "write_report",
]
