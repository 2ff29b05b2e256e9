"""The protocols of other systems served alone, without a database: `comity perspective`."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import structlog
from anyio import to_thread
from litestar import Litestar, MediaType, Response, get
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.types import (
    ASGIApp,
    HTTPScope,
    Message,
    Receive,
    Scope,
    Send,
)
from prometheus_client import CONTENT_TYPE_LATEST

from comity.detectors import Engine
from comity.errors import Unavailable
from comity.findings import Submission
from comity.guidelines import Guidelines
from comity.judge import look, never
from comity.perspective import refusals
from comity.settings import Settings
from comity.web import coral, perspective
from comity.web.access import Who, may
from comity.web.auth import feedback_key
from comity.web.door import API, METHODS
from comity.web.limits import address, cut
from comity.web.metrics import Metrics
from comity.web.ops import healthz, may_count
from comity.web.perspective import Ask, failed

log = structlog.get_logger()


@dataclass(frozen=True)
class Lodge:
    """What a server without a database has at hand."""

    settings: Settings
    engine: Engine
    metrics: Metrics = field(default_factory=Metrics)


def create_app(
    settings: Settings, engine: Engine | None = None, guidelines: Guidelines | None = None
) -> Litestar:
    """Put the process together."""
    engine = engine or Engine.default(encoder=settings.encoder)
    lodge = Lodge(settings, engine)
    app = Litestar(
        [healthz, readyz, metrics],
        exception_handlers={Exception: failed},
        openapi_config=None,
        lifespan=[running],
        state=State({"house": lodge}, deep_copy=False),
        logging_config=None,
        pdb_on_exception=False,
        debug=False,
    )
    perspective.mount(app, perspective.desk(settings, engine, key=feedback_key(settings.secret)))
    if settings.coral_secret:
        judged_by = guidelines or Guidelines.default()
        coral.mount(app, coral.Phase(settings, engine, lambda: judged_by))
    app.asgi_handler = Porch(app.asgi_handler, lodge)
    return app


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[None]:
    """Read word lists and weights before the first call comes."""
    await to_thread.run_sync(blind, app.state.house.engine)
    yield


def blind(engine: Engine) -> tuple[str, ...]:
    """Return the detectors that cannot look."""
    return look(Submission.of("Fair."), engine, never)[1]


@get(
    "/readyz",
    opt=may(Who.ANYONE),
    include_in_schema=False,
    media_type=MediaType.TEXT,
    sync_to_thread=True,
)
def readyz(request: Ask) -> str:
    """Say that comments can be judged.

    Raises:
        Unavailable: names the detectors that cannot look.
    """
    if names := blind(request.app.state.house.engine):
        raise Unavailable(f"{', '.join(names)} cannot look.", remedy="Install Comity anew.")
    return "ready\n"


@get("/metrics", opt=may(Who.ANYONE), include_in_schema=False, sync_to_thread=True)
def metrics(request: Ask) -> Response[bytes]:
    """Return the counters to the operator.

    Raises:
        Refused: anybody else.
    """
    if not may_count(request):
        raise refusals.unknown_callers()
    counted = request.app.state.house.metrics.told()
    return Response(counted, headers={"Content-Type": CONTENT_TYPE_LATEST})


@dataclass
class Porch:
    """The outermost door of this server: who calls, what is counted and logged; never a key."""

    routes: ASGIApp
    lodge: Lodge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; then count and log it."""
        if scope["type"] != ScopeType.HTTP:
            await self.routes(scope, receive, send)
            return
        started, status = perf_counter(), 500
        scope["state"]["caller"] = self.caller(scope)
        scope["user"] = None
        id = os.urandom(8).hex()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = (b"x-request-id", id.encode()), (b"cache-control", b"no-store")
                message["headers"] = [*message["headers"], *API, *own]
            await send(message)

        try:
            await self.routes(scope, receive, answer)
        finally:
            self.note(scope, id, status, perf_counter() - started)

    def caller(self, scope: HTTPScope) -> str:
        """Return the cut address of the one who calls."""
        peer = scope["client"][0] if scope.get("client") else ""  # type: ignore[index]
        forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1")
        return cut(address(peer, forwarded, self.lodge.settings.trusted_proxies))

    def note(self, scope: Any, id: str, status: int, seconds: float) -> None:
        """Count an answer and log it."""
        route = scope.get("path_template") or "none"
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.lodge.metrics.requests.labels(route, method, str(status)).inc()
        self.lodge.metrics.seconds.labels(route).observe(seconds)
        (log.debug if status < 400 else log.info)(
            "request",
            request_id=id,
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            caller=scope["state"]["caller"],
        )
