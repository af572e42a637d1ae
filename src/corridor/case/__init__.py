"""A folder of CSV tables -> `Case`: read, checked, in canonical units, with a source behind every figure."""

from __future__ import annotations

from corridor.case.canonical import unit_factor
from corridor.case.check import check_case, warnings
from corridor.case.confidence import confidence_page
from corridor.case.corridors import corridor_screens, route_screens
from corridor.case.dated import dated_values, day_of
from corridor.case.describe import data_package, tables_page
from corridor.case.evidence import Evidence, SourceRow, counts, evidence, unlicensed, unsourced
from corridor.case.exceptions import Exceptions
from corridor.case.files import case_folder
from corridor.case.goods import home_tables, row_goods, target_goods
from corridor.case.identity import case_hash
from corridor.case.make import make_case
from corridor.case.model import Calendar, Case, Group, Planning, Settings
from corridor.case.new import new_case
from corridor.case.parts import group_of, groups_of, in_year, part_of, parts
from corridor.case.questions import asked_goods
from corridor.case.read import read_case
from corridor.case.records import records
from corridor.case.schema import TABLES, column_kind, list_columns
from corridor.case.units import UnitError, canonical_price_unit
from corridor.case.write import write_case

__all__ = [
    "TABLES",
    "Calendar",
    "Case",
    "Evidence",
    "Exceptions",
    "Group",
    "Planning",
    "Settings",
    "SourceRow",
    "UnitError",
    "asked_goods",
    "canonical_price_unit",
    "case_folder",
    "case_hash",
    "check_case",
    "column_kind",
    "confidence_page",
    "corridor_screens",
    "counts",
    "data_package",
    "dated_values",
    "day_of",
    "evidence",
    "group_of",
    "groups_of",
    "home_tables",
    "in_year",
    "list_columns",
    "make_case",
    "new_case",
    "part_of",
    "parts",
    "read_case",
    "records",
    "route_screens",
    "row_goods",
    "tables_page",
    "target_goods",
    "unit_factor",
    "unlicensed",
    "unsourced",
    "warnings",
    "write_case",
]
