"""A document of realistic size about the routes of Kazakh crude. Every volume in it is made up: it shows the page, not the world."""

from __future__ import annotations

import calendar
import math
from typing import Any

# fmt: off
PLACES = [
    ("tengiz", "Tengiz", "KAZ", 53.38, 46.15, "field"),
    ("kashagan", "Bolashak (Kashagan)", "KAZ", 52.30, 47.30, "plant"),
    ("karachaganak", "Karachaganak", "KAZ", 53.28, 51.37, "field"),
    ("uzen", "Uzen", "KAZ", 52.87, 43.42, "field"),
    ("zhanazhol", "Zhanazhol", "KAZ", 57.44, 48.32, "field"),
    ("atyrau", "Atyrau", "KAZ", 51.87, 47.17, "junction"),
    ("aktau", "Aktau port", "KAZ", 51.17, 43.66, "port"),
    ("aktau_berths", "Aktau berths", "KAZ", 51.21, 43.60, "port"),
    ("kenkiyak", "Kenkiyak", "KAZ", 57.29, 48.59, "junction"),
    ("kumkol", "Kumkol", "KAZ", 65.60, 46.49, "junction"),
    ("atasu", "Atasu", "KAZ", 71.62, 48.65, "junction"),
    ("pavlodar", "Pavlodar refinery", "KAZ", 76.97, 52.28, "refinery"),
    ("shymkent", "Shymkent refinery", "KAZ", 69.60, 42.31, "refinery"),
    ("omsk", "Omsk", "RUS", 73.23, 55.09, "junction"),
    ("alashankou", "Alashankou", "CHN", 82.56, 45.19, "border"),
    ("dushanzi", "Dushanzi refinery", "CHN", 84.85, 44.37, "market"),
    ("komsomolskaya", "Komsomolskaya", "RUS", 46.62, 45.55, "junction"),
    ("kropotkinskaya", "Kropotkinskaya", "RUS", 40.57, 45.44, "junction"),
    ("cpc_terminal", "CPC Marine Terminal (Yuzhnaya Ozereevka)", "RUS", 37.65, 44.67, "port"),
    ("moorings", "CPC moorings", "RUS", 37.64, 44.62, "mooring"),
    ("novorossiysk", "Novorossiysk", "RUS", 37.78, 44.73, "port"),
    ("samara", "Samara", "RUS", 50.14, 53.21, "junction"),
    ("unecha", "Unecha", "RUS", 32.69, 52.84, "junction"),
    ("ust_luga", "Ust-Luga", "RUS", 28.28, 59.66, "port"),
    ("mozyr", "Mozyr", "BLR", 29.22, 52.04, "junction"),
    ("adamowo", "Adamowo", "POL", 23.05, 52.40, "border"),
    ("schwedt", "Schwedt refinery", "DEU", 14.28, 53.06, "market"),
    ("makhachkala", "Makhachkala", "RUS", 47.50, 42.98, "port"),
    ("sangachal", "Sangachal", "AZE", 49.46, 40.17, "port"),
    ("baku", "Baku", "AZE", 49.89, 40.38, "port"),
    ("tbilisi", "Tbilisi", "GEO", 44.83, 41.69, "junction"),
    ("supsa", "Supsa", "GEO", 41.77, 42.02, "port"),
    ("batumi", "Batumi", "GEO", 41.63, 41.64, "port"),
    ("ceyhan", "Ceyhan", "TUR", 35.93, 36.85, "port"),
    ("market", "World market", "XWD", 0.0, 0.0, "world"),
]

