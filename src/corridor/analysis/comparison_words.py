"""A comparison in words: what is barred, what takes another way, who goes without, who pays and who gains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.compare import VISIBLE, output_of
from corridor.analysis.peaks import rate_in_words_unit
from corridor.analysis.world import amount, country_name, name_of, period_words, span_words, word_for
from corridor.case import corridor_screens, records
from corridor.network import goods_touched, never_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.analysis.compare import Comparison
    from corridor.network import Instrument

__all__ = ["sentence_of", "told_gains"]


VISIBLE_VOLUME = 5e-3
"""Volume, good.unit, below which two digits show nothing."""
_CHARGES = {"tariff", "tariff_quota", "fee", "subsidy"}
_BARRIERS = {"closure", "area_closure", "derating", "outage", "ban", "transit_ban", "quota"}


def sentence_of(c: Comparison) -> str:
    """What changes, in words, what was hit first."""
    case = c.base.case
    usual = {i.id for i in c.base.network.instruments}
    net = c.changed.network
    span = span_words(net.periods.starts[0], net.periods.ends[-1])
    idle = never_in_force(net, (i for i in net.instruments if i.id not in usual))
    lines = [*(f"{name} is in force on no day of {span}, so it changes nothing." for name in idle), *_targets_told(c)]
    added = {i.kind for i in c.changed.network.instruments} - {i.kind for i in c.base.network.instruments}
    moved = "cannot pass" if added <= _BARRIERS else "no longer go their way"
    totals = c.by_period.groupby(["good", "unit"], as_index=False).sum(numeric_only=True)
    rows = {row["good"]: row for row in records(totals)}
    hit = goods_touched(case, _added(c))
    for good in sorted(rows, key=lambda name: name not in hit):
        row, unit = rows[good], rows[good]["unit"]
        # Of a good that is only tied to what was hit, a sentence needs more of a change.
        if row["drop"] <= (VISIBLE if good in hit else 20 * VISIBLE) * output_of(c.base, good):
            continue
        takers = c.rerouted[c.rerouted["good"] == good]
        where = [
            f"{name_of(case, r['corridor'])} {amount(r['quantity'], unit)}"
            for r in records(takers[takers["quantity"] >= VISIBLE_VOLUME].head(3))
        ]
        # Without it a reader who adds the routes up gets more than what is rerouted.
        crowded_out = float(takers["quantity"].sum()) - row["rerouted"]
        if where and crowded_out > max(VISIBLE_VOLUME, 0.02 * row["rerouted"]):
            where.append(f"others {amount(crowded_out, unit)} less")
        terms = [
            (f"{amount(row['rerouted'], unit)} are rerouted" + (f" ({', '.join(where)})" if where else ""))
            if row["rerouted"] >= VISIBLE_VOLUME
            else "",
            _term(row["output_lost"], unit, "are not produced", "more are produced"),
            _term(row["stock_change"], unit, "go into stock", "come out of stock"),
            _term(row["domestic"], unit, "more are used at home", "less are used at home"),
        ]
        told = ", ".join(term for term in terms if term) or "nothing is rerouted"
        lines.append(f"Of {amount(row['drop'], unit)} of {word_for(case, good)} that {moved}, {told}.")
    lines.extend(_not_served(c))
    told_of = told_gains(c)
    losers = [(name, -value) for name, value in told_of if value < 0]
    if losers:
        told = ", ".join(f"{country_name(name)} {amount(value, 'million USD')}" for name, value in losers)
        lines.append(f"What is lost, by country: {told}.")
    lines.extend(
        f"{_capital(country_name(name))} gains most, {amount(value, 'million USD')}."
        for name, value in told_of
        if value > 0
    )
    gains = c.gains
    pull = float(gains.loc[gains["role"] == "preference", "difference"].sum())
    if losers and pull > 0.05 * sum(value for _, value in losers):
        lines.append(
            f"Of these losses {amount(pull, 'million USD')} are the pull of routes that shippers know, which no known cost explains."
        )
    return " ".join(lines) or "Nothing changes that matters: no corridor carries less, and no country gains or loses."


def told_gains(c: Comparison) -> list[tuple[str, float]]:
    """The countries that a sentence tells of, and what each gains, million USD: at most three that lose, and who gains most."""
    gains = c.gains
    by_country = gains[gains["country"] != ""].groupby("country")["difference"].sum().sort_values()
    # Below a ten-thousandth of all gains a difference is within what duals of degenerate optima leave open.
    visible = max(0.5, 1e-4 * float(gains["base"].abs().sum()))
    found = [(str(name), float(value)) for name, value in by_country.items() if value < -visible][:3]
    if len(by_country) and by_country.iloc[-1] > visible:
        found.append((str(by_country.index[-1]), float(by_country.iloc[-1])))
    return found


def _not_served(c: Comparison) -> Iterator[str]:
    """What goes without in the worst period, good by good."""
    table = c.unserved
    wanted = dict(zip(c.base.network.demands.ids, c.base.network.demands.reference.max(axis=0), strict=True))
    table = table[table["difference"] > 1e-3 * table["demand"].map(wanted).to_numpy(dtype=float)]
    for good in dict.fromkeys(table["good"]):
        rows = table[table["good"] == good]
        worst = rows.groupby("period", sort=False)["difference"].sum().idxmax()
        factor, unit = rate_in_words_unit(str(rows["unit"].iloc[0]).removesuffix("/yr"))
        here = rows[rows["period"] == worst].sort_values("difference", ascending=False).head(4)
        told = ", ".join(
            f"{name_of(c.base.case, demand)} {amount(factor * value, unit)}"
            for demand, value in zip(here["demand"], here["difference"], strict=True)
        )
        total = amount(factor * float(rows.loc[rows["period"] == worst, "difference"].sum()), unit)
        yield f"{name_of(c.base.case, str(good))} not served at worst, in {period_words(str(worst))}: {total} ({told})."


def _added(c: Comparison) -> list[Instrument]:
    """Instruments that the base lacks."""
    before = {i.id for i in c.base.question.instruments}
    return [i for i in c.changed.question.instruments if i.id not in before]


def _targets_told(c: Comparison) -> list[str]:
    """What each corridor or link that an added instrument shuts, opens or bounds carries now, the largest change first.

    Duties, fees and subsidies are about prices; what they move is told with the goods. A ban is told by what it bans.
    """
    screen_of = corridor_screens(c.base.case)
    volumes = c.volumes.groupby(["link", "good", "unit"])[["base", "changed"]].sum().reset_index()
    found: dict[tuple[str, str], tuple[float, str]] = {}
    for i in _added(c):
        if i.kind in _CHARGES:
            continue
        if i.kind == "ban":
            found.update(_banned(c, i))
        link = screen_of.get(i.target, i.target)
        for row in records(volumes[volumes["link"] == link]):
            change = abs(row["changed"] - row["base"])
            if change > VISIBLE * max(row["base"], row["changed"]):
                name, unit = name_of(c.base.case, i.target), row["unit"]
                told = f"{name} carries {_beside(row['changed'], row['base'], unit)}."
                found[name, row["good"]] = change, told
    return [told for _, told in sorted(found.values(), key=lambda item: -item[0])[:3]]


def _banned(c: Comparison, i: Instrument) -> dict[tuple[str, str], tuple[float, str]]:
    """Deliveries that a ban is about, before and after; nothing where streams do not tell them apart."""
    rates = []
    for result in (c.base, c.changed):
        net = result.network
        mine = np.array([s.good == i.target for s in net.streams], dtype=bool)
        everywhere = frozenset().union(*(s.origins for s in net.streams))
        # Without an origin it is about goods of anywhere but the destination.
        banned = frozenset(i.origin) or everywhere - frozenset(i.destination)
        inside = np.array([bool(s.origins) and s.origins <= banned for s in net.streams], dtype=bool)
        mixed = mine & ~inside & np.array([bool(s.origins & banned) for s in net.streams], dtype=bool)
        country = np.array(net.node_country)[net.demands.node[net.demands.take_demand]]
        here = np.isin(country, i.destination) if i.destination else ~np.isin(country, i.origin)
        if mixed.any():
            return {}
        taken = (mine & inside)[net.demands.take_stream] & here
        rates.append(float(net.years @ result.reading.take[:, taken].sum(axis=1)))
    before, after = rates
    if abs(after - before) <= VISIBLE * max(before, after):
        return {}
    good = name_of(c.base.case, i.target)
    unit = c.base.network.good_unit[c.base.network.goods.index(i.target)]
    of, to = (" and ".join(map(country_name, names)) or "abroad" for names in (i.origin, i.destination))
    told = f"{good} from {of} to {to}: {_beside(after, before, unit)}."
    return {(f"{of} {to}", i.target): (abs(after - before), told)}


def _beside(after: float, before: float, unit: str) -> str:
    """Two quantities, with as many digits as it takes to tell them apart, up to a reason."""
    words = amount(after, unit), amount(before, unit)
    for digits in (2, 3):
        if words[0] == words[1]:
            words = f"{after:,.{digits}f} {unit}", f"{before:,.{digits}f} {unit}"
    return f"{words[0]} instead of {words[1]}"


def _term(value: float, unit: str, more: str, less: str) -> str:
    return f"{amount(abs(value), unit)} {more if value > 0 else less}" if abs(value) >= VISIBLE_VOLUME else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
