"""Runs: progress, cancelling, crashes, a full queue, and who sees what."""

import os
import signal
import sys
import threading

import httpx
import pytest

from .conftest import CLOSED

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops processes by signals")


def month(number):
    """A question that nobody has asked before."""
    return f"derating:export_line:2024-0{1 + number % 9}-01:2024-1{number % 2}-01:availability=0.{100 + number}"


def signalled(served, number):
    """Send a signal to both solvers, once they have made ready what nobody has asked for yet."""
    pool = served.state.solvers
    served.until(lambda: len(pool.processes) == 2 and not pool.preparing)
    for pid in pool.processes:
        os.kill(pid, number)


def state(served, started):
    return served.client.get(started["result"]).json()["state"]


def test_progress_is_told_in_order(served):
    started = served.start("compare", **{"with": [month(1)]}).json()
    events = served.events(started)
    assert events[-1] == ("done", {"run": started["run"]})
    assert {name for name, _ in events[:-1]} == {"progress"}
    times = [data["elapsed"] for _, data in events[:-1]]
    assert times == sorted(times)
    assert served.events(started) == events[-1:], "who comes late gets the last state at once"


def test_same_question_again_is_not_worked_out_again(served):
    first = served.start("compare", **{"with": [CLOSED]}).json()
    served.events(first)
    again = served.start("compare", **{"with": [CLOSED]}).json()
    assert again["run"] != first["run"]
    assert state(served, again) == "done"


def test_same_question_at_the_same_time_is_worked_out_once(served):
    signalled(served, signal.SIGSTOP)
    try:
        first, second, other, last = (served.start("compare", **{"with": [month(n)]}).json() for n in (40, 40, 41, 42))
        served.until(lambda: state(served, other) == "running")
        assert state(served, first) == state(served, second) == "running"
        assert state(served, last) == "queued", "the first two share a process"
        served.client.delete(first["result"])
        assert state(served, first) == "cancelled"
        assert state(served, second) == "running", "somebody else still waits for it"
    finally:
        signalled(served, signal.SIGCONT)
    assert served.events(second)[-1] == ("done", {"run": second["run"]})
    assert served.events(last)[-1] == ("done", {"run": last["run"]})
    assert served.events(first) == [("cancelled", {"run": first["run"]})]


def test_full_queue_cancelled_runs_and_a_crash(served):
    """Both solvers stand still, so that runs last until something ends them."""
    signalled(served, signal.SIGSTOP)
    halted = served.state.solvers.processes
    taken = []
    while (reply := served.start("compare", **{"with": [month(20 + len(taken))]})).status_code == 202:
        taken.append(reply.json())
        assert len(taken) <= 10
    assert reply.status_code == 429
    assert int(reply.headers["retry-after"]) > 0
    assert reply.json()["error"]["message"].startswith("too many questions wait")
    # The page and what has been answered are served all the same.
    assert served.client.get("/api/case").status_code == 200

    waiting = [run for run in taken if state(served, run) == "queued"]
    running = [run for run in taken if run not in waiting]
    assert len(running) == 2
    for run in waiting:
        assert served.client.delete(run["result"]).json() == {"state": "cancelled"}
        assert served.events(run) == [("cancelled", {"run": run["run"]})]

    os.kill(halted[0], signal.SIGKILL)
    served.until(lambda: any(state(served, run) == "failed" for run in running))
    crashed, left = sorted(running, key=lambda run: state(served, run))
    name, data = served.events(crashed)[-1]
    assert (name, data["error"]["kind"]) == ("failed", "crash")
    assert "ask again" in data["error"]["message"]

    served.client.delete(left["result"])
    assert served.events(left) == [("cancelled", {"run": left["run"]})]
    assert served.client.get(left["result"] + "/report").status_code == 409
    assert served.run("compare", **{"with": [month(3)]})["state"] == "done"
    served.until(lambda: len(set(served.state.solvers.processes) - set(halted)) == 2)
    assert not set(served.state.solvers.processes) & set(halted), "both have been replaced"


def test_runs_of_others_cannot_be_guessed_and_do_not_mix(served):
    names, problems = set(), []

    def ask(number):
        with httpx.Client(base_url=served.address, timeout=60) as client:
            text = f"derating:export_line:2024-06-01:2024-09-01:availability=0.{number}"
            told = client.post("/api/runs", json={"verb": "compare", "arguments": {"with": [text]}}).json()
            names.add(told["run"])
            with client.stream("GET", told["events"]) as lines:
                for _ in lines.iter_lines():
                    pass
            answer = client.get(told["result"]).json()["answer"]
            found = answer["question"]["with"][0]["availability"]
            if found != float(f"0.{number}"):
                problems.append((number, found))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(names) == 5
    assert all(len(name) == 32 for name in names)
    assert served.client.get(f"/api/runs/{'0' * 32}").status_code == 404


def test_what_is_kept_is_bounded(served):
    first = served.start("compare", **{"with": [CLOSED]}).json()
    served.events(first)
    for _ in range(45):
        assert served.start("compare", **{"with": [CLOSED]}).status_code == 202
    assert len(served.state.runs) <= 40
    assert served.client.get(first["result"]).status_code == 404
