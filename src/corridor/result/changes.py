"""The ledger as a table: every number that an instrument changed, with its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.case import canonical_price_unit, target_goods

if TYPE_CHECKING:
    import pandas as pd

    from corridor.network import LedgerRow
    from corridor.result.model import Result

__all__ = ["ledger"]

_PURE = {"allowed": "", "ad_valorem": "share"}
"""Figures without the unit of a good: 1 for allowed and 0 for not; a share of the border price."""
_VOLUMES = {"release"}
_CHARGES = {"tariff", "tariff_quota", "fee", "subsidy", "ban"}
"""Kinds whose ledger column is the charge itself; of a ban, the surcharge on what leaks in."""


def ledger(result: Result) -> pd.DataFrame:
    """See `Result.ledger`."""
    import pandas as pd

    net = result.network
    goods_of = target_goods(result.case.tables)
    good_unit = dict(zip(net.goods, net.good_unit, strict=True))

    def unit(row: LedgerRow) -> str:
        if row.column in _PURE:
            return _PURE[row.column]
        # `links.cpc`, `agreement on cpc`, or the id alone.
        table, _, name = row.what.rpartition(" ")[2].rpartition(".")
        own = next((good_unit[g] for g in goods_of.get(name, (name,)) if g in good_unit), "")
        if not own:
            return ""
        if row.column in _CHARGES:
            return canonical_price_unit(own)
        return own if table == "storage" or row.column in _VOLUMES else f"{own}/yr"

    rows = [
        (net.periods.labels[r.period], r.what, r.column, r.before, r.after, unit(r), r.instrument)
        for r in sorted(net.ledger, key=lambda r: (r.period, r.what, r.instrument))
    ]
    return pd.DataFrame(rows, columns=["period", "what", "column", "before", "after", "unit", "instrument"])
