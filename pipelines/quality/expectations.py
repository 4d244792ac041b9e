"""Great Expectations over the staged warehouse, and its Data Docs: the last gate before the swap.

The library takes seconds to import, so it is loaded here, in a process of its own (`pipelines.quality.gate`). What it
takes besides is its own bookkeeping, not the values: evaluating in SQL would save a tenth, leaving out what has not
changed saves its share.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.asking.warehouse import being_built
from pipelines.quality.suites import Suite, manifest_of, rows_of, suites

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipelines.asking.warehouse import Warehouse
    from pipelines.project import Project

SITE = "gongfu"
_PAGES_OF_SUITE = 2
#: Data Docs link style sheets and scripts of half a dozen hosts; the pages must open without a network.
_REMOTE = re.compile(
    r"<link[^>]+href=[\"']https?://[^>]+>|<script[^>]+src=[\"']https?://[^>]*>\s*</script>|<img[^>]+src=[\"']https?://[^>]+>",
    re.IGNORECASE,
)
_REMOTE_BACKGROUND = re.compile(r"url\([\"']?https?://[^)]*\)")


@dataclass(frozen=True)
class SuiteResult:
    """What came of one suite.

    Attributes:
        name: the suite's.
        asset: schema and table that it guards.
        expectations: how many were evaluated.
        broken: one line for each that does not hold.
        sources: those of the values that lie outside their ranges.
        checked_in: the earlier build that evaluated it, where nothing that it looks at has changed since; else None.
    """

    name: str
    asset: tuple[str, str]
    expectations: int
    broken: tuple[str, ...]
    sources: frozenset[str] = frozenset()
    checked_in: str | None = None

    @property
    def passed(self) -> bool:
        """Whether all hold."""
        return not self.broken


@dataclass(frozen=True)
class Earlier:
    """What is known of suites from the published build.

    Attributes:
        docs: its Data Docs.
        checked_in: the build that evaluated a suite, by the suite's name.
        differing: the tables, as schema and name, that differ from the published ones.
    """

    docs: Path
    checked_in: Mapping[str, str]
    differing: frozenset[tuple[str, str]]

    def holds(self, suite: Suite) -> bool:
        """Whether the suite would come out as it did, and its pages are there."""
        known = suite.name in self.checked_in and suite.asset not in self.differing
        return known and len(_pages_of(self.docs, suite.name)) == _PAGES_OF_SUITE


def validate(project: Project, docs: Path, earlier: Earlier | None = None) -> list[SuiteResult]:
    """Validate the suites against the file being built and write the Data Docs to `docs`.

    Args:
        project: whose warehouse.
        docs: folder to make anew; `index.html` in it is the start.
        earlier: suites of which nothing has changed are carried over from it, with their pages.
    """
    shutil.rmtree(docs, ignore_errors=True)
    context = _context(docs)
    source = context.data_sources.add_pandas("warehouse")
    results = []
    with being_built(project) as warehouse:
        for suite in suites(warehouse, manifest_of(project)):
            if earlier is not None and earlier.holds(suite):
                checked_in = earlier.checked_in[suite.name]
                results.append(SuiteResult(suite.name, suite.asset, suite.expectations, (), checked_in=checked_in))
            else:
                results.append(_validated(context, source, warehouse, suite))
    context.build_data_docs()
    _make_self_contained(docs)
    if earlier is not None:
        _carry_pages(earlier.docs, docs, [result.name for result in results if result.checked_in])
    _write_index(docs, results)
    return results


def _context(docs: Path) -> Any:  # noqa: ANN401 - the library loads late
    import great_expectations as gx

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    for name in context.get_site_names():
        context.delete_data_docs_site(name)
    context.add_data_docs_site(
        SITE,
        {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
        },
    )
    return context


def _validated(context: Any, source: Any, warehouse: Warehouse, suite: Suite) -> SuiteResult:  # noqa: ANN401 - the library loads late
    import great_expectations as gx

    batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all")
    expected = context.suites.add(gx.ExpectationSuite(name=suite.name, expectations=_expectations(suite)))
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=batch, suite=expected)
    )
    result = definition.run(batch_parameters={"dataframe": rows_of(warehouse, suite)})
    broken = tuple(_line(one) for one in result.results if not one.success)
    sources = suite.sources_outside() if broken else frozenset()
    return SuiteResult(suite.name, suite.asset, len(result.results), broken, sources)


def _expectations(suite: Suite) -> list[Any]:
    from importlib import import_module

    gxe: Any = import_module("great_expectations.expectations")  # its names are made at run time
    made: list[Any] = [
        gxe.ExpectColumnValuesToBeBetween(
            column=one.column, min_value=one.low, max_value=one.high, notes=one.note, severity="critical"
        )
        for one in suite.ranges
    ]
    if suite.columns:
        made.append(gxe.ExpectTableColumnsToMatchSet(column_set=list(suite.columns), exact_match=True))
    made += [gxe.ExpectColumnValuesToNotBeNull(column=name, notes=suite.notes.get(name)) for name in suite.present]
    return made


def _line(result: Any) -> str:  # noqa: ANN401 - the library's result
    configuration = result.expectation_config
    what = configuration.kwargs.get("column", "")
    details = result.result or {}
    values = details.get("partial_unexpected_list") or []
    between = [configuration.kwargs.get("min_value"), configuration.kwargs.get("max_value")]
    limits = f" not between {between[0]:g} and {between[1]:g}" if None not in between else ""
    shown = ", ".join(str(value) for value in values[:3])
    if not values and result.exception_info and result.exception_info.get("raised_exception"):
        shown = str(result.exception_info.get("exception_message", ""))[:200]
    return f"{configuration.type} {what}{limits}: {shown}".strip()


def _pages_of(docs: Path, suite: str) -> list[Path]:
    """Where the pages of a suite stand below a folder of Data Docs: its definition, and what came of it."""
    found = [docs / "expectations" / f"{suite.replace('.', '/')}.html"]
    found += (docs / "validations" / suite.replace(".", "/")).rglob(f"warehouse-{suite}.html")
    return [page.relative_to(docs) for page in found if page.is_file()]


def _carry_pages(earlier: Path, docs: Path, suites_carried: list[str]) -> None:
    for page in (page for suite in suites_carried for page in _pages_of(earlier, suite)):
        (docs / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(earlier / page, docs / page)


def _make_self_contained(docs: Path) -> None:
    """Take every remote style sheet, script and picture out of the pages, and put one small style sheet in."""
    style = _style()
    for page in docs.rglob("*.html"):
        html = _REMOTE_BACKGROUND.sub("none", _REMOTE.sub("", page.read_text(encoding="utf-8")))
        html = html.replace("</head>", f"<style>{style}</style></head>", 1)
        page.write_text(html, encoding="utf-8")


def _write_index(docs: Path, results: list[SuiteResult]) -> None:
    """The start page: the library's own is drawn by a remote script; ours lists the same pages without one."""
    import jinja2

    rows = []
    for result in results:
        definition, validation = _pages_of(docs, result.name)
        rows.append(
            {
                "title": result.name,
                "asset": result.asset,
                "expectations": result.expectations,
                "broken": result.broken,
                "passed": result.passed,
                "checked_in": result.checked_in,
                "validation": validation.as_posix(),
                "definition": definition.as_posix(),
            }
        )
    environment = jinja2.Environment(loader=jinja2.PackageLoader("pipelines.quality", "."), autoescape=True)
    index = environment.get_template("data_docs_index.html.j2").render(suites=rows, style=_style())
    (docs / "index.html").write_text(index, encoding="utf-8")


def _style() -> str:
    from importlib.resources import files

    return files("pipelines.quality").joinpath("data_docs.css").read_text(encoding="utf-8")
