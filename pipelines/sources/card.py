"""A source and its card: `raw/<source_id>/source.yaml`, read and checked.

What belongs here: who published what, when, under which licence, and which files (with their hashes) hold it.
What does not: the figures in those files (pipelines/readers).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from pipelines.problems import SourceRefused, shortened
from pipelines.rules import broken
from pipelines.sources.form import fault, problems_of, text_of, written_in

if TYPE_CHECKING:
    from pipelines.project import Project

CARD_NAME = "source.yaml"
CARD_BYTES_AT_MOST = 64 * 1024
FILE_BYTES_AT_MOST = 1024 * 1024 * 1024

#: Stages of the national accounts: 初步核算, 初步核实, 最终核实, and the revision after a census.
STAGES = ("preliminary", "preliminarily_verified", "finally_verified", "census_revision")
#: Who may be given a source's figures.
ACCESS = ("public", "internal")
_SOURCE_ID = re.compile(r"[a-z][a-z0-9_]{1,63}")

Precision = Literal["day", "month", "year", "unknown"]
_PRECISION_OF_LENGTH: dict[int, Precision] = {0: "unknown", 4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True)
class RawFile:
    """One file of a source: its path, and the SHA-256 that its card says it has."""

    path: Path
    sha256: str


def _filled(value: object) -> str:
    text = text_of(value)
    if not text:
        raise fault("*_missing")
    return text


def _or_none(value: object) -> object:
    return text_of(value) or None


Filled = Annotated[str, BeforeValidator(_filled)]
Given = Annotated[str | None, BeforeValidator(_or_none)]


class Source(BaseModel):
    """What a source's card says: the one list of its fields, in the order of the table `landing.sources`.

    Attributes:
        published_on: ISO date as precise as it is known: `2024-03-04`, `2023-03`, `2018`, or None.
        published_on_precision: day, month, year or unknown; agrees with `published_on`.
        confidence: A the official table or text itself, B a reprint or quotation of it, C a news report.
        access: `public`, or `internal`: its figures are in the warehouse and in no export.
        stage: the stage of the accounts that the title or the text gives for all of its figures, one of `STAGES`; None
            where it says nothing, or only beside single figures.
        refresh_days: days after which a newer release is due, or None where none is expected.
        refused_share_limit: largest share of rows (0 to 1) that may be refused; above it the source is held back
            whole. None: no limit.
        layout: what the reader cannot see in the files themselves (where the header stands, a unit that is not
            printed, …); each reader says which keys it takes. Empty where nothing needs saying.
        formerly: ids that the source had before; its figures are found under them too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_id: Filled
    title: Filled
    title_en: Filled
    publisher: Filled
    publisher_en: Filled
    published_on: Given = None
    published_on_precision: Precision = Field(default=None, validate_default=True)
    retrieved_on: date
    address: Given = None
    licence: Filled
    confidence: Given = None
    reader: Filled
    access: Annotated[str, BeforeValidator(text_of)] = "public"
    stage: Given = None
    note: Given = None
    refresh_days: Annotated[int | None, BeforeValidator(_or_none)] = Field(default=None, ge=1, le=36_525)
    refused_share_limit: Annotated[float | None, BeforeValidator(_or_none)] = Field(
        default=None, ge=0, le=1, allow_inf_nan=False
    )
    files: tuple[RawFile, ...] = Field(default=(), validate_default=True)
    layout: dict[str, Any] = Field(default_factory=dict)
    formerly: tuple[str, ...] = ()

    @property
    def known_from(self) -> date:
        """The latest day on which it can have been published; what an as-of query goes by.

        Where no date is known, the day on which it was retrieved.
        """
        return last_day(self.published_on) if self.published_on else self.retrieved_on

    @field_validator("source_id")
    @classmethod
    def _is_the_folder_s_name(cls, source_id: str, info: ValidationInfo) -> str:
        folder = _folder(info)
        if not _SOURCE_ID.fullmatch(source_id):
            raise fault("source_id_form", source_id)
        if folder is not None and info.context and source_id != folder.name:
            rule = "source_id_twice" if (info.context["beside"] / source_id).is_dir() else "source_id_folder"
            raise fault(rule, source_id, used=source_id, folder=folder.name)
        return source_id

    @field_validator("published_on")
    @classmethod
    def _is_a_date_of_some_precision(cls, text: str | None) -> str | None:
        try:
            if text and len(text) in _PRECISION_OF_LENGTH:
                last_day(text)
                return text
        except ValueError:
            pass
        if text:
            raise fault("published_on_date", text)
        return None

    @field_validator("published_on_precision", mode="before")
    @classmethod
    def _agrees_with_the_date(cls, stated: object, info: ValidationInfo) -> object:
        if "published_on" not in info.data:
            return "unknown"
        precision = _PRECISION_OF_LENGTH[len(info.data["published_on"] or "")]
        text = text_of(stated)
        if text and text != precision:
            raise fault("published_on_precision", text, stated=shortened(text), precision=precision)
        return precision

    @field_validator("retrieved_on", mode="before")
    @classmethod
    def _is_a_day(cls, value: object) -> object:
        if isinstance(value, date):
            return value
        text = _filled(value)
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise fault("*_date", text) from None

    @field_validator("access")
    @classmethod
    def _is_a_known_access(cls, text: str) -> str:
        if text not in ACCESS:
            raise fault("access_unknown", text, known=", ".join(ACCESS))
        return text

    @field_validator("stage")
    @classmethod
    def _is_a_known_stage(cls, text: str | None) -> str | None:
        if text and text not in STAGES:
            raise fault("stage_unknown", text, known=", ".join(STAGES))
        return text

    @field_validator("layout", mode="before")
    @classmethod
    def _is_a_mapping(cls, content: object) -> object:
        if content is not None and not isinstance(content, dict):
            raise fault("layout_form", content)
        return content or {}

    @field_validator("formerly", mode="before")
    @classmethod
    def _are_used_no_more(cls, listed: object, info: ValidationInfo) -> object:
        ids = listed if isinstance(listed, (list, tuple)) else [None]
        for each in ids:
            if not isinstance(each, str) or not _SOURCE_ID.fullmatch(each):
                raise fault("formerly_form", listed)
            if info.context and (info.context["beside"] / each).is_dir():
                raise fault("formerly_in_use", each, former=each)
        return tuple(ids)

    @field_validator("files", mode="before")
    @classmethod
    def _lie_in_the_folder(cls, listed: object, info: ValidationInfo) -> object:
        folder = _folder(info)
        if folder is None:
            return listed
        if not isinstance(listed, list) or not listed:
            raise fault("files_missing")
        return tuple(_file(folder, entry, number) for number, entry in enumerate(listed))


