"""The questions of a case that are not about a share: worst closures, bargaining, trade measures, plans, sellers as one.

Each is the answer of its own verb; here it gets its question, its sentence and its command, as `run` tells them. They
take about as long together as all the rest of `run`, so they can be worked out in a process of their own beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.analysis.bargain import Bargain, bargain
from corridor.analysis.invest import Invest, invest
from corridor.analysis.invest_words import plan_lines, what_counts
from corridor.analysis.retaliate import Retaliation, retaliate
from corridor.analysis.retaliate_words import action_words
from corridor.analysis.rivalry import Rivalry, rivalry
from corridor.analysis.stress import Stress, stress
from corridor.analysis.world import amount, country_name, list_words, name_of, percent, word_for
from corridor.case import asked_goods

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.case import Case
    from corridor.result import Result

__all__ = ["Asked", "Told", "ask_question", "asking", "closure_words", "first_moves"]

Told = Stress | Bargain | Retaliation | Invest | Rivalry


@dataclass(frozen=True)
class Asked:
    """One question of a verb, answered."""

    verb: str
    good: str
    """the first that it is about: its answer stands with those of this good's group"""
    question: str
    answer: str
    details: tuple[str, ...]
    command: str
    base: Result
    """the equilibrium without closures, withholding or measures; of a plan the year asked about, of sellers that as one"""
    told: Told


def ask_question(case: Case, question: Mapping[str, Any], tell: Callable[[str], None]) -> Asked:
    """Ask what a `[[headline]]` with a verb asks; raises what that verb raises."""
    goods = list_words([word_for(case, good) for good in asked_goods(question)])
    tell(f"working out {_DOING[question['verb']]} over {goods}")
    return _VERBS[question["verb"]](case, {key: value for key, value in question.items() if key != "verb"})


@contextmanager
def asking(
    case: Case, questions: Sequence[Mapping[str, Any]], tell: Callable[[str], None], *, processes: int = 1
) -> Iterator[Callable[[], list[Asked]]]:
    """Questions asked beside what is done inside the `with`, in a process more where there are two; call for the answers.

    The answers are the same as with one process, in the order of the questions; so is what is raised.
    """
    if processes < 2 or not questions:
        yield lambda: [ask_question(case, question, tell) for question in questions]
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, get_context("spawn")) as beside:
        waiting = [beside.submit(ask_question, case, question, _tell_nobody) for question in questions]

        def answers() -> list[Asked]:
            found = []
            for question, answer in zip(questions, waiting, strict=True):
                tell(f"waiting for {_DOING[question['verb']]}")
                found.append(answer.result())
            return found

        try:
            yield answers
        finally:
            # An error in this process is told at once, not when the other has ended what it is at. Where that is done the pool
            # is waited for: its thread, left behind, would still close its pipes while the caller goes on.
            beside.shutdown(wait=all(one.done() for one in waiting), cancel_futures=True)


def _tell_nobody(_: str) -> None:
    """Progress of another process."""


def _stress(case: Case, arguments: dict[str, Any]) -> Asked:
    command = f"corridor stress {case.name} --good {arguments['good']} --for {arguments['for']}"
    command += f" -k {arguments['k']}" if "k" in arguments else ""
    command += "".join(f" --{key} {arguments[key]}" for key in ("over", "loss") if key in arguments)
    told = stress(case, for_=arguments.pop("for"), **arguments)
    what = word_for(case, told.good)
    whose = {
        "exports": f"{country_name(told.of)}'s exports of {what}",
        "unserved": f"{country_name(told.of)}'s consumers of {what}",
        "gains": f"{country_name(told.of)}",
        "objective": f"everybody who trades {what}",
    }[told.measure]
    kind = {"corridors": "closure", "countries": "country that shuts its links", "links": "closed link"}[told.over]
    question = f"Which {kind} hurts {whose} most?"
    if told.k > 1:
        plural = {"corridors": "closures", "countries": "countries that shut their links", "links": "closed links"}
        question = f"Which {told.k} {plural[told.over]} together hurt {whose} most?"
    base = told.result
    assert base is not None  # noqa: S101 (stress always tells its base)
    return Asked("stress", told.good, question, told.sentence, _next_worst(case, told), command, base, told)


