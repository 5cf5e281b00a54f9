"""The HTTP application: every call of the contract, its documentation, and its health."""

from collections.abc import Sequence
from difflib import get_close_matches
from importlib.resources import files
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vidgenie import __version__
from vidgenie.core.edit.schema import edit_schema
from vidgenie.edges.rpc import health, metrics
from vidgenie.edges.rpc.calls import Method
from vidgenie.edges.rpc.context import Context
from vidgenie.edges.rpc.contract import BY_NAME
from vidgenie.edges.rpc.methods import uploads
from vidgenie.edges.rpc.openapi import openapi
from vidgenie.edges.rpc.pipeline import answer, refusal
from vidgenie.edges.rpc.shotstack.door import shotstack_door
from vidgenie.errors import MethodNotAllowed, NotFound, VidGenieError
from vidgenie.services.db.ids import new_id

log = structlog.get_logger()

HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"DENY",
    b"content-security-policy": (
        b"default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
        b" frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
}

EDIT_SCHEMA = "/edit.schema.json"
"""Where the schema of a merged edit is, for editors and forms."""

DOCS = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>VidGenie API</title>
<link rel="stylesheet" href="/docs/static/swagger-ui.css">
<link rel="icon" href="data:,"></head>
<body><div id="docs"></div>
<script src="/docs/static/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script></body></html>
"""

START = """SwaggerUIBundle({url: "/openapi.json", dom_id: "#docs", deepLinking: true,
  persistAuthorization: true, tryItOutEnabled: true});
"""


def create_app(context: Context, routers: Sequence[APIRouter] = ()) -> FastAPI:
    """Return the application; `routers` are the pages and downloads of the other edges."""
    app = FastAPI(
        title="VidGenie API", version=__version__, openapi_url=None, docs_url=None, redoc_url=None
    )
    app.state.context = context
    app.add_route("/api/v1/{call}", _calls(context), methods=VERBS)
    _add_documentation(app, context)
    app.mount("/shotstack", shotstack_door(context))
    for path, handler in (
        ("/healthz", health.healthz),
        ("/readyz", health.readyz),
        ("/metrics", metrics.metrics),
    ):
        app.add_route(path, handler, methods=["GET"])
    app.add_route(uploads.PATH, uploads.receive, methods=["PUT"])
    for router in routers:
        app.include_router(router)
    app.add_exception_handler(HTTPException, _no_such_route)
    app.add_exception_handler(VidGenieError, _raised)
    if context.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(context.cors_origins),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["authorization", "x-api-key", "content-type", "idempotency-key"],
            expose_headers=["x-request-id", "retry-after"],
        )
    app.add_middleware(_Envelope)
    return app


VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
"""All arrive at the calls: which of them a call answers is for the contract to say."""


def _calls(context: Context) -> Any:
    """Return what answers every call: one look into a table, where sixty routes were tried."""

    async def call(request: Request) -> Response:
        method = BY_NAME.get(request.path_params["call"])
        if method is None:
            raise HTTPException(404)
        if request.method not in _verbs(method):
            raise HTTPException(405)
        return await answer(context, method, request)

    return call


def _add_documentation(app: FastAPI, context: Context) -> None:
    document = openapi(context.public_url)

    async def show_document(_: Request) -> Response:
        return JSONResponse(document)

    edit = {**edit_schema(), "$id": f"{context.public_url}{EDIT_SCHEMA}"}

    async def show_edit_schema(_: Request) -> Response:
        return JSONResponse(edit, media_type="application/schema+json")

    async def show_docs(_: Request) -> Response:
        return HTMLResponse(DOCS)

    async def show_start(_: Request) -> Response:
        return Response(START, media_type="text/javascript")

    app.add_route("/openapi.json", show_document, methods=["GET"])
    app.add_route(EDIT_SCHEMA, show_edit_schema, methods=["GET"])
    app.add_route("/docs", show_docs, methods=["GET"])
    app.add_route("/docs/start.js", show_start, methods=["GET"])
    static = files("fastapi_offline") / "static"
    app.mount("/docs/static", StaticFiles(directory=str(static)), name="docs")


async def _no_such_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.url.path
    if error.status_code == 405:
        method = BY_NAME.get(path.removeprefix("/api/v1/"))
        known = ", ".join(_verbs(method)) if method else "POST"
        allowed = (error.headers or {}).get("Allow") or known
        message = f"{path} does not answer {request.method}; it answers {allowed}."
        return await refusal(request, MethodNotAllowed(message), Allow=allowed)
    if path.startswith("/api/"):
        name = path.removeprefix("/api/v1/")
        near = get_close_matches(name, BY_NAME, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "see /docs for all calls."
        return await refusal(request, NotFound(f"There is no call {name!r}; {hint}"))
    return await refusal(request, NotFound(f"There is nothing at {path}."))


def _verbs(method: Method) -> tuple[str, ...]:
    return ("GET", "POST") if method.reads else ("POST",)


async def _raised(request: Request, error: Exception) -> Response:
    assert isinstance(error, VidGenieError)
    return await refusal(request, error)


class _Envelope:
    """Gives every request its id and every answer its headers; catches what nobody else did."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["request_id"] = new_id("req")
        has_begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                given = {name.lower() for name, _ in message["headers"]}
                extra = {**HEADERS, b"x-request-id": request_id.encode()}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in extra.items() if name not in given),
                ]
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            log.exception("request_failed", path=scope["path"], request_id=request_id)
            if not has_begun:
                response = await refusal(Request(scope), VidGenieError())
                await response(scope, receive, send_with_headers)
