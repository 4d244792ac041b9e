"""The words of table heads: indicators with their units, places, and the signs for "no figure"."""

from __future__ import annotations

import re

MISSING = frozenset(
    {"", "-", "--", "---", "—", "——", "–", "－", "…", "……", "...", "#", "/", "N/A", "n/a", "nan", "NaN"}
)

_UNIT_AT_END = re.compile(r"(.*?)\s*[(（]([^()（）]+)[)）]\s*[0-9a-zⅰ-ⅹ①-⑳*]{0,2}")
_UNIT_BASES = (
    "元|美元|人|人次|户|个|家|件|台|辆|吨|公顷|亩|平方米|平方公里|平方千米|立方米|公里|千米|米|千瓦时|千瓦|册|份|张|"
    "项|次|所|名|位|床|年|岁|天|日|小时|分钟|克|千克|公斤|升|吨标准煤|标准煤|部|套|艘|只|头|株|处|座|条|种|倍|"
    "个百分点|百分点|场|宗|起|篇|辆次|标准箱|吨公里|人公里|千瓦小时|千伏安|元人民币|公里/万人|部/百人"
)
_UNIT = re.compile(
    rf"%|‰|[十百千万亿]*(?:{_UNIT_BASES})(?:/[十百千万亿]*[\u4e00-\u9fff]{{1,6}}|/百户|/万人)?(?:·年)?|[十百千万亿]+|"
    r"(?:上年|上月|上年同期|上年同月|上年末|基期|\d{4}年?)=100|以?\d{4}年?(?:价格)?为100"
)

_PROVINCES = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建", "江西",
    "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃",
    "青海", "宁夏", "新疆", "香港", "澳门", "台湾", "全国", "全省", "全市",
)  # fmt: skip
#: How bureaus print the provinces in English, 全国 and totals included.
_PROVINCES_EN = frozenset((
    "national", "total", "beijing", "tianjin", "hebei", "shanxi", "inner mongolia", "liaoning", "jilin",
    "heilongjiang", "shanghai", "jiangsu", "zhejiang", "anhui", "fujian", "jiangxi", "shandong", "henan", "hubei",
    "hunan", "guangdong", "guangxi", "hainan", "chongqing", "sichuan", "guizhou", "yunnan", "tibet", "xizang",
    "shaanxi", "gansu", "qinghai", "ningxia", "xinjiang", "total national", "national total", "hong kong", "macao",
    "taiwan",
))  # fmt: skip
_PLACE_ENDING = re.compile(r"[\u4e00-\u9fff]{1,12}(?:省|市|自治区|特别行政区|自治州|地区|盟|县|区)")

CORNERS = {
    "地区": "place", "省份": "place", "省市": "place", "省": "place", "城市": "place", "地市": "place",
    "地名": "place", "省（自治区、直辖市）": "place", "省级行政区": "place", "市县": "place", "县市": "place",
    "指标": "indicator", "项目": "indicator", "指标名称": "indicator",
    "时间": "period", "年份": "period", "年度": "period", "日期": "period", "月份": "period", "季度": "period",
    "年": "period",
}  # fmt: skip


def cleaned(cell: str) -> str:
    """A header cell without the blanks that typesetting put around and into it (`北　京 `)."""
    text = cell.replace("\xa0", " ").replace("\u3000", " ").strip()
    return re.sub(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])", "", " ".join(text.split()))


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no figure."""
    return cell.strip().replace("\u3000", "") in MISSING


def indicator_and_unit(words: str) -> tuple[str, str]:
    """`人口数(人口抽样调查)(人)` as (`人口数(人口抽样调查)`, `人`); the unit is "" where none is in brackets."""
    text = cleaned(words)
    found = _UNIT_AT_END.fullmatch(text)
    if found and found[1] and is_unit(found[2]):
        return found[1].strip(), found[2].strip()
    return text, ""


def is_unit(words: str) -> bool:
    """Whether words are a unit, not another note in brackets (不含农户)."""
    return _UNIT.fullmatch(words.replace(" ", "").replace("％", "%")) is not None


def is_place(cell: str) -> bool:
    """Whether a cell looks like the name of a place."""
    text = cleaned(cell)
    return (
        text in _PROVINCES
        or text.lower() in _PROVINCES_EN
        or (_PLACE_ENDING.fullmatch(text) is not None and text not in CORNERS)
    )
