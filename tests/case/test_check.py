"""Faults and warnings that need the whole case."""

import pytest
from strategies import plain_case

from corridor.case import check_case, counts, make_case, read_case, unlicensed, unsourced, warnings

PRICE = "id,node,good,start,end,value,cost_unit,basis\np,port,crude,2024-01-01,2025-01-01,500,USD/t,assumed\n"


def only(faults):
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


def test_the_scaffold_is_clean(folder):
    case = folder.read()
    assert check_case(case) == ()
    assert warnings(case) == ()
    assert unsourced(case) == ()
    assert unlicensed(case) == ()
    assert counts(case) == {"basis": {"assumed": 12}, "confidence": {"low": 12}}


def test_id_clashes_across_tables(folder):
    folder.edit("corridors.csv", "around,Around", "wells,Around")
    folder.edit("corridor_links.csv", "around,", "wells,")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("supply.csv", 2, "id")
    assert fault.message == "'wells' is also the id of row 3 of corridors.csv"


def test_spare_output_that_no_price_calls(folder):
    folder.edit("supply.csv", "quantity,unit", "quantity,spare,unit")
    folder.edit("supply.csv", "45,Mt/yr", "45,5,Mt/yr")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("supply.csv", 2, "spare")
    assert "no elasticity" in fault.message
    folder.edit("supply.csv", "USD/t,0,assumed", "USD/t,0.5,assumed")
    assert folder.read().tables["supply"]["spare"].tolist() == [5.0]


def test_supply_curve_with_negative_marginal_cost(folder):
    folder.edit("supply.csv", ",60,USD/t,0,", ",,USD/t,0.4,")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("supply.csv", 2, "avoidable_cost")
    assert "negative marginal cost" in fault.message
    assert "lifting cost" in fault.remedy


def test_elastic_supply_above_one_starts_above_zero(folder):
    folder.edit("supply.csv", ",60,USD/t,0,", ",,USD/t,1.5,")
    assert folder.read().tables["supply"]["elasticity_short"].tolist() == [1.5]


def test_inelastic_supply_without_avoidable_cost(folder):
    folder.edit("supply.csv", ",60,USD/t,0,", ",,USD/t,0,")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("supply.csv", 2, "avoidable_cost")
    assert "not known" in fault.message


def test_price_below_avoidable_cost(folder):
    folder.edit("supply.csv", "avoidable_cost,cost_unit", "price,avoidable_cost,cost_unit")
    folder.edit("supply.csv", ",60,USD/t", ",50,60,USD/t")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("supply.csv", 2, "price")
    assert "below its avoidable cost" in fault.message


OWNERS = "asset,party,country,role,share,basis\npipeline,A,KAZ,equity,{},assumed\npipeline,B,RUS,equity,0.4,assumed\n"


@pytest.mark.parametrize(
    ("share", "remedy"), [("0.5", "missing holders"), ("0.7", "told twice"), ("0.59999", "missing holders")]
)
def test_ownership_shares_sum_to_one(folder, share, remedy):
    folder.write("ownership.csv", OWNERS.format(share))
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("ownership.csv", 3, "share")
    assert "equity shares of 'pipeline' sum to" in fault.message
    assert remedy in fault.remedy


def test_roles_sum_apart(folder):
    folder.write("ownership.csv", OWNERS.format("0.6") + "pipeline,C,KAZ,capacity,1,assumed\n")
    assert len(folder.read().tables["ownership"]) == 3


def test_ownership_of_nothing(folder):
    folder.write("ownership.csv", "asset,party,country,share,basis\npipelin,A,KAZ,1,assumed\n")
    fault = only(folder.faults())
    assert (fault.row, fault.column, fault.remedy) == (2, "asset", "did you mean 'pipeline'?")


def test_fiscal_shares_are_at_most_one(folder):
    folder.write("fiscal.csv", "supply,country,share,basis\nwells,KAZ,0.7,assumed\nwells,RUS,0.4,assumed\n")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("fiscal.csv", 3, "share")
    assert "more than all of it" in fault.message


