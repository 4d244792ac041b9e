"""The contracts for the code lists (dbt_project/seeds): each row well-formed, before dbt loads any of them.

Relations between the lists (a unit that exists, a place that exists) are dbt's to check; here it is the form of each
row on its own: filled cells, codes in the shape of codes, numbers and dates that are some.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.problems import Problem, shortened

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from pipelines.project import Project

_CODE = r"^[a-z][a-z0-9_]*$"
_AREA = r"^(\d{6}|\d{9}|\d{12}|[A-Z][A-Z0-9_]+)$"
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_NUMBER = r"^-?\d+(\.\d+)?$"
_WHOLE = r"^-?\d+$"
_TRUTH = r"^(true|false)$"

#: By seed: columns that must be filled, and the form of columns where they are.
CONTRACTS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "indicators": (
        ("indicator", "domain", "measure", "name_zh", "name_en", "definition_zh", "definition_en", "unit_measure"),
        {
            "indicator": _CODE,
            "domain": _CODE,
            "unit_measure": _CODE,
            "is_additive": _TRUTH,
            "plausible_low": _NUMBER,
            "plausible_high": _NUMBER,
            "practice": r"^([1-9]|10)$",
        },
    ),
    "crosswalk": (
        ("source_id", "label", "indicator"),
        {"indicator": _CODE, "period_from": _WHOLE, "period_to": _WHOLE},
    ),
    "areas": (
        ("ref_area", "name_zh", "name_en", "area_level"),
        {"ref_area": _AREA, "parent": _AREA, "valid_from": _DAY, "valid_to": _DAY},
    ),
    "area_names": (("place_printed", "ref_area"), {"ref_area": _AREA, "valid_from": _DAY, "valid_to": _DAY}),
    "area_changes": (
        ("changed_on", "kind", "from_area", "to_area", "note_zh", "source"),
        {
            "from_area": _AREA,
            "to_area": _AREA,
            "changed_on": _DAY,
            "kind": r"^(split|merge|rename|recode|territory|redistribution)$",
        },
    ),
    "area_concordance": (
        ("ref_area", "changed_on", "comparable_zh", "comparable_en", "source"),
        {"ref_area": _AREA, "changed_on": _DAY},
    ),
    "area_groups": (
        ("area_group", "ref_area"),
        {"area_group": _AREA, "ref_area": _AREA, "valid_from": _DAY, "valid_to": _DAY},
    ),
    "units": (("unit_measure", "name_zh", "name_en"), {"unit_measure": _CODE}),
    "unit_words": (
        ("unit_measure", "unit_mult", "factor"),
        {"unit_measure": _CODE, "unit_mult": _WHOLE, "factor": _NUMBER},
    ),
    "qualifiers": (("qualifier_code", "low_rule", "high_rule", "name_zh", "name_en"), {"qualifier_code": _CODE}),
    "breakdown_codes": (("dimension", "code", "name_zh", "name_en"), {"dimension": _CODE, "code": _CODE}),
    "period_words": (
        ("source_id", "period_printed", "freq", "time_period"),
        {"period_start": _DAY, "period_end": _DAY},
    ),
    "practices": (("practice", "name_zh", "name_en"), {"practice": r"^([1-9]|10)$"}),
    "headline_indicators": (("practice", "position", "indicator"), {"position": _WHOLE, "indicator": _CODE}),
    "ratio_terms": (
        ("indicator", "numerator_indicator", "denominator_indicator", "severity"),
        {
            "indicator": _CODE,
            "numerator_indicator": _CODE,
            "denominator_indicator": _CODE,
            "severity": r"^(error|warn)$",
        },
    ),
    "audit_relations": (
        ("relation", "kind", "name_zh", "name_en", "scale", "shift", "severity", "stated_by"),
        {"relation": _CODE, "kind": _CODE, "scale": _NUMBER, "shift": _NUMBER, "severity": r"^(error|warn)$"},
    ),
    "audit_terms": (
        ("relation", "term", "role", "indicator"),
        {
            "relation": _CODE,
            "term": _WHOLE,
            "role": r"^(printed|addend|subtrahend|factor|divisor)$",
            "indicator": _CODE,
        },
    ),
    "audit_acknowledged": (
        ("relation", "source_id", "ref_area", "reason_zh", "reason_en", "acknowledged_by", "acknowledged_on"),
        {"ref_area": _AREA, "acknowledged_on": _DAY},
    ),
    "refusal_rules": (("rule", "column_name", "message_en", "message_zh"), {"rule": _CODE, "column_name": _CODE}),
    "skip_reasons": (("reason", "name_en", "name_zh"), {"reason": _CODE}),
    "plausibility_rules": (
        ("rule", "severity", "severity_reason_en", "severity_reason_zh", "words_zh", "words_en"),
        {"rule": _CODE, "severity": r"^(error|warn)$"},
    ),
    "measure_bounds": (
        ("measure", "unit_measure", "lowest", "reason_en", "reason_zh"),
        {"measure": _CODE, "unit_measure": _CODE, "lowest": _NUMBER, "highest": _NUMBER},
    ),
    "plausibility_thresholds": (
        ("rule", "threshold", "value", "of_what", "reason_en", "reason_zh"),
        {"rule": _CODE, "threshold": _CODE, "value": _NUMBER},
    ),
}


def problems_of_code_lists(project: Project) -> list[Problem]:
    """Every row of a code list that is not well-formed, all of them collected."""
    return [
        problem for path in sorted((project.dbt / "seeds").rglob("*.csv")) for problem in _problems_of(project, path)
    ]


def _problems_of(project: Project, path: Path) -> list[Problem]:
    import polars as pl

    try:
        rows = pl.read_csv(path, infer_schema=False).fill_null("")
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        return [_problem(project, path, "csv_form", f"no readable table: {reason}", "无法读取的表格")]
    filled, forms = CONTRACTS.get(path.stem, ((), {}))
    missing = [name for name in (*filled, *forms) if name not in rows.columns]
    if missing:
        en = f"column {missing[0]} is missing; add it"
        return [_problem(project, path, "column_missing", en, f"缺少列 {missing[0]}", column=missing[0])]
    return _refused(project, path, rows, filled, forms)


def _refused(
    project: Project, path: Path, rows: pl.DataFrame, filled: tuple[str, ...], forms: dict[str, str]
) -> list[Problem]:
    import pandera.polars as pa
    import polars as pl

    columns: dict[str, Any] = {
        name: pa.Column(
            pl.String,
            [
                *([pa.Check.str_length(min_value=1, name="present")] if name in filled else []),
                *([pa.Check.str_matches(_or_empty(forms[name]), name="form")] if name in forms else []),
            ],
        )
        for name in dict.fromkeys((*filled, *forms))
    }
    try:
        pa.DataFrameSchema(columns, name=path.stem).validate(rows, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return [
            _of_failure(project, path, rows, failure)
            for failure in errors.failure_cases.sort("index").iter_rows(named=True)
        ]
    return []


def _or_empty(form: str) -> str:
    return f"^$|{form}"


def _of_failure(project: Project, path: Path, rows: pl.DataFrame, failure: dict[str, Any]) -> Problem:
    column, index = str(failure["column"]), int(failure["index"])
    value = str(rows[column][index])
    # quoted cells may hold line ends, so the row's own code says more than a count of lines
    if not value:
        en, zh, rule = "is empty; fill it", "为空，请填写", "present"
    else:
        en, zh, rule = f'"{shortened(value)}" is not in the form of {column}', f"“{shortened(value)}”形式不符", "form"
    return _problem(project, path, rule, en, zh, line=index + 2, column=column, value=value)


def _problem(project: Project, path: Path, rule: str, en: str, zh: str, **place: Any) -> Problem:  # noqa: ANN401
    return Problem(
        source_id="code_lists", file=project.relative(path), rule=rule, message_en=en, message_zh=zh, **place
    )
