"""A stored result is the result, and a changed file is found out."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from corridor.case import read_case
from corridor.errors import CorridorError
from corridor.network import Distinction, derating
from corridor.result import check_certificate, load_result, store
from corridor.study import solve_case

TABLES = ("flows", "prices", "supply", "deliveries", "unserved", "stocks", "gains", "budget", "ledger", "binding")


def rewritten(path, target, **changed):
    """A copy of an archive with some members replaced, added, or (None) left out."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members |= changed
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members.items():
            if data is not None:
                new.writestr(name, data)
    return target


def manifest_with(path, change):
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    change(manifest)
    return json.dumps(manifest).encode()


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def stored(shut, tmp_path_factory):
    return shut.save(tmp_path_factory.mktemp("stored") / "shut.corridor")


def test_round_trip(shut, stored):
    again = load_result(stored)
    for name in TABLES:
        assert getattr(again, name).equals(getattr(shut, name)), name
    assert again.case == shut.case
    for name, table in shut.case.tables.items():
        assert again.case.tables[name].reset_index(drop=True).equals(table.reset_index(drop=True)), name
    assert again.objective == shut.objective
    assert again.certificate == shut.certificate
    assert again.question.with_ == shut.question.with_
    assert check_certificate(stored).passed


def test_same_result_same_bytes(shut, stored, tmp_path):
    assert shut.save(tmp_path / "twice.corridor").read_bytes() == stored.read_bytes()
    assert load_result(stored).save(tmp_path / "again.corridor").read_bytes() == stored.read_bytes()


def test_options_and_numbers_come_back(case, tmp_path):
    # Availability 0 is a number, not a blank; "5Mt/yr" is text until it is resolved.
    measures = [
        derating("ac", start="2024-02-01", end="2024-03-01", availability=0.0),
        derating("bc", start="2024-04-01", end="2024-05-01", capacity="5Mt/yr", announced="2024-01-15"),
    ]
    asked = solve_case(
        case,
        with_=measures,
        foresight="perfect",
        kappa=0.1,
        track=[Distinction("oil", frozenset({"KAZ"}), frozenset({"ITA"}))],
        scarcity_as_cost=True,
        formulation="min_cost_flow",
    )
    again = load_result(asked.save(tmp_path / "asked.corridor"))
    for name in ("scenario", "instruments", "with_", "formulation", "foresight", "horizon", "track", "kappa"):
        assert getattr(again.question, name) == getattr(asked.question, name), name
    assert again.question.scarcity_as_cost
    assert again.flows.equals(asked.flows)


def test_rising_costs_and_unlimited_links_come_back(tmp_path):
    result = solve_case(read_case("harker"))
    path = result.save(tmp_path / "harker.corridor")
    assert load_result(path).flows.equals(result.flows)
    assert check_certificate(path).passed


def test_older_file_is_replaced_and_nothing_else_is_left(base, stored, tmp_path):
    assert base.save(tmp_path / "one.corridor").read_bytes() != stored.read_bytes()
    path = load_result(stored).save(tmp_path / "one.corridor")
    assert path.read_bytes() == stored.read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["one.corridor"]


def test_no_folder(base, tmp_path):
    with pytest.raises(CorridorError, match="cannot write"):
        base.save(tmp_path / "nowhere" / "base.corridor")


@pytest.mark.parametrize("name", ["primal", "row_dual"])
def test_changed_solution_fails_its_certificate(stored, shut, tmp_path, name):
    array = getattr(shut.stages[-1].solution, name).copy()
    largest = int(np.argmax(np.abs(array)))
    array[largest] *= 1.01
    last = len(shut.stages) - 1
    changed = rewritten(stored, tmp_path / "changed.corridor", **{f"stage_{last}/{name}.npy": npy(array)})
    assert not check_certificate(changed).passed


def test_solution_of_no_numbers_fails_its_certificate(stored, shut, tmp_path):
    array = np.full_like(shut.stages[0].solution.primal, np.nan)
    changed = rewritten(stored, tmp_path / "changed.corridor", **{"stage_0/primal.npy": npy(array)})
    assert not check_certificate(changed).passed


def test_another_question_fails_its_certificate(stored, tmp_path):
    def earlier(manifest):
        for told in (*manifest["question"]["instruments"], *manifest["question"]["with_"]):
            if told["kind"] == "closure":
                told["target"] = "via_sea"

    changed = rewritten(stored, tmp_path / "changed.corridor", **{"manifest.json": manifest_with(stored, earlier)})
    assert not check_certificate(changed).passed


