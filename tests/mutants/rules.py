"""Every small change that a file allows, by rule: a comparison, boundary, factor, condition or order is turned."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, order=True)
class Change:
    """Some bytes of a file that others take the place of.

    Attributes:
        start, end: the bytes, counted from 0, the end not included.
        put: what stands there then.
        rule: what kind of change it is.
    """

    start: int
    end: int
    put: str
    rule: str

    def apply(self, data: bytes) -> bytes:
        """The file with the change in it."""
        return data[: self.start] + self.put.encode() + data[self.end :]

    def line(self, data: bytes) -> int:
        """Where it begins, counted from 1."""
        return data.count(b"\n", 0, self.start) + 1


TURNED = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "=", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is", "is null": "is not null", "is not null": "is null",
    "and": "or", "or": "and", "+": "-", "-": "+", "*": "/", "/": "*",
    "min(": "max(", "max(": "min(", "greatest(": "least(", "least(": "greatest(", "desc": "asc", "asc": "desc",
}  # fmt: skip


def changes(name: str, data: bytes) -> list[Change]:
    """All changes of a file, in the order of their places."""
    of_kind = {"py": _of_python, "sql": _of_sql, "csv": _of_reference_data}
    return sorted(set(of_kind[name.rpartition(".")[2]](data)))


_SQL_WORDS = re.compile(
    r"(?P<comparison>(?<![<>=!|:-])(?:<=|>=|<>|<|>|=)(?![<>=])|\bis not null\b|\bis null\b)"
    r"|(?P<boundary>\b(?:min\(|max\(|greatest\(|least\()|\bdesc\b|\basc\b)"
    r"|(?P<condition>\band\b|\bor\b)"
    r"|(?P<factor>(?<=[\w)}] )(?<!select )[-+*/](?= ))"
    r"|(?P<number>(?<![\w.])\d+(?:\.\d+)?(?:e\d+)?(?![\w.]))"
)


def _of_sql(data: bytes) -> Iterator[Change]:
    text = data.decode()
    silent = r"\{#.*?#\}|--[^\n]*|'[^'\n]*'|\bbetween\b[^\n]*|\brows between\b[^\n]*|\bdecimal\([^)]*\)"
    plain = re.sub(silent, lambda found: " " * len(found[0]), text, flags=re.DOTALL)
    templates = [found.span() for found in re.finditer(r"\{\{.*?\}\}|\{%.*?%\}", plain, flags=re.DOTALL)]
    for found in _SQL_WORDS.finditer(plain):
        rule, word = str(found.lastgroup), found[0]
        if rule != "number" and any(start <= found.start() < end for start, end in templates):
            continue
        start, end = (len(text[:place].encode()) for place in found.span())
        yield Change(start, end, _next(word) if rule == "number" else TURNED[word], rule)


def _next(number: str) -> str:
    if "e" in number or "." in number:
        return f"{number} * 10"
    return str(int(number) + 1)


def _of_reference_data(data: bytes) -> Iterator[Change]:
    """Each number one larger; a factor that is 1 also ten."""
    for found in re.finditer(rb"(?<=,)\d+(?=[,\n])", data):
        yield Change(found.start(), found.end(), str(int(found[0]) + 1), "number")


def _of_python(data: bytes) -> Iterator[Change]:
    found = _Python(data)
    found.visit(ast.parse(data))
    yield from found.changes


_WORDS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not", ast.And: "and", ast.Or: "or", ast.Add: "+", ast.Sub: "-",
    ast.Mult: "*",
}  # fmt: skip


class _Python(ast.NodeVisitor):
    """Collects the changes of what runs: annotations, and what only a type checker sees, do not."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.lines = [0, *accumulate(len(line) for line in data.splitlines(keepends=True))]
        self.changes: list[Change] = []

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """The bytes of a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.lines[node.lineno - 1] + node.col_offset, self.lines[node.end_lineno - 1] + node.end_col_offset

    def turn(self, left: ast.expr, operator: ast.AST, right: ast.expr, rule: str) -> None:
        """The word between two operands is turned into its opposite."""
        word = _WORDS.get(type(operator))
        if word is None:
            return
        start, end = self.span(left)[1], self.span(right)[0]
        found = re.search(rb"(?<!\w)" + re.escape(word.encode()) + rb"(?!\w)", self.data[start:end])
        if found:
            self.changes.append(Change(start + found.start(), start + found.end(), TURNED[word], rule))

    def visit_Compare(self, node: ast.Compare) -> None:
        for (left, right), operator in zip(pairwise([node.left, *node.comparators]), node.ops, strict=True):
            self.turn(left, operator, right, "comparison")
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        for left, right in pairwise(node.values):
            self.turn(left, node.op, right, "condition")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self.turn(node.left, node.op, node.right, "factor")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self.changes.append(Change(self.span(node)[0], self.span(node.operand)[0], "", "condition"))
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if type(node.value) is int:
            self.changes.append(Change(*self.span(node), str(node.value + 1), "number"))

    def visit_If(self, node: ast.If) -> None:
        if not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            self.condition(node.test)
            self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.condition(node.test)
        self.generic_visit(node)

    def condition(self, test: ast.expr) -> None:
        """A condition of one word is turned; one of several is turned at its words."""
        if isinstance(test, (ast.Name, ast.Call, ast.Attribute)):
            start = self.span(test)[0]
            self.changes.append(Change(start, start, "not ", "condition"))

    def generic_visit(self, node: ast.AST) -> None:
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns"):
                continue
            if name in ("body", "orelse", "finalbody") and isinstance(value, list):
                self.order(value)
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    self.visit(child)

    def order(self, block: list[ast.stmt]) -> None:
        """A step is left out, or changes places with the next."""
        steps = [one for one in block if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call)]
        self.changes += [Change(*self.span(step), "pass", "order") for step in steps]
        for one, other in pairwise(block):
            if one in steps and other in steps:
                (start, middle), (next_start, end) = self.span(one), self.span(other)
                parts = self.data[next_start:end], self.data[middle:next_start], self.data[start:middle]
                self.changes.append(Change(start, end, b"".join(parts).decode(), "order"))
