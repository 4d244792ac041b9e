"""The two languages in which the command speaks; which one says `--language` or GONGFU_LANGUAGE."""

from __future__ import annotations

from typing import Any, TypeVar

import click

_KEY = "gongfu.language"
Spoken = TypeVar("Spoken", bound=click.Command)


def spoken() -> str | None:
    """`en` or `zh` where one was asked for; None where nobody said."""
    context = click.get_current_context(silent=True)
    return context.meta.get(_KEY) if context else None


def say(en: str, zh: str) -> str:
    """A text in the language that was asked for; in English where nobody said."""
    return zh if spoken() == "zh" else en


def in_two_languages(command: Spoken) -> Spoken:
    """Give a command the option `--language`."""
    option = click.Option(
        ["--language"],
        type=click.Choice(["en", "zh"]),
        envvar="GONGFU_LANGUAGE",
        is_eager=True,
        expose_value=False,
        callback=_choose,
        help="In which language to answer 用中文或英文回答 (GONGFU_LANGUAGE).",
    )
    command.params.append(option)
    return command


def _choose(context: click.Context, _: click.Parameter, value: Any) -> None:  # noqa: ANN401 - as click passes it
    if value:
        context.meta[_KEY] = value
