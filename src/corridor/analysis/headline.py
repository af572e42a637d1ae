"""The main job: the base, the case's headline question, and every headline scenario, each with how firm its answer is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.analysis.asked import Asked, Told, asking
from corridor.analysis.compare import VISIBLE, Comparison, compare, output_of
from corridor.analysis.share import Share, share
from corridor.analysis.solve import describe, solve
from corridor.analysis.world import amount, country_name, name_of, percent, word_for
from corridor.case import groups_of, part_of, parts, records
from corridor.errors import InfeasibleError
from corridor.network import goods_touched, instruments_of, prepare

if TYPE_CHECKING:
    from corridor.case import Case
    from corridor.network import Instrument
    from corridor.result import Result

__all__ = ["Answered", "Headlines", "Section", "headline_scenarios", "headlines", "timing_lines"]


@dataclass(frozen=True)
class Answered:
    """One headline question: its answer in words, what backs it, and the results."""

    scenario: str
    question: str
    answer: str
    details: tuple[str, ...]
    command: str
    result: Result | None
    comparison: Comparison | None
    share: Share | None
    verb: str = "compare"
    told: Told | None = None
    """the answer of a verb that is none of `solve`, `share` and `compare`"""

    @property
    def is_of_base(self) -> bool:
        """Whether it is read from the base as it is."""
        return self.scenario == "base" and self.told is None


@dataclass(frozen=True)
class Section:
    """What is answered of one group of goods."""

    name: str
    """as case.toml names the group; "" where there are none"""
    goods: tuple[str, ...]
    base: Result
    """of the part of the case that holds these goods and all that is tied to them"""
    answers: tuple[Answered, ...]


@dataclass(frozen=True)
class Headlines:
    """Everything that `run` answers, group by group."""

    case: Case
    sections: tuple[Section, ...]

    @property
    def answers(self) -> tuple[Answered, ...]:
        """The answers of all groups, in their order."""
        return tuple(answer for section in self.sections for answer in section.answers)

    @property
    def bases(self) -> tuple[Result, ...]:
        """One base for each part of the case; sections of one part share theirs."""
        return tuple({id(section.base): section.base for section in self.sections}.values())


def headlines(case: Case, tell: Callable[[str], None] = lambda _: None, *, processes: int = 1) -> Headlines:
    """Answer a case's headline questions and scenarios; `tell` is called with what is being worked on.

    Each part of the case that nothing ties to the others is solved apart, which changes no answer. With two `processes`
    the questions of other verbs than `share` are worked out beside the rest; a script must then guard its own start
    (`if __name__ == "__main__"`), as the new process imports it.
    """
    with asking(case, case.settings.asked, tell, processes=processes) as answers:
        sections: list[Section] = []
        for goods in parts(case):
            sections.extend(_part_sections(part_of(case, goods), tell))
        asked = answers()
    order = {name: number for number, name in enumerate(g.name for g in case.settings.groups.values())}
    sections.sort(key=lambda s: order.get(s.name, 0))
    return Headlines(case, tuple(_with_asked(section, asked) for section in sections))


def _with_asked(section: Section, asked: Iterable[Asked]) -> Section:
    """A group's section with the answers about its goods, after those about shares and before the scenarios."""
    mine = [
        Answered("base", a.question, a.answer, a.details, a.command, a.base, None, None, a.verb, a.told)
        for a in asked
        if a.good in section.goods
    ]
    first = sum(answer.scenario == "base" for answer in section.answers)
    return replace(section, answers=(*section.answers[:first], *mine, *section.answers[first:]))


def _part_sections(case: Case, tell: Callable[[str], None]) -> list[Section]:
    """One section for each group of a part, all of them read from one base."""
    groups = groups_of(case)
    names = {key: case.settings.groups[key].name if key else "" for key in groups}
    tell(f"solving the base{_of(names.values())}")
    base = solve(case)
    answers: dict[str, list[Answered]] = {group: [] for group in groups}
    shares: list[tuple[dict[str, Any], Share]] = []
    home = {good: group for group, goods in groups.items() for good in goods}
    for question in case.settings.headline:
        tell(f"working out a share of {word_for(case, question['good'])} and its ranges")
        told = share(base, **question)  # type: ignore[arg-type]
        base = told.result or base
        shares.append((dict(question), told))
    for question, told in shares:
        answers[home[question["good"]]].append(_share_answer(case, base, told, question))
    for group, found in answers.items():
        if not found:
            found.append(_base_answer(case, base, groups[group]))
    for scenario in headline_scenarios(case):
        tell(f"solving {scenario['id']}")
        touched = goods_touched(case, (i for i in instruments_of(case, scenario["id"]) if i.scenarios))
        asked = next(((q, told) for q, told in shares if q["good"] in touched), None)
        group = next(home[good] for good in case.tables["goods"]["id"] if good in touched)
        answers[group].append(_scenario_answer(case, asked, scenario))
    return [Section(names[key], groups[key], base, tuple(answers[key])) for key in groups]


