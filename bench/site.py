"""How long the monitor takes: all pages, then again with nothing changed; and how large its front page is."""

from __future__ import annotations

import gzip
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipelines.asking.warehouse import published
from pipelines.project import current
from pipelines.serving.monitor.site import write_site


def main() -> None:
    """Print a table: files, of these written, seconds; and the compressed size of each front page."""
    with tempfile.TemporaryDirectory() as folder, published(current()) as warehouse:
        print(f"{'':>10} {'files':>7} {'written':>8} {'seconds':>8}")
        for name in ("all", "unchanged"):
            begun = time.perf_counter()
            made = write_site(warehouse, Path(folder))
            print(f"{name:>10} {len(made.files):>7} {len(made.written):>8} {time.perf_counter() - begun:>8.1f}")
        for language in ("zh", "en"):
            page = gzip.compress((Path(folder) / language / "index.html").read_bytes())
            print(f"front page, {language}: {len(page) / 1000:.1f} kB compressed")


if __name__ == "__main__":
    main()
