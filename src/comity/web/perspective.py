"""The Perspective protocol over HTTP: calls received, answered in a thread, and sent back.

`comity serve` opens this door where COMITY_PERSPECTIVE_KEYS names keys; `comity perspective` is a
server of nothing else (`web.alone`). Keys, texts and queries never reach a log.
"""

import gzip
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog
from anyio import to_thread
from litestar import Litestar, Request, Response, Router, get, post
from litestar.exceptions import HTTPException

from comity.detectors import Engine
from comity.errors import ComityError, TooMany
from comity.learn import feedback
from comity.perspective import refusals
from comity.perspective.refusals import Refused
from comity.perspective.service import Call, Reply, Service, parameters, reply
from comity.settings import Settings
from comity.web.access import Who, may
from comity.web.auth import feedback_key
from comity.web.errors import where
from comity.web.house import House
from comity.web.limits import Limit, share

log = structlog.get_logger()

Ask = Request[Any, Any, Any]
HOST = re.compile(r"[\w.-]{1,253}(:\d{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?", re.ASCII)
WORTH_PACKING = 1_000  # Bytes; less does not get shorter by what it costs.
OPEN = {**may(Who.ANYONE), "exclude_from_csrf": True}  # No cookie opens anything here.


@dataclass(frozen=True, slots=True)
class Desk:
    """What answers calls, and what it knows of the server that it is on."""

    service: Service
    settings: Settings


@dataclass
class Feedback:
    """Appends suggested scores to a file of JSON lines, and removes them when their time is up.

    Who and where a suggestion is from is kept as a keyed hash, which joins what belongs together
    and tells nothing else; without a key it is not kept.
    """

    path: Path
    key: bytes
    days: int
    swept: date | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, kept: dict[str, Any]) -> None:
        """Append one suggestion.

        Raises:
            Refused: the file cannot be written.
        """
        named = {name: value for name, value in kept["of"].items() if value and self.key}
        of = {name: feedback.hashed(self.key, value) for name, value in named.items()}
        at = datetime.now(tz=UTC)
        said = {"at": at.isoformat(timespec="seconds"), **kept, "of": of}
        try:
            with self.lock:
                feedback.append(self.path, msgspec.json.encode(said) + b"\n")
                if self.swept != at.date():
                    feedback.sweep(self.path, at - timedelta(days=self.days))
                    self.swept = at.date()
        except OSError as error:
            log.error("feedback not kept", error=type(error).__name__)  # noqa: TRY400  Not the path.
            raise Refused(503, "The suggestion could not be kept.", retry_after=60) from None


def desk(settings: Settings, engine: Engine, *, key: bytes) -> Desk:
    """Put together what answers calls; `key` makes the hashes of whom suggestions are from."""
    limit = Limit("call", share(settings.perspective_requests_per_minute, settings), 60)

    def quota(caller: str) -> int:
        try:
            limit.take(caller)
        except TooMany as full:
            return full.retry_after
        return 0

    kept = settings.perspective_feedback
    service = Service(
        engine,
        keys=keys_of(settings.perspective_keys),
        quota=quota,
        limit=limit.times,
        keep=Feedback(Path(kept), key, settings.retain_feedback_days) if kept else None,
        clock=lambda: clock(settings.judge_milliseconds),
    )
    return Desk(service, settings)


def keys_of(text: str) -> frozenset[str]:
    """Return the keys of a setting: separated by blanks, lines or commas; # begins a remark."""
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(key for line in lines for key in line.replace(",", " ").split())


def clock(milliseconds: int) -> Callable[[], bool]:
    """Start the time that judging may take; return what says that it is over."""
    end = time.monotonic() + milliseconds / 1000
    return lambda: time.monotonic() > end


def mount(app: Litestar, desk: Desk) -> None:
    """Open this door in a server."""
    app.state.perspective = desk
    app.register(
        Router(
            "/",
            route_handlers=[discovery, call, batch],
            exception_handlers={Exception: failed},
            include_in_schema=False,
        )
    )


