"""The landing page with its four steps, and the page behind the link of a verification letter."""

from importlib.resources import files

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, select_autoescape

from vidgenie import __version__
from vidgenie.errors import RequestInvalid
from vidgenie.services.accounts import register
from vidgenie.services.accounts.model import AccountPolicy
from vidgenie.services.db.pool import Database

FIRST_RENDER = """{"timeline": {"tracks": []},
       "output": {"format": "mp4", "resolution": "1080p", "fps": 30}}"""
"""The smallest edit: one second of background."""

TOKEN_MAX = 200


def pages_router(policy: AccountPolicy, db: Database, outbox: str | None) -> APIRouter:
    """Return the pages: `/` and `/verify`. They work without JavaScript.

    `outbox` is the command that lists letters; None where a mail server takes them.
    """
    folder = files("vidgenie.edges.web") / "templates"
    templates = Environment(
        loader=FileSystemLoader(str(folder)), autoescape=select_autoescape(default=True)
    )
    style = (files("vidgenie.edges.web") / "static" / "style.css").read_text(encoding="utf-8")
    router = APIRouter(include_in_schema=False)

    def page(name: str, status: int = 200, **values: object) -> HTMLResponse:
        text = templates.get_template(name).render(
            url=policy.public_url, version=__version__, **values
        )
        return HTMLResponse(text, status)

    @router.get("/")
    async def landing(_: Request) -> Response:
        return page("landing.html", first_render=FIRST_RENDER, outbox=outbox)

    @router.get("/style.css")
    async def stylesheet() -> Response:
        return Response(style, media_type="text/css", headers={"cache-control": "max-age=3600"})

    @router.get("/verify")
    async def ask(token: str = "") -> Response:
        # Reading the page must not use the token up: mail scanners open every link.
        return page("verify.html", token=token[:TOKEN_MAX], outcome=None)

    @router.post("/verify")
    async def verify(token: str = Form("", max_length=TOKEN_MAX)) -> Response:
        try:
            async with db.transaction() as tx:
                account = await register.verify_email(tx, policy, token.strip())
        except RequestInvalid as error:
            return page("verify.html", 422, token="", outcome="refused", message=error.message)
        return page("verify.html", token="", outcome="verified", username=account.username)

    return router
