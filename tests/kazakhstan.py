"""The bundled case, read, calibrated and solved once for all tests of a session."""

from functools import cache

from corridor.calibration import calibration_of
from corridor.case import read_case
from corridor.network import closure
from corridor.study import solve_case

CLOSED = {"start": "2024-03-01", "end": "2024-06-01"}


@cache
def case():
    return read_case("kazakhstan")


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
