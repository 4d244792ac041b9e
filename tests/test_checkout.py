"""What a clone holds is what was committed, whatever git is told about ends of lines."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from tests.conftest import CHECKOUT


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_raw_files_survive_a_clone_that_turns_ends_of_lines(tmp_path: Path) -> None:
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    shutil.copytree(CHECKOUT / "raw", origin / "raw")
    shutil.copyfile(CHECKOUT / ".gitattributes", origin / ".gitattributes")
    (origin / "raw" / "both").mkdir()
    (origin / "raw" / "both" / "figures.csv").write_bytes(b"label,value\r\na,1\r\nb,2\n")
    (origin / "README.md").write_text("one\ntwo\n", encoding="utf-8", newline="\n")
    turning = ("-c", "core.autocrlf=true", "-c", "core.safecrlf=false", "-c", "user.name=a", "-c", "user.email=a@b")
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "all"]):
        subprocess.run(["git", *turning, *command], cwd=origin, check=True)
    subprocess.run(["git", *turning, "clone", "--quiet", str(origin), str(clone)], check=True)
    assert (clone / "README.md").read_bytes() == b"one\r\ntwo\r\n", "this git turns nothing: the test says nothing"
    assert hashes(clone / "raw") == hashes(origin / "raw")
