"""The OpenAPI document, made from the contract."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from vidgenie import __version__
from vidgenie.core.edit.schema import edit_schema
from vidgenie.edges.rpc.calls import Method
from vidgenie.edges.rpc.contract import METHODS
from vidgenie.edges.rpc.models import ErrorEnvelope

REF = "#/components/schemas/{model}"

SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "none": [],
    "token": [{"accessToken": []}],
    "key": [{"apiKey": []}],
    "either": [{"apiKey": []}, {"accessToken": []}],
}

FAILURES = {
    "400": "The body is not JSON.",
    "401": "The credential is missing or not good.",
    "403": "The credential may not do this.",
    "404": "There is no such object in this account.",
    "405": "This HTTP method is not answered here.",
    "409": "The object's state does not allow it.",
    "413": "The body is too large.",
    "415": "The body is not JSON by its Content-Type.",
    "422": "The request is wrong; `details` lists every problem with its path.",
    "429": "Too many calls; `Retry-After` says when to come back.",
    "500": "The server failed inside.",
    "503": "The database or the storage cannot be reached, or this took too long.",
}


def openapi(public_url: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    takes = [(method.takes, "validation") for method in METHODS if not method.is_raw]
    gives = [(method.gives, "serialization") for method in METHODS if method.gives]
    models: list[tuple[type[BaseModel], Any]] = [*takes, *gives, (ErrorEnvelope, "serialization")]
    _, definitions = models_json_schema(list(dict.fromkeys(models)), ref_template=REF)
    schemas = dict(definitions["$defs"])
    edit = edit_schema()
    for name, schema in edit.pop("$defs", {}).items():
        schemas[f"Edit{name}"] = schema
    schemas["Edit"] = edit
    for method in METHODS:
        if method.is_raw and method.takes.model_fields:
            schemas[_edit_name(method)] = _edit_with(schemas["Edit"], method.takes)
    parts = {name: entry for name, entry in schemas.items() if name.startswith("Edit")}
    schemas.update({name: _before_merging(_renamed(entry)) for name, entry in parts.items()})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "VidGenie API",
            "version": __version__,
            "description": "Post a JSON timeline, get a finished video back.",
        },
        "servers": [{"url": public_url}],
        "paths": {method.path: _path(method) for method in METHODS},
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "vg_at_"},
                "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key"},
            },
            "responses": {
                status: {
                    "description": words,
                    "content": _json({"$ref": "#/components/schemas/ErrorEnvelope"}),
                }
                for status, words in FAILURES.items()
            },
        },
    }


def _edit_name(method: Method) -> str:
    return "Edit" if not method.takes.model_fields else f"Edit{method.takes.__name__}"


def _edit_with(edit: dict[str, Any], takes: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of an edit with a call's own parameters beside its members."""
    own = takes.model_json_schema()
    return {**edit, "title": takes.__name__, "properties": edit["properties"] | own["properties"]}


def _renamed(schema: Any) -> Any:
    """Return an edit's schema with its references pointing at the document's components."""
    if isinstance(schema, dict):
        made = {name: _renamed(value) for name, value in schema.items() if name != "$schema"}
        reference = made.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/$defs/"):
            made["$ref"] = reference.replace("#/$defs/", "#/components/schemas/Edit")
        mapping = made.get("mapping")
        if isinstance(mapping, dict):
            made["mapping"] = {
                name: str(value).replace("#/$defs/", "#/components/schemas/Edit")
                for name, value in mapping.items()
            }
        return made
    return [_renamed(entry) for entry in schema] if isinstance(schema, list) else schema


PLACEHOLDER = {"type": "string", "pattern": r"\{\{.*\}\}", "description": "A merge field."}


