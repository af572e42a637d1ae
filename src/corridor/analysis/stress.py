"""Which k closures together hurt most, and is that proven?

Definition: design section 6. Closures are known beforehand (perfect foresight): a plan, so that what is lost is what
cannot be helped. What spares solves is in closures.py, the order of the sets in worst_sets.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from corridor.analysis.closures import SharedProgram, Unit
from corridor.analysis.window import days_of, periods_in
from corridor.analysis.world import (
    amount,
    corridor_links,
    country_name,
    must_have,
    must_have_country,
    name_of,
    percent,
    period_words,
    word_for,
)
from corridor.analysis.worst_sets import search
from corridor.calibration import calibrate
from corridor.case import corridor_screens, part_of
from corridor.errors import QuestionError
from corridor.network import Distinction, Instrument, crossed_countries, goods_touched, instruments_of
from corridor.study import answer, ask

if TYPE_CHECKING:
    from corridor.analysis.closures import Outcome
    from corridor.analysis.worst_sets import Searched
    from corridor.case import Case
    from corridor.program import Bools
    from corridor.result import Result

__all__ = ["ClosureSet", "Loss", "Over", "Stress", "candidates_of", "stress"]

Over = Literal["corridors", "countries", "links"]
Loss = Literal["exports", "unserved", "gains", "objective"]

MOST_SOLVES = 1_200
"""More solves than this, about a minute's, are not made: then the search is from the best sets, and proves nothing."""
NOTHING = 1e-6
"""Losses that differ by less than this share of the base are the same."""


@dataclass(frozen=True)
class ClosureSet:
    """A set of closures and what it costs."""

    closures: tuple[str, ...]
    loss: float | None
    """None where the set has no answer; `why_absent` says why"""
    share: float | None
    """of the base: exports, wanted deliveries; None for losses in money"""
    alternatives: tuple[tuple[str, ...], ...] = ()
    """for each closure, others that shut the same (sections of one pipe)"""
    same: tuple[tuple[str, ...], ...] = ()
    """other sets that lose the same, to a millionth of the base; those that add to this one are left out"""
    broken: tuple[str, ...] = ()
    """agreements that cannot be kept under it, and gave way"""
    why_absent: str = ""


@dataclass(frozen=True)
class Stress:
    """The answer to a stress question. Losses are in `unit`, of goods over the window, of money over the calendar."""

    good: str
    of: str
    k: int
    over: str
    measure: str
    base: float
    """exports, wanted deliveries, gains or objective without closures"""
    unit: str
    window: str
    sets: tuple[ClosureSet, ...]
    """those that change anything, worst first"""
    proven: bool
    """every set was solved, or proved equal to one with fewer closures"""
    bound: float | None
    """no set costs more than this; None where it is not proven"""
    idle: tuple[str, ...]
    """candidates that carry nothing in any optimum of the base"""
    already_shut: tuple[str, ...]
    """candidates on which nothing can pass as it is"""
    candidates: tuple[str, ...]
    solves: int
    equal: int
    """sets proved equal to one solved"""
    sentence: str = ""
    warnings: tuple[str, ...] = ()
    result: Result | None = field(default=None, repr=False, compare=False)
    """the base"""


def stress(
    case: Case,
    *,
    good: str,
    for_: str,
    k: int = 1,
    over: Over = "corridors",
    loss: Loss = "exports",
    window: tuple[str, str] | None = None,
    scenario: str = "base",
    with_: Instrument | Iterable[Instrument] = (),
    candidates: Iterable[str] | None = None,
    most_solves: int = MOST_SOLVES,
    tell: Callable[[str], None] = lambda _: None,
) -> Stress:
    """The worst sets of at most `k` closures for a country's trade in a good, ranked.

    Candidates carry the good and are not wholly inside the country: corridors and the links over its border (`corridors`,
    the default), all links that another country controls (`countries`), or links; `candidates` names others. They are shut
    over `window`, a pair of ISO dates; None: the whole calendar. The loss is the fall of the country's exports of the good
    in the window, the rise of what its consumers lack in it, or the fall of its gains or of the market objective, over the
    calendar.
    Raises `QuestionError` for a question that the case cannot be asked.
    """
    added = (with_,) if isinstance(with_, Instrument) else tuple(with_)
    _check(case, good, for_, k, over, loss)
    asked = (*added, *(i for i in instruments_of(case, scenario) if i.scenarios))
    part = calibrate(part_of(case, {good, *(goods_touched(case, asked) if asked else ())}))
    dates = days_of(window) if window else ()
    track = (Distinction(good, frozenset({for_})),) if loss == "exports" else ()
    base = answer(ask(part, scenario, added, foresight="perfect", dates=dates, track=track))
    inside = periods_in(base, window) > 0
    value = _value(base, loss, good, for_, inside)
    shared = SharedProgram(base, inside, lambda told: value - _value(told, loss, good, for_, inside))
    named = _named(part, good, for_, over) if candidates is None else _given(part, candidates)
    units, already = _units(shared, part, named)
    tell(f"{len(units)} candidates that differ, of {len(named)}")
    searched = search(shared, units, k, most_solves, tell)
    whole = _whole(base, loss, good, for_, inside, value)
    sets = _ranked(searched, units, whole)
    nothing = searched.outcomes[0].idle
    periods = np.flatnonzero(inside)
    told = Stress(
        good=good,
        of=for_,
        k=k,
        over=over,
        measure=loss,
        base=whole if whole is not None else value,
        unit=base.network.good_unit[base.network.goods.index(good)]
        if loss in ("exports", "unserved")
        else "million USD",
        window=f"{base.network.periods.starts[periods[0]]}/{base.network.periods.ends[periods[-1]]}",
        sets=sets,
        proven=searched.whole,
        bound=max((s.loss for s in sets if s.loss is not None), default=0.0) if searched.whole else None,
        idle=tuple(name for unit, idle in zip(units, nothing, strict=True) if idle for name in unit.names),
        already_shut=already,
        candidates=tuple(named),
        solves=shared.solves,
        equal=searched.equal,
        warnings=_warnings(sets),
        result=base,
    )
    return replace(told, sentence=_sentence(part, told))


