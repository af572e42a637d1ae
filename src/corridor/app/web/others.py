"""Questions that take many solves, none of them kept: closures, bargaining, trade measures, plans, sellers as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.app.documents import asked_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.app.web.answers import Asked, Tell, Told
    from corridor.app.web.warm import Warm
    from corridor.case import Case
    from corridor.result import Result

__all__ = ["OTHERS", "proof"]


def _stress(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Told:
    from corridor.analysis import stress
    from corridor.app.worst import stress_document
    from corridor.report import asked_blocks

    del warm
    how = asked.words("good", "k", "over", "loss")
    country = asked.arguments["for"]
    told = stress(
        whole,
        for_=country,
        **how,
        window=asked.window,
        scenario=asked.scenario,
        with_=asked.added,
        tell=lambda text: tell("solve", text),
    )
    question = asked_words(asked.name, asked.scenario, asked.added, asked.window, **asked.words("year"))
    document = stress_document(told, question | how | {"for": country, "foresight": "perfect"})
    return document, {
        "sentence": told.sentence,
        "lines": list(told.warnings),
        "blocks": [*asked_blocks(whole, told), *proof(told.result)],
    }


def _bargain(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Told:
    from corridor.analysis import bargain
    from corridor.app.bargaining import bargain_document
    from corridor.report import asked_blocks

    del warm
    good, players = asked.arguments["good"], asked.arguments["players"]
    how = asked.words("outsiders", "contracts", "planned")
    told = bargain(
        whole,
        good,
        players,
        **how,
        scenario=asked.scenario,
        with_=asked.added,
        tell=lambda text: tell("solve", text),
    )
    question = {
        "case": asked.name,
        "good": good,
        "players": players,
        **how,
        "scenario": asked.scenario,
        "with": [i.question() for i in asked.added],
        "year": asked.arguments.get("year"),
    }
    document = bargain_document(told, question)
    return document, {
        "sentence": told.sentence,
        "lines": [*told.toll_sentences, *told.warnings],
        "blocks": [*asked_blocks(whole, told), *proof(told.grand)],
    }


def _retaliate(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Told:
    from corridor.analysis import retaliate
    from corridor.app.retaliation import retaliate_document
    from corridor.report import asked_blocks, retaliation_document

    del warm
    between, goods = asked.arguments["between"], asked.arguments["goods"]
    told = retaliate(whole, between, goods, asked.scenario, lambda text: tell("solve", text))
    question = {"case": asked.name, "scenario": asked.scenario, "between": between, "goods": goods}
    detail = retaliation_document(told)["sections"][0]["blocks"][0]["items"][0]["detail"]
    return retaliate_document(told, question), {
        "sentence": told.sentence,
        "lines": [*detail, *told.warnings],
        "blocks": [*asked_blocks(whole, told), *proof(told.base)],
    }


def _invest(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Told:
    from corridor.analysis import invest
    from corridor.analysis.invest_words import plan_lines
    from corridor.app.investing import invest_document
    from corridor.report import asked_blocks

    del warm
    given = asked.arguments
    how = asked.words("good", "of", "through", "partner", "max_share", "max_loss", "by", "direction", "over")
    how |= asked.words("allow_cuts", "payer", "whole")
    projects, hours = tuple(given["projects"]), given.get("slice", "")
    told = invest(
        whole,
        **how,
        slice_=hours,
        expansions=projects,
        scenario=asked.scenario,
        with_=asked.added,
        tell=lambda text: tell("solve", text),
    )
    assert told.result is not None  # noqa: S101 (a plan always tells the year asked about)
    question = {
        "case": asked.name,
        "scenario": asked.scenario,
        "with": [i.question() for i in asked.added],
        **dict.fromkeys(("max_share", "max_loss", "payer", "whole")),
        **how,
        "slice": hours,
        "by": told.by,
        "projects": list(projects),
        "horizon": "long",
    }
    return invest_document(told, question), {
        "sentence": told.sentence,
        "lines": [*plan_lines(told.result.case, told), *told.warnings],
        "blocks": [*asked_blocks(whole, told), *proof(told.result)],
    }


def _rivalry(warm: Warm, whole: Case, asked: Asked, tell: Tell) -> Told:
    from corridor.analysis import rivalry
    from corridor.app.rivalry import rivalry_document
    from corridor.report import asked_blocks

    del warm
    tell("solve", "Solving it at given prices, as rivals, and as one")
    how = asked.words("good", "sellers", "markets", "theta", "observed")
    told = rivalry(whole, **how, scenario=asked.scenario, with_=asked.added)
    question = {
        "case": asked.name,
        **how,
        "scenario": asked.scenario,
        "with": [i.question() for i in asked.added],
        "year": asked.arguments.get("year"),
    }
    return rivalry_document(told, question), {
        "sentence": told.sentence,
        "lines": list(told.warnings),
        "blocks": [*asked_blocks(whole, told), *proof(told.results["one"])],
    }


def proof(result: Result | None) -> list[dict[str, Any]]:
    """The certificate as a block; nothing where there is no result."""
    from corridor.report import certificate_table

    return [] if result is None else [certificate_table(result.certificate)]


OTHERS: dict[str, Callable[[Warm, Case, Asked, Tell], Told]] = {
    "stress": _stress,
    "bargain": _bargain,
    "retaliate": _retaliate,
    "invest": _invest,
    "rivalry": _rivalry,
}
