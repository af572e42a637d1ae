"""Case + instruments + periods -> Network, in arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.network.areas import links_inside
from corridor.network.assets import pools_of, ramp_of, routes_of, stores_of, wedges_of
from corridor.network.charges import charges_of, tariff_quotas_of
from corridor.network.edits import Capacities, Targets, edit
from corridor.network.model import Demands, Flows, Links, Network, Stores, Supplies
from corridor.network.pairs import flow_pairs, observed_origins, side_pairs, streams_of
from corridor.network.processes import processes_of, usual_supply, with_capacity, with_inputs, with_outputs
from corridor.network.rules import rules_of
from corridor.network.scope import Scope, distinctions_of
from corridor.network.sellers import no_sales, sales_of, sellers_apart
from corridor.network.tables import indices, levels, numbers, over_time

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.network.calendar import Periods
    from corridor.network.instruments import Instrument
    from corridor.network.streams import Distinction, Stream
    from corridor.program import Bools, Floats, Ints

__all__ = ["Ground", "build_network"]

_EDITED = {
    "links": "capacity",
    "pools": "capacity",
    "supply": "quantity",
    "demand": "quantity",
    "processes": "capacity",
    "storage": "capacity",
}


def build_network(
    case: Case,
    instruments: Sequence[Instrument],
    periods: Periods,
    *,
    distinctions: Iterable[Distinction] = (),
    long_run: bool = False,
    kappa: float | None = None,
    scarcity_as_cost: float = 0.0,
) -> Network:
    """The case in arrays per period, with every instrument applied.

    `instruments` carry canonical numbers (`resolve`). `distinctions` are what the question wants told apart beyond what
    the instruments need. `long_run` takes long-run elasticities where the case has them. `kappa` overrides the strength
    of the route preference. `scarcity_as_cost` is the share of a full link's wedge that is read as a cost, which added
    capacity leaves alone.
    """
    told = (*distinctions, *distinctions_of(case, instruments))
    ground = Ground.of(
        case, periods, distinctions=told, long_run=long_run, kappa=kappa, scarcity_as_cost=scarcity_as_cost
    )
    return ground.under(instruments)


@dataclass(frozen=True)
class Ground:
    """The network of a case before any instrument: what networks under different instruments share, read once."""

    case: Case
    bases: Mapping[str, Capacities]
    """table -> the numbers that instruments may change, as they are without any"""
    targets: Targets
    plain: Network
    """without instruments, and without what is made anew for them: stores, wedges, ramps"""
    normal: tuple[Floats, Floats]
    """usual output of the case's own supplies, and what they have to spare, (T, S) each"""
    long_run: bool
    scarcity_as_cost: float
    told_apart: tuple[Distinction, ...]
    makes: Bools
    """of every row of process_goods whether the process makes the good"""

    @classmethod
    def of(
        cls,
        case: Case,
        periods: Periods,
        *,
        distinctions: Iterable[Distinction] = (),
        long_run: bool = False,
        kappa: float | None = None,
        scarcity_as_cost: float = 0.0,
        like: Ground | None = None,
    ) -> Ground:
        """Read a case; `distinctions` are those of every instrument that may come, and of the question.

        `like` is a ground of the same case with other numbers: where it tells the same apart, which streams there are and
        where they can go is taken from it.
        """
        bases = {
            table: Capacities(tuple(case.column(table, "id")), _in_use(case, table, column, periods), column)
            for table, column in _EDITED.items()
        }
        nodes, goods = tuple(case.column("nodes", "id")), tuple(case.column("goods", "id"))
        country = tuple(case.column("nodes", "country"))
        links = _links(case, periods, nodes, bases["links"].base)
        told_apart = (*distinctions, *observed_origins(case), *sellers_apart(case))
        makes = case.column("process_goods", "amount") > 0
        if like is None or like.told_apart != told_apart or not np.array_equal(like.makes, makes):
            streams = streams_of(case, told_apart)
            stream_good = indices([s.good for s in streams], goods)
            flow_link, flow_stream = flow_pairs(case, goods, nodes, streams, stream_good, links)
        else:
            streams, stream_good = like.plain.streams, like.plain.stream_good
            flow_link, flow_stream = like.plain.flows.link, like.plain.flows.stream
        sides = _Sides(case, periods, nodes, country, goods, streams, stream_good, long_run=long_run)
        processes = processes_of(
            case, periods, nodes, goods, bases["processes"].base, scarcity_as_cost=scarcity_as_cost
        )
        told = country, goods, streams, stream_good
        supplies = with_outputs(sides.supplies(bases["supply"].base), processes, *told)
        demands = with_inputs(sides.demands(bases["demand"].base), processes, *told)
        stores = stores_of(
            case, nodes, goods, stream_good, bases["storage"].base, links, supplies, usual_supply(supplies, processes)
        )
        balance_node, balance_stream = _balances(
            (len(nodes), len(streams)), links, flow_link, flow_stream, supplies, demands, stores
        )
        nowhere = np.zeros((len(periods), len(flow_link)))
        plain = Network(
            name=case.name,
            periods=periods,
            years=periods.years,
            nodes=nodes,
            node_country=country,
            goods=goods,
            good_unit=tuple(case.column("goods", "unit")),
            streams=streams,
            stream_good=stream_good,
            balance_node=balance_node,
            balance_stream=balance_stream,
            links=links,
            flows=Flows(flow_link, flow_stream, nowhere, nowhere == 0),
            supplies=supplies,
            demands=demands,
            processes=processes,
            stores=stores,
            pools=pools_of(case, links, bases["pools"].base, flow_link),
            ramps=(),
            routes=routes_of(case, links, streams, flow_link, flow_stream, kappa),
            limits=(),
            charges=(),
            tariff_quotas=(),
            sales=no_sales(),
            ledger=(),
            instruments=(),
        )
        targets = _targets(case) if like is None else like.targets
        return cls(case, bases, targets, plain, sides.normal, long_run, scarcity_as_cost, told_apart, makes)

    def under(self, instruments: Sequence[Instrument]) -> Network:
        """The network with these instruments, whose distinctions must be among those that were told apart."""
        case, plain, periods = self.case, self.plain, self.plain.periods
        edited = {table: Capacities(known.ids, known.base, known.column) for table, known in self.bases.items()}
        for instrument in instruments:
            edit(instrument, self.targets, edited, periods)
        links = replace(plain.links, capacity=edited["links"].result())
        processes = with_capacity(
            case, plain.processes, edited["processes"].result(), scarcity_as_cost=self.scarcity_as_cost
        )
        supplies = _available(plain.supplies, edited["supply"].result(), self.normal)
        demands = replace(plain.demands, reference=_before(edited["demand"].result(), plain.demands.reference))
        given = usual_supply(supplies, processes)
        stores = stores_of(
            case, plain.nodes, plain.goods, plain.stream_good, edited["storage"].result(), links, supplies, given
        )
        flow_link, flow_stream = plain.flows.link, plain.flows.stream
        scope = Scope(
            case, periods, self.targets, links, flow_link, flow_stream, plain.streams, plain.node_country, demands
        )
        rules = rules_of(scope, instruments, edited["demand"].result(), stores)
        charges, charged = charges_of(scope, instruments)
        flow_good, pool_capacity = plain.stream_good[flow_stream], edited["pools"].result()
        as_cost = self.scarcity_as_cost
        wedge = wedges_of(case, links, pool_capacity, flow_link, flow_good, plain.goods, as_cost=as_cost)
        net = replace(
            plain,
            links=links,
            flows=Flows(flow_link, flow_stream, wedge, rules.allowed),
            supplies=supplies,
            demands=replace(demands, take_allowed=rules.take_allowed),
            processes=processes,
            stores=stores,
            pools=replace(plain.pools, capacity=pool_capacity),
            ramps=(
                ramp_of(case, "links", edited["links"], periods),
                replace(ramp_of(case, "supply", edited["supply"], periods), ids=supplies.ids),
            ),
            limits=rules.limits,
            charges=charges,
            tariff_quotas=tariff_quotas_of(scope, instruments),
            ledger=(
                *(row for table, numbers_ in edited.items() for row in numbers_.ledger(table)),
                *rules.ledger,
                *charged,
            ),
            instruments=tuple(instruments),
        )
        told = len(case.column("conduct", "good")) > 0
        return replace(net, sales=sales_of(case, net, long_run=self.long_run)) if told else net


