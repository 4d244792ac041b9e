"""A real server over the built warehouse, on a free port of this machine."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.project import Project


@contextmanager
def serving(project: Project) -> Iterator[str]:
    """Serve a project as `gongfu serve` does; whoever connects before it is ready is answered when it is."""
    import uvicorn

    from pipelines.serving.app import application

    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application(project), log_level="error", access_log=False, proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address(built: tuple[Project, object]) -> Iterator[str]:
    with serving(built[0]) as url:
        yield url
