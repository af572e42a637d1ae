"""The design file of a sweep: what varies, how it is sampled, and what is asked. Read strictly; faults are told all at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from corridor.errors import CaseError, Fault, QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FORMAT", "METHODS", "Ask", "Assumed", "Design", "ScenarioAsked", "Vary", "design_page", "read_design"]

FORMAT = 1
"""Number of the design format; a newer one is refused."""
METHODS = ("one_at_a_time", "full_factorial", "latin_hypercube", "sobol", "morris")
LARGEST = 1_000_000
"""Most variations of a sweep."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""One text or a list of texts."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Assumed(_Part):
    """Half of the range, as a share of the value, of figures for which no range is known."""

    high: float = Field(default=0.05, ge=0, lt=1, description="of figures of high confidence")
    medium: float = Field(default=0.10, ge=0, lt=1, description="of figures of medium confidence")
    low: float = Field(default=0.25, ge=0, lt=1, description="of figures of low confidence")


class Vary(_Part):
    """What varies: figures chosen by table, column, row, confidence, source or currency; or a parameter; or an instrument."""

    table: Names = Field(default=(), description="table of the figures, or list of tables; absent: every table")
    column: Names = Field(default=(), description="column, or list of columns; absent: every column of figures")
    row: Names = Field(
        default=(), description="id of a row, or list of ids (parts of a longer key joined by `/`); absent: every row"
    )
    confidence: Names = Field(default=(), description="high, medium or low, or a list: only figures of that confidence")
    source: Names = Field(default=(), description="keys of sources.csv: only figures that rest on one of them")
    goods: Names = Field(default=(), description="only figures about one of these goods")
    currency: str | None = Field(
        default=None, description="only prices and costs written in this currency, such as KZT"
    )
    ranged: bool = Field(default=False, description="true: only figures that have a range of their own in evidence.csv")
    factor: tuple[float, float] | None = Field(
        default=None,
        description="range as multiples of the figure, such as [0.8, 1.2]; it overrides the range in evidence.csv",
    )
    low: float | None = Field(
        default=None, description="lowest value in the figure's own unit; with high, in place of factor"
    )
    high: float | None = Field(default=None, description="highest value in the figure's own unit")
    kind: Literal["knowledge", "change"] | None = Field(
        default=None,
        alias="as",
        description="knowledge: the case is calibrated again; change: wedges are held; absent: change for instruments "
        "of scenarios, else knowledge",
    )
    group: str | None = Field(
        default=None,
        description="figures of one group move together, all at the same place of their ranges; `source`: one group for "
        "each first source; absent: each figure by itself",
    )
    parameter: Literal["kappa", "split"] | None = Field(
        default=None,
        description="kappa: strength of the route preference; split: share of each wedge that is a cost like the known one",
    )
    instrument: str | None = Field(default=None, description="an instrument, as on the command line, in force or not")
    chance: float = Field(default=0.5, gt=0, lt=1, description="how often that instrument is in force")

    @model_validator(mode="after")
    def _one_kind(self) -> Vary:
        chosen = any(
            (self.table, self.column, self.row, self.confidence, self.source, self.goods, self.currency, self.ranged)
        )
        if (self.parameter is not None) + (self.instrument is not None) + chosen > 1:
            raise ValueError("figures, a parameter and an instrument each need an entry of their own")
        if (self.low is None) != (self.high is None) or (self.low is not None and self.factor is not None):
            raise ValueError("write low and high, or factor")
        for ends in (self.factor, (self.low, self.high)):
            if ends is not None and ends[0] is not None and ends[1] is not None and not ends[0] < ends[1]:
                raise ValueError(f"the range {ends[0]:g} to {ends[1]:g} is empty; write the lower end first")
        if any(c not in ("high", "medium", "low") for c in self.confidence):
            raise ValueError("confidence is high, medium or low")
        return self


class ScenarioAsked(_Part):
    """A scenario in which the questions are asked."""

    name: str = Field(description="name under which answers stand")
    scenario: str = Field(default="base", description="scenario of the case")
    with_: Names = Field(default=(), alias="with", description="instruments added, as on the command line")


