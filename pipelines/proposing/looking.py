"""Which reader a file wants: each is tried on it, from the one that asks least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.problems import SourceRefused
from pipelines.proposing.proposal import proposals, tidy_layout
from pipelines.readers.files.opening import read_grids
from pipelines.readers.shapes import bureau_export, query_api, tidy_table, yearbook_sheet
from pipelines.sources.card import undescribed

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project
    from pipelines.proposing.proposal import Proposal
    from pipelines.readers import Reading


def look(project: Project, file: Path) -> tuple[str, list[Proposal], Reading | None]:
    """The reader that a file wants, its proposed tables, and what would be read (None where a question is open).

    Raises:
        SourceRefused: the file is none that any reader takes.
    """
    if file.suffix == ".json":
        return "query_api", [], query_api.read(project, undescribed(file, {}), file)
    source = undescribed(file, {})
    if tidy_table.is_tidy(project, source, file):
        return "tidy_table", [], tidy_table.read(project, source, file)
    try:
        reading = bureau_export.read(project, source, file)
        if len(reading.figures) and not reading.problems:
            return "bureau_export", [], reading
    except SourceRefused:
        pass
    grids = read_grids(project, source, file, may_be_lines=True)
    tidy = tidy_layout(grids[0])
    if tidy is not None:
        return "tidy_table", [tidy], None
    found = proposals(grids)
    layout = {"tables": [proposal.fields for proposal in found]}
    try:
        return "yearbook_sheet", found, yearbook_sheet.read(project, undescribed(file, layout), file)
    except SourceRefused:
        return "yearbook_sheet", found, None
