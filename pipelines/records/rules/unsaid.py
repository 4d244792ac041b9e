"""What a rule leaves unsaid, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.records.documents import Place
    from pipelines.records.rules.language import Rule, Scheme


def places(rule: Rule) -> Iterator[tuple[Place, str]]:
    """Every word of the rule that is `unsaid`: where it stands, and which word it is."""
    for place in _walk(rule, ()):
        if place == ("published_on",):
            continue
        if place[-1] == "precedence" and len({one.kind for one in rule.schemes[str(place[1])].overrides}) < 2:
            continue
        yield place, ".".join(str(part) for part in place)


def stops_scoring(scheme: Scheme) -> list[str]:
    """What keeps a scheme from being scored at all; empty where it can be.

    Missing values, negative values, groups, tenants and precedence are not among it: they concern single firms, and
    only these are refused.
    """
    found = []
    if isinstance(scheme.indicators, str):
        found.append("indicators")
    else:
        for code, scored in scheme.indicators.items():
            for word in ("weight", "base", "worst", "best", "points"):
                if getattr(scored, word) == "unsaid":
                    found.append(f"{word}:{code}")
    if scheme.grades.by == "unsaid":
        found.append("grades")
    found += [f"ranking:{override.id}" for override in scheme.overrides if override.ranking == "unsaid"]
    return found


def _walk(value: object, place: Place) -> Iterator[Place]:
    if value == "unsaid":
        yield place
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _walk(getattr(value, name), (*place, field.alias or name))
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _walk(part, (*place, name))
    elif isinstance(value, tuple):
        for number, part in enumerate(value):
            yield from _walk(part, (*place, number))
