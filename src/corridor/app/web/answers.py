"""A question of the app -> its JSON document and its page; by the same functions as library and command line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.app.documents import answer_document, asked_words, comparison_body, share_body
from corridor.app.options import instruments, window_of
from corridor.app.web.others import OTHERS, proof
from corridor.app.web.takeaway import command_of, python_of
from corridor.case import group_of, groups_of, part_of
from corridor.errors import QuestionError

if TYPE_CHECKING:
    from corridor.analysis import Comparison
    from corridor.app.web.warm import Warm
    from corridor.case import Case
    from corridor.network import Instrument
    from corridor.report import Shown
    from corridor.result import Result

__all__ = ["VERBS", "Asked", "answer", "compared", "shown_of", "solved"]

Tell = Callable[[str, str], None]
"""Told with a word for the phase, and words for the reader."""
Told = tuple[dict[str, Any], dict[str, Any]]
"""The JSON document of an answer, and its page."""


@dataclass(frozen=True)
class Asked:
    """A question about the case in a folder. `name` is how a command names the case."""

    folder: str
    name: str
    verb: str
    arguments: Mapping[str, Any]
    """all that are not None"""
    given: Mapping[str, Any]
    """those that differ from their default: what a command has to say"""

    @property
    def added(self) -> tuple[Instrument, ...]:
        """The instruments that come with the question."""
        return instruments(self.arguments.get("with"))

    @property
    def scenario(self) -> str:
        """The scenario asked about."""
        return str(self.arguments["scenario"])

    @property
    def window(self) -> tuple[str, str] | None:
        """The window asked about."""
        return window_of(self.arguments.get("start"), self.arguments.get("end"))

    def words(self, *names: str) -> dict[str, Any]:
        """Arguments of these names that are given."""
        return {name: self.arguments[name] for name in names if self.arguments.get(name) is not None}


def answer(warm: Warm, asked: Asked, tell: Tell) -> Told:
    """Answer a question; raises what Corridor raises on purpose."""
    tell("case", "Reading the case")
    case = warm.case(asked.folder, asked.arguments.get("year"))
    document, page = VERBS[asked.verb](warm, case, asked, tell)
    same = {**asked.given, **page.pop("same", {})}
    page["command"] = command_of(asked.verb, asked.name, same)
    page["python"] = python_of(asked.verb, asked.name, same)
    return document, page


def shown_of(case: Case, whole: Case, group: str | None, touched: tuple[str, ...] = ()) -> Shown:
    """The goods that a page shows: those of the group asked for, else those of the first group that is touched."""
    from corridor.report import Shown

    groups = groups_of(whole)
    names = {whole.settings.groups[key].name if key else "": goods for key, goods in groups.items()}
    if group is not None and group not in names:
        raise QuestionError(f"{whole.name} has no group {group!r}; it has {', '.join(names)}")
    goods = names[group] if group is not None else group_of(whole, touched[0] if touched else None)
    asked = [q["good"] for q in case.settings.headline if q["good"] in goods]
    return Shown(case, goods, asked[0] if asked else goods[0])


def compared(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Comparison:
    """The measures of a question against the base, on the part of the case that they touch."""
    from corridor.analysis import compare, part_touched

    if not asked.added and asked.scenario == "base":
        raise QuestionError("compare needs something to compare with: an instrument or a scenario")
    foresight = asked.arguments["foresight"]
    part, dates = part_touched(whole, asked.scenario, asked.added)
    tell("base", "Solving without the measures")
    base = warm.solve(part, foresight=foresight, calendar_with=dates)
    tell("changed", "Solving with them")
    changed = warm.solve(part, asked.scenario, asked.added, foresight=foresight, calendar_with=dates)
    tell("compare", "Setting both side by side")
    told = compare(base, changed)
    tell("words", told.sentence)
    return told


def _compare(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Told:
    from corridor.analysis import timing_lines

    told = compared(warm, whole, asked, tell)
    question = asked_words(asked.name, asked.scenario, asked.added, asked.window, **asked.words("foresight", "year"))
    document = answer_document("compare", question, told.changed, told.sentence, comparison_body(told, asked.window))
    tell("page", "Drawing the answer")
    part, group = told.base.case, asked.arguments.get("group")
    shown = shown_of(part, whole, group, told.goods)
    if set(shown.goods) <= set(part.tables["goods"]["id"]):
        page = _change_page(warm, told, shown, asked)
    else:
        # Nothing ties the group to what is touched, so it is shown as it is.
        part = part_of(whole, shown.goods)
        page = _base_page(warm.solve(part), shown_of(part, whole, group), asked)
        page["map"]["changed"] = page["map"]["base"]
        page["lines"] = [f"{group}: nothing changes, for nothing ties it to what is touched."]
    page["sentence"] = told.sentence
    page["touched"] = list(told.goods)
    page["lines"] += [*_share_lines(warm, told), *timing_lines(told)]
    return document, page | _proven(document)


def _change_page(warm: Warm, told: Comparison, shown: Shown, asked: Asked) -> dict[str, Any]:
    from corridor.app.web.pictures import inside_window, price_rows, views_of
    from corridor.report import change_blocks, during, same_days, trust_blocks

    window = asked.window
    chosen = inside_window(told.changed, window) if window else during(told.changed)
    before = same_days(told, chosen)
    sankeys = _two_sankeys(warm, told, shown)
    return {
        "group": _group_name(shown),
        "lines": [],
        "map": {
            "base": views_of(told.base, before, shown.goods),
            "changed": views_of(told.changed, chosen, shown.goods),
        },
        "prices": price_rows(told.base, told.changed, (before, chosen), shown.goods),
        "blocks": {**change_blocks(told, shown), "sankey": sankeys, **trust_blocks(told.changed, shown)},
    }


def _two_sankeys(warm: Warm, told: Comparison, shown: Shown) -> list[dict[str, Any]]:
    """Ways from origin to market, without the measures and with them."""
    from corridor.report import sankey_blocks

    def made() -> list[dict[str, Any]]:
        return sankey_blocks(told.base, shown, title="Without")

    without = warm.about(told.base, ("sankey", shown.ordered), made)
    return [*without, *sankey_blocks(told.changed, shown, title="With")]


def solved(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> tuple[Result, Shown]:
    """The equilibrium that a question asks for, and the goods that a page shows of it."""
    good, group = asked.arguments.get("good"), asked.arguments.get("group")
    shown = shown_of(whole, whole, group, (good,) if good else ())
    # Without a good the whole case is meant; a group then says which part of it is shown, and so which is solved.
    part = whole if good is None and group is None else part_of(whole, {good} if good else shown.goods)
    tell("base", "Solving")
    found = warm.solve(part, asked.scenario, asked.added, **asked.words("formulation", "foresight"))
    return found, shown_of(part, whole, group, (good,) if good else ())


def _solve(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Told:
    from corridor.analysis import describe, undetermined_lines
    from corridor.result.schema import solve_payload

    good, group = asked.arguments.get("good"), asked.arguments.get("group")
    found, shown = solved(warm, whole, asked, tell)
    question = asked_words(
        asked.name,
        asked.scenario,
        asked.added,
        asked.window,
        **asked.words("formulation", "foresight", "good", "year"),
    )
    sentence = describe(found, group_of(shown.case, good) if good else shown.goods if group else None)
    tell("words", sentence)
    open_ends = undetermined_lines(found)
    document = answer_document("solve", question, found, sentence, solve_payload(found, asked.window))
    document["warnings"] = [*document["warnings"], *open_ends]
    tell("page", "Drawing the answer")
    page = _base_page(found, shown, asked)
    # A command has no groups; naming a good of one is the same question.
    same = {"good": shown.main} if group and not good else {}
    headlines = _headlines(warm, found, shown) if group and not asked.added and asked.scenario == "base" else []
    first, *others = [*headlines, sentence]
    page |= {"sentence": first, "lines": [*others, *open_ends], "same": same}
    return document, page | _proven(document)


def _proven(document: dict[str, Any]) -> dict[str, Any]:
    """What a page shows of how firm an answer is."""
    return {"certificate": document["certificate"], "warnings": document["warnings"]}


def _questions(case: Case, goods: Collection[str]) -> list[dict[str, str]]:
    """The share questions that a case asks about some goods."""
    asked = [dict(q) for q in case.settings.headline if q["good"] in goods]
    return [q for q in asked if q.pop("verb", "share") == "share"]


def _headlines(warm: Warm, found: Result, shown: Shown) -> list[str]:
    """The answers to the case's own questions about the goods shown: what a reader asks first."""
    return [warm.share(found, q).sentence for q in _questions(found.case, shown.goods)]


