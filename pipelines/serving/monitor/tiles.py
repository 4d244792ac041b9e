"""Tile maps of our own: a tile a place, where it lies as seen from its neighbours; positions stand in tiles.csv."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def positions() -> dict[str, dict[str, tuple[int, int]]]:
    """Of each map the column and row of every place, as it lies seen from its neighbours."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    with (files("pipelines.serving.monitor") / "tiles.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["map"], {})[row["ref_area"]] = (int(row["column"]), int(row["row"]))
    return found
