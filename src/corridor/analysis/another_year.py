"""The test that counts for a calibration: calibrated on one year, what would it have said of the others?

Wedges, preferences and levels stay those of the calibration year. Only what the tables date changes: capacities, output,
deliveries, prices, agreements. The observed year is its own reconciliation; beside the prediction stands the plainest
rule there is: the calibration year's shares times the other year's total.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.world import country_name, name_of
from corridor.calibration import calibrate, calibration_of
from corridor.case import Calendar, route_screens
from corridor.errors import InfeasibleError, QuestionError
from corridor.study import solve_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from corridor.case import Case
    from corridor.case.model import Settings
    from corridor.network import Network
    from corridor.program import Floats
    from corridor.result import Reading

__all__ = ["another_year_page", "mean_errors", "observed_years", "predict_routes"]

_BEGIN, _END = "<!-- made by scripts/make-reference -->", "<!-- end of what is made -->"
_STRENGTHS = (0.0, 0.1, 0.3, 1.0)


def predict_routes(
    case: Case, calibrate_on: int, years: Sequence[int] | None = None, *, kappa: float | None = None
) -> pd.DataFrame:
    """Routes of the country that the case's headline asks about, predicted for other years.

    Columns: year, corridor, origin; observed, predicted, same_shares (volumes over the year, `unit`); observed_share,
    predicted_share (of all routes); error, error_same_shares (share points: predicted less observed). A route that
    carries nothing in any of the three is left out. `years` None: all that can be reconciled. `kappa` overrides the
    strength of the route preference.
    Raises `QuestionError` where the case has no headline question, or no observations of a year.
    """
    import pandas as pd

    good, origin = _asked(case)
    chosen = [y for y in observed_years(case) if y != calibrate_on] if years is None else list(years)
    calibrated = calibrate(case, calibrate_on)
    routes = route_screens(case)
    reconciled = calibration_of(case, calibrate_on).reconciled
    before = _volumes(routes, reconciled.network, reconciled.reading, good, origin)
    tables = []
    for year in chosen:
        seen = calibration_of(case, year).reconciled
        observed = _volumes(routes, seen.network, seen.reading, good, origin)
        told = solve_case(calibrated.with_tables(_moved(calibrated, year)), kappa=kappa)
        predicted = _volumes(routes, told.network, told.reading, good, origin)
        same = before / before.sum() * observed.sum()
        share, guess = observed / observed.sum(), predicted / predicted.sum()
        table = pd.DataFrame(
            {
                "year": year,
                "corridor": list(routes),
                "origin": origin,
                "observed": observed,
                "predicted": predicted,
                "same_shares": same,
                "observed_share": share,
                "predicted_share": guess,
                "error": 100.0 * (guess - share),
                "error_same_shares": 100.0 * (same / observed.sum() - share),
                "unit": told.network.good_unit[told.network.goods.index(good)],
            }
        )
        largest = np.maximum.reduce([observed, predicted, same])
        tables.append(table[largest > 1e-6 * observed.sum()])
    found: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return found


def mean_errors(table: pd.DataFrame) -> pd.DataFrame:
    """year ("all" in the last row), model, same_shares: mean absolute error over routes in share points."""
    import pandas as pd

    errors = table[["error", "error_same_shares"]].abs().set_axis(["model", "same_shares"], axis=1)
    by_year = errors.groupby(table["year"]).mean().rename_axis("year").reset_index()
    whole = pd.DataFrame([{"year": "all", **errors.mean().to_dict()}])
    return pd.concat([by_year.astype({"year": object}), whole], ignore_index=True)


def _asked(case: Case) -> tuple[str, str]:
    """Good and country of the first headline question."""
    if not case.settings.headline:
        raise QuestionError(f"{case.name} has no [headline] question, so there is no country whose routes to predict")
    first = case.settings.headline[0]
    return first["good"], first["of"]


def observed_years(case: Case) -> list[int]:
    """Calendar years in which every route that was ever observed for the headline's country was observed."""
    table, (good, origin) = case.tables["observations"], _asked(case)
    routes = set(route_screens(case))
    found: dict[int, set[str]] = {}
    for row in table.to_dict("records"):
        whole = row["start"] == dt.date(row["start"].year, 1, 1) and row["end"] == dt.date(row["start"].year + 1, 1, 1)
        if whole and row["target"] in routes and row["good"] == good and row["origin"] == origin:
            found.setdefault(row["start"].year, set()).add(row["target"])
    every = set().union(*found.values()) if found else set()
    return sorted(year for year, seen in found.items() if seen == every)