def test_changed_case_is_refused(stored, base, tmp_path):
    links = base.case.table("links")
    links["tariff"] += 1.0
    other = replace(base, question=replace(base.question, case=base.case.with_tables(links=links)))
    with zipfile.ZipFile(other.save(tmp_path / "other.corridor")) as archive:
        foreign = archive.read("case/links.parquet")
    changed = rewritten(stored, tmp_path / "changed.corridor", **{"case/links.parquet": foreign})
    with pytest.raises(CorridorError, match="hash"):
        load_result(changed)


def refused(path, words):
    with pytest.raises(CorridorError, match=words) as problem:
        load_result(path)
    assert path.name in str(problem.value)


def test_newer_format(stored, tmp_path):
    newer = manifest_with(stored, lambda m: m.update(format=2, something="new"))
    refused(rewritten(stored, tmp_path / "newer.corridor", **{"manifest.json": newer}), "format 2.*newer Corridor")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m.pop("format"), "no format number"),
        (lambda m: m.update(format=True), "no format number"),
        (lambda m: m.pop("question"), "damaged at question"),
        (lambda m: m.update(stages=[]), "damaged at stages"),
        (lambda m: m["question"].update(starts=["2024-01-01"]), "periods"),
        (lambda m: m["question"].update(scenario="x", horizon="never"), "horizon"),
        (lambda m: m["question"]["instruments"][0].update(target="nothing"), "."),
        (lambda m: m["question"]["instruments"][0].update(colour="red"), "colour"),
        (lambda m: m["question"]["instruments"][0].update(start="soon"), "."),
        (lambda m: m["stages"][0].update(first_period=3), "stages"),
        (lambda m: m["case"].update(hash="0" * 64), "hash"),
        (lambda m: m["case"]["settings"].update(kappa=0.9), "hash"),
        (lambda m: m["case"].update(tables=["nodes"]), "do not belong"),
        (lambda m: m["case"]["tables"].append("../evil"), "missing"),
    ],
)
def test_damaged_manifest(stored, tmp_path, change, words):
    manifest = manifest_with(stored, change)
    refused(rewritten(stored, tmp_path / "bad.corridor", **{"manifest.json": manifest}), words)


@pytest.mark.parametrize(
    ("member", "data", "words"),
    [
        ("manifest.json", b"\xff{", "damaged"),
        ("manifest.json", b"[1]", "no format number"),
        ("manifest.json", None, "no manifest"),
        ("stage_0/primal.npy", None, "missing"),
        ("stage_0/primal.npy", b"\x93NUMPY nonsense", "."),
        ("stage_0/primal.npy", npy(np.zeros(3)), "fit"),
        ("stage_0/row_dual.npy", npy(np.zeros(3)), "fit"),
        ("stage_0/primal.npy", npy(np.zeros((2, 2))), "fit"),
        ("stage_0/primal.npy", npy(np.array(["a"])), "float64"),
        ("case/links.parquet", b"PAR1 nonsense PAR1", "table"),
        ("case/links.parquet", None, "missing"),
        ("extra.txt", b"hello", "do not belong"),
    ],
)
def test_damaged_members(stored, tmp_path, member, data, words):
    refused(rewritten(stored, tmp_path / "bad.corridor", **{member: data}), words)


def test_objects_are_never_unpickled(stored, tmp_path):
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    refused(rewritten(stored, tmp_path / "bad.corridor", **{"stage_0/primal.npy": buffer.getvalue()}), "pickle")


def test_other_files(stored, tmp_path):
    refused(tmp_path / "missing.corridor", "no file")
    text = tmp_path / "text.corridor"
    text.write_text("id,name\n", encoding="utf-8")
    refused(text, "no .corridor file")
    cut = tmp_path / "cut.corridor"
    data = stored.read_bytes()
    cut.write_bytes(data[: len(data) // 2])
    refused(cut, "no .corridor file")
    with pytest.raises(CorridorError):
        load_result(tmp_path)


def test_one_byte_changed(stored, tmp_path):
    with zipfile.ZipFile(stored) as archive:
        start = archive.getinfo("case/links.parquet").header_offset
    data = bytearray(stored.read_bytes())
    data[start + 30 + len("case/links.parquet") + 100] ^= 0xFF
    flipped = tmp_path / "flipped.corridor"
    flipped.write_bytes(bytes(data))
    refused(flipped, "damaged")


def test_bomb(stored, tmp_path, monkeypatch):
    # The bound itself is a gigabyte; a smaller one keeps the test quick.
    monkeypatch.setattr(store, "MOST_BYTES", 1 << 24)
    bomb = rewritten(stored, tmp_path / "bomb.corridor", **{"stage_0/primal.npy": bytes(1 << 25)})
    assert bomb.stat().st_size < 1 << 17
    refused(bomb, "unpacked")
