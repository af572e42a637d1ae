"""Why variations have no answer, in a sentence."""

from collections import Counter

from corridor.sweep.words import why_none


def held(most, first):
    text = "Duty needs 20 Mt/yr through BTC from 2024-01-01 to 2025-01-01, and at most {} Mt/yr can pass. {}"
    return f"obliged: {text.format(most, f'binds first: {first}, at {most} Mt/yr' if first else '')}"


def test_minimum_volumes_are_told_together_with_what_holds_them():
    reasons = Counter({held("15.4", "Terminal (t)"): 6, held("19.7", "Terminal (t)"): 2, held("18", "Fleet (f)"): 1})
    assert why_none(reasons) == (
        "In 9 variations there is no answer, since this cannot be kept: Duty. At most 15.4 to 19.7 Mt/yr can pass; first "
        "binds Terminal (t) in 8; Fleet (f) in 1."
    )


def test_other_reasons_are_told_by_the_most_common():
    told = why_none({"calibration: no flow": 3, "KAZ has no imports": 1, held("7", ""): 1})
    assert told.startswith(
        "In 1 variation there is no answer, since this cannot be kept: Duty. At most 7 Mt/yr can pass"
    )
    assert told.endswith("In 4 variations there is no answer, mostly because of this: calibration: no flow.")
    assert why_none({}) == ""
