"""Whatever stands in the files, reading gives a case or a `CaseError` whose faults have a place, a message and a remedy."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.case import check_case, new_case, read_case
from corridor.errors import CaseError

PIECES = st.one_of(
    st.sampled_from([*',;"\n\r\t-.0#[=é\ufeff\0', "", "-1", "1e400", "inf", "nan", "unlimited", "yes", "2024-02-30"]),
    st.sampled_from(["0000-00-00", "field", "pipeline", "crude", "XWD", "USD/t", "kb/d", "GW", "mb/d"]),
    st.text(max_size=6),
    st.binary(max_size=4),
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = new_case(tmp_path_factory.mktemp("sound") / "case")
    extra = {
        "dated.csv": "table,id,column,start,end,value,unit,basis\nlinks,pipeline,tariff,2024-01-01,,31,USD/t,assumed\n",
        "evidence.csv": "table,id,column,low,high\nlinks,pipeline,capacity,30,50\n",
        "ownership.csv": "asset,party,country,role,share\npipeline,A,KAZ,equity,1\n",
        "rates.csv": "currency,year,per_usd\nKZT,2024,450\n",
        "storage.csv": "id,name,node,good,capacity,initial,unit\ntank,Tank,port,crude,1,0.5,Mt\n",
        "pools.csv": "id,name,good,capacity,unit\nberths,Berths,crude,50,Mt/yr\n",
        "pool_links.csv": "pool,link\nberths,tanker\n",
        "sources.csv": "key,title\nbook,A book\n",
        "levels.csv": "table,id,factor,price\nsupply,wells,1,400\n",
    }
    for name, text in extra.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert check_case(read_case(folder)) == ()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@given(st.data())
@settings(max_examples=100)
def test_spoilt_files(sound, tmp_path_factory, data):
    files = dict(sound)
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(files)))
        cells = files[name].replace(b"\n", b",\n").split(b",")
        cell = data.draw(st.integers(0, len(cells) - 1))
        piece = data.draw(PIECES)
        cells[cell] = (b"\n" if cells[cell].startswith(b"\n") else b"") + (
            piece.encode() if isinstance(piece, str) else piece
        )
        files[name] = b",".join(cells).replace(b",\n", b"\n")
    folder = tmp_path_factory.mktemp("spoilt")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    case, faults = read(folder)
    assert faults or check_case(case) == ()
    for fault in faults:
        assert fault.file
        assert fault.message
        assert fault.remedy
        assert fault.row is None or fault.row >= 1


def read(folder):
    """The case, or its faults; anything else that is raised fails the test."""
    try:
        return read_case(folder), ()
    except CaseError as error:
        return None, error.faults
