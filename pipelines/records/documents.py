"""YAML from outside: read safely, with the line of every value.

The document is walked event by event before anything is built from it, since PyYAML's C parser dies of a segmentation
fault on deep nesting and its loaders pass over keys that stand twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

Place = tuple[str | int, ...]

_LARGEST = 1_000_000
_DEEPEST = 50


@dataclass(frozen=True)
class Fault:
    """What is wrong in a document.

    Attributes:
        line: counted from 1.
        message: what is wrong and what to do, in English.
        message_zh: the same in Chinese.
    """

    line: int
    message: str
    message_zh: str


class Unreadable(Exception):
    """The document is not one that can be read; carries the faults that say why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"line {fault.line}: {fault.message}" for fault in faults))
        self.faults = faults


@dataclass
class Document:
    """A YAML file as plain data.

    Attributes:
        data: dicts, lists and scalars.
        lines: line of each value by its place, such as ("schemes", "above", "indicators").
    """

    data: Any
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """The line of the value at `place`, or of the nearest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(path: Path) -> Document:
    """The document in `path`.

    Raises:
        Unreadable: too large, too deep, with anchors, with a key twice, or no YAML.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable([Fault(1, f"cannot be read: {error.strerror}", f"无法读取：{error.strerror}")]) from None
    if len(raw) > _LARGEST:
        raise Unreadable([Fault(1, f"is larger than {_LARGEST} bytes", f"大于 {_LARGEST} 字节")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable([Fault(line, "is not UTF-8; save it as UTF-8", "不是 UTF-8；请另存为 UTF-8")]) from None
    return parse(text)


def parse(text: str) -> Document:
    """The document written in `text`; raises like `read`."""
    try:
        _walk(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(str(error.problem or error.context).split())
        fault = Fault(mark.line + 1 if mark else 1, f"is not YAML: {said}", f"不是有效的 YAML：{said}")
        raise Unreadable([fault]) from None
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise Unreadable([Fault(1, f"is not YAML: {said}", f"不是有效的 YAML：{said}")]) from None
    if node is None:
        raise Unreadable([Fault(1, "is empty", "是空文件")])
    document = Document(None)
    document.data = _plain(node, (), document)
    return document


def _walk(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = (event.start_mark.line if event.start_mark else 0) + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable([Fault(line, "has an anchor or alias; write the value out", "含有锚点或别名；请写出值")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise Unreadable([Fault(line, f"is nested deeper than {_DEEPEST}", f"嵌套超过 {_DEEPEST} 层")])


def _plain(node: yaml.Node, place: Place, document: Document) -> Any:  # noqa: ANN401 - whatever YAML holds
    document.lines[place] = _line(node)
    if isinstance(node, yaml.MappingNode):
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = _line(key_node)
            if key in found:
                raise Unreadable([Fault(line, f'"{key}" stands twice; keep one', f"“{key}”出现两次；请保留一个")])
            found[key] = _plain(value_node, (*place, key), document)
            document.lines[(*place, key)] = line
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*place, number), document) for number, child in enumerate(node.value)]
    return _scalar(node)


def _line(node: yaml.Node) -> int:
    mark = node.start_mark
    return 1 if mark is None else int(mark.line) + 1


def _scalar(node: yaml.Node) -> str | bool | None:
    """Numbers stay text, so that 24.10 is exact; whoever reads them makes decimals of them."""
    if node.tag.endswith(":bool"):
        return bool(node.value.lower() in ("true", "yes", "on"))
    if node.tag.endswith(":null"):
        return None
    return str(node.value)
