"""What an investment answer says in a sentence, and why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.analysis.world import country_name, name_of, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.analysis.invest import Invest
    from corridor.analysis.plan_share import Question
    from corridor.case import Case

__all__ = ["expansion_name", "money", "sentence", "unreachable", "what_counts"]


def what_counts(case: Case, q: Question) -> str:
    """The share asked about, in words."""
    good, of, what = name_of(case, q.good).lower(), country_name(q.of), country_name(q.what)
    whole = q.direction if q.over == "trade" else "output" if q.direction == "exports" else "use"
    if q.how == "through":
        told = f"the share of {of}'s {whole} of {good} that crosses {what}"
    elif q.direction == "imports":
        told = f"the share of {of}'s {whole} of {good} that comes from {what}"
    else:
        told = f"the share of {of}'s {whole} of {good} that goes to {what}"
    return told + (f" in slice {q.slice.replace('_', ' ')}" if q.slice else "")


def expansion_name(case: Case, name: str) -> str:
    """A project's name as shown."""
    rows = case.tables["expansions"]
    found = rows.loc[rows["id"] == name, "name"]
    return str(found.iloc[0]) if len(found) else name


def money(million: float) -> str:
    """An amount of money in words."""
    if abs(million) >= 1000:
        return f"{million / 1000:,.1f} billion USD"
    return f"{million:,.0f} million USD" if abs(million) >= 1 or million == 0 else f"{million:.2g} million USD"


def sentence(case: Case, told: Invest) -> str:
    """One sentence that answers."""
    counts = what_counts(case, told.question)
    built = ", ".join(
        f"{expansion_name(case, p.expansion)}{'' if p.fraction > 0.995 else f' ({percent(p.fraction)} of it)'} from {p.year}"
        for p in told.plan
    )
    prices = "" if told.price_year is None else f" of {told.price_year}"
    cost = f"{money(told.build_cost)}{prices} to build ({money(told.build_cost_discounted)} discounted)"
    if told.max_share is None:
        return f"Without a limit {counts} is {percent(told.share_unlimited)} in {told.by}; " + (
            f"what pays by itself is {built}: {cost}." if built else "nothing that can be built pays by itself."
        )
    if told.share_unlimited <= told.max_share and not told.system_cost > 1e-6 * max(1.0, told.build_cost):
        first = f"{counts[0].upper()}{counts[1:]} is {percent(told.share_unlimited)} in {told.by} without a limit"
        return f"{first}, no more than {percent(told.max_share)}" + (
            f"; what pays by itself is {built}." if built else "."
        )
    cuts = "" if told.allow_cuts else ", exports kept" if told.question.direction == "exports" else ", use kept"
    first = f"The cheapest way to hold {counts} at {percent(told.max_share)} from {told.by} (else {percent(told.share_unlimited)}{cuts})"
    ways = f"is to build {built}: {cost}" if built else "needs nothing built"
    return (
        f"{first} {ways}, and {money(told.yearly_support)} a year of support in {told.by} so that shippers use it; "
        f"over all years it costs the system {money(told.system_cost)} in present value."
    )


def unreachable(
    case: Case, q: Question, limit: float, year: int, lowest: float, holds: Sequence[str], *, allow_cuts: bool
) -> str:
    """Why no plan keeps the limit."""
    told = f"no plan holds {what_counts(case, q)} at {percent(limit)} in {year}"
    if lowest <= limit:
        return f"{told} with what its projects need and exclude, though with all of them built it could be {percent(lowest)}"
    short = 100 * (lowest - limit)
    text = f"{told}: with everything built that can work by then, the lowest is {100 * lowest:.1f} %, {short:.1f} points above it"
    if holds:
        text += f"; what is full then: {', '.join(name_of(case, name) for name in holds[:6])}"
    return text + ("" if allow_cuts else "; exports are kept, --allow-cuts lets them fall")
