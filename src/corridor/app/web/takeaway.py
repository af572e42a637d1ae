"""What a reader takes away: the command and the Python lines that give the same answer, and the measures as a file."""

from __future__ import annotations

import csv
import io
import re
import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.network import Instrument

__all__ = ["command_of", "python_of", "scenario_csv"]

_SHOWN_ONLY = "group"
"""Says what a page shows, and changes no answer."""
_LISTS = ("players", "between", "goods", "projects", "sellers", "markets")
_SWITCHES = {"whole": ("--whole", "--fractions")}
"""Options that have a name for either answer."""
_PYTHON = {"for": "for_", "slice": "slice_", "projects": "expansions"}
"""Names that Python keeps for itself, or that the library has another word for."""
_RATES = ("capacity", "add", "min", "max", "volume")
_PRICES = ("price", "rate", "within", "base", "surcharge")
_AMOUNT = re.compile(r"\s*(?P<number>[0-9.eE+-]+)\s*(?P<unit>[^0-9.\s%].*?)\s*")
"""A number with its unit, as in 32Mt/yr; tables have the two apart."""


def command_of(verb: str, case: str, arguments: Mapping[str, Any]) -> str:
    """`corridor VERB CASE ...` as a shell takes it; arguments that are at their default are left out by the caller."""
    parts = ["corridor", verb, case]
    for name, value in arguments.items():
        if name == _SHOWN_ONLY or value in (None, [], ()):
            continue
        option = "-k" if name == "k" else f"--{name.replace('_', '-')}"
        if name == "with":
            parts += [piece for text in value for piece in (option, text)]
        elif name in _SWITCHES:
            parts.append(_SWITCHES[name][not value])
        elif value is True:
            parts.append(option)
        elif value is not False:
            parts += [option, ",".join(value) if name in _LISTS else str(value)]
    return shlex.join(parts)


def python_of(verb: str, case: str, arguments: Mapping[str, Any]) -> str:
    """Lines of Python that give the same answer."""
    told = {k: v for k, v in arguments.items() if k != _SHOWN_ONLY and v not in (None, [], ())}
    imports = ["import corridor as co"]
    lines = [f"case = co.read_case({case!r})"]
    year, start, end, texts = (told.pop(name, None) for name in ("year", "start", "end", "with"))
    if year is not None:
        imports.append("from corridor.case import in_year")
        lines.append(f"case = in_year(case, {year})")
    window: dict[str, Any] = {"window": (start, end)} if start and end else {}
    if texts:
        lines.append(f"measures = [{', '.join(f'co.parse_instrument({text!r})' for text in texts)}]")
    with_ = "with_=measures" if texts else ""
    scenario: dict[str, Any] = {"scenario": told.pop("scenario")} if "scenario" in told else {}
    how: dict[str, Any] = {name: told.pop(name) for name in ("foresight", "formulation") if name in told}
    if verb == "solve":
        if "good" in told:
            imports.append("from corridor.case import part_of")
            lines.append(f"case = part_of(case, {{{told['good']!r}}})")
        lines += [f"result = co.solve({_call('case', scenario | how, with_)})", "print(result.flows)"]
    elif verb == "compare":
        imports.append("from corridor.analysis import part_touched")
        lines += [
            f"part, dates = part_touched({_call('case', scenario, with_)})",
            f"base = co.solve({_call('part', how, 'calendar_with=dates')})",
            f"changed = co.solve({_call('part', scenario | how, with_, 'calendar_with=dates')})",
            "told = co.compare(base, changed)",
            "print(told.sentence)",
            "print(told.gains)",
        ]
    elif verb == "share":
        imports.append("from corridor.analysis import part_asked")
        lines += [
            f"part = part_asked({_call('case', {'good': told['good']} | scenario, with_)})",
            f"result = co.solve({_call('part', scenario | how, with_)})",
            f"print(co.share({_call('result', told | window)}).sentence)",
        ]
    else:
        named = {_PYTHON.get(name, name): value for name, value in told.items()}
        lines.append(f"print(co.{verb}({_call('case', named | scenario | window, with_)}).sentence)")
    return "\n".join([*imports, "", *lines])


def _call(first: str, named: Mapping[str, Any], *more: str) -> str:
    return ", ".join([first, *(f"{name}={value!r}" for name, value in named.items()), *(text for text in more if text)])


def scenario_csv(scenario: str, measures: Sequence[Instrument]) -> str:
    """Measures as rows of instruments.csv, in a scenario of this name; columns that no measure fills are left out."""
    rows = []
    for number, measure in enumerate(measures, 1):
        row = {"id": f"{scenario}_{number}", "kind": measure.kind, "target": measure.target, "scenarios": scenario}
        for name, value in measure.question().items():
            if name in ("id", "kind", "target", "scenarios"):
                continue
            if name in (*_RATES, *_PRICES) and isinstance(value, str) and (found := _AMOUNT.fullmatch(value)):
                row[name], row["unit" if name in _RATES else "cost_unit"] = found["number"], found["unit"]
            else:
                row["except" if name == "exempt" else name] = _cell(value)
        rows.append(row | {"basis": "assumed"})
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(value)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