def test_component_without_price_anchor(folder):
    folder.edit("demand.csv", ",580,1500,USD/t,-0.3,", ",,1500,USD/t,0,")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("observations.csv", 2, "target")
    assert "price level not identified" in fault.message
    assert "prices.csv" in fault.remedy
    folder.write("prices.csv", PRICE)
    assert check_case(folder.read()) == ()


def test_only_the_component_without_anchor_is_named(folder):
    folder.add("nodes.csv", "east,East,CHN,90,45,market,assumed")
    folder.add("nodes.csv", "well,Well,CHN,91,45,field,assumed")
    folder.add("links.csv", "spur,Spur,well,east,pipeline,crude,5,Mt/yr,10,1,1,,USD/t,,assumed,")
    folder.add("supply.csv", "eastern,Eastern,well,crude,1,Mt/yr,60,USD/t,0,assumed")
    folder.add("demand.csv", "eaters,Eaters,east,crude,1,Mt/yr,,1500,USD/t,0,assumed")
    folder.add("observations.csv", "seen_spur,spur,crude,2024-01-01,2025-01-01,1,Mt,assumed")
    fault = only(folder.faults())
    assert (fault.file, fault.row) == ("observations.csv", 4)
    assert "around 'well'" in fault.message


def test_blank_capacity_is_not_known(folder):
    folder.edit("links.csv", ",40,Mt/yr,", ",,Mt/yr,")
    fault = only(folder.faults())
    assert fault.message == "capacity of 'pipeline' is not known"
    assert "unlimited, with basis assumed" in fault.remedy


def test_blank_capacity_is_known_where_dated_values_cover_every_day(folder):
    folder.edit("links.csv", ",40,Mt/yr,", ",,,")
    text = "table,id,column,start,end,value,unit,basis\nlinks,pipeline,capacity,,2024-07-01,40,Mt/yr,assumed\n"
    folder.write("dated.csv", text)
    assert "is not known" in only(folder.faults()).message
    folder.write("dated.csv", text + "links,pipeline,capacity,2024-07-01,,45,Mt/yr,assumed\n")
    assert check_case(folder.read()) == ()


def test_overlapping_dated_values(folder):
    folder.write(
        "dated.csv",
        "table,id,column,start,end,value,unit,basis\n"
        "links,pipeline,capacity,2024-01-01,2024-07-01,40,Mt/yr,assumed\n"
        "links,pipeline,capacity,2024-06-30,,45,Mt/yr,assumed\n",
    )
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("dated.csv", 3, "start")
    assert "from row 2" in fault.message


DATED = "table,id,column,start,value,basis\n{},assumed\n"


@pytest.mark.parametrize(
    ("line", "column", "message", "remedy"),
    [
        ("links,pipelin,loss,2024-01-01,0.1", "id", "no row 'pipelin' in links.csv", "did you mean 'pipeline'?"),
        ("links,pipeline,los,2024-01-01,0.1", "column", "links.csv has no column 'los'", "did you mean 'loss'?"),
        ("links,pipeline,mode,2024-01-01,0.1", "column", "'mode' holds no number", "only a number"),
        ("nodes,port,lon,2024-01-01,0.1", "table", "'nodes' is not known here", "write one of links"),
    ],
)
def test_dated_values_of_nothing(folder, line, column, message, remedy):
    folder.write("dated.csv", DATED.format(line))
    fault = only([fault for fault in folder.faults() if fault.column == column])
    assert (fault.file, fault.row) == ("dated.csv", 2)
    assert message in fault.message
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("links,pipeline,capacity,,2024-02-01,-1,Mt/yr", "-1 is negative"),
        ("links,pipeline,loss,,2024-02-01,1,", "1 is too large"),
        ("links,pipeline,tariff,,2024-02-01,unlimited,", "only a capacity can be unlimited"),
        ("demand,buyers,elasticity_short,,2024-02-01,0.5,", "0.5 is too large"),
    ],
)
def test_dated_values_are_bound_as_the_column_they_override(folder, line, message):
    folder.write("dated.csv", f"table,id,column,start,end,value,unit,basis\n{line},assumed\n")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("dated.csv", 2, "value")
    assert message in fault.message


