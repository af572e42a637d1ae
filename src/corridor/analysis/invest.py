"""Which investments buy most independence per dollar; the cheapest plan that keeps a share below a limit by a year.

Definition: design section 6. What can be built stands in expansions, what the years bring in projections; the plan is the one
that costs the whole system least (docs/background/investing.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from corridor.analysis.invest_search import Search
from corridor.analysis.invest_told import Invest, Wanted
from corridor.analysis.plan_share import Question
from corridor.analysis.plan_years import Years
from corridor.analysis.projects import projects_of
from corridor.analysis.world import must_have, must_have_country
from corridor.calibration import calibrate
from corridor.case import part_of
from corridor.errors import QuestionError
from corridor.network import Distinction, Instrument, goods_touched, instruments_of

if TYPE_CHECKING:
    from corridor.case import Case

__all__ = ["Invest", "invest"]


def invest(
    case: Case,
    *,
    good: str,
    of: str,
    through: str | None = None,
    partner: str | None = None,
    max_share: float | None = None,
    max_loss: float | None = None,
    by: int | None = None,
    direction: str = "exports",
    over: str = "trade",
    slice_: str = "",
    allow_cuts: bool = False,
    payer: str | None = None,
    whole: bool | None = None,
    expansions: Collection[str] = (),
    scenario: str = "base",
    with_: Instrument | Iterable[Instrument] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> Invest:
    """The cheapest plan under which at most `max_share` of a country's trade in a good goes through a country, from `by` on.

    `through` or `partner` and `direction`, `over` are those of `share`; `slice_` limits it in one slice of the hours. Without
    limits the plan is what pays by itself. `max_loss` caps the share of exports that has no way under any single closure of a
    corridor or border link from `by` on. Exports (of imports: the country's use) stay at least what they are without
    the limit, unless `allow_cuts`. `whole` True builds projects wholly or not at all, False in fractions, None as the case
    says; `expansions` names projects to choose among, else all that widen what carries, makes or uses the good. `payer` is the
    country that pays for building and support.
    Raises `QuestionError` for a question that the case cannot be asked, `InfeasibleError` where no plan keeps the limit.
    """
    added = (with_,) if isinstance(with_, Instrument) else tuple(with_)
    asked = _asked(case, good, of, through, partner, direction, over, slice_)
    for name, value in (("max-share", max_share), ("max-loss", max_loss)):
        if value is not None and not 0 <= value <= 1:
            raise QuestionError(f"a share is between 0 and 1, as in --{name} 0.6, not {value:g}")
    if max_loss is not None and direction != "exports":
        raise QuestionError("the loss of the worst closure is one of exports; leave out --max-loss for imports")
    if payer is not None:
        must_have_country(case, [payer])
    touched = (*added, *(i for i in instruments_of(case, scenario) if i.scenarios))
    part = calibrate(part_of(case, {good, *(goods_touched(case, touched) if touched else ())}))
    projects = projects_of(part, good, expansions, whole=whole)
    if not projects:
        raise QuestionError(f"{case.name} has no expansion that widens what carries {good}: add rows to expansions.csv")
    track = [Distinction(good, frozenset({of}))]
    track += [Distinction(good, frozenset({asked.what}))] if direction == "imports" else []
    years = Years(part, scenario, added, track, projects)
    planned = years.planning.years[1:]
    by = planned[-1] if by is None else by
    if by not in planned:
        raise QuestionError(f"by is a planning year of the case: {', '.join(map(str, planned))}, not {by}")
    tell("solving the planning years without projects")
    base = years.unbuilt(years.planning.years[0])
    markets = [years.unbuilt(year) for year in planned]
    wanted = Wanted(asked, max_share, max_loss, by, allow_cuts, payer)
    return Search(case, years, base, markets, wanted, tell).answer()


def _asked(
    case: Case, good: str, of: str, through: str | None, partner: str | None, direction: str, over: str, slice_: str
) -> Question:
    must_have(case, "goods", good, "good")
    given = {how: what for how, what in (("through", through), ("partner", partner)) if what}
    if len(given) != 1:
        raise QuestionError("a plan limits what goes through a country or what a partner sends or takes: give one")
    how, what = next(iter(given.items()))
    must_have_country(case, [of, what])
    if of == what:
        raise QuestionError(f"a share of {of}'s trade {how} {of} itself is no question: give another country")
    for name, value, allowed in (
        ("direction", direction, ("exports", "imports")),
        ("over", over, ("trade", "use")),
    ):
        if value not in allowed:
            raise QuestionError(f"{name} is {' or '.join(allowed)}, not {value!r}")
    return Question(good, of, how, what, direction, over, slice_)
