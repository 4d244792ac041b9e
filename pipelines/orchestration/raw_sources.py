"""Assets of raw/ and of the landing: one per source, and the tables of schema `landing`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)

from pipelines.orchestration.session import BuildSession
from pipelines.problems import SourceRefused
from pipelines.project import Project
from pipelines.sources import folders, read_card

LANDING_TABLES = {
    "printed_figures": "Printed figures, as printed, typed and located: one row each.",
    "sources": "The sources' cards: one row each.",
    "quarantine": "What did not come through the door, with its place and its reason.",
}


def land_sources(project: Project) -> AssetsDefinition:
    """The step that reads, checks and lands every source that changed.

    A source that did not change is not materialised again. One that appeared since the definitions were loaded is
    landed too; it shows in the graph after the next reload.
    """
    known = folders(project)
    raw_keys = {folder.name: AssetKey(["raw", folder.name]) for folder in known}
    specs = [_spec(project, folder) for folder in known]
    specs += [
        AssetSpec(
            ["landing", name], group_name="landing", description=text, kinds={"parquet"}, deps=[*raw_keys.values()]
        )
        for name, text in LANDING_TABLES.items()
    ]

    @multi_asset(name="land_sources", specs=specs)
    def _land(context: AssetExecutionContext, session: BuildSession) -> Iterator[MaterializeResult[Any]]:
        build = session.build
        for landed in build.land():
            for problem in landed.problems:
                context.log.warning(str(problem))
            if not landed.unchanged and landed.folder in raw_keys:
                yield MaterializeResult(asset_key=raw_keys[landed.folder], metadata=build.metadata_of(landed))
        read = sum(not landed.unchanged for landed in build.landed)
        context.log.info(f"{len(build.landed)} sources, {read} of them read anew")
        for name in LANDING_TABLES:
            yield MaterializeResult(asset_key=AssetKey(["landing", name]), metadata={"sources": len(build.landed)})

    return _land


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
        "folder": project.relative(folder),
    }
    if source.address and source.address.startswith(("http://", "https://")):
        metadata["address"] = MetadataValue.url(source.address)
    return AssetSpec(
        key,
        group_name="raw",
        skippable=True,
        description=f"{source.title}\n\n{source.title_en}. {source.publisher_en}.",
        metadata=metadata,
        kinds={"csv"},
    )
