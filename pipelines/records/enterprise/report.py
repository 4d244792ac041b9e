"""Gathers the report of one firm from the evaluation; `page` and the command print it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipelines.engine.database import reading
from pipelines.problems import BuildStopped
from pipelines.records.enterprise.comparison import Beside, beside
from pipelines.records.registers import register

if TYPE_CHECKING:
    import duckdb

    from pipelines.records.places import RecordsPlace

Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One indicator of the firm.

    Attributes:
        closes: how much more of the numerator (in its own unit) would alone close the distance to the next grade,
        or None
            where it could not, or where more of it brings no more points.
    """

    name: Row
    value: float | None
    missing: str | None
    weight: float | None
    base: float | None
    points: float | None
    beside: Beside
    closes: float | None
    closes_item: tuple[str, str]


@dataclass(frozen=True)
class Year:
    """The firm in one year: the grade it was given, and its score on the bases of the reported year."""

    period: int
    grade: str | None
    score_on_fixed_base: float | None
    values_in_order: list[float | None]


@dataclass
class Report:
    """Everything that the page says."""

    firm: Row
    rule: Row
    scheme: Row
    result: Row
    reasons: list[tuple[str, str]]
    lines: list[Line] = field(default_factory=list)
    next_grade: str | None = None
    distance: int | None = None
    years: list[Year] = field(default_factory=list)


def report_of(place: RecordsPlace, firm_id: str, run: str) -> Report:
    """The report of a firm in a run.

    Raises:
        BuildStopped: nothing is evaluated yet, or the register has no such firm in this run.
    """
    plan_path = place.work.with_name(f"{place.work.stem}_plan.json")
    if not place.work.is_file() or not plan_path.is_file():
        raise BuildStopped(
            "nothing is evaluated yet; `make records` evaluates synthetic registers · 尚未评价", exit_code=5
        )
    plan = json.loads(plan_path.read_text(encoding="utf-8"))
    with reading(place.work) as duck:
        result = _one(duck, "select * from fct_enterprise_evaluation where run = ? and firm_id = ?", [run, firm_id])
        if result is None:
            known = ", ".join(str(one["run"]) for one in plan["runs"])
            raise BuildStopped(
                f'the register has no firm "{firm_id}" in run "{run}" (runs: {known}) · 没有该企业或该次评价'
            )
        firm = _one(duck, "select * from read_parquet(?) where firm_id = ?", [str(place.entities), firm_id]) or {}
        rule: Row = next((one for one in plan["rules"] if one["rule"] == result["rule"]), {})
        scheme: Row = next((one for one in plan["schemes"] if one["no"] == result["scheme_no"]), {})
        report = Report(firm, rule, scheme, result, _reasons(rule, result))
        _distance(duck, report, run)
        for code in scheme.get("indicators", {}):
            report.lines.append(_line(duck, plan, report, code, run))
        report.years = _years(duck, plan, firm_id, run, list(scheme.get("indicators", {})))
    return report


def _one(duck: duckdb.DuckDBPyConnection, sql: str, values: list[str]) -> Row | None:
    cursor = duck.execute(sql, values)
    names = [column[0] for column in cursor.description or []]
    row = cursor.fetchone()
    return None if row is None else dict(zip(names, row, strict=True))


def _line(duck: duckdb.DuckDBPyConnection, plan: Row, report: Report, code: str, run: str) -> Line:
    result = report.result
    around = beside(duck, run, code, scale=result["scale"], county=result["county"], industry=result["industry"])
    definition = next(one for one in plan["definitions"][code] if one["rule"] in (result["rule"], None))
    item = register("land_productivity").items[next(iter(definition["numerator"]))]
    unit = register("land_productivity").units[item.unit]
    return Line(
        plan["names"][code], result[code], result[f"{code}_missing"], result[f"{code}_weight"], result[f"{code}_base"],
        result[f"{code}_points"], around, _closes(report, code), (f"{item.name_zh}（{unit.zh}）", f"{item.name_en} ({unit.en})"),  # noqa: E501
    )  # fmt: skip


