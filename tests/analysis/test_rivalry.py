"""Sellers as one, as rivals, at given prices: by hand, and the words around it."""

import json

import pytest
from tiny import duopoly
from typer.testing import CliRunner

from corridor.analysis import rivalry
from corridor.app.cli import app
from corridor.case import write_case
from corridor.case.make import complete_table
from corridor.errors import QuestionError
from corridor.result.documents import DOCUMENTS


@pytest.fixture(scope="module")
def told():
    return rivalry(duopoly(), "oil", ["KAZ", "RUS"])


def test_prices_and_volumes_of_each_conduct(told):
    row = told.prices.iloc[0]
    # Given: the cheaper one at its cost 3. Rivals: P = (12 + 3 + 5) / 3. As one: (12 + 3) / 2, from the cheaper alone.
    assert [row[c] for c in ("competitive", "rivals", "one")] == pytest.approx([3, 20 / 3, 7.5], abs=1e-6)


def test_who_gains(told):
    years = float(told.results["one"].network.years.sum())
    gains = told.gains.set_index(["country", "what"])
    # Rivals sell 11/3 and 5/3 and earn their squares; as one the cheaper sells 4.5 at 4.5 above its cost.
    assert gains.loc[("KAZ", "country"), "rivals"] / years == pytest.approx((11 / 3) ** 2, abs=1e-6)
    assert gains.loc[("RUS", "country"), "rivals"] / years == pytest.approx((5 / 3) ** 2, abs=1e-6)
    assert gains.loc[("KAZ", "mark-ups"), "one"] / years == pytest.approx(4.5**2, abs=1e-6)
    assert gains.loc[("RUS", "country"), "one"] == pytest.approx(0, abs=1e-6)
    # What buyers have is half the square of what they buy.
    bought = {"competitive": 9.0, "rivals": 16 / 3, "one": 4.5}
    for conduct, quantity in bought.items():
        assert gains.loc[("UZB", "country"), conduct] / years == pytest.approx(quantity**2 / 2, abs=1e-6)
    assert told.change("sellers") / years == pytest.approx(4.5**2 - (11 / 3) ** 2 - (5 / 3) ** 2, abs=1e-6)


def test_the_sentence_says_who_must_be_paid(told):
    assert "Kazakhstan and Russia would gain 4.0 million USD together" in told.sentence
    assert "Russia would have to be paid 2.8 million USD" in told.sentence
    assert told.gap < 1e-6
    assert told.resales == ()


def test_markets_far_apart_in_price_invite_resale():
    """Two markets on one line: P = 12 - z at m, 20 - z at n, and a link from m to n at 1."""
    case = duopoly()
    nodes = [
        *case.table("nodes").to_dict("records"),
        {"id": "n", "country": "TJK", "lon": 0.0, "lat": 0.0, "kind": "market"},
    ]
    link = {
        "id": "mn",
        "from": "m",
        "to": "n",
        "capacity": 100.0,
        "resource_cost": 1.0,
        "mode": "rail",
        "goods": ("oil",),
    }
    demand = {"id": "e", "node": "n", "good": "oil", "quantity": 10.0, "price": 10.0, "elasticity_short": -1.0}
    tables = {name: case.table(name).to_dict("records") for name in ("links", "demand")}
    wide = case.with_tables(
        None,
        nodes=complete_table("nodes", nodes),
        links=complete_table("links", [*tables["links"], link]),
        demand=complete_table("demand", [*tables["demand"], demand]),
    )
    told = rivalry(wide, "oil", ["KAZ", "RUS"])
    # As one: 7.5 at m, (20 + 4) / 2 = 12 at n; moving costs 1.
    (found,) = told.resales
    assert (found.start, found.end) == ("d", "e")
    assert found.gain == pytest.approx(12 - 7.5 - 1, abs=1e-6)
    assert any("reselling" in warning for warning in told.warnings)


def test_sellers_need_a_market_abroad():
    case = duopoly()
    node = case.table("supply")["node"].iloc[0]
    home = {"id": "h", "node": node, "good": "oil", "quantity": 10.0, "price": 10.0, "elasticity_short": -1.0}
    both = case.with_tables(None, demand=complete_table("demand", [*case.table("demand").to_dict("records"), home]))
    with pytest.raises(QuestionError, match="every market meant is at home with KAZ or RUS; name one in UZB"):
        rivalry(both, "oil", ["KAZ", "RUS"], ["h"])


@pytest.mark.parametrize(
    ("sellers", "markets", "more", "words"),
    [
        (["KAZ"], [], {}, "two sellers"),
        (["KAZ", "CHN"], [], {}, "no country 'CHN'"),
        (["KAZ", "UZB"], ["UZB"], {}, "nobody in UZB sells oil"),
        (["KAZ", "RUS"], ["d", "nowhere"], {}, "no demand of oil in 'nowhere'"),
        (["KAZ", "RUS"], [], {"theta": 0.0}, "theta is above 0"),
    ],
)
def test_questions_that_cannot_be_asked(sellers, markets, more, words):
    with pytest.raises(QuestionError, match=words):
        rivalry(duopoly(), "oil", sellers, markets, **more)


def test_on_the_command_line_and_as_json(tmp_path):
    folder = write_case(duopoly(), tmp_path / "duopoly")
    asked = ["rivalry", str(folder), "--good", "oil", "--sellers", "KAZ,RUS", "--quiet"]
    shown = CliRunner().invoke(app, asked)
    assert shown.exit_code == 0, shown.output
    assert "would have to be paid" in shown.stdout
    assert "What buyers pay" in shown.stdout
    document = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    DOCUMENTS["rivalry"].model_validate(document)
    assert document["result"]["prices"][0]["rivals"] == pytest.approx(20 / 3, abs=1e-6)
    refused = CliRunner().invoke(app, [*asked, "--theta", "-1"])
    assert (refused.exit_code, refused.stdout) == (1, "")
