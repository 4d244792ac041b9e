"""How well prose is read, held against the hand-made standard: `make score`."""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pipelines.readers.prose.bulletin import figures_of
from pipelines.readers.prose.reading import reading_of

STANDARD = Path(__file__).parent / "standard"
SHARED = Path(__file__).parents[2] / ".." / "shared"
FIELDS = ("value", "unit", "qualifier", "kind", "place", "period", "subject", "breakdown")
SECOND = STANDARD / "second"
_WHOLE = {"全省", "全市", "全县", "全区", "我省", "我市", "我县", "全自治区", "我区", "本市", "我国"}


@dataclass
class Score:
    """What was found in one document, or in several added up."""

    marked: int = 0
    found: int = 0
    matched: int = 0
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))
    whole: int = 0
    to_refuse: int = 0
    refused: int = 0

    def add(self, other: Score) -> None:
        self.marked += other.marked
        self.found += other.found
        self.matched += other.matched
        self.whole += other.whole
        self.to_refuse += other.to_refuse
        self.refused += other.refused
        for name in FIELDS:
            self.right[name] += other.right[name]

    def cells(self) -> list[str]:
        precision = self.matched / self.found if self.found else 0.0
        recall = self.matched / self.marked if self.marked else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        shares = [self.right[name] / self.matched if self.matched else 0.0 for name in FIELDS]
        numbers = [precision, recall, f1, *shares, self.whole / self.marked if self.marked else 0.0]
        return [str(self.marked), *(f"{number:.3f}" for number in numbers), f"{self.refused}/{self.to_refuse}"]


def documents() -> list[dict[str, str]]:
    with (STANDARD / "documents.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def rows_of(name: str, folder: Path = STANDARD) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def text_of(document: dict[str, str]) -> str | None:
    """The document's text, or None where it is absent or not the one that was annotated."""
    path = SHARED / document["path"]
    if not path.exists():
        return None
    data = path.read_bytes()
    return data.decode("utf-8") if hashlib.sha256(data).hexdigest() == document["sha256"] else None


def read(document: dict[str, str], text: str) -> list[dict[str, str]]:
    """What the reader says of a text, in the columns of the standard."""
    rows = figures_of(reading_of(text), document["published"])
    return [
        {name: _text(getattr(row, name)) for name in ("char_start", "char_end", "quote", *FIELDS, "status", "rule")}
        for row in rows
    ]


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "" if value is None else str(value)


def score(
    document: dict[str, str], marked: list[dict[str, str]], read_rows: list[dict[str, str]], say: Callable[[str], None]
) -> Score:
    """One document's score over the part of it that was annotated."""
    low, high = int(document["char_from"]), int(document["char_to"])
    figures = [row for row in marked if row["status"] == "figure"]
    found = [row for row in read_rows if row["status"] in ("figure", "review") and low <= int(row["char_start"]) < high]
    refused = [row for row in read_rows if row["status"] == "refused"]
    at = {(row["char_start"], row["char_end"]): row for row in found}
    result = Score(marked=len(figures), found=len(found))
    for row in figures:
        other = at.pop((row["char_start"], row["char_end"]), None)
        if other is None:
            say(f"{document['document']}: missed {row['char_start']} {row['quote']} {row['subject']}")
            continue
        result.matched += 1
        wrong = [name for name in FIELDS if not _agree(name, row[name], other[name], document["place"])]
        for name in FIELDS:
            result.right[name] += name not in wrong
        result.whole += not wrong
        if wrong:
            say(
                f"{document['document']}: {row['char_start']} {row['quote']} "
                + "; ".join(f"{n}: {row[n]!r} read {other[n]!r}" for n in wrong)
            )
    for row in at.values():
        say(f"{document['document']}: too much {row['char_start']} {row['quote']} {row['subject']} ({row['rule']})")
    for row in marked:
        if row["status"] == "refused":
            result.to_refuse += 1
            result.refused += any(
                int(one["char_start"]) < int(row["char_end"]) and int(row["char_start"]) < int(one["char_end"])
                for one in refused
            )
    return result


def _agree(name: str, marked: str, found: str, place: str) -> bool:
    if name == "value":
        return marked != "" and found != "" and Decimal(marked) == Decimal(found)
    if name == "place":
        whole = _WHOLE | {place, place.rstrip("省市县区")}
        return (
            marked == found
            or (marked in whole and found in whole)
            or (bool(found) and found in marked)
            or (bool(marked) and marked in found)
        )
    if name in ("subject", "breakdown"):
        return _alike(marked, found)
    return marked == found


def _alike(one: str, other: str) -> bool:
    """Whether two labels name the same: one holds the other, or more than half of their character pairs agree."""
    one, other = _letters(one), _letters(other)
    if one == other:
        return True
    if not one or not other:
        return False
    if one in other or other in one:
        return True
    pairs, others = _pairs(one), _pairs(other)
    return 2 * len(pairs & others) > 0.5 * (len(pairs) + len(others))


def _letters(words: str) -> str:
    return "".join(letter for letter in words if letter.isalnum())


def _pairs(words: str) -> set[str]:
    return {words[at : at + 2] for at in range(len(words) - 1)} or {words}


def table(lines: Iterable[tuple[str, Score]]) -> str:
    """The scores as a table of Markdown."""
    heads = ["document", "figures", "precision", "recall", "F1", *FIELDS, "all right", "refused"]
    rows = [[name, *result.cells()] for name, result in lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in [heads, ["---"] * len(heads), *rows])


def _line(words: str) -> None:
    sys.stdout.write(words + "\n")


def agreement(say: Callable[[str], None]) -> list[tuple[str, Score]]:
    """How the second annotator's rows agree with the first one's, as if they were read: per document, and pooled."""
    pooled, lines = Score(), []
    for document in documents():
        name = document["document"]
        if (SECOND / f"{name}.csv").exists():
            second = [row | {"rule": "second annotator"} for row in rows_of(name, SECOND)]
            result = score(document, rows_of(name), second, say)
            lines.append((name, result))
            pooled.add(result)
    return [*lines, ("pooled", pooled)]


def main(arguments: list[str]) -> int:
    """Print the tables; `--split held_out` for one part, `--agreement` for that of the annotators alone.

    `--mistakes` names each difference.
    """
    split = arguments[arguments.index("--split") + 1] if "--split" in arguments else None
    say: Callable[[str], None] = _line if "--mistakes" in arguments else lambda _line: None
    for name in () if "--agreement" in arguments else ("development", "held_out", "fresh"):
        if split is not None and split != name:
            continue
        pooled, lines = Score(), []
        for document in documents():
            if document["split"] != name:
                continue
            text = text_of(document)
            if text is None:
                _line(
                    f"{document['document']}: {document['path']} is absent or not the text that was annotated; left out"
                )
                continue
            result = score(document, rows_of(document["document"]), read(document, text), say)
            lines.append((document["document"], result))
            pooled.add(result)
        _line(f"\n{name}\n\n{table([*lines, ('pooled', pooled)])}")
    if split is None:
        _line(f"\ntwo annotators\n\n{table(agreement(say))}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
