"""The paths of the SDMX service, in the forms of REST 1.x and 2.x, and what its OpenAPI says of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from pipelines.serving.sdmx.flows import AGENCY
from pipelines.serving.sdmx.problems import NO_RESULTS, NOT_IMPLEMENTED, Refused
from pipelines.serving.sdmx.request import check_provider, flow_named, flow_of_reference
from pipelines.serving.sdmx.selection import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipelines.serving.sdmx.flows import Flow
    from pipelines.serving.sdmx.service import Service

    Answer = Callable[[Request], Response]

_EXAMPLES = {
    "flow": f"{AGENCY},CURRENT,1.0", "key": "A.330000.gdp...", "provider": AGENCY, "component": "REF_AREA",
    "resource": "codelist", "agency": AGENCY, "id": "CURRENT", "version": "1.0", "item": "A", "context": "dataflow",
}  # fmt: skip
_DATA_PARAMETERS = (
    "startPeriod", "endPeriod", "updatedAfter", "firstNObservations", "lastNObservations", "dimensionAtObservation",
    "detail", "includeHistory", "asOf", "attributes", "measures", "c[INDICATOR]", "c[REF_AREA]", "c[TIME_PERIOD]",
)  # fmt: skip
_STRUCTURE_PARAMETERS = ("references", "detail")
_AVAILABILITY_PARAMETERS = ("mode", "references", "startPeriod", "endPeriod", "updatedAfter")
_CONTEXTS = frozenset({"dataflow", "*"})


def router(service: Service) -> APIRouter:
    """All paths of the service; more particular ones first."""
    routes = APIRouter(prefix="/sdmx")
    answers = Answers(service)
    below = ("", "/{agency}", "/{agency}/{id}", "/{agency}/{id}/{version}", "/{agency}/{id}/{version}/{item}")
    versioned = "{context}/{agency}/{id}/{version}"
    table: tuple[tuple[str, tuple[str, ...], Answer, tuple[str, ...]], ...] = (
        (f"/data/{versioned}", ("/{key}", ""), answers.data_2, _DATA_PARAMETERS),
        ("/data/{flow}", ("", "/{key}", "/{key}/{provider}"), answers.data, _DATA_PARAMETERS),
        (
            f"/availability/{versioned}",
            ("/{key}/{component}", "/{key}", ""),
            answers.available_2,
            _AVAILABILITY_PARAMETERS,
        ),
        (
            "/availableconstraint/{flow}",
            ("", "/{key}", "/{key}/{provider}", "/{key}/{provider}/{component}"),
            answers.available,
            _AVAILABILITY_PARAMETERS,
        ),
        ("/structure", ("", *(f"/{{resource}}{each}" for each in below)), answers.structures, _STRUCTURE_PARAMETERS),
        ("/{resource}", below, answers.structures, _STRUCTURE_PARAMETERS),
    )
    for start, ends, answer, parameters in table:
        for end in ends:
            said = _said(start + end, parameters)
            summary = (answer.__doc__ or "").partition("\n")[0]
            routes.add_api_route(start + end, answer, response_class=Response, summary=summary, openapi_extra=said)
    return routes


class Answers:
    """What each path asks of the service."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def data(self, request: Request) -> Response:
        """Observations (REST 1.x)."""
        path = request.path_params
        if path["flow"] in _CONTEXTS:  # of 2.x, without a version
            flow = flow_named(path.get("key", "*"), path.get("provider", "*"), "~")
            return self._service.data(request, flow, "*")
        check_provider(path.get("provider", "all"))
        return self._service.data(request, flow_of_reference(path["flow"]), path.get("key", "all"))

    def data_2(self, request: Request) -> Response:
        """Observations (REST 2.x)."""
        path = request.path_params
        return self._service.data(request, _flow_of_context(path), path.get("key", "*"))

    def available(self, request: Request) -> Response:
        """What is available (REST 1.x)."""
        path = request.path_params
        check_provider(path.get("provider", "all"))
        flow = flow_of_reference(path["flow"])
        return self._service.available(request, flow, path.get("key", "all"), path.get("component", "all"))

    def available_2(self, request: Request) -> Response:
        """What is available (REST 2.x)."""
        path = request.path_params
        flow = _flow_of_context(path)
        return self._service.available(request, flow, path.get("key", "*"), path.get("component", "*"))

    def structures(self, request: Request) -> Response:
        """Structures."""
        path = request.path_params
        resource = path.get("resource", "*")
        if resource in {"schema", "metadata"}:
            raise Refused(NOT_IMPLEMENTED, f"{resource} is not served; structures, data and what is available are")
        asked = {name: path[name] for name in ("agency", "id", "version", "item") if name in path}
        return self._service.structures(request, Asked(resource, **asked))


def _flow_of_context(path: Mapping[str, str]) -> Flow:
    context = path["context"]
    if context == "datastructure":
        return flow_named(path["agency"], path["id"].removeprefix("DSD_"), path["version"])
    if context not in _CONTEXTS:
        raise Refused(NO_RESULTS, f"there is no {context[:80]}; name a dataflow")
    return flow_named(path["agency"], path["id"], path["version"])


def _said(path: str, parameters: tuple[str, ...]) -> dict[str, Any]:
    """The parameters of a path, for OpenAPI."""
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": _EXAMPLES[name]}
        for name in re.findall(r"\{(\w+)\}", path)
    ]
    in_query = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in parameters]
    answers = {
        "304": "the client has this answer", "400": "not understood", "404": "no results", "406": "no such form",
        "413": "too large", "501": "not served",
    }  # fmt: skip
    return {
        "parameters": in_path + in_query,
        "responses": {status: {"description": said} for status, said in answers.items()},
    }
