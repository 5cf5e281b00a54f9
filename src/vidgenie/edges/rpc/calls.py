"""One call on its way: what it is, who makes it, and what it answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any, Literal

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from vidgenie.edges.rpc.context import Context
from vidgenie.services.accounts.model import Credential
from vidgenie.services.db.pool import Transaction

CredentialKind = Literal["none", "token", "key", "either"]


@dataclass(slots=True)
class Call:
    """A call under way. `document` is the raw body, where the call takes it as it is."""

    context: Context
    request: Request
    request_id: str
    address: str
    user_agent: str
    document: dict[str, Any] = field(default_factory=dict)
    credential: Credential | None = None
    are_texts: bool = False
    """The body was a table whose cells are texts."""
    has_query: bool = False
    """Parameters came in the query, where numbers are texts."""
    prepared: Any = None
    """What the method's `prepare` returned."""
    object_id: str | None = None
    """What the audit row says the call was about."""

    @property
    def network(self) -> str:
        """What limits count as one caller: an IPv4 address, or the /64 that one IPv6 host has."""
        try:
            address = ip_address(self.address)
        except ValueError:
            return self.address
        if isinstance(address, IPv4Address):
            return str(address)
        return str(IPv6Network((address, 64), strict=False))

    @property
    def account_id(self) -> str:
        """Whose call it is."""
        assert self.credential is not None
        return self.credential.account_id


@dataclass(frozen=True, slots=True)
class Method:
    """A call of the API.

    `takes` is its parameters' model; `gives` names the model that stands in `data` (under `name`,
    as a list where `is_list`, or as `data` itself where `name` is empty). `reads` answers GET too;
    `creates` takes an Idempotency-Key, and `secrets` are shown once.
    """

    call: str
    handler: Callable[..., Awaitable[dict[str, Any] | Response]]
    takes: type[BaseModel]
    gives: type[BaseModel] | None
    name: str = ""
    credential: CredentialKind = "token"
    scope: str | None = None
    reads: bool = False
    creates: bool = False
    is_list: bool = False
    is_raw: bool = False
    """The body is an edit: it goes to the handler as it came."""
    is_upload: bool = False
    is_alone: bool = False
    """The handler takes the request itself, and its time: it works outside a transaction."""
    is_long: bool = False
    """Takes its time: the handler gets no transaction; it may return a response of its own."""
    answers: tuple[str, ...] = ()
    """Media types of an answer that is not JSON."""
    takes_table: bool = False
    """`variants` may come as CSV or by lines, its other parameters then in the query."""
    body_max: int | None = None
    """Bytes of a body, where that is not every call's limit."""
    secrets: tuple[str, ...] = ()
    prepare: Callable[..., Awaitable[Any]] | None = None
    """What is to be done before the call's transaction begins: hashing, checking thousands."""
    summary: str = ""

    @property
    def path(self) -> str:
        """Where it is called."""
        return f"/api/v1/{self.call}"


Handler = Callable[[Call, Transaction, BaseModel], Awaitable[dict[str, Any]]]
"""Answers a call within a transaction; what it returns is `data`."""
