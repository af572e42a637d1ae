"""case.toml: what it sets, and what is refused."""

import datetime as dt

import pytest

from corridor.case import Calendar, Group

BAD = [
    # old, new, column, message, remedy
    ("format = 1", "format = 2", "format", "newer than format 1", "newer Corridor"),
    ("format = 1", "", "format", "the format is not told", "write format = 1"),
    ('title = "Three nodes, two routes"', "", "title", "the title is missing", "write title"),
    ('currency = "USD"', 'currency = "EUR"', "currency", "answers are in USD", "tables can use any currency"),
    ("price_year = 2024", 'price_year = "2024"', "price_year", "does not fit", "a year"),
    ("price_year = 2024", "kapa = 1", "kapa", "no such setting", "did you mean 'kappa'?"),
    ("price_year = 2024", "kappa = -1", "kappa", "-1 cannot be the strength", "0 or more"),
    ("price_year = 2024", "kappa = true", "kappa", "does not fit", "a number"),
    (
        "[calendar]\nstart = 2024-01-01",
        "[calendar]\nstart = '2024-01-01'",
        "calendar.start",
        "is not a date",
        "without quotes",
    ),
    ("[calendar]\nstart = 2024-01-01", "[calendar]\nstart = 2026-01-01", "calendar.end", "is not after", "first day"),
    ('step = "month"', 'step = "week"', "calendar.step", "'week' is not a step", "month, quarter, year"),
    ("[calendar]", "[calender]", "calender", "no such setting", "did you mean 'calendar'?"),
]


@pytest.mark.parametrize(("old", "new", "column", "message", "remedy"), BAD)
def test_bad_setting(folder, old, new, column, message, remedy):
    folder.edit("case.toml", old, new)
    found = [fault for fault in folder.faults() if fault.file == "case.toml" and fault.column == column]
    assert len(found) == 1
    assert found[0].row is None
    assert message in found[0].message
    assert remedy in found[0].remedy


def test_not_toml(folder):
    folder.edit("case.toml", 'title = "', "title = ")
    (fault,) = folder.faults()
    assert fault.message.startswith("not TOML")


def test_settings_as_read(folder):
    settings = folder.read().settings
    assert settings.title == "Three nodes, two routes"
    assert settings.calendar == Calendar(dt.date(2024, 1, 1), dt.date(2025, 1, 1), "month")
    assert settings.calibration == Calendar(dt.date(2024, 1, 1), dt.date(2025, 1, 1), "year")
    assert (settings.currency, settings.price_year, settings.kappa) == ("USD", 2024, 0.3)
    assert settings.headline == ({"good": "crude", "of": "KAZ", "through": "RUS"},)


def test_calibration_can_be_left_out(folder):
    folder.edit("case.toml", "[calibration]\nstart = 2024-01-01\nend = 2025-01-01\n", "")
    assert folder.read().settings.calibration is None


def test_questions_and_groups(folder):
    folder.edit("case.toml", "[headline]", '[groups.oil]\nname = "Oil"\ncalibrate_on = 2023\n\n[[headline]]')
    settings = folder.read().settings
    assert settings.headline == ({"good": "crude", "of": "KAZ", "through": "RUS"},)
    assert settings.groups == {"oil": Group("Oil", 2023)}


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ('through = "RUS"', 'via = "x"\nthrough = "RUS"', "headline", "a question needs good, of and one of"),
        ('through = "RUS"', 'thruogh = "RUS"', "headline.thruogh", "no such setting"),
        ("[headline]", '[[headline]]\nverb = "invest"\ngood = "gas"\nof = "BRA"\nmax_share = "0.6"\n\n[[headline]]', "headline.max_share", "'0.6' does not fit"),
        ("[headline]", '[[headline]]\nverb = "strss"\n\n[[headline]]', "headline.verb", "'strss' is no question that run can ask"),
        ("[headline]", '[[headline]]\nverb = "stress"\ngood = "crude"\n\n[[headline]]', "headline", "a question of stress needs for"),
        ("[headline]", '[[headline]]\nverb = "stress"\ngood = "crude"\nfor = "KAZ"\nk = "2"\n\n[[headline]]', "headline.k", "'2' does not fit"),
        ("[headline]", '[[headline]]\nverb = "bargain"\ngood = "crude"\nplayers = "RUS,KAZ"\n\n[[headline]]', "headline.players", "does not fit"),
        ("[headline]", '[[headline]]\nverb = "retaliate"\nbetween = ["KAZ", "RUS"]\ngods = ["crude"]\n\n[[headline]]', "headline.gods", "no such setting"),
        ("[headline]", "[groups.oil]\n\n[headline]", "groups.oil", "a group has a key of small letters and a name"),
        ("[headline]", '[groups.oil]\nname = "Oil"\ncalibrate_on = "x"\n\n[headline]', "groups.oil.calibrate_on", "'x' is no year"),
    ],
)  # fmt: skip
def test_faults_of_questions_and_groups(folder, old, new, column, message):
    folder.edit("case.toml", old, new)
    assert any(f.column == column and message in f.message for f in folder.faults()), folder.faults()
