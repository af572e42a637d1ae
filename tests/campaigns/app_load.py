"""Fifty clients ask the app for a minute: no error, nobody gets another's answer, memory stays as it is.

`scripts/campaign app_load`; CORRIDOR_SECONDS and CORRIDOR_CLIENTS ask for more or less, CORRIDOR_GROWTH (MB) allows more.
Memory is told every ten seconds. It has time to settle: what it grows by from the middle third to the last one is judged.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

SECONDS = float(os.environ.get("CORRIDOR_SECONDS", "60"))
CLIENTS = int(os.environ.get("CORRIDOR_CLIENTS", "50"))
GROWTH = float(os.environ.get("CORRIDOR_GROWTH", "40"))
"""MB that the server, or the largest of its processes, may hold more in the last third than in the middle one."""
CASE = "kazakhstan"
LINKS = ("cpc", "atyrau_samara", "aktau_makhachkala")
GROUPS = ("Crude oil", "Gas", "Electricity and coal", "Grain and farm goods", "Food")
SCENARIOS = ("wheat_bans", "russia_power_cut", "russian_food_stops", "cpc_closed", "cac_closed", "russia_transit_ban")
FIGURES = (("supply", "tengiz", "quantity"), ("links", "btc_pipeline", "capacity"), ("demand", "china", "quantity"))
HELD = 700
"""MB that one process may hold."""
EVERY = 10.0


@contextmanager
def server():
    command = [
        sys.executable,
        "-c",
        "from corridor.app.cli import main\nif __name__ == '__main__': main()",
        "serve",
        CASE,
        "--port",
        "0",
        "--no-open",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.pid, process.stdout.readline().split(" at ")[1].split()[0]
        finally:
            process.terminate()
            process.wait(30)


def memory(pid):
    """MB held by a process and by each that it or one of its own has started; and what all of them take together."""
    held, shared = {}, 0.0
    for one in (pid, *descendants(pid)):
        try:
            pages = int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1])
            lines = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        held[one] = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        shared += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1e3
    return held, shared


def descendants(pid):
    found = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                found += [int(child), *descendants(int(child))]
    except OSError:
        pass
    return found


class Watch:
    """What the processes of a server hold, every ten seconds."""

    def __init__(self, pid):
        self.pid, self.begun = pid, time.monotonic()
        self.server, self.largest = [], []

    async def look(self, until):
        while time.monotonic() < until:
            held, together = memory(self.pid)
            others = [size for one, size in held.items() if one != self.pid]
            self.server.append(held[self.pid])
            self.largest.append(max(others))
            told = ", ".join(f"{size:.0f}" for size in sorted(others, reverse=True))
            seconds = time.monotonic() - self.begun
            print(f"{seconds:4.0f} s: server {held[self.pid]:.0f} MB, others {told}; together {together:.0f}")
            await asyncio.sleep(EVERY)


def growth(sizes):
    """What the last third holds more than the middle one, on average."""
    third = max(1, len(sizes) // 3)
    middle, last = sizes[-2 * third : -third], sizes[-third:]
    return sum(last) / len(last) - sum(middle) / len(middle)


class Client:
    """Asks one question after the other; some are asked by nobody else, and some given up."""

    def __init__(self, address, number):
        self.address, self.random = address, random.Random(number)
        self.times, self.errors = [], []
        self.answered = self.cancelled = self.refused = 0

    def question(self):
        """The body of a question, and what its answer has to repeat. A third of them nobody else asks."""
        pick = self.random.random()
        month = 6 if pick < 0.35 else self.random.randint(1, 9)
        share = 0.5 if pick < 0.35 else round(self.random.uniform(0.2, 0.9), 3)
        group = self.random.choice(GROUPS)
        if pick < 0.6:
            text = f"derating:{self.random.choice(LINKS)}:2024-0{month}-01:2025-01-01:availability={share}"
            return {"verb": "compare", "arguments": {"with": [text], "group": "Crude oil"}}, text
        if pick < 0.7:
            day = self.random.randint(10, 28)
            text = f"closure:cpc:2024-0{month}-{day}:2024-10-{day}"
            return {"verb": "compare", "arguments": {"with": [text], "group": group}}, text
        if pick < 0.85:
            scenario = self.random.choice(SCENARIOS)
            return {"verb": "compare", "arguments": {"scenario": scenario}}, scenario
        return {"verb": "solve", "arguments": {"group": group}}, "base"

    async def work(self, until):
        async with httpx.AsyncClient(base_url=self.address, timeout=300) as client:
            while time.monotonic() < until:
                try:
                    await self.look_up(client)
                    await self.ask(client)
                except httpx.HTTPError as problem:
                    self.errors.append(repr(problem))

    async def look_up(self, client):
        """What a reader does between two questions: where a figure is from."""
        table, row, column = self.random.choice(FIGURES)
        reply = await client.get("/api/evidence", params={"table": table, "id": row, "column": column})
        if reply.status_code not in (200, 404, 422, 429):
            self.errors.append(f"{reply.status_code} {reply.text}")
        elif reply.status_code == 200 and reply.json()["id"] != row:
            self.errors.append(f"asked about {row}, got {reply.json()['id']}")

    async def ask(self, client):
        body, said = self.question()
        begun = time.monotonic()
        started = await client.post("/api/runs", json=body)
        if started.status_code == 429:
            self.refused += 1
            await asyncio.sleep(1.0)
            return
        run = started.json()
        if self.random.random() < 0.1:
            await asyncio.sleep(self.random.random())
            await client.delete(run["result"])
        last = None
        async with client.stream("GET", run["events"]) as lines:
            async for line in lines.aiter_lines():
                last = line.removeprefix("event: ") if line.startswith("event: ") else last
        told = (await client.get(run["result"])).json()
        if told["state"] == "cancelled":
            self.cancelled += 1
            return
        if told["state"] != "done" or last != "done":
            self.errors.append(json.dumps(told["error"]))
            return
        self.times.append(time.monotonic() - begun)
        self.answered += 1
        question = told["answer"]["question"]
        if repeated(question) != said:
            self.errors.append(f"asked {said}, got {question}")


def repeated(question):
    """What a question was about, as `Client.question` says it."""
    if not question.get("with"):
        return question["scenario"]
    (asked,) = question["with"]
    text = f"{asked['kind']}:{asked['target']}:{asked['start']}:{asked['end']}"
    return f"{text}:availability={asked['availability']}" if asked["kind"] == "derating" else text


async def crowd(address, watch):
    clients = [Client(address, number) for number in range(CLIENTS)]
    until = time.monotonic() + SECONDS
    await asyncio.gather(watch.look(until), *(client.work(until) for client in clients))
    return clients


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="counts memory in /proc")
def test_fifty_clients():
    print()
    with server() as (pid, address):
        httpx.get(f"{address}api/case", timeout=120).raise_for_status()
        time.sleep(10)
        watch = Watch(pid)
        clients = asyncio.run(crowd(address, watch))
    times = sorted(t for client in clients for t in client.times)
    errors = [error for client in clients for error in client.errors]
    more = {"server": growth(watch.server), "largest other": growth(watch.largest)}
    print(
        f"{CLIENTS} clients, {SECONDS:.0f} s: {len(times)} answers, {sum(c.cancelled for c in clients)} cancelled, "
        f"{sum(c.refused for c in clients)} refused, {len(errors)} errors; median {times[len(times) // 2]:.1f} s, "
        f"longest {times[-1]:.1f} s; the last third holds more than the middle one, MB: "
        f"{', '.join(f'{name} {size:.0f}' for name, size in more.items())}"
    )
    assert errors == []
    assert len(times) > CLIENTS / 5
    assert max(*watch.server, *watch.largest) < HELD
    assert max(more.values()) < GROWTH, "memory grows on"
