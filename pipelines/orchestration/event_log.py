"""Dagster's own event log in SQLite, written through kept connections and in batches instead of one by one.

The files are those of Dagster's default storage, so that an earlier history is read on. dagster.yaml names this class.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster import StringSource
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import create_engine, event
from sqlalchemy.pool import QueuePool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dagster import EventLogEntry
    from dagster._serdes import ConfigurableClassData
    from sqlalchemy.engine import Connection, Engine

_INDEX = "index"
#: A process that builds writes two files, the run's and the index; the UI reads those of the runs that it shows.
_KEPT = 8
_WAITS_SECONDS = 60


class KeptConnections(SqliteEventLogStorage):
    """The default storage with one kept connection a file; a batch of events is one commit a file.

    Dagster itself opens and closes a connection for each statement, six times an event.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._turn = threading.RLock()
        self._batch: dict[str, Connection] | None = None
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> Any:  # noqa: ANN401 - Dagster's
        """`home`: Dagster's home; the log lies where Dagster keeps it by default."""
        return {"home": StringSource}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> KeptConnections:
        """As dagster.yaml asks for it."""
        return cls(str(Path(config_value["home"], "history", "runs")), inst_data)

    def run_connection(self, run_id: str | None = None) -> Any:  # noqa: ANN401 - Dagster's
        """The kept connection to a run's file."""
        return self._connection(run_id or "")

    def index_connection(self) -> Any:  # noqa: ANN401 - Dagster's
        """The kept connection to the index over all runs."""
        return self._connection(_INDEX)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store them in one transaction a file; each file takes all of its events or none."""
        with self._turn:
            self._batch = {}
            try:
                for each in events:
                    self.store_event(each)
                for connection in self._batch.values():
                    connection.commit()
            finally:
                for connection in self._batch.values():
                    connection.close()
                self._batch = None

    def delete_events(self, run_id: str) -> None:
        """Delete what is told of a run, and its file."""
        super().delete_events(run_id)
        with self._turn:
            if run_id in self._engines:
                self._engines.pop(run_id).dispose()
            for path in Path(self.path_for_shard(run_id)).parent.glob(f"{run_id}.db*"):
                path.unlink()

    def wipe(self) -> None:
        """Delete the whole history."""
        self._let_go()
        super().wipe()

    def dispose(self) -> None:
        """Stop watching, and close the files."""
        super().dispose()
        self._let_go()

    @contextmanager
    def _connection(self, shard: str) -> Iterator[Connection]:
        with self._turn:
            if self._batch is None:
                with self._engine(shard).begin() as connection:
                    yield connection
            else:
                if shard not in self._batch:
                    self._batch[shard] = self._engine(shard).connect()
                yield self._batch[shard]

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            with super().index_connection() if shard == _INDEX else super().run_connection(shard):
                pass  # makes the file where there is none
            self._engines[shard] = _engine(self.conn_string_for_shard(shard))
        self._engines.move_to_end(shard)
        if len(self._engines) > _KEPT:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]

    def _let_go(self) -> None:
        with self._turn:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()


def _engine(address: str) -> Engine:
    engine = create_engine(
        address, poolclass=QueuePool, pool_size=1, connect_args={"timeout": _WAITS_SECONDS, "check_same_thread": False}
    )
    # the log is in WAL mode: it stays whole without a sync for each commit, and only a power cut loses the last events
    event.listen(engine, "connect", lambda connection, _: connection.execute("pragma synchronous = normal"))
    return engine
