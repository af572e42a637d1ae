"""Files that cannot be read as tables: each has its own message and remedy, and a place."""

import pytest

from corridor.case import read_case
from corridor.errors import CaseError


def only(faults):
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


@pytest.mark.parametrize("name", ["nodes", "goods", "links"])
def test_missing_file(folder, name):
    (folder.path / f"{name}.csv").unlink()
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == (f"{name}.csv", None, None)
    assert "missing" in fault.message
    assert f"add {name}.csv" in fault.remedy


def test_missing_case_toml(folder):
    (folder.path / "case.toml").unlink()
    fault = only(folder.faults())
    assert (fault.file, fault.message) == ("case.toml", "the file is missing")
    assert "corridor new" in fault.remedy


def test_file_that_is_no_table(folder):
    folder.write("link.csv", "id\nx\n")
    fault = only(folder.faults())
    assert (fault.file, fault.message) == ("link.csv", "no table has this name")
    assert "did you mean 'links.csv'?" in fault.remedy


def test_missing_column(folder):
    folder.write(
        "supply.csv", "id,name,node,quantity,unit,avoidable_cost,cost_unit\nwells,Wells,field,45,Mt/yr,60,USD/t\n"
    )
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("supply.csv", 1, "good")
    assert fault.message == "the column is missing"
    assert "add it" in fault.remedy


def test_misspelt_column_is_told_as_missing_and_as_extra(folder):
    folder.edit("supply.csv", "good,", "godo,")
    missing, extra = sorted(folder.faults(), key=lambda fault: fault.message, reverse=True)
    assert (missing.row, missing.column, missing.message) == (1, "good", "the column is missing")
    assert "'godo'" in missing.remedy
    assert (extra.row, extra.column, extra.message) == (1, "godo", "no such column")
    assert "did you mean 'good'?" in extra.remedy


def test_extra_column(folder):
    folder.write("scenarios.csv", "id,name,colour\nclosed,Pipeline closed,red\n")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("scenarios.csv", 1, "colour")
    assert "notes go into 'note'" in fault.remedy


def test_column_twice(folder):
    folder.write("scenarios.csv", "id,name,name\nclosed,a,b\n")
    fault = only(folder.faults())
    assert (fault.row, fault.column, fault.message) == (1, "name", "the column stands twice")


def test_column_without_name(folder):
    folder.write("scenarios.csv", "id,name,\nclosed,a,b\n")
    fault = only(folder.faults())
    assert (fault.row, fault.message) == (1, "column 3 has no name")


@pytest.mark.parametrize("text", ["id,name,headline,note\n", "id,name,headline,note\n,,,\n"])
def test_empty_table(folder, text):
    folder.write("scenarios.csv", text)
    fault = next(f for f in folder.faults() if f.file == "scenarios.csv")
    assert (fault.row, fault.message) == (None, "the table is empty")
    assert "remove the file" in fault.remedy


def test_empty_file(folder):
    folder.write("scenarios.csv", "")
    fault = next(f for f in folder.faults() if f.file == "scenarios.csv")
    assert (fault.row, fault.message) == (1, "the file is empty")


def test_not_utf8(folder):
    folder.write("nodes.csv", (folder.path / "nodes.csv").read_bytes().replace(b"Port,", "Pört,".encode("latin-1")))
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("nodes.csv", 3, None)
    assert fault.message == "not UTF-8: byte 0xf6 is no text"
    assert "CSV UTF-8" in fault.remedy


def test_utf16_is_not_utf8(folder):
    folder.write("nodes.csv", (folder.path / "nodes.csv").read_text(encoding="utf-8").encode("utf-16"))
    fault = only(folder.faults())
    assert "not UTF-8" in fault.message


def test_bom_is_read(folder):
    plain = folder.read()
    folder.write("nodes.csv", b"\xef\xbb\xbf" + (folder.path / "nodes.csv").read_bytes())
    assert folder.read().hash == plain.hash


def test_windows_line_ends_and_blank_lines_are_read_and_rows_counted_with_them(folder):
    plain = folder.read()
    text = (folder.path / "nodes.csv").read_text(encoding="utf-8")
    folder.write("nodes.csv", text.replace("\n", "\r\n").replace("market,", "\r\n,,,,,,\r\nmarket,"))
    assert folder.read().hash == plain.hash
    folder.edit("nodes.csv", "XWD", "XXX")
    assert only(folder.faults()).row == 6


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_separator(folder, mark, name):
    text = (folder.path / "nodes.csv").read_text(encoding="utf-8")
    folder.write("nodes.csv", text.replace(",", mark))
    fault = only(folder.faults())
    assert (fault.file, fault.row) == ("nodes.csv", 1)
    assert fault.message == f"cells are separated by {name}"
    assert "comma-separated" in fault.remedy


def test_unquoted_decimal_comma_makes_a_cell_too_many(folder):
    folder.edit("nodes.csv", "53.4", "53,4")
    fault = only(folder.faults())
    assert (fault.file, fault.row) == ("nodes.csv", 2)
    assert fault.message == "the row has 8 cells, the header 7"
    assert "decimals with a point" in fault.remedy


def test_quote_never_closed(folder):
    folder.edit("nodes.csv", "Port,", '"Port,')
    fault = only(folder.faults())
    assert "never closed" in fault.message


def test_quoted_line_break_counts_as_one_row(folder):
    folder.edit("nodes.csv", "Field,", '"Field\nof oil",')
    assert folder.read().tables["nodes"]["name"].iloc[0] == "Field\nof oil"
    folder.edit("nodes.csv", "XWD", "XXX")
    assert only(folder.faults()).row == 4


def test_all_faults_are_told_at_once(folder):
    folder.edit("nodes.csv", "53.4", "east")
    folder.edit("links.csv", "railway,Railway around,field,market,rail", "railway,Railway around,feild,market,rial")
    folder.edit("supply.csv", "60,USD/t", "-60,USD/t")
    folder.edit("case.toml", "step = ", "stop = ")
    (folder.path / "goods.csv").unlink()
    places = {(fault.file, fault.row, fault.column) for fault in folder.faults()}
    assert places == {
        ("nodes.csv", 2, "lon"),
        ("links.csv", 4, "from"),
        ("links.csv", 4, "mode"),
        ("supply.csv", 2, "avoidable_cost"),
        ("case.toml", None, "calendar.stop"),
        ("case.toml", None, "calendar.step"),
        ("goods.csv", None, None),
    }


def test_a_thousand_like_faults_are_told_once_and_counted(folder):
    rows = "".join(f"x{i},X,AAA,0,0,junction,assumed\n" for i in range(1000))
    folder.write("nodes.csv", (folder.path / "nodes.csv").read_text(encoding="utf-8") + rows)
    faults = folder.faults()
    assert len(faults) == 101
    assert "900 more rows" in faults[-1].message


def test_unknown_bundled_name_and_folder(tmp_path):
    with pytest.raises(CaseError, match=r"no bundled case 'kasachstan'.*for a folder write \./kasachstan"):
        read_case("kasachstan")
    with pytest.raises(CaseError, match="there is no folder"):
        read_case(tmp_path / "nothing")
