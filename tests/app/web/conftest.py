"""A real server on a free port of this machine, with a case small enough to answer at once."""

import json
import threading
import time
from contextlib import contextmanager

import httpx
import pytest

from corridor.app.web.limits import Limits
from corridor.app.web.serve import listen, server_on

CASE = "gas_transit"
CLOSED = "closure:export_line:2024-06-01:2024-09-01"


class Served:
    """The server, seen from outside by `client`, and from inside by `state`."""

    def __init__(self, port, app):
        self.port, self.app = port, app
        self.address = f"http://127.0.0.1:{port}"
        self.client = httpx.Client(base_url=self.address, timeout=60)

    @property
    def state(self):
        return self.app.state.server

    def start(self, verb, case="default", **arguments):
        """Ask something; returns the reply to the request."""
        return self.client.post("/api/runs", json={"verb": verb, "case": case, "arguments": arguments})

    def events(self, run):
        """Every event of a run, to its end."""
        found = []
        with self.client.stream("GET", run["events"]) as lines:
            for line in lines.iter_lines():
                key, _, value = line.partition(": ")
                if key == "event":
                    found.append([value, None])
                elif key == "data":
                    found[-1][1] = json.loads(value)
        return [tuple(event) for event in found]

    def run(self, verb, case="default", **arguments):
        """Ask something and wait for its end; returns the state of the run."""
        started = self.start(verb, case, **arguments)
        assert started.status_code == 202, started.text
        self.events(started.json())
        return self.client.get(started.json()["result"]).json()

    def until(self, true, seconds=20.0):
        """Wait until something is so."""
        over = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < over, "it never came to be"
            time.sleep(0.02)


@contextmanager
def serving(case, limits):
    with listen(0) as bound:
        bound.listen()
        server = server_on(case, bound, limits)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        served = Served(bound.getsockname()[1], server.config.app)
        try:
            # The first answer comes when a worker has read the case.
            assert served.client.get("/api/case").status_code == 200
            yield served
        finally:
            served.client.close()
            server.should_exit = True
            thread.join(20)
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def served():
    small = Limits(workers=2, queued=8, runs=40, cases=3, upload=300_000, unpacked=2_000_000, run_seconds=40)
    with serving(CASE, small) as running:
        yield running
