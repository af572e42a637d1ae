"""Laws that hold for every case: what must not change an answer does not, and what must move it moves it the right way."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import Shape, cases, dates_inside, links_of

from corridor.analysis import compare
from corridor.formulation.curves import demand_segments, supply_segments
from corridor.network import (
    Distinction,
    agreement,
    ban,
    build_network,
    capacity,
    closure,
    derating,
    outage,
    transit_ban,
)
from corridor.study import ask, solve_case

few = settings(max_examples=25)
fewer = settings(max_examples=12)


def close(one, other, scale=0.0, tolerance=1e-6):
    """Whether two numbers agree, relative to the larger of them and of `scale`."""
    return abs(one - other) <= tolerance * max(1.0, abs(one), abs(other), scale)


def unique_volumes(result):
    """What is supplied and delivered on the sloped parts of the curves, per period.

    A strictly convex cost has one minimiser, so these are the same in every optimum; the flat parts can tie.
    """
    net, reading, years = result.network, result.reading, result.network.years[:, None]
    made = years * np.clip(reading.supply - supply_segments(net.supplies).flat, 0.0, None)
    used = years * np.clip(reading.demand - demand_segments(net.demands).flat, 0.0, None)
    return np.concatenate([made.ravel(), used.ravel()])


def same_volumes(one, other):
    # A gap of 1e-6 in cost leaves volumes on a gentle slope apart by its root: cost is flat to first order at its least.
    first, second = unique_volumes(one), unique_volumes(other)
    assert second == pytest.approx(first, abs=1e-3 * max(1.0, first.max()))


def worth(result):
    """What consumers would pay at most: the size against which objectives of one case are compared."""
    net = result.network
    return float((net.years[:, None] * net.demands.reference * net.demands.unserved_value).sum())


def same_answer(one, other, tolerance=1e-6):
    assert close(one.objective, other.objective, 0.01 * worth(one), tolerance)


# Monotone laws


@few
@given(st.data())
def test_closing_a_link_never_raises_the_objective(data):
    case = data.draw(cases(Shape(stores=True, pools=True)))
    link = data.draw(links_of(case))
    first, last = sorted([data.draw(dates_inside(case)), data.draw(dates_inside(case))])
    assume(first < last)
    shut = closure(link, start=first, end=last, announced=case.settings.calendar.start)
    base = solve_case(case, calendar_with=[shut])
    changed = solve_case(case, with_=shut)
    assert changed.objective <= base.objective + 1e-6 * max(1.0, 0.01 * worth(base))
    at = base.network.links.ids.index(link)
    inside = changed.network.periods.inside(first, last)
    flow = changed.reading.flow[np.ix_(inside, changed.network.flows.link == at)]
    assert not flow.any()


@few
@given(cases(Shape(stores=True)), st.data())
def test_a_surprise_costs_at_least_as_much_as_the_same_closure_announced(case, data):
    link = data.draw(links_of(case))
    first, last = sorted([data.draw(dates_inside(case)), data.draw(dates_inside(case))])
    assume(first < last)
    surprise = closure(link, start=first, end=last)
    announced = replace(surprise, announced=case.settings.calendar.start)
    sudden = solve_case(case, with_=surprise, calendar_with=[announced])
    # Emergency deliveries out of nothing are no saving: where limits had to give way the two are not alike.
    assume(not any(stage.emergency for stage in sudden.stages))
    known = solve_case(case, with_=announced, calendar_with=[surprise])
    assert sudden.objective <= known.objective + 1e-6 * max(1.0, 0.01 * worth(known))


@few
@given(cases(Shape(elastic=True)), st.data())
def test_halving_a_field_costs_it_at_most_its_margin_times_the_volume_lost(case, data):
    field = data.draw(st.sampled_from(case.tables["supply"]["id"].tolist()))
    base, halved = solve_case(case), solve_case(case, with_=outage(field, availability=0.5))
    s = base.network.supplies.ids.index(field)
    before, after = base.settlement.producers[:, s], halved.settlement.producers[:, s]
    price = base.reading.price[:, _own_balance(base.network, s)]
    lost = base.network.years * (base.reading.supply - halved.reading.supply)[:, s]
    margin = price - base.network.supplies.avoidable[:, s]
    assert (before - after <= margin * np.maximum(lost, 0.0) + 1e-6 * max(1.0, 0.01 * worth(base))).all()


def _own_balance(net, supply):
    own = (net.balance_node == net.supplies.node[supply]) & (
        net.stream_good[net.balance_stream] == net.supplies.good[supply]
    )
    (position,) = np.flatnonzero(own)
    return position


# What must not change an answer


@few
@given(cases(Shape(pools=True, stores=True, losses=False)), st.data())
def test_a_link_cut_in_two_in_series_changes_nothing(case, data):
    link = data.draw(links_of(case))
    part = data.draw(st.sampled_from([0.25, 0.5, 0.8]))
    links, nodes, pools = case.table("links"), case.table("nodes"), case.table("pool_links")
    i = links.index[links["id"] == link][0]
    start = nodes[nodes["id"] == links.loc[i, "from"]]
    nodes.loc[len(nodes)] = start.assign(id="halfway", name="halfway").iloc[0]
    second = links.loc[i].copy()
    for column in ("resource_cost", "tariff", "transit_fee", "quality", "length_km"):
        links.loc[i, column], second[column] = part * second[column], (1 - part) * second[column]
    second["id"], second["from"], links.loc[i, "to"] = "second_part", "halfway", "halfway"
    links.loc[len(links)] = second
    cut = case.with_tables(nodes=nodes, links=links, pool_links=pools)
    same_answer(solve_case(case), solve_case(cut))


@few
@given(cases(Shape(stores=True)), st.data())
def test_a_link_split_in_two_in_parallel_changes_nothing(case, data):
    link = data.draw(links_of(case))
    part = data.draw(st.sampled_from([0.25, 0.5, 0.8]))
    links = case.table("links")
    i = links.index[links["id"] == link][0]
    twin = links.loc[i].copy()
    twin["id"], twin["capacity"] = "twin", (1 - part) * twin["capacity"]
    links.loc[i, "capacity"] = part * links.loc[i, "capacity"]
    links.loc[len(links)] = twin
    same_answer(solve_case(case), solve_case(case.with_tables(links=links)))


@few
@given(cases(Shape(stores=True, pools=True, elastic=True)), st.sampled_from([0.01, 3.0, 100.0]))
def test_scaling_all_money_scales_prices_and_gains_and_moves_nothing(case, factor):
    changed = {}
    for table, columns in {
        "links": ("resource_cost", "tariff", "transit_fee", "quality"),
        "supply": ("avoidable_cost", "price"),
        "demand": ("price", "unserved_value"),
    }.items():
        changed[table] = case.table(table)
        for column in columns:
            changed[table][column] *= factor
    one, other = solve_case(case), solve_case(case.with_tables(**changed))
    assert close(other.objective, factor * one.objective, 0.01 * factor * worth(one))
    same_volumes(one, other)
    # Consumers' and producers' prices are unique where they trade, since their curves have slopes.
    # Near satiation a price is a small difference of large numbers: it is judged against the height of the curves.
    scale = np.nan_to_num(demand_segments(one.network.demands).level).max()
    for demand in range(len(one.network.demands.ids)):
        paid, scaled = (_marginal_value(result, demand) for result in (one, other))
        assert scaled == pytest.approx(factor * paid, abs=1e-5 * factor * max(1.0, scale))
    assert close(other.gains["value"].sum(), factor * one.gains["value"].sum(), 0.01 * factor * worth(one))


def _marginal_value(result, demand):
    """Height of a demand curve at what is delivered, per period."""
    curve, taken = demand_segments(result.network.demands), result.reading.demand
    height = curve.start - curve.slope * np.clip(taken - curve.flat, 0.0, None)
    return height[:, demand]


@few
@given(cases(Shape(stores=True)), st.data())
def test_an_instrument_outside_its_dates_changes_nothing(case, data):
    link = data.draw(links_of(case))
    calendar = case.settings.calendar
    before = {"start": dt.date(2020, 1, 1), "end": calendar.start}
    after = {"start": calendar.end, "end": dt.date(2030, 1, 1)}
    good = case.tables["goods"]["id"].iloc[0]
    outside = [
        closure(link, **before),
        derating(link, availability=0.5, **after),
        agreement(link, min=1000.0, **after),
        ban(good, origin=("KAZ",), **before),
        transit_ban(good, origin=("KAZ",), through=("AZE",), **after),
    ]
    base, with_ = solve_case(case), solve_case(case, with_=data.draw(st.permutations(outside)))
    assert len(with_.stages) == 1
    same_answer(base, with_)
    assert with_.ledger.empty


@few
@given(cases(Shape(stores=True, pools=True)), st.data())
def test_cutting_a_period_changes_nothing(case, data):
    day, other = data.draw(dates_inside(case)), data.draw(dates_inside(case))
    assume(day != other)
    link = case.tables["links"]["id"].iloc[0]
    base = solve_case(case)
    cut = solve_case(case, calendar_with=[closure(link, start=min(day, other), end=max(day, other))])
    assert len(cut.network.periods) > len(base.network.periods) or day.day == other.day == 1
    same_answer(base, cut)


@fewer
@given(cases(Shape(stores=True, elastic=True)), st.data())
def test_cutting_a_period_never_costs_and_saves_at_most_what_holding_stock_costs(case, data):
    """Stock is charged at the end of each period, so that finer periods let it arrive later; no more than that."""
    assume(len(case.tables["storage"]))
    storage = case.table("storage").assign(holding_cost=20.0)
    dear = case.with_tables(storage=storage)
    cutting = closure(case.tables["links"]["id"].iloc[0], start=data.draw(dates_inside(case)))
    whole, cut, free = solve_case(dear), solve_case(dear, calendar_with=[cutting]), solve_case(case)
    slack = 1e-6 * max(1.0, 0.01 * worth(whole))
    assert whole.objective - slack <= cut.objective <= free.objective + slack


@few
@given(cases(Shape(stores=True)), st.data())
def test_the_order_of_instruments_changes_nothing(case, data):
    link = data.draw(links_of(case))
    links = case.tables["links"]
    # A share of an unlimited capacity is refused.
    assume(np.isfinite(links.loc[links["id"] == link, "capacity"]).all())
    supply = case.tables["supply"]["id"].iloc[0]
    good = case.tables["goods"]["id"].iloc[0]
    instruments = [
        capacity(link, capacity=9.0),
        capacity(link, add=2.0, end="2024-10-01"),
        derating(link, availability=0.5),
        derating(link, availability=0.8, start="2024-03-01"),
        derating(link, capacity=3.0, end="2024-09-01"),
        closure(link, start="2024-05-01", end="2024-06-01"),
        outage(supply, availability=0.7, start="2024-02-01", end="2024-08-01"),
        ban(good, origin=("KAZ",), destination=("RUS",)) if "RUS" in set(case.tables["nodes"]["country"])
        else ban(good, origin=("KAZ",)),
    ]  # fmt: skip
    one = ask(case, with_=instruments)
    other = ask(case, with_=data.draw(st.permutations(instruments)))
    nets = [build_network(case, question.instruments, question.periods) for question in (one, other)]
    assert one.instruments == other.instruments
    assert nets[0].ledger == nets[1].ledger
    np.testing.assert_array_equal(nets[0].links.capacity, nets[1].links.capacity)
    np.testing.assert_array_equal(nets[0].demands.take_allowed, nets[1].demands.take_allowed)


# Streams


def _tracking_everything(case):
    country = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    return [
        Distinction(good, frozenset({origin}), frozenset({destination}))
        for good in case.tables["goods"]["id"]
        for origin in sorted(set(country.values()))
        for destination in sorted(set(country.values()))
    ]


def _some_bans(case, data):
    countries = sorted(set(case.tables["nodes"]["country"]))
    good = case.tables["goods"]["id"].iloc[0]
    country = st.sampled_from(countries)
    found = [ban(good, origin=(data.draw(country),), destination=(data.draw(country),))]
    if data.draw(st.booleans()):
        origin, through = data.draw(st.permutations(countries))[:2]
        found.append(transit_ban(good, origin=(origin,), through=(through,)))
    return found


@few
@given(cases(Shape(stores=True, initial_stock=False, pools=True, elastic=True)), st.data())
def test_streams_answer_as_tracking_every_origin_and_destination_does(case, data):
    bans = _some_bans(case, data)
    coarse = solve_case(case, with_=bans)
    full = solve_case(case, with_=bans, track=_tracking_everything(case))
    assert len(full.network.streams) >= len(coarse.network.streams)
    same_answer(coarse, full)
    same_volumes(coarse, full)


@few
@given(cases(Shape(goods=(1, 1))), st.data())
def test_a_ban_keeps_out_what_it_bans_and_nothing_else(case, data):
    countries = sorted(set(case.tables["nodes"]["country"]))
    origin, destination = data.draw(st.sampled_from(countries)), data.draw(st.sampled_from(countries))
    result = solve_case(case, with_=ban("good_0", origin=(origin,), destination=(destination,)),
                        track=_tracking_everything(case))  # fmt: skip
    net, taken = result.network, result.reading.take
    home = np.array([net.node_country[n] for n in net.demands.node])[net.demands.take_demand]
    streams = [net.streams[k] for k in net.demands.take_stream]
    banned = np.array([s.origins == {origin} for s in streams], dtype=bool) & (home == destination)
    assert not taken[:, banned].any()
    assert net.demands.take_allowed[:, ~banned].all()
    assert net.flows.allowed.all()


@few
@given(cases(Shape(goods=(1, 1))), st.data())
def test_a_transit_ban_lets_none_through_and_leaves_deliveries_in_the_country_alone(case, data):
    countries = sorted(set(case.tables["nodes"]["country"]))
    origin, through = data.draw(st.permutations(countries))[:2]
    result = solve_case(case, with_=transit_ban("good_0", origin=(origin,), through=(through,)),
                        track=_tracking_everything(case))  # fmt: skip
    net = result.network
    crosses = np.array([through in crossed for crossed in result.crossed])[net.flows.link]
    streams = [net.streams[k] for k in net.flows.stream]
    banned = crosses & np.array([s.origins == {origin} and s.destinations != {through} for s in streams], dtype=bool)
    assert not result.reading.flow[:, banned].any()
    assert net.flows.allowed[:, ~banned].all()
    assert net.demands.take_allowed.all()


# Accounts


@few
@given(cases(Shape(stores=True, pools=True)), st.data())
def test_gains_add_up_whatever_is_in_force(case, data):
    link = data.draw(links_of(case))
    when = data.draw(dates_inside(case))
    measures = [closure(link, start=when), *_some_bans(case, data)]
    result = solve_case(case, with_=measures)
    assert abs(result.certificate.gains_residual) <= 1e-7
    told = result.accounting.set_index("line")["value"]
    assert close(result.gains["value"].sum(), told["sum of gains"], 0.01 * worth(result))
    assert close(told.drop("sum of gains").sum(), told["sum of gains"], 0.01 * worth(result))


@few
@given(cases(Shape(stores=True, export_routes=True)), st.data())
def test_what_a_closed_corridor_loses_is_accounted_for(case, data):
    corridor = data.draw(st.sampled_from(case.tables["corridors"]["id"].tolist()))
    when = data.draw(dates_inside(case))
    base = solve_case(case)
    told = compare(base, solve_case(case, with_=closure(corridor, start=when)))
    rows = told.by_period
    terms = rows[["rerouted", "output_lost", "stock_change", "domestic", "losses"]].sum(axis=1)
    assert (rows["drop"] - terms).abs().max() <= 1e-7 * max(1.0, rows["drop"].abs().max())
    assert (rows["unexplained"] - (rows["drop"] - terms)).abs().max() <= 1e-9


@few
@given(cases(Shape(stores=True, pools=True)))
def test_tables_tell_what_the_program_says(case):
    result = solve_case(case)
    built, primal = result.programs[-1], result.stages[-1].solution.primal
    flow = built.full.column_block("flow")
    _, link, _ = flow.keys
    told = result.flows.groupby("link")["value"].sum()
    for a, name in enumerate(result.network.links.ids):
        assert told.get(name, 0.0) == pytest.approx(primal[flow.span][link == a].sum(), abs=1e-7)
    for frame, ids, blocks in (
        (result.supply.groupby("supply"), result.network.supplies.ids, ("supply_base", "supply_rise")),
        (result.deliveries.groupby("demand"), result.network.demands.ids, ("demand_base", "demand_fall")),
    ):
        values = frame["value"].sum()
        for i, name in enumerate(ids):
            parts = [built.full.column_block(block) for block in blocks]
            counted = sum(primal[part.span][part.keys[1] == i].sum() for part in parts)
            assert values[name] == pytest.approx(counted, abs=1e-6)


@few
@given(cases(Shape(stores=True, pools=True)))
def test_nodes_balance_when_added_up_from_the_tables(case):
    """Volumes over the calendar, a sum that knows nothing of the program: inflow after loss and supply meet outflow."""
    result = solve_case(case)
    net, volume = result.network, result.network.years @ result.reading.flow
    for g, good in enumerate(net.goods):
        mine = net.stream_good[net.flows.stream] == g
        link = net.flows.link[mine]
        supplies, demands = net.supplies.good == g, net.demands.good == g
        gap = np.zeros(len(net.nodes))
        np.add.at(gap, net.links.end[link], volume[mine] * (1 - net.links.loss[link]))
        np.add.at(gap, net.links.start[link], -volume[mine])
        np.add.at(gap, net.supplies.node[supplies], net.years @ result.reading.supply[:, supplies])
        np.add.at(gap, net.demands.node[demands], -net.years @ result.reading.demand[:, demands])
        storage = case.tables["storage"]
        for row in storage[storage["good"] == good].to_dict("records"):
            left = result.stocks[result.stocks["storage"] == row["id"]].groupby("period", sort=True)["value"].sum()
            gap[net.nodes.index(row["node"])] += row["initial"] - left.iloc[-1]
        assert np.abs(gap).max() <= 1e-6 * max(1.0, volume.max(initial=0.0))


# Second opinions


@fewer
@given(cases(Shape(stores=True, pools=True, elastic=True)))
def test_three_solvers_agree(case):
    one, two, three = (solve_case(case, solver=name) for name in ("highs", "piqp", "clarabel"))
    for other in (two, three):
        same_answer(one, other)
        same_volumes(one, other)


@fewer
@given(cases(Shape(stores=True, pools=True)))
def test_simplex_and_interior_point_agree_on_the_linear_program(case):
    """PIQP takes some programs without an interior for infeasible; it is never asked first for one of this size."""
    one, other = (solve_case(case, solver=name, formulation="min_cost_flow") for name in ("highs", "clarabel"))
    cost, again = (result.stages[-1].solution.objective for result in (one, other))
    assert close(cost, again, 0.01 * worth(one))
    # What consumers' curves say of the answer is what the program said, to the error of its pieces.
    assert one.objective == pytest.approx(-cost, abs=one.certificate.piece_error + 1e-6 * max(1.0, worth(one)))
