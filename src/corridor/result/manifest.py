"""What a `.corridor` file says of itself in `manifest.json`: format, case, question, stages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corridor.case import Calendar, Case, Group, Planning, Settings
from corridor.errors import CorridorError
from corridor.network import Distinction, Instrument, cut
from corridor.network.instruments import LISTS, RATES
from corridor.result.setup import Question
from corridor.version import __version__

if TYPE_CHECKING:
    from corridor.program import Solution
    from corridor.result.model import Result
    from corridor.result.setup import Stage

__all__ = [
    "FORMAT",
    "Manifest",
    "SolvedTold",
    "StageTold",
    "instrument_as_json",
    "manifest_of",
    "question_of",
    "read_manifest",
    "settings_of",
]

FORMAT = 1
"""Number of the format that this version writes; a file with a higher one is refused."""

_DATES = ("start", "end", "announced", "expected_end")
_LISTS = (*LISTS, "scenarios")
_NUMBERS = (*RATES, "price")
_UNLIMITED = "unlimited"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Calendar(_Part):
    start: dt.date
    end: dt.date
    step: Literal["month", "quarter", "year"]


class _Planning(_Part):
    years: list[int]
    discount_rate: float
    source: str
    basis: str
    note: str


class _Settings(_Part):
    title: str
    calendar: _Calendar
    calibration: _Calendar | None
    currency: str
    price_year: int | None
    kappa: float
    headline: list[dict[str, str]]
    asked: list[dict[str, str | int | float | list[str]]] = Field(default_factory=list)
    groups: list[tuple[str, str, int | None]] = Field(default_factory=list)
    """key, name and calibration year, in their order"""
    slices: list[tuple[str, float]] = Field(default_factory=list)
    """in their order, which an object's sorted keys would lose"""
    planning: _Planning | None = None


class _Case(_Part):
    name: str
    hash: str
    settings: _Settings
    tables: list[str]


class _Distinction(_Part):
    good: str
    origins: list[str]
    destinations: list[str] | None


class _Question(_Part):
    scenario: str
    instruments: list[dict[str, Any]]
    with_: list[dict[str, Any]]
    starts: Annotated[list[dt.date], Field(min_length=1)]
    formulation: Literal["spatial_equilibrium", "min_cost_flow"]
    foresight: Literal["announced", "perfect"]
    horizon: Literal["short", "long"]
    track: list[_Distinction]
    kappa: float | None
    scarcity_as_cost: float
    """in older files true or false, which are read as 1 and 0"""


class SolvedTold(_Part):
    """What the manifest tells of a solution."""

    objective: float
    solver: str
    method: str
    seconds: float


class StageTold(SolvedTold):
    """What the manifest tells of a stage."""

    day: dt.date
    first_period: Annotated[int, Field(ge=0)]
    emergency: bool
    carried: bool
    border: bool = False
    starts_apart: float = 0.0
    without: StageTold | None = None
    most: SolvedTold | None = None


class Manifest(_Part):
    """The whole of `manifest.json`."""

    format: int
    version: str
    """of the Corridor that wrote it"""
    case: _Case
    question: _Question
    stages: Annotated[list[StageTold], Field(min_length=1)]
    warnings: list[str]


