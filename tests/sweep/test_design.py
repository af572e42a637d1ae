"""The design file: read strictly, every fault told, its page and its hash made from what it says."""

from pathlib import Path

import pytest

from corridor.errors import CaseError, QuestionError
from corridor.sweep import design_page, read_design

root = Path(__file__).parents[2]
GOOD = """
format = 1
method = "sobol"
size = 8
[[vary]]
table = "links"
column = "tariff"
[[ask]]
what = "share"
good = "gas"
of = "BRA"
through = "BOL"
"""


def written(folder, text):
    path = folder / "design.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_page_is_as_made():
    assert (root / "docs/reference/design.md").read_text(encoding="utf-8") == design_page()


def test_hash_is_of_what_it_says(tmp_path):
    turned = GOOD.replace('method = "sobol"\nsize = 8', "size = 8\nseed = 0\nmethod = 'sobol'  # the default seed")
    one, other = read_design(written(tmp_path, GOOD)), read_design(written(tmp_path, turned))
    assert one.hash == other.hash
    assert read_design(written(tmp_path, GOOD.replace("size = 8", "size = 16"))).hash != one.hash


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("size = 8", "size = 9", None, "powers of two only: size 16, not 9"),
        ("size = 8", "", None, "sobol needs a size"),
        ("format = 1", "format = 2", "format", "newer than format 1"),
        ("format = 1", "", "format", "is missing"),
        ('method = "sobol"', 'method = "dice"', "method", "input should be 'one_at_a_time'"),
        ('column = "tariff"', 'colum = "tariff"', "vary entry 1 colum", "no such key"),
        ('column = "tariff"', 'column = "tariff"\nfactor = [1.2, 0.8]', "vary entry 1", "write the lower end first"),
        ('column = "tariff"', 'column = "tariff"\nlow = 1', "vary entry 1", "write low and high, or factor"),
        ('column = "tariff"', 'column = "tariff"\nparameter = "kappa"', "vary entry 1", "an entry of their own"),
        ('through = "BOL"', "", "ask entry 1", "one of through, partner, touching, via"),
        ('through = "BOL"', 'through = "BOL"\nscenarios = "shut"', None, "'shut', which is no scenario of this design"),
    ],
)
def test_faults(tmp_path, old, new, where, says):
    with pytest.raises(CaseError) as told:
        read_design(written(tmp_path, GOOD.replace(old, new)))
    assert [(f.file, f.column) for f in told.value.faults] == [("design.toml", where)]
    assert says in told.value.faults[0].message


def test_all_faults_at_once(tmp_path):
    with pytest.raises(CaseError) as told:
        read_design(written(tmp_path, GOOD.replace("size = 8", "size = 0").replace("good", "goods")))
    assert len(told.value.faults) == 2


def test_no_file(tmp_path):
    with pytest.raises(QuestionError, match="there is no design file"):
        read_design(tmp_path / "none.toml")