def undescribed(path: Path, layout: dict[str, Any], reader: str = "") -> Source:
    """A source of one file that nobody has written a card for yet: what `gongfu propose` reads with."""
    return Source.model_construct(
        source_id="proposed", title="", title_en="", publisher="", publisher_en="", published_on=None,
        published_on_precision="unknown", retrieved_on=date.min, licence="", reader=reader,
        files=(RawFile(path, ""),), layout=layout,
    )  # fmt: skip


def read_card(project: Project, folder: Path, *, beside: Path | None = None) -> Source:
    """Read and check the card of one source, its files' hashes included.

    Args:
        project: from whose root places are named.
        folder: of the source.
        beside: where the other sources' folders are, if not beside this one.

    Raises:
        SourceRefused: with every problem of the card, not only the first.
    """
    name, file = folder.name, project.relative(folder) + f"/{CARD_NAME}"
    if folder.is_symlink():
        raise SourceRefused([broken("folder_is_link", source_id=name, file=f"raw/{name}")])
    written = written_in(folder / CARD_NAME, file, name, "card", bytes_at_most=CARD_BYTES_AT_MOST, typed="layout")
    if not isinstance(written.content, dict):
        raise SourceRefused([broken("card_shape", source_id=name, file=file, expected="`key: value` lines")])
    try:
        return Source.model_validate(written.content, context={"folder": folder, "beside": beside or folder.parent})
    except ValidationError as error:
        known = Source.model_fields
        raise SourceRefused(problems_of(error, written, (), source_id=name, file=file, known=known)) from None


def fields_kept() -> dict[str, tuple[str, str]]:
    """The columns of `landing.sources`: each with the field of the card that fills it, and its type as DuckDB calls it.

    What a reader needs to read the files is left out; `known_from` and `sha256` follow from the card.
    """
    kinds: dict[Any, str] = {str: "varchar", date: "date", int: "integer", float: "double", tuple: "varchar[]"}
    found = {}
    for name, field in Source.model_fields.items():
        if name in {"files", "layout"}:
            continue
        inside = [part for part in get_args(field.annotation) if part is not type(None)] or [field.annotation]
        kind = get_origin(field.annotation) if get_origin(field.annotation) is tuple else inside[0]
        column = f"{name}_zh" if f"{name}_en" in Source.model_fields else name
        found[column] = (name, kinds.get(kind, "varchar"))
    return found | {"known_from": ("known_from", "date"), "sha256": ("sha256", "varchar")}


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def last_day(text: str) -> date:
    """The last day that an ISO date of reduced precision (`2018`, `2018-02`, `2018-02-03`) can mean."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts)
    first = date(parts[0], parts[1] if len(parts) == 2 else 12, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _folder(info: ValidationInfo) -> Path | None:
    """The folder of the card being read; None where a source is made without one."""
    return info.context["folder"] if info.context else None


def _file(folder: Path, entry: object, number: int) -> RawFile:
    fields = entry if isinstance(entry, dict) else {}
    name, sha256 = str(fields.get("path") or ""), str(fields.get("sha256") or "").lower()
    if not name or not sha256:
        raise fault("file_entry", entry, at=(number,))
    path, home = folder / name, folder.resolve()
    if Path(name).is_absolute() or "\0" in name or not path.resolve().is_relative_to(home):
        raise fault("path_leaves_folder", name, at=(number,))
    if path.resolve() != home / Path(name):
        raise fault("file_is_link", name, at=(number,), name=name)
    if not path.is_file():
        raise fault("file_missing", name, at=(number,))
    if path.stat().st_size > FILE_BYTES_AT_MOST:
        raise fault("file_too_large", name, at=(number,))
    found = sha256_of(path)
    if found != sha256:
        raise fault("sha256_differs", name, at=(number,), name=name, found=found[:12], stated=shortened(sha256)[:12])
    return RawFile(path, sha256)
