"""Which share of a country's exports or imports crosses a country or a corridor, or comes from a partner?

Definitions: design section 6. A share counts each unit once, however often it crosses; goods delivered in the country
crossed are no transit and stand apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from corridor.analysis.tracing import Marks, trace
from corridor.analysis.window import periods_in
from corridor.analysis.world import (
    amount,
    country_name,
    must_have,
    must_have_country,
    name_of,
    percent,
    period_words,
    word_for,
)
from corridor.case import corridor_screens, route_screens
from corridor.errors import QuestionError
from corridor.network import Distinction
from corridor.study import answer

if TYPE_CHECKING:
    from corridor.analysis.security import Security
    from corridor.case import Case
    from corridor.network import Network
    from corridor.program import Floats, Ints
    from corridor.result import Reading, Result

__all__ = ["Route", "Share", "Told", "measure", "share"]

Direction = Literal["exports", "imports"]


@dataclass(frozen=True)
class Route:
    """The part of a share that takes one route corridor; corridor "" is the part that crosses none."""

    corridor: str
    quantity: float
    share: float


@dataclass(frozen=True)
class Share:
    """The answer to a share question. Quantities are volumes over `period`, in `unit`."""

    good: str
    of: str
    how: str
    """`through`, `partner`, `touching` or `via`"""
    what: str
    """the country or corridor asked about"""
    value: float
    quantity: float
    total: float
    unit: str
    period: str
    direction: str
    denominator: str
    basis: str
    delivered_in: float
    """volume delivered in the country asked about, which is no transit through it"""
    routes: tuple[Route, ...]
    """by route corridor; their quantities add up to `quantity`"""
    all_routes: tuple[Route, ...]
    """how all of `total` is carried, whether or not it counts"""
    hhi: float
    """Herfindahl-Hirschman index of route shares, 0 to 10,000"""
    low: float | None = None
    high: float | None = None
    """range over solutions that cost at most 0.1 % of the good's system cost more; None where not worked out, with the reason in `warnings`"""
    data_low: float | None = None
    data_high: float | None = None
    """range over what sources say differently"""
    sentence: str = ""
    warnings: tuple[str, ...] = field(default=())
    result: Result | None = field(default=None, repr=False, compare=False)
    """the result that was read, with the stream told apart"""
    window: tuple[str, str] | None = field(default=None, repr=False, compare=False)
    """ISO dates that were asked about; None for the whole calendar"""

    @cached_property
    def security(self) -> Security | None:
        """N-1, concentration of partners, days of cover and spare border capacity; None for a share without its result."""
        if self.result is None:
            return None
        from corridor.analysis.security import security

        return security(self.result, self.good, self.of, self.direction, periods_in(self.result, self.window))


def share(
    result: Result,
    *,
    good: str,
    of: str,
    through: str | None = None,
    partner: str | None = None,
    touching: str | None = None,
    via: str | None = None,
    direction: Direction = "exports",
    over: Literal["trade", "use"] = "trade",
    basis: Literal["contractual", "physical"] = "contractual",
    window: tuple[str, str] | None = None,
    ranges: bool = True,
) -> Share:
    """The share of a country's trade in a good that goes through, to or by something; exactly one of the four is given.

    `window` is a pair of ISO dates; only periods wholly inside count. A result that does not tell the country's goods
    apart is solved again with them as a stream of their own, and must reach the same objective.
    Raises `QuestionError` for a question that the case cannot be asked.
    """
    asked = {"through": through, "partner": partner, "touching": touching, "via": via}
    given = {how: what for how, what in asked.items() if what}
    if len(given) != 1:
        raise QuestionError(
            "a share is through a country, with a partner, touching a country or via a corridor: give one"
        )
    how, what = next(iter(given.items()))
    _check(result, good, of, how, what, direction, over, basis)
    told = _told_apart(result, good, of, what if how != "via" else None, direction)
    answered = measure(told, good, of, how, what, direction, over, basis, window)
    if ranges:
        from corridor.analysis.share_range import with_range

        answered = with_range(told, answered, window)
    return replace(answered, sentence=_sentence(told, answered), result=told, window=window)


def _check(result: Result, good: str, of: str, how: str, what: str, direction: str, over: str, basis: str) -> None:
    must_have(result.case, "goods", good, "good")
    must_have_country(result.case, [of])
    if how == "via":
        must_have(result.case, "corridors", what, "corridor")
    else:
        must_have_country(result.case, [what])
        if what == of:
            raise QuestionError(f"a share of {of}'s trade {how} {of} itself is no question: give another country")
    for name, value, allowed in (
        ("direction", direction, ("exports", "imports")),
        ("over", over, ("trade", "use")),
        ("basis", basis, ("contractual", "physical")),
    ):
        if value not in allowed:
            raise QuestionError(f"{name} is {' or '.join(allowed)}, not {value!r}")


