"""Numbers as each language writes them, to the digit that was printed and no further."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

#: Powers of ten that a language has a word for, the largest first.
POWERS = {"zh": ((12, "万亿"), (8, "亿"), (4, "万")), "en": ((12, " trillion"), (9, " billion"), (6, " million"))}

#: Units that English does not say after a number: the indicator's name and the line of its unit do.
BARE = frozenset({"ratio", "rank", "index_previous_year", "index_fixed_base"})
#: Names of units that are the same for one and for many.
_SAME = frozenset({"yuan", "mu", "percent"})


def written(value: Decimal, step: int, language: str) -> str:
    """A value in words of its language: 278 000 to the thousand is 27.8万, in English 278,000.

    Args:
        value: in the base unit.
        step: the power of ten of its last printed digit.
        language: `zh` or `en`.
    """
    power, word = next(((at, word) for at, word in POWERS[language] if abs(value) >= Decimal(10) ** at), (0, ""))
    digits = max(0, power - step)
    scaled = value.scaleb(-power)
    if scaled != round(scaled, digits):
        digits = max(digits, -_exponent(scaled.normalize()))
    return f"{scaled.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN):,f}{word}"


def plural(unit: str, value: Decimal) -> str:
    """An English unit as it follows a value: `person` after 1, `persons` after 2; `tonnes of coal equivalent`."""
    head, of, rest = unit.partition(" of ")
    if abs(value) == 1 or unit in _SAME or head.endswith("s") or "per " in unit:
        return unit
    return f"{head}s{of}{rest}"


def exact(value: Decimal) -> str:
    """A value with all of its digits, in the base unit."""
    return f"{value.normalize():,f}"


def last_digit(value: Decimal) -> int:
    """The power of ten of the last digit of a value that is no nought: of 278 000 it is 3."""
    return _exponent(value.normalize()) if value else 0


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
