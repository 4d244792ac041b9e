"""The reader of prose: how well against what a user would take today, and how fast from 10 kB to 10 MB.

The two libraries are no dependencies of the project: `pip install -e '.[prose-bench]'` in an environment of its own.
Where they or the texts of the standard are absent, their lines are left out and named.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipelines.readers.prose.bulletin import figures_of
from pipelines.readers.prose.reading import reading_of
from tests.bulletin.scoring import documents, rows_of, text_of

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
COMPARED_CHARACTERS = 20_000
Found = tuple[int, int, Decimal | None]


def main() -> None:
    """Print both tables; `--one SIZE` measures one size alone, for its memory."""
    if "--one" in sys.argv:
        one_size(int(sys.argv[-1]))
        return
    texts = [(document, text) for document in documents() if (text := text_of(document)) is not None]
    if not texts:
        print("the texts of the standard are absent (../shared); nothing to measure")
        return
    finders: dict[str, Callable[[str], list[Found]]] = {"gongfu": own}
    for name, load in (("recognizers-text", recognizers), ("JioNLP (money)", jionlp)):
        try:
            finders[name] = load()
        except ImportError as missing:
            print(f"{name}: not installed ({missing.name}); left out")
    compare(texts, finders)
    speed("".join(text for _, text in texts), finders)


def own(text: str) -> list[Found]:
    """The figures that this reader finds."""
    rows = figures_of(reading_of(text))
    return [(row.char_start, row.char_end, row.value) for row in rows if row.value is not None]


def recognizers() -> Callable[[str], list[Found]]:
    """Numbers and percentages of recognizers-text, Chinese."""
    from recognizers_number import Culture, recognize_number, recognize_percentage

    def find(text: str) -> list[Found]:
        found = [*recognize_number(text, Culture.Chinese), *recognize_percentage(text, Culture.Chinese)]
        spans = {(each.start, each.end + 1): _decimal(each.resolution.get("value")) for each in found}
        return [(start, end, value) for (start, end), value in sorted(spans.items())]

    return find


def number_model() -> Callable[[str], list[Found]]:
    """The numbers of recognizers-text alone, without its percentages."""
    from recognizers_number import Culture, recognize_number

    def find(text: str) -> list[Found]:
        return [(each.start, each.end + 1, None) for each in recognize_number(text, Culture.Chinese)]

    return find


def jionlp() -> Callable[[str], list[Found]]:
    """Sums of money of JioNLP, the only quantities that it extracts."""
    import jionlp

    def find(text: str) -> list[Found]:
        found = []
        for each in jionlp.ner.extract_money(text, with_parsing=True):
            start, end = each["offset"]
            parsed = (each.get("detail") or {}).get("num")
            found.append((start, end, _decimal(parsed if isinstance(parsed, str) else None)))
        return found

    return find


def _decimal(words: str | None) -> Decimal | None:
    try:
        return Decimal(str(words).rstrip("%"))
    except InvalidOperation:
        return None


def compare(texts: list[tuple[dict[str, str], str]], finders: dict[str, Callable[[str], list[Found]]]) -> None:
    """Spans and values against the standard: a figure is found where a span covers its first character."""
    print(f"{'':>18} {'found':>6} {'precision':>10} {'recall':>8} {'value right of the found':>25}")
    for name, find in finders.items():
        found = hit = right = marked = 0
        for document, text in texts:
            low, high = int(document["char_from"]), int(document["char_to"])
            figures = [row for row in rows_of(document["document"]) if row["status"] == "figure"]
            marked += len(figures)
            spans = [each for each in find(text[:high]) if each[0] >= low]
            found += len(spans)
            for row, span in _pairs(figures, spans):
                hit += 1
                right += span[2] is not None and abs(span[2]) == abs(Decimal(row["value"]))
        print(f"{name:>18} {found:>6} {hit / max(1, found):>10.3f} {hit / marked:>8.3f} {right / max(1, hit):>25.3f}")


def _pairs(figures: list[dict[str, str]], spans: list[Found]) -> Iterator[tuple[dict[str, str], Found]]:
    """Each figure with the longest span over its first character, each span once."""
    free = sorted(spans, key=lambda span: span[0] - span[1])
    for row in figures:
        at = int(row["char_start"])
        span = next((span for span in free if span[0] <= at < span[1]), None)
        if span is not None:
            free.remove(span)
            yield row, span


def speed(text: str, finders: dict[str, Callable[[str], list[Found]]]) -> None:
    """Characters a second of each on the same text, read once before, then of this reader alone as the text grows."""
    same = text[:COMPARED_CHARACTERS]
    print(f"\n{len(same)} characters, the same for each:")
    alone = {"its number model": number_model()} if "recognizers-text" in finders else {}
    for name, find in (finders | alone).items():
        find(same)
        start = time.process_time()
        find(same)
        took = time.process_time() - start
        print(f"{name:>18} {len(same) / took:>12,.0f} characters a second")
    print(f"\n{'characters':>12} {'seconds':>9} {'characters a second':>20} {'memory MB':>10}")
    for size in SIZES:
        subprocess.run([sys.executable, __file__, "--one", str(size)], check=True)


def one_size(size: int) -> None:
    """One line of the table of growth, in a process of its own."""
    whole = "".join(text for document in documents() if (text := text_of(document)) is not None)
    text = (whole * (size // len(whole) + 1))[:size]
    start = time.process_time()
    figures_of(reading_of(text))
    took = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{size:>12,} {took:>9.2f} {size / took:>20,.0f} {memory:>10,.0f}", flush=True)


if __name__ == "__main__":
    main()