def mount_beside(app: Litestar, house: House) -> None:
    """Open this door beside the comments' own, if keys say who may come."""
    if keys_of(house.settings.perspective_keys):
        key = feedback_key(house.signer.key)
        mount(app, desk(house.settings, house.newsroom.engine, key=key))


@get("/$discovery/rest", opt=may(Who.ANYONE), name="perspective_discovery")
async def discovery(request: Ask) -> Response[bytes]:
    """Return the discovery document, to anybody."""
    return respond(request, desk_of(request).service.answer(received(request, b"")))


@post(
    ["/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore"],
    opt=OPEN,
    status_code=200,
    request_max_body_size=refusals.REQUEST_BYTES,
    name="perspective",
)
async def call(request: Ask) -> Response[bytes]:
    """Answer one call."""
    asked = received(request, await request.body())
    return respond(request, await to_thread.run_sync(desk_of(request).service.answer, asked))


@post(
    ["/batch", "/batch/commentanalyzer/v1alpha1"],
    opt=OPEN,
    status_code=200,
    request_max_body_size=refusals.REQUEST_BYTES,
    name="perspective_batch",
)
async def batch(request: Ask) -> Response[bytes]:
    """Answer several calls in one."""
    asked = received(request, await request.body())
    return respond(request, await to_thread.run_sync(desk_of(request).service.batch, asked))


def desk_of(request: Ask) -> Desk:
    """Return the desk that a request came to."""
    found: Desk = request.app.state.perspective
    return found


def received(request: Ask, body: bytes) -> Call:
    """Turn a request into a call."""
    return Call(
        method=request.method,
        path=request.scope["path"],
        query=parameters(request.scope["query_string"].decode("latin-1")),
        headers=dict(request.headers),
        body=body,
        caller=request.scope["state"].get("caller", ""),
        root=root(request, desk_of(request).settings),
    )


def root(request: Ask, settings: Settings) -> str:
    """Return this server's address as the caller knows it, with a slash.

    What proxies say of it counts only where proxies are trusted; a host that is none is not
    repeated.
    """
    host, scheme = request.headers.get("host", ""), request.url.scheme
    if settings.trusted_proxies:
        host = last(request.headers.get("x-forwarded-host", "")) or host
        ours = urlsplit(settings.url)
        known = ours.scheme if ours.netloc == host else scheme
        scheme = last(request.headers.get("x-forwarded-proto", "")) or known
    if scheme not in {"http", "https"} or not HOST.fullmatch(host):
        return f"{settings.url}/"
    return f"{scheme}://{host}/"


def last(values: str) -> str:
    """Return the last of several values of a header: what the nearest proxy said."""
    return values.rpartition(",")[2].strip()


def respond(request: Ask, answer: Reply) -> Response[bytes]:
    """Send an answer, packed where the caller can unpack it."""
    headers, body = dict(answer.headers), answer.body
    headers["Vary"] = "Accept-Encoding"
    if len(body) >= WORTH_PACKING and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, compresslevel=5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    media_type = headers.pop("Content-Type")
    return Response(body, status_code=answer.status, headers=headers, media_type=media_type)


def failed(request: Ask, error: Exception) -> Response[bytes]:
    """Give what went wrong the shape of the protocol."""
    refused = told(error)
    asked = Call(request.method, "", {})
    return respond(request, reply(asked, refused.status, refused.body()))


def told(error: Exception) -> Refused:
    """Return what a caller is told of an exception; nothing of a text is in it."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, TooMany):
        return refusals.quota(0, error.retry_after)
    if isinstance(error, HTTPException) and error.status_code == 413:
        return refusals.too_large()
    if isinstance(error, ComityError | HTTPException) and status_of(error) < 500:
        nowhere = status_of(error) in {404, 405}
        return refusals.not_found() if nowhere else refusals.unreadable()
    log.error("failed", error=type(error).__name__, frames=where(error))
    return refusals.broken()


def status_of(error: ComityError | HTTPException) -> int:
    """Return an exception's status."""
    return error.status if isinstance(error, ComityError) else error.status_code
