"""A question of the app -> its JSON document and its page; by the same functions as library and command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.app.options import instruments, window_of
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

__all__ = ["Asked", "answer", "compared", "shown_of"]

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

    @property
    def added(self) -> tuple[Instrument, ...]:
        """The instruments that come with the question."""
        return instruments(self.arguments.get("with"))

    @property
    def scenario(self) -> str:
        """The scenario asked about."""
        return str(self.arguments.get("scenario") or "base")

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
    document, page = _VERBS[asked.verb](warm, case, asked, tell)
    page["command"] = command_of(asked.verb, asked.name, asked.arguments)
    page["python"] = python_of(asked.verb, asked.name, asked.arguments)
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
    foresight = asked.arguments.get("foresight", "announced")
    part, dates = part_touched(whole, asked.scenario, asked.added)
    tell("base", "Solving without the measures")
    base = warm.solve(part, foresight=foresight, calendar_with=dates)
    tell("changed", "Solving with them")
    changed = warm.solve(part, asked.scenario, asked.added, foresight=foresight, calendar_with=dates)
    tell("compare", "Setting both side by side")
    return compare(base, changed)


def _compare(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Told:
    from corridor.analysis import timing_lines
    from corridor.app.documents import answer_document, asked_words, comparison_body

    told = compared(warm, whole, asked, tell)
    question = asked_words(asked.name, asked.scenario, asked.added, asked.window, **asked.words("foresight", "year"))
    document = answer_document("compare", question, told.changed, told.sentence, comparison_body(told, asked.window))
    tell("page", "Drawing the answer")
    part, group = told.base.case, asked.arguments.get("group")
    shown = shown_of(part, whole, group, told.goods)
    if set(shown.goods) <= set(part.tables["goods"]["id"]):
        page = _change_page(told, shown, asked)
    else:
        # Nothing ties the group to what is touched, so it is shown as it is.
        part = part_of(whole, shown.goods)
        page = _base_page(warm.solve(part), shown_of(part, whole, group), asked)
        page["map"]["changed"] = page["map"]["base"]
        page["lines"] = [f"{group}: nothing changes, for nothing ties it to what is touched."]
    page["sentence"] = told.sentence
    page["touched"] = list(told.goods)
    page["lines"] += [*timing_lines(told), *told.changed.warnings]
    return document, page


def _change_page(told: Comparison, shown: Shown, asked: Asked) -> dict[str, Any]:
    from corridor.app.web.pictures import inside_window, views_of
    from corridor.report import change_blocks, during, same_days, trust_blocks

    window = asked.window
    chosen = inside_window(told.changed, window) if window else during(told.changed)
    before = same_days(told, chosen)
    sankeys = _two_sankeys(told, shown)
    return {
        "group": _group_name(shown),
        "lines": [],
        "map": {
            "base": views_of(told.base, before, shown.goods),
            "changed": views_of(told.changed, chosen, shown.goods),
        },
        "blocks": {**change_blocks(told, shown), "sankey": sankeys, **trust_blocks(told.changed, shown)},
    }


def _two_sankeys(told: Comparison, shown: Shown) -> list[dict[str, Any]]:
    from corridor.report import sankey_blocks

    return [
        *sankey_blocks(told.base, shown, title="Without"),
        *sankey_blocks(told.changed, shown, title="With"),
    ]


def _solve(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Told:
    from corridor.analysis import describe, undetermined_lines
    from corridor.app.documents import answer_document, asked_words
    from corridor.result.schema import solve_payload

    good, group = asked.arguments.get("good"), asked.arguments.get("group")
    shown = shown_of(whole, whole, group, (good,) if good else ())
    # Without a good the whole case is meant; a group then says which part of it is shown, and so which is solved.
    part = whole if good is None and group is None else part_of(whole, {good} if good else shown.goods)
    tell("base", "Solving")
    how = asked.words("formulation", "foresight")
    found = warm.solve(part, asked.scenario, asked.added, **how)
    shown = shown_of(part, whole, group, (good,) if good else ())
    question = asked_words(asked.name, asked.scenario, asked.added, asked.window, **how, **asked.words("good", "year"))
    sentence = describe(found, group_of(part, good) if good else shown.goods if group else None)
    open_ends = undetermined_lines(found)
    document = answer_document("solve", question, found, sentence, solve_payload(found, asked.window))
    document["warnings"] = [*document["warnings"], *open_ends]
    tell("page", "Drawing the answer")
    page = _base_page(found, shown, asked)
    return document, page | {"sentence": sentence, "lines": [*open_ends, *found.warnings]}


def _base_page(found: Result, shown: Shown, asked: Asked) -> dict[str, Any]:
    from corridor.analysis import undetermined_flows
    from corridor.app.web.pictures import inside_window, views_of
    from corridor.report import base_blocks, during, trust_blocks

    chosen = inside_window(found, asked.window) if asked.window else during(found)
    blocks = base_blocks(found, shown, undetermined_flows(found))
    return {
        "group": _group_name(shown),
        "lines": [],
        "map": {"base": views_of(found, chosen, shown.goods), "changed": None},
        "blocks": {**blocks, **trust_blocks(found, shown)},
    }


def _group_name(shown: Shown) -> str:
    groups = shown.case.settings.groups
    return next((groups[key].name for key, goods in groups_of(shown.case).items() if key and shown.main in goods), "")


def _share(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Told:
    from corridor.analysis import part_asked
    from corridor.analysis import share as measure
    from corridor.app.documents import answer_document, asked_words, share_body
    from corridor.app.indicators import security_lines
    from corridor.app.lines import share_lines

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
    shown = shown_of(part, part, None, (good,))
    tell("page", "Drawing the answer")
    from corridor.app.web.tables import share_tables
    from corridor.report import trust_blocks

    lines = [line.strip() for line in (*share_lines(told, result), *security_lines(told, result))]
    blocks = [*share_tables(document["result"], part), *trust_blocks(result, shown)["certificate"]]
    return document, {"sentence": told.sentence, "lines": lines, "blocks": blocks}


_VERBS: dict[str, Callable[[Warm, Case, Asked, Tell], Told]] = {
    "solve": _solve,
    "compare": _compare,
    "share": _share,
}
