"""Every command answers in Chinese where that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import gongfu

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.project import Project


@pytest.mark.builds
def test_a_variable_and_an_option_choose_the_language(built: tuple[Project, object]) -> None:
    by_variable = gongfu(built[0], "find", "收入", GONGFU_LANGUAGE="zh").stdout
    assert by_variable.startswith("指标")
    assert gongfu(built[0], "find", "收入", "--language", "zh").stdout == by_variable
    assert gongfu(built[0], "--language", "zh", "find", "收入").stdout == by_variable
    assert gongfu(built[0], "find", "收入", "--language", "en", GONGFU_LANGUAGE="zh").stdout.startswith("indicator")


@pytest.mark.builds
def test_findings_come_in_the_language_that_was_asked_for(built: tuple[Project, object]) -> None:
    chinese = gongfu(built[0], "audit", "--kind", "count_ratio", "--language", "zh").stdout
    english = gongfu(built[0], "audit", "--kind", "count_ratio", "--language", "en").stdout
    assert "个关系" in chinese
    assert "relations: " not in chinese
    assert "不符" not in english


def test_what_stops_a_command_is_said_in_chinese_too(project: Project) -> None:
    for command in (["status"], ["find", "收入"], ["audit"], ["export", "-o", "x.csv"]):
        done = gongfu(project, *command, GONGFU_LANGUAGE="zh")
        assert done.returncode == 5
        assert done.stderr == "gongfu: 尚未发布任何数据；请运行`make warehouse`（或`gongfu build`）\n"


def test_an_unknown_language_is_refused(project: Project, tmp_path: Path) -> None:
    done = gongfu(project, "status", "--language", "fr")
    assert done.returncode == 2
    assert "fr" in done.stderr
    assert not list(tmp_path.glob("*.duckdb"))
