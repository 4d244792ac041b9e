"""Anything that its OpenAPI allows is asked of the service: by the standard it answers or refuses, and never breaks.

GONGFU_FUZZ says how many requests each path is asked (`make verify` asks many).
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from lxml import etree

from pipelines.serving.app import application

if TYPE_CHECKING:
    from schemathesis.openapi.loaders import OpenApiSchema

    from pipelines.project import Project

ASKED = int(os.environ.get("GONGFU_FUZZ", "12"))
#: What the paths and parameters mean, so that requests get past the first check; the others are anything at all.
MEANT_IN_TEN = 9
MEANT: dict[str, tuple[str, ...]] = {
    "flow": ("CURRENT", "OBSERVATIONS", "GONGFU,CURRENT,1.0", "all"),
    "key": (
        "A.330000.gdp...",
        "A.330000+000000.gdp._T.flow._Z",
        "all",
        "*",
        "M......",
        "A.330000.gdp.....",
        "......,A",
    ),
    "provider": ("GONGFU", "all"),
    "component": ("REF_AREA", "all", "TIME_PERIOD+FREQ", "LOCATOR"),
    "context": ("dataflow", "datastructure", "*"),
    "agency": ("GONGFU", "*", "all"),
    "id": ("CURRENT", "OBSERVATIONS", "CL_FREQ", "*", "DSD_CURRENT"),
    "version": ("1.0", "~", "*", "latest"),
    "resource": ("dataflow", "codelist", "datastructure", "conceptscheme", "*", "schema"),
    "item": ("A", "all", "330000"),
    "startPeriod": ("2020", "2022-Q1", "2022-13", "0000", "9999-12", "2022-02-30"),
    "endPeriod": ("2023", "2023-W53", "9999"),
    "updatedAfter": ("2020-01-01", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00"),
    "asOf": ("2022-06-30", "0001-01-01", "9999-12-31"),
    "firstNObservations": ("1", "999999999", "0", "-1"),
    "lastNObservations": ("2",),
    "dimensionAtObservation": ("TIME_PERIOD", "AllDimensions", "REF_AREA"),
    "detail": ("full", "dataonly", "serieskeysonly", "nodata", "allstubs", "referencepartial"),
    "references": ("none", "all", "children", "parentsandsiblings", "codelist"),
    "includeHistory": ("true", "false"),
    "attributes": ("none", "dsd", "obs"),
    "measures": ("none", "all"),
    "mode": ("exact", "available"),
    "c[TIME_PERIOD]": ("ge:2020+le:2022", "gt:9999", "lt:0001", "2022"),
    "c[INDICATOR]": ("gdp", "eq:gdp", "ne:gdp", "'; drop table facts.observations; --"),
    "c[REF_AREA]": ("330000,000000",),
}
ACCEPTED = (
    "*/*",
    "text/csv",
    "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
    "application/vnd.sdmx.structure+json;version=2.0.0",
    "application/vnd.sdmx.data+csv;version=1.0.0;q=0.5,*/*;q=0",
)


@pytest.fixture(scope="module")
def schema(built: tuple[Project, object]) -> OpenApiSchema:
    return schemathesis.openapi.from_asgi("/openapi.json", application(built[0], ("*",)))


def test_whatever_is_asked_the_service_answers_or_refuses_by_the_standard(schema: OpenApiSchema) -> None:
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 20
    statuses = Counter(status for operation in operations for status in statuses_of(operation))
    assert statuses[200] > statuses.total() / 10, statuses


def statuses_of(operation: Any) -> list[int]:  # noqa: ANN401 - of schemathesis, which does not type it
    """What a path answers to many requests; each answer is looked at."""
    statuses = []

    @seed(0)
    @settings(max_examples=ASKED, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), accept=st.sampled_from(ACCEPTED), drawn=st.data())
    def ask(case: schemathesis.Case, accept: str, drawn: st.DataObject) -> None:
        for given_values in (case.path_parameters, case.query):
            for name in given_values:
                if name in MEANT and drawn.draw(st.integers(0, 9)) < MEANT_IN_TEN:
                    given_values[name] = drawn.draw(st.sampled_from(MEANT[name]))
        answer = case.call(headers={"Accept": accept})
        statuses.append(answer.status_code)
        asked = f"{case.method} {case.formatted_path} {case.query}"
        assert answer.status_code < 500 or answer.status_code == 501, asked
        if answer.status_code >= 400 and case.formatted_path.startswith("/sdmx"):
            (text,) = etree.fromstring(answer.content).xpath("//*[local-name()='Text']/text()")
            assert text.strip(), asked
            assert "\n" not in text, asked
            assert "Traceback" not in text, asked

    ask()
    return statuses
