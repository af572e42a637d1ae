"""Units and money of whole tables, worked out by hand."""

import pytest

YEAR = 365.25


def test_rates_volumes_and_prices_become_canonical(folder):
    folder.edit("links.csv", ",40,Mt/yr,", ",800,kb/d,")
    folder.edit("links.csv", ",5,30,3,USD/t", ",1,4,0.4,USD/bbl")
    folder.edit("observations.csv", ",38,Mt,", ",285,Mb,")
    case = folder.read()
    link = case.tables["links"].iloc[0]
    assert link["capacity"] == pytest.approx(0.8 * YEAR / 7.5)
    assert (link["unit"], link["cost_unit"]) == ("Mt/yr", "USD/t")
    assert link[["resource_cost", "tariff", "transit_fee"]].tolist() == pytest.approx([7.5, 30.0, 3.0])
    assert case.tables["observations"]["value"].tolist() == pytest.approx([38.0, 5.0])
    assert case.original["links"].loc[2, ["capacity", "unit"]].tolist() == ["800", "kb/d"]


@pytest.mark.parametrize(
    ("file", "old", "new", "row", "column", "message", "remedy"),
    [
        ("links.csv", ",40,Mt/yr,", ",40,GW,", 2, "unit", "'GW' is power, and good 'crude'", "write Mt/yr"),
        ("links.csv", ",40,Mt/yr,", ",40,mb/d,", 2, "unit", "unit 'mb' is ambiguous", "write kb (thousand) or Mb"),
        ("links.csv", ",40,Mt/yr,", ",40,,", 2, "unit", "the unit is blank", "write one of"),
        ("links.csv", ",40,Mt/yr,", ",40,furlong/yr,", 2, "unit", "unknown unit 'furlong'", "accepted for 'crude'"),
        ("links.csv", ",3,USD/t", ",3,EUR/t", 2, "cost_unit", "no rate for EUR in 2024", "add EUR, 2024 to rates.csv"),
        ("links.csv", ",3,USD/t", ",3,USD/MWh", 2, "cost_unit", "'MWh' is energy", "write Mt"),
        ("observations.csv", ",38,Mt,", ",38,Mt/yr,", 2, "unit", "'Mt/yr' is a rate", "write Mt"),
    ],
)
def test_units_at_fault(folder, file, old, new, row, column, message, remedy):
    folder.edit(file, old, new)
    (fault,) = folder.faults()
    assert (fault.file, fault.row, fault.column) == (file, row, column)
    assert message in fault.message
    assert remedy in fault.remedy


def test_barrels_without_density(folder):
    folder.edit("goods.csv", "7.5", "")
    folder.edit("links.csv", ",40,Mt/yr,", ",800,kb/d,")
    (fault,) = folder.faults()
    assert "no barrels_per_tonne" in fault.message


def test_gas_without_reference_is_told_once(folder):
    folder.write("goods.csv", "id,name,unit\ncrude,Crude,Mt\ngas,Gas,bcm\n")
    folder.add("supply.csv", "gas_wells,Gas,field,gas,5,bcm/yr,20,USD/1000m3,0,assumed")
    (fault,) = folder.faults()
    assert (fault.file, fault.row, fault.column) == ("goods.csv", 3, "gas_reference")
    assert fault.remedy == "write 15C or 20C"


def test_gas_at_another_temperature(folder):
    folder.write("goods.csv", "id,name,unit,gas_reference\ncrude,Crude,Mt,\ngas,Gas,bcm,20C\n")
    folder.add("supply.csv", "gas_wells,Gas,field,gas,10,bcm_15C/yr,20,USD/1000m3_15C,0,assumed")
    supply = folder.read().tables["supply"].iloc[1]
    assert supply["quantity"] == pytest.approx(10 * 293.15 / 288.15)
    assert supply["avoidable_cost"] == pytest.approx(20 * 288.15 / 293.15)  # the same money for the larger volume


def test_zero_and_unlimited_need_no_unit(folder):
    folder.edit("links.csv", ",unlimited,,2500,10,,,USD/t", ",unlimited,,2500,0,,,")
    assert folder.read().tables["links"]["resource_cost"].iloc[1] == 0.0


def test_one_capacity_for_goods_of_different_density(folder):
    folder.write("goods.csv", "id,name,unit,barrels_per_tonne\ncrude,Crude,Mt,7.5\nproducts,Products,Mt,8\n")
    folder.edit("links.csv", "pipeline,crude,40,Mt/yr", "pipeline,crude;products,800,kb/d")
    (fault,) = folder.faults()
    assert (fault.row, fault.column) == (2, "unit")
    assert "'kb/d' is not the same amount for crude, products" in fault.message
    folder.edit("links.csv", "800,kb/d", "40,Mt/yr")
    assert folder.read().tables["links"]["capacity"].iloc[0] == 40.0


RATES = (
    "currency,year,per_usd,deflator,basis\nKZT,2024,450,,assumed\nKZT,2022,460,0.92,assumed\nUSD,2022,1,0.92,assumed\n"
)


