"""What changes between two results: volumes, routes, prices, netback, gains, budgets, and when.

The decomposition (design section 6), per case step and good over all origins: what the corridors that carry less lose is

    drop = rerouted + output lost + stock build + rise in domestic use + rise in losses,

each term measured on its own, so that the sum is a check (`Comparison.unexplained`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.measures import (
    Sheet,
    balance_sheet,
    exports_by_country,
    link_volumes,
    mean_prices,
    route_volumes,
)
from corridor.analysis.steps import step_starts
from corridor.analysis.timeline import timeline_of
from corridor.case import groups_of, route_screens
from corridor.errors import QuestionError
from corridor.network import goods_touched

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from corridor.analysis.measures import Measured
    from corridor.program import Bools
    from corridor.result import Result

__all__ = ["VISIBLE", "Comparison", "compare", "output_of"]

STIFF = -0.05
"""Elasticity above which a demand that is not met goes without, rather than buys less."""
VISIBLE = 5e-4
"""Share of output below which a change is not worth a sentence."""


@dataclass(frozen=True)
class Comparison:
    """Two results side by side. Tables have base, changed and difference; volumes are totals over their period."""

    base: Result
    changed: Result

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The case's own steps, `start/end`."""
        starts = step_starts(self.base.network)
        ends = [*starts[1:], self.base.network.periods.ends[-1]]
        return tuple(f"{a.isoformat()}/{b.isoformat()}" for a, b in zip(starts, ends, strict=True))

    @cached_property
    def calendars_differ(self) -> bool:
        """Whether the two were solved on different periods; they are then compared by case step."""
        return self.base.network.periods.starts != self.changed.network.periods.starts

    @property
    def volumes(self) -> pd.DataFrame:
        """link, good, period (case step), base, changed, difference, unit: volumes of all origins."""
        return _side_by_side(self, link_volumes, ["link", "good"])

    @property
    def routes(self) -> pd.DataFrame:
        """corridor, good, period, base, changed, difference, unit: volumes on the screens of route corridors."""
        return _side_by_side(self, route_volumes, ["corridor", "good"])

    @property
    def prices(self) -> pd.DataFrame:
        """node, good, period, base, changed, difference, unit: volume-weighted over streams; NaN where nothing passes."""
        return _side_by_side(self, mean_prices, ["node", "good"])

    @property
    def gains(self) -> pd.DataFrame:
        """country, party, role, good, base, changed, difference, unit: million USD over the calendar."""
        return self._gains.copy()

    @cached_property
    def _gains(self) -> pd.DataFrame:
        return _whole(self.base.gains, self.changed.gains, ["country", "party", "role", "good"])

    @property
    def budget(self) -> pd.DataFrame:
        """country, good, base, changed, difference, unit: what governments receive over the calendar."""
        return _whole(self.base.budget, self.changed.budget, ["country", "good"])

    @property
    def netback(self) -> pd.DataFrame:
        """field, route, market, good, base, changed, difference, unit: netback of routes in use."""
        keys = ["field", "route", "market", "good", "unit"]
        one, other = (r.netback.set_index(keys)["netback"] for r in (self.base, self.changed))
        table = one.to_frame("base").join(other.rename("changed"), how="outer").reset_index()
        table["difference"] = table["changed"] - table["base"]
        return table[[*keys[:4], "base", "changed", "difference", "unit"]]

    @cached_property
    def _sheets(self) -> tuple[tuple[Sheet, Sheet], ...]:
        """Both balance sheets of every good."""
        return tuple(
            (balance_sheet(self.base, g), balance_sheet(self.changed, g)) for g in range(len(self.base.network.goods))
        )

    @property
    def by_period(self) -> pd.DataFrame:
        """period, good, drop, rerouted, output_lost, stock_change, domestic, losses, exports_lost, unexplained, unit."""
        return self._by_period.copy()

    @cached_property
    def _by_period(self) -> pd.DataFrame:
        import pandas as pd

        rows = []
        for g, good in enumerate(self.base.network.goods):
            before, after = self._sheets[g]
            lost = before.screens - after.screens
            falling = lost.sum(axis=0) > 0
            affected = self._affected(falling)
            drop = lost[:, affected].sum(axis=1)
            rerouted = -lost[:, ~affected].sum(axis=1)
            output_lost = before.supply - after.supply
            stock = after.stock - before.stock
            domestic = after.domestic - before.domestic
            losses = after.losses - before.losses
            for m, period in enumerate(self.steps):
                rows.append(
                    {
                        "period": period,
                        "good": good,
                        "drop": drop[m],
                        "rerouted": rerouted[m],
                        "output_lost": output_lost[m],
                        "stock_change": stock[m],
                        "domestic": domestic[m],
                        "losses": losses[m],
                        "exports_lost": before.exported[m] - after.exported[m],
                        "unexplained": drop[m] - rerouted[m] - output_lost[m] - stock[m] - domestic[m] - losses[m],
                        "unit": self.base.network.good_unit[g],
                    }
                )
        return pd.DataFrame(rows)

    @cached_property
    def _hit(self) -> Bools:
        """Route corridors that an added closure or derating hits."""
        members = self.base.case.tables["corridor_links"]
        links: dict[str, set[str]] = {}
        for corridor, link in zip(members["corridor"], members["link"], strict=True):
            links.setdefault(corridor, {corridor}).add(link)
        added = {i.id for i in self.changed.question.instruments} - {i.id for i in self.base.question.instruments}
        hit: set[str] = set()
        for i in self.changed.question.instruments:
            if i.id in added and i.kind in ("closure", "derating"):
                hit |= {i.target, *links.get(i.target, ())}
        routes = route_screens(self.base.case)
        return np.array([bool(hit & links.get(route, {route})) for route in routes], dtype=bool)

    def _affected(self, falling: Bools) -> Bools:
        """Route corridors whose loss is asked about: those that a closure or derating hits, else all that carry less."""
        return self._hit if self._hit.any() else falling

    @property
    def exports_lost(self) -> pd.DataFrame:
        """country, good, period, base, changed, difference, unit: what each country delivers abroad."""
        return _side_by_side(self, exports_by_country, ["country", "good"])

    @property
    def rerouted(self) -> pd.DataFrame:
        """corridor, good, quantity, unit: what route corridors carry more over the calendar."""
        table = self.routes.groupby(["corridor", "good", "unit"], as_index=False)[["difference"]].sum()
        table = table[table["difference"] > 1e-9].rename(columns={"difference": "quantity"})
        return table[["corridor", "good", "quantity", "unit"]].sort_values(
            "quantity", ascending=False, ignore_index=True
        )

    @property
    def unserved(self) -> pd.DataFrame:
        """demand, node, good, period, base, changed, difference, unit: rates below what is wanted at usual prices.

        Of demands that hardly answer to prices (elasticity above -0.05), by the periods of both; empty where calendars differ.
        """
        import pandas as pd

        keys = ["demand", "node", "good", "period", "unit"]
        if self.calendars_differ:
            return pd.DataFrame(columns=[*keys[:4], "base", "changed", "difference", "unit"])
        net = self.base.network
        stiff = [n for n, e in zip(net.demands.ids, net.demands.elasticity, strict=False) if e > STIFF]
        one, other = (r.unserved.set_index(keys)["value"] for r in (self.base, self.changed))
        table = one.to_frame("base").join(other.rename("changed"), how="outer").reset_index()
        table["difference"] = table["changed"] - table["base"]
        table = table[table["demand"].isin(stiff)].reset_index(drop=True)
        return table[[*keys[:4], "base", "changed", "difference", "unit"]]

    @property
    def timeline(self) -> pd.DataFrame:
        """event, date, days, what, note: tanks full, first field shut in, restart."""
        return timeline_of(self.base, self.changed, self.goods)

    @property
    def unexplained(self) -> float:
        """Largest gap of the decomposition, relative to the largest output of a step."""
        gap = self._by_period["unexplained"].abs().max()
        return float(gap) / max(1e-9, *(float(before.supply.max()) for before, _ in self._sheets))

    def output_lost(self, good: str) -> float:
        """What is produced less of a good over the calendar, good.unit."""
        return output_of(self.base, good) - output_of(self.changed, good)

    @property
    def goods(self) -> tuple[str, ...]:
        """Goods of the groups that the added instruments are about."""
        added = {i.id for i in self.changed.question.instruments} - {i.id for i in self.base.question.instruments}
        own = goods_touched(self.base.case, (i for i in self.changed.question.instruments if i.id in added))
        groups = groups_of(self.base.case).values()
        return tuple(good for goods in groups if own & set(goods) for good in goods)

    @cached_property
    def sentence(self) -> str:
        """What changes, in words."""
        from corridor.analysis.comparison_words import sentence_of

        return sentence_of(self)


