"""What an investment answer says in a sentence, and why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.analysis.world import amount, country_name, list_words, name_of, percent, word_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.analysis.invest_told import Invest
    from corridor.analysis.plan_share import Question
    from corridor.case import Case

__all__ = [
    "expansion_name",
    "money",
    "plan_lines",
    "sentence",
    "undefended",
    "unreachable",
    "what_counts",
]


NAMED = 5
"""Projects that a sentence names."""
WHOLE = 0.995


def what_counts(case: Case, q: Question) -> str:
    """The share asked about, in words."""
    good, of, what = word_for(case, q.good), country_name(q.of), country_name(q.what)
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


def plan_lines(case: Case, told: Invest) -> tuple[str, ...]:
    """What else to know of a plan: where the share comes from and could go, what support is paid on, how firm it is."""
    counts = what_counts(case, told.question)
    planning = case.settings.planning
    base = f"{percent(told.share_now)} in {planning.years[0]}; " if planning is not None else ""
    share = (
        f"{counts[:1].upper()}{counts[1:]} is {base}in {told.by} {percent(told.share_before)} with nothing built, "
        f"{percent(told.share_after)} with the plan, and at the lowest {percent(told.lowest_share)} with everything built "
        "that can work by then."
    )
    lines = [share]
    year = next((y for y in told.years if y.year == told.by), None)
    if year is not None and told.yearly_support > 0:
        lines.append(
            f"Support in {told.by}, apart from building: {year.support_per_unit:,.3g} million USD for each {told.unit} of the "
            f"{amount(year.moved, told.unit)} that go another way than they would, {money(told.yearly_support)} a year."
        )
    losses = [y for y in told.years if y.worst_loss is not None and y.year == told.by]
    if losses and losses[0].worst_closure:
        closure, share = name_of(case, losses[0].worst_closure), percent(losses[0].worst_loss or 0.0)
        lines.append(f"The worst single closure in {told.by} is then {closure}: {share} of the exports have no way.")
    holds = [f"{s.factor:g}" for s in told.sensitivity if s.holds and s.factor != 1]
    other = [f"{s.factor:g}" for s in told.sensitivity if not s.holds]
    if told.plan and (holds or other):
        kept = f"The same projects are built at {list_words(holds)} times the cost of building" if holds else ""
        moved = f"other ones at {list_words(other)} times" + ("" if holds else " the cost of building") if other else ""
        text = "; ".join(part for part in (kept, moved) if part)
        lines.append(f"{text[:1].upper()}{text[1:]}.")
    payer = told.payer[0] if told.payer else None
    if payer is not None:
        pays, gets = payer.pays_capital + payer.pays_support, payer.gains + payer.receives_support
        lines.append(
            f"In {told.by} {country_name(payer.country)} pays {money(pays)} a year and "
            f"{'gains' if gets >= 0 else 'loses'} {money(abs(gets))} from it."
        )
    return tuple(lines)


def undefended(case: Case, q: Question, most: float, year: int, closure: str, share: float) -> str:
    """Why no plan stands every closure."""
    return (
        f"no plan leaves at most {percent(most)} of {country_name(q.of)}'s exports of {word_for(case, q.good)} without a "
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
