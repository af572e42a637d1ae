"""A picture of predicted against observed changes: one mark per shock, the diagonal is a perfect prediction."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor.analysis import Replay, Replayed

__all__ = ["replay_picture"]

SIDE, LEFT, TOP, LEGEND = 460, 64, 28, 470
END = 1.1
"""Changes beyond this, as a share of the level before, stand at the edge with their figure."""
_COLOURS = ("#1b6ca8", "#b3541e", "#6b4fa0", "#2e7d4f", "#8a6d00", "#a0305a")


def replay_picture(told: Replay) -> str:
    """An SVG of the shocks that count: filled with effect, hollow without; numbered, with the list beside them."""
    shocks = [*told.counted(effect=True), *told.counted(effect=False)]
    goods = list(dict.fromkeys(s.good for s in shocks))
    names = dict(zip(told.case.tables["goods"]["id"], told.case.tables["goods"]["name"], strict=True))
    height = max(TOP + SIDE + 56, TOP + 40 + 17 * (len(shocks) + len(goods) + 3))
    width = LEFT + SIDE + 24 + LEGEND
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            'font-family="system-ui, sans-serif" font-size="12">'
        ),
        "<title>Predicted against observed change of documented shocks</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *_axes(),
        *_marks(shocks, [_COLOURS[goods.index(s.good) % len(_COLOURS)] for s in shocks]),
        *_legend(shocks, goods, names),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _at(change: float) -> float:
    """Share of the axis, 0 to 1, at which a change stands."""
    return (min(max(change, -END), END) + END) / (2 * END)


def _axes() -> list[str]:
    lines = [
        f'<rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>',
        f'<line x1="{LEFT}" y1="{TOP + SIDE}" x2="{LEFT + SIDE}" y2="{TOP}" stroke="#888" stroke-dasharray="5 4"/>',
    ]
    for tick in (-1.0, -0.5, 0.0, 0.5, 1.0):
        x, y = LEFT + SIDE * _at(tick), TOP + SIDE * (1 - _at(tick))
        label = f"{100 * tick:+.0f} %" if tick else "0"
        lines += [
            f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{TOP + SIDE}" stroke="#e4e4e4"/>',
            f'<line x1="{LEFT}" y1="{y:.1f}" x2="{LEFT + SIDE}" y2="{y:.1f}" stroke="#e4e4e4"/>',
            f'<text x="{x:.1f}" y="{TOP + SIDE + 18}" text-anchor="middle" fill="#333">{label}</text>',
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#333">{label}</text>',
        ]
    middle = LEFT + SIDE / 2
    return [
        *lines,
        f'<text x="{middle}" y="{TOP + SIDE + 40}" text-anchor="middle" fill="#111">observed change, of the level before</text>',
        f'<text x="{LEFT}" y="{TOP - 10}" fill="#111">predicted change</text>',
    ]


def _marks(shocks: list[Replayed], colours: list[str]) -> list[str]:
    """Marks, and their numbers where no other mark or number stands."""
    places = [(s.observed / s.before - 1.0, (s.predicted or 0.0) / s.before - 1.0) for s in shocks]
    points = [(LEFT + SIDE * _at(x), TOP + SIDE * (1 - _at(y))) for x, y in places]
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in points]
    lines = []
    for number, (s, colour, (x, y), (observed, _)) in enumerate(zip(shocks, colours, points, places, strict=True), 1):
        text = f"{number} {100 * observed:+.0f} %" if abs(observed) > END else f"{number}"
        wide = 7.0 * len(text)
        spots = [
            (x + dx - (wide if dx < 0 else 0), y + dy)
            for r in (0, 12, 24, 36)
            for dy in (-r, r)
            for dx in (9, -9, 24, -24)
        ]
        at = next((spot for spot in spots if _free(spot, wide, taken)), spots[0])
        taken.append((at[0], at[1] - 6, at[0] + wide, at[1] + 6))
        fill = colour if s.effect else "#fff"
        lines += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{fill}" stroke="{colour}" stroke-width="1.8"/>',
            f'<text x="{at[0]:.1f}" y="{at[1] + 4:.1f}" fill="#111">{text}</text>',
        ]
    return lines


def _free(spot: tuple[float, float], wide: float, taken: list[tuple[float, float, float, float]]) -> bool:
    """Whether a label fits inside the frame and over nothing."""
    left, top, right, bottom = spot[0], spot[1] - 6, spot[0] + wide, spot[1] + 6
    inside = left >= LEFT and right <= LEFT + SIDE and top >= TOP and bottom <= TOP + SIDE
    return inside and not any(left < r and right > x and top < b and bottom > y for x, y, r, b in taken)


def _legend(shocks: list[Replayed], goods: list[str], names: dict[str, str]) -> list[str]:
    x, y = LEFT + SIDE + 36, TOP + 4
    lines = []
    for position, good in enumerate(goods):
        colour = _COLOURS[position % len(_COLOURS)]
        lines.append(f'<circle cx="{x}" cy="{y + 17 * position}" r="5.5" fill="{colour}"/>')
        lines.append(f'<text x="{x + 12}" y="{y + 17 * position + 4}" fill="#111">{escape(names[good])}</text>')
    y += 17 * len(goods) + 4
    lines.append(f'<text x="{x - 6}" y="{y + 4}" fill="#555">filled: an effect was reported; hollow: none was</text>')
    y += 22
    for number, s in enumerate(shocks, 1):
        text = f"{number}  {s.name}"
        lines.append(f'<text x="{x - 6}" y="{y + 17 * (number - 1) + 4}" fill="#111">{escape(text)}</text>')
    return lines
