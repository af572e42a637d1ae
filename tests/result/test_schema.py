"""JSON answers: they fit their published types, say nothing more, and hold no number that is none."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from corridor.network import closure
from corridor.result.documents import DOCUMENTS
from corridor.result.schema import as_rows, envelope, schemas, solve_payload
from corridor.study import solve_case

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "schema"


def document(result, **more):
    asked = {"case": "toy", "with": [{"kind": "closure", "target": "via_b"}]}
    return envelope("solve", asked, result, "A sentence.", solve_payload(result), sources=["a"], **more)


def fits(verb, told):
    """Valid, and every key of the document is declared: what the model keeps is all there was."""
    model = DOCUMENTS[verb].model_validate(told)
    return model.model_dump(by_alias=True, exclude_unset=True) == told


def test_published_schemas_are_up_to_date():
    # Stale: `write_schemas(Path("docs/reference/schema"))` of corridor.result.schema writes them.
    assert {p.name: p.read_text(encoding="utf-8") for p in PUBLISHED.glob("*.json")} == schemas()


@pytest.mark.parametrize("which", ["base", "shut"])
def test_solve_document_fits(which, request):
    told = document(request.getfixturevalue(which))
    assert fits("solve", told)
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_it_says_what_the_tables_say(shut):
    told = document(shut)["result"]
    for name in ("flows", "supply", "deliveries", "unserved", "stocks"):
        table = getattr(shut, name)
        assert pd.DataFrame(told[name]).equals(table.reset_index(drop=True)), name
    assert told["objective"] == shut.objective
    assert sum(row["value"] for row in told["gains"]) == pytest.approx(shut.gains["value"].sum(), rel=1e-12)


def test_head(shut):
    told = document(shut, warnings=["one more"])
    assert (told["schema"], told["verb"], told["case"], told["scenario"]) == (1, "solve", "toy", "base")
    assert told["case_hash"] == shut.case.hash
    assert told["certificate"]["passed"]
    assert len(told["certificate"]["stages"]) == len(shut.stages)
    assert told["warnings"] == [*shut.warnings, "one more"]
    assert {row["name"] for row in told["binding"]} >= {"ac"}


def test_price_where_nothing_passes_is_null_with_its_reason(case):
    both = [closure(c, start="2024-03-01", end="2024-06-01") for c in ("via_b", "via_sea")]
    told = document(solve_case(case, with_=both))
    absent = [row for row in told["result"]["prices"] if row["value"] is None]
    assert {row["node"] for row in absent} == {"c"}
    assert all(row["why_absent"] for row in absent)
    assert fits("solve", told)


def test_window(shut):
    whole, part = solve_payload(shut), solve_payload(shut, ("2024-03-01", "2024-06-01"))
    assert {row["period"][:7] for row in part["flows"]} == {"2024-03", "2024-04", "2024-05"}
    assert part["netback"] == whole["netback"]
    spring = shut.gains[shut.gains["period"].str[:7].isin(["2024-03", "2024-04", "2024-05"])]
    assert sum(row["value"] for row in part["gains"]) == pytest.approx(spring["value"].sum(), rel=1e-12)


def test_numbers_that_are_none():
    table = pd.DataFrame({"what": ["a", "b", "c"], "before": [1.0, np.inf, np.nan], "after": [0.1, np.nan, 2.0]})
    assert as_rows(table) == [
        {"what": "a", "before": 1.0, "after": 0.1},
        {"what": "b", "before": None, "after": None, "why_absent": "before: unlimited; after: not known"},
        {"what": "c", "before": None, "after": 2.0, "why_absent": "before: not known"},
    ]
    said = pd.DataFrame({"value": [np.nan], "why_absent": ["nothing passes"]})
    assert as_rows(said) == [{"value": None, "why_absent": "nothing passes"}]


def test_numbers_of_numpy_and_numbers_that_are_none_in_a_body(base):
    body = {"value": np.float64(0.1), "low": math.nan, "deep": [{"n": np.int64(3), "top": math.inf, "on": np.True_}]}
    told = envelope("share", {}, base, "A sentence.", body)["result"]
    assert told == {
        "value": 0.1,
        "low": None,
        "why_absent": "low: not known",
        "deep": [{"n": 3, "top": None, "on": True, "why_absent": "top: unlimited"}],
    }
    json.dumps(told, allow_nan=False)
