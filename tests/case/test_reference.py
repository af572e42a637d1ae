"""The reference page is made from the row models, so that it cannot say anything else."""

from corridor.case import TABLES, tables_page
from corridor.case.columns import columns


def test_every_table_and_every_column_has_its_line():
    sections = tables_page().split("\n## ")
    for table in TABLES:
        section = next(part for part in sections if part.startswith(f"{table}.csv\n"))
        lines = [line for line in section.splitlines() if line.startswith("| ")]
        assert len(lines) == len(columns(table)) + 1


def test_every_column_has_a_meaning():
    for table in TABLES:
        for column in columns(table).values():
            assert column.field.description, (table, column.name)
            assert "|" not in column.field.description