def _share_lines(warm: Warm, told: Comparison) -> list[str]:
    """What becomes of the shares that the case asks for."""
    from corridor.analysis.world import country_name, name_of, percent, word_for

    lines = []
    for question in _questions(told.base.case, told.goods):
        before, after = (warm.share(result, question) for result in (told.base, told.changed))
        what = name_of(told.base.case, after.what) if after.how == "via" else country_name(after.what)
        where = {"through": "crosses", "partner": "is traded with", "touching": "crosses or ends in", "via": "takes"}
        lines.append(
            f"The share of {country_name(after.of)}'s {after.direction} of {word_for(told.base.case, after.good)} "
            f"that {where[after.how]} {what}: {percent(before.value)} before, {percent(after.value)} with it."
        )
    return lines


def _base_page(found: Result, shown: Shown, asked: Asked) -> dict[str, Any]:
    from corridor.analysis import undetermined_flows
    from corridor.app.web.pictures import inside_window, price_rows, views_of
    from corridor.report import base_blocks, during, trust_blocks

    chosen = inside_window(found, asked.window) if asked.window else during(found)
    blocks = base_blocks(found, shown, undetermined_flows(found))
    return {
        "group": _group_name(shown),
        "lines": [],
        "map": {"base": views_of(found, chosen, shown.goods), "changed": None},
        "prices": price_rows(found, None, (chosen, None), shown.goods),
        "blocks": {**blocks, **trust_blocks(found, shown)},
    }


