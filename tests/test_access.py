"""What a card says is internal stays inside: in the warehouse and in a trace, in no export and no answer to outside."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from pipelines.asking import findings
from pipelines.asking.catalogue import find, sources
from pipelines.asking.coverage import by_practice, states_of_sources
from pipelines.asking.names import names
from pipelines.asking.naming import figure_named
from pipelines.asking.observations import Wanted, observations
from pipelines.asking.warehouse import UnknownName, published
from pipelines.asking.way import way_of
from tests.conftest import HEADER, gongfu, write_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipelines.asking.warehouse import Warehouse
    from pipelines.project import Project

pytestmark = pytest.mark.builds

OPEN = "常住人口,年末,桐庐县,2023年,,46.1,万人,\n常住人口,年末,临安区,2023年,,64.9,万人,\n"
#: Prints another value on the same day for what the open source prints, finer; a row without a number; its own label.
CLOSED = (
    "常住人口,年末,建德市,2023年,,44.3,万人,\n"
    "常住人口,年末,桐庐县,2023年,,57.93,万人,\n"
    "常住人口,年末,淳安县,2023年,,多,万人,\n"
    "某内部指标,,建德市,2023年,,44.3,万人,\n"
)
OPEN_FIGURE = "open_one:figures.csv:2:value"
CLOSED_FIGURE = "closed_one:figures.csv:2:value"


@pytest.fixture(scope="module")
def project(begun: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = begun(tmp_path_factory.mktemp("access"))
    write_source(project, "open_one", HEADER + OPEN)
    write_source(project, "closed_one", HEADER + CLOSED, {"access": "internal"})
    done = gongfu(project, "build")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture(scope="module")
def warehouse(project: Project) -> Iterator[Warehouse]:
    with published(project) as opened:
        yield opened


@pytest.mark.parametrize("name", ["x.csv", "x.sdmx.csv"])
def test_exports_of_figures_leave_internal_ones_out_and_say_how_many(
    project: Project, tmp_path: Path, name: str
) -> None:
    done = gongfu(project, "export", "-o", str(tmp_path / name))
    assert "2 rows in" in done.stdout
    assert "2 rows left out: they stand on sources for internal use" in done.stdout
    for file in (tmp_path / name, tmp_path / f"{name}.sources.csv"):
        text = file.read_text(encoding="utf-8-sig")
        assert "open_one" in text
        assert "closed_one" not in text


@pytest.mark.parametrize("table", ["facts.current_observations", "reference.sources", "landing.printed_figures"])
def test_whole_tables_leave_internal_rows_out(project: Project, tmp_path: Path, table: str) -> None:
    done = gongfu(project, "export", table, "-o", str(tmp_path / "t.csv"))
    assert done.returncode == 0, done.stderr
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {row["source_id"] for row in csv.DictReader(stream)} == {"open_one"}


def test_a_table_that_does_not_say_what_its_rows_stand_on_is_not_exported(project: Project, tmp_path: Path) -> None:
    done = gongfu(project, "export", "quality.checks", "-o", str(tmp_path / "t.csv"))
    assert done.returncode == 2
    assert "some are internal: not exported" in done.stderr


def test_answers_to_outside_leave_internal_figures_out(warehouse: Warehouse) -> None:
    assert [each.source_id for each in observations(warehouse, Wanted(vintages="all"))] == ["open_one"] * 2
    inside = observations(warehouse, Wanted(vintages="all", audience="internal"))
    assert [each.source_id for each in inside].count("closed_one") == 2
    assert find(warehouse, "常住人口")[0].figures == 2
    assert find(warehouse, "常住人口", "internal")[0].figures == 4


def test_an_internal_print_displaces_no_public_one_to_outside(warehouse: Warehouse) -> None:
    place = ("330122",)
    (inside,) = observations(warehouse, Wanted(ref_areas=place, audience="internal"))
    (outside,) = observations(warehouse, Wanted(ref_areas=place))
    assert (inside.source_id, outside.source_id) == ("closed_one", "open_one")
    assert outside.is_current
    assert figure_named(warehouse, ["常住人口", "桐庐县", "2023"]) == OPEN_FIGURE


def test_what_an_internal_figure_says_against_a_public_one_stays_inside(warehouse: Warehouse) -> None:
    (inside,) = observations(warehouse, Wanted(vintages="all", figure_ids=(OPEN_FIGURE,), audience="internal"))
    (outside,) = observations(warehouse, Wanted(vintages="all", figure_ids=(OPEN_FIGURE,)))
    assert inside.contradicted_by
    assert outside.contradicted_by == ()
    assert findings.relations(warehouse) == []
    (relation,) = findings.relations(warehouse, audience="internal")
    assert (relation.kind, relation.outcome) == ("same_figure", "fail")
    assert findings.outcomes_by_kind(warehouse) == []
    assert [each.relations for each in findings.outcomes_by_kind(warehouse, "internal")] == [1]


def test_what_was_refused_of_an_internal_source_stays_inside(warehouse: Warehouse) -> None:
    assert findings.refusals(warehouse) == []
    assert [each.rule for each in findings.refusals(warehouse, audience="internal")] == ["number"]


def test_internal_sources_are_not_named_to_outside(warehouse: Warehouse) -> None:
    assert [each.source_id for each in sources(warehouse)] == ["open_one"]
    assert len(sources(warehouse, audience="internal")) == 2
    assert list(names(warehouse).sources) == ["open_one"]
    assert [each.source_id for each in states_of_sources(warehouse)] == ["open_one"]
    assert len(states_of_sources(warehouse, "internal")) == 2
    inside, outside = by_practice(warehouse, "internal"), by_practice(warehouse)
    assert sum(each.figures for each in inside) >= sum(each.figures for each in outside)
    with pytest.raises(UnknownName):
        sources(warehouse, "closed_one")


def test_an_internal_figure_has_no_name_and_no_way_to_outside(warehouse: Warehouse) -> None:
    assert figure_named(warehouse, [CLOSED_FIGURE], "internal") == CLOSED_FIGURE
    with pytest.raises(UnknownName):
        figure_named(warehouse, [CLOSED_FIGURE])
    with pytest.raises(UnknownName):
        figure_named(warehouse, ["常住人口", "建德市", "2023"])
    with pytest.raises(UnknownName):
        way_of(warehouse, CLOSED_FIGURE)
    assert {each.source_id for each in way_of(warehouse, OPEN_FIGURE).vintages} == {"open_one"}


def test_an_internal_source_that_is_asked_for_by_name_leaves_no_line_in_the_sources(
    project: Project, tmp_path: Path
) -> None:
    chosen = ("--source", "open_one", "--source", "closed_one")
    done = gongfu(project, "export", *chosen, "-o", str(tmp_path / "x.sdmx.csv"))
    assert done.returncode == 0, done.stderr
    assert "closed_one" not in (tmp_path / "x.sdmx.csv.sources.csv").read_text(encoding="utf-8-sig")


#: What only the internal source says: its name, its values as printed and in the base unit, its own label.
CLOSED_WORDS = ("closed_one", "57.93", "579300", "44.3", "443000", "某内部指标")
ENDPOINTS = (
    "/sdmx/data/CURRENT", "/sdmx/data/CURRENT?includeHistory=true", "/sdmx/data/CURRENT?detail=serieskeysonly",
    "/sdmx/data/CURRENT/A.330182....", "/sdmx/data/OBSERVATIONS", "/sdmx/data/OBSERVATIONS/......closed_one.",
    "/sdmx/availableconstraint/CURRENT", "/sdmx/availableconstraint/OBSERVATIONS/all/all/SOURCE_ID+LOCATOR",
    "/sdmx/structure/*/*/*/*", "/sdmx/codelist/GONGFU/CL_SOURCE/1.0/closed_one", "/healthz", "/openapi.json",
    "/quality_report/summary.html", "/",
)  # fmt: skip


@pytest.mark.parametrize("path", ENDPOINTS)
def test_no_endpoint_says_what_only_an_internal_source_says(project: Project, path: str) -> None:
    from starlette.testclient import TestClient

    from pipelines.serving.app import application

    with TestClient(application(project), base_url="http://127.0.0.1") as client:
        for accept in ("*/*", "text/csv, application/json", "application/vnd.sdmx.structurespecificdata+xml"):
            answer = client.get(path, headers={"Accept": accept})
            said = answer.text.replace(path, "").replace("no item closed_one", "").replace("no code closed_one", "")
            assert [each for each in CLOSED_WORDS if each in said] == []


def test_no_page_and_no_file_of_the_monitor_says_what_only_an_internal_source_says(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    from pipelines.serving.monitor.site import write_site

    made = write_site(warehouse, tmp_path)
    assert "zh/search-index.js" in made.files
    for name in made.files:
        if name != "charts.js" and not name.endswith(".xlsx"):
            text = (tmp_path / name).read_text(encoding="utf-8")
            assert [each for each in CLOSED_WORDS if each in text] == [], name


def test_no_answer_to_an_assistant_says_what_only_an_internal_source_says(project: Project) -> None:
    from mcp.server.mcpserver.exceptions import ToolError

    from pipelines.asking.following import Published
    from pipelines.problems import BuildStopped
    from pipelines.serving.assistant import Questions

    ask = Questions(Published(project))
    (population,) = {each["indicator"] for each in ask.find("常住人口")["indicators"] if each["figures"]}
    questions = (
        lambda: ask.find("某内部指标"),
        lambda: ask.observe(population, every_vintage=True),
        lambda: ask.observe(population, ["330182"]),
        lambda: ask.as_of(population, "2026-11-25"),
        lambda: ask.compare(population, "2023"),
        ask.audit,
        lambda: ask.audit([CLOSED_FIGURE]),
        lambda: ask.audit(source="closed_one"),
        lambda: ask.trace(CLOSED_FIGURE),
        lambda: ask.trace(OPEN_FIGURE),
    )
    for question in questions:
        try:
            said = str(question())
        except (ToolError, BuildStopped) as refused:
            said = str(refused).replace(CLOSED_FIGURE, "")
        assert [each for each in CLOSED_WORDS if each in said] == []


def test_a_trace_inside_shows_the_internal_figure(project: Project) -> None:
    done = gongfu(project, "trace", CLOSED_FIGURE)
    assert done.returncode == 0, done.stderr
    assert "443000" in done.stdout


def test_an_unknown_access_holds_the_source_back(project: Project) -> None:
    from pipelines.problems import SourceRefused
    from pipelines.sources.card import read_card

    folder = write_source(project, "misspelt", HEADER, {"access": "intern"})
    with pytest.raises(SourceRefused, match="unknown access; known are public, internal"):
        read_card(project, folder)
