"""Cases that somebody brings: taken whole, or refused with every fault."""

import io
import stat
import zipfile

import pytest

from corridor.app.web.folders import Folders, files_of_zip, sound_files
from corridor.app.web.limits import Limits
from corridor.case import case_folder
from corridor.errors import CaseError

from .conftest import CASE

LIMITS = Limits(files=30, unpacked=3_000_000, ratio=50)


def texts():
    return {path.name: path.read_text(encoding="utf-8") for path in case_folder(CASE).iterdir() if path.is_file()}


def zipped(files, how=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", how) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return data.getvalue()


def bring(served, data, kind="application/zip"):
    return served.client.post("/api/cases", content=data, headers={"content-type": kind})


def faults(reply, status=422):
    assert reply.status_code == status, reply.text
    return reply.json()["error"]["faults"]


def test_zip_of_a_folder_is_taken_asked_and_dropped(served):
    told = bring(served, zipped({f"my case/{name}": text for name, text in texts().items()} | {"__MACOSX/._x": "?"}))
    assert told.status_code == 201
    brought = told.json()
    assert brought["name"] == "my_case"
    assert len(brought["case"]) == 32
    answer = served.run("compare", case=brought["case"], scenario="line_shut")
    assert answer["page"]["command"] == "corridor compare ./my_case --scenario line_shut"
    same = served.run("compare", scenario="line_shut")
    assert answer["answer"]["result"] == same["answer"]["result"]
    folder = served.state.folders.get(brought["case"]).folder
    assert folder.is_dir()
    assert served.client.delete(f"/api/cases/{brought['case']}").status_code == 200
    assert not folder.exists()
    assert served.start("solve", case=brought["case"]).status_code == 404
    assert served.client.delete(f"/api/cases/{brought['case']}").status_code == 404


def test_faults_are_told_with_their_place(served):
    files = texts()
    files["links.csv"] = files["links.csv"].replace("pipeline", "pipelin", 1)
    files["demand.csv"] = files["demand.csv"].replace(",gas,", ",gaz,", 1)
    reply = served.client.post("/api/cases", json={"name": "Mine", "files": files})
    told = faults(reply)
    assert {(f["file"], f["column"]) for f in told} >= {("links.csv", "mode"), ("demand.csv", "good")}
    assert all(f["row"] and f["remedy"] for f in told)
    assert reply.json()["error"]["message"].startswith("case mine has")
    assert not any(served.state.folders.root.iterdir()), "what is refused leaves nothing"


def test_oldest_case_gives_way(served):
    brought = [served.client.post("/api/cases", json={"files": texts()}).json()["case"] for _ in range(4)]
    known = [served.client.get("/api/case", params={"case": key}).status_code for key in brought]
    assert known == [404, 200, 200, 200]
    for key in brought[1:]:
        served.client.delete(f"/api/cases/{key}")


def test_idle_case_is_dropped():
    folders = Folders(Limits(idle_seconds=0.0))
    case = folders.add({"case.toml": b"format = 1"}, "a")
    folders.keep(case)
    assert folders.get(case.id) is None
    assert not case.folder.exists()
    folders.close()


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"not a zip", "application/zip", 422),
        (b"PK\x05\x06" + b"\0" * 18, "application/zip", 422),
        (b"", "application/zip", 422),
        (b"{", "application/json", 400),
        (b"[" * 90_000, "application/json", 400),
        (b"{}", "application/json", 422),
        (b'{"files": {"case.toml": 1}}', "application/json", 422),
        (b'{"files": {"../case.toml": ""}}', "application/json", 422),
        (b'{"files": {"case.toml": "\\ud800"}}', "application/json", 422),
        (b"x", "text/plain", 415),
        (b"0" * 400_000, "application/zip", 413),
    ],
)
def test_what_is_no_case_is_refused(served, data, kind, status):
    reply = bring(served, data, kind)
    assert reply.status_code == status
    assert reply.json()["error"]["message"]


def refused(data):
    with pytest.raises(CaseError) as caught:
        sound_files(files_of_zip(data, LIMITS), LIMITS)
    return caught.value.faults[0].message


@pytest.mark.parametrize(
    "path", ["../case.toml", "a/../../case.toml", "/etc/case.toml", "C:/case.toml", "a\\..\\case.toml"]
)
def test_path_out_of_the_folder_is_refused(path):
    assert "leads out" in refused(zipped({path: "format = 1"}))


def test_link_is_refused():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        link = zipfile.ZipInfo("case.toml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "a link" in refused(data.getvalue())


def test_bomb_is_refused_before_it_is_unpacked():
    one = zipped({"case.toml": "", "links.csv": b"0" * 40_000_000})
    assert len(one) < 100_000
    assert "unpacks to far more" in refused(one)
    many = zipped({"case.toml": ""} | {f"a{n}.csv": b"0" * 900_000 for n in range(20)})
    assert "unpacks to far more" in refused(many)
    assert "more than 30" in refused(zipped({f"{n}.csv": "" for n in range(31)}))


def test_zip_that_lies_about_its_size_is_refused():
    honest = zipped({"links.csv": b"0" * 40_000_000})
    told, false = (40_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert honest.count(told) == 2
    assert "cannot be unpacked" in refused(honest.replace(told, false))


def test_broken_and_encrypted_files_are_refused():
    data = zipped({"case.toml": "format = 1\n" * 100})
    at = data.index(b"case.toml") + len("case.toml")
    broken = data[:at] + b"\xff\xff\xff" + data[at + 3 :]
    assert "cannot be unpacked" in refused(broken)
    locked = bytearray(data)
    locked[6] |= 1
    locked[data.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refused(bytes(locked))


def test_one_case_at_a_time():
    assert "is missing" in refused(zipped({"links.csv": ""}))
    assert "2 folders" in refused(zipped({"a/case.toml": "", "b/case.toml": ""}))


def test_only_files_of_a_case_are_written():
    files = {"case.toml": b"", "run.sh": b"", ".hidden.csv": b"", "deep/links.csv": b"", "links.csv": b""}
    assert set(sound_files(files, LIMITS)) == {"case.toml", "links.csv"}
