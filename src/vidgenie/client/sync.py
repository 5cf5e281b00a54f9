"""The client without `async`."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeVar

import httpx

from vidgenie.client import calls
from vidgenie.client.calls import Call, Edit
from vidgenie.client.errors import ApiError
from vidgenie.client.models import (
    Asset,
    Batch,
    Destination,
    Output,
    Plan,
    Progress,
    Render,
    Status,
    Template,
    Tried,
    Webhook,
)
from vidgenie.client.progress import RenderBar
from vidgenie.client.retries import Retries

AnswerT = TypeVar("AnswerT")
OnProgress = Callable[[Render], None]
BLOCK_SIZE = 1 << 20


class Client:
    """Calls of one account: with an API key, or an access token for what is the account's own.

    `sleep` and `clock` are those of `time`; every call may raise ApiError. Safe to share between
    threads; close it, or use it in a `with`.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        access_token: str | None = None,
        retries: Retries | None = None,
        timeout_s: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._credential = calls.credential(api_key, access_token)
        self._retries = retries or Retries()
        self._sleep, self._clock = sleep, clock
        self._http = httpx.Client(
            base_url=base_url,
            headers={"user-agent": calls.user_agent()},
            timeout=timeout_s,
            transport=transport,
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # ── renders ─────────────────────────────────────────────────────────────────────────────
    def render_and_wait(
        self,
        edit: Edit,
        *,
        on_progress: OnProgress | None = None,
        has_bar: bool = False,
        timeout_s: float | None = None,
        idempotency_key: str | None = None,
    ) -> Render:
        """Render an edit and return when it is done.

        `on_progress` gets the render whenever it was looked at; `has_bar` shows a bar on standard
        error. Raises: ApiError with the render's own code when it fails.
        """
        render = self.create_render(edit, idempotency_key=idempotency_key)
        return self.wait(render, on_progress=on_progress, has_bar=has_bar, timeout_s=timeout_s)

    def wait(
        self,
        render: Render | str,
        *,
        on_progress: OnProgress | None = None,
        has_bar: bool = False,
        timeout_s: float | None = None,
    ) -> Render:
        """Return a render when it is done. Raises: ApiError, also where it takes longer."""
        found = self.get_render(render) if isinstance(render, str) else render
        began, pause_s = self._clock(), calls.POLL_FIRST_S
        with ExitStack() as stack:
            bar = stack.enter_context(RenderBar()) if has_bar else None
            while True:
                if bar is not None:
                    bar.show(found)
                if on_progress is not None:
                    on_progress(found)
                if calls.is_over(found):
                    return found
                if timeout_s is not None and self._clock() - began >= timeout_s:
                    raise calls.too_slow(found, timeout_s)
                self._sleep(pause_s)
                pause_s = min(calls.POLL_MAX_S, pause_s * 1.5)
                found = self.get_render(found["id"])

    def create_render(self, edit: Edit, *, idempotency_key: str | None = None) -> Render:
        """Have an edit rendered; the answer comes before the video."""
        return self._made(calls.create_render(edit, idempotency_key))

    def get_render(self, render_id: str) -> Render:
        """Return a render as it is now."""
        return self._made(calls.get_render(render_id))

    def list_renders(self, status: Status | None = None) -> Iterator[Render]:
        """Go through all renders, newest first; pages are fetched as they are needed."""
        return self._all(calls.list_renders(status))

    def cancel_render(self, render_id: str) -> Render:
        """Cancel a render that has not ended."""
        return self._made(calls.cancel_render(render_id))

    def retry_render(self, render_id: str, *, idempotency_key: str | None = None) -> Render:
        """Render the edit of a render once more."""
        return self._made(calls.retry_render(render_id, idempotency_key))

    def delete_render(self, render_id: str) -> None:
        """Delete a render and its files."""
        self._made(calls.delete_render(render_id))

    def explain(self, edit: Edit) -> Plan:
        """Return how an edit would be made, what it would cost, and what is cached."""
        return self._made(calls.explain(edit))

    def snapshot(
        self, edit: Edit, time: float = 0.0, *, form: Literal["png", "jpeg"] = "png"
    ) -> bytes:
        """Return the picture that an edit shows at a time (seconds), as an image file."""
        call = calls.snapshot(edit, time, form)
        return self._repeated(call, self._sending(call), calls.image_of)

    def events(self, render_id: str) -> Iterator[Progress]:
        """Go through a render's news as they come, until it has ended; the last has the `render`.

        A broken connection goes on where it was. Raises: ApiError.
        """
        news, failures = calls.News(), 0
        while not news.is_over:
            try:
                for told in self._news(render_id, news):
                    failures = 0
                    yield told
            except ApiError as error:
                self._pause(failures, error, is_repeatable=True)
                failures += 1

    def _news(self, render_id: str, news: calls.News) -> Iterator[Progress]:
        call = calls.events(render_id)
        headers = {**self._credential, **news.headers()}
        path = calls.path_of(call)
        try:
            with self._http.stream("POST", path, json=call.body, headers=headers) as response:
                if response.status_code != 200:
                    response.read()
                news.check(response)
                for line in response.iter_lines():
                    if (told := news.take(line)) is not None:
                        yield told
        except httpx.HTTPError as error:
            raise calls.unreachable(error, self._http.base_url) from error
        if not news.is_over:
            raise calls.unreachable(httpx.ReadError("the stream ended early"), path)

    def download(self, render: Render | str, path: str | Path) -> Path:
        """Save a finished render's video; the file appears when it is whole and its sum right."""
        found = self.get_render(render) if isinstance(render, str) else render
        target = Path(path)
        part = target.with_name(f".{target.name}.part")
        try:
            for attempt in range(self._retries.count + 1):
                try:
                    self._save(calls.output_of(found), part)
                    break
                except ApiError as error:
                    self._pause(attempt, error, is_repeatable=True)
                    found = self.get_render(found["id"])  # its link may have run out
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return target

    # ── templates, batches ──────────────────────────────────────────────────────────────────
    def create_template(
        self, name: str, edit: Edit, *, idempotency_key: str | None = None
    ) -> Template:
        """Keep an edit with `{{placeholders}}` under a name."""
        return self._made(calls.create_template(name, edit, idempotency_key))

    def get_template(self, template_id: str, version: int | None = None) -> Template:
        """Return a template, its newest version unless one is named."""
        return self._made(calls.get_template(template_id, version))

    def list_templates(self) -> Iterator[Template]:
        """Go through all templates, newest first."""
        return self._all(calls.list_templates())

    def update_template(self, template_id: str, **changes: Any) -> Template:
        """Change `name`, `timeline`, `output` or `merge`: all but the name make a version."""
        return self._made(calls.update_template(template_id, changes))

    def snapshot_template(
        self, template_id: str, merge: Edit | None = None, time: float = 0.0, **options: Any
    ) -> bytes:
        """Return the picture a template shows at a time; options: `version`, `output`, `format`."""
        call = calls.snapshot_template(template_id, merge, time, options)
        return self._repeated(call, self._sending(call), calls.image_of)

    def delete_template(self, template_id: str) -> None:
        """Delete a template; its renders stay."""
        self._made(calls.delete_template(template_id))

    def render_template(
        self,
        template_id: str,
        merge: Edit | None = None,
        *,
        idempotency_key: str | None = None,
        **options: Any,
    ) -> Render:
        """Render a template with values; options: `version`, `output`, `metadata`, `callback` …"""
        return self._made(calls.render_template(template_id, merge, options, idempotency_key))

    def render_batch(
        self,
        template_id: str,
        variants: Iterable[Edit],
        *,
        idempotency_key: str | None = None,
        **options: Any,
    ) -> Batch:
        """Render a template for up to 10,000 variants `{merge, metadata?, output?}`."""
        return self._made(calls.render_batch(template_id, variants, options, idempotency_key))

    def get_batch(self, batch_id: str) -> Batch:
        """Return a batch with its first hundred renders."""
        return self._made(calls.get_batch(batch_id))

    def cancel_batch(self, batch_id: str) -> Batch:
        """Cancel what of a batch has not ended."""
        return self._made(calls.cancel_batch(batch_id))

    # ── assets, webhooks, everything else ───────────────────────────────────────────────────
    def upload(self, path: str | Path) -> Asset:
        """Upload a file; its `src` may stand in a timeline."""
        source = Path(path)

        def send() -> httpx.Response:
            with source.open("rb") as file:
                files = {"file": (source.name, file)}
                return self._http.post(
                    calls.path_of(calls.UPLOAD), files=files, headers=self._credential
                )

        asset: Asset = self._repeated(calls.UPLOAD, send, calls.data_of)["asset"]
        return asset

    def get_asset(self, asset_id: str) -> Asset:
        """Return an uploaded file's facts."""
        return self._made(calls.get_asset(asset_id))

    def list_assets(self) -> Iterator[Asset]:
        """Go through all uploaded files, newest first."""
        return self._all(calls.list_assets())

    def delete_asset(self, asset_id: str) -> None:
        """Delete an uploaded file."""
        self._made(calls.delete_asset(asset_id))

    def create_destination(
        self, name: str, *, idempotency_key: str | None = None, **place: Any
    ) -> Destination:
        """Make a destination: `s3={"bucket": …}` or `http={"url": …}`; a `secret` is shown once."""
        return self._made(calls.create_destination(name, place, idempotency_key))

    def get_destination(self, destination_id: str) -> Destination:
        """Return a destination, without its credentials."""
        return self._made(calls.get_destination(destination_id))

    def list_destinations(self) -> Iterator[Destination]:
        """Go through all destinations, newest first."""
        return self._all(calls.list_destinations())

    def update_destination(self, destination_id: str, **changes: Any) -> Destination:
        """Change `name`, or the place with all its credentials (`s3` or `http`)."""
        return self._made(calls.update_destination(destination_id, changes))

    def delete_destination(self, destination_id: str) -> None:
        """Delete a destination; files that are there stay."""
        self._made(calls.delete_destination(destination_id))

    def test_destination(self, destination_id: str) -> Tried:
        """Write a small file to a destination, and tell what came of it."""
        return self._made(calls.test_destination(destination_id))

    def create_webhook(
        self, url: str, events: Iterable[str] | None = None, *, idempotency_key: str | None = None
    ) -> Webhook:
        """Have events sent to a URL; keep the `secret` of the answer, it is shown once."""
        return self._made(calls.create_webhook(url, events, idempotency_key))

    def list_webhooks(self) -> Iterator[Webhook]:
        """Go through all webhooks, newest first."""
        return self._all(calls.list_webhooks())

    def delete_webhook(self, webhook_id: str) -> None:
        """Delete a webhook."""
        self._made(calls.delete_webhook(webhook_id))

    def call(self, name: str, /, **body: Any) -> dict[str, Any]:
        """Make any call of the API by its name, and return its data; it is made once more only
        where the server says that it did nothing.

        Example: `client.call("audit.list", limit=10)`.
        """
        return self._made(Call(name, body, is_repeatable=False))

    # ── how ─────────────────────────────────────────────────────────────────────────────────
    def _made(self, call: Call[AnswerT]) -> AnswerT:
        data = self._data(call)
        answer: AnswerT = data[call.answer] if call.answer else data  # type: ignore[assignment]
        return answer

    def _all(self, call: Call[list[AnswerT]]) -> Iterator[AnswerT]:
        cursor = None
        while True:
            page = {**call.body, "limit": 100} | ({"cursor": cursor} if cursor else {})
            data = self._data(Call(call.name, page))
            yield from data[call.answer]
            cursor = data["next_cursor"]
            if cursor is None:
                return

    def _data(self, call: Call[Any]) -> dict[str, Any]:
        return self._repeated(call, self._sending(call), calls.data_of)

    def _sending(self, call: Call[Any]) -> Callable[[], httpx.Response]:
        headers = {**self._credential, **calls.headers_of(call)}
        return lambda: self._http.post(calls.path_of(call), json=dict(call.body), headers=headers)

    def _repeated(
        self,
        call: Call[Any],
        send: Callable[[], httpx.Response],
        read: Callable[[httpx.Response], AnswerT],
    ) -> AnswerT:
        """Send until there is an answer that waiting would not change."""
        for attempt in range(self._retries.count + 1):
            try:
                try:
                    return read(send())
                except httpx.HTTPError as error:
                    raise calls.unreachable(error, self._http.base_url) from error
            except ApiError as error:
                self._pause(attempt, error, is_repeatable=call.is_repeatable)
        raise AssertionError("the last attempt returns or raises")

    def _pause(self, attempt: int, error: ApiError, *, is_repeatable: bool) -> None:
        """Wait before the next attempt. Raises: the error, where there shall be none."""
        wait_s = self._retries.wait_s(attempt, error, is_repeatable=is_repeatable)
        if wait_s is None:
            raise error
        self._sleep(wait_s)

    def _save(self, output: Output, part: Path) -> None:
        """Fetch a link, without the credential: it is signed, and may be another server's."""
        digest, url = hashlib.sha256(), calls.link_of(output)
        try:
            with self._http.stream("GET", url, follow_redirects=True) as response:
                if response.status_code != 200:
                    raise calls.no_file(response.status_code, url)
                with part.open("wb") as file:
                    for block in response.iter_bytes(BLOCK_SIZE):
                        digest.update(block)
                        file.write(block)
        except httpx.HTTPError as error:
            raise calls.unreachable(error, url) from error
        calls.check_sum(output, digest.hexdigest())
