"""Cards and ledgers that mean harm, or are written carelessly: one clear line each, nothing opened or expanded."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pipelines.problems import SourceRefused
from pipelines.sources.card import read_card
from pipelines.sources.ledger import read_ledger
from tests.conftest import CHECKOUT, HEADER, write_source

if TYPE_CHECKING:
    from pipelines.project import Project

FIGURES = HEADER + "地区生产总值,,浙江省,2022年,,77715,亿元,\n"
LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
)

HOSTILE = {
    "open_brackets": ("[" * 30_000, "depth", 1, "lists and mappings lie more than 50 deep"),
    "open_braces": ("{a: " * 15_000, "depth", 1, "lists and mappings lie more than 50 deep"),
    "dashes": ("- " * 30_000, "depth", 1, "lists and mappings lie more than 50 deep"),
    "laughs": (LAUGHS, "alias", 1, "anchors (&) and aliases (*) are not taken"),
    "a_key_twice": ("title: one\nnote: x\ntitle: two\n", "key_twice", 3, "title stands twice"),
    "a_tag": ("a: 1\nb: !!python/object/apply:os.getcwd []\n", "yaml", 2, "not valid YAML"),
    "two_documents": ("a: 1\n---\nb: 2\n", "yaml", 2, "a second document begins"),
    "a_tab": ("a:\n\t- 1\n", "yaml", 2, "not valid YAML"),
    "bytes": (b"title: \xff\xfe\n", "encoding", 1, "not UTF-8"),
    "a_list_as_key": ("? [a]\n: 1\n", "yaml", 1, "a key is one plain word"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", ["card", "ledger"])
def test_each_is_one_line_that_names_the_line(project: Project, name: str, kind: str) -> None:
    text, rule, line, words = HOSTILE[name]
    folder = write_source(project, "abc", FIGURES)
    file = folder / ("source.yaml" if kind == "card" else "corrections.yaml")
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SourceRefused) as refused:
        read_card(project, folder) if kind == "card" else read_ledger(project, "abc", folder)
    (problem,) = refused.value.problems
    assert (problem.rule, problem.line) == (f"{kind}_{rule}", line)
    assert words in problem.message_en
    assert problem.message_zh
    assert "\n" not in str(problem)


@pytest.mark.parametrize(("kind", "limit"), [("card", "64 KiB"), ("ledger", "512 KiB")])
def test_one_that_is_too_large_is_not_parsed(project: Project, kind: str, limit: str) -> None:
    folder = write_source(project, "abc", FIGURES)
    file = folder / ("source.yaml" if kind == "card" else "corrections.yaml")
    file.write_text("- x\n" * 300_000, encoding="utf-8")
    with pytest.raises(SourceRefused, match=f"larger than {limit}"):
        read_card(project, folder) if kind == "card" else read_ledger(project, "abc", folder)


@pytest.mark.parametrize(("kind", "text"), [("card", "{}: x\n"), ("ledger", "- x{}\n")])
def test_thousands_of_slips_are_told_as_a_hundred(project: Project, kind: str, text: str) -> None:
    folder = write_source(project, "abc", FIGURES)
    file = folder / ("source.yaml" if kind == "card" else "corrections.yaml")
    file.write_text("".join(text.format(f"k{number}") for number in range(5_000)), encoding="utf-8")
    with pytest.raises(SourceRefused) as refused:
        read_card(project, folder) if kind == "card" else read_ledger(project, "abc", folder)
    assert len(refused.value.problems) == 100


@pytest.mark.parametrize("kind", ["card", "ledger"])
def test_a_device_behind_a_link_is_not_opened(project: Project, kind: str) -> None:
    folder = write_source(project, "abc", FIGURES)
    file = folder / ("source.yaml" if kind == "card" else "corrections.yaml")
    file.unlink(missing_ok=True)
    file.symlink_to("/dev/zero")
    with pytest.raises(SourceRefused, match="no plain file but a link, a device or a folder"):
        read_card(project, folder) if kind == "card" else read_ledger(project, "abc", folder)


def test_a_pipe_that_nobody_writes_into_is_not_waited_for(project: Project) -> None:
    folder = write_source(project, "abc", FIGURES)
    (folder / "source.yaml").unlink()
    os.mkfifo(folder / "source.yaml")
    with pytest.raises(SourceRefused, match="no plain file"):
        read_card(project, folder)


def test_a_file_behind_a_link_is_refused_even_inside_the_folder(project: Project) -> None:
    folder = write_source(project, "abc", FIGURES, {"files": [{"path": "link.csv", "sha256": "0" * 64}]})
    (folder / "link.csv").symlink_to("figures.csv")
    with pytest.raises(SourceRefused, match=r"link\.csv is a link"):
        read_card(project, folder)


@pytest.mark.parametrize("day", ["2023-02-30", "0000-00-00", "2023-13-45", "2026-11-23T99:99:99"])
def test_a_date_that_is_none_is_told_with_its_line(project: Project, day: str) -> None:
    folder = write_source(project, "abc", FIGURES, {"retrieved_on": None})
    with (folder / "source.yaml").open("a", encoding="utf-8") as card:
        card.write(f"retrieved_on: {day}\n")
    lines = len((folder / "source.yaml").read_text(encoding="utf-8").splitlines())
    with pytest.raises(SourceRefused) as refused:
        read_card(project, folder)
    (problem,) = refused.value.problems
    assert (problem.rule, problem.line, problem.value) == ("retrieved_on_date", lines, day)


def test_braces_in_a_field_are_words_like_others(project: Project) -> None:
    folder = write_source(project, "abc", FIGURES, {"stage": "{known} {0} {__class__}"})
    with pytest.raises(SourceRefused) as refused:
        read_card(project, folder)
    (problem,) = refused.value.problems
    assert (problem.rule, problem.value) == ("stage_unknown", "{known} {0} {__class__}")


def test_thirty_thousand_brackets_do_not_kill_the_process(project: Project) -> None:
    folder = write_source(project, "abc", FIGURES)
    (folder / "source.yaml").write_text("[" * 30_000, encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from pipelines.project import Project;"
        "from pipelines.receiving.landing import land_all;"
        "print([str(p) for one in land_all(Project(Path(sys.argv[1]))) for p in one.problems])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(project.root)], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "raw/abc/source.yaml, line 1: lists and mappings lie more than 50 deep" in done.stdout
