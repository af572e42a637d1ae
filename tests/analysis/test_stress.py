"""The worst closures: a published interdiction problem, brute force over small networks and the real case, and what is proven."""

import json
from itertools import combinations

import kazakhstan
import numpy as np
import pytest
import remembered
from brute import agrees_on_random_network, all_sets, brute, exports
from strategies import plain_case

import corridor as co
from corridor.analysis import stress
from corridor.errors import QuestionError
from corridor.network import closure
from corridor.study import solve_case

# PyomoGallery, network interdiction, max_flow (commit 0c00b584, BSD), after Wood, Math. Comput. Modelling 17(2), 1993:
# the largest flow from Start to End is 80, 10 and 0 after 0, 1 and 2 attacks; one attack takes Start-C, two B-End and D-End.
ARCS = (("s", "b", 10), ("s", "c", 70), ("c", "b", 30), ("b", "e", 100), ("c", "d", 40), ("d", "e", 50))

YEAR = 366 / 365.25
"""2024 in years: what a rate of one a year comes to in it."""


def wood(**more):
    return plain_case(
        {
            "nodes": [{"id": n, "country": "KAZ" if n == "s" else "CHN"} for n in "sbcde"],
            "links": [
                {"id": f"{a}_{b}", "from": a, "to": b, "capacity": capacity, "resource_cost": 1}
                for a, b, capacity in ARCS
            ],
            "supply": [{"id": "field", "node": "s", "quantity": 200, "price": 10, "elasticity_short": 0}],
            "demand": [
                {"id": "city", "node": "e", "quantity": 200, "price": 50, "unserved_value": 90, "elasticity_short": 0}
            ],
            **more,
        }
    )


@pytest.mark.parametrize(("k", "left", "worst"), [(1, 10, {"s_c"}), (2, 0, None)])
def test_published_interdiction(k, left, worst):
    told = stress(wood(), good="oil", for_="KAZ", k=k, over="links")
    assert told.base == pytest.approx(80 * YEAR)
    assert told.base - told.sets[0].loss == pytest.approx(left * YEAR, abs=1e-6)
    assert told.proven
    assert told.bound == told.sets[0].loss
    if worst:
        assert set(told.sets[0].closures) == worst
    else:
        cuts = {frozenset(s) for s in (told.sets[0].closures, *told.sets[0].same)}
        # C-D and D-End are one pipe: what one cuts the other cuts.
        assert {frozenset({"b_e", "c_d"}), frozenset({"s_b", "s_c"})} <= cuts
    assert next(s for s in told.sets if s.closures == ("b_e",)).loss == pytest.approx(40 * YEAR)
    pairs = [pair for s in told.sets for pair in zip(s.closures, s.alternatives, strict=True)]
    assert {others for name, others in pairs if name == "c_d"} <= {("d_e",)}
    assert told.solves + told.equal == 1 + len(all_sets(range(len(ARCS) - 1), k))


def test_too_many_sets_prove_nothing():
    told = stress(wood(), good="oil", for_="KAZ", k=3, over="links", most_solves=7)
    assert not told.proven
    assert told.bound is None
    assert told.solves <= 7
    assert "not proven" in told.sentence
    assert told.sets[0].loss >= 70 - 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_as_brute_force_on_random_networks(seed):
    """The other 188 of 200 networks: scripts/campaign worst_closures."""
    agrees_on_random_network(seed)


def test_as_brute_force_on_the_case():
    """The worst sets, and a sample of the others; all of them: scripts/campaign worst_closures."""
    told = remembered.once(stress)(kazakhstan.whole(), good="crude", for_="KAZ", k=2)
    assert told.proven
    ranked = {frozenset(c): s.loss for s in told.sets for c in (s.closures, *s.same)}
    gave_way = {frozenset(c) for s in told.sets if s.broken for c in (s.closures, *s.same)}
    listed = [tuple(s) for s in ranked if s not in gave_way]
    alone = [s for s in listed if len(s) == 1]
    truth = brute(kazakhstan.calibrated(), [*listed[:3], *listed[3::25], *alone[::6]], exports)
    assert {len(s) for s in truth} == {1, 2}
    for chosen, lost in truth.items():
        assert ranked[frozenset(chosen)] == pytest.approx(lost, abs=2e-5 * told.base), chosen
    assert told.sets[0].loss == pytest.approx(max(truth.values()), abs=2e-5 * told.base)
    # A set that is not listed loses no more than one of its parts.
    sections = {name for s in told.sets for names in s.alternatives for name in names}
    names = [name for name in told.candidates if name not in sections]
    others = [s for s in combinations(names, 2) if frozenset(s) not in ranked][::60]
    for chosen, lost in brute(kazakhstan.calibrated(), others, exports).items():
        parts = [0.0, *(ranked.get(frozenset({name}), 0.0) for name in chosen)]
        assert min(abs(lost - part) for part in parts) <= 2e-5 * told.base, chosen