class Ask(_Part):
    """A question that each variation answers with one number."""

    what: Literal["share", "exports_lost", "output_lost", "rerouted", "gains", "price", "support"] = Field(
        description="share of trade; exports or output lost, volume rerouted, gains, price, each against the base; "
        "support that a minimum volume takes, per unit"
    )
    good: str | None = Field(default=None, description="the good; for gains absent: of all goods")
    of: str | None = Field(default=None, description="the country whose share, exports or gains they are")
    through: str | None = Field(default=None, description="of a share: a country crossed")
    partner: str | None = Field(default=None, description="of a share: the country at the other end")
    touching: str | None = Field(default=None, description="of a share: a country crossed or at the other end")
    via: str | None = Field(
        default=None,
        description="of a share: a corridor; of rerouted: the corridor that carries more; of support: the corridor or link "
        "with the minimum volume",
    )
    at: str | None = Field(default=None, description="of a price: the node")
    tied: bool = Field(default=False, description="of gains: of all goods of the part of the case that holds the good")
    direction: Literal["exports", "imports"] = Field(default="exports", description="of a share")
    over: Literal["trade", "use"] = Field(default="trade", description="of a share: the denominator")
    basis: Literal["contractual", "physical"] = Field(default="contractual", description="of a share")
    scenarios: Names = Field(default=(), description="names of scenarios in which it is asked; absent: all")
    above: float | None = Field(default=None, description="the answer holds where the number is above this")
    below: float | None = Field(default=None, description="the answer holds where the number is below this")

    @model_validator(mode="after")
    def _complete(self) -> Ask:
        how = sum(x is not None for x in (self.through, self.partner, self.touching, self.via))
        if self.what == "share" and not (self.good and self.of and how == 1):
            raise ValueError("a share needs good, of and one of through, partner, touching, via")
        if self.what == "exports_lost" and not (self.good and self.of):
            raise ValueError("exports_lost needs good and of")
        if self.what == "output_lost" and not self.good:
            raise ValueError("output_lost needs good")
        if self.what == "rerouted" and not (self.good and self.via):
            raise ValueError("rerouted needs good and via")
        if self.what == "gains" and not self.of:
            raise ValueError("gains needs of")
        if self.what == "price" and not (self.good and self.at):
            raise ValueError("price needs good and at")
        if self.what == "support" and not (self.good and self.via):
            raise ValueError("support needs good and via")
        return self

    @property
    def name(self) -> str:
        """The question in short, unique among different questions."""
        told = [self.what, self.good, self.of]
        told += [f"{how} {x}" for how in ("through", "partner", "touching", "via") if (x := getattr(self, how))]
        told += [f"at {self.at}" if self.at else None, "tied" if self.tied else None]
        plain = {"direction": "exports", "over": "trade", "basis": "contractual"}
        told += [value for key, usual in plain.items() if (value := getattr(self, key)) != usual]
        return " ".join(str(x) for x in told if x)


class Design(_Part):
    """A whole design."""

    format: Literal[1] = Field(description="number of the format of this file: 1")
    title: str = Field(default="", description="what it is for")
    method: Literal["one_at_a_time", "full_factorial", "latin_hypercube", "sobol", "morris"] = Field(
        description="how the ranges are sampled"
    )
    size: int | None = Field(
        default=None,
        ge=1,
        le=LARGEST,
        description="variations of latin_hypercube and sobol (there a power of two), trajectories of morris",
    )
    seed: int = Field(default=0, ge=0, description="seed of everything drawn")
    levels: int = Field(
        default=2,
        ge=2,
        le=20,
        description="levels of each factor of full_factorial; morris takes 4 or another even number",
    )
    chunk: int = Field(
        default=20, ge=1, le=10_000, description="variations that are kept together, whole or not at all"
    )
    goods: Names = Field(
        default=(),
        description="goods asked about: the parts of the case that hold them; absent: those of the questions",
    )
    calendar: Literal["case", "year"] = Field(
        default="case",
        description="case: the case's own steps and stocks; year: one step, everything known from the start, no stocks",
    )
    assumed: Assumed = Field(
        default=Assumed(high=0.05, medium=0.10, low=0.25), description="ranges of figures that have none"
    )
    vary: tuple[Vary, ...] = Field(description="what varies; a figure chosen twice is as its last entry says")
    scenarios: tuple[ScenarioAsked, ...] = Field(
        default=(), description="scenarios beside the base, which is always there"
    )
    ask: tuple[Ask, ...] = Field(description="questions")

    @model_validator(mode="after")
    def _fits(self) -> Design:
        if not self.vary or not self.ask:
            raise ValueError("a design has one [[vary]] and one [[ask]] at least")
        if self.method in ("latin_hypercube", "sobol", "morris") and self.size is None:
            raise ValueError(f"{self.method} needs a size")
        if self.method == "sobol" and self.size is not None and self.size & (self.size - 1):
            raise ValueError(
                f"a Sobol sequence is balanced at powers of two only: size {1 << self.size.bit_length()}, not {self.size}"
            )
        if self.method == "morris" and self.levels % 2:
            raise ValueError("morris needs an even number of levels")
        names = ["base", *(s.name for s in self.scenarios)]
        if len(set(names)) < len(names):
            raise ValueError("two scenarios have one name, or one is called base, which is the case without any")
        unknown = [n for a in self.ask for n in a.scenarios if n not in names]
        if unknown:
            raise ValueError(
                f"a question is asked in {unknown[0]!r}, which is no scenario of this design; there are {', '.join(names)}"
            )
        if len({a.name for a in self.ask}) < len(self.ask):
            raise ValueError("the same question stands twice")
        return self

    @property
    def hash(self) -> str:
        """sha256 of what the design says, whatever the order or spelling of its keys."""
        told = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True)
        return hashlib.sha256(f"corridor design {FORMAT}\n{told}".encode()).hexdigest()

    def asked_in(self, ask: Ask) -> Iterator[str]:
        """Names of the scenarios in which a question is asked; what is a change is not asked of the base."""
        for name in ("base", *(s.name for s in self.scenarios)):
            if (not ask.scenarios or name in ask.scenarios) and (ask.what == "share" or name != "base"):
                yield name