def _distance(duck: duckdb.DuckDBPyConnection, report: Report, run: str) -> None:
    """How many points are missing to the next better grade, in whole points upward: nobody else's score is told."""
    scheme, result = report.scheme, report.result
    grade = result.get("grade_by_rank") or 0
    if grade <= 1 or result["score"] is None:
        return
    report.next_grade = scheme["grades"][grade - 2]
    if scheme["grades_by"] == "score":
        band = next((one for one in scheme["bands"] if one["grade"] == grade - 1), None)
        needed = float(band["low"]) if band and band["low"] else None
    else:
        row = duck.execute(
            "select min(score) from fct_enterprise_evaluation "
            "where run = ? and scheme_no = ? and ranking_group = ? and grade_by_rank = ? and unit_id = firm_id",
            [run, result["scheme_no"], result["ranking_group"], grade - 1],
        ).fetchone()
        needed = float(row[0]) if row and row[0] is not None else None
    if needed is not None:
        report.distance = max(1, math.ceil(needed - result["score"] + 1e-9))


def _closes(report: Report, code: str) -> float | None:
    """More of the numerator that alone brings the missing points, by the formula of the indicator."""
    scored = report.scheme["indicators"][code]
    result = report.result
    points, weight, base = (result[f"{code}_{word}"] for word in ("points", "weight", "base"))
    if (
        report.distance is None
        or scored["points"] != "ratio"
        or not weight
        or not base
        or points is None
        or result[code] is None
    ):
        return None
    most = (
        float(scored["cap"]) * weight
        if scored["cap"]
        else float(scored["cap_points"])
        if scored["cap_points"]
        else math.inf
    )
    if points + report.distance > most:
        return None
    more: float = report.distance / weight * base * result[f"{code}_denominator"]
    return more


def _years(duck: duckdb.DuckDBPyConnection, plan: Row, firm_id: str, run: str, codes: list[str]) -> list[Year]:
    """Earlier years on the bases of this run, and this one; the grade is that which the firm was given in that year."""
    found = []
    for one in plan["runs"]:
        if one["base_run"] != run:
            continue
        row = _one(duck, "select * from fct_enterprise_evaluation where run = ? and firm_id = ?", [one["run"], firm_id])
        given = _one(
            duck,
            "select grade from fct_enterprise_evaluation where run = ? and firm_id = ?",
            [str(one["period"]), firm_id],
        )
        if row is not None:
            grade = given["grade"] if given else None
            found.append(Year(one["period"], grade, row["score"], [row[code] for code in codes]))
    return sorted(found, key=lambda year: year.period)


def _reasons(rule: Row, result: Row) -> list[tuple[str, str]]:
    """Why the firm has the grade, or none, in both languages."""
    parts = [part for part in str(result["grade_reasons"] or "").split(";") if part]
    parts += [str(result["status_reason"])] if result["status_reason"] else []
    return [_reason(rule, part) for part in dict.fromkeys(parts)]


_WORDS = {
    "exempt": ("不参评", "exempt"),
    "ungraded": ("参评不定级", "scored, not graded"),
    "veto": ("否决", "veto"),
    "protection": ("保护", "protection"),
    "limit": ("限制", "limit"),
    "follows": ("等级随出租方", "has the grade of its landlord"),
    "follows_ungraded": ("出租方无等级", "its landlord has no grade"),
    "with": ("合并评价", "evaluated together with"),
    "no_rule": ("没有适用的规则", "no rule covers it"),
    "no_scheme": ("没有适用的方案", "no scheme of the rule is for it"),
    "no_class": ("行业没有归类", "its industry has no class"),
    "no_base": ("基准值无法计算", "a base cannot be computed"),
    "unsaid": ("规则未说明", "the rule does not say"),
    "gap": ("落在规则的空档", "it falls into a gap of the rule"),
}


def _reason(rule: Row, part: str) -> tuple[str, str]:
    kind, _, what = part.partition(":")
    zh, en = _WORDS.get(kind, (kind, kind))
    if kind in ("follows", "follows_ungraded", "with"):  # another firm is not named to this one
        return zh, en if kind != "with" else "evaluated together with others of its group"
    name = rule.get("reasons", {}).get(what)
    shown_zh, shown_en = (name["zh"], name["en"]) if name else (what, what)
    return (f"{zh}：{shown_zh}" if what else zh), (f"{en}: {shown_en}" if what else en)
