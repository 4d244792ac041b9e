"""The two languages in which the command speaks; which one says `--language` or GONGFU_LANGUAGE.

A line of output stands in both where it is said: `say(english, chinese)`. Help texts stand in English where click wants
them, in Chinese in `pipelines.commands.chinese`.
"""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands.chinese import CLICK, HELP, in_chinese

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_KEY = "gongfu.language"
_VARIABLE = "GONGFU_LANGUAGE"
_LANGUAGES = ("en", "zh")
#: Letters on a line of help in Chinese, each twice as wide as a Latin one.
_WIDTH = 56


def spoken() -> str | None:
    """`en` or `zh` where one was asked for; None where nobody said."""
    context = click.get_current_context(silent=True)
    return _of(context) if context else None


def say(en: str, zh: str) -> str:
    """A text in the language that was asked for; in English where nobody said."""
    return zh if spoken() == "zh" else en


def speaker() -> Callable[[str, str], str]:
    """`say` as of now, for whoever speaks from another thread, where click knows of no command."""
    in_chinese_now = spoken() == "zh"
    return lambda en, zh: zh if in_chinese_now else en


def key_of(context: click.Context) -> str:
    """Under what the catalogue has a command: its name, a subcommand's after its group's, `gongfu` for the whole."""
    names: list[str] = []
    at: click.Context | None = context
    while at is not None and at.parent is not None:
        names.insert(0, at.info_name or "")
        at = at.parent
    return " ".join(names) or "gongfu"


class Command(click.Command):
    """A command with the option `--language`, whose help and usage errors come in that language."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as click has it
        super().__init__(*given, **named)
        self.params.append(_language_option())

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401
    ) -> click.Context:
        """As click does; a usage error in the language asked for."""
        asked = _asked(args) or (_of(parent) if parent else os.environ.get(_VARIABLE))
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise in_language(error, asked) from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; help that stands before `--language` follows it all the same."""
        if language := _asked(args):
            ctx.meta[_KEY] = language
        return super().parse_args(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """Help in the language asked for."""
        if _of(ctx) != "zh":
            return super().get_help(ctx)
        formatter = click.HelpFormatter(width=_WIDTH)
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=CLICK["Usage: "])
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(HELP[key_of(ctx)])
        with formatter.section(CLICK["Options"]):
            listed = [each for each in self.get_params(ctx) if each.get_help_record(ctx)]
            formatter.write_dl([_option_in_chinese(each, ctx) for each in listed])
        self.list_commands_in_chinese(ctx, formatter)
        return formatter.getvalue().rstrip("\n")

    def list_commands_in_chinese(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """A command has none."""


class Group(Command, click.Group):
    """A group of such commands."""

    command_class = Command

    def list_commands_in_chinese(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the commands of the group do, a line each."""
        group = key_of(ctx)
        rows = []
        for name in self.list_commands(ctx):
            key = name if group == "gongfu" else f"{group} {name}"
            rows.append((name, HELP[key].split("。")[0]))
        with formatter.section(CLICK["Commands"]):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """As click does; a usage error in the language asked for."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise in_language(error, _of(ctx)) from None


class UsageErrorInChinese(click.UsageError):
    """The command line is wrong, said in Chinese."""

    def show(self, file: Any = None) -> None:  # noqa: ANN401 - as click has it
        """Print it to standard error."""
        if self.ctx is not None:
            usage = " ".join(self.ctx.command.collect_usage_pieces(self.ctx))
            click.echo(f"{CLICK['Usage: ']}{self.ctx.command_path} {usage}", file=file, err=True)
            click.echo(f"用`{self.ctx.command_path} -h`查看帮助。\n", file=file, err=True)
        click.echo(f"错误：{self.format_message()}", file=file, err=True)


def in_language(error: click.UsageError, language: str | None) -> click.UsageError:
    """A usage error in a language; in click's own words where that is English."""
    if language != "zh" or isinstance(error, UsageErrorInChinese | click.exceptions.NoArgsIsHelpError):
        return error
    return UsageErrorInChinese(in_chinese(error.format_message()), error.ctx)


def _option_in_chinese(param: click.Parameter, context: click.Context) -> tuple[str, str]:
    names, english = param.get_help_record(context) or ("", "")
    own = getattr(param, "help", None) or ""
    chinese = CLICK.get(own) or HELP[f"{key_of(context)} --{param.name}"]
    beside = english.replace(" ".join(own.split()), "", 1).strip()
    for words in ("default: ", "required"):
        beside = beside.replace(words, CLICK[words])
    return names, f"{chinese} {beside}".strip()


def _of(context: click.Context) -> str | None:
    asked = context.meta.get(_KEY)
    return str(asked) if asked else (os.environ.get(_VARIABLE) if os.environ.get(_VARIABLE) in _LANGUAGES else None)


def _asked(args: Sequence[str]) -> str | None:
    for before, after in pairwise(args):
        if before == "--language" and after in _LANGUAGES:
            return after
    return next((language for language in _LANGUAGES if f"--language={language}" in args), None)


def _language_option() -> click.Option:
    return click.Option(
        ["--language"],
        type=click.Choice(_LANGUAGES),
        envvar=_VARIABLE,
        is_eager=True,
        expose_value=False,
        callback=_choose,
        help="In which language to answer 用中文或英文回答 (GONGFU_LANGUAGE).",
    )


def _choose(context: click.Context, _: click.Parameter, value: Any) -> None:  # noqa: ANN401 - as click passes it
    if value:
        context.meta[_KEY] = value
