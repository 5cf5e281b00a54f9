"""The door's routes, and the forms in which it answers.

edit   {"success": true, "message": "OK", "response": …}
       {"success": false, "message": what and where, "response": {"error", "message", "details"}}
serve, ingest   {"data": …}; a refusal also has JSON:API's `errors`
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from vidgenie.edges.rpc.calls import Call, Method
from vidgenie.edges.rpc.context import Context
from vidgenie.edges.rpc.errors import envelope_of, headers_of, status_of
from vidgenie.edges.rpc.models import Nothing
from vidgenie.edges.rpc.pipeline import Form, answer
from vidgenie.edges.rpc.shotstack import edit, ingest, probe, serve, templates
from vidgenie.errors import MethodNotAllowed, NotFound, VidGenieError

Api = Literal["edit", "serve", "ingest"]
STAGES = ("v1", "stage")
VERBS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


@dataclass(frozen=True, slots=True)
class DoorRoute:
    """One of Shotstack's calls: where it is, what answers it, and the status of its success."""

    api: Api
    verb: str
    path: str
    method: Method
    status: int = 200


def _method(name: str, handler: Any, takes: type, scope: str, **more: Any) -> Method:
    return Method(f"shotstack.{name}", handler, takes, None, credential="key", scope=scope, **more)


ROUTES = (
    DoorRoute(
        "edit", "POST", "/render",
        _method("render.create", edit.create, Nothing, "render:write", creates=True, is_raw=True),
        201,
    ),
    DoorRoute(
        "edit", "GET", "/render/{id}",
        _method("render.get", edit.get, edit.AskRender, "render:read"),
    ),
    # ── templates ───────────────────────────────────────────────────────────────────────────
    DoorRoute(
        "edit", "POST", "/templates/render",
        _method(
            "template.render", templates.render, templates.Render, "template:write", creates=True
        ),
        201,
    ),
    DoorRoute(
        "edit", "POST", "/templates",
        _method(
            "template.create", templates.create, templates.Kept, "template:write", creates=True
        ),
        201,
    ),
    DoorRoute(
        "edit", "GET", "/templates",
        _method("template.list", templates.list_templates, Nothing, "template:read"),
    ),
    DoorRoute(
        "edit", "GET", "/templates/{id}",
        _method("template.get", templates.get, Nothing, "template:read"),
    ),
    DoorRoute(
        "edit", "PUT", "/templates/{id}",
        _method("template.update", templates.update, templates.Kept, "template:write"),
    ),
    DoorRoute(
        "edit", "DELETE", "/templates/{id}",
        _method("template.delete", templates.delete, Nothing, "template:write"),
        204,
    ),
    # ── probe ───────────────────────────────────────────────────────────────────────────────
    DoorRoute(
        "edit", "GET", "/probe/{url:path}",
        _method("probe", probe.probe, Nothing, "asset:read", is_alone=True),
    ),
    # ── files of renders ────────────────────────────────────────────────────────────────────
    DoorRoute(
        "serve", "GET", "/assets/render/{id}",
        _method("asset.of_render", serve.of_render, Nothing, "render:read"),
    ),
    DoorRoute(
        "serve", "GET", "/assets/{id}", _method("asset.get", serve.get, Nothing, "render:read")
    ),
    DoorRoute(
        "serve", "DELETE", "/assets/{id}",
        _method("asset.delete", serve.delete, Nothing, "render:write"),
        204,
    ),
    DoorRoute(
        "serve", "POST", "/assets",
        _method("asset.transfer", serve.transfer, serve.Transfer, "render:write"),
    ),
    # ── sources ─────────────────────────────────────────────────────────────────────────────
    DoorRoute(
        "ingest", "POST", "/sources",
        _method("source.create", ingest.create, ingest.Fetch, "asset:write", creates=True),
        201,
    ),
    DoorRoute(
        "ingest", "GET", "/sources",
        _method("source.list", ingest.list_sources, Nothing, "asset:read"),
    ),
    DoorRoute(
        "ingest", "GET", "/sources/{id}", _method("source.get", ingest.get, Nothing, "asset:read")
    ),
    DoorRoute(
        "ingest", "DELETE", "/sources/{id}",
        _method("source.delete", ingest.delete, Nothing, "asset:write"),
        204,
    ),
    DoorRoute(
        "ingest", "POST", "/upload", _method("source.upload", ingest.upload, Nothing, "asset:write")
    ),
)  # fmt: skip


