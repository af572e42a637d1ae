"""Thousands of variations of a case: does an answer hold over what we don't know, and which unknown moves it most?"""

from __future__ import annotations

from corridor.sweep.design import Design, design_page, read_design
from corridor.sweep.firm import Firm, with_variations
from corridor.sweep.run import UnfinishedError, resume, sweep
from corridor.sweep.show import Bar, Shown, Spread, show
from corridor.sweep.store import Store, open_store
from corridor.sweep.words import kinds_sentence, number, spread_sentence

__all__ = [
    "Bar",
    "Design",
    "Firm",
    "Shown",
    "Spread",
    "Store",
    "UnfinishedError",
    "design_page",
    "kinds_sentence",
    "number",
    "open_store",
    "read_design",
    "resume",
    "show",
    "spread_sentence",
    "sweep",
    "with_variations",
]