def test_quality_and_dated_quality_can_be_negative(folder):
    folder.edit("links.csv", "cost_unit,controlled_by", "quality,cost_unit,controlled_by")
    folder.edit("links.csv", ",5,30,3,USD/t", ",5,30,3,-2,USD/t")
    folder.edit("links.csv", ",10,,,USD/t", ",10,,,,USD/t")
    folder.edit("links.csv", ",60,20,,USD/t", ",60,20,,,USD/t")
    folder.write("dated.csv", "table,id,column,value,unit,basis\nlinks,pipeline,quality,-3,USD/t,assumed\n")
    assert folder.read().tables["dated"]["value"].tolist() == [-3.0]


def test_observation_and_instrument_of_a_good_that_the_target_does_not_carry(folder):
    folder.add("goods.csv", "gasoil,Gasoil,Mt,2710,7.5,assumed,")
    folder.edit("observations.csv", "seen_pipeline,pipeline,crude", "seen_pipeline,pipeline,gasoil")
    folder.edit("instruments.csv", "target,scenarios", "target,goods,scenarios")
    folder.edit("instruments.csv", "closure,pipeline,", "closure,pipeline,gasoil,")
    one, other = folder.faults()
    assert (one.file, one.row, one.column) == ("observations.csv", 2, "good")
    assert (other.file, other.row, other.column) == ("instruments.csv", 2, "goods")
    assert one.message == other.message == "'pipeline' is about crude, not gasoil"


def test_range_of_evidence(folder):
    text = "table,id,column,low,high\nlinks,pipeline,capacity,{}\n"
    folder.write("evidence.csv", text.format("50,30"))
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("evidence.csv", 2, "low")
    folder.write("evidence.csv", text.format("30,39"))
    warning = only(warnings(folder.read()))
    assert (warning.file, warning.row, warning.column) == ("evidence.csv", 2, "high")
    folder.write("evidence.csv", text.format("40,40"))
    assert warnings(folder.read()) == ()


def test_evidence_of_nothing(folder):
    folder.write("evidence.csv", "table,id,column,low\nlinks,pipelin,capacity,1\nlink,pipeline,capacity,1\n")
    first, second = folder.faults()
    assert (first.row, first.column, first.remedy) == (2, "id", "did you mean 'pipeline'?")
    assert (second.row, second.column, second.remedy) == (3, "table", "did you mean 'links'?")


def test_screen_must_be_one_of_the_links(folder):
    folder.edit("corridors.csv", "Around by rail,railway", "Around by rail,tanker")
    faults = folder.faults()
    fault = only([fault for fault in faults if fault.column == "screen"])
    assert (fault.file, fault.row) == ("corridors.csv", 3)
    assert "add around,tanker to corridor_links.csv" in fault.remedy


def test_path_that_crosses_no_route(folder):
    folder.edit("corridors.csv", "railway,yes", "railway,no")
    fault = only(folder.faults())
    assert (fault.file, fault.column) == ("corridors.csv", "route")
    assert "crosses no route corridor: field > railway > market" in fault.message


def test_path_that_crosses_two_routes(folder):
    folder.add("corridors.csv", "sea,Sea,tanker,yes,")
    folder.add("corridor_links.csv", "sea,tanker")
    fault = only(folder.faults())
    assert "crosses two route corridors: field > pipeline > port > tanker > market" in fault.message


def test_a_way_back_over_a_screen_is_no_second_crossing(folder):
    folder.add("links.csv", "backward,Pipeline turned,port,field,pipeline,crude,5,Mt/yr,1500,5,30,3,USD/t,RUS,assumed,")
    assert check_case(folder.read()) == ()


