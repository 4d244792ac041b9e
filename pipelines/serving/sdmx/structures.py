"""The structures of the dataflows, out of the catalogue, as pysdmx models them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.asking import catalogue
from pipelines.asking.names import LISTS
from pipelines.asking.observations import Wanted, series_keys
from pipelines.serving.sdmx.flows import AGENCY, FLOWS, TOTAL, VERSION, Flow, Item, breakdown_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pysdmx.model import Code, Codelist, Component, Dataflow, DataStructureDefinition
    from pysdmx.model.__base import MaintainableArtefact

    from pipelines.asking.warehouse import Warehouse

CONCEPTS = "CS_GONGFU"
#: Types of structure by the name that a path gives them, in the order in which a message holds them.
TYPES = ("dataflow", "codelist", "conceptscheme", "datastructure")
LANGUAGES = ("en", "zh")
_DATA_TYPES = {
    "string": "STRING", "decimal": "DECIMAL", "integer": "INTEGER", "boolean": "BOOLEAN", "period": "PERIOD",
}  # fmt: skip


@dataclass(frozen=True)
class Structures:
    """All structures of one build, in one language.

    Attributes:
        artefacts: by type and id.
        children: of each the ones that it is made of.
    """

    artefacts: dict[tuple[str, str], MaintainableArtefact]
    children: dict[tuple[str, str], tuple[tuple[str, str], ...]]

    def parents(self, of: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """Those that are made of it."""
        return tuple(each for each, made_of in self.children.items() if of in made_of)


def structures(warehouse: Warehouse, language: str) -> Structures:
    """All structures of a build; names in `en` or `zh`."""
    from pysdmx.model import Concept, ConceptScheme, DataType

    lists = _codelists(warehouse, language)
    items = {each.id: each for flow in FLOWS for each in flow.items}
    concepts = ConceptScheme(
        CONCEPTS,
        agency=AGENCY,
        version=VERSION,
        name=_said(language, "共富的概念", "Concepts of gongfu"),
        items=tuple(
            Concept(each.id, name=_said(language, each.name_zh, each.name_en), dtype=DataType[_DATA_TYPES[each.kind]])
            for each in items.values()
        ),
    )
    artefacts: dict[tuple[str, str], MaintainableArtefact] = {("conceptscheme", CONCEPTS): concepts}
    artefacts |= {("codelist", each.id): each for each in lists.values()}
    children: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
    for flow in FLOWS:
        made = _structure_of(flow, lists, language)
        used = {each.codelist for each in flow.items if each.codelist}
        artefacts["datastructure", flow.structure] = made
        artefacts["dataflow", flow.id] = _dataflow(flow, made, language)
        children["datastructure", flow.structure] = (
            ("conceptscheme", CONCEPTS),
            *(("codelist", each) for each in sorted(used)),
        )
        children["dataflow", flow.id] = (("datastructure", flow.structure),)
    return Structures(artefacts, children)


def _dataflow(flow: Flow, structure: DataStructureDefinition, language: str) -> Dataflow:
    from pysdmx.model import Dataflow

    return Dataflow(
        flow.id,
        agency=AGENCY,
        version=VERSION,
        name=_said(language, flow.name_zh, flow.name_en),
        structure=f"urn:sdmx:org.sdmx.infomodel.datastructure.{structure.short_urn}",
    )


def _structure_of(flow: Flow, lists: dict[str, Codelist], language: str) -> DataStructureDefinition:
    from pysdmx.model import Components, DataStructureDefinition

    return DataStructureDefinition(
        id=flow.structure,
        agency=AGENCY,
        version=VERSION,
        name=_said(language, flow.name_zh, flow.name_en),
        components=Components([_component(flow, each, lists) for each in flow.items]),
    )


def _component(flow: Flow, item: Item, lists: dict[str, Codelist]) -> Component:
    from pysdmx.model import Component, DataType, ItemReference, Role

    is_attribute = item in flow.attributes
    role = Role.ATTRIBUTE if is_attribute else Role.MEASURE if item == flow.value else Role.DIMENSION
    return Component(
        item.id,
        required=not is_attribute,
        role=role,
        concept=ItemReference("Concept", AGENCY, CONCEPTS, VERSION, item.id),
        local_dtype=None if item.codelist else DataType[_DATA_TYPES[item.kind]],
        local_codes=lists[item.codelist] if item.codelist else None,
        attachment_level="O" if is_attribute else None,
    )


def _codelists(warehouse: Warehouse, language: str) -> dict[str, Codelist]:
    """The code lists by id: those of the catalogue, and the closed ones of the standard form."""
    from pysdmx.model import Code, Codelist

    def made(name: str, zh: str, en: str, codes: Iterable[Code]) -> Codelist:
        return Codelist(name, agency=AGENCY, version=VERSION, name=_said(language, zh, en), items=tuple(codes))

    places = sorted(catalogue.area_names(warehouse).items())
    found = [
        made("CL_AREA", "地区", "Areas", (
            Code(code, name=_said(language, zh, en)) for code, (zh, en) in places
        )),
        made("CL_INDICATOR", "指标", "Indicators", (
            Code(
                each.indicator,
                name=_said(language, each.name_zh, each.name_en),
                description=_said(language, each.definition_zh, each.definition_en),
            )
            for each in catalogue.indicators(warehouse)
        )),
        made("CL_UNIT", "单位", "Units", (
            Code(each.unit_measure, name=_said(language, each.name_zh, each.name_en))
            for each in catalogue.units(warehouse)
        )),
        made("CL_SOURCE", "来源", "Sources", (
            Code(each.source_id, name=_said(language, each.title_zh, each.title_en))
            for each in catalogue.sources(warehouse)
            if each.access == "public"
        )),
        made("CL_BREAKDOWN", "分组", "Breakdowns", _breakdowns(warehouse, language)),
    ]  # fmt: skip
    for name, zh, en in (
        ("FREQ", "频率", "Frequencies"),
        ("TIME_BASIS", "时间口径", "Time bases"),
        ("QUALIFIER", "限定词", "Qualifiers"),
        ("OBS_STATUS", "数值状态", "Observation statuses"),
        ("CONF_STATUS", "保密状态", "Confidentiality statuses"),
        ("STAGE", "核算阶段", "Stages of revision"),
        ("CONFIDENCE", "来源等级", "Confidence in sources"),
    ):
        codes = (Code(code, name=_said(language, *said)) for code, said in LISTS[name].items())
        found.append(made(f"CL_{name}", zh, en, codes))
    return {each.id: each for each in found}


def _breakdowns(warehouse: Warehouse, language: str) -> Iterator[Code]:
    """Every breakdown that a public figure carries."""
    from pysdmx.model import Code

    named = {
        f"{each.dimension}={each.code}": _said(language, each.name_zh, each.name_en)
        for each in catalogue.breakdown_codes(warehouse)
    }
    yield Code(TOTAL, name=_said(language, "合计", "Total"))
    for breakdown in sorted({each.breakdown for each in series_keys(warehouse, Wanted(vintages="all"))} - {""}):
        apart = _said(language, "、", ", ")
        yield Code(breakdown_code(breakdown), name=apart.join(named.get(part, part) for part in breakdown.split(";")))


def _said(language: str, zh: str, en: str) -> str:
    return zh if language == "zh" else en
