"""A source and its card: `raw/<source_id>/source.yaml`, read and checked.

What belongs here: who published what, when, under which licence, and which files (with their hashes) hold it.
What does not: the figures in those files (pipelines/readers).
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipelines.problems import Problem, SourceRefused, shortened

if TYPE_CHECKING:
    from pipelines.project import Project

CARD_NAME = "source.yaml"
CARD_BYTES_AT_MOST = 64 * 1024
FILE_BYTES_AT_MOST = 1024 * 1024 * 1024

_REQUIRED = (
    "source_id",
    "title",
    "title_en",
    "publisher",
    "publisher_en",
    "retrieved_on",
    "licence",
    "reader",
)
_OPTIONAL = (
    "published_on",
    "published_on_precision",
    "address",
    "confidence",
    "stage",
    "note",
    "files",
    "refresh_days",
    "refused_share_limit",
    "layout",
    "formerly",
)
#: Stages of the national accounts: 初步核算, 初步核实, 最终核实, and the revision after a census.
STAGES = ("preliminary", "preliminarily_verified", "finally_verified", "census_revision")
_PRECISION_OF_LENGTH = {0: "unknown", 4: "year", 7: "month", 10: "day"}
_SOURCE_ID = re.compile(r"[a-z][a-z0-9_]{1,63}")


@dataclass(frozen=True)
class RawFile:
    """One file of a source: its path, and the SHA-256 that its card says it has."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Source:
    """What a source's card says.

    Attributes:
        published_on: ISO date as precise as it is known: `2024-03-04`, `2023-03`, `2018`, or None.
        published_on_precision: day, month, year or unknown; agrees with `published_on`.
        known_from: the latest day on which it can have been published; what an as-of query goes by. Where no
            date is known, the day on which it was retrieved.
        confidence: A the official table or text itself, B a reprint or quotation of it, C a news report.
        refresh_days: days after which a newer release is due, or None where none is expected.
        refused_share_limit: largest share of rows (0 to 1) that may be refused; above it the source is held back
            whole. None: no limit.
        layout: what the reader cannot see in the files themselves (where the header stands, a unit that is not
            printed, …); each reader says which keys it takes. Empty where nothing needs saying.
        formerly: ids that the source had before; its figures are found under them too.
        stage: the stage of the accounts that the title or the text gives for all of its figures, one of `STAGES`; None
            where it says nothing, or only beside single figures.
    """

    source_id: str
    title: str
    title_en: str
    publisher: str
    publisher_en: str
    published_on: str | None
    published_on_precision: Literal["day", "month", "year", "unknown"]
    known_from: date
    retrieved_on: date
    address: str | None
    licence: str
    confidence: str | None
    reader: str
    stage: str | None
    note: str | None
    refresh_days: int | None
    refused_share_limit: float | None
    files: tuple[RawFile, ...]
    layout: dict[str, Any] = field(default_factory=dict)
    formerly: tuple[str, ...] = ()


def undescribed(path: Path, layout: dict[str, Any]) -> Source:
    """A source of one file that nobody has written a card for yet: what `gongfu propose` reads with."""
    return Source(
        source_id="proposed", title="", title_en="", publisher="", publisher_en="", published_on=None,
        published_on_precision="unknown", known_from=date.min, retrieved_on=date.min, address=None, licence="",
        confidence=None, reader="", stage=None, note=None, refresh_days=None, refused_share_limit=None,
        files=(RawFile(path, ""),), layout=layout,
    )  # fmt: skip


def folders(project: Project) -> list[Path]:
    """The source folders under raw/, by name."""
    if not project.raw.is_dir():
        return []
    return sorted(path for path in project.raw.iterdir() if path.is_dir() and not path.name.startswith("."))


def read_card(project: Project, folder: Path) -> Source:
    """Read and check the card of one source, its files' hashes included.

    Raises:
        SourceRefused: with every problem of the card, not only the first.
    """
    card = _Card(project, folder)
    fields = card.fields()
    card.check_keys(fields)
    source_id = card.text(fields, "source_id")
    if source_id:
        card.check_id(source_id)
    published_on, precision, known_from = card.publication_date(fields)
    retrieved_on = card.day(fields, "retrieved_on")
    refresh_days = card.amount(fields, "refresh_days", 1, 36_525, "a whole number of days, such as 365")
    refused_share_limit = card.amount(fields, "refused_share_limit", 0, 1, "a share from 0 to 1, such as 0.1")
    stage = card.stage(fields)
    files = card.files(fields)
    layout = card.layout(fields)
    formerly = card.formerly(fields)
    card.raise_if_refused()
    return Source(
        source_id=source_id,
        title=card.text(fields, "title"),
        title_en=card.text(fields, "title_en"),
        publisher=card.text(fields, "publisher"),
        publisher_en=card.text(fields, "publisher_en"),
        published_on=published_on,
        published_on_precision=precision,
        known_from=known_from or retrieved_on,
        retrieved_on=retrieved_on,
        address=card.text(fields, "address") or None,
        licence=card.text(fields, "licence"),
        confidence=card.text(fields, "confidence") or None,
        reader=card.text(fields, "reader"),
        stage=stage,
        note=card.text(fields, "note") or None,
        refresh_days=None if refresh_days is None else int(refresh_days),
        refused_share_limit=refused_share_limit,
        files=files,
        layout=layout,
        formerly=formerly,
    )


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