# id, name, from, to, mode, capacity (None: not known), sample flow before, after a closure of CPC, path, corridors
LINKS: list[tuple[str, str, str, str, str, float | None, float, float, list[list[float]], list[str]]] = [
    ("cpc_kz1", "CPC, Tengiz to Atyrau", "tengiz", "atyrau", "pipeline", 72.5, 29.1, 6.0, [], ["CPC, whole line"]),
    ("kash_atyrau", "Bolashak to Atyrau", "kashagan", "atyrau", "pipeline", None, 17.5, 4.0, [], []),
    ("kar_atyrau", "Karachaganak to Atyrau", "karachaganak", "atyrau", "pipeline", 10.5, 9.6, 3.2, [[52.0, 49.3]], []),
    ("cpc_kz2", "CPC, Atyrau to Komsomolskaya", "atyrau", "komsomolskaya", "pipeline", 72.5, 55.2, 0.0, [[49.2, 46.8]], ["CPC"]),
    ("cpc_ru1", "CPC, Komsomolskaya to Kropotkinskaya", "komsomolskaya", "kropotkinskaya", "pipeline", 83.0, 62.4, 0.0, [[43.5, 45.4]], ["CPC"]),
    ("cpc_ru2", "CPC, Kropotkinskaya to terminal", "kropotkinskaya", "cpc_terminal", "pipeline", 83.0, 62.4, 0.0, [[39.0, 45.1]], ["CPC"]),
    ("spm", "CPC moorings", "cpc_terminal", "moorings", "mooring", 83.0, 62.4, 0.0, [], ["CPC"]),
    ("cpc_sea", "Tankers from CPC", "moorings", "market", "sea", None, 62.4, 0.0, [], []),
    ("atyrau_samara", "Atyrau to Samara", "atyrau", "samara", "pipeline", 17.5, 8.6, 17.5, [[51.4, 49.4], [51.4, 51.2]], ["Atyrau–Samara"]),
    ("samara_unecha", "Druzhba, Samara to Unecha", "samara", "unecha", "pipeline", None, 4.1, 7.0, [[42.0, 53.2]], ["Druzhba"]),
    ("samara_novo", "Samara to Novorossiysk", "samara", "novorossiysk", "pipeline", None, 4.5, 10.5, [[45.5, 51.2], [41.5, 47.6]], ["Atyrau–Samara"]),
    ("unecha_luga", "BPS-2, Unecha to Ust-Luga", "unecha", "ust_luga", "pipeline", 36.0, 2.6, 5.5, [[31.5, 56.0]], []),
    ("unecha_mozyr", "Unecha to Mozyr", "unecha", "mozyr", "pipeline", None, 1.5, 1.5, [], ["Druzhba"]),
    ("mozyr_adamowo", "Mozyr to Adamowo", "mozyr", "adamowo", "pipeline", None, 1.5, 1.5, [], ["Druzhba"]),
    ("adamowo_schwedt", "Adamowo to Schwedt", "adamowo", "schwedt", "pipeline", 2.5, 1.5, 1.5, [[19.4, 52.5]], ["Druzhba"]),
    ("novo_sea", "Tankers from Novorossiysk", "novorossiysk", "market", "sea", None, 6.3, 14.4, [], []),
    ("luga_sea", "Tankers from Ust-Luga", "ust_luga", "market", "sea", None, 2.6, 5.5, [], []),
    ("aktau_makh", "Aktau to Makhachkala", "aktau", "makhachkala", "sea", 4.0, 1.8, 3.9, [[49.6, 43.4]], ["Makhachkala"]),
    ("makh_novo", "Makhachkala to Novorossiysk", "makhachkala", "novorossiysk", "pipeline", 4.0, 1.8, 3.9, [[44.0, 44.2]], ["Makhachkala"]),
    ("uzen_aktau", "Uzen to Aktau", "uzen", "aktau", "pipeline", None, 2.1, 4.2, [], []),
    ("uzen_atyrau", "Uzen to Atyrau", "uzen", "atyrau", "pipeline", None, 5.2, 2.0, [[53.6, 45.3]], []),
    ("tengiz_aktau", "Tengiz to Aktau by rail", "tengiz", "aktau", "rail", 5.0, 1.3, 5.0, [[55.0, 45.6], [54.2, 44.3]], ["Aktau–Baku"]),
    ("aktau_baku", "Aktau to Sangachal", "aktau", "sangachal", "sea", 7.0, 1.6, 5.3, [[50.6, 42.0]], ["Aktau–Baku"]),
    ("baku_return", "Sangachal to Aktau (products)", "sangachal", "aktau", "sea", 2.0, 0.4, 0.4, [[50.6, 42.0]], []),
    ("btc", "Baku–Tbilisi–Ceyhan", "sangachal", "ceyhan", "pipeline", 50.0, 29.4, 33.1, [[47.0, 40.6], [44.9, 41.5], [42.5, 40.9], [38.5, 39.5]], ["BTC"]),
    ("ceyhan_sea", "Tankers from Ceyhan", "ceyhan", "market", "sea", None, 29.4, 33.1, [], []),
    ("baku_supsa", "Baku to Supsa", "baku", "supsa", "pipeline", 7.0, 0.0, 0.0, [[46.0, 41.3], [43.4, 42.1]], []),
    ("baku_batumi", "Baku to Batumi by rail", "baku", "batumi", "rail", 10.0, 0.6, 1.9, [[46.4, 41.0], [44.8, 41.7]], []),
    ("batumi_sea", "Tankers from Batumi", "batumi", "market", "sea", None, 0.6, 1.9, [], []),
    ("zhan_kenk", "Zhanazhol to Kenkiyak", "zhanazhol", "kenkiyak", "pipeline", None, 2.9, 2.9, [], []),
    ("atyrau_kenk", "Atyrau to Kenkiyak", "atyrau", "kenkiyak", "pipeline", 6.0, 3.8, 6.0, [], ["China"]),
    ("kenk_kumkol", "Kenkiyak to Kumkol", "kenkiyak", "kumkol", "pipeline", 10.0, 6.7, 8.9, [[61.0, 47.7]], ["China"]),
    ("kumkol_atasu", "Kumkol to Atasu", "kumkol", "atasu", "pipeline", 20.0, 8.0, 10.0, [], ["China"]),
    ("atasu_alash", "Atasu to Alashankou", "atasu", "alashankou", "pipeline", 20.0, 11.2, 13.2, [[77.0, 46.8]], ["China"]),
    ("alash_dush", "Alashankou to Dushanzi", "alashankou", "dushanzi", "pipeline", 10.0, 9.9, 10.0, [], ["China"]),
    ("omsk_pavlodar", "Omsk to Pavlodar", "omsk", "pavlodar", "pipeline", 11.0, 9.0, 9.0, [], []),
    ("pavlodar_atasu", "Pavlodar to Atasu", "pavlodar", "atasu", "pipeline", None, 9.9, 9.9, [], []),
    ("atasu_shymkent", "Atasu to Shymkent", "atasu", "shymkent", "pipeline", None, 5.9, 5.9, [[67.0, 45.0]], []),
]
# fmt: on
CLOSED = ["cpc_kz2", "cpc_ru1", "cpc_ru2", "spm"]
PLANNED = {"baku_supsa": "closed", "trans_caspian": "planned"}


