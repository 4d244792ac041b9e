"""How a value and its interval are written for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

#: Qualifiers of prints whose upper end belongs to what they allow.
_CLOSED_ABOVE = frozenset({"nearly", "at_most", "less_than"})


def plain(value: Decimal) -> str:
    """A decimal without the zeros that only fill its column's scale."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def interval(low: Decimal | None, high: Decimal | None, qualifier: str) -> str:
    """What a print allows, in mathematical notation."""
    closed = "]" if qualifier in _CLOSED_ABOVE else ")"
    left = "(-∞" if low is None else f"[{plain(low)}"
    return f"{left}, {'∞)' if high is None else plain(high) + closed}"
