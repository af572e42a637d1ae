"""Cells at fault: file, row, column, message and remedy of each."""

import pytest

CELLS = [
    # file, old, new, row, column, message, remedy
    ("links.csv", "field,port,", "field,prot,", 2, "to", "unknown node 'prot'", "did you mean 'port'?"),
    ("links.csv", "pipeline,crude,", "pipeline,curde,", 2, "goods", "unknown good 'curde'", "did you mean 'crude'?"),
    ("nodes.csv", "KAZ", "KAS", 2, "country", "unknown country 'KAS'", "did you mean"),
    ("nodes.csv", "KAZ", "kaz", 2, "country", "'kaz' is not a code of three capital letters", "ISO 3166"),
    ("nodes.csv", "KAZ", "QZX", 2, "country", "unknown country 'QZX'", "ISO 3166 alpha-3"),
    ("links.csv", "RUS,assumed", "RSU,assumed", 2, "controlled_by", "unknown country 'RSU'", "did you mean 'RUS'?"),
    ("links.csv", ",40,", ",-40,", 2, "capacity", "-40 is negative", "give a number that is not"),
    ("links.csv", ",40,", ",forty,", 2, "capacity", "'forty' is not a number", "remarks go into 'note'"),
    ("links.csv", ",40,", ",40 Mt,", 2, "capacity", "'40 Mt' is not a number", "its unit has a column of its own"),
    ("links.csv", ",40,", ',"40,5",', 2, "capacity", "'40,5' has a comma", "40.5"),
    ("links.csv", ",40,", ',"1 040,5",', 2, "capacity", "'1 040,5' has a comma", "1040.5"),
    ("links.csv", ",40,", ",inf,", 2, "capacity", "'inf' is not a number", "write unlimited"),
    ("links.csv", ",40,", ",nan,", 2, "capacity", "'nan' is not a number", "write unlimited"),
    ("links.csv", ",40,", ",4_0,", 2, "capacity", "'4_0' is not a number", "write the number alone"),
    ("links.csv", ",40,", ",1e999,", 2, "capacity", "1e999 is too large", "check the number"),
    ("links.csv", ",1500,", ",inf,", 2, "length_km", "'inf' is not a number", "leave the cell blank"),
    ("links.csv", ",1500,", ",unlimited,", 2, "length_km", "'unlimited' can stand only in a capacity", "give a number"),
    ("links.csv", ",40,Mt/yr,1500", ",,,1500", 2, "capacity", "capacity of 'pipeline' is not known", "write unlimited"),
    ("links.csv", "pipeline,crude", "pipe,crude", 2, "mode", "'pipe' is not known here", "did you mean 'pipeline'?"),
    ("links.csv", "railway,Railway", "Rail-Way,Railway", 4, "id", "'Rail-Way' cannot be an identifier", "rail_way"),
    ("links.csv", "railway,Railway", ",Railway", 4, "id", "the cell is blank", "give identifier"),
    ("links.csv", "field,market,rail", "field,field,rail", 4, "to", "from 'field' to itself", "a link joins two nodes"),
    ("links.csv", "railway,Railway", "tanker,Railway", 4, "id", "'tanker' already stands in row 3", "another id"),
    ("nodes.csv", "53.4", "200", 2, "lon", "200 is too large", "at most 180"),
    ("nodes.csv", "46.1", "-100", 2, "lat", "-100 is too small", "at least -90"),
    ("supply.csv", "wells,Wells", "pipeline,Wells", 2, "id", "'pipeline' is also the id of row 2 of links.csv", "another id"),
    ("supply.csv", ",0,assumed", ",-1,assumed", 2, "elasticity_short", "-1 is negative", "give a number that is not"),
    ("demand.csv", "-0.3", "0.3", 2, "elasticity_short", "0.3 is too large", "at most 0"),
    ("observations.csv", "seen_pipeline,pipeline", "seen_pipeline,pipelin", 2, "target", "unknown link, corridor", "'pipeline'?"),
    ("observations.csv", "pipeline,crude,2024-01-01,2025-01-01", "pipeline,crude,2024-01-01,2023-01-01", 2, "end",
     "2023-01-01 is not after 'start' 2024-01-01", "first day that no longer counts"),
    ("observations.csv", "pipeline,crude,2024-01-01", "pipeline,crude,01.01.2024", 2, "start", "not a date", "YYYY-MM-DD"),
    ("observations.csv", "pipeline,crude,2024-01-01", "pipeline,crude,2024-13-01", 2, "start", "not a date", "YYYY-MM-DD"),
    ("observations.csv", "pipeline,crude,2024-01-01", "pipeline,crude,1704067200", 2, "start", "not a date", "YYYY-MM-DD"),
    ("corridors.csv", "pipeline,yes,", "pipeline,perhaps,", 2, "route", "'perhaps' is neither yes nor no", "write yes or no"),
    ("corridors.csv", "port,pipeline,yes", "port,pipelines,yes", 2, "screen", "unknown link 'pipelines'", "'pipeline'?"),
    ("corridor_links.csv", "around,railway", "abound,railway", 4, "corridor", "unknown corridor 'abound'", "'around'?"),
    ("instruments.csv", "2024-06-01", "2024-03-01", 2, "end", "is not after 'start'", "no longer counts"),
    ("instruments.csv", ",closed,2024", ",shut,2024", 2, "scenarios", "unknown scenario 'shut'", "scenarios.csv"),
    ("instruments.csv", "closure,pipeline", "closure,pipleine", 2, "target", "'pipleine' does not exist", "'pipeline'?"),
    ("instruments.csv", "closure,pipeline", "closure,wells", 2, "target", "'wells' is in supply.csv", "outage"),
    ("instruments.csv", "closure,pipeline", "closure,", 2, "target", "a closure acts on nothing", "links"),
    ("instruments.csv", "closure,pipeline", "derating,pipeline", 2, "availability", "must tell how much is left", "capacity"),
    ("instruments.csv", "closure,pipeline", "transit_ban,crude", 2, "origin", "must tell whose goods", "fill origin"),
    ("instruments.csv", "closure,pipeline", "blockade,pipeline", 2, "kind", "'blockade' is not known here", "write one of closure"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "row", "column", "message", "remedy"), CELLS)