def test_the_cut_is_judged_for_the_country_of_the_headline(folder):
    folder.add("supply.csv", "russian,Russian,port,crude,1,Mt/yr,60,USD/t,0,assumed")
    assert check_case(folder.read()) == ()
    folder.edit("case.toml", '[headline]\ngood = "crude"\nof = "KAZ"\nthrough = "RUS"\n', "")
    assert "an export path of RUS crosses no route corridor: port > tanker > market" in only(folder.faults()).message


def test_the_same_instrument_twice(folder):
    folder.add("instruments.csv", "again,closure,pipeline,closed,2024-03-01,2024-06-01,assumed,Under another name")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("instruments.csv", 3, "id")
    assert "already stands in row 2" in fault.message


def test_the_same_instrument_in_two_scenarios_is_no_fault(folder):
    folder.add("scenarios.csv", "other,Other,no,")
    folder.add("instruments.csv", "again,closure,pipeline,other,2024-03-01,2024-06-01,assumed,")
    assert check_case(folder.read()) == ()


def test_a_demand_nothing_can_reach_and_a_supply_that_reaches_nothing(folder):
    folder.add("nodes.csv", "island,Island,CHN,120,30,market,assumed")
    folder.add("demand.csv", "islanders,Islanders,island,crude,1,Mt/yr,600,1500,USD/t,0,assumed")
    folder.add("nodes.csv", "cave,Cave,CHN,121,30,field,assumed")
    folder.add("supply.csv", "cavern,Cavern,cave,crude,1,Mt/yr,60,USD/t,0,assumed")
    demand, supply = warnings(folder.read())
    assert (demand.file, demand.row, demand.column) == ("demand.csv", 3, "node")
    assert "no supply of crude can reach demand 'islanders' at 'island'" in demand.message
    assert (supply.file, supply.row) == ("supply.csv", 3)
    assert "'cavern' at 'cave' can reach no demand" in supply.message


def test_unsourced_and_unlicensed(folder):
    folder.write("sources.csv", "key,title,licence\nyearbook,Yearbook,\n")
    folder.edit("goods.csv", "basis,note", "basis,source,confidence,note")
    folder.edit("goods.csv", "7.5,assumed,", "7.5,observed,yearbook,high,")
    folder.edit("supply.csv", "USD/t,0,assumed", "USD/t,0,")
    case = folder.read()
    unsaid = only(unsourced(case))
    assert (unsaid.file, unsaid.row, unsaid.column) == ("supply.csv", 2, "source")
    assert "'wells'" in unsaid.message
    assert only(unlicensed(case)).message == "'yearbook' has no licence"
    assert counts(case)["basis"] == {"assumed": 10, "observed": 1, "unsaid": 1}
    assert counts(case)["confidence"] == {"high": 1, "low": 11}


def test_a_case_made_by_a_program_is_checked_too(folder):
    case = folder.read()
    links = case.table("links")
    links.loc[0, "capacity"] = -1.0
    links.loc[1, "from"] = "nowhere"
    faults = check_case(case.with_tables(links=links))
    assert [(f.file, f.row, f.column) for f in faults] == [("links.csv", 3, "from"), ("links.csv", 2, "capacity")]


def test_rows_without_file_are_numbered_as_they_would_be_written(folder):
    case = folder.read()
    goods = case.table("goods")
    made = make_case(
        "made", case.settings, {**case.tables, "goods": [*goods.to_dict("records"), *goods.to_dict("records")]}
    )
    assert any((f.file, f.row, f.column) == ("goods.csv", 3, "id") for f in check_case(made))


def test_bundled_cases_read_clean():
    from importlib.resources import files

    root = files("corridor") / "cases"
    names = [entry.name for entry in root.iterdir() if (entry / "case.toml").is_file()]
    assert {"kazakhstan", "gas_transit", "trnsport"} <= set(names)
    for name in names:
        assert check_case(read_case(name)) == ()


