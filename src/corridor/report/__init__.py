"""Documents -> pages: what a report holds (`document`), and the one self-contained file that shows it (`html`)."""

from __future__ import annotations

from corridor.report.asked import asked_blocks
from corridor.report.blocks import assumed_table, column, frame_table, sankey_blocks
from corridor.report.compose import (
    base_blocks,
    change_blocks,
    comparison_document,
    during,
    headlines_document,
    same_days,
    trust_blocks,
    write_report,
)
from corridor.report.document import Document, check_document
from corridor.report.frame import case_document
from corridor.report.goods import Shown
from corridor.report.html import html_text, write_html
from corridor.report.maps import map_links, map_nodes, view
from corridor.report.replay_picture import replay_picture
from corridor.report.retaliation import retaliation_document, write_retaliation
from corridor.report.shapes import Block
from corridor.report.tables import certificate_table
from corridor.report.timeline import timeline_block

__all__ = [
    "Block",
    "Document",
    "Shown",
    "asked_blocks",
    "assumed_table",
    "base_blocks",
    "case_document",
    "certificate_table",
    "change_blocks",
    "check_document",
    "column",
    "comparison_document",
    "during",
    "frame_table",
    "headlines_document",
    "html_text",
    "map_links",
    "map_nodes",
    "replay_picture",
    "retaliation_document",
    "same_days",
    "sankey_blocks",
    "timeline_block",
    "trust_blocks",
    "view",
    "write_html",
    "write_report",
    "write_retaliation",
]
