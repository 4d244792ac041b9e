"""Places in an order: 全国第一, 居全国第6位, 位居首位, 稳居全国前三."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from pipelines.readers.prose.numerals import Number, chinese_value
from pipelines.readers.prose.reading import Span, matches
from pipelines.readers.prose.tables import pattern_of

_COUNT = r"\d{1,3}|[一二三四五六七八九十]{1,3}"
_NEXT = re.compile(rf"[、和，,及]第(?P<n>{_COUNT})(?:位|名)?(?![届次批个条季大轮期代方类产家])")


#: What every rank has.
_TELLS = re.compile(r"第[\d一二三四五六七八九十]|首位|榜首|之首|居首|前[\d一二三四五六七八九十]")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """第N after what it is a place among; 首位 and 榜首; 前N."""
    where, hold = pattern_of("ranks", "where"), pattern_of("ranks", "hold")
    ordinal = re.compile(
        rf"(?:(?:{where})(?:各?省(?:区市|份)?|地区|地级市|设区市|同类[\u4e00-\u9fff]{{0,4}}|城市|县级市?|县域|县市区?|百强[县市区镇]|[\u4e00-\u9fff]{{0,6}}(?=第(?:{_COUNT})[位名]))?|(?:{hold}))(?:排名|位居|居|位列|列|排|的|总榜|中|，)?"
        rf"第(?P<n>{_COUNT})(?:位|名)?(?![届次批个条季大轮期代方类号产家梯部例款座台单颗艘只\d]|一书记|一阵|阵营|三方)"
    )
    head = re.compile(
        rf"(?:{where}|{hold})(?P<word>首位|榜首|之首)|(?:位居|居|位列|列)(?:{where})?(?P<word2>首位|榜首|之首)|居(?P<word3>首)(?=[，。；、])"
    )
    first = re.compile(
        rf"(?:{where}|{hold})(?:省份|城市)?(?P<word>前(?P<n>\d{{1,3}}|[一二三四五六七八九十]{{1,2}})(?:位|名)?)(?=[，。；、）（]|之列|行列)"
    )
    return ordinal, head, first


def ranks_in(text: str, spans: list[Span]) -> list[Number]:
    """Every rank in the given parts of a text, as numbers of the class rank."""
    ordinal, head, first = _patterns()
    spans = [span for span in spans if _TELLS.search(text, *span) is not None]
    found: dict[int, Number] = {}
    for match in matches(ordinal, text, spans):
        start = match.start("n") - 1
        _add(found, start, match.end(), match["n"], "exact")
        end = match.end()
        while (following := _NEXT.match(text, end)) is not None:
            _add(found, following.start("n") - 1, following.end(), following["n"], "exact")
            end = following.end()
    for match in matches(head, text, spans):
        name = match.lastgroup or "word"
        _add(found, match.start(name), match.end(name), "1", "exact")
    for match in matches(first, text, spans):
        _add(found, match.start("word"), match.end("word"), match["n"], "at_most")
    return [found[start] for start in sorted(found)]


def _add(found: dict[int, Number], start: int, end: int, words: str, qualifier: str) -> None:
    value = Decimal(words) if words.isdigit() else chinese_value(words)
    if value is not None and start not in found:
        found[start] = Number(start, end, start, end, value, words, "", "位", "rank", qualifier, "", "rank")
