"""Projects, projections and planning years: what is read, and what is refused."""

import pytest

PLANNING = """
[planning]
years = [2024, 2030, 2035]
discount_rate = 0.07
note = "a test"
"""
PROJECTS = "id,name,capital_cost,fixed_cost,unit,price_year,lead_time,lifetime,whole,needs,basis,note\n"
WIDENED = "expansion,target,adds,unit,basis\n"
PROJECTED = "target,column,year,value,unit,basis\n"


@pytest.fixture
def plan(folder):
    """The scaffold case with a project on its first link and a projection of its first supply."""
    case = folder.read()
    link, supply = case.tables["links"]["id"].iloc[0], case.tables["supply"]["id"].iloc[0]
    unit = case.tables["goods"]["unit"].iloc[0]
    toml = (folder.path / "case.toml").read_text(encoding="utf-8")
    folder.write("case.toml", toml + PLANNING)
    folder.write("expansions.csv", PROJECTS + "wider,Wider,3,,billion USD,2024,2,30,yes,,assumed,no upkeep known\n")
    folder.write("expansion_targets.csv", WIDENED + f"wider,{link},5,{unit}/yr,assumed\n")
    folder.write("projections.csv", PROJECTED + f"{supply},quantity,2030,1,{unit}/d,assumed\n")
    return folder


def test_as_read(plan):
    case = plan.read()
    assert case.settings.planning.years == (2024, 2030, 2035)
    assert case.tables["expansions"]["capital_cost"].tolist() == [3000]
    assert case.tables["projections"]["value"].tolist() == [365.25]


def test_written_and_read_again(plan, tmp_path):
    from corridor.case import read_case, write_case

    case = plan.read()
    changed = case.with_tables(rates=case.tables["rates"])
    assert read_case(write_case(changed, tmp_path / "again")).hash == case.hash


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("expansions.csv", "wider,Wider,3", "wider,Wider,", "capital cost of 'wider' is not known"),
        ("expansions.csv", ",30,yes", ",,yes", "lifetime"),
        ("expansions.csv", "no upkeep known", "", "yearly cost of 'wider' is not known"),
        ("expansions.csv", "billion USD", "USD", "is not a sum of money"),
        ("expansions.csv", "yes,,", "yes,wider,", "needs itself"),
        ("expansion_targets.csv", "wider,", "other,", "unknown expansion 'other'"),
        ("projections.csv", "quantity", "name", "is no rate and no price"),
        ("projections.csv", "2030", "2024", "is not after 2024"),
        ("projections.csv", ",1,", ",-1,", "negative"),
        ("case.toml", PLANNING, "", "no planning years"),
        ("case.toml", "[2024, 2030, 2035]", "[2035, 2030]", "rising years"),
        ("case.toml", "0.07", "7", "no real rate"),
        ("case.toml", 'note = "a test"', "", "gives no reason"),
    ],
)
def test_what_is_refused(plan, file, old, new, message):
    plan.edit(file, old, new)
    assert any(message in str(fault) for fault in plan.faults())