def read_design(path: str | Path) -> Design:
    """Read a design file. Raises `QuestionError` where there is none, `CaseError` with every fault found in it."""
    source = Path(path)
    try:
        content = tomllib.loads(source.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise QuestionError(f"there is no design file {source}") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise QuestionError(f"cannot read {source}: {problem}") from None
    except tomllib.TOMLDecodeError as problem:
        raise CaseError(f"{source.name} is no TOML", [Fault(source.name, None, None, str(problem))]) from None
    number = content.get("format")
    if isinstance(number, int) and number > FORMAT:
        message = f"format {number} is newer than format {FORMAT}, which this version of Corridor reads"
        raise CaseError(f"{source.name} cannot be read", [Fault(source.name, None, "format", message)])
    return design_of(content, source.name)


def design_of(content: dict[str, Any], name: str) -> Design:
    """A design from its keys; `name` is what messages call it. Raises `CaseError` with every fault."""
    try:
        return Design.model_validate(content)
    except ValidationError as problem:
        faults = [_fault(name, error) for error in problem.errors(include_url=False)]
        raise CaseError(f"{name} cannot be used", faults) from None


def _fault(name: str, error: Any) -> Fault:
    places = [f"entry {p + 1}" if isinstance(p, int) else str(p) for p in error["loc"]]
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = "no such key"
    elif error["type"] == "missing":
        message = "is missing"
    return Fault(name, None, " ".join(places) or None, message[:1].lower() + message[1:])


_INTRO = """# The design file of a sweep

Made by `scripts/make-reference` from the reader itself. The file is TOML; `corridor sweep CASE DESIGN --out DIR` reads it. How to write
one is told in [ask whether an answer holds](../how-to/sweep.md), what the words mean in [sweeps](../background/sweep.md)."""
_SECTIONS: tuple[tuple[str, str, type[_Part]], ...] = (
    ("The file", "Keys at the top.", Design),
    ("[assumed]", "Half of the range of a figure for which evidence.csv has none, as a share of it.", Assumed),
    ("[[vary]]", "One or more. An entry that chooses nothing takes every figure.", Vary),
    ("[[scenarios]]", "None or more.", ScenarioAsked),
    ("[[ask]]", "One or more.", Ask),
)


def design_page() -> str:
    """docs/reference/design.md: every key of the design file with its default and its meaning."""
    lines = [_INTRO]
    for title, text, model in _SECTIONS:
        rows = ["| key | default | meaning |", "|---|---|---|"]
        for name, field in model.model_fields.items():
            default = "required" if field.is_required() else _shown(field.get_default(call_default_factory=True))
            rows.append(f"| `{field.alias or name}` | {default} | {field.description} |")
        lines.append("\n\n".join([f"## {title}", text, "\n".join(rows)]))
    return "\n\n".join(lines) + "\n"


def _shown(default: Any) -> str:
    if default is None or default in ((), ""):
        return ""
    return "" if isinstance(default, BaseModel) else f"`{default}`"