def _available(plain: Supplies, available: Floats, normal: tuple[Floats, Floats]) -> Supplies:
    """Supplies with other rates available, (T, own); those of processes stay."""
    usual, spare = normal
    # Capacity added shifts the curve to the right; an outage only cuts it short.
    reference = usual + np.maximum(available - usual - spare, 0.0)
    return replace(plain, available=_before(available, plain.available), reference=_before(reference, plain.reference))


def _before(own: Floats, every: Floats) -> Floats:
    """The case's own rows as given, (T, own), before those of processes, which stay as they are in `every`."""
    return np.hstack([own, every[:, own.shape[1] :]])


def _in_use(case: Case, table: str, column: str, periods: Periods) -> Floats:
    """A column over time, shape (T, rows): 0 where the row is not in use, in part where it opens within a period."""
    values = over_time(case, table, column, periods)
    if table not in ("links", "pools", "processes"):
        values = values * levels(case, table, "factor", 1.0)
        return values + over_time(case, "supply", "spare", periods) if table == "supply" else values
    in_use = np.tile((case.column(table, "status") == "open").astype(float), (len(periods), 1))
    if table == "links":
        opens, closes = case.column(table, "opens"), case.column(table, "closes")
        dated = [opened is not None or closed is not None for opened, closed in zip(opens, closes, strict=True)]
        for row in np.flatnonzero(dated):
            in_use[:, row] = in_use[:, row] * periods.share(opens[row], closes[row])
    # A link not in use carries nothing, even one whose capacity nothing known limits.
    with np.errstate(invalid="ignore"):
        return np.where(in_use > 0, values * in_use, 0.0)