def sample_document() -> dict[str, Any]:
    """The sample."""
    return {
        "format": 1,
        "title": "Kazakhstan’s crude and the Russian coast",
        "subtitle": "SAMPLE: every volume and price on this page is made up to try the page out",
        "generated": "2026-11-24",
        "version": "0.1.0",
        "case": {"name": "sample", "title": "Crude oil routes (sample)", "hash": "5a" * 32},
        "sections": [
            {"id": "answers", "title": "In short", "blocks": [answers()]},
            {
                "id": "base",
                "title": "As it is",
                "intro": "A sample year, before any measure. Widths are flows; the pale casing is what the line could carry.",
                "blocks": [map_block([before()], "Flows and capacities"), sankey(), table()],
            },
            {
                "id": "cpc-closed",
                "title": "CPC closed for three months",
                "blocks": [
                    {
                        "type": "text",
                        "paragraphs": [
                            "Two thirds of the sample’s exports lose their way. Other routes take what their pumps, rails and tankers can take."
                        ],
                    },
                    {**map_block([before(), after()], "Before and after"), "differences": True},
                    series(),
                    prices(),
                    bars(),
                    matrix(),
                    ledger(),
                ],
            },
            {"id": "trust", "title": "What this rests on", "blocks": [sources()]},
        ],
    }


