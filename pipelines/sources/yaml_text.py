"""YAML that people write (a card, a ledger), read without trust.

PyYAML builds whole documents by recursion: thirty thousand open brackets end the process, nine lines of aliases fill
the memory, a key that stands twice silently wins. Here its events are taken one at a time, so that each of these is
one line about the place where it stands.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEPTH_AT_MOST = 50

Place = tuple[str | int, ...]


class Written(NamedTuple):
    """What a file of YAML says.

    Attributes:
        content: mappings with keys of text, lists, and scalars as text; an empty one and a plain `~` are None.
        lines: the line, counted from 1, on which each key or entry begins, by its place (`("files", 0, "path")`).
    """

    content: object
    lines: dict[Place, int]


class YamlRefused(Exception):
    """The file is not taken.

    Attributes:
        kind: end of the rule's name: missing, no_file, too_large, encoding, yaml, depth, alias or key_twice.
        line: where, counted from 1, or None.
        words: what the rule's message is filled with.
    """

    def __init__(self, kind: str, line: int | None = None, **words: Any) -> None:  # noqa: ANN401 - whatever the message is filled with
        super().__init__(kind)
        self.kind = kind
        self.line = line
        self.words = words


def read_yaml(path: Path, *, bytes_at_most: int, typed: str | None = None) -> Written:
    """Read a file of YAML as text.

    Args:
        path: of the file.
        bytes_at_most: a larger one is refused before it is read.
        typed: a key of the outermost mapping below which whole numbers, decimals and truths are such.

    Raises:
        YamlRefused: the file is missing, no plain file, too large, no UTF-8, no YAML, or of a form that is not taken.
    """
    try:
        found = path.lstat()
    except OSError:
        raise YamlRefused("missing") from None
    if not stat.S_ISREG(found.st_mode):
        raise YamlRefused("no_file")
    limit = f"{bytes_at_most // 1024} KiB"
    with path.open("rb") as file:
        data = file.read(bytes_at_most + 1)
    if len(data) > bytes_at_most:
        raise YamlRefused("too_large", limit=limit)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise YamlRefused("encoding", data[: error.start].count(b"\n") + 1) from None
    return _Composer(text, typed).written()


class _Composer:
    """Events of one document put together, each refused where it stands."""

    def __init__(self, text: str, typed: str | None) -> None:
        import yaml

        self.yaml: Any = yaml
        self.text = text
        self.typed = typed
        self.lines: dict[Place, int] = {}

    def written(self) -> Written:
        loader = getattr(self.yaml, "CBaseLoader", self.yaml.BaseLoader)
        try:
            events = self.yaml.parse(self.text, Loader=loader)
            next(events)
            if isinstance(next(events), self.yaml.StreamEndEvent):
                return Written(None, {})
            content = self._value(events, next(events), ())
            next(events)
            further = next(events)
            if not isinstance(further, self.yaml.StreamEndEvent):
                raise YamlRefused("yaml", _line(further), reason="a second document begins")
        except self.yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or str(error)
            raise YamlRefused("yaml", mark.line + 1 if mark else None, reason=" ".join(reason.split())) from None
        return Written(content, self.lines)

    def _value(self, events: Iterator[Any], event: Any, place: Place) -> object:  # noqa: ANN401 - PyYAML's events
        if isinstance(event, self.yaml.AliasEvent) or event.anchor is not None:
            raise YamlRefused("alias", _line(event))
        if event.tag is not None:
            raise YamlRefused("yaml", _line(event), reason=f"the tag {event.tag[:60]} is not taken")
        if isinstance(event, self.yaml.ScalarEvent):
            return self._scalar(event, place)
        if len(place) >= DEPTH_AT_MOST:
            raise YamlRefused("depth", _line(event), limit=DEPTH_AT_MOST)
        if isinstance(event, self.yaml.SequenceStartEvent):
            return self._sequence(events, place)
        return self._mapping(events, place)

    def _sequence(self, events: Iterator[Any], place: Place) -> list[object]:
        found: list[object] = []
        for event in events:
            if isinstance(event, self.yaml.SequenceEndEvent):
                break
            inside = (*place, len(found))
            self.lines[inside] = _line(event)
            found.append(self._value(events, event, inside))
        return found

    def _mapping(self, events: Iterator[Any], place: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        for event in events:
            if isinstance(event, self.yaml.MappingEndEvent):
                break
            if not isinstance(event, self.yaml.ScalarEvent) or event.tag is not None or event.anchor is not None:
                raise YamlRefused("yaml", _line(event), reason="a key is one plain word")
            key = event.value
            if key in found:
                raise YamlRefused("key_twice", _line(event), key=key[:60])
            inside = (*place, key)
            self.lines[inside] = _line(event)
            found[key] = self._value(events, next(events), inside)
        return found

    def _scalar(self, event: Any, place: Place) -> object:  # noqa: ANN401 - PyYAML's events
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text in ("", "~", "null"):
            return None
        if self.typed is None or place[:1] != (self.typed,):
            return text
        try:
            value = self.yaml.safe_load(text)
        except (self.yaml.YAMLError, ValueError):  # a date that is none, a number of five thousand digits
            return text
        return value if isinstance(value, (bool, int, float)) else text


def _line(event: Any) -> int:  # noqa: ANN401 - PyYAML's events
    return int(event.start_mark.line) + 1