class _Card:
    """The card of one folder while it is being checked; collects what is wrong with it."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.project = project
        self.folder = folder
        self.path = folder / CARD_NAME
        self.problems: list[Problem] = []

    def refuse(self, rule: str, column: str | None, value: object, en: str, zh: str) -> None:
        self.problems.append(
            Problem(
                source_id=self.folder.name,
                file=self.project.relative(self.path),
                column=column,
                rule=rule,
                value=None if value is None else shortened(value),
                message_en=en,
                message_zh=zh,
            )
        )

    def raise_if_refused(self) -> None:
        if self.problems:
            raise SourceRefused(self.problems)

    def fields(self) -> dict[str, object]:
        import yaml

        content: object = None
        try:
            if self.path.stat().st_size > CARD_BYTES_AT_MOST:
                self.refuse(
                    "card_too_large",
                    None,
                    None,
                    "larger than 64 KiB; a card holds a few lines",
                    "超过 64 KiB",
                )
            else:
                loader = getattr(
                    yaml, "CSafeLoader", yaml.SafeLoader
                )  # the same rules in C, where PyYAML was built with it
                content = yaml.load(self.path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader
        except FileNotFoundError:
            en = "missing; every folder under raw/ needs a card"
            self.refuse("card_missing", None, None, en, "缺少来源说明文件 source.yaml")
        except UnicodeDecodeError:
            self.refuse("card_encoding", None, None, "not UTF-8; save it as UTF-8", "不是 UTF-8 编码，请另存为 UTF-8")
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            at = f" at line {mark.line + 1}" if mark else ""
            self.refuse("card_yaml", None, None, f"not valid YAML{at}; mend its form", f"不是有效的 YAML{at}")
        if not self.problems and not isinstance(content, dict):
            self.refuse("card_yaml", None, None, "holds no fields; write `key: value` lines", "没有任何字段")
        self.raise_if_refused()
        assert isinstance(content, dict)  # noqa: S101 - refused above otherwise
        return {str(key): value for key, value in content.items()}

    def check_keys(self, fields: dict[str, object]) -> None:
        for key in _REQUIRED:
            if not self.text(fields, key):
                self.refuse(f"{key}_missing", key, None, f"{key} is missing; write it into the card", f"缺少 {key}")
        for key in fields.keys() - {*_REQUIRED, *_OPTIONAL}:
            known = ", ".join((*_REQUIRED, *_OPTIONAL))
            self.refuse("field_unknown", key, None, f"unknown field; known are {known}", "未知字段")

    def check_id(self, source_id: str) -> None:
        if not _SOURCE_ID.fullmatch(source_id):
            en = "use lower-case letters, digits and _, beginning with a letter"
            self.refuse("source_id_form", "source_id", source_id, en, "只用小写字母、数字和下划线，以字母开头")
        elif source_id != self.folder.name and (self.folder.parent / source_id).is_dir():
            en = f"two sources of one id: raw/{source_id}/ is {source_id} already; give this folder's source its own id"
            self.refuse(
                "source_id_twice",
                "source_id",
                source_id,
                en,
                f"来源编号 {source_id} 重复，请使每个来源编号唯一",
            )
        elif source_id != self.folder.name:
            en = f"the folder is called {self.folder.name}; a source's folder carries its id: rename one of them"
            self.refuse("source_id_folder", "source_id", source_id, en, "来源编号须与文件夹同名")

    @staticmethod
    def text(fields: dict[str, object], key: str) -> str:
        value = fields.get(key)
        return "" if value is None else str(value).strip()

    def day(self, fields: dict[str, object], key: str) -> date:
        text = self.text(fields, key)
        try:
            return date.fromisoformat(text)
        except ValueError:
            if text:
                self.refuse(
                    f"{key}_date",
                    key,
                    text,
                    "not a date; write it as 2026-11-23",
                    "不是日期，请写成 2026-11-23",
                )
            return date.min

    def amount(self, fields: dict[str, object], key: str, lowest: float, highest: float, form: str) -> float | None:
        text = self.text(fields, key)
        if not text:
            return None
        try:
            amount = float(text)
        except ValueError:
            amount = math.nan
        if not lowest <= amount <= highest:
            self.refuse(
                f"{key}_form", key, text, f"not understood; write {form}", f"请写 {lowest} 到 {highest} 之间的数"
            )
            return None
        return amount

    def stage(self, fields: dict[str, object]) -> str | None:
        text = self.text(fields, "stage")
        if text and text not in STAGES:
            known = ", ".join(STAGES)
            self.refuse("stage_unknown", "stage", text, f"unknown stage; known are {known}", f"未知阶段，可用：{known}")
        return text or None

    def publication_date(
        self, fields: dict[str, object]
    ) -> tuple[str | None, Literal["day", "month", "year", "unknown"], date | None]:
        text = self.text(fields, "published_on")
        stated = self.text(fields, "published_on_precision")
        precision = _PRECISION_OF_LENGTH.get(len(text))
        known_from = None
        try:
            known_from = last_day(text) if text else None
        except (ValueError, TypeError):
            precision = None
        if precision is None:
            en = "not a date; write 2024-03-04, 2024-03 or 2024, in quotes, as precise as it is known"
            self.refuse(
                "published_on_date",
                "published_on",
                text,
                en,
                "不是日期，请按已知精度写 2024-03-04、2024-03 或 2024",
            )
            return None, "unknown", None
        if stated and stated != precision:
            en = f"precision says {stated}, but published_on is known to the {precision}; make them agree"
            self.refuse("published_on_precision", "published_on_precision", stated, en, "与 published_on 的精度不一致")
        return text or None, precision, known_from  # type: ignore[return-value]

    def files(self, fields: dict[str, object]) -> tuple[RawFile, ...]:
        listed = fields.get("files")
        if not isinstance(listed, list) or not listed:
            self.refuse(
                "files_missing",
                "files",
                None,
                "no files listed; name each with its sha256",
                "未列出文件及其 sha256",
            )
            return ()
        return tuple(file for entry in listed if (file := self.file(entry)))

    def layout(self, fields: dict[str, object]) -> dict[str, Any]:
        content = fields.get("layout")
        if content is None:
            return {}
        if not isinstance(content, dict):
            en = "not a mapping; write `key: value` lines under layout, as the reader takes them"
            self.refuse("layout_form", "layout", content, en, "layout 须为键值对")
            return {}
        return {str(key): value for key, value in content.items()}

    def formerly(self, fields: dict[str, object]) -> tuple[str, ...]:
        content = fields.get("formerly", [])
        ids = [str(each) for each in content] if isinstance(content, list) else [""]
        for each in ids:
            if not _SOURCE_ID.fullmatch(each):
                en = "write the ids that the source had before as a list, such as [p047]"
                self.refuse("formerly_form", "formerly", each or content, en, "请以列表写明曾用的来源编号，如 [p047]")
            elif (self.folder.parent / each).is_dir():
                en = f"raw/{each}/ is a source of its own; an id that is still used is no former one"
                self.refuse("formerly_in_use", "formerly", each, en, f"来源编号 {each} 仍在使用")
        return tuple(ids)

    def file(self, entry: object) -> RawFile | None:
        name = str(entry.get("path") or "") if isinstance(entry, dict) else ""
        sha256 = str(entry.get("sha256") or "").lower() if isinstance(entry, dict) else ""
        if not name or not sha256:
            en = "each file needs path and sha256"
            self.refuse("file_entry", "files", shortened(entry), en, "每个文件都需写明 path 和 sha256")
            return None
        path = self.folder / name
        if Path(name).is_absolute() or not path.resolve().is_relative_to(self.folder.resolve()):
            en = "the path leaves the source's folder; put the file inside it"
            self.refuse("path_leaves_folder", "files", name, en, "路径超出来源文件夹，请把文件放在该文件夹内")
            return None
        if not path.is_file():
            self.refuse("file_missing", "files", name, "no such file; add it or mend the path", "文件不存在")
            return None
        if path.stat().st_size > FILE_BYTES_AT_MOST:
            self.refuse("file_too_large", "files", name, "larger than 1 GiB; split it", "文件超过 1 GiB，请拆分")
            return None
        found = sha256_of(path)
        if found != sha256:
            en = (
                f"sha256 of {name} is {found[:12]}…, the card says {sha256[:12]}…; "
                "a changed file is a new version: check it, then update the card"
            )
            self.refuse("sha256_differs", "files", name, en, f"{name} 的 sha256 与 source.yaml 不符，请核对后更新")
            return None
        return RawFile(path, sha256)
