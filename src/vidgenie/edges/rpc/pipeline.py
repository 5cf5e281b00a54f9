"""The way of every call: read → authenticate → validate → once only → handle → audit → answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vidgenie.edges.rpc.auth import USER_AGENT_MAX, authenticate, client_address
from vidgenie.edges.rpc.body import BODY_MAX, parse_json, read_body, validate
from vidgenie.edges.rpc.calls import Call, Method
from vidgenie.edges.rpc.context import Context
from vidgenie.edges.rpc.errors import code_of, envelope_of, headers_of, status_of
from vidgenie.edges.rpc.rows import CSV, is_table, variants_of
from vidgenie.errors import InvalidJson, RequestInvalid, Unavailable, VidGenieError
from vidgenie.services.audit import store as audit
from vidgenie.services.db.pool import Transaction
from vidgenie.services.limits import idempotency
from vidgenie.services.limits.idempotency import KEY_MAX, IdempotencyKey

log = structlog.get_logger()


def _enveloped(call: Call, data: dict[str, Any]) -> Response:
    return JSONResponse({"ok": True, "data": data, "request_id": call.request_id})


def _refusal(call: Call, error: VidGenieError) -> Response:
    body = envelope_of(error, call.request_id)
    return JSONResponse(body, status_of(error), headers=headers_of(error))


@dataclass(frozen=True, slots=True)
class Form:
    """How answers are written: the API's own envelope, or another door's."""

    done: Callable[[Call, dict[str, Any]], Response] = _enveloped
    refused: Callable[[Call, VidGenieError], Response] = _refusal


ENVELOPE = Form()


async def answer(
    context: Context, method: Method, request: Request, form: Form = ENVELOPE
) -> Response:
    """Answer one call, whatever happens."""
    call = Call(
        context=context,
        request=request,
        request_id=request.scope["request_id"],
        address=client_address(request, context),
        user_agent=request.headers.get("user-agent", "")[:USER_AGENT_MAX].replace("\0", ""),
    )
    try:
        data = await _data(call, method)
        if isinstance(data, Response):
            return data
    except VidGenieError as error:
        await _note_refusal(call, method, error)
        return form.refused(call, error)
    except Exception:
        log.exception("call_failed", call=method.call, request_id=call.request_id)
        await _note_refusal(call, method, VidGenieError())
        return form.refused(call, VidGenieError())
    return form.done(call, data)


async def refusal(request: Request, error: VidGenieError, **headers: str) -> Response:
    """Answer a request that is no call at all."""
    body = envelope_of(error, request.scope["request_id"])
    return JSONResponse(body, status_of(error), headers={**headers_of(error), **headers})


async def _data(call: Call, method: Method) -> dict[str, Any] | Response:
    if method.credential == "none":
        parameters = await _parameters(call, method)
        takes = validate(method.takes, parameters, are_texts=call.has_query)
        return await method.handler(call, takes)
    await authenticate(call, method)
    if method.is_upload or method.is_alone:
        uploaded = await method.handler(call)
        async with call.context.db.transaction() as tx:
            await _record(tx, call, method, 200, None)
        return uploaded
    parameters = await _parameters(call, method)
    takes = _taken(call, method, parameters)
    if method.is_long:
        return await _answered(call, method, takes)
    key = _idempotency_key(call, method)
    if key is None:
        await _prepare(call, method, takes)
        async with call.context.db.transaction() as tx:
            return await _handled(call, method, takes, tx)
    return await _once(call, method, takes, key, parameters)


async def _prepare(call: Call, method: Method, takes: BaseModel) -> None:
    """Do what takes its time, before a transaction is open: everybody would wait for that."""
    if method.prepare is not None:
        call.prepared = await method.prepare(call, takes)


def _taken(call: Call, method: Method, parameters: dict[str, Any]) -> BaseModel:
    """Return a call's parameters; where it takes an edit, what is none of them is the edit."""
    own = parameters
    if method.is_raw:
        names = method.takes.model_fields
        own = {name: value for name, value in parameters.items() if name in names}
        call.document = {name: v for name, v in parameters.items() if name not in names}
    takes = validate(method.takes, own, are_texts=call.has_query)
    call.object_id = getattr(takes, "id", None)
    return takes