def manifest_of(result: Result) -> str:
    """The manifest of a result as JSON text, keys sorted."""
    question, case = result.question, result.case
    told = {
        "format": FORMAT,
        "version": __version__,
        "case": {
            "name": case.name,
            "hash": case.hash,
            "settings": _as_told(case.settings),
            "tables": [name for name, table in case.tables.items() if len(table)],
        },
        "question": {
            "scenario": question.scenario,
            "instruments": [instrument_as_json(i) for i in question.instruments],
            "with_": [instrument_as_json(i) for i in question.with_],
            "starts": list(question.periods.starts),
            "formulation": question.formulation,
            "foresight": question.foresight,
            "horizon": question.horizon,
            "track": [
                {
                    "good": d.good,
                    "origins": sorted(d.origins),
                    "destinations": None if d.destinations is None else sorted(d.destinations),
                }
                for d in question.track
            ],
            "kappa": question.kappa,
            "scarcity_as_cost": question.scarcity_as_cost,
        },
        "stages": [_stage_as_told(stage) for stage in result.stages],
        "warnings": list(result.warnings),
    }
    return json.dumps(told, default=str, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def _stage_as_told(stage: Stage) -> dict[str, Any]:
    return {
        "day": stage.day,
        "first_period": stage.first_period,
        "emergency": stage.emergency,
        "carried": stage.assumed.carried is not None,
        "border": stage.assumed.border is not None,
        "starts_apart": float(stage.starts_apart),
        "without": None if stage.without is None else _stage_as_told(stage.without),
        "most": None if stage.most is None else _solved_as_told(stage.most),
        **_solved_as_told(stage.solution),
    }


def _solved_as_told(solution: Solution) -> dict[str, Any]:
    return {
        "objective": float(solution.objective),
        "solver": solution.solver,
        "method": solution.method,
        "seconds": float(solution.seconds),
    }


def _as_told(settings: Settings) -> dict[str, Any]:
    plain = dataclasses.replace(settings, headline=(), asked=(), groups={}, slices={})
    told = dataclasses.asdict(plain)
    told["headline"] = [dict(question) for question in settings.headline]
    told["asked"] = [dict(question) for question in settings.asked]
    told["groups"] = [(key, group.name, group.calibrate_on) for key, group in settings.groups.items()]
    told["slices"] = list(settings.slices.items())
    return told


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest; raises `CorridorError` where it is of a newer format or does not hold what it must."""
    try:
        content = json.loads(data)
    except ValueError:
        raise CorridorError("its manifest.json is damaged") from None
    number = content.get("format") if isinstance(content, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise CorridorError("its manifest tells no format number")
    if number > FORMAT:
        raise CorridorError(
            f"it has format {number}, and this version of Corridor reads up to format {FORMAT}; use a newer Corridor"
        )
    try:
        return Manifest.model_validate(content)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CorridorError(f"its manifest is damaged at {where}: {first['msg']}") from None


def settings_of(manifest: Manifest) -> Settings:
    """The settings of the stored case."""
    told = manifest.case.settings
    return Settings(
        title=told.title,
        calendar=_calendar(told.calendar),
        calibration=_calendar(told.calibration) if told.calibration else None,
        currency=told.currency,
        price_year=told.price_year,
        kappa=told.kappa,
        headline=tuple(told.headline),
        asked=tuple({key: tuple(v) if isinstance(v, list) else v for key, v in q.items()} for q in told.asked),
        groups={key: Group(name, year) for key, name, year in told.groups},
        slices=dict(told.slices),
        planning=None
        if told.planning is None
        else Planning(**{**told.planning.model_dump(), "years": tuple(told.planning.years)}),
    )


def question_of(manifest: Manifest, case: Case) -> Question:
    """The question that a manifest tells, asked of its case."""
    told = manifest.question
    periods = cut(case.settings.calendar, told.starts, case.settings.slices)
    if list(periods.starts) != told.starts:
        raise CorridorError("its periods are not those of the case's calendar")
    return Question(
        case=case,
        scenario=told.scenario,
        instruments=tuple(_instrument(i) for i in told.instruments),
        with_=tuple(_instrument(i) for i in told.with_),
        periods=periods,
        formulation=told.formulation,
        foresight=told.foresight,
        horizon=told.horizon,
        track=tuple(
            Distinction(d.good, frozenset(d.origins), None if d.destinations is None else frozenset(d.destinations))
            for d in told.track
        ),
        kappa=told.kappa,
        scarcity_as_cost=told.scarcity_as_cost,
    )


def instrument_as_json(instrument: Instrument) -> dict[str, Any]:
    """What is set of an instrument: dates as ISO text, an infinite number as `unlimited`, as in a table."""
    return {
        f.name: _plain(getattr(instrument, f.name))
        for f in dataclasses.fields(instrument)
        if getattr(instrument, f.name) != f.default
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float):
        return _UNLIMITED if math.isinf(value) else float(value)
    return value


def _instrument(told: dict[str, Any]) -> Instrument:
    given: dict[str, Any] = dict(told)
    strangers = set(given) - {f.name for f in dataclasses.fields(Instrument)}
    if strangers:
        raise CorridorError(f"an instrument has no {min(strangers)!r}")
    given |= {key: dt.date.fromisoformat(given[key]) for key in _DATES if key in given}
    given |= {key: tuple(given[key]) for key in _LISTS if key in given}
    given |= {key: math.inf for key in _NUMBERS if given.get(key) == _UNLIMITED}
    return Instrument(**given)


def _calendar(told: _Calendar) -> Calendar:
    return Calendar(told.start, told.end, told.step)