def _check(case: Case, good: str, country: str, k: int, over: str, loss: str) -> None:
    must_have(case, "goods", good, "good")
    must_have_country(case, [country])
    for name, value, allowed in (("over", over, get_args(Over)), ("loss", loss, get_args(Loss))):
        if value not in allowed:
            raise QuestionError(f"{name} is {' or '.join(allowed)}, not {value!r}")
    if k < 1:
        raise QuestionError(f"k is the most closures in a set, at least 1, not {k}")


def _named(case: Case, good: str, country: str, over: str) -> dict[str, tuple[str, ...]]:
    """Candidate -> its links: those that carry the good, if not all of them lie inside the country."""
    links = case.tables["links"]
    where = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    crossed = dict(zip(links["id"], crossed_countries(case), strict=True))
    ends = {n: (where[a], where[b]) for n, a, b in zip(links["id"], links["from"], links["to"], strict=True)}
    carries = {name for name, goods in zip(links["id"], links["goods"], strict=True) if good in goods}
    outside = {name for name in carries if crossed[name] != {country}}
    if over == "links":
        return {name: (name,) for name in links["id"] if name in outside}
    if over == "countries":
        by = {n: control or ends[n][0] for n, control in zip(links["id"], links["controlled_by"], strict=True)}
        return {
            other: tuple(n for n in links["id"] if n in carries and by[n] == other)
            for other in sorted({by[n] for n in carries} - {country})
        }
    found = {name: corridor_links(case, name) for name in corridor_screens(case)}
    found = {name: members for name, members in found.items() if set(members) & outside}
    border = (n for n in links["id"] if n in carries and len(set(ends[n])) == 2 and country in ends[n])
    return found | {name: (name,) for name in border}


def candidates_of(case: Case, good: str, country: str) -> dict[str, tuple[str, ...]]:
    """Candidate -> its links: corridors that carry a good and are not wholly inside a country, and its border links."""
    return _named(case, good, country, "corridors")


def _given(case: Case, candidates: Iterable[str]) -> dict[str, tuple[str, ...]]:
    corridors = set(corridor_screens(case))
    found = {}
    for name in candidates:
        if name not in corridors:
            must_have(case, "links", name, "corridor or link")
        found[name] = corridor_links(case, name) if name in corridors else (name,)
    return found


def _units(
    shared: SharedProgram, case: Case, named: dict[str, tuple[str, ...]]
) -> tuple[tuple[Unit, ...], tuple[str, ...]]:
    """Candidates that differ in what they shut, and those on which nothing can pass anyway."""
    ids = shared.base.network.links.ids
    released = _released(shared.base, case)
    nothing = shared.following(np.zeros_like(shared.zeros.known))
    units: dict[tuple[bytes, frozenset[str]], Unit] = {}
    already: list[str] = []
    for name, members in named.items():
        links = np.array([ids.index(link) for link in members], dtype=np.int64)
        columns = shared.following(shared.shut(links))
        releases = frozenset().union(*(released.get(link, frozenset()) for link in members))
        if (columns == nothing).all() and not releases:
            already.append(name)
            continue
        key = (np.packbits(columns).tobytes(), releases)
        before = units.get(key)
        names = (*before.names, name) if before else (name,)
        units[key] = Unit(names, before.links if before else links, columns, releases)
    return tuple(units.values()), tuple(already)


def _released(base: Result, case: Case) -> dict[str, frozenset[str]]:
    """Links whose closure releases agreements (force majeure), and which."""
    screens, found = corridor_screens(case), dict[str, frozenset[str]]()
    for i in base.network.instruments:
        if i.kind == "agreement" and i.force_majeure:
            link = screens.get(i.target, i.target)
            found[link] = found.get(link, frozenset()) | {i.id}
    return found


