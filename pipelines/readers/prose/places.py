"""Words of place: 全省, 山区26县, 永嘉县; which of them governs a figure and which is only what it is held against."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipelines.readers.prose.reading import Span, matches
from pipelines.readers.prose.tables import first_letters, pattern_of, words_of

_AGAINST = re.compile(
    r"(?:高于|低于|快于|慢于|好于|优于|强于|大于|小于|多于|少于|超过|超|比|较|占|位居|位列|居|列|跃居|升至|升到|领跑|领先|排名|排|名列|进入|跻身|全部|稳居|落户|对接|服务|惠及|面向|辐射|走向|与|和|及|同|到|至|向|从|来自|称为|“)$"
)
#: 高于全国、全省、: the second of the places that a figure is held against.
_AGAINST_SEVERAL = re.compile(
    r"(?:高于|低于|快于|慢于|好于|优于|高出|超过|比|较|居|列)(?:全国|全省|全市|全州|平均水平|和|、)+$"
)
_RANKED = re.compile(
    r"(?:各省份?|省份|第[一二三四五六七八九十\d]|首位|首个|首家|首批|首创|首例|前[一二三四五六七八九十\d列茅]|前十|平均|同期|同类|之[首最先冠]|最[大高多]|唯一|领先|单体|水平|总量的|的?\d|排名|占比|典型|试点|一流|统一|示范|重点|劳动模范|技术能手|政协|人大|两会|文明|知名|优秀|范围|行业|累计率先|性)"
)

_WIDER = ("全国", "全球", "世界", "全世界")
_ORGANISATION = re.compile(
    r"(?:平原|盆地|半岛|高原|港(?!区|口|澳)|站|机场|电厂|大学|学院|银行|医院|[\u4e00-\u9fff]{0,4}(?:公司|集团|银行|大学|学院|高铁|铁路|高速|机场|电厂|工程))"
)


_LEADS = re.compile(r"(?:如|例如|在|其中|年|末|底|前|，|月|该[镇乡县市区])$")
_AT_A_LEVEL = re.compile(r"的?(?:平均)?\d[\d.]*的水平")


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a text names and that may govern figures after it.

    Attributes:
        start, end: its span in the reading text.
        word: as printed.
        leads: whether it stands at the head of its clause.
        is_general: 全省 and its like, which go on governing until another place is named.
        is_town: a town, a county or a village that no table knows, at the head of a sentence.
    """

    start: int
    end: int
    word: str
    leads: bool
    is_general: bool
    is_town: bool


@cache
def _known() -> re.Pattern[str]:
    return re.compile(
        rf"(?=[{first_letters('places', 'general', 'named')}])(?:(?P<general>{pattern_of('places', 'general')})"
        rf"|(?P<named>{pattern_of('places', 'named')})(?:省|市)?)"
    )


@cache
def _towns() -> re.Pattern[str]:
    """Towns, counties and villages that no table knows, where a sentence or an example begins."""
    name = r"[\u4e00-\u9fff]{2,3}"
    county = r"(?:市(?![场级县域区政容民值直属委])|县(?![域级乡区市委城])|区(?![域县间位块]))"
    village = r"(?:镇(?![村区街域])|乡(?![村镇亲愁贤土情风])|街道|村(?![民集镇级庄委落两居医里])|新区)"
    town = (
        rf"(?![^，。]{{0,4}}[已入驻通过级将把被由向为和与等各个新其]){name}{county}(?:{name}(?:镇|乡|街道|区|县|村))?"
        rf"|{name}(?:镇|乡|街道){name}村(?![民集镇级庄委落两居医里])|{name}{village}"
    )
    head = (
        r"(?:^|[。；：\n])(?:(?!如|例如|比如|该)|该[镇乡县市区]|(?:如|例如|比如)，?)|，(?:(?:如|例如|比如)，?|(?=[\u4e00-\u9fff]{2,3}县))"
        r"|其中，"
    )
    return re.compile(rf"(?:{head})(?P<town>{town})")


_TITLE = re.compile(
    r"\s*(?:[#“”‘’—《【] ?)*(?:[\u4e00-\u9fff]{2,8}(?:省|自治区|市))?"
    r"([\u4e00-\u9fff]{2,3}(?:自治)?(?:县|市|区|旗|州|镇|乡|街道|村))"
)


