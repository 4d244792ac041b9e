"""Assets of raw/ and of the landing: one per source, and the tables of schema `landing`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    ResourceParam,
    multi_asset,
)

from pipelines.orchestration.session import Session
from pipelines.problems import SourceRefused
from pipelines.project import Project
from pipelines.receiving.landing import Landed
from pipelines.rules import words_of
from pipelines.sources.card import CARD_NAME, read_card

#: Where `make ui` serves warehouse/readings beside the UI.
READINGS = "http://localhost:3002"
#: The rules at the door, each a check of its own.
DOOR_RULES = ("number", "present", "offsets", "print_fits_place", "place_in_file_twice")
ROWS_CUT = "rows_readable"
LANDING_TABLES = {
    "printed_figures": "Printed figures, as printed, typed and located: one row each.",
    "sources": "The sources' cards: one row each.",
    "quarantine": "What did not come through the door, with its place and its reason.",
    "source_versions": "The version of each source in this file, by the state of its folder's bytes.",
    "held_back": "Versions of sources that are not in this file, with every reason.",
    "corrections": "What sources print wrongly and how it is corrected: the entries of their ledgers.",
    "numbers": "What became of every number of every file: figures, left out by reason, refused.",
}


def land_sources(project: Project) -> AssetsDefinition:
    """The step that reads, checks and lands every source that changed.

    A source that did not change is not materialised again. One that appeared since the definitions were loaded is
    landed too; it shows in the graph after the next reload.
    """
    known = project.source_folders
    raw_keys = {folder.name: AssetKey(["raw", folder.name]) for folder in known}
    specs = [_spec(project, folder) for folder in known]
    specs += [
        AssetSpec(
            ["landing", name], group_name="landing", description=text, kinds={"parquet"}, deps=[*raw_keys.values()]
        )
        for name, text in LANDING_TABLES.items()
    ]

    @multi_asset(name="land_sources", specs=specs, check_specs=_door_checks())
    def _land(
        context: AssetExecutionContext, session: ResourceParam[Session]
    ) -> Iterator[MaterializeResult[Any] | AssetCheckResult]:
        for landed in session.land():
            for problem in landed.problems:
                context.log.warning(str(problem))
            if not landed.unchanged and landed.folder in raw_keys:
                told = session.metadata_of(landed) | pages_of(project, landed.folder)
                yield MaterializeResult(asset_key=raw_keys[landed.folder], metadata=told)
        read = sum(not landed.unchanged for landed in session.landed)
        context.log.info(f"{len(session.landed)} sources, {read} of them read anew")
        for name in LANDING_TABLES:
            yield MaterializeResult(asset_key=AssetKey(["landing", name]), metadata={"sources": len(session.landed)})
        yield from _door_results(session.landed)

    return _land


def pages_of(project: Project, folder: str) -> dict[str, MetadataValue[Any]]:
    """Where the pages stand that show a document's figures in their text; only prose has such pages."""
    told: dict[str, MetadataValue[Any]] = {}
    for page in sorted((project.warehouse / "readings" / folder).glob("*.html")):
        told[f"figures in {page.stem}"] = MetadataValue.path(project.relative(page))
        told[f"open figures in {page.stem}"] = MetadataValue.url(f"{READINGS}/{quote(folder)}/{quote(page.name)}")
    return told


def _door_checks() -> list[AssetCheckSpec]:
    """One check per rule of the contract at the door, and one on rows; none blocks, bad rows stay outside."""
    figures = AssetKey(["landing", "printed_figures"])
    checks = [
        AssetCheckSpec(
            f"contract_{rule}", asset=figures, description=f"Pandera refuses a row where: {words_of(rule).en}"
        )
        for rule in DOOR_RULES
    ]
    checks.append(AssetCheckSpec(ROWS_CUT, asset=figures, description="Every row could be cut into its cells."))
    return checks


def _door_results(landed: list[Landed]) -> Iterator[AssetCheckResult]:
    problems = [problem for one in landed if one.source is not None for problem in one.problems]
    groups = {f"contract_{rule}": [problem for problem in problems if problem.rule == rule] for rule in DOOR_RULES}
    groups[ROWS_CUT] = [problem for problem in problems if problem.rule not in DOOR_RULES]
    for name, group in groups.items():
        shown = "\n".join(f"- {problem} {problem.message_zh}" for problem in group[:10])
        yield AssetCheckResult(
            asset_key=AssetKey(["landing", "printed_figures"]),
            check_name=name,
            passed=not group,
            severity=AssetCheckSeverity.WARN,
            description="\n".join(str(problem) for problem in group[:2]) or None,
            metadata={"failing rows": len(group)} | ({"examples": MetadataValue.md(shown)} if group else {}),
        )


def _spec(project: Project, folder: Path) -> AssetSpec:
    key = AssetKey(["raw", folder.name])
    try:
        source = read_card(project, folder)
    except SourceRefused as refused:
        return AssetSpec(key, group_name="raw", skippable=True, description=f"Refused: {refused}")
    metadata: dict[str, Any] = {
        "publisher": source.publisher,
        "published_on": source.published_on or "unknown",
        "licence": source.licence,
        "sha256": ", ".join(file.sha256 for file in source.files),
        "reader": source.reader,
        "card": MetadataValue.path(project.relative(folder / CARD_NAME)),
        "files": MetadataValue.md("\n".join(f"- `{project.relative(file.path)}`" for file in source.files)),
        "figures": MetadataValue.md(
            f"`gongfu export --source {source.source_id} -o {source.source_id}.csv`, "
            "then `gongfu trace FIGURE_ID`: the way of one figure from this file to the marts"
        ),
    }
    if source.address and source.address.startswith(("http://", "https://")):
        metadata["address"] = MetadataValue.url(source.address)
    return AssetSpec(
        key,
        group_name="raw",
        skippable=True,
        description=f"{source.title}\n\n{source.title_en}. {source.publisher_en}.",
        metadata=metadata,
        kinds=set(sorted({file.path.suffix.lstrip(".").lower() or "file" for file in source.files})[:3]),
    )
