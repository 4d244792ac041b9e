"""The words that the project's reference data know: names of places and unit words, from their seeds.

Readers ask whether a word is a place or a unit; which one it is, staging says. Both go by the same lists.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path

from pipelines.project import Project, current

#: The seeds that decide how a file is read; landing reads every source again when one of them changes.
READ_BY_READERS = ("area_names", "areas", "unit_words")
_SPACES = re.compile(r"[\s'’·-]+")
_LEVEL_EN = re.compile(r"(?: shi| sheng)?(?: city| province| municipality)?$")


def seed_paths(project: Project) -> list[Path]:
    """The seeds of `READ_BY_READERS`, where the project has them."""
    folder = project.dbt / "seeds" / "reference"
    return [path for name in READ_BY_READERS if (path := folder / f"{name}.csv").is_file()]


def place_key(name: str) -> str:
    """A place's name without blanks, case and the English word for its level."""
    return _SPACES.sub("", _LEVEL_EN.sub("", name.strip().lower()))


def is_known_place(name: str) -> bool:
    """Whether the reference data know a place of this name, now or ever."""
    return place_key(name) in _places(_folder())


def is_known_unit(words: str) -> bool:
    """Whether the reference data know these unit words."""
    return words in _units(_folder())


def _folder() -> Path:
    here = current().dbt / "seeds" / "reference"
    return (
        here if (here / "areas.csv").is_file() else Path(__file__).resolve().parents[2] / "dbt_project/seeds/reference"
    )


@lru_cache(maxsize=4)
def _places(folder: Path) -> frozenset[str]:
    names: set[str] = set()
    with (folder / "area_names.csv").open(encoding="utf-8", newline="") as stream:
        names.update(place_key(row["place_printed"]) for row in csv.DictReader(stream))
    with (folder / "areas.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            names.update((place_key(row["name_zh"]), place_key(row["name_en"].partition(",")[0])))
    return frozenset(names - {""})


@lru_cache(maxsize=4)
def _units(folder: Path) -> frozenset[str]:
    with (folder / "unit_words.csv").open(encoding="utf-8", newline="") as stream:
        return frozenset(row["unit_printed"] for row in csv.DictReader(stream))