def _told_apart(result: Result, good: str, of: str, what: str | None, direction: str) -> Result:
    """The result itself if its streams answer the question, else the same question solved with streams that do."""
    wanted = [frozenset({of})] + ([frozenset({what})] if what and direction == "imports" else [])
    streams = [s for s in result.network.streams if s.good == good]
    producers = frozenset().union(*(s.origins for s in streams)) if streams else frozenset()
    missing = [w for w in wanted if w & producers and any(s.origins & w and not s.origins <= w for s in streams)]
    if not missing:
        return result
    track = (*result.question.track, *(Distinction(good, origins) for origins in missing))
    again = answer(replace(result.question, track=track))
    scale = max(1.0, abs(result.objective))
    if abs(again.objective - result.objective) > 1e-6 * scale:
        raise QuestionError(
            f"telling {of}'s {good} apart changed the objective from {result.objective:.6g} to {again.objective:.6g}; "
            "this is a fault of the program, please report it"
        )
    return again


class Told(Protocol):
    """Flows of a case, solved or reconciled."""

    @property
    def case(self) -> Case:
        """the case"""

    @property
    def network(self) -> Network:
        """its network"""

    @property
    def reading(self) -> Reading:
        """the flows"""

    @property
    def crossed(self) -> tuple[frozenset[str], ...]:
        """countries that each link crosses"""


def measure(
    result: Told,
    good: str,
    of: str,
    how: str,
    what: str,
    direction: str,
    over: str,
    basis: str,
    window: tuple[str, str] | None,
) -> Share:
    """The share in flows as they are, without range and sentence."""
    net, reading = result.network, result.reading
    periods = periods_in(result, window)
    years = net.years * periods
    marks = marks_of(result, how, what)
    by_demand, trade = _carried(net, reading, marks, _kinds(net, good, of, how, what, direction), basis, years)
    country = np.array([net.node_country[n] for n in net.demands.node])
    abroad = (country != of) if direction == "exports" else (country == of)
    inside = country == what
    total = _total(net, reading, years, good, of, direction, over)
    if how == "partner":
        chosen = by_demand.sum(axis=2) * (abroad & inside if direction == "exports" else abroad)[:, None]
    elif how == "touching":
        chosen = np.where(inside[:, None], by_demand.sum(axis=2), by_demand[:, :, 1]) * abroad[:, None]
    else:
        chosen = by_demand[:, :, 1] * (abroad & ~inside)[:, None]
    quantity = float(chosen.sum())
    routes = _routes(chosen.sum(axis=0), marks, total)
    everything = _routes(trade[abroad].sum(axis=(0, 2)), marks, total)
    shares = np.array([r.quantity for r in everything])
    return Share(
        good=good,
        of=of,
        how=how,
        what=what,
        value=quantity / total if total > 0 else 0.0,
        quantity=quantity,
        total=total,
        unit=net.good_unit[net.goods.index(good)],
        period=_period(result, periods),
        direction=direction,
        denominator=over,
        basis=basis,
        delivered_in=float(by_demand[inside].sum())
        if how in ("through", "touching") and direction == "exports"
        else 0.0,
        routes=routes,
        all_routes=everything,
        hhi=float(1e4 * ((shares / shares.sum()) ** 2).sum()) if shares.sum() > 0 else 0.0,
    )


COUNTS, TRADE, REST = 0, 1, 2
"""What a stream is to a question: it can count; it is trade that can't; it is no trade of the country, only in the mixture."""


def _kinds(net: Network, good: str, of: str, how: str, what: str, direction: str) -> Ints:
    """What each stream is to the question, shape (K,); -1 for other goods.

    The country's own streams can count as its exports, foreign ones as its imports. Imports through a country do not
    begin there; imports from a partner do.
    """
    same = np.array([s.good == good for s in net.streams], dtype=bool)
    own = np.array([s.origins == frozenset({of}) for s in net.streams], dtype=bool)
    theirs = np.array([s.origins == frozenset({what}) for s in net.streams], dtype=bool)
    if direction == "exports":
        kinds = np.where(own, COUNTS, REST)
    else:
        begins_right = theirs if how == "partner" else ~theirs | (how != "through")
        kinds = np.where(own, REST, np.where(begins_right, COUNTS, TRADE))
    return np.where(same, kinds, -1).astype(np.int64)


