"""Which reader a file wants: each is tried on it, and what it cannot see is asked, with an answer and its reason."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from pipelines.printed.heads import cleaned, indicator_and_unit
from pipelines.problems import SourceRefused
from pipelines.proposing import suggesting
from pipelines.proposing.proposal import Proposal, proposals, tidy_layout
from pipelines.readers.files.opening import read_grids
from pipelines.readers.shapes import (
    bureau_export,
    panel_table,
    query_api,
    sdmx_csv,
    series_export,
    tidy_table,
    yearbook_sheet,
)
from pipelines.readers.shapes.tidy_table import skipped_columns
from pipelines.readers.worker import Worker
from pipelines.readers.yearbook_heads import HeadedTable
from pipelines.receiving.reading import whole
from pipelines.rules import Words
from pipelines.sources.card import undescribed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    from pipelines.project import Project
    from pipelines.readers import Reader, Reading
    from pipelines.readers.files.grid import Grid
    from pipelines.sources.card import Source

#: Stand for an answer while a file is looked at; nothing of them is shown or written.
_STANDING_IN = {"indicator": "待填写", "unit": "待填单位", "place": "待填地区", "period": "2099年"}
#: A reader that takes less than this of the numbers that are no words is not the file's.
_TAKEN_AT_LEAST = 0.8
_HEADS_WITHIN_ROWS = 12
#: Characters in which the labels of one quantity end alike.
_ENDING_OF_ONE_KIND = 3
_TOLD_APART = Words(
    "columns: breakdown: these columns alone tell apart what has one label; map their codes",
    "columns：breakdown：同名各数仅由这些列区分；请为其代码建立对应",
)
_LABELS_KNOWN = Words("these labels are known, and the values fit", "这些名目已有对应，数值相符")
_BESIDE = frozenset(("head", "name", "note", "rank", "hidden"))


def look(project: Project, file: Path, worker: Worker | None = None) -> tuple[str, list[Proposal], Reading | None]:
    """The reader that a file wants, its proposed tables, and what would be read; `?` in it is still to be answered.

    Args:
        project: for its reference data.
        file: to look at.
        worker: the process to look in, where many files are looked at; else one is begun for this one.

    Raises:
        SourceRefused: the file is none that any reader takes, or looking at it takes more than reading one may.
    """
    source = undescribed(file, {})
    with nullcontext(worker) if worker else Worker(project.root) as one:
        return whole(lambda: one.bounded(_look, project, source, file), project, source, file)


def _look(project: Project, _: Source, file: Path) -> tuple[str, list[Proposal], Reading | None]:
    reader, found, reading = _seen(project, file)
    if reading is not None and (doubts := _doubts(project, reading)):
        found = found or [Proposal({})]
        found[0].questions.extend(doubts)
    return reader, found, reading


def _doubts(project: Project, reading: Reading) -> list[Words]:
    """What to ask of units that are printed, but in which the values cannot be."""
    printed = reading.figures.group_by("label", "unit", maintain_order=True).agg("value")
    asked = (suggesting.cannot_be_in(project, label, unit, values) for label, unit, values in printed.iter_rows())
    return [words for words in asked if words]


def _seen(project: Project, file: Path) -> tuple[str, list[Proposal], Reading | None]:
    if file.suffix == ".json":
        return "query_api", [], query_api.read(project, undescribed(file, {}), file)
    grids = [grid for grid in read_grids(project, undescribed(file, {}), file, may_be_lines=True) if not grid.is_hidden]
    if not grids:
        grids = read_grids(project, undescribed(file, {}), file, may_be_lines=True)
    for name, belongs, reader in (
        ("sdmx_csv", _is_sdmx, sdmx_csv.read),
        ("series_export", series_export.is_series_export, series_export.read),
        ("tidy_table", lambda _: tidy_table.is_tidy(project, undescribed(file, {}), file), tidy_table.read),
        ("bureau_export", lambda grid: not _has_stacked_heads(grid), bureau_export.read),
        ("panel_table", panel_table.is_panel, panel_table.read),
    ):
        if belongs(grids[0]):
            found = _tried(project, file, reader)
            if found:
                proposal, reading = found
                return name, [proposal] if proposal.fields else [], reading
    tidy = tidy_layout(grids[0])
    if tidy is not None and (found := _tried(project, file, tidy_table.read, tidy)):
        return "tidy_table", [found[0]], found[1]
    return "yearbook_sheet", *_laid_out(project, file, grids)


def _laid_out(project: Project, file: Path, grids: list[Grid]) -> tuple[list[Proposal], Reading | None]:
    """The tables of a yearbook sheet, and what is read with something standing in for each `?`.

    What the reader refuses even so is asked in its own words.
    """
    found = proposals(grids)
    answers = {"place": suggesting.place(file), "period": suggesting.period(file)}
    for proposal in found:
        proposal.questions = [_with_answer(question, answers) for question in proposal.questions]
    layout = {"tables": [_stood_in(proposal.fields) for proposal in found]}
    try:
        reading = yearbook_sheet.read(project, undescribed(file, layout), file)
    except SourceRefused as refused:
        if not any(proposal.questions for proposal in found):
            problem = refused.problems[0]
            found[0].questions.append(Words(problem.message_en, problem.message_zh))
        return found, None
    return found, reading._replace(figures=_with_questions(reading.figures))


def _stood_in(fields: dict[str, Any]) -> dict[str, Any]:
    """A table's card in which something stands for each `?`."""
    heads = fields.get("heads", {})
    stand = {key: _STANDING_IN[key] for key, value in fields.items() if value == "?" and key in _STANDING_IN}
    named = {column: f"{_STANDING_IN['indicator']}{column}" for column, words in heads.items() if words == "?"}
    return fields | stand | ({"heads": heads | named} if heads else {})


