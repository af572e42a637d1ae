"""What a sweep says: how answers spread, whether they hold, and which unknown moves them most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.sweep.store import connection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.program import Floats
    from corridor.sweep.store import Store

__all__ = ["Bar", "Shown", "Spread", "show", "spread_of"]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
HALF = 0.5
"""A share is a majority above this; a change keeps at least this share of its size."""
NOTHING = 1e-6
"""An answer below this, relative to the largest of the sweep, is none."""

MEASURES = {
    "one_at_a_time": "answer at the high end of the range less answer at the low end, all else as it is",
    "full_factorial": "mean answer at the high end of the range less mean answer at the low end",
    "latin_hypercube": "Spearman's rank correlation of the factor's place in its range with the answer",
    "sobol": "first-order Sobol index: share of the answers' variance that the factor explains alone",
    "morris": "mu*: mean size of the change of the answer, per range, when only the factor moves",
}


@dataclass(frozen=True)
class Spread:
    """How one answer spreads over the variations that have it."""

    question: str
    scenario: str
    unit: str
    own: float | None
    """the answer in the case as it is"""
    count: int
    failed: int
    low: float | None
    high: float | None
    mean: float | None
    quantiles: Mapping[float, float]
    rule: str
    """what it means that the answer holds"""
    holds: int
    """in how many of `count` it does"""


@dataclass(frozen=True)
class Bar:
    """How much one factor moves an answer: `value` by the sweep's measure; answers at its ends where they were worked out."""

    factor: str
    value: float
    at_low: float | None = None
    at_high: float | None = None
    spread: float | None = None
    """of Morris's effects: their standard deviation, which tells interaction and curvature"""


@dataclass(frozen=True)
class Shown:
    """Everything that `sweep show` tells."""

    spreads: tuple[Spread, ...]
    tornado: Mapping[tuple[str, str], tuple[Bar, ...]]
    """(question, scenario) -> factors, the largest first"""
    method: str
    measure: str
    variations: int
    done: int
    chance: float | None
    """size below which a bar cannot be told from chance; None where the method has no chance in it"""
    worst: float | None
    """the worst certificate of all answers"""
    failures: Mapping[str, int] = field(default_factory=dict)
    """reason -> in how many variations"""


def show(store: Store) -> Shown:
    """Read a sweep. One that is not finished is shown as far as it has come."""
    told = store.manifest
    design = store.design
    with connection() as db:
        answers = store.query(db, "SELECT * FROM answers ORDER BY question, scenario, variation")
        reasons = store.query(
            db,
            "SELECT failure, count(DISTINCT variation) AS n FROM answers "
            "WHERE failure IS NOT NULL AND variation > 0 GROUP BY failure ORDER BY n DESC, failure",
        )
    places = _places(store)
    rules = {q["question"]: q for q in told.questions}
    order = {q["question"]: n for n, q in enumerate(told.questions)}
    names = [name for _, name in sorted((f["order"], f["factor"]) for f in _factors(told.figures))]
    spreads: list[Spread] = []
    tornado: dict[tuple[str, str], tuple[Bar, ...]] = {}
    found = {
        (str(question), str(scenario)): rows for (question, scenario), rows in answers.groupby(["question", "scenario"])
    }
    for (question, scenario), rows in sorted(found.items(), key=lambda item: (order[item[0][0]], item[0][1] != "base")):
        value = rows["value"].to_numpy(dtype=float)
        at = rows["variation"].to_numpy()
        own = float(value[at == 0][0]) if (at == 0).any() and np.isfinite(value[at == 0][0]) else None
        drawn = at > 0
        spreads.append(
            spread_of(
                question,
                scenario,
                str(rows["unit"].iloc[0]),
                own,
                value[drawn],
                rules[question]["what"],
                rules[question]["above"],
                rules[question]["below"],
            )
        )
        if names and drawn.any():
            bars = _bars(design.method, names, places[at[drawn]], value[drawn])
            tornado[question, scenario] = tuple(sorted(bars, key=lambda b: -abs(b.value)))
    done = sum(last - first + 1 for n, (first, last) in enumerate(told.chunks) if n in store.done())
    return Shown(
        tuple(spreads),
        tornado,
        design.method,
        MEASURES[design.method],
        told.variations,
        done - 1 if 0 in store.done() else done,
        2.0 / max(1, done) ** 0.5 if design.method == "latin_hypercube" else None,
        None if answers["certificate"].isna().all() else float(answers["certificate"].max()),
        dict(zip(reasons["failure"], (int(n) for n in reasons["n"]), strict=True)),
    )


def spread_of(
    question: str,
    scenario: str,
    unit: str,
    own: float | None,
    value: Floats,
    what: str,
    above: float | None = None,
    below: float | None = None,
) -> Spread:
    """The spread of the answers of all variations; NaN where one has none."""
    there = value[np.isfinite(value)]
    rule, holds = _holding(what, own, there, above, below)
    nothing = not len(there)
    return Spread(
        question,
        scenario,
        unit,
        own,
        len(there),
        len(value) - len(there),
        None if nothing else float(there.min()),
        None if nothing else float(there.max()),
        None if nothing else float(there.mean()),
        {} if nothing else {q: float(np.quantile(there, q)) for q in QUANTILES},
        rule,
        int(holds.sum()),
    )