def _carried(
    net: Network, reading: Reading, marks: Marks, kinds: Ints, basis: str, years: Floats
) -> tuple[Floats, Floats]:
    """Volumes delivered by demand and history, (D, routes + 1, 2): of what can count, and of all trade.

    By title each stream goes its own way; by mixture all streams of the good go together.
    """
    volumes = np.zeros((2, len(net.demands.node), len(marks.routes) + 1, 2))
    if basis == "physical":
        classes = np.maximum(kinds, COUNTS)[net.supplies.give_stream]
        delivered = _delivered(net, reading, marks, np.flatnonzero(kinds >= 0), classes)
        told = np.einsum("t,tdcrm->cdrm", years, delivered)[: len(volumes)]
        volumes[: len(told)] = told
    else:
        alike = np.zeros(len(net.supplies.give_stream), dtype=np.int64)
        for stream in np.flatnonzero((kinds == COUNTS) | (kinds == TRADE)):
            delivered = _delivered(net, reading, marks, np.array([stream]), alike)
            volumes[kinds[stream]] += np.einsum("t,tdrm->drm", years, delivered[:, :, 0])
    return volumes[COUNTS], volumes.sum(axis=0)


def _total(net: Network, reading: Reading, years: Floats, good: str, of: str, direction: str, over: str) -> float:
    """The denominator: what is delivered abroad (exports) or from abroad (imports); with its own use where asked."""
    own = np.array([s.good == good and s.origins == frozenset({of}) for s in net.streams], dtype=bool)
    same = np.array([s.good == good for s in net.streams], dtype=bool)
    here = np.array([net.node_country[n] == of for n in net.demands.node], dtype=bool)[net.demands.take_demand]
    stream = net.demands.take_stream
    if direction == "exports":
        pairs = own[stream] & (~here if over == "trade" else True)
    else:
        pairs = here & (same & ~own if over == "trade" else same)[stream]
    return float(years @ reading.take[:, pairs].sum(axis=1))


def marks_of(result: Told, how: str, what: str) -> Marks:
    """Route screens, and the links that cross the country or are the corridor's screen."""
    ids = result.network.links.ids
    routes = route_screens(result.case)
    screen = np.full(len(ids), -1, dtype=np.int64)
    for number, link in enumerate(routes.values()):
        screen[ids.index(link)] = number
    if how == "via":
        marked = np.array([name == corridor_screens(result.case)[what] for name in ids], dtype=bool)
    else:
        marked = np.array([what in crossed for crossed in result.crossed], dtype=bool)
    return Marks(screen, tuple(routes), marked)


def _delivered(net: Network, reading: Reading, marks: Marks, streams: Ints, classes: Ints) -> Floats:
    """Deliveries of streams that go together, by class and history, shape (T, D, classes, routes + 1, 2), rates."""
    chosen = np.isin(net.demands.take_stream, streams)
    taken = np.zeros(reading.demand.shape)
    np.add.at(taken.T, net.demands.take_demand[chosen], reading.take[:, chosen].T)
    histories = trace(net, reading, marks, streams, classes)
    return taken[:, :, None, None, None] * histories.share[:, net.demands.node]


def _routes(by_route: Floats, marks: Marks, total: float) -> tuple[Route, ...]:
    names = (*marks.routes, "")
    rows = [Route(n, float(q), float(q) / total if total > 0 else 0.0) for n, q in zip(names, by_route, strict=True)]
    return tuple(sorted((r for r in rows if r.quantity > 1e-9 * max(total, 1e-9)), key=lambda r: -r.quantity))


def _period(result: Told, inside: Floats) -> str:
    periods = result.network.periods
    chosen = np.flatnonzero(inside)
    return f"{periods.starts[chosen[0]].isoformat()}/{periods.ends[chosen[-1]].isoformat()}"


def _sentence(result: Result, s: Share) -> str:
    case = result.case
    good, of = word_for(case, s.good), country_name(s.of)
    if s.total <= 0:
        return f"{of} has no {s.direction} of {good} in {period_words(s.period)}."
    how = {
        "through": f"cross {country_name(s.what)}",
        "partner": f"go to {country_name(s.what)}" if s.direction == "exports" else f"come from {country_name(s.what)}",
        "touching": f"cross or end in {country_name(s.what)}",
        "via": f"take {name_of(case, s.what)}",
    }[s.how]
    one = s.denominator == "use"
    whole = s.direction if not one else "delivered output" if s.direction == "exports" else "use"
    verb, _, object_ = how.partition(" ")
    verb = {"cross": "crosses", "go": "goes", "come": "comes", "take": "takes"}[verb] if one else verb
    text = (
        f"{percent(s.value)} of {of}'s {whole} of {good} {verb} {object_}: "
        f"{amount(s.quantity, s.unit)} of {amount(s.total, s.unit)} in {period_words(s.period)}"
    )
    named = [r for r in s.routes if r.corridor]
    if len(named) > 1:
        first, *rest = named
        others = ", ".join(f"{name_of(case, r.corridor)} {percent(r.share)}" for r in rest)
        text += f"; {name_of(case, first.corridor)} alone carries {percent(first.share)} ({others})"
    return text + "."
