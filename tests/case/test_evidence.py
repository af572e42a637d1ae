"""What stands behind one figure."""

import math

import pytest

from corridor.case import evidence
from corridor.errors import QuestionError


@pytest.fixture
def cited(folder):
    folder.write(
        "sources.csv",
        "key,title,publisher,date,url,licence\n"
        "yearbook,Yearbook,Ministry,2024,https://example.org,CC BY 4.0\n"
        "press,An article,Agency,2025,,facts only\n",
    )
    folder.write(
        "evidence.csv",
        "table,id,column,source,confidence,basis,low,high,reason\n"
        "links,pipeline,capacity,press,high,derived,700,900,nameplate and a storm\n"
        "links,pipeline,tariff,,,,25,,\n",
    )
    folder.edit("links.csv", "basis,note", "basis,source,confidence,note")
    folder.edit("links.csv", "3,USD/t,RUS,assumed,", "3,USD/t,RUS,observed,yearbook,medium,of 2024")
    folder.edit("links.csv", ",10,,,USD/t,,assumed,tankers", ",10,,,USD/t,,,yearbook,,tankers")
    folder.edit("links.csv", "USD/t,KAZ,assumed,", "USD/t,KAZ,,,,")
    folder.edit("links.csv", ",40,Mt/yr,", ",800,kb/d,")
    return folder.read()


def test_a_row_of_evidence_overrides_the_row_itself(cited):
    found = evidence(cited, "links", "pipeline", "capacity")
    assert (found.value, found.unit, found.low, found.high) == ("800", "kb/d", "700", "900")
    assert [source.title for source in found.sources] == ["An article"]
    assert (found.confidence, found.basis) == ("high", "derived")
    assert (found.reason, found.note) == ("nameplate and a storm", "of 2024")
    per_barrel = 365.25e-3 / 7.5
    numbers = (found.canonical, found.canonical_low, found.canonical_high)
    assert numbers == pytest.approx((800 * per_barrel, 700 * per_barrel, 900 * per_barrel))


def test_blank_cells_of_evidence_leave_the_row_its_say(cited):
    found = evidence(cited, "links", "pipeline", "tariff")
    assert (found.value, found.unit, found.low, found.high) == ("30", "USD/t", "25", "")
    assert [source.licence for source in found.sources] == ["CC BY 4.0"]
    assert (found.confidence, found.basis) == ("medium", "observed")
    assert math.isnan(found.canonical_high)


def test_the_row_alone(cited):
    found = evidence(cited, "links", "pipeline", "length_km")
    assert (found.value, found.unit, found.canonical, found.reason) == ("1500", "", 1500.0, "")
    assert (found.confidence, found.basis) == ("medium", "observed")


def test_basis_and_confidence_where_nobody_says(cited):
    named = evidence(cited, "links", "tanker", "resource_cost")
    assert (named.confidence, named.basis) == ("low", "observed")
    silent = evidence(cited, "links", "railway", "resource_cost")
    assert (silent.confidence, silent.basis, silent.sources) == ("low", "assumed", ())


def test_a_changed_table_is_told_in_canonical_units(cited):
    links = cited.table("links")
    links.loc[0, "tariff"] = 31.0
    changed = cited.with_tables(links=links)
    found = evidence(changed, "links", "pipeline", "capacity")
    assert (found.unit, float(found.value)) == ("Mt/yr", pytest.approx(found.canonical))
    assert float(found.low) == pytest.approx(found.canonical_low)
    assert [source.key for source in found.sources] == ["press"]


def test_text_columns_have_evidence_too(cited):
    found = evidence(cited, "links", "pipeline", "mode")
    assert (found.value, found.unit) == ("pipeline", "")
    assert math.isnan(found.canonical)


@pytest.mark.parametrize(
    ("table", "row", "column", "message"),
    [
        ("link", "pipeline", "capacity", "no table 'link'; did you mean 'links'"),
        ("links", "pipelin", "capacity", "no row 'pipelin'; did you mean 'pipeline'"),
        ("links", "pipeline", "capacty", "no column 'capacty'; did you mean 'capacity'"),
        ("corridor_links", "x", "link", "no id of their own"),
    ],
)
def test_no_such_figure(cited, table, row, column, message):
    with pytest.raises(QuestionError, match=message):
        evidence(cited, table, row, column)
