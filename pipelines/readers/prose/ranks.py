"""Places in an order: 全国第一, 居全国第6位, 位居首位, 稳居全国前三."""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.readers.prose.numerals import Number, chinese_value

_WHERE = r"全国|全球|世界|全省|全市|国内|亚洲|中部|西部|东部|东北|北方|南方|西北|西南|华东|华北|中南|长江经济带|长三角|珠三角|中西部|省内|同类|行业|沿海|内地|副省级城市|各省区?市?|省份|地区|区域|同期|市场占有率|总量"
_HOLD = r"位居|位列|居于|列|居|排名|排在|排|名列|稳居|跃居|跃升至?|升至|上升到|升到|保持|均|分别|为|蝉联|并列|位次|综合排名|获|荣获|进入|跻身"
_ORDINAL = re.compile(
    rf"(?P<where>(?:{_WHERE})(?:各?省(?:区市|份)?|地区|地级市|同类城市|城市)?|(?:{_HOLD}))(?:排名|位居|居|位列|列|排|的|总榜|中|，)?"
    r"第(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<unit>位|名)?"
    r"(?![届次批个条季大轮期代方类号产家梯]|一书记|一梯队|一阵|方阵|\d|阵营|部|例|款|座|台|单|颗|艘|只|三方|二批|一批)"
)
_NEXT = re.compile(
    r"[、和，,及]第(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<unit>位|名)?(?![届次批个条季大轮期代方类产家])"
)
_HEAD = re.compile(
    rf"(?:{_WHERE}|{_HOLD})(?P<word>首位|榜首|之首)|(?:位居|居|位列|列)(?:{_WHERE})?(?P<word2>首位|榜首|之首)|居(?P<word3>首)(?=[，。；、])"
)
_FIRST = re.compile(
    rf"(?:{_WHERE}|{_HOLD})(?:省份|城市)?(?P<word>前(?P<n>\d{{1,3}}|[一二三四五六七八九十]{{1,2}})(?P<unit>位|名)?)(?=[，。；、）（]|之列|行列)"
)


def ranks_in(text: str) -> list[Number]:
    """Every rank of a text, as numbers of the class rank."""
    found: dict[int, Number] = {}
    for match in _ORDINAL.finditer(text):
        start = match.start("n") - 1
        _add(found, start, match.end(), match["n"], "exact")
        end = match.end()
        while (following := _NEXT.match(text, end)) is not None:
            _add(found, following.start("n") - 1, following.end(), following["n"], "exact")
            end = following.end()
    for match in _HEAD.finditer(text):
        name = match.lastgroup or "word"
        _add(found, match.start(name), match.end(name), "1", "exact")
    for match in _FIRST.finditer(text):
        _add(found, match.start("word"), match.end("word"), match["n"], "at_most")
    return [found[start] for start in sorted(found)]


def _add(found: dict[int, Number], start: int, end: int, words: str, qualifier: str) -> None:
    value = Decimal(words) if words.isdigit() else chinese_value(words)
    if value is not None and start not in found:
        found[start] = Number(start, end, start, end, value, words, "", "位", "rank", qualifier, "", "rank")
