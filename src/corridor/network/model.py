"""A case under one scenario, in arrays per period; frozen.

Letters (docs/background/naming.md): T periods, A links, F flows (link x stream), S supplies, D demands, N nodes.
Quantities are rates in good.unit per year, costs and prices million USD per good.unit, volumes good.unit.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridor.network.calendar import Periods
    from corridor.network.instruments import Instrument
    from corridor.network.sellers import Sales
    from corridor.network.streams import Stream
    from corridor.program import Floats, Ints

__all__ = [
    "Charge",
    "Demands",
    "Flows",
    "LedgerRow",
    "Limit",
    "Links",
    "Network",
    "Pools",
    "Processes",
    "Ramp",
    "Routes",
    "Stores",
    "Supplies",
    "TariffQuota",
]

Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Links:
    """All links of the case; a closed or planned one has capacity 0 until an instrument opens it."""

    ids: tuple[str, ...]
    start: Ints
    end: Ints
    capacity: Floats
    """(T, A)"""
    resource_cost: Floats
    tariff: Floats
    fee: Floats
    quality: Floats
    """(T, A) each"""
    cubic: Floats
    """(A,), b of an average cost a + b x^2"""
    loss: Floats
    """(A,)"""


@dataclass(frozen=True)
class Flows:
    """One entry per link and stream that can use it."""

    link: Ints
    stream: Ints
    wedge: Floats
    """(T, F)"""
    allowed: Bools
    """(T, F); False where a ban holds"""


@dataclass(frozen=True)
class Supplies:
    """Producers: MC(q) = max(avoidable, p0 + p0 (q - q0) / (elasticity q0)) up to `available`."""

    ids: tuple[str, ...]
    node: Ints
    good: Ints
    available: Floats
    avoidable: Floats
    price: Floats
    reference: Floats
    """(T, S) each; `reference` is q0"""
    elasticity: Floats
    """(S,)"""
    give_supply: Ints
    give_stream: Ints
    """(G,) pairs: the streams a supply can feed"""


@dataclass(frozen=True)
class Demands:
    """Consumers: P(q) = min(unserved_value, p0 + p0 (q - q0) / (elasticity q0)), never below zero."""

    ids: tuple[str, ...]
    node: Ints
    good: Ints
    reference: Floats
    price: Floats
    unserved_value: Floats
    """(T, D) each; `reference` is q0; unserved_value NaN: the curve's own intercept"""
    elasticity: Floats
    """(D,), <= 0"""
    take_demand: Ints
    take_stream: Ints
    """(K,) pairs: the streams a demand can be served from"""
    take_allowed: Bools
    """(T, K); False where a ban holds"""
    apart: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """demands whose deliveries get columns of their own whether anything needs it or not, as a ban or a duty may come"""


@dataclass(frozen=True)
class Processes:
    """Goods into goods at a node: a unit of activity makes and uses an amount of each good.

    What they make are supplies of the network, behind the case's own; what they use are demands (network/processes.py).
    """

    ids: tuple[str, ...]
    node: Ints
    good: Ints
    """(P,) the good in whose unit activity stands"""
    capacity: Floats
    cost: Floats
    wedge: Floats
    """(T, P) each, per unit of activity"""
    output_process: Ints
    output_supply: Ints
    output_good: Ints
    output_amount: Floats
    """(O,) each: position of the supply, and its quantity per unit of activity"""
    input_process: Ints
    input_demand: Ints
    input_good: Ints
    input_amount: Floats
    """(I,) each: position of the demand, and its quantity per unit of activity, positive"""


@dataclass(frozen=True)
class Stores:
    """Storages, by stream."""

    ids: tuple[str, ...]
    node: Ints
    capacity: Floats
    """(T, n)"""
    initial: Floats
    holding_cost: Floats
    end_value: Floats
    """(n,) each; end_value NaN: the calendar must end with what it began with"""
    use_value: Floats
    """(n,) what a year of the usual stock is worth to its holder"""
    pair_store: Ints
    pair_stream: Ints
    pair_initial: Floats
    """(P,) pairs of store and stream, and the volume of the stream held at the start"""


@dataclass(frozen=True)
class Pools:
    """Capacities shared by several links."""

    ids: tuple[str, ...]
    capacity: Floats
    """(T, n)"""
    member_pool: Ints
    member_flow: Ints
    member_weight: Floats


@dataclass(frozen=True)
class Ramp:
    """Bounds on the change of a quantity between averages over consecutive case steps (good.unit per year)."""

    table: str
    ids: tuple[str, ...]
    item: Ints
    """(R,) position of the link or supply"""
    up: Floats
    down: Floats
    """(R,) each; infinite: none"""
    down_free: Bools
    """(steps, R); True where availability fell, so that no downward bound may hold it up"""


@dataclass(frozen=True)
class Routes:
    """Preference of observed route shares: marginal cost slope * (x - x0) on the screen link of a route corridor."""

    ids: tuple[str, ...]
    slope: Floats
    observed: Floats
    """(R,) each"""
    member_route: Ints
    member_flow: Ints


@dataclass(frozen=True)
class Limit:
    """One row of the `limits` table: lower <= sum of weight * quantity over its entries <= upper, a volume.

    `quantity` is `flow` or `take`, rates whose weight is the length of the period in years, or `stock`, levels of pairs of
    store and stream at the end of a period, with `weight` as given.
    """

    id: str
    instrument: str
    quantity: str
    period: Ints
    item: Ints
    lower: float
    upper: float
    price: float = np.nan
    """administered price, million USD per unit; NaN: none"""
    obliged: str = ""
    beneficiary: str = ""
    target: str = ""
    holder: str = ""
    """who takes the rent of an upper limit"""
    weight: Floats | None = None
    exports: Ints | None = None
    """pairs of demand and stream whose deliveries come first, so that the lower limit gives way; None: it does not"""
    group: str = ""
    """limits that give way by one share"""


