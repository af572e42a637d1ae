"""Documents -> pages: what a report holds (`document`), and the one self-contained file that shows it (`html`)."""

from __future__ import annotations

from corridor.report.compose import comparison_document, headlines_document, write_report
from corridor.report.document import Document, check_document
from corridor.report.html import html_text, write_html
from corridor.report.replay_picture import replay_picture
from corridor.report.retaliation import retaliation_document, write_retaliation

__all__ = [
    "Document",
    "check_document",
    "comparison_document",
    "headlines_document",
    "html_text",
    "replay_picture",
    "retaliation_document",
    "write_html",
    "write_report",
    "write_retaliation",
]