def another_year_page(case: Case, calibrate_on: int, page: str) -> str:
    """The page with its tables made anew between the two markers; the reading around them is a person's."""
    before, rest = page.split(_BEGIN)
    _, after = rest.split(_END)
    table = predict_routes(case, calibrate_on)
    country = country_name(_asked(case)[1])
    parts = [
        _how_far(table, calibrate_on),
        _without_preference(case, calibrate_on),
        _by_route(case, table, country),
        _bases(case),
    ]
    return f"{before}{_BEGIN}\n\n" + "\n\n".join(parts) + f"\n\n{_END}{after}"


def _rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _how_far(table: pd.DataFrame, base: int) -> str:
    rows = [
        [str(r["year"]), f"{r['model']:.2f}", f"{r['same_shares']:.2f}"] for r in mean_errors(table).to_dict("records")
    ]
    return "## How far off, on average over routes, in share points\n\n" + _rows(
        ["year", f"model calibrated on {base}", f"same shares as {base}"], rows
    )


def _without_preference(case: Case, base: int) -> str:
    errors = [mean_errors(predict_routes(case, base, kappa=kappa)) for kappa in _STRENGTHS]
    rows = [[str(year), *(f"{e['model'].iloc[i]:.2f}" for e in errors)] for i, year in enumerate(errors[0]["year"])]
    return "The same by the strength of the route preference (kappa), in share points:\n\n" + _rows(
        ["year", *(f"kappa {kappa:g}" for kappa in _STRENGTHS)], rows
    )


def _by_route(case: Case, table: pd.DataFrame, country: str) -> str:
    rows = [
        [
            str(r["year"]),
            name_of(case, r["corridor"]),
            *(f"{r[column]:.2f}" for column in ("observed", "predicted", "same_shares")),
            f"{100 * r['observed_share']:.1f}",
            *(f"{r[column]:+z.1f}" for column in ("error", "error_same_shares")),
        ]
        for r in table.to_dict("records")
    ]
    unit = table["unit"].iloc[0]
    head = [
        "year",
        "route",
        f"observed, {unit}",
        "model",
        "same shares",
        "observed, %",
        "model off, points",
        "same shares off",
    ]
    return f"## Routes of {country}\n\nObserved figures are the reconciled ones of each year.\n\n" + _rows(head, rows)


def _bases(case: Case) -> str:
    rows = []
    for base in observed_years(case):
        try:
            errors = mean_errors(predict_routes(case, base)).iloc[-1]
            rows.append([str(base), f"{errors['model']:.2f}", f"{errors['same_shares']:.2f}", ""])
        except InfeasibleError as error:
            rows.append([str(base), "", "", str(error)])
    head = ["calibrated on", "model, points", "same shares, points", "where there is no answer"]
    return "## Calibrated on each year, all others predicted\n\n" + _rows(head, rows)


def _moved(case: Case, year: int) -> Settings:
    return replace(case.settings, calendar=Calendar(dt.date(year, 1, 1), dt.date(year + 1, 1, 1), "year"))


def _volumes(routes: dict[str, str], net: Network, reading: Reading, good: str, origin: str) -> Floats:
    """What the country's streams carry over each screen, summed over the calendar, shape (routes,)."""
    mine = [k for k, s in enumerate(net.streams) if s.good == good and s.origins == frozenset({origin})]
    volume = net.years @ reading.flow
    own = np.isin(net.flows.stream, mine)
    return np.array([volume[own & (net.flows.link == net.links.ids.index(screen))].sum() for screen in routes.values()])
