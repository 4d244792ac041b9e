"""From raw/ to Parquet, one set of files per source: read, checked at the door, typed and located.

Each source is landed on its own: a bad one never blocks another, and one that has not changed is not read again.
`pipelines.receiving.assembling` then lays all of them into the file being built, as schema `landing`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipelines.fingerprint import hash_of_files
from pipelines.problems import Problem, SourceRefused
from pipelines.sources.card import CARD_NAME, Source, folders, read_card
from pipelines.sources.ledger import as_fields, read_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

    from pipelines.project import Project

#: The code that decides what a raw file becomes; when it changes, every source is read again.
READING_CODE = ("problems.py", "printed", "sources", "readers", "receiving")

#: The rule by which a source with too many bad rows is kept out.
HELD_BACK = "held_back"


@dataclass(frozen=True)
class Landed:
    """What became of one source folder.

    Attributes:
        folder: name of the folder under raw/.
        source: its card, or None where the card was refused.
        accepted: figures that came through the door.
        problems: why rows, or the whole source, did not.
        corrections: the entries of its ledger, as fields of `pipelines.sources.ledger.Correction`.
        unchanged: nothing about it changed, so the figures landed before are used.
        held_back: too many rows were refused, so the last good version of the source, if any, stays in use.
    """

    folder: str
    source: dict[str, Any] | None
    accepted: int
    problems: list[Problem] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)
    unchanged: bool = False
    held_back: bool = False

    @property
    def source_id(self) -> str:
        """The source's id, or the folder's name where the card was refused."""
        return str(self.source["source_id"]) if self.source else self.folder


def land_all(project: Project, *, again: bool = False) -> Iterator[Landed]:
    """Land every source under raw/, one after another, in the order of their names.

    Args:
        project: whose raw/ to read.
        again: read sources that have not changed too.
    """
    project.landing.mkdir(parents=True, exist_ok=True)
    code = hash_of_files([*_reading_code(), project.dbt / "seeds" / "reference" / "label_patterns.csv"])
    known = folders(project)
    for folder in known:
        state = hash_of_files([folder / CARD_NAME, *_listed(folder)], salt=code)
        before = stamp_of(project, folder.name)
        if before and before["state"] == state and not again:
            yield _landed_before(folder.name, before)
            continue
        landed, figures = _land(project, folder)
        _keep(project, state, landed, figures)
        yield landed
    _forget_all_but(project, {folder.name for folder in known})


def _reading_code() -> list[Path]:
    return [path for name in READING_CODE for path in _code_files(_package_folder() / name)]


def _land(project: Project, folder: Path) -> tuple[Landed, pl.DataFrame | None]:
    from pipelines.readers import READERS, reader_named
    from pipelines.receiving.door import admit, with_all_columns

    try:
        source = read_card(project, folder)
        corrections = read_ledger(project, source.source_id, folder)
        reader = reader_named(source.reader)
        if reader is None:
            known = ", ".join(READERS)
            en, zh = (
                f"no reader is called {source.reader}; known are {known}",
                f"没有名为 {source.reader} 的读取器",
            )
            card = project.relative(folder / CARD_NAME)
            problem = Problem(source.source_id, card, "reader_unknown", en, zh, column="reader", value=source.reader)
            raise SourceRefused([problem])
        readings = [reader(project, source, file.path) for file in source.files]
    except SourceRefused as refused:
        return Landed(folder.name, None, 0, refused.problems), None
    import polars as pl

    read = pl.concat([with_all_columns(reading.figures) for reading in readings])
    admission = admit(source, read)
    cut = [problem for reading in readings for problem in reading.problems]
    problems = cut + admission.problems
    rows = len(read) + len(cut)
    kept_out = rows - len(admission.accepted)
    if source.refused_share_limit is not None and kept_out > source.refused_share_limit * rows:
        return _held_back(project, folder, source, kept_out, rows, problems), None
    figures = _with_first_sight(project, source, admission.accepted)
    return Landed(folder.name, _card_fields(source), len(figures), problems, as_fields(corrections)), figures


def _held_back(
    project: Project, folder: Path, source: Source, refused: int, rows: int, problems: list[Problem]
) -> Landed:
    """The source as it was when it was last good, or nothing of it, with the reason first among its problems."""
    before = stamp_of(project, folder.name)
    good = before if before and before["source"] else None
    stays_en = "the version landed before stays in use" if good else "none of it is used"
    stays_zh = "沿用上一次合格的版本" if good else "整个来源不予采用"
    en = (
        f"held back whole: {refused} of {rows} rows were refused, more than refused_share_limit "
        f"{source.refused_share_limit:g} allows; {stays_en}; mend the rows below"
    )
    zh = f"整体暂缓：{rows}行中有{refused}行被拒，超过上限{source.refused_share_limit:g}；{stays_zh}；请修正所列各行"
    card = project.relative(folder / CARD_NAME)
    reason = Problem(source.source_id, card, HELD_BACK, en, zh, column="refused_share_limit", value=f"{refused}/{rows}")
    if good is None:
        return Landed(folder.name, None, 0, [reason, *problems], held_back=True)
    return Landed(
        folder.name, good["source"], good["accepted"], [reason, *problems], good["corrections"], held_back=True
    )


def _with_first_sight(project: Project, source: Source, figures: pl.DataFrame) -> pl.DataFrame:
    """Add `first_seen_at`: when this figure with this value first landed here, kept over later readings and ids."""
    import polars as pl

    now = datetime.now(UTC).replace(microsecond=0)
    figures = figures.with_columns(pl.lit(now).alias("now"))
    ids = (source.source_id, *source.formerly)
    known = next((each for each in ids if (project.landing / f"{each}.parquet").is_file()), None)
    if known is None:
        return figures.rename({"now": "first_seen_at"})
    before = pl.read_parquet(
        project.landing / f"{known}.parquet", columns=["figure_id", "value", "unit", "first_seen_at"]
    ).with_columns((pl.lit(source.source_id) + pl.col("figure_id").str.slice(len(known))).alias("figure_id"))
    return (
        figures.join(before, on=["figure_id", "value", "unit"], how="left", maintain_order="left")
        .with_columns(pl.coalesce("first_seen_at", "now").alias("first_seen_at"))
        .drop("now")
    )


def _keep(project: Project, state: str, landed: Landed, figures: pl.DataFrame | None) -> None:
    parquet = project.landing / f"{landed.folder}.parquet"
    if figures is None and not (landed.held_back and landed.source):
        parquet.unlink(missing_ok=True)
    elif figures is not None:
        beside = parquet.with_suffix(".parquet.new")
        figures.write_parquet(beside, compression="zstd")
        beside.replace(parquet)
    stamp = {
        "state": state,
        "source": landed.source,
        "accepted": landed.accepted,
        "problems": [asdict(problem) for problem in landed.problems],
        "held_back": landed.held_back,
        "corrections": landed.corrections,
    }
    beside = project.landing / f"{landed.folder}.json.new"
    beside.write_text(json.dumps(stamp, ensure_ascii=False, indent=1), encoding="utf-8")
    beside.replace(project.landing / f"{landed.folder}.json")


def problems_landed(project: Project) -> list[Problem]:
    """The problems of every source as it was landed last."""
    stamps = (stamp_of(project, folder.name) for folder in folders(project))
    return [Problem(**problem) for stamp in stamps if stamp for problem in stamp["problems"]]


def stamp_of(project: Project, folder: str) -> dict[str, Any] | None:
    """What was kept beside a landed source's Parquet; None where nothing whole is."""
    try:
        stamp = json.loads((project.landing / f"{folder}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    fields = {"state", "source", "accepted", "problems", "corrections", "held_back"}
    whole = isinstance(stamp, dict) and stamp.keys() >= fields
    if whole and stamp["source"] and not (project.landing / f"{folder}.parquet").is_file():
        return None
    return stamp if whole else None


def _landed_before(folder: str, stamp: dict[str, Any]) -> Landed:
    problems = [Problem(**problem) for problem in stamp["problems"]]
    kept = {name: stamp[name] for name in ("source", "accepted", "corrections", "held_back")}
    return Landed(folder=folder, problems=problems, unchanged=True, **kept)


def _forget_all_but(project: Project, names: set[str]) -> None:
    for path in project.landing.iterdir():
        if path.name.partition(".")[0] not in names:
            path.unlink()


def _listed(folder: Path) -> list[Path]:
    """Every file of the folder, listed in the card or not, so that any change in it is seen."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != CARD_NAME)


def _card_fields(source: Source) -> dict[str, Any]:
    fields = asdict(source)
    fields["known_from"] = source.known_from.isoformat()
    fields["retrieved_on"] = source.retrieved_on.isoformat()
    fields["files"] = len(source.files)
    fields["formerly"] = list(source.formerly)
    del fields["layout"]  # how to read the file, nothing about the source
    fields["sha256"] = " ".join(file.sha256 for file in source.files)
    return fields


def _package_folder() -> Path:
    from pathlib import Path

    return Path(__file__).resolve().parents[1]


def _code_files(path: Path) -> list[Path]:
    """A module, or every module of a room with the tables that its rules stand in."""
    if path.is_file():
        return [path]
    return sorted(each for each in path.rglob("*") if each.suffix in (".py", ".csv", ".yaml"))