def _holding(
    what: str, own: float | None, value: Floats, above: float | None, below: float | None
) -> tuple[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """What it means to hold, and where it does: as the design says, else on the same side of one half, or alike in size."""
    if above is not None or below is not None:
        told = [f"above {above:g}"] if above is not None else []
        told += [f"below {below:g}"] if below is not None else []
        low, high = -np.inf if above is None else above, np.inf if below is None else below
        return " and ".join(told), (value > low) & (value < high)
    if own is None:
        return "the case as it is has no answer", np.zeros(len(value), dtype=bool)
    if what == "share":
        return ("above one half", value > HALF) if own > HALF else ("at most one half", value <= HALF)
    scale = max(float(np.abs(value).max(initial=0.0)), abs(own))
    if abs(own) <= NOTHING * scale or own == 0.0:
        return "none", np.abs(value) <= NOTHING * max(scale, 1.0)
    sides = ("a loss", "no loss but more") if what.endswith("_lost") else ("more", "less")
    side = sides[0] if own > 0 else sides[1]
    return f"{side}, at least half as large", np.sign(own) * value >= HALF * abs(own)


def _factors(figures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, int] = {}
    for figure in figures:
        found.setdefault(figure["factor"], len(found))
    return [{"factor": name, "order": order} for name, order in found.items()]


def _places(store: Store) -> Floats:
    """The points of the design again, (1 + variations, factors): they follow from it."""
    from corridor.sweep.sample import points

    return points(store.design, len(_factors(store.manifest.figures)))


def _bars(method: str, names: Sequence[str], places: Floats, value: Floats) -> list[Bar]:
    if method == "one_at_a_time":
        return _one_at_a_time(names, places, value)
    if method == "morris":
        return _effects(names, places, value)
    there = np.isfinite(value)
    places, value = places[there], value[there]
    if len(value) < 3 or np.ptp(value) <= NOTHING * max(1e-300, float(np.abs(value).max())):
        return [Bar(name, 0.0) for name in names]
    if method == "full_factorial":
        means = [(value[places[:, n] == 0.0], value[places[:, n] == 1.0]) for n in range(len(names))]
        ends = [(float(a.mean()), float(b.mean())) if len(a) and len(b) else (0.0, 0.0) for a, b in means]
        return [Bar(name, high - low, low, high) for name, (low, high) in zip(names, ends, strict=True)]
    if method == "sobol":
        found = [first_order(places[:, n], value) for n in range(len(names))]
    else:
        found = [float(r) for r in rank_correlations(places, value)]
    return [Bar(name, x) for name, x in zip(names, found, strict=True)]


def _one_at_a_time(names: Sequence[str], places: Floats, value: Floats) -> list[Bar]:
    bars = []
    for n, name in enumerate(names):
        low, high = (value[places[:, n] == end] for end in (0.0, 1.0))
        if len(low) and len(high) and np.isfinite([low[0], high[0]]).all():
            bars.append(Bar(name, float(high[0] - low[0]), float(low[0]), float(high[0])))
    return bars


def _effects(names: Sequence[str], places: Floats, value: Floats) -> list[Bar]:
    """Elementary effects (Morris 1991) and the mean of their size, mu* (Campolongo, Cariboni and Saltelli 2007)."""
    step = np.diff(places, axis=0)
    moved = (step != 0).sum(axis=1) == 1
    by_factor: list[list[float]] = [[] for _ in names]
    for k in np.flatnonzero(moved):
        n = int(np.flatnonzero(step[k])[0])
        effect = (value[k + 1] - value[k]) / step[k, n]
        if np.isfinite(effect):
            by_factor[n].append(float(effect))
    return [
        Bar(name, float(np.mean(np.abs(effects))), spread=float(np.std(effects)))
        for name, effects in zip(names, by_factor, strict=True)
        if effects
    ]


def rank_correlations(places: Floats, value: Floats) -> Floats:
    """Spearman's rank correlation of each column with the answers, shape (n,)."""
    from scipy.stats import rankdata

    ranks, rank = rankdata(places, axis=0), rankdata(value)
    ranks, rank = ranks - ranks.mean(axis=0), rank - rank.mean()
    size = np.sqrt((ranks**2).sum(axis=0) * (rank**2).sum())
    found: Floats = np.divide(rank @ ranks, size, out=np.zeros(ranks.shape[1]), where=size > 0)
    return found


def first_order(place: Floats, value: Floats) -> float:
    """First-order Sobol index from given data: variance of the means in sqrt(n) / 2 bins of a factor's range over the whole variance.

    Plischke, Borgonovo and Smith (2013); less what bins of pure noise would show, (bins - 1) / n of the rest. At least 0.
    """
    bins = int(0.5 * len(value) ** 0.5)
    if bins < 2:
        return 0.0
    at = np.minimum((place * bins).astype(int), bins - 1)
    count = np.bincount(at, minlength=bins)
    mean = np.bincount(at, weights=value, minlength=bins) / np.maximum(count, 1)
    between = float((count * (mean - value.mean()) ** 2).sum())
    total = float(((value - value.mean()) ** 2).sum())
    noise = (bins - 1) * (total - between) / max(1, len(value) - bins)
    return max(0.0, (between - noise) / total)