def headline_scenarios(case: Case) -> list[dict[str, Any]]:
    """Rows of headline scenarios that have a measure in this part of the case."""
    table = case.tables["scenarios"]
    measured = {name for scenarios in case.tables["instruments"]["scenarios"] for name in scenarios}
    return [row for row in records(table[table["headline"].astype(bool)]) if row["id"] in measured]


def _of(names: Iterable[str]) -> str:
    told = [name.lower() for name in names if name]
    return f" of {', '.join(told)}" if told else ""


def _base_answer(case: Case, base: Result, goods: tuple[str, ...]) -> Answered:
    command = f"corridor solve {case.name}"
    return Answered("base", "What does the market do?", describe(base, goods), (), command, base, None, None, "solve")


def _share_answer(case: Case, base: Result, told: Share, question: dict[str, Any]) -> Answered:
    details = []
    if told.low is not None and told.high is not None:
        details.append(
            f"Between {percent(told.low)} and {percent(told.high)} over all flows that cost at most 0.1 % more "
            "than the best."
        )
    if told.data_low is not None and told.data_high is not None:
        details.append(
            f"Between {percent(told.data_low)} and {percent(told.data_high)} over what the sources say differently."
        )
    free = share(solve(case, kappa=0.0), **question, ranges=False)
    details.append(f"Without any preference for observed routes (kappa = 0): {percent(free.value)}.")
    largest = max(told.routes, key=lambda r: r.quantity, default=None)
    if largest is not None and largest.corridor and len(told.routes) > 1:
        details.append(
            f"A share of {percent(largest.share)} is that of {name_of(case, largest.corridor)} alone; "
            f"all routes that cross {country_name(told.what)} together make {percent(told.value)}."
        )
    how = f"--{told.how} {told.what}{'' if told.direction == 'exports' else f' --direction {told.direction}'}"
    how += "" if told.denominator == "trade" else f" --over {told.denominator}"
    return Answered(
        "base",
        f"Which share of {country_name(told.of)}'s {told.direction if told.denominator == 'trade' else 'use'} of "
        f"{word_for(case, told.good)} {_way(told)} "
        f"{name_of(case, told.what) if told.how == 'via' else country_name(told.what)}?",
        told.sentence,
        tuple(details),
        f"corridor share {case.name} --good {told.good} --of {told.of} {how}",
        base,
        None,
        told,
        "share",
    )


def _way(told: Share) -> str:
    """The verb of a share question."""
    partner = "goes to" if told.direction == "exports" else "comes from"
    return {"through": "goes through", "partner": partner, "touching": "crosses or ends in", "via": "takes"}[told.how]


def _scenario_answer(case: Case, asked: tuple[dict[str, Any], Share] | None, row: dict[str, Any]) -> Answered:
    name = row["id"]
    command = f"corridor compare {case.name} --scenario {name}"
    own = _own_instruments(case, name)
    try:
        result = solve(case, scenario=name)
    except InfeasibleError as error:
        return Answered(
            name, row["name"], "It cannot be done.", tuple(str(error).split("\n")), command, None, None, None
        )
    shared = solve(case, calendar_with=own)
    comparison = compare(shared, result)
    told = None
    details = []
    if asked is not None:
        question, before = asked
        told = share(result, **question, ranges=False)
        details.append(
            f"The share of {word_for(case, told.good)} that {_way(told)} {country_name(told.what)} goes from "
            f"{percent(before.value)} to {percent(told.value)}."
        )
    details.extend(_obligations(case, name, result))
    details.extend(_obligation_alone(case, own))
    details.extend(timing_lines(comparison))
    details.extend(_firmness(case, name, own, comparison, asked[0]["good"] if asked is not None else None))
    return Answered(
        name,
        row["name"],
        comparison.sentence,
        tuple(details),
        command,
        told.result if told else result,
        comparison,
        told,
    )


