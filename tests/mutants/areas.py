"""Which files are broken on purpose, and which quick tests are asked whether they notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """A part of the project whose every small change should be noticed.

    Attributes:
        name: of the area.
        files: where changes are drawn from, below the checkout. Changes of SQL are put to dbt's unit tests of the
            models that hold them first.
        tests: pytest's words for the tests that all of them are put to.
        always: lines of reference data that begin so are changed whatever is drawn.
    """

    name: str
    files: tuple[str, ...]
    tests: tuple[str, ...] = ()
    always: tuple[str, ...] = ()


MODELS = "dbt_project/models"
AREAS = (
    Area(
        "intervals",
        (
            "dbt_project/macros/decimals.sql",
            f"{MODELS}/staging/stg_valued_figures.sql",
            "pipelines/printed/numerals.py",
        ),
        ("tests/printed",),
    ),
    Area(
        "units",
        ("dbt_project/seeds/reference/unit_words.csv",),
        ("tests/test_units.py",),
        always=("亿美元,", "平方公里,"),
    ),
    Area(
        "vintages",
        ("dbt_project/macros/vintages.sql", f"{MODELS}/facts/observations.sql"),
        ("tests/transforming/test_as_of.py",),
    ),
    Area("validity", ("dbt_project/macros/places.sql", f"{MODELS}/staging/stg_places.sql")),
    Area(
        "audit terms", (f"{MODELS}/quality/audit/int_audit_terms.sql", f"{MODELS}/quality/audit/int_audit_figures.sql")
    ),
    Area(
        "audit",
        (f"{MODELS}/quality/audit/int_audit_arithmetic.sql", f"{MODELS}/quality/audit/int_audit_same_figure.sql"),
    ),
    Area("plausibility", (f"{MODELS}/quality/plausibility/*.sql", "dbt_project/macros/plausibility.sql")),
    Area("publishing order", ("pipelines/publishing/store.py", "pipelines/publishing/lock.py"), ("tests/publishing",)),
    Area("SQL guard", ("pipelines/asking/guard.py",), ("tests/asking/test_guard.py",)),
    Area(
        "sensor",
        ("pipelines/orchestration/sensors.py",),
        ("tests/orchestration/test_raw_sensor.py", "tests/orchestration/test_alerts.py"),
    ),
    Area(
        "reach",
        ("pipelines/transforming/reach.py",),
        ("tests/transforming/test_reach.py", "tests/transforming/test_graph.py"),
    ),
)