@pytest.mark.parametrize("loss", ["exports", "unserved", "gains", "objective"])
def test_each_loss_is_that_of_the_closure_solved_from_the_case(loss):
    dates = {"start": "2024-03-01", "end": "2024-06-01"}
    told = stress(
        kazakhstan.case(), good="crude", for_="KAZ", loss=loss, candidates=["cpc"], window=("2024-03-01", "2024-06-01")
    )
    case = kazakhstan.calibrated()
    base = solve_case(case, foresight="perfect", calendar_with=[closure("cpc", **dates)])
    shut = solve_case(case, with_=closure("cpc", **dates), foresight="perfect")
    inside = base.network.periods.inside(*(np.datetime64(d).astype(object) for d in dates.values()))

    def lacking(result):
        demands = result.network.demands
        home = [result.network.node_country[n] == "KAZ" for n in demands.node]
        mine = np.array(home) & (demands.good == result.network.goods.index("crude"))
        mine[result.network.own_demands :] = False
        short = np.maximum(demands.reference - result.reading.demand, 0)[:, mine].sum(axis=1)
        return -float(result.network.years[inside] @ short[inside])

    def sent(result):
        net = result.network
        own = np.array([s.good == "crude" and s.origins == {"KAZ"} for s in net.streams])
        abroad = np.array([net.node_country[n] != "KAZ" for n in net.demands.node])
        pairs = own[net.demands.take_stream] & abroad[net.demands.take_demand]
        return float(net.years[inside] @ result.reading.take[inside][:, pairs].sum(axis=1))

    value = {
        "exports": sent,
        "unserved": lacking,
        "gains": lambda r: float(r.gains.loc[r.gains["country"] == "KAZ", "value"].sum()),
        "objective": lambda r: r.objective,
    }[loss]
    expected = value(base) - value(shut)
    if told.sets:
        assert told.sets[0].loss == pytest.approx(expected, rel=1e-4, abs=1e-5 * abs(value(base)))
    else:
        assert expected == pytest.approx(0, abs=1e-5)
    assert told.window == "2024-03-01/2024-06-01"


def test_series_sections_are_one_entry():
    told = stress(kazakhstan.case(), good="crude", for_="KAZ", candidates=["chagan_samara", "atyrau_samara"])
    assert told.sets[0].closures == ("chagan_samara",)
    assert told.sets[0].alternatives == (("atyrau_samara",),)
    assert told.solves == 2


def test_what_carries_nothing_is_told_and_spares_solves():
    links = [{"id": "dear", "from": "s", "to": "e", "capacity": 5, "resource_cost": 95}]
    case = wood()
    rows = [
        *case.tables["links"].to_dict("records"),
        {**case.tables["links"].iloc[0].to_dict(), **links[0], "name": "dear"},
    ]
    case = wood(links=[{key: row[key] for key in ("id", "from", "to", "capacity", "resource_cost")} for row in rows])
    told = stress(case, good="oil", for_="KAZ", k=2, over="links")
    assert "dear" in told.idle
    assert told.proven
    assert all("dear" not in s.closures for s in told.sets)
    assert told.solves < 1 + len(all_sets(range(7), 2))


def test_an_agreement_that_cannot_be_kept_gives_way_and_is_named():
    must = {"id": "must", "kind": "agreement", "target": "s_b", "min": 5}
    told = stress(wood(instruments=[must]), good="oil", for_="KAZ", over="links", candidates=["s_b", "s_c"])
    by = {s.closures: s for s in told.sets}
    assert by[("s_b",)].broken == ("must",)
    assert by[("s_b",)].loss == pytest.approx(10 * YEAR)
    assert by[("s_c",)].broken == ()
    assert told.proven


def test_force_majeure_releases_the_agreement():
    must = {"id": "must", "kind": "agreement", "target": "s_b", "min": 5, "force_majeure": True}
    told = stress(wood(instruments=[must]), good="oil", for_="KAZ", k=2, candidates=["s_b", "s_c", "d_e"])
    truth = brute(wood(instruments=[must]), all_sets(("s_b", "s_c", "d_e"), 2), lambda r: exports(r, good="oil"))
    for s in told.sets:
        assert s.broken == ()
        assert s.loss == pytest.approx(truth[s.closures], abs=1e-6)


def test_countries_control_their_links():
    told = stress(kazakhstan.case(), good="crude", for_="KAZ", over="countries")
    assert told.sets[0].closures == ("RUS",)
    assert told.sets[0].share > 0.8
    assert "Russia" in told.sentence


@pytest.mark.parametrize(
    ("asked", "word"),
    [({"good": "crud"}, "crude"), ({"for_": "FRA"}, "FRA"), ({"k": 0}, "at least 1"), ({"over": "roads"}, "corridors"), ({"candidates": ["cpx"]}, "cpc")],
)  # fmt: skip
def test_wrong_questions_are_told(asked, word):
    with pytest.raises(QuestionError, match=word):
        stress(kazakhstan.case(), **{"good": "crude", "for_": "KAZ", **asked})


def test_the_command_line_says_the_same():
    from typer.testing import CliRunner

    from corridor.app.cli import app
    from corridor.result.documents import DOCUMENTS

    asked = ["stress", "kazakhstan", "--good", "crude", "--for", "KAZ", "--over", "countries"]
    told = remembered.once(co.stress)(kazakhstan.whole(), good="crude", for_="KAZ", over="countries")
    with remembered.commands():
        document = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
        shown = CliRunner().invoke(app, [*asked, "--quiet"]).stdout
    kept = DOCUMENTS["stress"].model_validate(document).model_dump(by_alias=True, exclude_unset=True)
    assert kept == document
    assert document["answer"] == told.sentence
    assert [s["loss"] for s in document["result"]["sets"]] == pytest.approx([s.loss for s in told.sets])
    assert shown.startswith(told.sentence)
