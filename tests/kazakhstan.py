"""The bundled case, read, calibrated and solved once for all tests of a session.

Tests of oil take the part that holds crude: nothing ties it to the other parts, so its answers are the same, sooner.
"""

from functools import cache

import remembered

from corridor.calibration import calibration_of
from corridor.case import part_of
from corridor.network import closure
from corridor.study import solve_case

CLOSED = {"start": "2024-03-01", "end": "2024-06-01"}


def whole():
    return remembered.read("kazakhstan")


@cache
def part(good):
    """The part of the case that holds this good."""
    return part_of(whole(), {good})


def case():
    return part("crude")


@cache
def calibration():
    return calibration_of(case())


def calibrated():
    return calibration().case


@cache
def base():
    return solve_case(calibrated())


@cache
def shut():
    """The Russian part of the CPC line closed for three months, a surprise."""
    return solve_case(calibrated(), with_=closure("cpc", **CLOSED))


@cache
def announced():
    """The same closure, known since the first of January, on the calendar of the surprise."""
    told = closure("cpc", **CLOSED, announced="2024-01-01")
    return solve_case(calibrated(), with_=told, calendar_with=[closure("cpc", **CLOSED)])