def _with_questions(figures: pl.DataFrame) -> pl.DataFrame:
    """Figures with `?` again where something stood in."""
    import polars as pl

    return figures.with_columns(
        pl.when(pl.col(name).str.starts_with(_STANDING_IN[key])).then(pl.lit("?")).otherwise(name).alias(name)
        for key, name in (("indicator", "label"), ("place", "place"), ("period", "period"), ("unit", "unit"))
    )


def _with_answer(question: Words, answers: dict[str, suggesting.Answer]) -> Words:
    answer = answers.get(question.en.partition(":")[0], suggesting.NOTHING)
    return _advised(question, answer) if answer.words else question


def _advised(question: Words, answer: suggesting.Answer) -> Words:
    """A question with the answer that something speaks for, and why."""
    return Words(
        f"{question.en}; I would say {answer.words}: {answer.why.en}",
        f"{question.zh}；建议填{answer.words}：{answer.why.zh}",
    )


def _has_stacked_heads(grid: Grid) -> bool:
    """Whether some head spans columns or rows, so that one row of heads does not say all; a title spans them all."""
    return any(
        top <= _HEADS_WITHIN_ROWS and bottom <= _HEADS_WITHIN_ROWS and not (left == 1 and right >= grid.width - 1)
        for top, left, bottom, right in grid.merged
    )


def _is_sdmx(grid: Grid) -> bool:
    return [cell.strip() for cell in grid.rows[0][:3]] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]


def _tried(
    project: Project, file: Path, reader: Reader, seen: dict[str, Any] | None = None
) -> tuple[Proposal, Reading] | None:
    """What a reader makes of a file, with what is open; None where the file is not of its shape."""
    layout: dict[str, Any] = dict(seen or {})
    notes: list[Words] = []
    for _ in range(8):
        try:
            reading = reader(project, undescribed(file, layout), file)
        except SourceRefused as refused:
            if not _help(layout, refused, notes):
                return None
            continue
        if any(problem.rule == "unit_missing" for problem in reading.problems) and "unit" not in layout:
            layout["unit"] = _STANDING_IN["unit"]
            continue
        break
    else:
        return None
    if _says_twice(reading) and (told := _told_apart(project, file, reader, layout)):
        layout, reading = told
        notes = [_TOLD_APART]
    if not _is_taken(reading, skips_words=_skips_only_words(project, file, layout)) or _says_twice(reading):
        return None
    return _proposal(project, file, layout, reading, notes)


def _told_apart(
    project: Project, file: Path, reader: Reader, layout: dict[str, Any]
) -> tuple[dict[str, Any], Reading] | None:
    """The layout with the columns that were to be skipped as breakdown, where these tell apart what has one label."""
    skipped = layout.get("skip_columns")
    if not skipped:
        return None
    mapped = {key: value for key, value in layout.items() if key != "skip_columns"}
    mapped["columns"] = layout.get("columns", {}) | {"breakdown": skipped}
    try:
        return mapped, reader(project, undescribed(file, mapped), file)
    except SourceRefused:
        return None


def _skips_only_words(project: Project, file: Path, layout: dict[str, Any]) -> bool:
    """Whether no column that a layout skips holds a number, be it codes with digits in them."""
    source = undescribed(file, layout)
    grid = read_grids(project, source, file, may_be_lines=True)[0]
    cells = (row[column - 1] for column in skipped_columns(source, grid) for row in grid.rows if len(row) >= column)
    return not any(HeadedTable.number(cell) for cell in cells)


