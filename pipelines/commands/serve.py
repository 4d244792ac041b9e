"""`gongfu serve`: the monitor, SDMX, the quality report and the dictionary, from one process on this machine."""

from __future__ import annotations

import click

from pipelines.commands.language import Command, say
from pipelines.problems import BuildStopped
from pipelines.project import current

#: Requests that are answered at once; further ones are told to come again.
AT_ONCE = 200


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8321, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def serve(host: str, port: int) -> None:
    """Serve the published warehouse until Ctrl-C: the monitor on /, SDMX under /sdmx, /quality_report, /dictionary."""
    import socket

    import uvicorn

    from pipelines.asking.warehouse import published
    from pipelines.serving.app import HOSTS, application

    project = current()
    with published(project):
        pass
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        message = f"{host}:{port} cannot be listened on: {error.strerror}; choose another with --port"
        raise BuildStopped(message, 2, zh=f"无法监听{host}:{port}：{error.strerror}；请用--port另选端口") from None
    click.echo(say(f"http://{host}:{port}/ (Ctrl-C ends it)", f"http://{host}:{port}/ （Ctrl-C结束）"))
    app = application(project, (*HOSTS, host))
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, proxy_headers=False, server_header=False, limit_concurrency=AT_ONCE
    )
    uvicorn.Server(config).run(sockets=[listening])
