"""Market power in a year that was observed: the price says what a seller's last unit earned, not what it cost.

On the demand curve through the observed point, a seller with the share s of a demand with elasticity e earns

    P (1 - theta s / |e|)

with one more unit (Cournot 1838, chapter VII, for theta = 1). Costs are found from that in place of P.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import QuestionError
from corridor.result.reading import pair_of

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case import Case
    from corridor.network import Network
    from corridor.program import Bools, Floats
    from corridor.result import Reading

__all__ = ["conduct_observed", "marginal_revenue", "marked_up"]


def conduct_observed(case: Case) -> pd.DataFrame:
    """The table `conduct` as it is read into the year observed: `observed` in place of `theta` where it is given."""
    table = case.table("conduct")
    table["theta"] = table["observed"].where(table["observed"].notna(), table["theta"]).astype(float)
    table["observed"] = np.nan
    return table


def marginal_revenue(net: Network, reading: Reading) -> Floats:
    """1 - theta s / |e| of each pair of demand and stream, (K,); 1 where nobody has market power.

    Raises `QuestionError` where it is not positive: no seller sells that much, since less would earn more.
    """
    kept = np.ones(len(net.demands.take_demand))
    sales = net.sales
    if not sales.ids:
        return kept
    weight = net.years / net.years.sum()
    sold, taken = weight @ sales.sold(reading.take), (weight @ reading.demand)[sales.demand]
    share = np.divide(sold, taken, out=np.zeros_like(sold), where=taken > 0)
    elasticity = np.abs(net.demands.elasticity[sales.demand])
    lost = sales.theta * share / elasticity
    np.subtract.at(kept, sales.member_take, lost[sales.member_sale])
    worst = int(np.argmax(lost)) if len(lost) else 0
    if (kept <= 0).any():
        raise QuestionError(
            f"conduct {sales.seller[worst]}: theta {sales.theta[worst]:g} cannot be what was observed at "
            f"{net.demands.ids[sales.demand[worst]]}, of which it sold {share[worst]:.0%} at an elasticity of "
            f"{-elasticity[worst]:g}: less would have earned more. There theta is below {elasticity[worst] / share[worst]:.2f}"
        )
    return kept


def marked_up(net: Network) -> Bools:
    """Balances (B,) at which a stream is sold with market power."""
    found = np.zeros(len(net.balance_node), dtype=bool)
    pairs = np.unique(net.sales.member_take)
    demands = net.demands
    found[pair_of(net)[demands.node[demands.take_demand[pairs]], demands.take_stream[pairs]]] = True
    return found
