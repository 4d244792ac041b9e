"""Codes as people read them, in Chinese: what stands in a head, a cell or a note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking.catalogue import (
    Indicator,
    Source,
    Unit,
    area_names,
    breakdown_codes,
    indicators,
    sources,
    units,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipelines.asking.audience import Audience
    from pipelines.asking.observations import Observation
    from pipelines.asking.warehouse import Warehouse

#: Powers of ten by which Chinese tables print.
_POWERS = {0: "", 3: "千", 4: "万", 6: "百万", 8: "亿", 12: "万亿"}
_BASES = {
    "flow": "当期", "stock": "期末", "year_to_date": "年初累计", "cumulative_since_start": "开展以来累计",
    "change": "增减", "target": "目标",
}  # fmt: skip
_QUALIFIERS = {
    "exact": "", "about": "约", "at_least": "不少于", "more_than": "超过", "at_most": "不超过", "less_than": "不足",
    "nearly": "近",
}  # fmt: skip
_STATUSES = {
    "A": "", "B": "数列中断", "E": "估计值", "F": "预测值", "I": "推算值", "M": "缺失", "P": "初步数", "Q": "不公布",
    "S": "罢报", "U": "可靠性低", "V": "未核实",
}  # fmt: skip
_STAGES = {
    "preliminary": "初步核算", "preliminarily_verified": "初步核实", "finally_verified": "最终核实",
    "census_revision": "普查修订",
}  # fmt: skip
#: Code lists that the standard form closes, with what each code is called in Chinese and English.
LISTS: dict[str, dict[str, tuple[str, str]]] = {
    "FREQ": {
        "A": ("年", "Annual"), "S": ("半年", "Half-yearly"), "Q": ("季", "Quarterly"), "M": ("月", "Monthly"),
        "D": ("日", "Daily"),
    },
    "TIME_BASIS": {code: (zh, code.replace("_", " ")) for code, zh in _BASES.items()},
    "QUALIFIER": {code: (zh or "确数", code.replace("_", " ")) for code, zh in _QUALIFIERS.items()},
    "OBS_STATUS": {
        "A": ("正常值", "Normal value"), "B": ("数列中断", "Break"), "E": ("估计值", "Estimated"),
        "F": ("预测值", "Forecast"), "I": ("推算值", "Imputed"), "M": ("缺失", "Missing"),
        "P": ("初步数", "Provisional"), "U": ("可靠性低", "Low reliability"),
    },
    "CONF_STATUS": {"F": ("可自由发布", "Free"), "C": ("保密", "Confidential"), "D": ("间接保密", "Secondary")},
    "STAGE": {code: (zh, code.replace("_", " ")) for code, zh in _STAGES.items()},
    "CONFIDENCE": {
        "A": ("官方原表或原文", "The official table or text itself"), "B": ("转载", "A reprint"),
        "C": ("新闻报道", "A news report"),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """What the codes of one warehouse are called.

    Attributes:
        areas: Chinese name of each place.
        breakdowns: Chinese name of each `key=value`.
    """

    indicators: dict[str, Indicator]
    areas: dict[str, str]
    units: dict[str, Unit]
    breakdowns: dict[str, str]
    sources: dict[str, Source]

    def breakdown(self, code: str) -> str:
        """A whole breakdown: `residence=rural` is 农村."""
        return "、".join(self.breakdowns.get(part, part) for part in code.split(";")) if code else ""

    def unit(self, unit_measure: str, power: int = 0) -> str:
        """A unit times a power of ten, as printed: yuan and 8 are 亿元."""
        name = self.units[unit_measure].name_zh if unit_measure in self.units else unit_measure
        return _POWERS[power] + name if power in _POWERS else f"10^{power} {name}"

    def flags(self, figure: Observation) -> str:
        """What must be said beside a value: how it is qualified, its status, what contradicts it."""
        said = [
            _QUALIFIERS.get(figure.qualifier, figure.qualifier),
            "" if figure.stage else _STATUSES.get(figure.obs_status, figure.obs_status),
            _STAGES.get(figure.stage or "", figure.stage or ""),
            "与他数不符" if figure.contradicted_by else "",
            "存疑" if figure.doubted_by else "",
            "" if figure.period_is_stated else "原文未写明时期",
        ]
        return "；".join(dict.fromkeys(each for each in said if each))


def basis_in_words(time_basis: str) -> str:
    """How a figure relates to its period: stock is 期末."""
    return _BASES.get(time_basis, time_basis)


def power_of(figures: Collection[Observation]) -> int:
    """The power of ten in which a column of figures is shown: the one that most of its prints use."""
    used = [each.unit_mult for each in figures]
    return max(sorted(set(used)), key=used.count, default=0)


def names(warehouse: Warehouse, audience: Audience = "public") -> Names:
    """What the codes of a warehouse are called; sources that whoever asks may see."""
    return Names(
        indicators={each.indicator: each for each in indicators(warehouse)},
        areas={code: zh for code, (zh, _) in area_names(warehouse).items()},
        units={each.unit_measure: each for each in units(warehouse)},
        breakdowns={f"{each.dimension}={each.code}": each.name_zh for each in breakdown_codes(warehouse)},
        sources={each.source_id: each for each in sources(warehouse, audience=audience)},
    )
