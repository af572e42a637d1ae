"""Schemathesis asks what the interface says can be asked, and what it says cannot: never a 5xx, never an undeclared reply."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

EXAMPLES = int(os.environ.get("CORRIDOR_EXAMPLES", "6"))
"""Of each operation; scripts/campaign app_fuzz has many."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="session")
def schema(served):
    return schemathesis.openapi.from_url(f"{served.address}/api/openapi.json")


def test_types_of_every_document_are_told(schema):
    names = set(schema.raw_schema["components"]["schemas"])
    assert {
        "RunState",
        "CaseState",
        "SolveDocument",
        "CompareDocument",
        "ShareDocument",
        "ErrorDocument",
        "MapPage",
    } <= names
    told = [ref for ref in references(schema.raw_schema) if ref.rpartition("/")[2] not in names]
    assert told == []


def references(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key == "$ref" and isinstance(inner, str) else references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_no_question_breaks_the_server(schema, mode):
    for operation in [found.ok() for found in schema.get_all_operations()]:
        if mode is GenerationMode.NEGATIVE and not operation.body:
            continue  # any text is a sound path or query

        @settings(
            max_examples=EXAMPLES,
            derandomize="CORRIDOR_EXAMPLES" not in os.environ,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def never(case):
            case.call_and_validate(checks=CHECKS)

        never()