def output_of(result: Result, good: str) -> float:
    """What is produced of a good over the calendar, good.unit."""
    net = result.network
    mine = net.supplies.good == net.goods.index(good)
    return float((net.years @ result.reading.supply[:, mine]).sum())


def compare(base: Result, changed: Result) -> Comparison:
    """Compare two results of one case. Raises `QuestionError` where they are not of one case and calendar range."""
    if base.case.tables["links"]["id"].tolist() != changed.case.tables["links"]["id"].tolist():
        raise QuestionError(f"{base.case.name} and {changed.case.name} have different links: nothing to compare")
    one, other = base.network.periods, changed.network.periods
    if (one.starts[0], one.ends[-1], int(one.step[-1])) != (other.starts[0], other.ends[-1], int(other.step[-1])):
        raise QuestionError("the two results are of different calendars: nothing to compare")
    return Comparison(base, changed)


def _side_by_side(c: Comparison, measure: Callable[[Result], Measured], names: list[str]) -> pd.DataFrame:
    import pandas as pd

    keys, base, units = measure(c.base)
    other_keys, changed, _ = measure(c.changed)
    place = {key: i for i, key in enumerate(other_keys)}
    order = [place[key] for key in keys if key in place]
    kept = [i for i, key in enumerate(keys) if key in place]
    n = len(c.steps)
    columns: dict[str, object] = {
        name: np.tile(np.array([keys[i][j] for i in kept], dtype=object), n) for j, name in enumerate(names)
    }
    columns["period"] = np.repeat(np.array(c.steps, dtype=object), len(kept))
    columns["base"], columns["changed"] = base[:, kept].ravel(), changed[:, order].ravel()
    columns["difference"] = changed[:, order].ravel() - base[:, kept].ravel()
    columns["unit"] = np.tile(np.array([units[i] for i in kept], dtype=object), n)
    return pd.DataFrame(columns)


def _whole(base: pd.DataFrame, changed: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    one, other = (t.groupby(keys, sort=True)["value"].sum() for t in (base, changed))
    table = one.to_frame("base").join(other.rename("changed"), how="outer").fillna(0.0).reset_index()
    table["difference"] = table["changed"] - table["base"]
    table["unit"] = "million USD"
    return table