def shotstack_door(context: Context) -> ASGIApp:
    """Return the door, to be mounted at `/shotstack`."""
    routes = [
        Route(f"{prefix}/{stage}{route.path}", _endpoint(context, route), methods=[route.verb])
        for route in ROUTES
        for prefix in _prefixes(route.api)
        for stage in STAGES
    ]
    for stage in STAGES:
        path = f"/ingest/{stage}/upload/{{id}}"
        routes.append(Route(path, _receiving(context), methods=["PUT"]))
    return Router([*routes, Route("/{path:path}", _nothing_here, methods=VERBS)])


def _prefixes(api: Api) -> tuple[str, ...]:
    """Return what stands before the stage; clients of 2021 leave `/edit` out."""
    return (f"/{api}", "") if api == "edit" else (f"/{api}",)


def _endpoint(context: Context, route: DoorRoute) -> Any:
    def done(_: Call, data: dict[str, Any]) -> Response:
        return (
            Response(status_code=204) if route.status == 204 else JSONResponse(data, route.status)
        )

    def refused(call: Call, error: VidGenieError) -> Response:
        return refusal(route.api, error, call.request_id)

    form = Form(done, refused)

    async def endpoint(request: Request) -> Response:
        return await answer(context, route.method, request, form)

    return endpoint


def _receiving(context: Context) -> Any:
    """Return what takes files that are sent to a signed address, without a key."""

    async def endpoint(request: Request) -> Response:
        try:
            await ingest.receive(context, request)
        except VidGenieError as error:
            return refusal("ingest", error, request.scope["request_id"])
        return Response(status_code=200)

    return endpoint


def refusal(api: str, error: VidGenieError, request_id: str, **headers: str) -> Response:
    """Answer with an error, in the form of the API that was called."""
    said = envelope_of(error, request_id)["error"]
    # What Shotstack validates it answers with 400; its clients do not look for 422.
    status = 400 if status_of(error) == 422 else status_of(error)
    message = said["message"]
    response = {"error": said["code"], "message": message, "details": said["details"]}
    body: dict[str, Any] = {"success": False, "message": message, "response": response}
    if api != "edit":
        title = HTTPStatus(status).phrase
        entry = {"status": str(status), "title": title, "detail": message}
        body["errors"] = [
            {**entry, "detail": detail["message"], "source": {"pointer": detail["path"]}}
            for detail in said["details"]
        ] or [entry]
    return JSONResponse(body, status, headers={**headers_of(error), **headers})


async def _nothing_here(request: Request) -> Response:
    path = request.scope["path"]
    parts = path.removeprefix("/shotstack").lstrip("/").split("/")
    api = parts[0] if parts[0] in ("serve", "ingest") else "edit"
    request_id = request.scope["request_id"]
    allowed = _allowed(parts)
    if allowed:
        message = f"{path} does not answer {request.method}; it answers {', '.join(allowed)}."
        return refusal(api, MethodNotAllowed(message), request_id, Allow=", ".join(allowed))
    message = (
        f"There is nothing at {path[:200]}. The paths are /shotstack/{{edit|serve|ingest}}/"
        "{v1|stage}/…, for edits also /shotstack/{v1|stage}/…; after that come: "
    )
    known = dict.fromkeys(f"{route.api} {route.path}" for route in ROUTES)
    return refusal(api, NotFound(f"{message}{', '.join(known)}."), request_id)


def _allowed(parts: list[str]) -> list[str]:
    """Return the verbs of the calls whose path this is."""
    api = parts[0] if parts[0] in ("edit", "serve", "ingest") else "edit"
    rest = parts[1:] if parts[0] == api else parts
    if not rest or rest[0] not in STAGES:
        return []
    wanted = rest[1:]
    return [
        route.verb
        for route in ROUTES
        if route.api == api and _fits(route.path.strip("/").split("/"), wanted)
    ]


def _fits(pattern: list[str], parts: list[str]) -> bool:
    return len(pattern) == len(parts) and all(
        step == part or (step.startswith("{") and part)
        for step, part in zip(pattern, parts, strict=True)
    )
