"""The one process that people, SDMX clients and browsers ask: SDMX, the monitor, the quality report, the dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from pipelines.asking import catalogue
from pipelines.asking.following import Published
from pipelines.asking.warehouse import Unanswered
from pipelines.project import version
from pipelines.serving.sdmx.problems import ERROR_TYPE, UNAVAILABLE, Refused
from pipelines.serving.sdmx.routes import router
from pipelines.serving.sdmx.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from pipelines.project import Project

#: Names by which this process may be called: a page elsewhere that resolves its own name to 127.0.0.1 is refused.
HOSTS = ("127.0.0.1", "localhost", "[::1]", "::1")
_MISSING = """<!doctype html><html lang="en"><meta charset="utf-8"><title>gongfu 共富</title>
<h1>gongfu 共富</h1><p>{en}</p><p lang="zh">{zh}</p>
<ul><li><a href="/sdmx/dataflow">SDMX</a></li><li><a href="/openapi.json">OpenAPI</a></li>
<li><a href="/healthz">health</a></li></ul></html>
"""


def application(project: Project, hosts: tuple[str, ...] = HOSTS) -> FastAPI:
    """The application over a project's published warehouse, which may be published anew at any time.

    Args:
        project: whose warehouse, site, report and dictionary.
        hosts: names by which clients may call it; `*` for any.
    """
    published = Published(project)
    app = FastAPI(
        title="gongfu 共富", version=version(), docs_url=None, redoc_url=None, redirect_slashes=False,
        description="Read-only: the published warehouse of printed common-prosperity statistics as SDMX.",
    )  # fmt: skip
    app.include_router(router(Service(published)))
    app.add_api_route("/healthz", _health(published), response_class=JSONResponse, summary="What is published")
    report = Pages(
        project.quality_report, "no quality report was made yet; run gongfu build", "尚无质量报告；请运行gongfu build"
    )
    app.mount("/quality_report", WithoutInternal(report, published))
    dictionary = project.warehouse / "dictionary"
    app.mount(
        "/dictionary",
        Pages(dictionary, "no dictionary was made yet; run gongfu dictionary", "尚无数据字典；请运行gongfu dictionary"),
    )
    site = project.warehouse / "site"
    app.mount("/", Pages(site, "no site was made yet; run gongfu site", "尚无监测站点；请运行gongfu site"))
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Unanswered, _unanswered)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(WithoutLastSlash)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    return app


class Pages(StaticFiles):
    """Static pages of a folder that may be made later, and anew, while they are served."""

    def __init__(self, folder: Path, missing_en: str, missing_zh: str) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self.config_checked = True  # a folder that is not there is no fault of the server
        self._folder = folder
        self._missing = _MISSING.format(en=missing_en, zh=missing_zh)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The page, or where the folder is missing one that says how it is made."""
        if scope["method"] in {"GET", "HEAD"} and not self._folder.is_dir():
            return HTMLResponse(self._missing, status_code=404)
        answer = await super().get_response(path, scope)
        answer.headers.setdefault("Cache-Control", "no-cache")
        return answer


class WithoutInternal:
    """Pages that name figures of every source: refused while a source of the published build is internal."""

    def __init__(self, pages: ASGIApp, published: Published) -> None:
        self._pages = pages
        self._published = published

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the pages, or say why not."""
        with self._published.edition() as edition:
            internal = any(
                each.access == "internal" for each in catalogue.sources(edition.warehouse, audience="internal")
            )
        if internal:
            text = "sources of this build are internal: the quality report, which names their figures, is not served\n"
            await PlainTextResponse(text, status_code=403)(scope, receive, send)
        else:
            await self._pages(scope, receive, send)


class WithoutLastSlash:
    """Paths of the SDMX service mean the same with a slash at their end, which some clients write."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http" and scope["path"].startswith("/sdmx/"):
            scope = dict(scope) | {"path": scope["path"].rstrip("/")}
        await self._app(scope, receive, send)


def _health(published: Published) -> Callable[[], JSONResponse]:
    def healthz() -> JSONResponse:
        with published.edition() as edition:
            build = edition.build
            return JSONResponse({
                "status": "ok", "version": build.version, "finished_at": build.finished_at.isoformat(),
                "figures": build.accepted, "gongfu": version(), "hash": edition.tag,
            })  # fmt: skip

    return healthz


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - registered for it alone
    return Response(error.as_xml(), status_code=error.status, media_type=ERROR_TYPE)


async def _unanswered(request: Request, error: Exception) -> Response:
    """Nothing is published, or the file cannot be read now."""
    return _said(request, Refused(UNAVAILABLE, str(error)))


async def _http(request: Request, error: Exception) -> Response:
    """No such path, or no such method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    return _said(request, Refused(error.status_code, str(error.detail)))


def _said(request: Request, problem: Refused) -> Response:
    if request.url.path.startswith("/sdmx"):
        return Response(problem.as_xml(), status_code=problem.status, media_type=ERROR_TYPE)
    return PlainTextResponse(f"{problem}\n", status_code=problem.status)
