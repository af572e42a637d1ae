"""Which links lie in an area: by their ends, or by the points they are drawn through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.network.model import Bools
    from corridor.program import Floats

__all__ = ["links_inside"]


def links_inside(case: Case) -> dict[str, dict[str, tuple[int, ...]]]:
    """Area -> `ends` (both ends inside) or `path` (an end or any point of the path inside) -> positions of links."""
    areas = case.tables["areas"]
    if areas.empty:
        return {}
    nodes, links = case.tables["nodes"], case.tables["links"]
    place = dict(zip(nodes["id"], zip(nodes["lon"], nodes["lat"], strict=True), strict=True))
    ends = np.array([(place[a], place[b]) for a, b in zip(links["from"], links["to"], strict=True)], dtype=float)
    drawn = [np.array([_point(text) for text in path], dtype=float).reshape(-1, 2) for path in links["path"]]
    found = {}
    for name, polygon in zip(areas["id"], areas["polygon"], strict=True):
        corners = np.array([_point(text) for text in polygon], dtype=float)
        at_ends = _inside(ends.reshape(-1, 2), corners).reshape(-1, 2)
        on_path = np.array([_inside(points, corners).any() for points in drawn], dtype=bool)
        found[name] = {
            "ends": tuple(np.flatnonzero(at_ends.all(axis=1)).tolist()),
            "path": tuple(np.flatnonzero(at_ends.any(axis=1) | on_path).tolist()),
        }
    return found


def _point(text: str) -> tuple[float, float]:
    lon, lat = text.split()
    return float(lon), float(lat)


def _inside(points: Floats, corners: Floats) -> Bools:
    """Whether points lie in a polygon, by the crossings of a ray to the east (Shimrat 1962); shape (points,)."""
    inside = np.zeros(len(points), dtype=bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        spans = (y1 > points[:, 1]) != (y2 > points[:, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = x1 + (points[:, 1] - y1) * (x2 - x1) / (y2 - y1)
        inside ^= spans & (points[:, 0] < crossing)
    return inside
