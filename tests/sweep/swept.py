"""Designs and plans for tests of sweeps, over the small bundled case."""

from functools import cache

from corridor.case import read_case
from corridor.sweep.design import design_of
from corridor.sweep.plan import plan_of
from corridor.sweep.work import Worker

SHARE = {"what": "share", "good": "gas", "of": "BRA", "through": "BOL", "direction": "imports"}
LOST = {"what": "output_lost", "good": "gas"}
SHUT = {"name": "shut", "with": ["closure:export_line:2024-06-01:2024-09-01"]}


def design(vary=(), **keys):
    told = {"format": 1, "method": "one_at_a_time", "calendar": "year", "ask": [SHARE], **keys}
    return design_of({**told, "vary": list(vary) or [{"table": "links", "column": "tariff"}]}, "design.toml")


@cache
def gas():
    return read_case("gas_transit")


def plan(*vary, **keys):
    return plan_of(gas(), design(vary, **keys))


def answers(made):
    """Question and scenario -> the values of all variations."""
    worker = Worker(made)
    found = {}
    for variation in range(len(made.points)):
        for row in worker.rows(variation):
            found.setdefault((row.question, row.scenario), []).append(row.failure or row.value)
    return found
