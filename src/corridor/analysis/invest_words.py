"""What an investment answer says in a sentence, and why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.analysis.world import country_name, name_of, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.analysis.invest_told import Invest
    from corridor.analysis.plan_share import Question
    from corridor.case import Case

__all__ = ["expansion_name", "money", "sentence", "undefended", "unreachable", "what_counts"]


NAMED = 5
"""Projects that a sentence names."""
WHOLE = 0.995


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


def built_words(case: Case, told: Invest) -> str:
    """The projects of a plan in a few words: the dearest first, each with its first year."""
    found: dict[str, tuple[float, float, int]] = {}
    for p in told.plan:
        fraction, cost, year = found.get(p.expansion, (0.0, 0.0, p.year))
        found[p.expansion] = fraction + p.fraction, cost + p.build_cost, min(year, p.year)
    named = sorted(found.items(), key=lambda item: -item[1][1])
    words = [
        f"{expansion_name(case, name)}{'' if fraction > WHOLE else f' ({percent(fraction)} of it)'} from {year}"
        for name, (fraction, _, year) in named[:NAMED]
    ]
    more = len(named) - NAMED
    return "; ".join(words) + (f"; and {more} smaller project{'s' if more > 1 else ''}" if more > 0 else "")


def sentence(case: Case, told: Invest) -> str:
    """One sentence that answers."""
    counts = what_counts(case, told.question)
    built = built_words(case, told)
    prices = "" if told.price_year is None else f" of {told.price_year}"
    cost = f"{money(told.build_cost)}{prices} to build ({money(told.build_cost_discounted)} discounted)"
    if told.max_share is None and told.max_loss is None:
        return f"Without a limit {counts} is {percent(told.share_unlimited)} in {told.by}; " + (
            f"what pays by itself is {built}: {cost}." if built else "nothing that can be built pays by itself."
        )
    kept = "exports kept" if told.question.direction == "exports" else "use kept"
    asked = []
    if told.max_share is not None:
        asked.append(f"to hold {counts} at {percent(told.max_share)} (else {percent(told.share_unlimited)})")
    if told.max_loss is not None:
        asked.append(f"to leave at most {percent(told.max_loss)} of the exports without a way under any single closure")
    first = f"The cheapest way {' and '.join(asked)} from {told.by}{'' if told.allow_cuts else f', {kept},'}"
    ways = f"is to build {built}: {cost}" if built else "needs nothing built"
    support = (
        f", and {money(told.yearly_support)} of support in {told.by} for a year's use"
        if told.yearly_support > 0
        else ""
    )
    return f"{first} {ways}{support}; over all years the limit costs the system {money(told.system_cost)} in present value."


def undefended(case: Case, q: Question, most: float, year: int, closure: str, share: float) -> str:
    """Why no plan stands every closure."""
    return (
        f"no plan leaves at most {percent(most)} of {country_name(q.of)}'s exports of {name_of(case, q.good).lower()} without a "
        f"way in {year}: with everything built that can work by then, {name_of(case, closure)} shut still leaves {percent(share)}"
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
