"""Keys of series as a condition of a question: of some dimensions any of some values, and any of several such keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    #: Of each dimension that is named the values that are wanted; one that is not named is open.
    Key = Mapping[str, Sequence[str]]


def any_of(keys: Iterable[Key], values: dict[str, object]) -> str:
    """What a row has to be that one of the keys chooses, and what that binds, which is added to `values`.

    Args:
        keys: names of dimensions are the caller's own words, and names of columns.
        values: what the question binds besides.

    Returns:
        A condition; nothing where there is no key, or one that chooses everything.
    """
    conditions = [_one(key, values) for key in keys]
    return f"({' or '.join(conditions)})" if conditions and all(conditions) else ""


def _one(key: Key, values: dict[str, object]) -> str:
    found = []
    for dimension, wanted in key.items():
        names = [f"value_{len(values) + at}" for at in range(len(wanted))]
        values |= dict(zip(names, wanted, strict=True))
        found.append(f'"{dimension}" in ({", ".join(f"${name}" for name in names)})')
    return f"({' and '.join(found)})" if found else ""