def answers() -> dict[str, Any]:
    return {
        "type": "answers",
        "items": [
            {
                "question": "Which share of Kazakhstan’s crude exports crosses Russia?",
                "answer": "In the sample, 94.6 % of Kazakhstan’s crude exports cross Russian territory: 81 % by the CPC line, the rest by Samara and Makhachkala.",
                "range": {
                    "low": 93.8,
                    "high": 95.9,
                    "unit": "%",
                    "digits": 1,
                    "reason": "sources differ on what moves by rail",
                },
                "detail": [
                    "Deliveries in Russia itself are not counted.",
                    "One tonne counts once, however often it crosses.",
                ],
                "command": "corridor share sample --good crude --of KAZ --through RUS",
            },
            {
                "question": "What happens if CPC closes from March to May?",
                "answer": "Exports fall by 9.1 Mt; 5.6 Mt find another way, most of it to Samara, and the first field shuts in after five days.",
                "command": "corridor compare sample --with closure:cpc:2024-03-01:2024-06-01",
            },
        ],
    }


def before() -> dict[str, Any]:
    return {"id": "before", "title": "Before", "flows": {row[0]: row[6] for row in LINKS if row[6]}, "closed": []}


def after() -> dict[str, Any]:
    flows = {row[0]: row[7] for row in LINKS if row[7]}
    return {
        "id": "after",
        "title": "CPC closed, March to May",
        "flows": flows,
        "closed": CLOSED,
        "capacity": dict.fromkeys(CLOSED, 0.0),
    }


def map_block(views: list[dict[str, Any]], title: str) -> dict[str, Any]:
    keys = ("id", "name", "country", "lon", "lat", "kind")
    nodes = [dict(zip(keys, place, strict=True)) for place in PLACES]
    links = [
        {
            "id": name, "name": told, "from": start, "to": end, "mode": mode, "good": "Crude oil",
            "status": PLANNED.get(name, "open"), "corridors": corridors, "path": path, "capacity": capacity, "unit": "Mt/yr",
        }
        for name, told, start, end, mode, capacity, _, _, path, corridors in LINKS
    ]  # fmt: skip
    links.append(
        {
            "id": "trans_caspian", "name": "Trans-Caspian line", "from": "aktau", "to": "baku", "mode": "pipeline",
            "good": "Crude oil", "status": "planned", "corridors": [], "path": [[52.2, 41.9]], "capacity": 20.0, "unit": "Mt/yr",
        }
    )  # fmt: skip
    return {
        "type": "maps",
        "title": title,
        "nodes": nodes,
        "links": links,
        "views": views,
        "note": "Sample volumes, million tonnes a year.",
    }