def test_cell(folder, file, old, new, row, column, message, remedy):
    folder.edit(file, old, new)
    faults = folder.faults()
    found = [fault for fault in faults if (fault.file, fault.row, fault.column) == (file, row, column)]
    assert len(found) == 1, [str(fault) for fault in faults]
    assert message in found[0].message
    assert remedy in found[0].remedy


def test_unknown_source_key(folder):
    folder.write("sources.csv", "key,title,licence\ncpc_2024,Yearbook,CC BY 4.0\n")
    folder.edit("goods.csv", "basis,note", "basis,source,note")
    folder.edit("goods.csv", "7.5,assumed,", "7.5,observed,cpc_2042,")
    fault = folder.faults()[0]
    assert (fault.file, fault.row, fault.column) == ("goods.csv", 2, "source")
    assert (fault.message, fault.remedy) == ("unknown source 'cpc_2042'", "did you mean 'cpc_2024'?")


def test_unlimited_and_surrounding_blanks_are_read(folder):
    folder.edit("links.csv", ",40,Mt/yr", ", 40 , Mt/yr ")
    links = folder.read().tables["links"]
    assert list(links["capacity"]) == [40.0, float("inf"), 10.0]


def test_a_cell_at_fault_is_told_once(folder):
    folder.edit("supply.csv", ",60,", ",sixty,")
    assert [(f.file, f.row, f.column) for f in folder.faults()] == [("supply.csv", 2, "avoidable_cost")]


def test_announced_after_start(folder):
    folder.edit("instruments.csv", "start,end", "announced,start,end")
    folder.edit("instruments.csv", "2024-03-01,2024-06-01", "2024-04-01,2024-03-01,2024-06-01")
    (fault,) = folder.faults()
    assert (fault.row, fault.column) == (2, "announced")
    assert "blank for a surprise" in fault.remedy
