"""Great Expectations over the staged warehouse, and its Data Docs: the last gate before the swap.

The library takes seconds to import, so it is loaded here and only when the step runs.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.quality.suites import Suite, manifest_of, suites

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project

SITE = "gongfu"
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
    """

    name: str
    asset: tuple[str, str]
    expectations: int
    broken: tuple[str, ...]
    sources: frozenset[str] = frozenset()

    @property
    def passed(self) -> bool:
        """Whether all hold."""
        return not self.broken


def validate(project: Project, docs: Path) -> list[SuiteResult]:
    """Validate every suite against the file being built and write the Data Docs to `docs`.

    Args:
        project: whose warehouse.
        docs: folder to make anew; `index.html` in it is the start.
    """
    import great_expectations as gx

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    for name in context.get_site_names():
        context.delete_data_docs_site(name)
    shutil.rmtree(docs, ignore_errors=True)
    context.add_data_docs_site(
        SITE,
        {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
        },
    )
    source = context.data_sources.add_pandas("warehouse")
    results = [_validated(context, source, suite) for suite in suites(project, manifest_of(project))]
    context.build_data_docs()
    _make_self_contained(docs, results)
    return results


def _validated(context: Any, source: Any, suite: Suite) -> SuiteResult:  # noqa: ANN401 - the library loads late
    import great_expectations as gx

    batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all")
    expected = context.suites.add(gx.ExpectationSuite(name=suite.name, expectations=_expectations(suite)))
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=batch, suite=expected)
    )
    result = definition.run(batch_parameters={"dataframe": suite.frame})
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


def _make_self_contained(docs: Path, results: list[SuiteResult]) -> None:
    """Take every remote style sheet, script and picture out of the pages, and put one small style sheet in.

    The library's own start page is drawn by a remote script; ours lists the same pages without one.
    """
    from importlib.resources import files

    import jinja2

    style = files("pipelines.quality").joinpath("data_docs.css").read_text(encoding="utf-8")
    for page in docs.rglob("*.html"):
        html = _REMOTE_BACKGROUND.sub("none", _REMOTE.sub("", page.read_text(encoding="utf-8")))
        html = html.replace("</head>", f"<style>{style}</style></head>", 1)
        page.write_text(html, encoding="utf-8")
    pages = {page.name: page.relative_to(docs).as_posix() for page in (docs / "validations").rglob("*.html")}
    rows = [
        {
            "title": result.name,
            "asset": result.asset,
            "expectations": result.expectations,
            "broken": result.broken,
            "passed": result.passed,
            "validation": pages.get(f"warehouse-{result.name}.html", ""),
            "definition": f"expectations/{result.name.replace('.', '/')}.html",
        }
        for result in results
    ]
    environment = jinja2.Environment(loader=jinja2.PackageLoader("pipelines.quality", "."), autoescape=True)
    index = environment.get_template("data_docs_index.html.j2").render(suites=rows, style=style)
    (docs / "index.html").write_text(index, encoding="utf-8")
