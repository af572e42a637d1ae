"""What a sweep shares between variations changes no answer: each is what the library says of the varied case alone."""

import kazakhstan
import numpy as np
import pytest
from sweep.swept import LOST, SHARE, SHUT, design, gas

from corridor.calibration import calibration_of
from corridor.errors import CorridorError
from corridor.study import solve_case
from corridor.sweep.answers import answered, told_apart
from corridor.sweep.draw import changed, learned
from corridor.sweep.plan import plan_of
from corridor.sweep.work import Worker

EVERYTHING = [{}, {"parameter": "kappa"}]


def the_long_way(made, variation, number=0):
    """Every answer of a variation, each from a case calibrated, read, built and solved by itself."""
    values, nominal = made.values(variation), np.array([f.nominal for f in made.figures])
    told = {f.column: values[n] for n, f in enumerate(made.figures) if not f.table}
    part = made.parts[number]
    try:
        case = calibration_of(learned(part.case, part.slots, values, nominal)).case
        case = changed(case, part.slots, values, nominal, told.get("split", 0.0))
    except CorridorError:
        return [None] * len(part.asked)
    found = []
    for at, name in part.asked:
        question = made.design.ask[at]
        options = {
            "foresight": "perfect",
            "track": tuple(dict.fromkeys(d for n, _ in part.asked for d in told_apart(made.design.ask[n]))),
            "kappa": told.get("kappa"),
            "scarcity_as_cost": told.get("split", 0.0),
        }
        try:
            base, result = (
                solve_case(case, scenario, added, **options)
                for scenario, added in (part.scenarios["base"], part.scenarios[name])
            )
            found.append(answered(question, base, result))
        except CorridorError:
            found.append(None)
    return found


def assert_same(made, variations):
    worker = Worker(made)
    given = {v: [row.value for row in worker.rows(v)] for v in variations}
    for variation, values in given.items():
        for own, long in zip(values, the_long_way(made, variation), strict=True):
            assert (own is None) == (long is None)
            if own is not None:
                assert own == pytest.approx(long, rel=1e-6, abs=1e-7)
    return [value for values in given.values() for value in values]


def test_ten_variations_of_the_small_case():
    wanted = design(EVERYTHING, method="latin_hypercube", size=10, scenarios=[SHUT], ask=[SHARE, LOST])
    found = assert_same(plan_of(gas(), wanted), range(11))
    assert len({round(value, 6) for value in found if value is not None}) > 20  # they do differ


def test_five_variations_of_wheat():
    """A part with processes, bans and dated values."""
    share = {"what": "share", "good": "wheat", "of": "KAZ", "partner": "RUS", "direction": "imports"}
    bans = {"name": "wheat_bans", "scenario": "wheat_bans"}
    lost = {"what": "output_lost", "good": "flour"}
    wanted = design(EVERYTHING, method="latin_hypercube", size=5, scenarios=[bans], ask=[share, lost])
    found = assert_same(plan_of(kazakhstan.part("wheat"), wanted), range(1, 6))
    assert sum(value is not None for value in found) >= 10


def test_closures_alone_are_written_into_one_program():
    closed = [{"instrument": f"closure:{link}"} for link in ("northward", "export_line", "regas")]
    wanted = design(closed, method="full_factorial", scenarios=[SHUT], ask=[SHARE, LOST])
    made = plan_of(gas(), wanted)
    worker = Worker(made)
    for variation in range(9):
        rows = list(worker.rows(variation))
        switched = [i for n, i in made.parts[0].switches if made.values(variation)[n] > 0] if variation else []
        case = calibration_of(made.parts[0].case).case
        track = tuple(dict.fromkeys(d for ask in made.design.ask for d in told_apart(ask)))
        for (at, name), row in zip(made.parts[0].asked, rows, strict=True):
            base, result = (
                solve_case(case, "base", (*made.parts[0].scenarios[s][1], *switched), foresight="perfect", track=track)
                for s in ("base", name)
            )
            if row.value is None:
                with pytest.raises(CorridorError):
                    answered(made.design.ask[at], base, result)
            else:
                assert row.value == pytest.approx(answered(made.design.ask[at], base, result), rel=1e-6, abs=1e-7)
    assert all(program.reused == 9 and not program.anew for program in worker._programs.values())


def test_neither_order_nor_company_change_a_bit():
    wanted = design(EVERYTHING, method="latin_hypercube", size=6, scenarios=[SHUT], ask=[SHARE, LOST])
    made = plan_of(gas(), wanted)
    forth, back = Worker(made), Worker(made)
    first = {v: list(forth.rows(v)) for v in range(7)}
    again = {v: list(back.rows(v)) for v in reversed(range(7))}
    assert first == again
