"""The two SDMX clients that people use fetch structures and data, and get what the warehouse holds."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import sdmx
from pysdmx.api.fmr import RegistryClient
from pysdmx.api.qb import ApiVersion, AvailabilityQuery, DataQuery, RestService
from pysdmx.api.qb.data import DataContext
from pysdmx.errors import NotFound
from pysdmx.io import read_sdmx
from pysdmx.io.format import DataFormat, StructureFormat

from tests.conftest import gongfu

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sdmx.model.v21 import Observation

    from pipelines.project import Project

    Query = Callable[[str], list[tuple[Any, ...]]]

INCOME = "A.330000.income_disposable_per_capita.residence-rural.flow._Z"
ASKED = """
    select time_period, obs_value, obs_value_low, obs_value_high, unit_measure, qualifier, obs_status, figure_id
    from facts.current_observations
    where freq = 'A' and ref_area = '330000' and indicator = '{}' and breakdown = '{}' and time_basis = '{}'
        and base_period is null
    order by time_period
"""


@pytest.fixture(scope="module")
def client(address: str) -> sdmx.Client:
    sdmx.add_source({"id": "GONGFU", "name": "gongfu", "url": f"{address}/sdmx"}, override=True)
    return sdmx.Client("GONGFU")


def said(observation: Observation, name: str) -> str | None:
    attribute = observation.attrib.get(name)
    return attribute.value if attribute is not None else None


def as_held(observation: Observation) -> tuple[Any, ...]:
    high, low = said(observation, "OBS_VALUE_HIGH"), said(observation, "OBS_VALUE_LOW")
    return (
        str(observation.key["TIME_PERIOD"].value),
        Decimal(observation.value),
        None if low is None else Decimal(low),
        None if high is None else Decimal(high),
        *(said(observation, name) for name in ("UNIT_MEASURE", "QUALIFIER", "OBS_STATUS", "FIGURE_ID")),
    )


@pytest.mark.parametrize(
    ("indicator", "breakdown", "basis"),
    [
        ("income_disposable_per_capita", "residence=rural", "flow"),
        ("disability_employment_rate_willing_able", "population_definition=working_age_able_willing", "stock"),
        ("gdp", "", "target"),
    ],
)
def test_sdmx1_finds_its_way_from_the_dataflow_to_the_figures(
    client: sdmx.Client, query: Query, indicator: str, breakdown: str, basis: str
) -> None:
    found = client.dataflow("CURRENT", params={"references": "all"})
    structure = found.dataflow.CURRENT.structure
    assert [each.id for each in structure.dimensions] == [
        "FREQ", "REF_AREA", "INDICATOR", "BREAKDOWN", "TIME_BASIS", "BASE_PERIOD", "TIME_PERIOD",
    ]  # fmt: skip
    key = {
        "FREQ": "A", "REF_AREA": "330000", "INDICATOR": indicator, "BREAKDOWN": breakdown.replace("=", "-") or "_T",
        "TIME_BASIS": basis, "BASE_PERIOD": "_Z",
    }  # fmt: skip
    answer = client.data("CURRENT", key=key, dsd=structure)
    held = query(ASKED.format(indicator, breakdown, basis))
    assert held
    assert sorted(as_held(each) for each in answer.data[0].obs) == held


def test_sdmx1_reads_structure_specific_data_by_the_structure(client: sdmx.Client, query: Query) -> None:
    structure = client.dataflow("CURRENT", params={"references": "all"}).dataflow.CURRENT.structure
    accept = {"Accept": "application/vnd.sdmx.structurespecificdata+xml;version=2.1"}
    answer = client.data("CURRENT", key=INCOME, dsd=structure, headers=accept)
    held = query(ASKED.format("income_disposable_per_capita", "residence=rural", "flow"))
    assert sorted(as_held(each) for each in answer.data[0].obs) == held


def test_every_print_comes_with_the_day_from_which_it_was_known(client: sdmx.Client, query: Query) -> None:
    answer = client.data("CURRENT", key="A.330000.gdp._T.flow._Z", params={"includeHistory": True})
    prints = sorted(said(each, "FIGURE_ID") for dataset in answer.data for each in dataset.obs)
    held = query(
        "select figure_id from facts.observations where freq = 'A' and ref_area = '330000' and indicator = 'gdp' "
        "and breakdown = '' and time_basis = 'flow' and base_period is null order by figure_id"
    )
    assert len(answer.data) > 1
    assert [(each,) for each in prints] == held
    for dataset in answer.data:
        days = {said(each, "KNOWN_FROM") for each in dataset.obs}
        assert len(days) == 1
        assert len({each.key["TIME_PERIOD"].value for each in dataset.obs}) == len(dataset.obs)


def test_a_vintage_is_what_was_known_on_that_day(address: str, query: Query) -> None:
    held = query(
        "select time_period, figure_id from facts.observations_as_of(date '2022-06-30') where indicator = 'gdp' "
        "and ref_area = '330000' and freq = 'A' and breakdown = '' and time_basis = 'flow' order by time_period"
    )
    later = query(
        "select time_period, figure_id from facts.current_observations where indicator = 'gdp' "
        "and ref_area = '330000' and freq = 'A' and breakdown = '' and time_basis = 'flow' order by time_period"
    )
    answer = httpx.get(f"{address}/sdmx/data/CURRENT/A.330000.gdp._T.flow._Z?asOf=2022-06-30",
                       headers={"Accept": "text/csv"})  # fmt: skip
    head, *lines = [line.split(",") for line in answer.text.splitlines()]
    period, figure = head.index("TIME_PERIOD"), head.index("FIGURE_ID")
    assert [(line[period], line[figure]) for line in lines] == held != later


FORMS = (
    DataFormat.SDMX_ML_2_1_GEN, DataFormat.SDMX_ML_2_1_STR, DataFormat.SDMX_CSV_1_0_0, DataFormat.SDMX_CSV_2_0_0,
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("version", [ApiVersion.V1_5_0, ApiVersion.V2_2_0])
def test_pysdmx_reads_each_form_by_the_paths_of_1_and_2(
    address: str, query: Query, version: ApiVersion, form: DataFormat
) -> None:
    service = RestService(f"{address}/sdmx", version, data_format=form)
    asked = DataQuery(DataContext.DATAFLOW, "GONGFU", "CURRENT", "1.0", key=INCOME)
    frame = read_sdmx(service.data(asked).decode(), validate=True).data[0].data
    held = query(ASKED.format("income_disposable_per_capita", "residence=rural", "flow"))
    names = ("TIME_PERIOD", "OBS_VALUE", "OBS_VALUE_LOW", "OBS_VALUE_HIGH")
    got = [(str(row[0]), *map(number, row[1:])) for row in frame[list(names)].itertuples(index=False)]
    assert sorted(got) == [row[:4] for row in held]


def number(value: object) -> Decimal | None:
    """What a client makes of a number, or of none."""
    return None if str(value) in {"", "nan", "None", "<NA>"} else Decimal(str(value))


def test_pysdmx_finds_structures_as_json(address: str, query: Query) -> None:
    registry = RegistryClient(f"{address}/sdmx")
    assert [each.id for each in registry.get_dataflows("GONGFU")] == ["CURRENT", "OBSERVATIONS"]
    (structure,) = registry.get_data_structures("GONGFU", "DSD_CURRENT")
    assert [each.id for each in structure.components.dimensions][-1] == "TIME_PERIOD"
    codes = registry.get_codes("GONGFU", "CL_INDICATOR")
    assert [(each.id, each.name) for each in codes] == query(
        "select indicator, name_en from reference.indicators order by domain, indicator"
    )
    assert len(registry.get_concepts("GONGFU", "CS_GONGFU")) > 20


def test_pysdmx_asks_for_a_value_list_where_no_code_list_is_found(address: str) -> None:
    with pytest.raises(NotFound, match="valuelist/GONGFU/CL_NONE"):
        RegistryClient(f"{address}/sdmx").get_codes("GONGFU", "CL_NONE")


def test_what_is_available_are_the_codes_of_the_figures(address: str, query: Query) -> None:
    service = RestService(f"{address}/sdmx", ApiVersion.V2_2_0, structure_format=StructureFormat.SDMX_ML_2_1)
    asked = AvailabilityQuery(resource_id="CURRENT", agency_id="GONGFU", version="1.0", key="A.*.gdp.*.*.*")
    (found,) = read_sdmx(service.availability(asked).decode(), validate=True).structures
    values = {each.id: [value.value for value in each.values] for each in found.cube_region.key_values}
    assert values["INDICATOR"] == ["gdp"]
    assert [(each,) for each in values["REF_AREA"]] == query(
        "select distinct ref_area from facts.current_observations where indicator = 'gdp' and freq = 'A' order by 1"
    )
    assert found.obs_count == query(
        "select count(*) from facts.current_observations where indicator = 'gdp' and freq = 'A'"
    )[0][0]  # fmt: skip


def test_all_prints_come_back_as_the_export_writes_them(
    address: str, built: tuple[Project, object], tmp_path: Path
) -> None:
    file = tmp_path / "all.sdmx.csv"
    done = gongfu(built[0], "export", "-o", str(file))
    assert done.returncode == 0, done.stderr
    served = httpx.get(f"{address}/sdmx/data/OBSERVATIONS", headers={"Accept": "text/csv"}, timeout=900).text
    written = file.read_text(encoding="utf-8-sig")
    assert rows(served) == rows(written)
    assert len(rows(served)) > 3000


def rows(text: str) -> list[list[tuple[str, str]]]:
    """Rows as pairs of column and cell: the order of neither means anything, nor what is to be done with them."""
    read = csv.DictReader(io.StringIO(text))
    return sorted(sorted((name, cell) for name, cell in row.items() if name != "ACTION") for row in read)
