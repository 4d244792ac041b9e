"""The published warehouse, held open by a process that stays: each question is answered from the build that stands.

A publish replaces the file by one rename. What has begun goes on reading the old file; what begins afterwards reads the
new one; the old one is closed when its last question is answered.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from pipelines.asking import builds, series
from pipelines.asking.warehouse import NothingPublished, Unanswered, Unreadable, Warehouse
from pipelines.engine.database import ATTACHED_AS, opened_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from pipelines.asking.builds import BuildRecord
    from pipelines.project import Project

#: What DuckDB may take for the questions of all clients together, of memory and of disk.
MEMORY, DISK = "1GB", "2GB"
_Identity = tuple[int, int, int]


@dataclass
class Edition:
    """One published build, open.

    Attributes:
        warehouse: to be asked.
        build: the file's record of its own making.
        tag: a hash that no other build has.
        identity: of the file: device, inode and time of change.
        in_use: questions that are being answered from it.
        held: its figures series by series, where they are few enough to be held in memory.
        outdated: another build has taken its place.
    """

    warehouse: Warehouse
    build: BuildRecord
    tag: str
    identity: _Identity
    held: pl.DataFrame | None
    in_use: int = 0
    outdated: bool = False


class Published:
    """The published warehouse of a project, whichever it is at the moment; safe to be used from several threads."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._lock = Lock()
        self._standing: Edition | None = None

    @contextmanager
    def edition(self) -> Iterator[Edition]:
        """The build that stands when the block begins, open until it ends.

        Raises:
            NothingPublished: there is none.
            Unreadable: the file is no database, or of another form.
        """
        taken = self.take()
        try:
            yield taken
        finally:
            self.give_back(taken)

    def take(self) -> Edition:
        """The build that stands; it stays open until it is given back. Raises as `edition`."""
        with self._lock:
            identity = self._identity()
            if self._standing is None or self._standing.identity != identity:
                opened = self._open(identity)
                if self._standing is not None:
                    self._standing.outdated = True
                    _close_unused(self._standing)
                self._standing = opened
            self._standing.in_use += 1
            return self._standing

    def keep(self, edition: Edition) -> None:
        """Once more the same build, which is open: it has to be given back once more."""
        with self._lock:
            edition.in_use += 1

    def give_back(self, edition: Edition) -> None:
        """The question is answered."""
        with self._lock:
            edition.in_use -= 1
            _close_unused(edition)

    def close(self) -> None:
        """Close what stands once nobody asks it any more."""
        with self._lock:
            if self._standing is not None:
                self._standing.outdated = True
                _close_unused(self._standing)
                self._standing = None

    def _identity(self) -> _Identity:
        try:
            found = self._project.published.stat()
        except FileNotFoundError:
            raise NothingPublished from None
        return found.st_dev, found.st_ino, found.st_mtime_ns

    def _open(self, identity: _Identity) -> Edition:
        """The file of this identity, or of the one that has taken its place meanwhile."""
        import duckdb

        path = self._project.published
        while True:
            try:
                connection = opened_apart(path, memory=MEMORY, spill=self._project.spill, disk=DISK)
            except duckdb.Error as error:
                raise Unreadable(path, str(error).splitlines()[0]) from None
            now = self._identity()
            if now == identity:
                break
            connection.close()
            identity = now
        warehouse = Warehouse(self._project, path, connection, attached_as=ATTACHED_AS)
        record = builds.record_of(warehouse.one("select * from quality.build"))
        if record is None:
            connection.close()
            raise Unreadable(path, "a gongfu of another form made it; run gongfu build")
        tag = hashlib.sha256(repr(record).encode()).hexdigest()[:20]
        try:
            held = series.set_out(warehouse) if record.accepted <= series.HELD_AT_MOST else None
        except Unanswered:
            connection.close()
            raise
        return Edition(warehouse, record, tag, identity, held)


def _close_unused(edition: Edition) -> None:
    if edition.outdated and edition.in_use == 0:
        edition.warehouse.connection.close()
