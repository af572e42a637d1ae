"""Fifty clients ask the app for a minute: no error, nobody gets another's answer, memory stays as it is.

`scripts/campaign app_load`; CORRIDOR_SECONDS and CORRIDOR_CLIENTS ask for more or less.
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
CASE = "kazakhstan"
LINKS = ("cpc", "atyrau_samara", "aktau_makhachkala")
HELD = 700_000_000
"""Bytes that one process may hold."""


@contextmanager
def server():
    command = [
        sys.executable,
        "-c",
        "from corridor.app.cli import main; main()",
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
    """Bytes held by a process and by each of those it started."""
    found = {}
    for one in (pid, *children(pid)):
        try:
            found[one] = int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf(
                "SC_PAGE_SIZE"
            )
        except OSError:
            continue
    return found


def children(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            found += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
        except OSError:
            continue
    return found


class Client:
    """Asks one question after the other; some are asked by nobody else, and some given up."""

    def __init__(self, address, number):
        self.address, self.random = address, random.Random(number)
        self.times, self.errors = [], []
        self.answered = self.cancelled = self.refused = 0

    def question(self):
        """Half of the questions are a few that everybody asks, half nobody else does."""
        common = self.random.random() < 0.5
        month, share = (6, 0.5) if common else (self.random.randint(1, 9), round(self.random.uniform(0.2, 0.9), 3))
        text = f"derating:{self.random.choice(LINKS)}:2024-0{month}-01:2025-01-01:availability={share}"
        return text, {"verb": "compare", "arguments": {"with": [text], "group": "Crude oil"}}

    async def work(self, until):
        async with httpx.AsyncClient(base_url=self.address, timeout=300) as client:
            while time.monotonic() < until:
                try:
                    await self.ask(client)
                except httpx.HTTPError as problem:
                    self.errors.append(repr(problem))

    async def ask(self, client):
        text, body = self.question()
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
        asked = told["answer"]["question"]["with"][0]
        if f"{asked['target']}:{asked['start']}:{asked['end']}:availability={asked['availability']}" not in text:
            self.errors.append(f"asked {text}, got {asked}")


async def crowd(address):
    clients = [Client(address, number) for number in range(CLIENTS)]
    until = time.monotonic() + SECONDS
    await asyncio.gather(*(client.work(until) for client in clients))
    return clients


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="counts memory in /proc")
def test_fifty_clients():
    with server() as (pid, address):
        httpx.get(f"{address}api/case", timeout=120).raise_for_status()
        time.sleep(10)
        before = memory(pid)
        clients = asyncio.run(crowd(address))
        after = memory(pid)
    times = sorted(t for client in clients for t in client.times)
    errors = [error for client in clients for error in client.errors]
    print(
        f"\n{CLIENTS} clients, {SECONDS:.0f} s: {len(times)} answers, {sum(c.cancelled for c in clients)} cancelled, "
        f"{sum(c.refused for c in clients)} refused, {len(errors)} errors; median {times[len(times) // 2]:.1f} s, "
        f"longest {times[-1]:.1f} s; MB before {[v // 1_000_000 for v in before.values()]}, after "
        f"{[v // 1_000_000 for v in after.values()]}"
    )
    assert errors == []
    assert len(times) > CLIENTS / 5
    assert max(after.values()) < HELD