@dataclass(frozen=True)
class Charge:
    """Money per unit of a flow or a delivery: a duty or fee (> 0), a subsidy (< 0), or what leakage costs (no government)."""

    instrument: str
    kind: str
    quantity: str
    """`flow` or `take`"""
    government: str
    """country whose government receives it; "": nobody, it is used up"""
    period: Ints
    item: Ints
    rate: Floats
    """million USD per unit, of each entry; ad valorem: at the border prices that are assumed"""
    ad_valorem: float = 0.0
    """share of the border price"""


@dataclass(frozen=True)
class TariffQuota:
    """The first `volume` of some deliveries over a calendar year pays `saving` less than the charge that is on them."""

    id: str
    instrument: str
    period: Ints
    item: Ints
    """pairs of demand and stream; one entry per period and pair"""
    country: tuple[str, ...]
    """where each entry is delivered"""
    volume: float
    """good.unit over its periods"""
    saving: float
    """million USD per unit, never negative"""
    government: str = ""
    """country whose government takes the duties; "": that of each delivery"""
    holder: str = ""
    """who takes the rent; "": the government of each delivery's country"""


@dataclass(frozen=True)
class LedgerRow:
    """One change that an instrument made to a number."""

    period: int
    what: str
    column: str
    before: float
    after: float
    instrument: str


@dataclass(frozen=True)
class Network:
    """What a formulation reads. Dates ended here: everything is by period."""

    name: str
    periods: Periods
    years: Floats
    """(T,) length of each period in years"""
    nodes: tuple[str, ...]
    node_country: tuple[str, ...]
    goods: tuple[str, ...]
    good_unit: tuple[str, ...]
    streams: tuple[Stream, ...]
    stream_good: Ints
    balance_node: Ints
    balance_stream: Ints
    """(B,) pairs of node and stream that keep a balance in every period"""
    links: Links
    flows: Flows
    supplies: Supplies
    demands: Demands
    processes: Processes
    stores: Stores
    pools: Pools
    ramps: tuple[Ramp, ...]
    routes: Routes
    limits: tuple[Limit, ...]
    charges: tuple[Charge, ...]
    tariff_quotas: tuple[TariffQuota, ...]
    sales: Sales
    ledger: tuple[LedgerRow, ...]
    instruments: tuple[Instrument, ...]

    @property
    def own_supplies(self) -> int:
        """How many supplies, from the first, are the case's own and no outputs of processes."""
        return len(self.supplies.ids) - len(self.processes.output_supply)

    @property
    def own_demands(self) -> int:
        """How many demands, from the first, are the case's own and no inputs of processes."""
        return len(self.demands.ids) - len(self.processes.input_demand)

    @property
    def couples_periods(self) -> bool:
        """Whether anything ties periods together: without it, foresight makes no difference."""
        return bool(
            len(self.stores.pair_store)
            or any(len(r.ids) for r in self.ramps)
            or any(len(np.unique(limit.period)) > 1 for limit in self.limits)
            or any(len(np.unique(quota.period)) > 1 for quota in self.tariff_quotas)
        )

    @cached_property
    def flow_charge(self) -> Floats:
        """What instruments charge on each flow, (T, F)."""
        return self._charged("flow", len(self.flows.link))

    @cached_property
    def take_charge(self) -> Floats:
        """What instruments charge on each pair of demand and stream, (T, K)."""
        return self._charged("take", len(self.demands.take_demand))

    @cached_property
    def ad_valorem(self) -> Floats:
        """What instruments charge on each pair of demand and stream, as a share of the border price, (T, K)."""
        total = np.zeros((len(self.periods), len(self.demands.take_demand)))
        for charge in self.charges:
            if charge.ad_valorem:
                np.add.at(total, (charge.period, charge.item), charge.ad_valorem)
        return total

    def at_border(self, price: Floats) -> Network:
        """The network with its duties ad valorem at border prices, (T, K) in million USD per good.unit."""
        charges = tuple(
            replace(c, rate=c.ad_valorem * price[c.period, c.item]) if c.ad_valorem else c for c in self.charges
        )
        return replace(self, charges=charges)

    def marginal_duty(self, take: Floats) -> Floats:
        """What instruments charge on one more unit of each delivery, (T, K), where `take` (T, K) is delivered.

        Duties ad valorem stand at the border prices that are assumed, at first none.
        """
        duty = self.take_charge.copy()
        for quota in self.tariff_quotas:
            if self.years[quota.period] @ take[quota.period, quota.item] < quota.volume:
                duty[quota.period, quota.item] -= quota.saving
        return duty

    def _charged(self, quantity: str, items: int) -> Floats:
        total = np.zeros((len(self.periods), items))
        for charge in self.charges:
            if charge.quantity == quantity:
                np.add.at(total, (charge.period, charge.item), charge.rate)
        return total

    def announcement_dates(self) -> tuple[dt.date, ...]:
        """Dates inside the calendar at which something becomes known that was not."""
        first = self.periods.starts[0]
        last = self.periods.ends[-1]
        return tuple(sorted({d for i in self.instruments for d in i.news() if first < d < last}))
