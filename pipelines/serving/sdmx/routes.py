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
    from collections.abc import Callable

    from pipelines.serving.sdmx.service import Service

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

    def add(path: str, summary: str, parameters: tuple[str, ...], answer: Callable[[Request], Response]) -> None:
        said = _said(path, parameters)
        routes.add_api_route(path, answer, response_class=Response, summary=summary, openapi_extra=said)

    def data(request: Request) -> Response:
        path = request.path_params
        if path["flow"] in _CONTEXTS:  # of 2.x, without a version
            flow = flow_named(path.get("key", "*"), path.get("provider", "*"), "~")
            return service.data(request, flow, "*")
        check_provider(path.get("provider", "all"))
        return service.data(request, flow_of_reference(path["flow"]), path.get("key", "all"))

    def data_2(request: Request) -> Response:
        path = request.path_params
        _check_context(path["context"])
        flow = flow_named(path["agency"], path["id"], path.get("version", "~"))
        return service.data(request, flow, path.get("key", "*"))

    def available(request: Request) -> Response:
        path = request.path_params
        check_provider(path.get("provider", "all"))
        flow = flow_of_reference(path["flow"])
        return service.available(request, flow, path.get("key", "all"), path.get("component", "all"))

    def available_2(request: Request) -> Response:
        path = request.path_params
        _check_context(path["context"])
        flow = flow_named(path["agency"], path["id"], path.get("version", "~"))
        return service.available(request, flow, path.get("key", "*"), path.get("component", "*"))

    def structures(request: Request) -> Response:
        path = request.path_params
        resource = path.get("resource", "*")
        if resource in {"schema", "metadata"}:
            raise Refused(NOT_IMPLEMENTED, f"{resource} is not served; structures, data and what is available are")
        asked = {name: path[name] for name in ("agency", "id", "version", "item") if name in path}
        return service.structures(request, Asked(resource, **asked))

    flow, series = "/data/{flow}", "/data/{context}/{agency}/{id}"
    for path in (f"{series}/{{version}}/{{key}}", f"{series}/{{version}}"):
        add(path, "Observations (REST 2.x)", _DATA_PARAMETERS, data_2)
    for path in (flow, f"{flow}/{{key}}", f"{flow}/{{key}}/{{provider}}"):
        add(path, "Observations (REST 1.x)", _DATA_PARAMETERS, data)
    base = "/availability/{context}/{agency}/{id}"
    for path in (f"{base}/{{version}}/{{key}}/{{component}}", f"{base}/{{version}}/{{key}}", f"{base}/{{version}}"):
        add(path, "What is available (REST 2.x)", _AVAILABILITY_PARAMETERS, available_2)
    base = "/availableconstraint/{flow}"
    for path in (base, f"{base}/{{key}}", f"{base}/{{key}}/{{provider}}", f"{base}/{{key}}/{{provider}}/{{component}}"):
        add(path, "What is available (REST 1.x)", _AVAILABILITY_PARAMETERS, available)
    below = ("", "/{agency}", "/{agency}/{id}", "/{agency}/{id}/{version}", "/{agency}/{id}/{version}/{item}")
    add("/structure", "All structures (REST 2.x)", _STRUCTURE_PARAMETERS, structures)
    for path in below:
        add(f"/structure/{{resource}}{path}", "Structures (REST 2.x)", _STRUCTURE_PARAMETERS, structures)
    for path in below:
        add(f"/{{resource}}{path}", "Structures (REST 1.x)", _STRUCTURE_PARAMETERS, structures)
    return routes


def _check_context(context: str) -> None:
    if context in {"datastructure", "provisionagreement"}:
        raise Refused(NOT_IMPLEMENTED, f"data of a {context} is not served; name a dataflow")
    if context not in _CONTEXTS:
        raise Refused(NO_RESULTS, f"there is no {context[:80]}; name a dataflow")


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