async def _answered(call: Call, method: Method, takes: BaseModel) -> dict[str, Any] | Response:
    done = await method.handler(call, takes)
    async with call.context.db.transaction() as tx:
        await _record(tx, call, method, 200, None)
    return done


async def _handled(call: Call, method: Method, takes: BaseModel, tx: Transaction) -> dict[str, Any]:
    data = await method.handler(call, tx, takes)
    assert isinstance(data, dict), method.call
    await _record(tx, call, method, 200, None)
    return data


async def _once(
    call: Call,
    method: Method,
    takes: BaseModel,
    key: IdempotencyKey,
    parameters: dict[str, Any],
) -> dict[str, Any]:
    """Make a creating call once, however often it is sent."""
    db = call.context.db
    claim = await idempotency.claim(db, key, json.dumps(parameters, sort_keys=True).encode())
    if claim.answer is not None:
        async with db.transaction() as tx:
            await _record(tx, call, method, 200, None)
        return claim.answer
    try:
        await _prepare(call, method, takes)
        async with db.transaction() as tx:
            data = await _handled(call, method, takes, tx)
            kept = _without_secrets(data, method)
            await idempotency.keep(tx, key, kept, since=claim.since)
    except BaseException:
        await idempotency.release(db, key, since=claim.since)
        raise
    return data


def _without_secrets(data: dict[str, Any], method: Method) -> dict[str, Any]:
    if not method.secrets:
        return data
    view = {**data[method.name], **dict.fromkeys(method.secrets)}
    return {**data, method.name: view}


def _idempotency_key(call: Call, method: Method) -> IdempotencyKey | None:
    text = call.request.headers.get("idempotency-key")
    if text is None or not method.creates:
        return None
    if not text or len(text) > KEY_MAX:
        raise RequestInvalid(f"An Idempotency-Key has 1 to {KEY_MAX} characters.")
    return IdempotencyKey(call.account_id, method.call, text)


async def _parameters(call: Call, method: Method) -> dict[str, Any]:
    """Return the body's object, or a GET's query."""
    request = call.request
    if request.method == "GET":
        call.has_query = True
        return _query(request)
    body = await read_body(request, method.body_max or BODY_MAX)
    content_type = request.headers.get("content-type", "")
    kind = content_type.split(";")[0].strip().lower()
    if method.takes_table and is_table(kind):
        call.has_query, call.are_texts = True, kind == CSV
        return {**_query(request), "variants": variants_of(body, kind)}
    return parse_json(body, content_type)


def _query(request: Request) -> dict[str, Any]:
    pairs = request.query_params.multi_items()
    names = [name for name, _ in pairs]
    if twice := {name for name in names if names.count(name) > 1}:
        raise RequestInvalid(f"The parameter {sorted(twice)[0]!r} is given more than once.")
    if any("\0" in part for pair in pairs for part in pair):
        raise InvalidJson("A parameter has a NUL character, which cannot be kept.")
    return dict(pairs)


async def _note_refusal(call: Call, method: Method, error: VidGenieError) -> None:
    status, code = status_of(error), code_of(error)
    if status >= 500:
        log.error("call_refused", call=method.call, code=code, error=error.message)
    if call.credential is not None:
        try:
            async with call.context.db.transaction() as tx:
                await _record(tx, call, method, status, code)
        except Unavailable:
            log.error("audit_lost", call=method.call, request_id=call.request_id)


async def _record(
    tx: Transaction, call: Call, method: Method, status: int, code: str | None
) -> None:
    assert call.credential is not None
    values = {
        "account_id": call.credential.account_id,
        "credential_kind": call.credential.kind,
        "credential_id": call.credential.id,
        "action": method.call,
        "object_id": call.object_id,
        "address": call.address,
        "user_agent": call.user_agent,
        "status": status,
        "code": code,
        "request_id": call.request_id,
    }
    await audit.record(tx, values)