def _group_name(shown: Shown) -> str:
    groups = shown.case.settings.groups
    return next((groups[key].name for key, goods in groups_of(shown.case).items() if key and shown.main in goods), "")


def _share(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Told:
    from corridor.analysis import part_asked
    from corridor.analysis import share as measure
    from corridor.app.indicators import security_lines
    from corridor.app.lines import share_lines
    from corridor.app.web.tables import share_tables

    good = asked.arguments["good"]
    part = part_asked(whole, good, asked.scenario, asked.added)
    tell("base", "Solving")
    found = warm.solve(part, asked.scenario, asked.added, **asked.words("foresight"))
    tell("ranges", "Working out the share and its ranges")
    how = asked.words("through", "partner", "touching", "via")
    details = asked.words("of", "direction", "over", "basis")
    told = measure(found, good=good, **how, **details, window=asked.window)
    result = told.result or found
    question = asked_words(
        asked.name, asked.scenario, asked.added, asked.window, **asked.words("foresight", "year")
    ) | {"good": good, **how, **details}
    document = answer_document("share", question, result, told.sentence, share_body(told))
    document["warnings"] = [*document["warnings"], *told.warnings]
    tell("page", "Drawing the answer")
    lines = [line.strip() for line in (*share_lines(told, result), *security_lines(told, result))]
    blocks = [*share_tables(document["result"], part), *proof(result)]
    return document, {"sentence": told.sentence, "lines": lines, "blocks": blocks}


VERBS: dict[str, Callable[[Warm, Case, Asked, Tell], Told]] = {
    "solve": _solve,
    "compare": _compare,
    "share": _share,
    **OTHERS,
}
