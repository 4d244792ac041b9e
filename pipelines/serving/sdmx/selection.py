"""Which structures a request means, and the message that holds them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from pipelines.problems import shortened
from pipelines.serving.sdmx.flows import AGENCY
from pipelines.serving.sdmx.formats import STRUCTURE_JSON
from pipelines.serving.sdmx.problems import NO_RESULTS, SYNTAX, Refused
from pipelines.serving.sdmx.request import ANY, LATEST
from pipelines.serving.sdmx.structures import TYPES, Structures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pysdmx.model import AvailabilityConstraint
    from pysdmx.model.__base import MaintainableArtefact

    from pipelines.asking.following import Edition

#: Types of structure that the standard knows and this service has none of.
NONE_OF_THESE = frozenset({
    "agencyscheme", "allowedconstraint", "actualconstraint", "attachementconstraint", "attachmentconstraint",
    "availabilityconstraint", "categorisation", "categoryscheme", "contentconstraint", "customtypescheme",
    "dataconstraint", "dataconsumerscheme", "dataproviderscheme", "geocodelist", "geogridcodelist",
    "hierarchicalcodelist", "hierarchy", "hierarchyassociation", "metadataconstraint", "metadataflow",
    "metadataproviderscheme", "metadataprovisionagreement", "metadatastructure", "namepersonalisationscheme",
    "organisationscheme", "organisationunitscheme", "process", "provisionagreement", "reportingtaxonomy",
    "representationmap", "rulesetscheme", "structuremap", "structureset", "transformationscheme",
    "userdefinedoperatorscheme", "valuelist", "vtlmappingscheme",
})  # fmt: skip
#: `referencepartial` gives what `full` gives: no constraint leaves a code of a list unused.
_DETAILS = frozenset({
    "full", "raw", "allstubs", "referencestubs", "referencepartial", "allcompletestubs", "referencecompletestubs",
})  # fmt: skip
#: How pysdmx writes the structure of a stub, which the standard's schema wants left out.
_NO_COMPONENTS = re.compile(r"<str:DataStructureComponents>\s*</str:DataStructureComponents>")
Key = tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """Structures by type, agency, id, version and item, each as the path has it."""

    type: str
    agency: str = "all"
    id: str = "all"
    version: str = "latest"
    item: str = "all"


def selected(known: Structures, asked: Asked, parameters: Mapping[str, str]) -> list[MaintainableArtefact]:
    """The structures that are meant, and those that `references` adds.

    Raises:
        Refused: there is none, or the request is not understood.
    """
    for name in parameters:
        if name not in {"references", "detail"}:
            raise Refused(SYNTAX, f"there is no parameter {shortened(name)}; there are detail and references")
    detail = parameters.get("detail", "full")
    if detail not in _DETAILS:
        raise Refused(SYNTAX, f"detail is one of {', '.join(sorted(_DETAILS))}, not {shortened(detail)}")
    meant = _meant(known, asked)
    keys = dict.fromkeys([*meant, *_related(known, meant, parameters.get("references", "none"))])
    stubs = set(keys if detail.startswith("all") else set(keys).difference(meant)) if "stubs" in detail else set()
    found = [_stub(known.artefacts[each]) if each in stubs else known.artefacts[each] for each in keys]
    if asked.item not in ANY:
        found = [_only(each, _parts(asked.item)) for each in found]
    return found


def message_of(
    found: Sequence[MaintainableArtefact | AvailabilityConstraint], form: str, edition: Edition, language: str
) -> str:
    """The structures as a message in one of `formats.STRUCTURE`."""
    from pysdmx.io import write_sdmx
    from pysdmx.io.format import Format
    from pysdmx.model import Organisation
    from pysdmx.model.message import Header

    header = Header(
        id=f"gongfu-{edition.tag}",
        prepared=edition.build.finished_at.astimezone(UTC),
        sender=Organisation(AGENCY),
    )
    kind = Format.STRUCTURE_SDMX_JSON_2_0_0 if form == STRUCTURE_JSON else Format.STRUCTURE_SDMX_ML_2_1
    written = str(write_sdmx(found, kind, header=header, prettyprint=False))
    if form == STRUCTURE_JSON:
        return json.dumps(json.loads(written, object_hook=_as_the_schema_has_it), ensure_ascii=False)
    written = _NO_COMPONENTS.sub("", written)
    return written.replace('xml:lang="en"', f'xml:lang="{language}"')


def _as_the_schema_has_it(held: dict[str, Any]) -> dict[str, Any]:
    """pysdmx writes groups that are none, and components of a stub, which the standard's schema refuses."""
    kept = {name: value for name, value in held.items() if name != "groups" or value}
    components = kept.get("dataStructureComponents")
    if components and not components.get("dimensionList", {}).get("dimensions"):
        del kept["dataStructureComponents"]
    return kept


