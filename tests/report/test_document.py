"""A document that a page can't show is refused, with the place of every fault."""

import copy

import pytest
from report.sample import grouped_document, sample_document

from corridor.errors import ReportError
from corridor.report import check_document


def block(document, kind):
    """The first block of a type, with its place."""
    for i, section in enumerate(document["sections"]):
        for j, one in enumerate(section["blocks"]):
            if one["type"] == kind:
                return one, f"sections[{i}].blocks[{j}]"
    raise AssertionError(kind)


def test_sample_is_in_order_and_unchanged():
    document = sample_document()
    kept = copy.deepcopy(document)
    assert check_document(document) == kept
    assert document == kept


def spoil_link(b):
    b["links"][3]["from"] = "atlantis"


def spoil_flow(b):
    b["views"][0]["flows"]["atlantis"] = 1.0


def spoil_number(b):
    b["views"][0]["flows"]["btc"] = float("nan")


def spoil_capacity(b):
    b["links"][0]["capacity"] = float("inf")


def spoil_twice(b):
    b["nodes"].append(b["nodes"][0])


def spoil_latitude(b):
    b["nodes"][0]["lat"] = 460.0


def spoil_back(b):
    b["links"].append({"source": "med", "target": "cpc", "value": 1.0})


def spoil_both(b):
    b["views"] = [{"id": "a", "title": "A", "links": []}]


def spoil_column(b):
    b["nodes"][0]["column"] = 7


def spoil_length(b):
    b["series"][0]["values"].pop()


def spoil_reference(b):
    b["reference"]["values"].append(1.0)


def spoil_period(b):
    b["periods"][2]["end"] = "2024-03-01"


def spoil_total(b):
    b["rows"][0]["total"] += 10


def spoil_role(b):
    b["rows"][1]["parts"][0]["role"] = "pirates"


def spoil_row(b):
    b["views"][1]["cells"].pop()


def spoil_pair(b):
    b["views"][0]["cells"][2].pop()


def spoil_parts(b):
    b["views"][0]["cells"][0][1]["parts"][0]["value"] = 1.0


def spoil_mark(b):
    del b["mark"]


def spoil_share(b):
    del b["share_of"]


def spoil_choice(b):
    b["rows"][2]["dominated"]["than"] = "surrenders"


def spoil_empty(b):
    b["views"][0]["cells"][1][2]["parts"] = [{"role": "producers", "value": 1.0}]


def spoil_key(b):
    b["rows"][5]["flo"] = 1.0


def spoil_cell(b):
    b["rows"][5]["flow"] = {"value": 1.0, "sauce": ["x"]}


def spoil_type(b):
    b["type"] = "pie"


@pytest.mark.parametrize(
    ("kind", "spoil", "message"),
    [
        ("maps", spoil_link, r".links[3].from: no node 'atlantis'"),
        ("maps", spoil_flow, r".views[0].flows: no link 'atlantis'"),
        ("maps", spoil_number, r".flows.btc: Input should be a finite number"),
        ("maps", spoil_capacity, r".links[0].capacity: Input should be a finite number"),
        ("maps", spoil_twice, r".nodes: the id 'tengiz' stands twice"),
        ("maps", spoil_latitude, r".nodes[0].lat: Input should be less than or equal to 90"),
        ("sankey", spoil_back, r"runs from column 2 to 1, not onwards"),
        ("sankey", spoil_both, r"either `links` or `views`"),
        ("sankey", spoil_column, r"stands in column 7, there are 3"),
        ("series", spoil_length, r".series[0].values: 11 values for 12 periods"),
        ("series", spoil_reference, r".reference.values: 13 values for 12 periods"),
        ("series", spoil_period, r".periods[2]: ends 2024-03-01, not after it starts 2024-03-01"),
        ("bars", spoil_total, r"the parts of 'Kazakhstan' add up to -4120, the total says -4110"),
        ("bars", spoil_role, r"no role 'pirates'"),
        ("matrix", spoil_row, r".views[1].cells: 2 rows of cells for 3 rows"),
        ("matrix", spoil_pair, r".views[0].cells[2]: 2 cells for 3 columns"),
        ("matrix", spoil_parts, r".views[0].cells[0][1]: the parts add up to 42, the value says -82"),
        ("matrix", spoil_mark, r".views[0].cells[1][1]: it is marked, and nothing says what the mark means"),
        ("matrix", spoil_share, r".views[0].cells[0][0]: it has a share, and nothing says of what"),
        ("matrix", spoil_choice, r".rows: no choice 'surrenders'"),
        ("matrix", spoil_empty, r".views[0].cells[1][2]: it has parts and no value"),
        ("table", spoil_key, r".rows: no column 'flo'"),
        ("table", spoil_cell, r"sauce"),
        ("text", spoil_type, r"Input tag 'pie'"),
    ],
)
def test_fault_is_told_with_its_place(kind, spoil, message):
    document = sample_document()
    one, place = block(document, kind)
    spoil(one)
    with pytest.raises(ReportError) as told:
        check_document(document)
    assert message in str(told.value)
    assert place in str(told.value)


def spoil_happening(b):
    b["rows"][0]["end"] = b["rows"][0]["start"]


def spoil_dates(b):
    b["rows"][0] |= {"start": None, "end": None}


def spoil_same(b):
    b["rows"].append(b["rows"][0])


def spoil_group(b):
    b["group"] = "Fish"


def spoil_lead(b):
    b["items"][0]["section"] = "atlantis"


@pytest.mark.parametrize(
    ("kind", "spoil", "message"),
    [
        ("timeline", spoil_happening, ".rows[0]: ends 2024-01-01, not after it starts 2024-01-01"),
        ("timeline", spoil_dates, ".rows[0]: 'quota' has neither a start nor an end"),
        ("timeline", spoil_same, ".rows: the id 'quota' stands twice"),
        ("answers", spoil_group, ".group: no section is of the group 'Fish'"),
        ("answers", spoil_lead, ".items[0].section: no section 'atlantis'"),
    ],
)
def test_fault_of_a_grouped_document_is_told_with_its_place(kind, spoil, message):
    document = grouped_document()
    check_document(document)
    one, place = block(document, kind)
    spoil(one)
    with pytest.raises(ReportError) as told:
        check_document(document)
    assert f"{place}{message}" in str(told.value)


def test_all_faults_at_once():
    document = sample_document()
    one, _ = block(document, "maps")
    spoil_link(one)
    spoil_twice(one)
    with pytest.raises(ReportError) as told:
        check_document(document)
    assert "atlantis" in str(told.value)
    assert "twice" in str(told.value)


def test_newer_format_is_refused():
    with pytest.raises(ReportError, match="format"):
        check_document(sample_document() | {"format": 2})


@pytest.mark.parametrize("nothing", [None, [], "text", {}])
def test_what_is_no_document_is_refused(nothing):
    with pytest.raises(ReportError, match="not in order"):
        check_document(nothing)