def _before_merging(schema: Any) -> Any:
    """Return an edit's schema as it is sent: a placeholder may stand for every scalar."""
    if isinstance(schema, list):
        return [_before_merging(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    is_number = isinstance(schema.get("type"), list) and "pattern" in schema
    is_word = "enum" in schema or (schema.get("type") == "string" and "pattern" in schema)
    if is_number or is_word:
        told = {name: schema[name] for name in ("default", "description") if name in schema}
        bare = {name: value for name, value in schema.items() if name not in told}
        return {"anyOf": [*_by_type(bare), PLACEHOLDER], **told}
    return {name: _before_merging(value) for name, value in schema.items()}


def _by_type(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an enumeration as one per type: generators of clients know no words beside numbers."""
    values = schema.get("enum", ())
    words = [value for value in values if isinstance(value, str)]
    if not words or len(words) == len(values):
        return [schema]
    others = [value for value in values if not isinstance(value, str)]
    return [{**schema, "enum": words}, {**schema, "enum": others}]


def _path(method: Method) -> dict[str, Any]:
    operations: dict[str, Any] = {"post": _operation(method, "post")}
    if method.reads:
        operations["get"] = _operation(method, "get")
    return operations


def _operation(method: Method, verb: str) -> dict[str, Any]:
    summary = (method.handler.__doc__ or "").strip().splitlines()[0]
    noun = method.call.partition(".")[0]
    made: dict[str, Any] = {
        "operationId": method.call.replace(".", "_") + ("_get" if verb == "get" else ""),
        "summary": summary,
        "tags": [noun],
        "security": SECURITY[method.credential],
        "responses": {
            "200": {"description": "Done.", "content": _content(method)},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in FAILURES},
        },
    }
    made["description"] = _needs(method)
    if verb == "get":
        made["parameters"] = _query(method.takes)
    elif method.is_upload:
        made["requestBody"] = {"required": True, "content": {"multipart/form-data": _FILE}}
    else:
        name = _edit_name(method) if method.is_raw else method.takes.__name__
        made["requestBody"] = {
            "required": bool(method.is_raw or method.takes.model_json_schema().get("required")),
            "content": _json({"$ref": f"#/components/schemas/{name}"}),
        }
    if method.takes_table:
        table = {"schema": {"type": "string", "description": "A header row of field names."}}
        made["requestBody"]["content"] |= {"text/csv": table, "application/x-ndjson": table}
    if EVENTS in method.answers:
        made["parameters"] = [*made.get("parameters", ()), _LAST_EVENT]
        made["responses"]["204"] = {"description": "It had ended at that event: no more follow."}
    if method.creates and verb == "post":
        made["parameters"] = [_IDEMPOTENCY_KEY]
    return made


EVENTS = "text/event-stream"
_BYTES = {"type": "string", "format": "binary"}
_EVENT = {
    "type": "object",
    "description": "One event of the stream: `data` is JSON with `id`, `status`, `progress`, and"
    " with the last one the `render`.",
    "required": ["id", "event", "data"],
    "properties": {
        "id": {"type": "string", "description": "Goes back as Last-Event-ID."},
        "event": {"enum": ["status", "progress"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
NEEDS = {
    "none": "Needs no credential.",
    "token": "Needs an access token (`account.login`).",
    "key": "Needs an API key (`apikey.create`)",
    "either": "Needs an access token, or an API key",
}


def _needs(method: Method) -> str:
    """Say in words with what a call is made, and what it may be sent again with."""
    needs = NEEDS[method.credential]
    if method.scope:
        needs += f" with the scope `{method.scope}`."
    if method.creates:
        needs += " Sent again with the same `Idempotency-Key` it answers the first result."
    if method.secrets:
        needs += f" Shown this once: {', '.join(f'`{name}`' for name in method.secrets)}."
    return needs


_FILE = {
    "schema": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}},
    }
}
_LAST_EVENT = {
    "name": "Last-Event-ID",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "Goes on after this event.",
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "The same key and body within 24 h answer the first result again.",
}


def _content(method: Method) -> dict[str, Any]:
    """Return the forms of a good answer."""
    if not method.answers:
        return _json(_success(method))
    return {kind: {"schema": _EVENT if kind == EVENTS else _BYTES} for kind in method.answers}


def _success(method: Method) -> dict[str, Any]:
    data: dict[str, Any] = {"type": "object"}
    if method.gives is not None:
        reference = {"$ref": f"#/components/schemas/{method.gives.__name__}"}
        data = reference if not method.name else _named(method, reference)
    return {
        "type": "object",
        "required": ["ok", "data", "request_id"],
        "properties": {
            "ok": {"const": True},
            "data": data,
            "request_id": {"type": "string"},
        },
    }


def _named(method: Method, reference: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of `data` with one resource, or a page of them, under its name."""
    if not method.is_list:
        return {
            "type": "object",
            "required": [method.name],
            "properties": {method.name: reference},
        }
    return {
        "type": "object",
        "required": [method.name, "next_cursor"],
        "properties": {
            method.name: {"type": "array", "items": reference},
            "next_cursor": {"type": ["string", "null"]},
        },
    }


def _query(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema(ref_template=REF)
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": {key: value for key, value in entry.items() if key != "title"},
        }
        for name, entry in schema.get("properties", {}).items()
    ]


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