@pytest.mark.parametrize("elasticities", ["-0.5,", "0,-0.5"])
def test_elastic_demand_without_a_price(folder, elasticities):
    folder.edit("demand.csv", "elasticity_short", "elasticity_short,elasticity_long")
    folder.edit("demand.csv", ",580,1500,USD/t,-0.3,", f",,1500,USD/t,{elasticities},")
    folder.write("prices.csv", PRICE)
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("demand.csv", 2, "price")
    assert fault.message == "'buyers' answers to prices (elasticity -0.5), but its own price is not known"
    assert "elasticity 0 and an unserved_value" in fault.remedy
    dated = "table,id,column,start,end,value,unit,basis\ndemand,buyers,price,,2024-07-01,580,USD/t,assumed\n"
    folder.write("dated.csv", dated)
    assert "its own price is not known" in only(folder.faults()).message
    folder.write("dated.csv", dated + "demand,buyers,price,2024-07-01,,560,USD/t,assumed\n")
    assert check_case(folder.read()) == ()


def test_a_curve_passes_through_no_price_of_zero(folder):
    folder.edit("demand.csv", ",580,1500,USD/t,-0.3,", ",0,1500,USD/t,-0.5,")
    assert "its own price is 0" in only(folder.faults()).message


def test_rigid_demand_without_the_value_of_going_without(folder):
    folder.edit("demand.csv", ",580,1500,USD/t,-0.3,", ",580,,USD/t,0,")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("demand.csv", 2, "unserved_value")
    assert "what going without costs it is not known" in fault.message


def test_elastic_supply_that_nothing_prices(folder):
    folder.edit("supply.csv", ",60,USD/t,0,", ",,USD/t,1.5,")
    assert check_case(folder.read()) == (), "calibration finds its price"
    folder.edit("case.toml", "[calibration]\nstart = 2024-01-01\nend = 2025-01-01\n", "")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("supply.csv", 2, "price")
    assert "no observation of 'crude' could tell it" in fault.message
    folder.edit("supply.csv", "avoidable_cost,cost_unit", "price,avoidable_cost,cost_unit")
    folder.edit("supply.csv", ",,USD/t", ",50,,USD/t")
    assert check_case(folder.read()) == ()


@pytest.mark.parametrize(
    ("spared", "message", "remedy"),
    [
        ("buyer", "'buyer' is no country, bloc, demand, process or link of the case", "did you mean 'buyers'?"),
        ("FRA", "'FRA' is no country", "demands, processes, and countries"),
        ("pipeline", "'pipeline' cannot be an exception here", "demands, processes, and countries"),
    ],
)
def test_an_exception_of_nothing(folder, spared, message, remedy):
    folder.edit("instruments.csv", "target,scenarios", "target,origin,except,scenarios")
    folder.edit("instruments.csv", "closure,pipeline,", "ban,crude,KAZ,buyers,")
    assert check_case(folder.read()) == ()
    folder.edit("instruments.csv", "KAZ,buyers,", f"KAZ,{spared},")
    fault = only(folder.faults())
    assert (fault.file, fault.row, fault.column) == ("instruments.csv", 2, "except")
    assert message in fault.message
    assert remedy in fault.remedy


def test_sellers_whose_countries_or_markets_are_not_there():
    case = plain_case(
        {
            "nodes": [{"id": "a", "country": "KAZ"}, {"id": "b", "country": "RUS"}],
            "links": [{"id": "ab", "from": "a", "to": "b", "capacity": 9.0}],
            "supply": [{"id": "field", "node": "a", "quantity": 9.0, "avoidable_cost": 2.0}],
            "demand": [{"id": "town", "node": "b", "quantity": 4.0, "price": 9.0, "elasticity_short": -1.0}],
            "conduct": [
                {"id": "kaz", "good": "oil", "countries": ("KAZ",), "markets": ("RUS", "town"), "theta": 1.0},
                {"id": "rus", "good": "oil", "countries": ("RUS",), "markets": ("towm",), "theta": 1.0},
            ],
        }
    )
    told = [str(fault) for fault in check_case(case) if fault.file == "conduct.csv"]
    assert told == [
        "conduct.csv row 3, 'countries': nobody in 'RUS' makes oil; there are KAZ",
        "conduct.csv row 3, 'markets': 'towm' is neither a demand for oil nor a country with one; did you mean 'town'?",
    ]
