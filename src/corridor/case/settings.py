"""case.toml -> `Settings`, with every fault found."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from corridor.case.model import Calendar, Group, Planning, Settings, Step
from corridor.case.questions import question_faults
from corridor.case.schema import FORMAT
from corridor.case.words import did_you_mean
from corridor.errors import Fault

__all__ = ["FILE", "read_settings"]

FILE = "case.toml"
_KEYS = (
    "format",
    "title",
    "currency",
    "price_year",
    "kappa",
    "calendar",
    "calibration",
    "headline",
    "groups",
    "slices",
    "planning",
)
_HOW = ("through", "partner", "touching", "via")
_QUESTION = ("good", "of", *_HOW, "direction", "over")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
SUMS = 1e-9
"""How far shares of slices may be from one."""


def read_settings(folder: Path) -> tuple[Settings | None, list[Fault]]:
    """Settings of a case folder; None where faults leave no way to tell them."""
    path = folder / FILE
    if not path.is_file():
        return None, [Fault(FILE, None, None, "the file is missing", "add it; `corridor new FOLDER` writes an example")]
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        return None, [Fault(FILE, None, None, "not UTF-8", "save it as UTF-8")]
    except tomllib.TOMLDecodeError as problem:
        return None, [Fault(FILE, None, None, f"not TOML: {problem}", "see toml.io for how it is written")]
    if isinstance(content.get("format"), int) and content["format"] > FORMAT:
        message = f"format {content['format']} is newer than format {FORMAT}, which this version of Corridor reads"
        return None, [Fault(FILE, None, "format", message, "use a newer Corridor")]
    reader = _Reader(content)
    settings = reader.settings()
    return (None if reader.faults else settings), reader.faults


class _Reader:
    """Takes keys out of a TOML document and notes what does not fit."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.faults: list[Fault] = []

    def settings(self) -> Settings | None:
        self._unknown(self.content, _KEYS, "")
        if self.content.get("format") != FORMAT:
            self._fault("format", "the format is not told", f"write format = {FORMAT}")
        title = self._value("title", str, "", "a title in quotes")
        if not title and "title" not in {fault.column for fault in self.faults}:
            self._fault("title", "the title is missing", 'write title = "..."')
        currency = self._value("currency", str, "USD", "a currency in quotes")
        if currency != "USD":
            self._fault(
                "currency", f"answers are in USD, not in '{currency}'", "write USD; tables can use any currency"
            )
        price_year = self._value("price_year", int, None, "a year, such as 2024")
        kappa = float(self._value("kappa", (int, float), 0.3, "a number, such as 0.3"))
        if not 0 <= kappa < float("inf"):
            self._fault("kappa", f"{kappa:g} cannot be the strength of a preference", "write 0 or more; 0.3 is usual")
        headline, asked = self._headline()
        groups = self._groups()
        calendar = self._calendar("calendar", required=True)
        calibration = self._calendar("calibration", required=False)
        slices = self._slices()
        planning = self._planning()
        if calendar is None:
            return None
        return Settings(
            title, calendar, calibration, currency, price_year, kappa, headline, asked, groups, slices, planning
        )

    def _fault(self, key: str, message: str, remedy: str) -> None:
        self.faults.append(Fault(FILE, None, key, message, remedy))

    def _unknown(self, given: dict[str, Any], known: tuple[str, ...], prefix: str) -> None:
        for key in given:
            if key not in known:
                self._fault(
                    prefix + key, "no such setting", f"{did_you_mean(key, known)}settings are {', '.join(known)}"
                )

    def _value(self, key: str, kind: type | tuple[type, ...], default: Any, wanted: str) -> Any:
        value = self.content.get(key, default)
        if value is not default and (not isinstance(value, kind) or isinstance(value, bool)):
            self._fault(key, f"{value!r} does not fit", f"write {wanted}")
            return default
        return value

    def _headline(self) -> tuple[tuple[dict[str, str], ...], tuple[dict[str, Any], ...]]:
        """Share questions, and those of other verbs: one table [headline], or several [[headline]]."""
        told = self._value("headline", (dict, list), [], "a section [headline], or several [[headline]]")
        questions: list[dict[str, str]] = []
        asked: list[dict[str, Any]] = []
        for question in [told] if isinstance(told, dict) else told:
            if isinstance(question, dict) and question.get("verb", "share") != "share":
                for key, message, remedy in question_faults(question):
                    self._fault(key, message, remedy)
                asked.append({key: tuple(v) if isinstance(v, list) else v for key, v in question.items()})
                continue
            if not isinstance(question, dict) or not all(isinstance(value, str) for value in question.values()):
                self._fault("headline", f"{question!r} is no question", 'write such as good = "crude" in a section')
                continue
            share = {key: value for key, value in question.items() if key != "verb"}
            self._unknown(share, _QUESTION, "headline.")
            if "good" not in share or "of" not in share or sum(how in share for how in _HOW) != 1:
                message = "a question needs good, of and one of through, partner, touching, via"
                self._fault("headline", message, 'such as good = "crude", of = "KAZ", through = "RUS"')
            questions.append(share)
        return tuple(questions), tuple(asked)

    def _groups(self) -> dict[str, Group]:
        """Groups of goods in the order of the file."""
        section = self._value("groups", dict, {}, 'sections such as [groups.grain] with name = "Grain"')
        found: dict[str, Group] = {}
        for key, told in section.items():
            where = f"groups.{key}"
            if not _NAME.fullmatch(key) or not isinstance(told, dict) or not isinstance(told.get("name"), str):
                self._fault(where, "a group has a key of small letters and a name", f'write [{where}] and name = "..."')
                continue
            self._unknown(told, ("name", "calibrate_on"), f"{where}.")
            year = told.get("calibrate_on")
            if year is not None and (not isinstance(year, int) or isinstance(year, bool)):
                self._fault(f"{where}.calibrate_on", f"{year!r} is no year", "write a year, such as 2023")
                year = None
            found[key] = Group(told["name"], year)
        return found

    def _slices(self) -> dict[str, float]:
        """Shares of the hours of every period, in the order of the file."""
        section = self._value("slices", dict, {}, "a section [slices], such as peak = 0.25 and off_peak = 0.75")
        found: dict[str, float] = {}
        for name, share in section.items():
            if not _NAME.fullmatch(name):
                self._fault(
                    f"slices.{name}", f"'{name}' cannot be the name of a slice", "use small letters, digits and _"
                )
            elif isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 < share <= 1:
                self._fault(f"slices.{name}", f"{share!r} is no share of hours", "write a number above 0, at most 1")
            else:
                found[name] = float(share)
        if found and len(found) == len(section) and abs(sum(found.values()) - 1.0) > SUMS:
            self._fault(
                "slices", f"the shares of slices sum to {sum(found.values()):.6g}, not 1", "they share all hours"
            )
        return found

    def _planning(self) -> Planning | None:
        """Years and discount rate of plans."""
        section = self._value("planning", dict, {}, "a section [planning] with years and discount_rate")
        if not section:
            return None
        self._unknown(section, ("years", "discount_rate", "source", "basis", "note"), "planning.")
        years = section.get("years")
        if (
            not isinstance(years, list)
            or len(years) < 2
            or not all(type(year) is int for year in years)
            or any(later <= year for year, later in pairwise(years))
        ):
            remedy = "write years = [2024, 2030, 2035], the base year first"
            self._fault("planning.years", f"{years!r} are not two or more rising years", remedy)
        rate = section.get("discount_rate")
        if isinstance(rate, bool) or not isinstance(rate, (int, float)) or not 0 <= rate < 1:
            self._fault("planning.discount_rate", f"{rate!r} is no real rate", "write a share a year, such as 0.07")
        told = {key: section.get(key, default) for key, default in (("source", ""), ("basis", "assumed"), ("note", ""))}
        for key, value in told.items():
            if not isinstance(value, str):
                self._fault(f"planning.{key}", f"{value!r} does not fit", "write a text in quotes")
        if told["basis"] == "assumed" and not told["note"]:
            self._fault(
                "planning.note", "an assumed rate gives no reason", "say in note why, or name a source and basis"
            )
        if any(fault.column is not None and fault.column.startswith("planning.") for fault in self.faults):
            return None
        return Planning(
            tuple(years or ()), float(rate or 0.0), *(str(told[key]) for key in ("source", "basis", "note"))
        )

    def _calendar(self, key: str, *, required: bool) -> Calendar | None:
        section = self._value(key, dict, {}, f"a section [{key}] with start, end, step")
        if not section:
            if required and key not in {fault.column for fault in self.faults}:
                self._fault(key, "the section is missing", f"write [{key}] with start, end and step")
            return None
        self._unknown(section, ("start", "end", "step"), f"{key}.")
        days = {end: section.get(end) for end in ("start", "end")}
        for end, day in days.items():
            if type(day) is not dt.date:
                self._fault(f"{key}.{end}", f"{day!r} is not a date", f"write {end} = 2024-01-01, without quotes")
        steps = get_args(Step)
        step = section.get("step", "year" if key == "calibration" else None)
        if step not in steps:
            self._fault(f"{key}.step", f"{step!r} is not a step", f"write one of {', '.join(steps)} in quotes")
        if any(fault.column is not None and fault.column.startswith(f"{key}.") for fault in self.faults):
            return None
        start, end = days["start"], days["end"]
        if not isinstance(start, dt.date) or not isinstance(end, dt.date):
            return None
        if start >= end:
            self._fault(f"{key}.end", f"{end} is not after {start}", "the end is the first day that no longer counts")
            return None
        return Calendar(start, end, step)
