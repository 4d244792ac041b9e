"""What a spreadsheet shows of a stored number: its number format applied.

Only what prints of statistics use: decimals, thousands, percent, scaling commas (`0!.0,` shows 12345 as 1.2, in 万),
literals, sections for negative numbers and zero, and dates as the year, month or day that the format shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

#: Formats that have a number and no text in a workbook; 27 to 58 are those of Chinese editions.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"',
    30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: "h:mm", 35: "h:mm:ss",
    36: 'yyyy"年"m"月"', 37: "#,##0_);(#,##0)", 38: "#,##0_);(#,##0)", 39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);(#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: 'yyyy"年"m"月"',
    56: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<bracket>[^\]]*)\]|'
    r"(?P<general>General|G/通用格式)|(?P<digit>[0#?])|(?P<percent>[%‰])|(?P<exponent>E[+-])|(?P<date>[ymdhsegab]+)|"
    r"(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
_LENGTH_AT_MOST = 255


@dataclass(frozen=True)
class _Section:
    """One section of a format: its parts as (kind, text), and the numbers that it is for."""

    parts: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None = None

    def has(self, kind: str) -> bool:
        return any(part == kind for part, _ in self.parts)


def number_text(number: float) -> str:
    """A stored number as a cell of format General prints it: at most 15 significant digits, no exponent, no `.0`."""
    text = format(Decimal(f"{number:.15g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(number: float, number_format: str, *, from_1904: bool = False) -> str:
    """What a cell shows of a number; "" where its format shows nothing (`;;;`).

    A date gives the year (`2019年`), month (`2019年10月`) or day (`2019-10-08`) that the format shows of it.
    """
    if len(number_format) > _LENGTH_AT_MOST:
        return number_text(number)
    sections = _sections(number_format)
    exact = Decimal(f"{number:.15g}")
    section, is_own_negative = _section_for(exact, sections)
    if section.has("date"):
        return _date_text(number, section, from_1904=from_1904)
    if section.has("general") or section.has("fraction") or section.has("text"):
        return number_text(number)
    if not section.has("digit"):
        return "".join(text for kind, text in section.parts if kind == "literal")
    return _number(exact, section, is_own_negative=is_own_negative)


def is_general(number_format: str) -> bool:
    """Whether a format shows numbers as they are stored."""
    return number_format in ("General", "G/通用格式", "@", "")


@lru_cache(maxsize=512)
def _sections(number_format: str) -> tuple[_Section, ...]:
    texts, depth_quote, current, position = [], False, "", 0
    while position < len(number_format):
        char = number_format[position]
        if char == '"':
            depth_quote = not depth_quote
        if char in "\\!" and not depth_quote and position + 1 < len(number_format):
            current += number_format[position : position + 2]
            position += 2
            continue
        if char == ";" and not depth_quote:
            texts.append(current)
            current = ""
        else:
            current += char
        position += 1
    return tuple(_section(text) for text in [*texts, current][:4])


def _section(text: str) -> _Section:
    parts: list[tuple[str, str]] = []
    condition = None
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind in ("quoted", "escaped", "currency"):
            parts.append(("literal", token[kind] or ""))
        elif kind == "bracket":
            if found := _CONDITION.fullmatch(token["bracket"]):
                condition = (found[1], Decimal(found[2]))
            elif _ELAPSED.fullmatch(token["bracket"]):
                parts.append(("date", token["bracket"]))
        elif kind in ("digit", "percent", "exponent", "general", "date"):
            parts.append((kind, token[0]))
        elif kind == "other":
            char = token[0]
            name = {".": "point", ",": "comma", "/": "slash", "@": "text"}.get(char, "literal")
            parts.append((name, char))
    kinds = [kind for kind, _ in parts]
    if "date" in kinds and "digit" not in kinds:
        return _Section(tuple(parts), condition)
    parts = [("literal", text) if kind == "date" else (kind, text) for kind, text in parts]
    if "slash" in kinds and "digit" in kinds:
        parts.append(("fraction", ""))
    return _Section(tuple(parts), condition)


def _section_for(number: Decimal, sections: tuple[_Section, ...]) -> tuple[_Section, bool]:
    """The section of a number, and whether it is for negative ones only, which then show no sign of their own."""
    for section in sections:
        if section.condition and _meets(number, *section.condition):
            return section, False
    plain = [section for section in sections if not section.condition] or [sections[-1]]
    if len(plain) > 2 and number == 0:
        return plain[2], False
    if len(plain) > 1 and number < 0:
        return plain[1], True
    return plain[0], False


def _meets(number: Decimal, sign: str, bound: Decimal) -> bool:
    return {
        "<": number < bound, ">": number > bound, "=": number == bound, "<>": number != bound,
        "<=": number <= bound, ">=": number >= bound,
    }[sign]  # fmt: skip


def _number(number: Decimal, section: _Section, *, is_own_negative: bool) -> str:
    """The number in the placeholders of a section; one in parentheses of its own section is negative."""
    kinds = [kind for kind, _ in section.parts]
    if "exponent" in kinds:
        return f"{number:E}"
    point = kinds.index("point") if "point" in kinds else len(kinds)
    last_whole = max((at for at, kind in enumerate(kinds[:point]) if kind == "digit"), default=0)
    last_digit = max(at for at, kind in enumerate(kinds) if kind == "digit")
    grouped = "comma" in kinds[:last_whole]
    scale = kinds[last_whole + 1 : point].count("comma") + kinds[max(last_digit, point) + 1 :].count("comma")
    percents = sum(1 if text == "%" else 0 for kind, text in section.parts if kind == "percent")
    per_mille = sum(1 if text == "‰" else 0 for kind, text in section.parts if kind == "percent")
    value = abs(number).scaleb(2 * percents + 3 * per_mille - 3 * scale)
    decimals = [text for kind, text in section.parts[point:] if kind == "digit"]
    rounded = value.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    whole, _, fraction = format(rounded, "f").partition(".")
    body = _whole(whole, section.parts[:point], grouped=grouped) + _fraction(fraction, section.parts[point:])
    literal_open = any(kind == "literal" and "(" in text for kind, text in section.parts)
    if is_own_negative and literal_open:
        return "-" + body.replace("(", "").replace(")", "").strip()
    if body.startswith("."):
        body = f"0{body}"
    has_minus = any(kind == "literal" and text == "-" for kind, text in section.parts)
    sign = "-" if number < 0 and rounded != 0 and not (is_own_negative and has_minus) else ""
    return sign + body.strip()


def _whole(digits: str, parts: tuple[tuple[str, str], ...], *, grouped: bool) -> str:
    """Digits laid into the placeholders from the right; what is left over stands before the first."""
    holders = [text for kind, text in parts if kind == "digit"]
    digits = digits.lstrip("0")
    digits = digits.rjust(sum(1 for holder in holders if holder == "0"), "0")
    is_interrupted = any(
        kind == "literal" and any(k == "digit" for k, _ in parts[:at]) and any(k == "digit" for k, _ in parts[at:])
        for at, (kind, _) in enumerate(parts)
    )
    if not is_interrupted:
        number = f"{int(digits):,}" if grouped and digits else digits
        text, placed = "", False
        for kind, part in parts:
            if kind == "digit":
                text += "" if placed else number
                placed = True
            elif kind in ("literal", "percent"):
                text += part
        return text
    text, left = "", digits
    for kind, part in reversed(parts):
        if kind == "digit":
            holders.pop()
            take = left if not holders else left[-1:]
            text = take + text
            left = left[: len(left) - len(take)]
        elif kind in ("literal", "percent"):
            text = part + text
    return text


def _fraction(digits: str, parts: tuple[tuple[str, str], ...]) -> str:
    kept = digits
    for kind, part in reversed(parts):
        if kind == "digit" and part != "0" and kept.endswith("0"):
            kept = kept[:-1]
        elif kind == "digit":
            break
    text = f".{kept}" if kept else ""
    return text + "".join(part for kind, part in parts if kind in ("literal", "percent"))


def _date_text(number: float, section: _Section, *, from_1904: bool) -> str:  # noqa: PLR0911
    """A stored day as precisely as its format shows it."""
    try:
        day = _day(number, from_1904=from_1904)
    except (OverflowError, ValueError):
        return number_text(number)
    letters = "".join(text.lower() for kind, text in section.parts if kind == "date")
    if "y" in letters or "e" in letters:
        if "h" in letters or "s" in letters:
            return day.isoformat(sep=" ", timespec="seconds")
        if "d" in letters:
            return day.date().isoformat()
        return f"{day.year}年{day.month}月" if "m" in letters else f"{day.year}年"
    if "d" in letters:
        return f"{day.month}月{day.day}日"
    if "h" in letters or "s" in letters:
        return day.time().isoformat(timespec="seconds")
    return f"{day.month}月"


def _day(number: float, *, from_1904: bool) -> datetime:
    """Day 60 of the calendar that begins in 1900 never was."""
    first_of_1900 = date(1899, 12, 30) if number >= 60 else date(1899, 12, 31)
    beginning = date(1904, 1, 1) if from_1904 else first_of_1900
    return datetime.combine(beginning, datetime.min.time()) + timedelta(seconds=round(number * 86_400))
