"""Every command answers in Chinese where that is asked for: its help, what it prints, and what stops it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import click
import pytest

from pipelines.commands import gongfu as command_line
from pipelines.commands.chinese import CLICK, HELP
from tests.conftest import CHECKOUT, gongfu

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.project import Project

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]{3,}")
#: Functions whose arguments are shown to whoever runs a command.
_SHOWS = {"echo", "secho", "print", "add_column", "_row"}
#: Words of the commands' own lines, which no title or licence of a source holds.
_OWN_ENGLISH = re.compile(
    r"\d (?:figures|sources|numbers)\b|left out|^(?:Steps|Source|Print|Tables|Nothing|every|version)\b|rows\)|accepted",
    re.MULTILINE,
)
_COMMANDS = CHECKOUT / "pipelines" / "commands"


def all_commands(
    command: click.Command = command_line, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield names, command
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from all_commands(each, (*names, name))


def test_every_command_and_option_has_its_help_in_chinese() -> None:
    wanted = set()
    for names, command in all_commands():
        own = " ".join(names) or "gongfu"
        wanted.add(own)
        for param in command.params:
            if isinstance(param, click.Option) and param.help not in CLICK:
                assert param.help or param.name in {"form"}, (own, param.name)
                wanted.add(f"{own} --{param.name}")
    assert wanted - HELP.keys() == set(), "these have no Chinese"
    assert {
        each for each in HELP if each.split(" --")[0] not in {" ".join(n) or "gongfu" for n, _ in all_commands()}
    } == set()
    for text in (*HELP.values(), *(zh for en, zh in CLICK.items())):
        assert _CHINESE.search(text), text


@pytest.mark.parametrize("names", [names for names, _ in all_commands()], ids=lambda names: " ".join(names) or "gongfu")
def test_help_is_chinese_through_and_through(names: tuple[str, ...]) -> None:
    from click.testing import CliRunner

    for arguments in ([*names, "-h", "--language", "zh"], [*names, "--language", "zh", "-h"]):
        done = CliRunner().invoke(command_line, arguments, prog_name="gongfu")
        assert done.exit_code == 0
        assert done.output.startswith("用法：gongfu")
        for english in ("Usage", "Options", "Commands", "Show ", "default:", "required"):
            assert english not in done.output
    assert _CHINESE.search(done.output.splitlines()[2])


def lines_without_chinese(module: Path) -> list[str]:
    """Words of English that a module shows without asking in which language: outside of `say(…)`."""
    found = []

    def walk(node: ast.AST, *, shown: bool) -> None:
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"say", "_at", "_between"}:
                return
            for keyword in node.keywords:
                if keyword.arg in {"title"} and name == "Table":
                    walk(keyword.value, shown=True)
            shown = shown or name in _SHOWS
            for each in node.args[1:] if name == "_row" else node.args:
                walk(each, shown=shown and name in {*_SHOWS, ""})
            walk(node.func, shown=False)
            return
        if shown and isinstance(node, ast.Constant) and isinstance(node.value, str) and _ENGLISH.search(node.value):
            found.append(f"{module.name}:{node.lineno}: {node.value.strip()}")
        for each in ast.iter_child_nodes(node):
            walk(each, shown=shown and not isinstance(node, ast.Subscript))

    walk(ast.parse(module.read_text(encoding="utf-8")), shown=False)
    return found


#: What is no language: commands to paste, and the names of tables.
_NO_LANGUAGE = ('sql "', "find 收入", "gongfu:")


@pytest.mark.parametrize("module", sorted(_COMMANDS.glob("*.py")), ids=lambda path: path.stem)
def test_what_a_command_prints_stands_in_both_languages(module: Path) -> None:
    found = [each for each in lines_without_chinese(module) if not any(words in each for words in _NO_LANGUAGE)]
    assert found == []


def test_a_line_in_english_alone_is_found(tmp_path: Path) -> None:
    module = tmp_path / "one.py"
    module.write_text('click.echo(f"{count} figures written")\nclick.echo(say("rows", "行"))\n', encoding="utf-8")
    assert lines_without_chinese(module) == ["one.py:1: figures written"]


@pytest.mark.parametrize("module", sorted((CHECKOUT / "pipelines").rglob("*.py")), ids=lambda path: path.stem)
def test_what_stops_a_command_stands_in_both_languages(module: Path) -> None:
    """`BuildStopped` and its kin carry `zh`, or both languages in one line."""
    stops = {"BuildStopped", "Unanswered", "UnknownName", "Ambiguous", "NotInThisFile", "QueryRefused"}
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in stops:
            said = ast.unparse(node)
            from_elsewhere = not any(
                isinstance(each, ast.Constant) and isinstance(each.value, str) and _ENGLISH.search(each.value)
                for argument in node.args[-1:]
                for each in ast.walk(argument)
            )
            assert "zh=" in said or _CHINESE.search(said) or from_elsewhere, f"{module.name}:{node.lineno}: {said}"


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


@pytest.mark.builds
@pytest.mark.parametrize(
    ("command", "begins"),
    [
        (["status"], "版次  "),
        (["unmapped"], "所印名目均有代码"),
        (["versions"], ""),
        (["trace", "gdp 330000 2022"], ""),
        (["build"], "自"),
        (["sql", "select 1 as one"], "one"),
        (["preview", "zj_first_batch_practices"], "zj_first_batch_practices: "),
    ],
    ids=lambda given: given[0] if isinstance(given, list) else "",
)
def test_commands_print_no_english_word_of_their_own(
    built: tuple[Project, object], command: list[str], begins: str
) -> None:
    done = gongfu(built[0], *command, GONGFU_LANGUAGE="zh")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(begins)
    english = gongfu(built[0], *command)
    assert _OWN_ENGLISH.findall(done.stdout) == []
    assert _OWN_ENGLISH.search(english.stdout) or command[0] == "versions"
    assert english.stdout != done.stdout


def test_what_stops_a_command_is_said_in_chinese_too(project: Project) -> None:
    for command in (["status"], ["find", "收入"], ["audit"], ["export", "-o", "x.csv"], ["versions"]):
        done = gongfu(project, *command, GONGFU_LANGUAGE="zh")
        assert done.returncode == 5
        assert done.stderr == "gongfu: 尚未发布任何数据；请运行`make warehouse`（或`gongfu build`）\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fnd"], "没有命令“fnd”，是否指'find'？"),
        (["find"], "缺少参数“WORDS...”"),
        (["find", "x", "--bad"], "没有选项“--bad”"),
        (["diff", "a", "--format", "xml"], "'--format'的值“xml”不在可选之列：'table', 'csv'"),
        (["find", "x", "--rows", "many"], "'--rows'的值“many”不是有效的integer"),
        (["propose", "nowhere.csv"], "'FILE'：文件“nowhere.csv”不存在"),
        (["export"], "缺少选项“--output' / '-o”"),
    ],
)
def test_a_wrong_command_line_is_said_in_chinese(project: Project, arguments: list[str], said: str) -> None:
    done = gongfu(project, *arguments, GONGFU_LANGUAGE="zh")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"错误：{said}"
    assert done.stderr.startswith("用法：")


def test_an_unknown_language_is_refused(project: Project, tmp_path: Path) -> None:
    done = gongfu(project, "status", "--language", "fr")
    assert done.returncode == 2
    assert "fr" in done.stderr
    assert not list(tmp_path.glob("*.duckdb"))
