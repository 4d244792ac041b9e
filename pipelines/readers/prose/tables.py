"""The words that the rules know, from the tables in `rules/`; each is read once, when first asked for."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources

import yaml


@cache
def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of `rules/<name>.csv`."""
    text = resources.files(__package__).joinpath(f"rules/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def words_of(name: str, key: str) -> list[str]:
    """One list of words of `rules/<name>.yaml`."""
    text = resources.files(__package__).joinpath(f"rules/{name}.yaml").read_text(encoding="utf-8")
    return [str(word) for word in yaml.safe_load(text)[key]]


@cache
def pattern_of(name: str, key: str) -> str:
    """A list of words as one alternative, the longest first; the words may hold small patterns of their own."""
    return "|".join(sorted(words_of(name, key), key=lambda word: (-len(word), word)))


@cache
def first_letters(name: str, *keys: str) -> str:
    """What the words of these lists begin with, as the inside of a character class: elsewhere none is looked for."""
    words = [word for key in keys for word in words_of(name, key)]
    return "".join(sorted({letter for word in words for letter in _begins_with(word)}))


_BEGINNING = re.compile(
    r"(?:\(\?<[!=](?:[^()]|\[[^]]*\])*\))*(?:\[(?P<any>[^]]+)\]|\(\?:(?P<each>[^()]+)\)|(?P<one>\\?.))"
)


def _begins_with(word: str) -> set[str]:
    """The letters (or \\d, or a range) that a word, which may be a small pattern, can begin with."""
    found = _BEGINNING.match(word)
    if found is None:
        return set()
    if found["each"]:
        return {letter for part in found["each"].split("|") for letter in _begins_with(part)}
    return {found["any"] or found["one"]}


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, compiled when first used."""
    return re.compile(pattern)