def _meant(known: Structures, asked: Asked) -> list[Key]:
    types = TYPES if asked.type in {"structure", *ANY} else _parts(asked.type)
    for each in types:
        if each not in TYPES and each not in NONE_OF_THESE:
            raise Refused(SYNTAX, f"{shortened(each)} is no type of structure; there are {', '.join(TYPES)}")
    ours = bool({AGENCY, *ANY}.intersection(_parts(asked.agency)))
    latest = bool((LATEST | ANY).intersection(asked.version.split(",")))
    ids = _parts(asked.id)
    found = [key for key in known.artefacts if key[0] in types and (key[1] in ids or ANY.intersection(ids))]
    if not (ours and latest and found):
        wanted = f"{asked.type} {asked.agency}:{asked.id}({asked.version})"
        raise Refused(NO_RESULTS, f"there is no {shortened(wanted, 120)}")
    return found


def _related(known: Structures, meant: list[Key], references: str) -> list[Key]:
    children, descendants = _below(known, meant, deep=False), _below(known, meant, deep=True)
    parents = list(dict.fromkeys(parent for each in meant for parent in known.parents(each)))
    above = list(dict.fromkeys([*parents, *(each for own in parents for each in known.parents(own))]))
    related = {
        "none": [],
        "children": children,
        "descendants": descendants,
        "parents": parents,
        "ancestors": above,
        "parentsandsiblings": [*parents, *_below(known, parents, deep=False)],
        "all": [*above, *_below(known, above, deep=False), *descendants],
    }
    if references in related:
        return related[references]
    types = _parts(references)
    for each in types:
        if each not in TYPES and each not in NONE_OF_THESE:
            raise Refused(SYNTAX, f"references is {', '.join(related)} or types of structure, not {shortened(each)}")
    return [each for each in related["all"] if each[0] in types]


def _below(known: Structures, keys: list[Key], *, deep: bool) -> list[Key]:
    found = dict.fromkeys(child for each in keys for child in known.children.get(each, ()))
    if deep and found:
        found |= dict.fromkeys(_below(known, list(found), deep=True))
    return list(found)


def _only(artefact: MaintainableArtefact, items: list[str]) -> MaintainableArtefact:
    """A list or scheme with these items alone."""
    from msgspec.structs import replace
    from pysdmx.model import Codelist, ConceptScheme

    if not isinstance(artefact, (Codelist, ConceptScheme)):
        raise Refused(SYNTAX, f"{artefact.id} has no items")
    kept = tuple(each for each in artefact.items if each.id in items)
    if not kept:
        raise Refused(NO_RESULTS, f"{artefact.id} has no item {shortened('+'.join(items))}")
    return replace(artefact, items=kept)


def _stub(artefact: MaintainableArtefact) -> MaintainableArtefact:
    """A structure as it is called, without what it holds; where that stands is where this was asked for."""
    from msgspec.structs import replace
    from pysdmx.model import Codelist, Components, ConceptScheme, DataStructureDefinition

    if isinstance(artefact, (Codelist, ConceptScheme)):
        return replace(artefact, items=(), is_external_reference=True)
    if isinstance(artefact, DataStructureDefinition):
        return replace(artefact, components=Components([]), is_external_reference=True)
    return replace(artefact, is_external_reference=True)


def _parts(text: str) -> list[str]:
    return text.replace("+", ",").split(",")