def _next_worst(case: Case, told: Stress) -> tuple[str, ...]:
    """The worst that one closure does, and what carries nothing."""
    lines = []
    ones = [s for s in told.sets if len(s.closures) == 1 and s.loss is not None and s.loss > 0]
    if told.k > 1 and ones:
        words = [
            f"{closure_words(case, told, s.closures)} {amount(s.loss or 0.0, told.unit)}"
            + (f" ({percent(s.share)})" if s.share is not None else "")
            for s in ones[:3]
        ]
        lines.append(f"One alone, worst first: {'; '.join(words)}.")
    if told.idle:
        lines.append(
            f"Carries nothing without closures: {', '.join(closure_words(case, told, (n,)) for n in told.idle)}."
        )
    lines.append("Closures are known beforehand here: what is lost is what no plan can help.")
    return (*lines, *told.warnings)


def closure_words(case: Case, told: Stress, closures: tuple[str, ...]) -> str:
    """A set of closures by the names that a reader knows."""
    return list_words([country_name(c) if told.over == "countries" else name_of(case, c) for c in closures])


def _bargain(case: Case, arguments: dict[str, Any]) -> Asked:
    command = f"corridor bargain {case.name} --good {arguments['good']} --players {','.join(arguments['players'])}"
    command += "".join(f" --{key} {arguments[key]}" for key in ("outsiders", "contracts") if key in arguments)
    told = bargain(case, **arguments)
    players = list_words([country_name(p.player) for p in told.players])
    question = f"What can {players} claim of each other in {word_for(case, told.good)}?"
    how = "Players outside a group withhold their links, supplies and markets from it"
    how += " altogether." if told.outsiders == "absent" else ", and trade over their own."
    return Asked("bargain", told.good, question, told.sentence, (*told.toll_sentences, how), command, told.grand, told)


def _retaliate(case: Case, arguments: dict[str, Any]) -> Asked:
    sides, goods = arguments["between"], arguments["goods"]
    told = retaliate(case, sides, goods)
    command = f"corridor retaliate {case.name} --between {','.join(sides)} --goods {','.join(goods)}"
    what = list_words([word_for(case, good) for good in goods])
    names = [country_name(side) for side in told.sides]
    question = f"{names[0]} and {names[1]} can ban each other's {what}: who is hurt more, and where does it settle?"
    return Asked("retaliate", goods[0], question, told.sentence, first_moves(told), command, told.base, told)


def _invest(case: Case, arguments: dict[str, Any]) -> Asked:
    command = f"corridor invest {case.name}"
    command += "".join(f" --{key.replace('_', '-')} {value}" for key, value in arguments.items())
    told = invest(case, slice_=arguments.pop("slice", ""), **arguments)
    good = word_for(case, told.question.good)
    if told.max_share is None and told.max_loss is None:
        question = f"What that carries {good} pays by itself by {told.by}?"
    else:
        limits = (
            [f"holds {what_counts(case, told.question)} at {percent(told.max_share)}"]
            if told.max_share is not None
            else []
        )
        if told.max_loss is not None:
            limits.append(f"leaves at most {percent(told.max_loss)} without a way under any single closure")
        question = f"What has to be built that {' and '.join(limits)} from {told.by}?"
    assert told.result is not None  # noqa: S101 (a plan always tells the year asked about)
    return Asked(
        "invest", told.question.good, question, told.sentence, plan_lines(case, told), command, told.result, told
    )


def _rivalry(case: Case, arguments: dict[str, Any]) -> Asked:
    command = f"corridor rivalry {case.name} --good {arguments['good']} --sellers {','.join(arguments['sellers'])}"
    command += f" --markets {','.join(arguments['markets'])}" if "markets" in arguments else ""
    command += "".join(f" --{key} {arguments[key]}" for key in ("theta", "observed") if key in arguments)
    told = rivalry(case, **arguments)
    sellers = list_words([country_name(seller) for seller in told.sellers])
    question = f"What would {sellers} gain by selling {word_for(case, told.good)} as one?"
    return Asked("rivalry", told.good, question, told.sentence, told.warnings, command, told.results["one"], told)


def first_moves(told: Retaliation) -> tuple[str, ...]:
    """Where it leads that one side moves first."""
    return tuple(
        f"{country_name(o.leader)} first: {action_words(told, o.actions)}, {_signed(o.payoffs[0])} and "
        f"{_signed(o.payoffs[1])} million USD."
        for o in told.outcomes
        if o.leader
    )


def _signed(value: float) -> str:
    return f"{value:+z,.0f}"  # z: there is no minus nothing


_VERBS: dict[str, Callable[[Any, dict[str, Any]], Asked]] = {
    "stress": _stress,
    "bargain": _bargain,
    "retaliate": _retaliate,
    "invest": _invest,
    "rivalry": _rivalry,
}
_DOING = {
    "stress": "the worst closures",
    "bargain": "the bargain",
    "retaliate": "trade measures",
    "invest": "the cheapest plan",
    "rivalry": "rivals and sellers as one",
}
