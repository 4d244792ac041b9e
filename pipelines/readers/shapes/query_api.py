"""Reader of recorded answers of the national bureau's query API: `<name>.json`, what was asked in `<name>.request.txt`.

The API answers HTTP 200 to nearly anything, so an answer counts only where it says success, holds as many figures as
it claims, and is about the indicator, place and period that the request beside it asked for.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from pydantic import BaseModel, ValidationError

from pipelines.printed.heads import indicator_and_unit
from pipelines.printed.numerals import parse_number
from pipelines.printed.periods import period_words
from pipelines.problems import Problem, shortened
from pipelines.readers import Reading
from pipelines.readers.accounts import LeftOut
from pipelines.readers.files.grid import BYTES_AT_MOST, GridFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.problems import SourceRefused
    from pipelines.project import Project
    from pipelines.sources.card import Source

REQUEST_ENDING = ".request.txt"
COLUMNS = ("label", "breakdown", "place", "period", "qualifier", "value", "unit", "table", "sheet", "cell")

_SUCCESS = 200
_NATIONAL = {"hgnd": "年度数据", "hgjd": "季度数据", "hgyd": "月度数据"}
_DATABASES = _NATIONAL | {
    "fsnd": "分省年度数据", "fsjd": "分省季度数据", "fsyd": "分省月度数据",
    "csnd": "主要城市年度数据", "csyd": "主要城市月度价格",
}  # fmt: skip
_ASKED = {"zb": "indicator", "reg": "place", "sj": "period"}


class _Word(BaseModel):
    wdcode: str
    valuecode: str


class _Datum(BaseModel):
    hasdata: bool
    data: Decimal | None = None
    strdata: str = ""


class _Figure(BaseModel):
    data: _Datum
    wds: list[_Word]

    def code(self, dimension: str) -> str:
        return next((word.valuecode for word in self.wds if word.wdcode == dimension), "")


class _Name(BaseModel):
    code: str
    cname: str
    unit: str = ""


class _Names(BaseModel):
    wdcode: str
    nodes: list[_Name | None]


class _Data(BaseModel):
    datanodes: list[_Figure]
    wdnodes: list[_Names]
    hasdatacount: int | None = None


def read(project: Project, source: Source, path: Path) -> Reading:
    """Read one recorded answer; a request file listed in the card gives nothing of its own.

    Returns:
        A frame with `file`, `line` (1) and the columns of `COLUMNS`, all text; `cell` is the JSON pointer of the
        printed number. A figure with `hasdata: false` is missing, whatever its `data` says.

    Raises:
        SourceRefused: no JSON, cut off, an error answer, no request beside it, or an answer to another question.
    """
    import polars as pl

    schema = {"file": pl.String, "line": pl.Int64} | dict.fromkeys(COLUMNS, pl.String)
    if path.name.endswith(REQUEST_ENDING):
        return Reading(pl.DataFrame(schema=schema), [])
    answer = _Answer(GridFile(project, source, path), _question(project, source, path))
    figures = list(answer.figures())
    nodes = answer.data.datanodes
    missing = sum(1 for node in nodes if not node.data.hasdata)
    refused = len(nodes) - missing - len(figures)
    no_data = LeftOut(answer.file.name, "", "no_data", "/returndata/datanodes", missing)
    frame = pl.DataFrame(figures, schema=schema, orient="row")
    return Reading(frame, answer.problems, len(nodes), refused, [no_data] if missing else [])


def _question(project: Project, source: Source, path: Path) -> dict[str, Any]:
    """What the request asked: database and the codes of each dimension."""
    request = path.with_name(path.name.removesuffix(".json") + REQUEST_ENDING)
    file = GridFile(project, source, request)
    if not request.is_file() or request.stat().st_size > 64 * 1024:
        en = "no request beside the answer; without it nothing says what was asked: add it"
        raise file.refusal("request_missing", en, "缺少与回答对应的请求文件，请补充")
    try:
        fields = parse_qs(request.read_text(encoding="utf-8").strip(), max_num_fields=50)
        words = [
            _Word.model_validate(word) for name in ("wds", "dfwds") for word in json.loads(fields.get(name, ["[]"])[0])
        ]
        database = fields["dbcode"][0]
    except (ValueError, ValidationError, TypeError, KeyError, RecursionError):
        en = "not the form fields of a query (m=QueryData&dbcode=…&wds=…&dfwds=…); copy the request's body"
        raise file.refusal("request_form", en, "不是查询请求的表单内容，请复制请求正文") from None
    asked = {word.wdcode: word.valuecode.split(",") for word in words}
    if "zb" not in asked:
        en = "the request names no indicator (zb), so nothing says what was asked; copy the whole body"
        raise file.refusal("request_form", en, "请求中没有指标（zb），请复制完整的请求正文")
    return {"database": database, **asked}


class _Answer:
    """One recorded answer; refuses what does not answer the question."""

    def __init__(self, file: GridFile, question: dict[str, Any]) -> None:
        self.file = file
        self.question = question
        self.problems: list[Problem] = []
        self.data = self.parsed()
        self.names = {
            (names.wdcode, node.code): node for names in self.data.wdnodes for node in names.nodes if node is not None
        }

    def parsed(self) -> _Data:
        content = self.content()
        code = content.get("returncode")
        if code != _SUCCESS:
            said = shortened(content.get("returndata", ""))
            en = f"the site answered returncode {shortened(code)}: {said}; ask again"
            raise self.refusal("answer_error", en, f"网站返回错误 {shortened(code)}：{said}，请重新查询")
        try:
            data = _Data.model_validate(content.get("returndata"))
        except ValidationError as error:
            first = error.errors()[0]
            where = "/".join(str(part) for part in first["loc"]) or "returndata"
            en = f"not the form of an answer ({where}: {shortened(first['msg'])}); fetch it again"
            raise self.refusal("answer_form", en, f"回答的结构不符（{where}），请重新获取") from None
        present = sum(1 for figure in data.datanodes if figure.data.hasdata)
        if data.hasdatacount is not None and data.hasdatacount != present:
            en = f"claims {data.hasdatacount} figures and holds {present}; fetch it again"
            raise self.refusal("count_differs", en, f"声明 {data.hasdatacount} 个数据，实有 {present} 个，请重新获取")
        return data

    def content(self) -> dict[str, Any]:
        if self.file.path.stat().st_size > BYTES_AT_MOST:
            raise self.refusal("file_too_large", "larger than 64 MiB; split it", "文件超过 64 MiB，请拆分")
        data = self.file.path.read_bytes()
        if not data.strip():
            raise self.refusal("file_empty", "the file is empty; fetch it again", "文件为空，请重新获取")
        try:
            content = json.loads(data.decode("utf-8-sig"), parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            at = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
            en = f"not whole JSON{at} (cut off, or an error page); fetch it again"
            raise self.refusal("cut_off", en, "不是完整的 JSON，请重新获取") from None
        if not isinstance(content, dict):
            raise self.refusal("answer_form", "no answer of the query API; fetch it again", "不是查询接口的回答")
        return content

    def figures(self) -> Iterator[dict[str, str | int]]:
        """The figures that are there, in the order of the answer."""
        self.check_answers_question()
        if not any(figure.data.hasdata for figure in self.data.datanodes):
            en = "the answer holds no figure; ask for a period or place that has one, or take the file out"
            self.problems.append(self.file.problem("answer_empty", en, "回答中没有任何数据"))
        database = self.question["database"]
        for position, figure in enumerate(self.data.datanodes):
            if not figure.data.hasdata:
                continue
            printed = "strdata" if figure.data.strdata.strip() else "data"
            pointer = f"/returndata/datanodes/{position}/data/{printed}"
            value = self.value(figure.data, pointer)
            named = self.named(figure, pointer) if value else None
            if named:
                yield {
                    "file": self.file.name,
                    "line": 1,
                    "breakdown": "",
                    "qualifier": "",
                    "value": value,
                    "table": _DATABASES.get(database, database),
                    "sheet": "",
                    "cell": pointer,
                } | named

    def check_answers_question(self) -> None:
        """Every figure is about what was asked: a code asked for, or one below it (A0D01 asks for A0D0101 too)."""
        for dimension, asked in self.question.items():
            what = _ASKED.get(dimension)
            if not what:
                continue
            spoken = any(code.upper().startswith("LAST") or "-" in code for code in asked)
            for figure in self.data.datanodes:
                code = figure.code(dimension)
                fits = code.startswith(tuple(asked)) if dimension != "reg" else code in asked
                if not fits and not (dimension == "sj" and spoken):
                    given = code or "none"
                    en = f"asked for {what} {shortened(','.join(asked))}, answered with {given}; ask again"
                    zh = f"所问 {shortened(','.join(asked))} 与所答 {code or '（无）'} 不符，请重新查询"
                    raise self.refusal(f"answer_for_another_{what}", en, zh)

    def value(self, datum: _Datum, pointer: str) -> str:
        """The number as printed; the exact JSON number where no print is given; "" where the two disagree."""
        printed = datum.strdata.strip()
        if not printed:
            printed = "" if datum.data is None else format(datum.data, "f")
        number = parse_number(printed)
        if datum.strdata.strip() and datum.data is not None and number and number.number != datum.data:
            en = f"prints {printed} and stores {datum.data}; ask again"
            self.note("two_values_in_answer", pointer, printed, en, f"显示值 {printed} 与数值 {datum.data} 不一致")
            return ""
        if not printed:
            self.note("number", pointer, "", "is said to be there and is empty; ask again", "声明有数据但为空")
        return printed

    def named(self, figure: _Figure, pointer: str) -> dict[str, str | int] | None:
        """Codes to labels by the answer's own names; None where one is missing."""
        indicator, place, period = (self.names.get((name, figure.code(name))) for name in ("zb", "reg", "sj"))
        place_words = place.cname if place else ""
        if not place and not figure.code("reg") and self.question["database"] in _NATIONAL:
            place_words = "全国"
        label, unit = indicator_and_unit(indicator.cname) if indicator else ("", "")
        words = (period_words(period.cname) or period.cname) if period else ""
        named = {
            "label": label,
            "place": place_words,
            "period": words,
            "unit": (indicator.unit.strip() if indicator else "") or unit,
        }
        if unit and unit != named["unit"]:
            en = f"the indicator's name says {unit}, its unit {named['unit']}; ask again"
            self.note("unit_twice", pointer, label, en, f"指标名称的单位 {unit} 与单位 {named['unit']} 不一致")
            return None
        for name, rule in (
            ("label", "indicator_missing"),
            ("unit", "unit_missing"),
            ("place", "place_missing"),
            ("period", "period_missing"),
        ):
            if not named[name]:
                code = next((word.valuecode for word in figure.wds if rule == f"{_ASKED.get(word.wdcode)}_missing"), "")
                en = f"the answer does not say which {rule.removesuffix('_missing')} {code} is; ask again"
                self.note(rule, pointer, code, en, "回答中没有写明名称或单位")
                return None
        return dict(named)

    def note(self, rule: str, pointer: str, value: str, en: str, zh: str) -> None:
        self.problems.append(
            Problem(self.file.source_id, self.file.name, rule, en, zh, line=1, column=pointer, value=shortened(value))
        )

    def refusal(self, rule: str, en: str, zh: str) -> SourceRefused:
        return self.file.refusal(rule, en, zh)