def sankey() -> dict[str, Any]:
    fields = [
        ("tengiz", "Tengiz", 29.1),
        ("kashagan", "Kashagan", 17.5),
        ("karachaganak", "Karachaganak", 9.6),
        ("others", "Other fields", 14.2),
    ]
    routes = [
        ("cpc", "CPC", 0.80),
        ("samara", "Atyrau–Samara", 0.11),
        ("btc", "Aktau and BTC", 0.03),
        ("china", "Atasu–Alashankou", 0.06),
    ]
    markets = [("med", "Mediterranean", 0.74), ("nw", "North-west Europe", 0.14), ("cn", "China", 0.12)]
    links = []
    for field, _, volume in fields:
        links += [{"source": field, "target": route, "value": round(volume * share, 3)} for route, _, share in routes]
    total = sum(volume for _, _, volume in fields)
    for route, _, share in routes:
        if route == "china":
            links.append({"source": route, "target": "cn", "value": round(total * share, 3)})
            continue
        links += [
            {"source": route, "target": market, "value": round(total * share * weight, 3)}
            for market, weight in (("med", 0.8), ("nw", 0.2))
        ]
    nodes = [{"id": name, "label": label, "column": 0} for name, label, _ in fields]
    nodes += [{"id": name, "label": label, "column": 1} for name, label, _ in routes]
    nodes += [{"id": name, "label": label, "column": 2} for name, label, _ in markets]
    return {
        "type": "sankey",
        "title": "From field to market",
        "columns": ["Field", "Route", "Market"],
        "nodes": nodes,
        "links": links,
        "unit": "Mt/yr",
    }


def months() -> list[dict[str, str]]:
    ends = [f"2024-{m + 1:02d}-01" if m < 12 else "2025-01-01" for m in range(1, 13)]
    return [
        {"start": f"2024-{m:02d}-01", "end": end, "label": f"{calendar.month_abbr[m]} 2024"}
        for m, end in enumerate(ends, 1)
    ]


def series() -> dict[str, Any]:
    shut = [3, 4, 5]
    routes = {
        "CPC": (62.4, 0.0),
        "Atyrau–Samara": (8.6, 17.5),
        "China": (4.4, 6.4),
        "Aktau–Baku": (1.6, 5.3),
        "Makhachkala": (1.8, 3.9),
    }
    lines = [
        {
            "name": name,
            "values": [low if m in shut else round(high * (1 + 0.03 * math.sin(m)), 3) for m in range(1, 13)],
        }
        for name, (high, low) in routes.items()
    ]
    return {
        "type": "series", "title": "What each route carries", "unit": "Mt/yr", "periods": months(), "series": lines, "stacked": True,
        "marks": [{"start": "2024-03-01", "end": "2024-06-01", "label": "CPC closed"}],
        "reference": {"name": "without the measure", "values": [round(78.8 * (1 + 0.03 * math.sin(m)), 3) for m in range(1, 13)]},
    }  # fmt: skip


def prices() -> dict[str, Any]:
    lines = []
    for name, level, drop in (("Augusta", 610, -14), ("Tengiz", 498, 260), ("Dushanzi", 602, 11)):
        lines.append({"name": name, "group": "before", "values": [level + 4 * (m % 3) for m in range(12)]})
        changed: list[float | None] = [level + 4 * (m % 3) - (drop if m in (2, 3, 4) else 0) for m in range(12)]
        if name == "Dushanzi":
            changed[3] = None
        lines.append({"name": name, "group": "CPC closed", "values": changed})
    return {"type": "series", "title": "Prices", "unit": "USD/t", "periods": months(), "series": lines, "stacked": False,
            "marks": [{"start": "2024-03-01", "end": "2024-06-01", "label": "CPC closed"}]}  # fmt: skip


def bars() -> dict[str, Any]:
    rows = [
        ("Kazakhstan", {"producers": -2410.0, "government": -1830.0, "owners": 120.0}),
        ("Russia", {"owners": -310.0, "government": -95.0, "producers": 160.0}),
        ("Azerbaijan", {"owners": 84.0, "government": 9.0}),
        ("China", {"consumers": -42.0, "owners": 31.0}),
        ("Rest of the world", {"outside": -1275.0}),
    ]
    told = [
        {
            "label": label,
            "parts": [{"role": role, "value": value} for role, value in parts.items()],
            "total": round(sum(parts.values()), 3),
        }
        for label, parts in rows
    ]
    return {"type": "bars", "title": "Who pays, who gains", "unit": "million USD", "rows": told,
            "roles": ["producers", "government", "owners", "consumers", "outside"], "note": "Sample figures. Parts add up to the total."}  # fmt: skip


