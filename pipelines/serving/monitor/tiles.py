"""Tile maps of our own: a tile a place, where it lies as seen from its neighbours; positions stand in tiles.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.asking.observations import Observation

#: From pale to dark, one hue, so that order shows without colour too.
SHADES = ("#deebf7", "#9ecae1", "#6baed6", "#3182bd", "#08519c")
#: Fewer places than this make no map.
LEAST = 4


@dataclass(frozen=True)
class Tile:
    """A place on a map; `figure` is None where it has none, `shade` then too."""

    ref_area: str
    column: int
    row: int
    figure: Observation | None
    shade: int | None


@dataclass(frozen=True)
class TileMap:
    """A map of one series in one period: `name` says which (provinces, cities, counties)."""

    name: str
    about: Observation
    tiles: list[Tile]


@cache
def positions() -> dict[str, dict[str, tuple[int, int]]]:
    """Of each map the column and row of every place."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    with (files("pipelines.serving.monitor") / "tiles.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["map"], {})[row["ref_area"]] = (int(row["column"]), int(row["row"]))
    return found


def maps(figures: Sequence[Observation]) -> list[TileMap]:
    """For each map the latest period of the series with the most places, where they are enough."""
    found = []
    for name, placed in positions().items():
        groups: dict[tuple[str, ...], dict[str, Observation]] = {}
        for each in figures:
            if each.is_current and each.ref_area in placed and each.time_basis != "target":
                key = (each.time_period, each.breakdown, each.freq, each.time_basis, each.base_period or "")
                groups.setdefault(key, {})[each.ref_area] = each
        if not groups:
            continue
        most = max(groups, key=lambda key: (len(groups[key]), key))
        if len(groups[most]) >= LEAST:
            found.append(_drawn(name, placed, groups[most]))
    return found


def _drawn(name: str, placed: dict[str, tuple[int, int]], figures: dict[str, Observation]) -> TileMap:
    ordered = sorted(each.value for each in figures.values())
    tiles = []
    for code, (column, row) in placed.items():
        figure = figures.get(code)
        shade = None if figure is None else ordered.index(figure.value) * len(SHADES) // len(ordered)
        tiles.append(Tile(code, column, row, figure, shade))
    return TileMap(name, next(iter(figures.values())), tiles)