def test_money_is_of_the_price_year_and_dated_money_of_its_start(folder):
    folder.write("rates.csv", RATES)
    folder.edit("links.csv", ",5,30,3,USD/t", ",4500,9000,900,KZT/t")
    folder.write(
        "dated.csv",
        "table,id,column,start,end,value,unit,basis\n"
        "links,pipeline,tariff,2022-01-01,2023-01-01,9200,KZT/t,assumed\n"
        "links,pipeline,tariff,,2022-01-01,9000,KZT/t,assumed\n"
        "links,pipeline,capacity,2022-01-01,,unlimited,,assumed\n"
        "links,railway,capacity,2022-01-01,,1000,kt/month,assumed\n",
    )
    folder.write(
        "prices.csv",
        "id,node,good,start,end,value,cost_unit,basis\np,market,crude,2022-01-01,2023-01-01,460,USD/t,assumed\n",
    )
    case = folder.read()
    assert case.tables["links"]["tariff"].iloc[0] == pytest.approx(20.0)
    assert case.tables["dated"]["value"].tolist() == pytest.approx([9200 / 460 / 0.92, 20.0, float("inf"), 12.0])
    assert case.tables["dated"]["unit"].tolist() == ["USD/t", "USD/t", "Mt/yr", "Mt/yr"]
    assert case.tables["prices"]["value"].tolist() == pytest.approx([500.0])


def test_money_of_the_year_that_the_unit_tells(folder):
    folder.write("rates.csv", RATES)
    folder.edit("links.csv", ",5,30,3,USD/t", ",0,9200,0,KZT_2022/t")
    assert folder.read().tables["links"]["tariff"].iloc[0] == pytest.approx(9200 / 460 / 0.92)
    folder.edit("links.csv", "KZT_2022/t", "KZT_2021/t")
    (fault,) = folder.faults()
    assert "no rate for KZT in 2021" in fault.message


@pytest.mark.parametrize(
    ("rates", "row", "column", "message"),
    [
        ("USD,2024,2,,assumed", 2, "per_usd", "2 USD are not one USD"),
        ("KZT,2024,450,1.1,assumed", 2, "deflator", "the price level of 2024, the price year, is 1.1 of itself"),
        ("KZX,2024,450,,assumed", 2, "currency", "unknown currency 'KZX'"),
        ("KZT,2024,0,,assumed", 2, "per_usd", "0 is too small"),
        ("KZT,this,450,,assumed", 2, "year", "'this' is not a number"),
        ("KZT,2024.5,450,,assumed", 2, "year", "'2024.5' is not a whole number"),
    ],
)
def test_rates_at_fault(folder, rates, row, column, message):
    folder.write("rates.csv", f"currency,year,per_usd,deflator,basis\n{rates}\n")
    (fault,) = folder.faults()
    assert (fault.file, fault.row, fault.column) == ("rates.csv", row, column)
    assert message in fault.message


def test_a_deflator_needs_a_price_year(folder):
    folder.write("rates.csv", RATES)
    folder.edit("case.toml", "price_year = 2024\n", "")
    assert {(f.file, f.row, f.column) for f in folder.faults()} == {
        ("rates.csv", 3, "deflator"),
        ("rates.csv", 4, "deflator"),
    }


def test_money_needs_a_year(folder):
    folder.write("rates.csv", "currency,year,per_usd,basis\nKZT,2024,450,assumed\n")
    folder.edit("case.toml", "price_year = 2024\n", "")
    folder.edit("links.csv", ",3,USD/t", ",3,KZT/t")
    (fault,) = folder.faults()
    assert fault.message == "the year of the figure in KZT is not told"
    assert fault.remedy == "give price_year in case.toml"


def test_cubic_cost_is_per_rate_squared(folder):
    folder.edit("links.csv", "cost_unit,controlled_by", "cubic_cost,cost_unit,controlled_by")
    folder.edit("links.csv", ",40,Mt/yr,1500,5,30,3,USD/t", ",40000,kt/yr,1500,5,30,3,0.001,USD/t")
    folder.edit("links.csv", ",10,,,USD/t", ",10,,,,USD/t")
    folder.edit("links.csv", ",60,20,,USD/t", ",60,20,,,USD/t")
    # 0.001 USD/t per (kt/yr)^2 is 0.001 * 1000^2 USD/t per (Mt/yr)^2
    assert folder.read().tables["links"]["cubic_cost"].tolist() == pytest.approx([1000.0, 0.0, 0.0])


def test_dated_value_of_a_plain_column_has_no_unit(folder):
    text = "table,id,column,start,value,unit,basis\nlinks,pipeline,loss,2024-01-01,0.01,{},assumed\n"
    folder.write("dated.csv", text.format("Mt"))
    (fault,) = folder.faults()
    assert (fault.file, fault.row, fault.column) == ("dated.csv", 2, "unit")
    folder.write("dated.csv", text.format(""))
    assert folder.read().tables["dated"]["value"].tolist() == [0.01]


def test_instrument_figures_follow_their_target(folder):
    folder.edit("instruments.csv", "scenarios,start", "capacity,unit,scenarios,start")
    folder.edit("instruments.csv", "closure,pipeline,", "derating,through_port,200,kb/d,")
    assert folder.read().tables["instruments"]["capacity"].tolist() == pytest.approx([0.2 * YEAR / 7.5])