def matrix() -> dict[str, Any]:
    """Payoffs of both sides: Kazakhstan chooses the row, Russia the column; one cell is stable, one has no answer."""
    kazakh: list[list[float | None]] = [[0.0, -82.0, -410.0], [36.0, 31.0, None], [-5.0, -90.0, -400.0]]
    russian: list[list[float | None]] = [[0.0, 12.0, -150.0], [-71.0, -64.0, None], [-8.0, 4.0, -160.0]]

    def cell(value: float | None, i: int, j: int, gdp: float) -> dict[str, Any]:
        if value is None:
            return {"value": None, "why": "no answer"}
        parts = [{"role": "producers", "value": 1.5 * value}, {"role": "consumers", "value": -0.5 * value}]
        told: dict[str, Any] = {"value": value, "share": 100 * value / gdp, "parts": parts}
        return told | ({"marked": True} if (i, j) == (1, 1) else {})

    views = [
        {"id": side, "title": f"What {side} gains", "cells": [[cell(v, i, j, gdp) for j, v in enumerate(row)] for i, row in enumerate(values)]}
        for side, values, gdp in (("Kazakhstan", kazakh, 288e3), ("Russia", russian, 2.17e6))
    ]  # fmt: skip
    worse = {"word": "always worse", "than": "does nothing"}
    return {
        "type": "matrix",
        "title": "What each side gains or loses",
        "unit": "million USD",
        "share_of": "% of its GDP",
        "down": "Kazakhstan",
        "across": "Russia",
        "rows": [{"label": "does nothing"}, {"label": "bans imports of wheat"}, {"label": "bans transit of wheat", "dominated": worse}],
        "columns": [{"label": "does nothing"}, {"label": "bans exports of wheat"}, {"label": "bans all of it", "dominated": worse}],
        "views": views,
        "mark": {"short": "stable", "words": "neither side gains by leaving this pair alone"},
    }  # fmt: skip


def table() -> dict[str, Any]:
    rows = [
        {
            "link": name,
            "capacity": {"value": None, "why": "not known"} if capacity is None else {
                "value": capacity, "source": ["sample_2025"], "basis": "assumed" if capacity < 8 else "observed",
                "confidence": "medium", "low": capacity * 0.9, "high": capacity * 1.1, "note": "made up",
            },
            "flow": flow,
            "mode": mode,
        }
        for _, name, _, _, mode, capacity, flow, _, _, _ in LINKS
    ]  # fmt: skip
    columns = [
        {"key": "link", "label": "Link"}, {"key": "mode", "label": "Mode"},
        {"key": "capacity", "label": "Capacity", "unit": "Mt/yr", "numeric": True, "digits": 1},
        {"key": "flow", "label": "Flow", "unit": "Mt/yr", "numeric": True, "digits": 1},
    ]  # fmt: skip
    return {
        "type": "table",
        "title": "Links",
        "columns": columns,
        "rows": rows,
        "caption": "Capacities and flows of the sample year",
    }


def ledger(count: int = 2000) -> dict[str, Any]:
    rows = [
        {
            "period": f"2024-{i % 12 + 1:02d}",
            "what": f"link {i // 12}",
            "before": round(10 + math.sin(i) * 5, 3),
            "after": 0.0,
        }
        for i in range(count)
    ]
    columns = [
        {"key": "period", "label": "Period"}, {"key": "what", "label": "What"},
        {"key": "before", "label": "Before", "numeric": True, "digits": 2}, {"key": "after", "label": "After", "numeric": True, "digits": 2},
    ]  # fmt: skip
    return {"type": "table", "title": "Ledger", "columns": columns, "rows": rows, "collapsed": True}


