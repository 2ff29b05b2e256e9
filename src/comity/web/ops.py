"""For operators: alive? ready? what is counted? And what the process does by itself each day."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from hmac import compare_digest
from ipaddress import ip_address

import structlog
from litestar import Litestar, MediaType, Response, get
from prometheus_client import CONTENT_TYPE_LATEST

from comity import db
from comity.actions import retaining
from comity.errors import Forbidden, Unavailable
from comity.migrations import HEAD
from comity.web.access import Who, may
from comity.web.errors import where
from comity.web.house import Ask, House, house

log = structlog.get_logger()

MINUTE, DAY = 60, 24 * 3600


@get("/healthz", opt=may(Who.ANYONE), include_in_schema=False, media_type=MediaType.TEXT)
async def healthz() -> str:
    """Say that the process answers."""
    return "ok\n"


@get(
    "/readyz",
    opt=may(Who.ANYONE),
    include_in_schema=False,
    media_type=MediaType.TEXT,
    sync_to_thread=True,
)
def readyz(request: Ask) -> str:
    """Say that comments can be judged and kept: database, its tables, guidelines and engine.

    A detector that cannot look makes nobody wait: comments are held for a person, and this says so.

    Raises:
        Unavailable: names what is missing.
    """
    rooms = house(request)
    if db.revision(rooms.database) != HEAD:
        raise Unavailable("The tables are not of this version.", remedy="Run `comity init`.")
    with db.reading(rooms.database) as session:
        guidelines = rooms.newsroom.guidelines(session, None)
    if not guidelines.rules or not rooms.newsroom.engine.detectors:
        raise Unavailable("There is nothing to judge by.", remedy="Check the guidelines.")
    rooms.newsroom.warm()
    if rooms.newsroom.blind:
        return f"ready, but comments are held: {', '.join(rooms.newsroom.blind)} cannot look\n"
    return "ready\n"


@get("/metrics", opt=may(Who.ANYONE), include_in_schema=False, sync_to_thread=True)
def metrics(request: Ask) -> Response[bytes]:
    """Return the counters: to the holder of COMITY_METRICS_TOKEN, or, without one, to this machine.

    Raises:
        Forbidden: anybody else; a call that came through a proxy is not of this machine.
    """
    if not may_count(request):
        raise Forbidden(
            "The counters are for the operator.",
            remedy="Ask from this machine, or with the token that COMITY_METRICS_TOKEN names.",
        )
    counted = house(request).metrics.told()
    return Response(counted, headers={"Content-Type": CONTENT_TYPE_LATEST})


def may_count(request: Ask) -> bool:
    """Say whether the one who asks for the counters is the operator."""
    if token := house(request).settings.metrics_token:
        said = request.headers.get("authorization", "")
        return compare_digest(said.encode(), f"Bearer {token}".encode())
    proxied = {"forwarded", "x-forwarded-for", "x-real-ip", "via"} & set(request.headers)
    try:
        return not proxied and ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[None]:
    """Open what the process needs, and close it after the last answer."""
    rooms: House = app.state.house
    rooms.glance.open()
    warming = asyncio.create_task(asyncio.to_thread(rooms.newsroom.warm))
    sweeper = asyncio.create_task(sweep_daily(rooms))
    try:
        yield
    finally:
        await warming
        sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await sweeper
        rooms.glance.close()
        rooms.database.dispose()


async def sweep_daily(rooms: House, *, first: float = MINUTE, pause: float = DAY) -> None:
    """Erase what is due, soon after the start and then each day; both pauses are in seconds."""
    await asyncio.sleep(first)
    while True:
        await asyncio.to_thread(sweep, rooms)
        await asyncio.sleep(pause)


def sweep(rooms: House) -> None:
    """Erase what is due and log how much of each kind; what goes wrong is logged, not raised."""
    try:
        with db.transaction(rooms.database) as session:
            erased = retaining.sweep(session, rooms.newsroom, now=datetime.now(tz=UTC))
    except Exception as error:  # noqa: BLE001  The next day must come whatever broke today.
        # Not the message: it may hold a reader's words.
        log.error("retention failed", error=type(error).__name__, frames=where(error))  # noqa: TRY400
        return
    for kind, count in erased.items():
        rooms.metrics.erased.labels(kind).inc(count)
    log.info("retention swept", **erased)
