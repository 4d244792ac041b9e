"""No regular expression of the readers can be made to run for ages: each is tried on text that such ones choke on."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import CHECKOUT

TRIED = """
import importlib, pkgutil, re, resource
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
found = {}
for room in ("printed", "readers.files", "readers.shapes", "readers", "proposing"):
    package = importlib.import_module(f"pipelines.{room}")
    for about in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"pipelines.{room}.{about.name}")
        found |= {value.pattern: value for value in vars(module).values() if isinstance(value, re.Pattern)}
pieces = ["*", "①", "1", "12,", "1.", "年", "(", "（年", "_", "a", "a ", " ", "市", "-"]
pieces += ["[1]", ":", "/1", "万", "2019年", "　"]
for pattern in found.values():
    for piece in pieces:
        for times in (40, 600):
            for end in ("", "注", "!", ")"):
                text = piece * times + end
                pattern.search(text), pattern.fullmatch(text), pattern.match(text)
print(len(found))
"""


def test_no_pattern_blows_up() -> None:
    """Bounded by processor time, an exponential pattern needs more of it than there is; all others take seconds."""
    done = subprocess.run([sys.executable, "-c", TRIED], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 30