def _help(layout: dict[str, Any], refused: SourceRefused, notes: list[Words]) -> bool:
    """Put something in the place of what is missing; whether that could be done."""
    problem = refused.problems[0]
    key = problem.rule.removesuffix("_missing")
    if key in _STANDING_IN and key not in layout:
        layout[key] = _STANDING_IN[key]
        return True
    if problem.rule in ("column_unknown", "dimension_unnamed") and "skip_columns: [" in problem.message_en:
        names = problem.message_en.partition("skip_columns: [")[2].partition("]")[0].split(", ")
        layout["skip_columns"] = [*layout.get("skip_columns", []), *names]
        notes.append(
            Words(
                f"skip_columns: {', '.join(names)} left out; map what tells figures apart",
                f"skip_columns：{'、'.join(names)}已略去；如用于区分数字，请改作对应",
            )
        )
        return True
    return False


def _is_taken(reading: Reading, *, skips_words: bool) -> bool:
    """Whether a reading takes most of the numbers that are no words; a column of words may be skipped."""
    beside = _BESIDE | {"skipped_column"} if skips_words else _BESIDE
    words = sum(one.numbers for one in reading.left_out if one.reason in beside)
    return len(reading.figures) > 0 and len(reading.figures) >= _TAKEN_AT_LEAST * (reading.numbers - words)


def _says_twice(reading: Reading) -> bool:
    """Whether two figures differ in nothing but their value: a dimension of the file was not seen."""
    keys = ["label", "breakdown", "place", "within", "period", "unit"]
    figures = reading.figures
    return figures.select(keys).n_unique() < figures.select([*keys, "value"]).n_unique()


def _proposal(
    project: Project, file: Path, layout: dict[str, Any], reading: Reading, notes: list[Words]
) -> tuple[Proposal, Reading]:
    """The layout with `?` where something stood in, the questions with their answers, and the figures so far."""
    import polars as pl

    grid = read_grids(project, undescribed(file, {}), file, may_be_lines=True)[0]
    title = next((cleaned(cell) for row in grid.rows[:3] for cell in row if cell.strip()), "")
    fields: dict[str, Any] = {key: value for key, value in layout.items() if key not in _STANDING_IN}
    questions: list[Words] = []
    answers: dict[str, Callable[[], suggesting.Answer]] = {
        "indicator": lambda: suggesting.indicator(file, title),
        "place": lambda: suggesting.place(file),
        "period": lambda: suggesting.period(file),
    }
    for key, answer in answers.items():
        if key in layout:
            fields[key] = "?"
            questions.append(_question(Words(key, key), answer()))
    if "unit" in layout:
        labels = reading.figures.filter(unit=_STANDING_IN["unit"])["label"].unique(maintain_order=True).to_list()
        units = {}
        for label in labels:
            values = reading.figures.filter(label=label)["value"]
            known = suggesting.indicator(file, title).words if label == _STANDING_IN["indicator"] else label
            units[label] = suggesting.unit(project, known, values, file)
        if _are_of_one_kind(labels):
            fields["unit"] = "?"
            likely = next((answer for answer in units.values() if answer.words), suggesting.NOTHING)
            questions.append(_question(Words("unit", "unit"), likely))
        else:
            fields["units"] = dict.fromkeys(labels, "?")
            said = "; ".join(f"{label}: {answer.words}" for label, answer in units.items() if answer.words)
            why = _LABELS_KNOWN if said else suggesting.NO_REASON
            asked = Words(f"units of {len(labels)} indicators", f"{len(labels)}个指标的单位")
            questions.append(_question(asked, suggesting.Answer(said, why)))
    shown = reading.figures.with_columns(
        pl.lit("?").alias(name)
        for key, name in (("indicator", "label"), ("place", "place"), ("period", "period"), ("unit", "unit"))
        if key in layout and key != "unit"
    )
    if "unit" in layout:
        shown = shown.with_columns(
            pl.when(pl.col("unit") == _STANDING_IN["unit"]).then(pl.lit("?")).otherwise("unit").alias("unit")
        )
    return Proposal(fields, questions, notes), reading._replace(figures=shown)


def _are_of_one_kind(labels: list[str]) -> bool:
    """Whether all labels end alike, and so have one unit: 大连港口货物吞吐量, 营口港口货物吞吐量."""
    return len(labels) == 1 or len({label[-_ENDING_OF_ONE_KIND:] for label in labels}) == 1


def _question(asked: Words, answer: suggesting.Answer) -> Words:
    if not answer.words:
        nothing = Words("nothing in the file or its name says it", "文件及文件名中均无依据")
        return Words(f"{asked.en}: not printed; {nothing.en}", f"{asked.zh}：未印出；{nothing.zh}")
    return _advised(Words(f"{asked.en}: not printed", f"{asked.zh}：未印出"), answer)


def unit_in_name_contradicts(file: Path, reading: Reading) -> str | None:
    """A unit in the file's name that no figure of it has; None where there is none."""
    _, unit = indicator_and_unit(file.stem)
    units = set(reading.figures["unit"].to_list())
    return unit if unit and units - {"?"} and unit not in units else None
