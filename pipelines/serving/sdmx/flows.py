"""The two dataflows: what tells their observations apart, what is said of each, and in which codes.

`GONGFU:CURRENT(1.0)` holds the figures to use today in their base unit, each with what its print allows; a figure has
one print that stands, and `includeHistory` gives the others. `GONGFU:OBSERVATIONS(1.0)` holds every print as it was
printed, as `gongfu export` writes it and the reader of SDMX-CSV takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AGENCY, VERSION = "GONGFU", "1.0"
TIME, VALUE = "TIME_PERIOD", "OBS_VALUE"
#: What stands for no breakdown, and for no base period, where a code must stand.
TOTAL, NOT_APPLICABLE = "_T", "_Z"

Kind = Literal["string", "decimal", "integer", "boolean", "period"]


@dataclass(frozen=True)
class Item:
    """A component of a dataflow.

    Attributes:
        codelist: from which its values are taken; None where they are free.
    """

    id: str
    name_zh: str
    name_en: str
    kind: Kind = "string"
    codelist: str | None = None


@dataclass(frozen=True)
class Flow:
    """A dataflow and its data structure, which have the same id.

    Attributes:
        dimensions: in the order of the key; time comes after them.
        attributes: of an observation.
    """

    id: str
    name_zh: str
    name_en: str
    dimensions: tuple[Item, ...]
    value: Item
    attributes: tuple[Item, ...]

    @property
    def structure(self) -> str:
        """Its id as a data structure."""
        return f"DSD_{self.id}"

    @property
    def keys(self) -> tuple[str, ...]:
        """Ids of the dimensions of a series."""
        return tuple(each.id for each in self.dimensions)

    @property
    def items(self) -> tuple[Item, ...]:
        """All components, in the order of the columns of SDMX-CSV."""
        return (*self.dimensions, TIME_ITEM, self.value, *self.attributes)


TIME_ITEM = Item(TIME, "时期", "Time period", "period")
FREQ = Item("FREQ", "频率", "Frequency", codelist="CL_FREQ")
REF_AREA = Item("REF_AREA", "地区", "Reference area", codelist="CL_AREA")
INDICATOR = Item("INDICATOR", "指标", "Indicator", codelist="CL_INDICATOR")
TIME_BASIS = Item("TIME_BASIS", "时间口径", "Time basis", codelist="CL_TIME_BASIS")
BASE_PERIOD = Item("BASE_PERIOD", "基期", "Base period of a change")
_UNIT = Item("UNIT_MEASURE", "单位", "Unit of measure", codelist="CL_UNIT")
_DECIMALS = Item("DECIMALS", "所印小数位数", "Decimals as printed", "integer")
_QUALIFIER = Item("QUALIFIER", "限定词", "Qualifier", codelist="CL_QUALIFIER")
_STATUS = Item("OBS_STATUS", "数值状态", "Observation status", codelist="CL_OBS_STATUS")
_CONFIDENTIAL = Item("CONF_STATUS", "保密状态", "Confidentiality status", codelist="CL_CONF_STATUS")
_PUBLISHED = Item("PUBLISHED_ON", "发布日期", "Published on")
_BEGINS = Item("PERIOD_START", "时期起日", "First day of the period")
_ENDS = Item("PERIOD_END", "时期止日", "Last day of the period")

CURRENT = Flow(
    "CURRENT",
    "现行数字",
    "Figures to use today",
    (FREQ, REF_AREA, INDICATOR, Item("BREAKDOWN", "分组", "Breakdown", codelist="CL_BREAKDOWN"), TIME_BASIS,
     BASE_PERIOD),
    Item(VALUE, "数值（基本单位）", "Value in the base unit", "decimal"),
    (
        Item("OBS_VALUE_LOW", "所印容许的下限", "Lowest value that the print allows", "decimal"),
        Item("OBS_VALUE_HIGH", "所印容许的上限", "Highest value that the print allows", "decimal"),
        _UNIT,
        Item("PRINT_MULT", "所印单位的十次幂", "Power of ten of the unit as printed", "integer"),
        _DECIMALS,
        _QUALIFIER,
        _STATUS,
        _CONFIDENTIAL,
        Item("STAGE", "核算阶段", "Stage of revision", codelist="CL_STAGE"),
        _BEGINS,
        _ENDS,
        Item("PERIOD_IS_STATED", "原文写明时期", "Whether the print names its period", "boolean"),
        _PUBLISHED,
        Item("KNOWN_FROM", "可知日期", "Day from which it counts as known"),
        Item("CONFIDENCE", "来源等级", "Confidence in the source", codelist="CL_CONFIDENCE"),
        Item("SOURCE_ID", "来源", "Source", codelist="CL_SOURCE"),
        Item("FIGURE_ID", "数字编号", "Figure id"),
        Item("CONTRADICTED_BY", "不成立的勾稽关系", "Relations of the audit that do not hold"),
        Item("DOUBTED_BY", "存疑规则", "Rules of plausibility that it breaks"),
    ),
)  # fmt: skip
OBSERVATIONS = Flow(
    "OBSERVATIONS",
    "所印各版次",
    "Every print as printed",
    (FREQ, REF_AREA, INDICATOR, Item("BREAKDOWN", "分组", "Breakdown"), TIME_BASIS, BASE_PERIOD,
     Item("SOURCE_ID", "来源", "Source", codelist="CL_SOURCE"), Item("LOCATOR", "位置", "Where it is printed")),
    Item(VALUE, "所印数值", "Value as printed"),
    (
        _BEGINS,
        _ENDS,
        _UNIT,
        Item("UNIT_MULT", "单位的十次幂", "Power of ten of the unit", "integer"),
        _DECIMALS,
        _QUALIFIER,
        _STATUS,
        _CONFIDENTIAL,
        _PUBLISHED,
        Item("LABEL", "所印指标名", "Label as printed"),
        Item("BREAKDOWN_PRINTED", "所印分组", "Breakdown as printed"),
        Item("PLACE_PRINTED", "所印地区", "Place as printed"),
        Item("PERIOD_PRINTED", "所印时期", "Period as printed"),
        Item("QUALIFIER_PRINTED", "所印限定词", "Qualifier as printed"),
        Item("UNIT_PRINTED", "所印单位", "Unit as printed"),
    ),
)  # fmt: skip
FLOWS = (CURRENT, OBSERVATIONS)


def breakdown_code(breakdown: str) -> str:
    """A breakdown as a code of SDMX, which holds no `=` and no `;`: `residence=rural` is `residence-rural`."""
    return breakdown.replace(";", "--").replace("=", "-") or TOTAL


def breakdown_of(code: str) -> str:
    """The breakdown of a code."""
    return "" if code == TOTAL else code.replace("--", ";").replace("-", "=")
