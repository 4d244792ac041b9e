"""requirements.lock pins what is installed, by hash, and says nothing of where it comes from."""

from __future__ import annotations

import re

from tests.conftest import CHECKOUT

LOCK = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
ENTRIES = re.split(r"\n(?=\S)", LOCK.strip())


def test_every_entry_has_one_version_and_hashes_and_no_address() -> None:
    assert len(ENTRIES) > 150
    for entry in ENTRIES:
        assert re.match(r"[\w.-]+(\[[\w,. -]+\])?==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in LOCK
    assert "--index-url" not in LOCK


def test_what_pyproject_pins_is_what_is_locked() -> None:
    locked = {re.split(r"[\[=]", entry)[0].lower(): entry for entry in ENTRIES}
    for name, version in re.findall(r'"([\w.-]+)(?:\[\w+\])?==([\w.]+)"', (CHECKOUT / "pyproject.toml").read_text()):
        assert f"=={version} " in locked[name.lower()], name
