"""Earlier published builds, and the way back to one."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.problems import BuildStopped
from pipelines.publishing import store
from pipelines.publishing.lock import build_lock
from tests.publishing.tables import publish, python, ready, whole_version, write

if TYPE_CHECKING:
    from pipelines.project import Project

WRITER = """
import os, sys, duckdb
connection = duckdb.connect(sys.argv[1])
if sys.argv[2] != "idle":
    connection.execute("insert into figures values (99, 99, 99, 99)")
print("open", flush=True)
os._exit(9) if sys.argv[2] == "dies" else sys.stdin.read()
"""


def names(project: Project) -> list[str]:
    return [each.version for each in store.versions(project)]


def current(project: Project) -> list[str]:
    return [each.version for each in store.versions(project) if each.is_current]


def no_hard_links(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


@pytest.fixture(params=["hard links", "copies"])
def any_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, project: Project) -> Project:
    """A project on a file system that has hard links, and on one that has none (exFAT, some network shares)."""
    if request.param == "copies":
        monkeypatch.setattr(Path, "hardlink_to", no_hard_links)
        monkeypatch.setattr(os, "link", no_hard_links)
    return project


def test_the_newest_five_builds_are_kept_and_the_published_one_is_marked(any_disk: Project) -> None:
    for number in range(1, 9):
        publish(any_disk, number)
    assert names(any_disk) == ["v00008", "v00007", "v00006", "v00005", "v00004"]
    assert current(any_disk) == ["v00008"]
    newest = store.versions(any_disk)[0]
    assert newest.path == any_disk.published
    assert newest.size == newest.path.stat().st_size == any_disk.published.stat().st_size
    with duckdb.connect(str(any_disk.published), read_only=True) as connection:
        assert connection.execute("select finished_at from quality.build").fetchone() == (newest.finished_at,)


def test_the_published_file_and_the_kept_ones_are_read_only(any_disk: Project) -> None:
    publish(any_disk, 1)
    publish(any_disk, 2)
    store.rollback(any_disk, None)
    for path in (any_disk.published, *any_disk.versions.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o444, path


def test_a_build_whose_clock_stood_behind_is_not_pruned_away_as_the_oldest(project: Project) -> None:
    for number in range(10, 16):
        publish(project, number)
    publish(project, 1)
    assert current(project) == ["v00001"]
    assert len(names(project)) == store.KEPT_VERSIONS


def test_a_build_begun_from_the_published_one_is_a_copy_of_its_own(project: Project) -> None:
    publish(project, 1)
    building = store.begin(project, keep_from_published=True)
    assert building == project.building
    assert whole_version(building) == "v00001"
    write(building, 2)
    assert whole_version(project.published) == "v00001"


def test_what_an_interrupted_build_left_is_cleared_and_the_lock_stays(project: Project) -> None:
    with build_lock(project, "gongfu build"):
        write(project.building, 1)
        project.building.chmod(0o444)
        (project.workshop / "gongfu.duckdb.wal").write_bytes(b"half")
        (project.workshop / "gongfu.duckdb.tmp").mkdir()
        (project.workshop / "gongfu.duckdb.tmp" / "duckdb_temp_storage-0.tmp").write_bytes(b"spilled")
        assert not store.begin(project, keep_from_published=False).exists()
        assert [path.name for path in project.workshop.iterdir()] == ["lock"]


def test_without_a_name_the_way_back_leads_to_the_build_before_the_current_one(any_disk: Project) -> None:
    for number in (1, 2, 3):
        publish(any_disk, number)
    assert store.rollback(any_disk, None).version == "v00002"
    assert whole_version(any_disk.published) == "v00002"
    assert store.rollback(any_disk, None).version == "v00001"
    assert whole_version(any_disk.published) == "v00001"
    assert current(any_disk) == ["v00001"]
    with pytest.raises(BuildStopped, match="v00003, v00002, v00001"):
        store.rollback(any_disk, None)
    assert store.rollback(any_disk, "v00003").is_current
    assert whole_version(any_disk.published) == "v00003"
    assert names(any_disk) == ["v00003", "v00002", "v00001"]
    assert [path.name for path in any_disk.workshop.iterdir()] == ["lock"]


def test_what_is_kept_is_the_build_that_was_replaced_and_never_the_one_that_is_published(any_disk: Project) -> None:
    kept = []
    for step in (1, 2, 3, "back"):
        store.rollback(any_disk, None) if step == "back" else publish(any_disk, int(step))
        files = list(any_disk.versions.glob("*.duckdb"))
        assert any_disk.published.stat().st_ino not in {path.stat().st_ino for path in files}
        kept.append(sorted(path.stem for path in files))
    assert kept == [[], ["v00001"], ["v00001", "v00002"], ["v00001", "v00003"]]


def test_who_writes_over_the_published_file_leaves_the_kept_ones_whole(any_disk: Project) -> None:
    publish(any_disk, 1)
    publish(any_disk, 2)
    any_disk.published.chmod(0o644)
    with any_disk.published.open("r+b") as file:
        file.write(b"written over" * 1000)
    assert store.rollback(any_disk, None).version == "v00001"
    assert whole_version(any_disk.published) == "v00001"


def report(project: Project, words: str) -> None:
    """The pages of a build, as its quality step writes them before the publish."""
    project.quality_report.mkdir(parents=True, exist_ok=True)
    (project.quality_report / "summary.html").write_text(words, encoding="utf-8")


def shown(project: Project) -> str:
    return (project.quality_report / "summary.html").read_text(encoding="utf-8")


def test_the_way_back_brings_the_quality_report_of_that_build_along(project: Project) -> None:
    for number in (1, 2):
        report(project, f"report of {number}")
        publish(project, number)
    report(project, "report of a build that was not published")
    store.rollback(project, None)
    assert shown(project) == "report of 1"
    store.rollback(project, "v00002")
    assert shown(project) == "report of 2"
    store.rollback(project, "v00002")
    assert shown(project) == "report of 2"


def test_a_build_without_a_kept_report_is_not_shown_with_another_ones(project: Project) -> None:
    publish(project, 1)
    report(project, "report of 2")
    publish(project, 2)
    store.rollback(project, None)
    assert not project.quality_report.exists()


def test_reports_go_with_their_versions(project: Project) -> None:
    for number in range(1, 9):
        report(project, f"report of {number}")
        publish(project, number)
    kept = sorted(path.stem for path in project.versions.glob("*.report"))
    assert kept == ["v00004", "v00005", "v00006", "v00007", "v00008"]


def test_going_back_to_where_one_is_leaves_everything_as_it_was(project: Project) -> None:
    publish(project, 1)
    assert store.rollback(project, "v00001").version == "v00001"
    assert whole_version(project.published) == "v00001"
    assert [path.name for path in project.workshop.iterdir()] == ["lock"]


def test_a_name_that_nobody_knows_is_answered_with_the_known_ones(project: Project) -> None:
    publish(project, 1)
    publish(project, 2)
    with pytest.raises(BuildStopped, match=r"v00009.*v00002, v00001"):
        store.rollback(project, "v00009")
    assert whole_version(project.published) == "v00002"


def test_nobody_goes_back_while_a_build_runs(project: Project) -> None:
    publish(project, 1)
    publish(project, 2)
    with build_lock(project, "gongfu build"), pytest.raises(BuildStopped, match="another build is running"):
        store.rollback(project, None)
    assert whole_version(project.published) == "v00002"


def test_foreign_and_damaged_files_among_the_versions_are_passed_over_with_a_note(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    publish(project, 1)
    publish(project, 2)
    whole = project.published.read_bytes()
    (project.versions / "v00003.duckdb").write_bytes(whole[: len(whole) // 2])
    (project.versions / "v00004.duckdb").write_bytes(b"label,value\n")
    with duckdb.connect(str(project.versions / "v00005.duckdb")) as connection:
        connection.execute("create table somebody_elses as select 1")
    assert names(project) == ["v00002", "v00001"]
    for name in ("v00003", "v00004", "v00005"):
        assert name in caplog.text


def test_a_damaged_published_file_can_be_replaced_by_the_way_back(project: Project) -> None:
    publish(project, 1)
    publish(project, 2)
    project.published.unlink()
    project.published.write_bytes(b"damaged")
    assert store.rollback(project, None).version == "v00001"
    assert whole_version(project.published) == "v00001"


def test_a_build_of_an_earlier_gongfu_with_other_columns_can_be_gone_back_to(project: Project) -> None:
    building = store.begin(project, keep_from_published=False)
    write(building, 1)
    with duckdb.connect(str(building)) as connection:
        connection.execute("alter table quality.build add column something_it_recorded varchar")
    store.publish(project, "v00001")
    publish(project, 2)
    assert store.rollback(project, None).version == "v00001"


def test_nothing_built_is_nothing_published(project: Project) -> None:
    publish(project, 1)
    store.begin(project, keep_from_published=False)
    with pytest.raises(BuildStopped, match="nothing was built"):
        store.publish(project, "v00002")
    assert whole_version(project.published) == "v00001"


def test_a_build_that_is_still_open_in_this_process_is_not_published(project: Project) -> None:
    publish(project, 1)
    building = store.begin(project, keep_from_published=False)
    write(building, 2)
    with duckdb.connect(str(building)), pytest.raises(BuildStopped, match="still open"):
        store.publish(project, "v00002")
    assert whole_version(project.published) == "v00001"
    store.publish(project, "v00002")
    assert whole_version(project.published) == "v00002"


def test_a_build_that_is_still_open_in_another_process_is_not_published(project: Project) -> None:
    publish(project, 1)
    building = store.begin(project, keep_from_published=False)
    write(building, 2)
    with python(WRITER, building, "writes") as writer:
        ready(writer)
        with pytest.raises(BuildStopped, match=f"still open.*{writer.pid}"):
            store.publish(project, "v00002")
        writer.kill()
    assert whole_version(project.published) == "v00001"


@pytest.mark.parametrize("step", ["publish", "rollback"])
def test_what_a_killed_process_wrote_into_the_old_build_never_shows_in_the_new_one(project: Project, step: str) -> None:
    publish(project, 1)
    publish(project, 2)
    project.published.chmod(0o644)
    with python(WRITER, project.published, "dies") as writer:
        writer.wait()
    assert project.published.with_name("gongfu.duckdb.wal").exists(), "the writer left nothing: this test says nothing"
    if step == "publish":
        publish(project, 3)
    else:
        store.rollback(project, None)
    assert whole_version(project.published) == ("v00003" if step == "publish" else "v00001")


def test_somebody_who_is_writing_into_the_published_build_is_named_and_nothing_is_taken_from_them(
    project: Project,
) -> None:
    publish(project, 1)
    project.published.chmod(0o644)
    building = store.begin(project, keep_from_published=False)
    write(building, 2)
    with python(WRITER, project.published, "writes") as writer:
        ready(writer)
        with pytest.raises(BuildStopped, match=f"PID {writer.pid}"):
            store.publish(project, "v00002")
        assert project.published.with_name("gongfu.duckdb.wal").exists()
        writer.kill()
    store.publish(project, "v00002")
    assert whole_version(project.published) == "v00002"


def test_this_process_too_is_named_when_it_writes_into_the_published_build(project: Project) -> None:
    publish(project, 1)
    project.published.chmod(0o644)
    with duckdb.connect(str(project.published)) as connection:
        connection.execute("insert into figures values (99, 99, 99, 99)")
        with pytest.raises(BuildStopped, match="written into by this process"):
            publish(project, 2)


def test_somebody_who_only_opened_the_published_build_for_writing_does_not_hold_up_a_publish(project: Project) -> None:
    publish(project, 1)
    project.published.chmod(0o644)
    with python(WRITER, project.published, "idle") as writer:
        ready(writer)
        publish(project, 2)
        assert whole_version(project.published) == "v00002"
        writer.kill()


def test_the_copy_that_stands_in_for_a_hard_link_is_whole_before_it_has_a_name(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(project, 1)
    monkeypatch.setattr(Path, "hardlink_to", no_hard_links)
    monkeypatch.setattr(os, "link", no_hard_links)

    def half_a_copy(origin: Path, target: Path) -> None:
        data = Path(origin).read_bytes()
        Path(target).write_bytes(data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    building = store.begin(project, keep_from_published=False)
    write(building, 2)
    monkeypatch.setattr(shutil, "copyfile", half_a_copy)
    with pytest.raises(BuildStopped, match="disk is full"):
        store.publish(project, "v00002")
    assert names(project) == ["v00001"]
    assert list(project.versions.iterdir()) == []
    assert whole_version(project.published) == "v00001"