def _value(result: Result, loss: str, good: str, country: str, inside: Bools) -> float:
    """What the loss is a fall of: exports, deliveries lacking (negative), gains, objective."""
    net = result.network
    years = net.years * inside
    if loss == "objective":
        return result.objective
    if loss == "gains":
        gains = result.gains
        return float(gains.loc[gains["country"] == country, "value"].sum())
    here = np.array([net.node_country[n] == country for n in net.demands.node], dtype=bool)
    if loss == "unserved":
        mine = here & (net.demands.good == net.goods.index(good))
        mine[net.own_demands :] = False
        lacking = np.maximum(net.demands.reference - result.reading.demand, 0.0)
        return -float(years @ lacking[:, mine].sum(axis=1))
    own = np.array([s.good == good and s.origins == frozenset({country}) for s in net.streams], dtype=bool)
    pairs = own[net.demands.take_stream] & ~here[net.demands.take_demand]
    return float(years @ result.reading.take[:, pairs].sum(axis=1))


def _whole(result: Result, loss: str, good: str, country: str, inside: Bools, value: float) -> float | None:
    """What a loss is a share of: exports, or what the country's consumers want; nothing for money, whose zero says little."""
    if loss == "exports":
        return value
    if loss != "unserved":
        return None
    net = result.network
    here = np.array([net.node_country[n] == country for n in net.demands.node], dtype=bool)
    mine = here & (net.demands.good == net.goods.index(good))
    mine[net.own_demands :] = False
    return float((net.years * inside) @ net.demands.reference[:, mine].sum(axis=1))


def _ranked(searched: Searched, units: tuple[Unit, ...], whole: float | None) -> tuple[ClosureSet, ...]:
    """Sets that lose or win something, worst first; of those that lose the same the smallest, with the others beside it.

    Sets without an answer come first, as nothing bounds what they cost.
    """
    scale = max([abs(o.loss) for o in searched.outcomes if o.loss is not None] + [whole or 0.0]) or 1.0
    groups: dict[float | tuple[int, ...], list[Outcome]] = {}
    for o in sorted((o for o in searched.outcomes if o.members), key=lambda o: (len(o.members), o.members)):
        step = o.members if o.loss is None else round(o.loss / (NOTHING * scale)) * NOTHING * scale
        groups.setdefault(step, []).append(o)

    def told(first: Outcome, *rest: Outcome) -> ClosureSet:
        chosen = [units[m] for m in first.members]
        others = [
            s for o in (first, *rest) for s in (*([] if o is first else [o.members]), *searched.same.get(o.members, []))
        ]
        kept = [set(first.members), *map(set, others)]
        return ClosureSet(
            closures=tuple(u.names[0] for u in chosen),
            loss=first.loss,
            share=None if first.loss is None or not whole else first.loss / whole,
            alternatives=tuple(u.names[1:] for u in chosen),
            same=tuple(tuple(units[m].names[0] for m in s) for s in others if not any(o < set(s) for o in kept)),
            broken=first.broken,
            why_absent=first.why,
        )

    def order(step: float | tuple[int, ...]) -> float:
        return -step if isinstance(step, float) else -np.inf

    return tuple(told(*groups[step]) for step in sorted(groups, key=order) if step != 0.0)


def _warnings(sets: tuple[ClosureSet, ...]) -> tuple[str, ...]:
    absent = sum(s.loss is None for s in sets)
    return (f"{absent} sets have no answer: {sets[0].why_absent}",) if absent else ()


def _sentence(case: Case, s: Stress) -> str:
    what = {
        "exports": f"{country_name(s.of)}'s {word_for(case, s.good)} exports",
        "unserved": f"{country_name(s.of)}'s consumers of {word_for(case, s.good)}",
        "gains": f"{country_name(s.of)}'s gains",
        "objective": "the market as a whole",
    }[s.measure]
    span = period_words(s.window)
    kind = {"corridors": "closure", "countries": "country", "links": "closed link"}[s.over]
    plural = {"corridors": "closures", "countries": "countries", "links": "closed links"}[s.over]
    least = f"at most {s.k} {plural if s.k > 1 else kind}"
    worst = next((c for c in s.sets if c.loss is not None), None)
    proof = (
        f"proven: {s.solves} solves, {s.equal} sets equal to one of them"
        if s.proven
        else f"not proven: the best found in {s.solves} solves"
    )
    if worst is None or worst.loss is None or worst.loss <= NOTHING * max(abs(s.base), 1e-9):
        return f"No set of {least} costs {what} anything in {span} ({proof})."
    *first, last = (country_name(c) if s.over == "countries" else name_of(case, c) for c in worst.closures)
    names = f"{', '.join(first)} and {last}" if first else last
    whole = f" of {amount(s.base, s.unit)} ({percent(worst.share)})" if worst.share is not None else ""
    return f"Worst for {what}, {least} in {span}: {names}; {amount(worst.loss, s.unit)}{whole} lost ({proof})."
