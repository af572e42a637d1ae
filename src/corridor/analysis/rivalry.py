"""Should sellers not compete? One good sold by some countries, each taking the price, as rivals, and as one.

The three differ in conduct alone: costs, curves and routes are those of one calibration, with the theta that the observed
year is read with. A merger is judged in the same way: costs from conduct as it was, then the conduct changed (Werden and
Froeb 1994).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from corridor.analysis.resale import Resale, resales
from corridor.analysis.solve import solve
from corridor.analysis.world import amount, country_name, must_have, must_have_country, name_of, span_words, word_for
from corridor.calibration import calibrate
from corridor.case import part_of, records
from corridor.case.make import complete_table
from corridor.errors import QuestionError
from corridor.network import Instrument, goods_touched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from corridor.case import Case
    from corridor.result import Result

__all__ = ["CONDUCTS", "Rivalry", "rivalry"]

Conduct = Literal["competitive", "rivals", "one"]

CONDUCTS: tuple[Conduct, ...] = ("competitive", "rivals", "one")
"""Each takes the price; each counts what its own sales do to the price; all count what their sales together do to it."""
_ODD = 0.15
"""Share of an observed price by which calibration moves it before that is worth a warning."""
_ALIKE = 1e-3
"""Share of what a change moves within which two gains are the same."""


@dataclass(frozen=True)
class Rivalry:
    """The equilibria of three conducts, and what they say of an understanding. Money is million USD over the calendar."""

    case: Case
    good: str
    sellers: tuple[str, ...]
    markets: tuple[str, ...]
    """demands in which the sellers know what their sales do to the price"""
    theta: float
    observed: float
    results: dict[Conduct, Result]
    resales: tuple[Resale, ...]
    """markets between which buyers could trade at a gain if the sellers were one, the largest gain first"""

    @property
    def gap(self) -> float:
        """The largest gap of the three certificates, which passed."""
        return max(stage.gap for result in self.results.values() for stage in result.certificate.stages)

    @property
    def gains(self) -> pd.DataFrame:
        """country, what, competitive, rivals, one, difference, unit; `difference` is one less rivals.

        Of each seller: `mark-ups` on what it sells in the markets, `producers` (surplus of its producers and stores of the
        good, the government's share included), `country` (all that the country gains, of whatever is tied to the good).
        Of the countries of the markets `country`, and of `rest` the sum of everybody else.
        """
        return self._gains.copy()

    @cached_property
    def _gains(self) -> pd.DataFrame:
        import pandas as pd

        told = {conduct: _by_country(result) for conduct, result in self.results.items()}
        rows: list[dict[str, object]] = []

        def add(country: str, what: str, values: dict[Conduct, float]) -> None:
            named: dict[str, object] = {"country": country, "what": what}
            named.update({str(conduct): value for conduct, value in values.items()})
            rows.append(named | {"difference": values["one"] - values["rivals"], "unit": "million USD"})

        for seller in self.sellers:
            earned = {c: _earned(result, self.good, seller) for c, result in self.results.items()}
            add(seller, "mark-ups", {c: earned[c][0] for c in CONDUCTS})
            add(seller, "producers", {c: earned[c][1] for c in CONDUCTS})
            add(seller, "country", {c: told[c].get(seller, 0.0) for c in CONDUCTS})
        for buyer in self.buyers:
            add(buyer, "country", {c: told[c].get(buyer, 0.0) for c in CONDUCTS})
        named = {*self.sellers, *self.buyers}
        add("rest", "country", {c: sum(v for k, v in told[c].items() if k not in named) for c in CONDUCTS})
        return pd.DataFrame(rows)

    @cached_property
    def buyers(self) -> tuple[str, ...]:
        """Countries of the markets that are no sellers, in the order of the markets."""
        net = self.results["one"].network
        where = [net.node_country[net.demands.node[net.demands.ids.index(d)]] for d in self.markets]
        return tuple(dict.fromkeys(c for c in where if c not in self.sellers))

    @property
    def prices(self) -> pd.DataFrame:
        """demand, competitive, rivals, one, price_unit, then volumes as `volume_competitive` and so on, unit.

        Prices are what buyers pay, averages over the calendar weighted by volume.
        """
        import pandas as pd

        from corridor.case.units import canonical_price_unit
        from corridor.result.frames import consumer_prices

        rows = []
        for name in self.markets:
            row: dict[str, object] = {"demand": name}
            for conduct in CONDUCTS:
                result = self.results[conduct]
                net, d = result.network, result.network.demands.ids.index(name)
                volume = net.years * result.reading.demand[:, d]
                row["unit"] = net.good_unit[net.demands.good[d]]
                row["price_unit"] = canonical_price_unit(str(row["unit"]))
                paid = float(volume @ consumer_prices(result)[:, d])
                row[conduct] = paid / volume.sum() if volume.sum() > 0 else np.nan
                row[f"volume_{conduct}"] = float(volume.sum())
            rows.append(row)
        volumes = [f"volume_{c}" for c in CONDUCTS]
        return pd.DataFrame(rows)[["demand", *CONDUCTS, "price_unit", *volumes, "unit"]]

    def change(self, country: str, to: Conduct = "one", since: Conduct = "rivals") -> float:
        """What a country gains by a change of conduct, million USD; of `sellers`, `buyers` all of them together."""
        groups = {"sellers": self.sellers, "buyers": self.buyers}
        table = self._gains[self._gains["what"] == "country"]
        chosen = table[table["country"].isin(groups.get(country, (country,)))]
        return float((chosen[to] - chosen[since]).sum())

    @cached_property
    def sentence(self) -> str:
        """The answer: what an understanding brings the sellers, whom among them, and what it costs buyers."""
        net = self.results["one"].network
        span = span_words(net.periods.starts[0], net.periods.ends[-1])
        names, good = _list([country_name(s) for s in self.sellers]), word_for(self.case, self.good)
        where = _list([country_name(b) for b in self.buyers])
        together, each = self.change("sellers"), {s: self.change(s) for s in self.sellers}
        parts = ", ".join(f"{country_name(s)} {_signed(v)}" for s, v in each.items())
        scale = _ALIKE * max(abs(v) for v in (*each.values(), together, self.change("buyers"), 1e-9))
        lead = f"Selling {good} to {where} as one in place of as rivals, {names}"
        if together <= scale:
            told = f"{lead} would not gain together in {span} ({parts} million USD): an understanding does not pay."
        else:
            told = f"{lead} would gain {amount(together, 'million USD')} together in {span} ({parts})"
            losers = [s for s, v in each.items() if v < -scale]
            if losers:
                owed = amount(-sum(each[s] for s in losers), "million USD")
                told += f"; {_list([country_name(s) for s in losers])} would have to be paid {owed} to keep to it."
            else:
                told += "; each of them gains by keeping to it together."
        bought = self.change("buyers")
        told += f" Buyers {_moved(bought)} by it."
        rival, fell = self.change("sellers", "rivals", "competitive"), self.change("buyers", "rivals", "competitive")
        return (
            f"{told} Against prices that each takes as given, rivals who hold back {_moved(rival)} together, "
            f"and buyers {_moved(fell)}."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the answer leans on: the conduct that the year is read with, and buyers who could resell."""
        taken = " (each took the price)" if self.observed == 0 else ""
        read = f"the observed year is read as if theta had been {self.observed:g}{taken}"
        told = [f"{read}; lines of demand are followed far from what was observed", *self._at_odds()]
        if self.resales:
            first = self.resales[0]
            told.append(
                f"if the sellers were one, reselling from {name_of(self.case, first.start)} to {name_of(self.case, first.end)} "
                f"would earn {first.gain:.0f} {first.unit} ({len(self.resales)} such pairs of markets): the answer holds only "
                "where that can be kept from happening"
            )
        return tuple(told)

    def _at_odds(self) -> list[str]:
        """How far the prices of the year had to be moved to be what its flows say, read with `observed`."""
        if not self.observed:
            return []
        case = self.results["one"].case
        levels, demand = (case.tables[name].set_index("id") for name in ("levels", "demand"))
        moved = {d: float(levels["price"].get(d, 0.0)) / float(demand["price"][d]) for d in self.markets}
        worst = max(moved, key=lambda d: abs(moved[d]))
        if abs(moved[worst]) < _ODD:
            return []
        told = (
            f"the year is hardly one of theta {self.observed:g}: for its flows to be what such sellers choose, the price at "
            f"{name_of(case, worst)} had to be taken {100 * moved[worst]:+.0f} % off what was observed"
        )
        return [told]


def rivalry(
    case: Case,
    good: str,
    sellers: Sequence[str],
    markets: Sequence[str] = (),
    *,
    theta: float = 1.0,
    observed: float = 0.0,
    scenario: str = "base",
    with_: Instrument | Iterable[Instrument] = (),
) -> Rivalry:
    """What some countries gain by selling a good as one, against selling it as rivals and against taking the price.

    `markets` are countries or demands; without any, every demand outside the sellers. In the others, and at home, the
    price is taken as given. `theta` is 1 for Cournot rivals (and joint profit), less for weaker power; `observed` is the
    theta with which the year of calibration is read. Rows of the case's conduct.csv on the good do not count here.

    Raises `QuestionError` for fewer than two sellers, where every market is at home, for markets in which power has no
    meaning (network/sellers.py), and for an `observed` that the year cannot be (calibration/conduct.py).
    """
    must_have(case, "goods", good, "good")
    named = tuple(dict.fromkeys(sellers))
    if len(named) < 2:
        raise QuestionError(f"rivalry is between two sellers or more, not {', '.join(named) or 'none'}")
    must_have_country(case, named)
    if not theta > 0 or observed < 0:
        raise QuestionError("theta is above 0 (1 for Cournot), and observed is 0 or more")
    added = (with_,) if isinstance(with_, Instrument) else tuple(with_)
    part = part_of(case, {good, *(goods_touched(case, added) if added else ())})
    places = _places(part, good, named, markets)
    base = calibrate(_under(part, good, named, places, "competitive", theta, observed))
    results = {
        conduct: solve(_under(base, good, named, places, conduct, theta, observed), scenario, added)
        for conduct in CONDUCTS
    }
    _must_be_abroad(part, good, named, places)
    return Rivalry(case, good, named, places, theta, observed, results, resales(results["one"], places))


def _places(case: Case, good: str, sellers: tuple[str, ...], markets: Sequence[str]) -> tuple[str, ...]:
    """The demands that are meant."""
    where = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    demand = case.tables["demand"][case.tables["demand"]["good"] == good]
    country = {d: where[n] for d, n in zip(demand["id"], demand["node"], strict=True)}
    for name in markets:
        if name not in {*country, *country.values()}:
            raise QuestionError(
                f"{case.name} has no demand of {good} in {name!r}; it has {', '.join(sorted(set(country.values())))}"
            )
    if not markets:
        return tuple(d for d, c in country.items() if c not in sellers)
    return tuple(d for d, c in country.items() if d in markets or c in markets)


def _must_be_abroad(case: Case, good: str, sellers: tuple[str, ...], places: tuple[str, ...]) -> None:
    """Raise `QuestionError` where no market is outside the sellers: there would be no buyer to speak of."""
    where = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    demand = case.tables["demand"][case.tables["demand"]["good"] == good]
    country = {d: where[n] for d, n in zip(demand["id"], demand["node"], strict=True)}
    if all(country[place] in sellers for place in places):
        abroad = ", ".join(sorted(set(country.values()) - set(sellers)))
        told = f"name one in {abroad}" if abroad else f"{case.name} has no demand of {good} elsewhere"
        raise QuestionError(f"every market meant is at home with {' or '.join(sellers)}; {told}")


def _under(
    case: Case,
    good: str,
    sellers: tuple[str, ...],
    places: tuple[str, ...],
    conduct: Conduct,
    theta: float,
    observed: float,
) -> Case:
    """The case with the sellers' conduct in place of what it says of the good."""
    kept = [row for row in records(case.tables["conduct"]) if row["good"] != good]
    power = theta if conduct == "rivals" else 0.0
    rows: list[dict[str, object]] = [
        {
            "id": f"{good}_{s.lower()}",
            "good": good,
            "countries": (s,),
            "markets": places,
            "theta": power,
            "observed": observed,
        }
        for s in sellers
    ]
    if conduct == "one":
        one = {"id": f"{good}_as_one", "good": good, "countries": sellers, "markets": places}
        rows.append({**one, "theta": theta, "observed": 0.0})
    return case.with_tables(None, conduct=complete_table("conduct", [*kept, *rows]))


def _earned(result: Result, good: str, seller: str) -> tuple[float, float]:
    """Mark-ups, and surplus of producers and stores of the good, in one country."""
    net, settled = result.network, result.settlement
    g = net.goods.index(good)
    streams = [k for k, s in enumerate(net.streams) if s.good == good and s.origins == {seller}]
    mark_up = float(settled.mark_up[:, np.isin(net.demands.take_stream, streams)].sum())
    home = np.array([c == seller for c in net.node_country], dtype=bool)
    made = float(settled.producers[:, (net.supplies.good == g) & home[net.supplies.node]].sum())
    goods = dict(zip(result.case.tables["storage"]["id"], result.case.tables["storage"]["good"], strict=True))
    kept = sum(
        float(settled.stores[n])
        for n, name in enumerate(net.stores.ids)
        if goods[name] == good and home[net.stores.node[n]]
    )
    return mark_up, made + kept


def _by_country(result: Result) -> dict[str, float]:
    table = result.gains.groupby("country")["value"].sum()
    return {str(country): float(value) for country, value in table.items()}


def _signed(value: float) -> str:
    told = amount(abs(value), "").strip()
    return f"{'-' if value < 0 else '+'}{told}"


def _moved(value: float) -> str:
    return f"{'lose' if value < 0 else 'gain'} {amount(abs(value), 'million USD')}"


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
