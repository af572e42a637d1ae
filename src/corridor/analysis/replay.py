"""Would the model have told what really happened? Documented shocks, each predicted from a year before it.

Definitions: design section 6. Changes are scored, not levels: the shock's calendar is solved with and without its measures,
on the calibration of an earlier year and with the capacities of its date; the difference is what the model predicts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.analysis.observed import level_of, lost_share, routes_gained
from corridor.calibration import calibrate
from corridor.case import Calendar, part_of, records
from corridor.errors import CorridorError, NotObservedError, QuestionError
from corridor.network import Distinction, instruments_of
from corridor.study import answer, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridor.case import Case
    from corridor.result import Result

__all__ = ["ALARM", "Replay", "Replayed", "replay"]

ALARM = 0.02
"""Predicted change, as a share of the level before, from which a shock without effect counts as a false alarm."""


@dataclass(frozen=True)
class Replayed:
    """One shock. Levels are rates in good.unit per year, or prices in million USD per good.unit; changes are shares of `before`."""

    id: str
    name: str
    good: str
    measure: str
    target: str
    calibrated_on: int
    start: dt.date
    end: dt.date
    before: float
    observed: float
    predicted: float | None
    """level before plus the change that the model tells; None where it could not be asked"""
    lost_times_flow: float
    """level before less the share of capacity lost: the plainest rule"""
    unit: str
    effect: bool
    first_route: tuple[str, ...]
    routes: tuple[str, ...]
    """route corridors that gain in the model, most first"""
    known_on: dt.date | None
    conditional: bool
    """its size was known only after it began: conditional on reported capacity, and not in the headline"""
    used_for: tuple[str, ...]
    note: str
    """why it is not scored, where it is not"""
    gap: float | None = None
    """largest gap of the certificates of its two solves, which passed; None where it could not be asked"""

    @property
    def error(self) -> float | None:
        """|predicted change - observed change| / level before."""
        return None if self.predicted is None or self.before <= 0 else abs(self.predicted - self.observed) / self.before

    @property
    def error_no_change(self) -> float | None:
        """The same of the rule that nothing changes."""
        return None if self.before <= 0 else abs(self.before - self.observed) / self.before

    @property
    def error_lost(self) -> float | None:
        """The same of the rule that what is lost is capacity lost times flow."""
        return None if self.before <= 0 else abs(self.lost_times_flow - self.observed) / self.before

    @property
    def scored(self) -> bool:
        """Whether it counts: predicted, with a level before, and no parameter was taken from it."""
        return self.error is not None and not self.used_for

    @property
    def sign_right(self) -> bool | None:
        """Whether a shock with effect moved the way that the model says, by more than the threshold of an alarm."""
        if not self.effect or self.predicted is None or self.before <= 0:
            return None
        told = (self.predicted - self.before) / self.before
        return abs(told) > ALARM and (told > 0) == (self.observed > self.before)

    @property
    def route_right(self) -> bool | None:
        """Whether the corridor that gained most was one of those observed to gain first; None where none was observed."""
        if not self.first_route or self.predicted is None:
            return None
        return bool(self.routes) and self.routes[0] in self.first_route

    @property
    def alarm(self) -> bool:
        """A shock without effect for which the model tells one."""
        if self.effect or self.predicted is None or self.before <= 0:
            return False
        return abs(self.predicted - self.before) > ALARM * self.before


@dataclass(frozen=True)
class Replay:
    """All shocks of a case, and how well they were told. Only shocks that are scored and not conditional count below."""

    case: Case
    shocks: tuple[Replayed, ...]

    def counted(self, *, effect: bool) -> tuple[Replayed, ...]:
        """Shocks that count, with or without effect."""
        return tuple(s for s in self.shocks if s.scored and not s.conditional and s.effect == effect)

    @property
    def errors(self) -> tuple[float, ...]:
        """Errors of the shocks with effect."""
        return tuple(s.error or 0.0 for s in self.counted(effect=True))

    @property
    def false_alarms(self) -> int:
        """How many shocks without effect the model tells an effect of."""
        return sum(s.alarm for s in self.counted(effect=False))

    def skill(self, rule: str) -> float | None:
        """One less the ratio of summed errors, model over a naive rule (`no_change`, `lost_times_flow`); above 0 is better.

        Over shocks with effect and without: a rule that is right on one kind only is found out on the other.
        """
        counted = [*self.counted(effect=True), *self.counted(effect=False)]
        naive = sum((s.error_no_change if rule == "no_change" else s.error_lost) or 0.0 for s in counted)
        return 1.0 - sum(s.error or 0.0 for s in counted) / naive if naive > 0 else None

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        errors, quiet = self.errors, self.counted(effect=False)
        if not errors and not quiet:
            return f"{self.case.name} has no shock that can be scored."
        parts = []
        if errors:
            right = sum(s.sign_right is True for s in self.counted(effect=True))
            parts.append(
                f"of {len(errors)} shocks with effect the model tells {right} in the right direction, with an error of "
                f"{100 * float(np.median(errors)):.0f} % of the level before (median; worst {100 * max(errors):.0f} %)"
            )
        if quiet:
            parts.append(f"{len(quiet)} without effect bring {self.false_alarms} false alarms")
        rules = ("no_change", '"no change"'), ("lost_times_flow", '"capacity lost times flow"')
        told = [(self.skill(rule), words) for rule, words in rules]
        if all(skill is not None for skill, _ in told):
            ratios = " and ".join(f"{100 * (1 - (skill or 0.0)):.0f} % of those of {words}" for skill, words in told)
            parts.append(f"over all of them its errors sum to {ratios}")
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}."


def replay(case: Case, shocks: Sequence[str] | None = None, tell: Callable[[str], None] = lambda _: None) -> Replay:
    """Predict the shocks of a case (`shocks.csv`), or those named; `tell` is called with what is being worked on.

    Raises `QuestionError` where the case has none, or not one that is named.
    """
    rows = records(case.tables["shocks"])
    known = [row["id"] for row in rows]
    strange = set(shocks or ()) - set(known)
    if not rows or strange:
        there = f"it has {', '.join(known)}" if known else "it has no shocks.csv"
        raise QuestionError(f"{case.name} has no shock {repr(min(strange)) if strange else 'to replay'}; {there}")
    found = []
    for row in rows:
        if shocks is None or row["id"] in shocks:
            tell(f"replaying {row['id']}")
            found.append(_replayed(case, row))
    return Replay(case, tuple(found))


def _replayed(case: Case, row: dict[str, Any]) -> Replayed:
    part = part_of(case, {row["good"]})
    instruments = [i for i in instruments_of(part, row["scenario"]) if row["scenario"] in i.scenarios]
    begins = min((i.start for i in instruments if i.start), default=row["start"])
    price = row["measure"] == "price"
    before, observed = (row["price_before"], row["price_observed"]) if price else (row["before"], row["observed"])
    told = Replayed(
        id=row["id"],
        name=row["name"],
        good=row["good"],
        measure=row["measure"],
        target=row["target"],
        calibrated_on=row["calibrate_on"],
        start=row["start"],
        end=row["end"],
        before=before,
        observed=observed,
        predicted=None,
        lost_times_flow=before,
        unit=_unit(part, row["good"], price=price),
        effect=row["effect"],
        first_route=row["first_route"],
        routes=(),
        known_on=row["known_on"],
        conditional=row["known_on"] is not None and row["known_on"] > begins,
        used_for=row["used_for"],
        note=f"taken from it: {', '.join(row['used_for'])}" if row["used_for"] else "",
    )
    try:
        without, during = _both(part, row, begins)
    except NotObservedError:
        return replace(told, note=f"nothing was observed in {row['calibrate_on']} to calibrate on")
    except CorridorError as error:
        return replace(told, note=str(error).split("\n", 1)[0])
    inside = during.network.periods.inside(row["start"], row["end"]).astype(float)
    levels = [level_of(result, row, inside) for result in (without, during)]
    lost = lost_share(during, row, inside)
    if not all(np.isfinite(levels)):
        return replace(told, note="nothing passes there in the model, so it has no price")
    return replace(
        told,
        predicted=max(before + levels[1] - levels[0], 0.0),
        lost_times_flow=before * (1.0 - lost),
        routes=routes_gained(without, during, row["good"], inside),
        gap=max(stage.gap for result in (without, during) for stage in result.certificate.stages),
        note=told.note or ("nothing passed before, so a change has no measure" if before <= 0 else ""),
    )


def _both(part: Case, row: dict[str, Any], begins: dt.date) -> tuple[Result, Result]:
    """The years of the shock, month by month, without and with its measures, cut at the window that was measured.

    Whole years, since contracts and seasons are of a year. What began earlier is in force from the first day.
    """
    first = max(min(begins, row["start"]), dt.date(row["start"].year, 1, 1))
    last = row["end"] - dt.timedelta(days=1)
    calendar = Calendar(dt.date(first.year, 1, 1), dt.date(last.year + 1, 1, 1), "month")
    made = calibrate(part, row["calibrate_on"])
    case = made.with_tables(replace(made.settings, calendar=calendar))
    goods = {
        c for c in (row["origin"], row["target"] if row["measure"] in ("exports", "imports", "output") else None) if c
    }
    track = [Distinction(row["good"], frozenset({country})) for country in sorted(goods)]
    own = instruments_of(case, row["scenario"])
    shared: dict[str, Any] = {
        "calendar_with": own,
        "dates": (row["start"], row["end"]),
        "track": track,
        "horizon": "short",
    }
    return answer(ask(case, **shared)), answer(ask(case, row["scenario"], **shared))


def _unit(case: Case, good: str, *, price: bool) -> str:
    from corridor.case import canonical_price_unit

    unit = str(case.tables["goods"].set_index("id").loc[good, "unit"])
    return canonical_price_unit(unit) if price else f"{unit}/yr"