@cache
def _not_towns() -> re.Pattern[str]:
    return re.compile(pattern_of("places", "not_towns"))


def places_in(text: str, spans: list[Span]) -> list[Place]:
    """The places of `text` that can govern a figure, in order; without those that one is only held against.

    Args:
        spans: the parts of the text to look in.
    """
    found: list[Place] = []
    from_their_heads = [(max(0, start - 1), end) for start, end in spans]
    towns = [match for match in matches(_towns(), text, from_their_heads) if not _not_towns().search(match["town"])]
    both = [*matches(_known(), text, spans), *towns]
    end = 0
    for match in sorted(both, key=lambda match: (match.start(match.lastgroup or 0), -match.end())):
        name = match.lastgroup or "general"
        if match.start(name) < end:
            continue
        end = match.end()
        word = match[name] if name != "named" else match[0]
        start = match.start(name)
        leads = (
            start == 0
            or text[start - 1] in "。，；：、\n（“"
            or _LEADS.search(text[max(0, start - 2) : start]) is not None
        )
        if _governs(text, start, match.end(), name, word, leads):
            found.append(Place(start, match.end(), word, leads, name == "general", name == "town"))
    return found


def _governs(text: str, start: int, end: int, name: str, word: str, leads: bool) -> bool:
    if _AT_A_LEVEL.match(text, end):
        return True
    if _AGAINST.search(text[max(0, start - 4) : start]) or _RANKED.match(text, end):
        return False
    if text[start - 1 : start] == "、" and _AGAINST_SEVERAL.search(text[max(0, start - 16) : start]):
        return False
    if name == "general":
        return word not in _WIDER or (leads and text[start - 1 : start] != "在")
    return leads and _ORGANISATION.match(text, end) is None


def place_of_opening(line: str) -> str:
    """The place that the short first sentence of a paragraph is about, or an empty string."""
    sentence = re.match(r"[^，。；\n]{4,24}。", line)
    named = re.match(rf"(?:{pattern_of('places', 'named')})(?:省|市)?", line) if sentence is not None else None
    return named[0] if named is not None and named[0] not in words_of("places", "regions") else ""


def _smallest(name: str) -> str:
    """安吉县 of 浙江省安吉县."""
    return re.split(r"(?:省|自治区|[\u4e00-\u9fff]{2}市)(?=[\u4e00-\u9fff]{2})", name)[-1]


def _titled(text: str) -> str:
    """A pattern for the county or town at the head of the title that the text goes on to speak of, or for nothing."""
    title = _TITLE.match(text)
    if title is None or _not_towns().search(title[1][:-1]) or text.count(title[1]) < 2:
        return r"(?!)"
    return f"({title[1]})"


def place_of_title(text: str) -> str:
    """The place that the head of a document names: 浙江省 of 2022年浙江省国民经济…公报."""
    head = text[:700]
    for pattern in (
        r"在([\u4e00-\u9fff]{2,12}?(?:省|自治区|市|县|区|州|旗))(?:第)?[一二三四五六七八九十百]+届",
        r"\d{4}年(?:度|上半年)?([\u4e00-\u9fff]{2,12}?(?:省|自治区|市|县|区|州|旗))(?=国民经济|政府|人民政府|经济|统计|居民|人口|县|$|\n)",
        r"(?:^|\n|》)([\u4e00-\u9fff]{2,10}?(?:省|自治区|特别行政区|市|县|区|州|旗))(?=\d{4}年|国民经济|人民政府|统计局|政府工作)",
        _titled(text),
        r"(?:^|\n)(?:[^\n]{0,12}?)((?:" + "|".join(words_of("places", "named")) + r")(?:省|市)?)",
    ):
        match = re.search(pattern, head)
        if match is not None:
            return _smallest(match[1])
    if re.search(r"国务院|国家统计局(?![^\n]{0,4}总队)|中华人民共和国", head):
        return "全国"
    counted = re.findall(r"(?:" + "|".join(words_of("places", "named")) + r")(?:省|市)?", text[:4000])
    return max(set(counted), key=lambda word: (counted.count(word), word)) if counted else ""
