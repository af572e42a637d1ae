"""Security indicators beside a share, on a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis.world import WORLD, amount, country_name, name_of, percent, period_words

if TYPE_CHECKING:
    from corridor.analysis import Security, Share
    from corridor.result import Result

__all__ = ["security_body", "security_lines"]

MOST_LINKS = 6
"""Border links shown on a terminal; JSON has all."""


def security_lines(told: Share, result: Result) -> list[str]:
    """N-1, partners, days of cover, and how much more the largest border links could carry."""
    found = told.security
    if found is None or told.total <= 0:
        return []
    lines = [f"  concentration of partners (HHI): {found.hhi_partners:,.0f}{_partners(found)}"]
    if found.n_1 is not None:
        lines.append(f"  {_n_1(found, result)}")
    if found.days_of_cover is not None:
        lines.append(
            f"  days of cover: {found.days_of_cover:.0f} (stock {amount(found.stock, found.stock_unit)} on average)"
        )
    for link in found.border[:MOST_LINKS]:
        spare = "capacity not known" if link.spare is None else f"{amount(link.spare, link.unit)} to spare"
        lines.append(f"  over the border by {name_of(result.case, link.link)}: {amount(link.flow, link.unit)}, {spare}")
    return lines


def security_body(found: Security | None) -> dict[str, Any] | None:
    """The indicators as JSON tells them."""
    if found is None:
        return None
    body: dict[str, Any] = {
        "hhi_partners": found.hhi_partners,
        "partners": [{"country": country, "share": share} for country, share in found.partners],
        "n_1": None,
        "days_of_cover": found.days_of_cover,
        "stock": found.stock,
        "stock_unit": found.stock_unit,
        "border": [
            vars(b) | ({} if b.capacity is not None else {"why_absent": "capacity, spare: not known, or unlimited"})
            for b in found.border
        ],
    }
    absent = []
    if found.days_of_cover is None:
        absent.append("days_of_cover: nothing is stored, or nothing used, in the country")
    if found.n_1 is None:
        absent.append("n_1: it is about imports")
    else:
        body["n_1"] = {key: value for key, value in vars(found.n_1).items() if key != "why_absent"}
        if found.n_1.why_absent:
            body["n_1"]["why_absent"] = f"value: {found.n_1.why_absent}"
    return body | ({"why_absent": "; ".join(absent)} if absent else {})


def _partners(found: Security) -> str:
    first = [f"{country_name(country)} {percent(share)}" for country, share in found.partners[:3]]
    # Buyers or sellers beyond the network may be many; the index is then as high as if they were one.
    lumped = f"; {country_name(WORLD)} counts as one" if WORLD in dict(found.partners) else ""
    return f" ({', '.join(first)}{lumped})" if first else ""


def _n_1(found: Security, result: Result) -> str:
    n_1 = found.n_1
    assert n_1 is not None  # noqa: S101 (asked for by the caller)
    when = period_words(n_1.period)
    if n_1.value is None:
        return f"N-1 (EU 2017/1938): not known, {n_1.why_absent}"
    assert n_1.entry is not None  # noqa: S101 (where the value is known, so are its terms)
    assert n_1.production is not None  # noqa: S101
    assert n_1.largest is not None  # noqa: S101
    largest = (
        f"{amount(n_1.largest, n_1.unit)} of {name_of(result.case, n_1.largest_entry)}" if n_1.largest else "no entry"
    )
    return (
        f"N-1 (EU 2017/1938): {n_1.value:.0f} % in {when}: entries {amount(n_1.entry, n_1.unit)}, own production "
        f"{amount(n_1.production, n_1.unit)}, storage {amount(n_1.storage, n_1.unit)}, less {largest}, "
        f"over {amount(n_1.demand, n_1.unit)} wanted"
    )
