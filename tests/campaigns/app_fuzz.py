"""The app is asked what its interface allows and forbids, and questions of a case's own words at random: nothing breaks it.

`scripts/campaign app_fuzz`; the suite asks a few. Schemathesis asks CORRIDOR_EXAMPLES (200) of each operation, others every
time; CORRIDOR_QUESTIONS (300) are put together from goods, links, countries and days, from CORRIDOR_SEED on.
"""

import collections
import os
import random
import subprocess
import sys
from pathlib import Path

import httpx
from serving import serving

from corridor.case import read_case

ROOT = Path(__file__).parents[2]
CASE = "gas_transit"
QUESTIONS = int(os.environ.get("CORRIDOR_QUESTIONS", "300"))
SEED = int(os.environ.get("CORRIDOR_SEED", "1"))
DAYS = ("2024-01-01", "2024-02-29", "2024-03-01", "2024-06-15", "2024-09-01", "2025-01-01", "2030-01-01", "1950-01-01")
TOLD = ("question", "infeasible", "case", "size")
"""Kinds of errors that say what is wrong with what was asked."""


def test_two_hundred_of_each():
    many = os.environ | {"CORRIDOR_EXAMPLES": os.environ.get("CORRIDOR_EXAMPLES", "200")}
    command = [sys.executable, "-m", "pytest", "-q", "tests/app/web/test_openapi.py"]
    assert subprocess.run(command, cwd=ROOT, env=many, check=False).returncode == 0


class Writer:
    """Writes questions that are grammatical, and sense or nonsense."""

    def __init__(self, case, seed):
        self.chance = random.Random(seed)
        self.tables = {
            name: list(case.tables[name]["id"]) for name in ("links", "corridors", "supply", "demand", "goods")
        }
        self.countries = [*sorted(set(case.tables["nodes"]["country"])), "XXX"]
        self.scenarios = ["base", *case.tables["scenarios"]["id"], "nothing"]

    def one(self, *tables):
        return self.chance.choice([name for table in tables for name in self.tables[table]])

    def country(self):
        return self.chance.choice(self.countries)

    def maybe(self, **told):
        """Each of these or not; what is told is called only where it is wanted."""
        return {name: make() for name, make in told.items() if self.chance.random() < 0.4}

    def measure(self):
        target, good = self.one("links", "corridors"), self.one("goods")
        days = f"{self.chance.choice(('', *DAYS))}:{self.chance.choice(('', *DAYS))}"
        share, volume = self.chance.choice((0, 0.5, 1, -1, "nan")), self.chance.choice((0, 1, 500, 1e300))
        return self.chance.choice(
            (
                f"closure:{target}:{days}",
                f"derating:{target}:{days}:availability={share}",
                f"capacity:{target}:{days}:add={volume}bcm/yr",
                f"ban:{good}:{days}:origin={self.country()}",
                f"transit_ban:{good}:{days}:origin={self.country()}:through={self.country()}",
                f"quota:{good}:{days}:origin={self.country()}:max={volume}bcm/yr",
                f"agreement:{target}:{days}:min={volume}bcm/yr:price=5USD/1000m3",
                f"tariff:{good}:{days}:destination={self.country()}:rate={volume}USD/1000m3",
                f"fee:{target}:{days}:rate={volume}USD/1000m3",
                f"outage:{self.one('supply')}:{days}:availability={share}",
                f"membership:{self.country()}:{days}",
            )
        )

    def question(self):
        verb = self.chance.choice(("solve", "compare", "share", "stress", "bargain", "retaliate", "invest", "rivalry"))
        asked = self.maybe(scenario=lambda: self.chance.choice(self.scenarios))
        if verb != "retaliate":
            asked["with"] = [self.measure() for _ in range(self.chance.choice((0, 0, 1, 2)))]
        if verb in ("solve", "compare", "share", "stress"):
            asked |= self.maybe(start=lambda: self.chance.choice(DAYS), end=lambda: self.chance.choice(DAYS))
        if verb not in ("solve", "compare", "retaliate"):
            asked["good"] = self.one("goods")
        if verb in ("share", "invest"):
            ways = {"through": self.country, "partner": self.country}
            asked |= {"of": self.country()} | self.maybe(**ways, direction=lambda: "imports", over=lambda: "use")
        if verb == "invest":
            asked |= self.maybe(max_share=lambda: 0.5, max_loss=lambda: 0.1, by=lambda: 2030, allow_cuts=lambda: True)
        elif verb == "stress":
            over = lambda: self.chance.choice(("corridors", "countries", "links"))  # noqa: E731
            asked |= {"for": self.country()} | self.maybe(over=over, k=lambda: 2, loss=lambda: "gains")
        elif verb == "bargain":
            asked |= {"players": [self.country() for _ in range(3)]} | self.maybe(contracts=lambda: "void")
        elif verb == "retaliate":
            asked |= {"between": [self.country(), self.country()], "goods": [self.one("goods")]}
        elif verb == "rivalry":
            asked |= {"sellers": [self.country(), self.country()]} | self.maybe(markets=lambda: [self.one("demand")])
        return {"verb": verb, "arguments": asked}


def test_questions_of_the_case_s_own_words():
    """Each ends with an answer, or with what is wrong with the question; none fails by itself."""
    writer, ended, wrong = Writer(read_case(CASE), SEED), collections.Counter(), []
    with serving(CASE) as (_, address), httpx.Client(base_url=address, timeout=300) as client:
        for _ in range(QUESTIONS):
            asked = writer.question()
            started = client.post("/api/runs", json=asked)
            if started.status_code == 422:
                ended["refused"] += 1
                continue
            assert started.status_code == 202, (asked, started.text)
            with client.stream("GET", started.json()["events"]) as lines:
                collections.deque(lines.iter_lines(), maxlen=0)
            told = client.get(started.json()["result"]).json()
            kind = "answered" if told["state"] == "done" else told["error"]["kind"]
            ended[f"{asked['verb']} {kind}"] += 1
            if kind not in ("answered", *TOLD):
                wrong.append((asked, told["error"]))
    print(dict(sorted(ended.items())))
    assert wrong == []
    assert sum(count for what, count in ended.items() if what.endswith("answered")) > QUESTIONS / 20