def sources() -> dict[str, Any]:
    return {
        "type": "sources",
        "title": "Sources",
        "rows": [
            {
                "key": "sample_2025",
                "title": "A sample of a yearbook",
                "publisher": "Nobody",
                "date": "2025-05-01",
                "url": "https://example.org/yearbook",
                "licence": "CC BY 4.0",
            },
            {
                "key": "letter",
                "title": "A letter, not on the web",
                "publisher": "Nobody",
                "date": "",
                "url": "",
                "licence": "",
            },
        ],
    }


def timeline(count: int = 24) -> dict[str, Any]:
    """Bars, points, announcements, what is open at either end, what lies beside the axis, several countries and goods."""
    rows = [
        happening("quota", "Russia sets the transit quota of the year", "2024-01-01", "2025-01-01", ["Russia"], announced="2023-11-20", models=["Transit quota"]),
        happening("sanctions", "Sanctions on the seller’s bank, in force since long before", "2014-08-01", None, ["United States"], is_open=True),
        happening("storm", "Storm at the moorings", "2024-03-14", None, ["Russia"], note="two of three moorings out"),
        happening("treaty", "A treaty signed", "1994-06-01", None, ["Kazakhstan", "Russia"]),
        happening("plant", "A plant is to start", "2041-01-01", None, ["Kazakhstan"]),
        happening("law", "A law until the end of spring", None, "2024-06-01", ["Kazakhstan"], models=["Ban"]),
        happening("pact", "A pact of many", "2023-05-01", "2026-05-01", ["Kazakhstan", "Russia", "Uzbekistan"], goods=["Crude oil", "Diesel", "Petrol"]),
        happening("late", "A rule with a rather long name that would not end before the edge", "2025-12-01", None, ["Kazakhstan"], announced="2025-06-01"),
    ]  # fmt: skip
    rows += [
        happening(f"order_{i}", f"Order {i} on exports by road", f"2024-{i % 12 + 1:02d}-01", f"2025-{i % 12 + 1:02d}-01", ["Kazakhstan"], goods=["Diesel"])
        for i in range(count - len(rows))
    ]  # fmt: skip
    return {"type": "timeline", "rows": rows, "note": "Made up.",
            "solved": {"start": "2024-01-01", "end": "2025-01-01", "label": "Calendar of the answers"}}  # fmt: skip


def happening(
    name: str, told: str, start: str | None, end: str | None, countries: list[str], *, announced: str | None = None,
    is_open: bool = False, models: list[str] | None = None, goods: list[str] | None = None, note: str = "",
) -> dict[str, Any]:  # fmt: skip
    row: dict[str, Any] = {
        "id": name, "name": told, "what": "event", "start": start, "end": end, "announced": announced, "open": is_open,
        "countries": countries, "goods": goods or ["Crude oil"], "models": models or [], "source": ["letter"], "basis": "observed",
    }  # fmt: skip
    return row | ({"note": note} if note else {})


def grouped_document(happenings: int = 24) -> dict[str, Any]:
    """The sample with two groups of goods, and a section that is of neither."""
    document = sample_document()
    first, base, closed, trust = document["sections"]
    oil, food = "Crude oil", "Food & fodder"
    question, other = answers()["items"]
    shorts = [
        {"type": "answers", "title": oil, "group": oil, "items": [question | {"section": "base"}, other | {"section": "cpc-closed"}]},
        {"type": "answers", "title": food, "group": food, "items": [{"question": "Does a ban on wheat bite?", "answer": "No.", "command": "corridor solve sample", "section": "base-2"}]},
    ]  # fmt: skip
    dates = {
        "id": "dates",
        "title": "What happened, and what is in force",
        "blocks": [timeline(happenings)],
        "group": oil,
    }
    few = timeline(3)
    return document | {
        "sections": [
            first | {"blocks": shorts},
            base | {"group": oil},
            dates,
            closed | {"group": oil},
            {"id": "base-2", "title": "As it is", "blocks": [map_block([before()], "Flows"), bars()], "group": food},
            {"id": "dates-2", "title": "What happened, and what is in force", "blocks": [few], "group": food},
            trust,
        ]
    }