def _targets(case: Case) -> Targets:
    ids = {table: case.column(table, "id").tolist() for table in _EDITED}
    rows = {table: dict(zip(names, range(len(names)), strict=True)) for table, names in ids.items()}
    members: dict[str, list[int]] = {corridor: [] for corridor in case.column("corridors", "id")}
    for corridor, link in zip(*(case.column("corridor_links", c) for c in ("corridor", "link")), strict=True):
        members[corridor].append(rows["links"][link])
    screens = zip(case.column("corridors", "id"), case.column("corridors", "screen"), strict=True)
    return Targets(
        rows=rows,
        corridors={name: tuple(sorted(inside)) for name, inside in members.items()},
        screens={corridor: rows["links"][screen] for corridor, screen in screens},
        areas=links_inside(case),
    )


def _links(case: Case, periods: Periods, nodes: Sequence[str], capacity: Floats) -> Links:
    return Links(
        ids=tuple(case.column("links", "id")),
        start=indices(case.column("links", "from"), nodes),
        end=indices(case.column("links", "to"), nodes),
        capacity=capacity,
        resource_cost=over_time(case, "links", "resource_cost", periods),
        tariff=over_time(case, "links", "tariff", periods),
        fee=over_time(case, "links", "transit_fee", periods),
        quality=over_time(case, "links", "quality", periods),
        cubic=np.nan_to_num(numbers(case, "links", "cubic_cost")),
        loss=numbers(case, "links", "loss"),
    )


class _Sides:
    """What both sides of the market are made from."""

    def __init__(
        self,
        case: Case,
        periods: Periods,
        nodes: Sequence[str],
        country: Sequence[str],
        goods: Sequence[str],
        streams: Sequence[Stream],
        stream_good: Ints,
        *,
        long_run: bool,
    ) -> None:
        self.case, self.periods, self.long_run = case, periods, long_run
        self.nodes, self.country, self.goods = nodes, country, goods
        self.streams, self.stream_good = streams, stream_good

    def _place(self, side: str) -> tuple[Ints, Ints]:
        return indices(self.case.column(side, "node"), self.nodes), indices(self.case.column(side, "good"), self.goods)

    def _elasticity(self, side: str) -> Floats:
        short = numbers(self.case, side, "elasticity_short")
        if not self.long_run:
            return np.nan_to_num(short)
        long = numbers(self.case, side, "elasticity_long")
        return np.nan_to_num(np.where(np.isnan(long), short, long))

    def _over_time(self, side: str, column: str) -> Floats:
        return over_time(self.case, side, column, self.periods)

    @cached_property
    def normal(self) -> tuple[Floats, Floats]:
        """Usual output and what is to spare, (T, S) each."""
        usual = self._over_time("supply", "quantity") * levels(self.case, "supply", "factor", 1.0)
        return usual, self._over_time("supply", "spare")

    def supplies(self, available: Floats) -> Supplies:
        """Producers; `available` has shape (T, S)."""
        node, good = self._place("supply")
        calibrated = levels(self.case, "supply", "price", np.nan)
        price = np.where(np.isnan(calibrated), self._over_time("supply", "price"), calibrated)
        usual, spare = self.normal
        avoidable = np.nan_to_num(self._over_time("supply", "avoidable_cost"), posinf=np.inf)
        pairs = side_pairs(self.country, node, good, self.streams, self.stream_good, "origins")
        return Supplies(
            ids=tuple(self.case.column("supply", "id")),
            node=node,
            good=good,
            available=available,
            avoidable=avoidable,
            price=np.where(np.isnan(price), avoidable, price),
            reference=usual + np.maximum(available - usual - spare, 0.0),
            elasticity=self._elasticity("supply"),
            give_supply=pairs[0],
            give_stream=pairs[1],
        )

    def demands(self, reference: Floats) -> Demands:
        """Consumers; `reference` has shape (T, D)."""
        node, good = self._place("demand")
        pairs = side_pairs(self.country, node, good, self.streams, self.stream_good, "destinations")
        return Demands(
            ids=tuple(self.case.column("demand", "id")),
            node=node,
            good=good,
            reference=reference,
            price=self._over_time("demand", "price") + levels(self.case, "demand", "price", 0.0),
            unserved_value=self._over_time("demand", "unserved_value"),
            elasticity=self._elasticity("demand"),
            take_demand=pairs[0],
            take_stream=pairs[1],
            take_allowed=np.ones((len(self.periods), len(pairs[0])), dtype=bool),
        )


def _balances(
    shape: tuple[int, int],
    links: Links,
    flow_link: Ints,
    flow_stream: Ints,
    supplies: Supplies,
    demands: Demands,
    stores: Stores,
) -> tuple[Ints, Ints]:
    """Pairs of node and stream at which anything happens, ordered by node, then by stream."""
    there = np.zeros(shape, dtype=bool)
    for node, stream in (
        (links.start[flow_link], flow_stream),
        (links.end[flow_link], flow_stream),
        (supplies.node[supplies.give_supply], supplies.give_stream),
        (demands.node[demands.take_demand], demands.take_stream),
        (stores.node[stores.pair_store], stores.pair_stream),
    ):
        there[node, stream] = True
    node, stream = np.nonzero(there)
    return node, stream
