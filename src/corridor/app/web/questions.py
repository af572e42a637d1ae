"""What may be asked: one model a verb, with the names of the command line's options. Anything else is refused (422)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["CaseId", "RunIn", "ShareIn", "SolveArguments", "SolveIn", "Word", "arguments_of"]

Word = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$")]
CaseId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Fraction = Annotated[float, Field(ge=0, le=1)]
Year = Annotated[int, Field(ge=1900, le=2100)]
Measures = Annotated[list[Annotated[str, Field(min_length=3, max_length=500)]], Field(max_length=60)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class _Common(_Strict):
    """Arguments of every verb that solves."""

    with_: Measures = Field(default=[], alias="with", description="instruments, as the command line writes them")
    scenario: Word = "base"


class _Dated(_Common):
    year: Year | None = None
    start: Day | None = None
    end: Day | None = None


class SolveArguments(_Dated):
    """`corridor solve`; `group` says what the page shows, and what of the case is solved where no good is named."""

    good: Word | None = None
    foresight: Literal["announced", "perfect"] = "announced"
    formulation: Literal["spatial_equilibrium", "min_cost_flow"] = "spatial_equilibrium"
    group: Word | None = None


class CompareArguments(_Dated):
    """`corridor compare`; `group` says what the page shows."""

    foresight: Literal["announced", "perfect"] = "announced"
    group: Word | None = None


class ShareArguments(_Dated):
    """`corridor share`; one of through, partner, touching and via."""

    good: Word
    of: Country
    through: Country | None = None
    partner: Country | None = None
    touching: Country | None = None
    via: Word | None = None
    direction: Literal["exports", "imports"] = "exports"
    over: Literal["trade", "use"] = "trade"
    basis: Literal["contractual", "physical"] = "contractual"
    foresight: Literal["announced", "perfect"] = "announced"


class StressArguments(_Dated):
    """`corridor stress`."""

    good: Word
    for_: Country = Field(alias="for")
    k: Annotated[int, Field(ge=1, le=4)] = 1
    over: Literal["corridors", "countries", "links"] = "corridors"
    loss: Literal["exports", "unserved", "gains", "objective"] = "exports"


class BargainArguments(_Common):
    """`corridor bargain`."""

    good: Word
    players: Annotated[list[Country], Field(min_length=2, max_length=12)]
    outsiders: Literal["absent", "compete"] = "absent"
    contracts: Literal["bind", "void"] = "bind"
    planned: bool = False
    year: Year | None = None


class RetaliateArguments(_Strict):
    """`corridor retaliate`."""

    between: Annotated[list[Country], Field(min_length=2, max_length=2)]
    goods: Annotated[list[Word], Field(min_length=1, max_length=6)]
    scenario: Word = "base"


class InvestArguments(_Common):
    """`corridor invest`; one of through and partner."""

    good: Word
    of: Country
    through: Country | None = None
    partner: Country | None = None
    max_share: Fraction | None = None
    max_loss: Fraction | None = None
    by: Year | None = None
    direction: Literal["exports", "imports"] = "exports"
    over: Literal["trade", "use"] = "trade"
    slice: Word | None = None
    allow_cuts: bool = False
    payer: Country | None = None
    whole: bool | None = None
    """projects wholly or not at all (true), in fractions (false), or as the case says"""
    projects: Annotated[list[Word], Field(max_length=60)] = []


class RivalryArguments(_Common):
    """`corridor rivalry`."""

    good: Word
    sellers: Annotated[list[Country], Field(min_length=2, max_length=12)]
    markets: Annotated[list[Word], Field(max_length=60)] = []
    theta: Annotated[float, Field(gt=0, le=10)] = 1.0
    observed: Annotated[float, Field(ge=0, le=10)] = 0.0
    year: Year | None = None


class _Run(_Strict):
    case: CaseId = "default"


class SolveIn(_Run):
    """Question 2, of one scenario."""

    verb: Literal["solve"]
    arguments: SolveArguments = SolveArguments()


class CompareIn(_Run):
    """Question 2: what measures change."""

    verb: Literal["compare"]
    arguments: CompareArguments = CompareArguments()


class ShareIn(_Run):
    """Question 1."""

    verb: Literal["share"]
    arguments: ShareArguments


class StressIn(_Run):
    """Question 3."""

    verb: Literal["stress"]
    arguments: StressArguments


class BargainIn(_Run):
    """Question 5."""

    verb: Literal["bargain"]
    arguments: BargainArguments


class RetaliateIn(_Run):
    """Question 6."""

    verb: Literal["retaliate"]
    arguments: RetaliateArguments


class InvestIn(_Run):
    """Question 4."""

    verb: Literal["invest"]
    arguments: InvestArguments


class RivalryIn(_Run):
    """What sellers gain by selling as one."""

    verb: Literal["rivalry"]
    arguments: RivalryArguments


RunIn = Annotated[
    SolveIn | CompareIn | ShareIn | StressIn | BargainIn | RetaliateIn | InvestIn | RivalryIn,
    Field(discriminator="verb"),
]


def arguments_of(asked: _Run) -> dict[str, dict[str, Any]]:
    """`arguments`, all that are not None, and `given`, those that differ from their default; by the command line's names."""
    arguments: BaseModel = asked.arguments  # type: ignore[attr-defined]
    return {
        "arguments": arguments.model_dump(by_alias=True, exclude_none=True),
        "given": arguments.model_dump(by_alias=True, exclude_defaults=True),
    }
