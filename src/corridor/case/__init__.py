"""A folder of CSV tables -> `Case`: read, checked, in canonical units, with a source behind every figure."""

from __future__ import annotations

from corridor.case.identity import case_hash
from corridor.case.make import make_case
from corridor.case.model import Calendar, Case, Settings
from corridor.case.schema import TABLES, column_kind, list_columns

__all__ = ["TABLES", "Calendar", "Case", "Settings", "case_hash", "column_kind", "list_columns", "make_case"]
