"""Large tables: reading stays quick, memory stays in proportion. Bounds are loose, since the machine is shared."""

import datetime as dt
import time
import tracemalloc

import numpy as np
import pytest

from corridor.case import Calendar, Settings, make_case, read_case


def write_large(path, rows):
    """A case with a table of so many observations of one link."""
    path.mkdir()
    (path / "case.toml").write_text(
        'format = 1\ntitle = "Large"\n[calendar]\nstart = 2024-01-01\nend = 2025-01-01\nstep = "month"\n',
        encoding="utf-8",
    )
    (path / "goods.csv").write_text("id,name,unit,barrels_per_tonne\ncrude,Crude,Mt,7.5\n", encoding="utf-8")
    (path / "nodes.csv").write_text(
        "id,name,country,lon,lat,kind\na,A,KAZ,0,0,field\nb,B,RUS,1,1,market\n", encoding="utf-8"
    )
    (path / "links.csv").write_text(
        "id,name,from,to,mode,goods,capacity,unit\nl,L,a,b,sea,crude,5,Mt/yr\n", encoding="utf-8"
    )
    (path / "prices.csv").write_text(
        "id,node,good,start,end,value,cost_unit\np,b,crude,2024-01-01,2025-01-01,70,USD/bbl\n", encoding="utf-8"
    )
    values = np.random.default_rng(1).uniform(0, 9, rows)
    lines = [f"o{i},l,crude,2024-01-01,2024-02-01,{value:.4f},kb\n" for i, value in enumerate(values)]
    (path / "observations.csv").write_text("id,target,good,start,end,value,unit\n" + "".join(lines), encoding="utf-8")
    return values


def test_a_large_table_is_read_in_proportion_of_time_and_memory(tmp_path):
    values = write_large(tmp_path / "large", 60_000)
    read_case(tmp_path / "large")  # imports and judges of columns are made once
    began = time.process_time()
    case = read_case(tmp_path / "large")
    seconds = time.process_time() - began
    assert case.tables["observations"]["value"].to_numpy() == pytest.approx(np.round(values, 4) * 1e-3 / 7.5)
    assert seconds < 5  # 0.7 on an idle machine of 2026: 12 seconds for a million rows
    tracemalloc.start()
    read_case(tmp_path / "large")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / 60_000 < 2500  # bytes a row: 2.5 GB for a million rows at worst


def test_one_bad_cell_among_many_is_found(tmp_path):
    write_large(tmp_path / "large", 20_000)
    path = tmp_path / "large" / "observations.csv"
    lines = path.read_text("utf-8").splitlines()
    lines[12_345 - 1] = lines[12_345 - 1].replace(",kb", ",mb")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(Exception, match=r"observations.csv row 12345, 'unit': unit 'mb' is ambiguous"):
        read_case(tmp_path / "large")


def test_a_network_of_eight_thousand_links_is_made_quickly():
    count, nodes = 8000, 2000
    rng = np.random.default_rng(2)
    tables = {
        "goods": [{"id": f"g{i}", "name": "G", "unit": "Mt"} for i in range(5)],
        "nodes": {"id": [f"n{i}" for i in range(nodes)], "name": ["N"] * nodes, "country": ["KAZ"] * nodes, "lon": [0.0] * nodes,
                  "lat": [0.0] * nodes, "kind": ["junction"] * nodes},
        "links": {"id": [f"l{i}" for i in range(count)], "name": ["L"] * count, "from": [f"n{i}" for i in rng.integers(0, nodes, count)],
                  "to": [f"n{i}" for i in rng.integers(0, nodes, count)], "mode": ["pipeline"] * count,
                  "goods": [tuple(f"g{i}" for i in range(5))] * count, "capacity": rng.uniform(1, 9, count)},
    }  # fmt: skip
    settings = Settings("made", Calendar(dt.date(2024, 1, 1), dt.date(2025, 1, 1), "year"), None)
    make_case("warm", settings, tables)
    began = time.process_time()
    make_case("made", settings, tables)
    assert time.process_time() - began < 0.5  # 0.05 on an idle machine of 2026