def _own_instruments(case: Case, scenario: str) -> tuple[Instrument, ...]:
    base = {i.id for i in instruments_of(case, "base")}
    return tuple(i for i in prepare(case, instruments_of(case, scenario)) if i.id not in base)


def _obligations(case: Case, scenario: str, result: Result) -> list[str]:
    """What a minimum volume costs a unit, with the route preference and without it."""
    base = {i.id for i in instruments_of(case, "base")}
    asked = result.obligations
    asked = asked[~asked["instrument"].isin(base) & (asked["support"].abs() > 1e-6)]
    if asked.empty:
        return []
    free = solve(case, scenario=scenario, kappa=0.0).obligations.set_index("instrument")
    lines = []
    for row in records(asked):
        other = free.loc[row["instrument"]]
        lines.append(
            f"Sending {amount(row['volume'], row['unit'])} through {name_of(case, row['target'])} of its own accord would "
            f"take a support of {amount(row['support'], row['support_unit'])}, {amount(row['cost'], 'million USD')} over "
            f"the calendar; {amount(other['support'], row['support_unit'])} and {amount(other['cost'], 'million USD')} "
            "if shippers had no preference for the routes they know."
        )
    return lines


def _obligation_alone(case: Case, own: tuple[Instrument, ...]) -> list[str]:
    """An obligation that comes with new capacity: would it hold without?"""
    agreements = [i for i in own if i.kind == "agreement"]
    if not agreements or len(agreements) == len(own):
        return []
    try:
        solve(case, with_=agreements)
    except InfeasibleError as error:
        first, *rest = str(error).split("\n")
        return [f"Without the new capacity it cannot be met: {first}", *(_sentence_case(line) for line in rest)]
    return ["It can be met without the new capacity."]


def _sentence_case(line: str) -> str:
    text = line.strip()
    return f"{text[:1].upper()}{text[1:]}."


def timing_lines(comparison: Comparison) -> list[str]:
    """When tanks are full, when the first field is cut, and when output is back, in words."""
    timeline = comparison.timeline
    lines = []
    full = timeline[timeline["event"] == "tanks full"]
    if len(full):
        first = full.iloc[0]
        lines.append(f"{first['what']} are full after {first['days']} days.")
    cut = timeline[timeline["event"] == "field cut"]
    if len(cut):
        first = cut.iloc[0]
        lines.append(f"The first field is cut after {first['days']} days: {first['what']} ({first['note']}).")
    back = timeline[timeline["event"] == "output back"]
    if len(back):
        last = back.iloc[int(np.argmax(back["days"].to_numpy(dtype=int)))]
        lines.append(f"Output is back everywhere {last['days']} days after the beginning ({last['what']} last).")
    return lines


def _firmness(
    case: Case, scenario: str, own: tuple[Instrument, ...], comparison: Comparison, asked: str | None
) -> list[str]:
    """The same question without route preference, and with full links' wedges read as costs.

    It is told of the output of the good that is asked about, or of the one hit most.
    """
    base = comparison.base
    share = {name: abs(comparison.output_lost(name)) / max(output_of(base, name), 1e-9) for name in comparison.goods}
    good = asked if asked and share.get(asked, 0.0) >= VISIBLE else max(share, key=lambda name: share[name])
    if share[good] < VISIBLE:
        return []
    unit = base.network.good_unit[base.network.goods.index(good)]
    readings = []
    varied: tuple[tuple[str, dict[str, Any]], ...] = (
        ("no route preference", {"kappa": 0.0}),
        ("full links read as dear, not scarce", {"scarcity_as_cost": True}),
    )
    for words, options in varied:
        other = compare(solve(case, calendar_with=own, **options), solve(case, scenario=scenario, **options))
        readings.append(f"{_lost(other, good, unit)} with {words}")
    return [f"Output of {word_for(case, good)}: {_lost(comparison, good, unit)}; {'; '.join(readings)}."]


def _lost(comparison: Comparison, good: str, unit: str) -> str:
    lost = comparison.output_lost(good)
    return f"{amount(abs(lost), unit)} {'less' if lost >= 0 else 'more'}"
