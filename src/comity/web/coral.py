"""The door for Coral's external moderation phase; open where COMITY_CORAL_SECRET is set."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import anyio
import structlog
from anyio import to_thread
from litestar import Litestar, MediaType, Request, Response, Router, post

from comity import coral, db
from comity.detectors import Engine
from comity.errors import BadInput
from comity.findings import Submission
from comity.guidelines import Guidelines
from comity.judge import judge
from comity.settings import Settings
from comity.web.access import Who, may
from comity.web.errors import Refusal, told, where
from comity.web.house import House

log = structlog.get_logger()

Ask = Request[Any, Any, Any]
# Coral waits 800 ms where it is set up as docs/perspective.md says; the rest is for the way.
SECONDS = 0.7
BODY_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Phase:
    """What judges; `guidelines` gives those in force."""

    settings: Settings
    engine: Engine
    guidelines: Callable[[], Guidelines]

    def ordered(self, body: bytes, end: float) -> coral.Ordered:
        """Judge what Coral sends until a moment of the monotonic clock.

        Raises:
            BadInput: it is not what Coral sends.
        """
        text = coral.read(body)
        if not text.strip():
            return coral.Ordered()
        if len(text) > coral.LONGEST:
            return coral.withheld()
        guidelines = self.guidelines()
        verdict = judge(
            Submission.of(text), guidelines, self.engine, expired=lambda: time.monotonic() > end
        )
        return coral.order(verdict, guidelines, text)


def mount(app: Litestar, phase: Phase) -> None:
    """Open this door in a server."""
    app.state.coral = phase
    app.register(
        Router(
            "/",
            route_handlers=[moderate],
            exception_handlers={Exception: refused},
            include_in_schema=False,
        )
    )


def mount_beside(app: Litestar, house: House) -> None:
    """Open this door beside the comments' own, if a secret says who may come."""

    def in_force() -> Guidelines:
        with db.reading(house.database) as session:
            return house.newsroom.guidelines(session, None)

    if house.settings.coral_secret.strip():
        mount(app, Phase(house.settings, house.newsroom.engine, in_force))


@post(
    "/coral/moderate",
    opt={**may(Who.ANYONE), "exclude_from_csrf": True},
    status_code=200,
    request_max_body_size=BODY_BYTES,
    name="coral",
)
async def moderate(request: Ask) -> coral.Ordered:
    """Say what Coral is to do with a comment; what is not judged in time is for a person.

    Raises:
        NotSignedIn: nobody signed it who knows the secret.
        BadInput: it is not what Coral sends.
    """
    end = time.monotonic() + SECONDS
    phase: Phase = request.app.state.coral
    body = await request.body()
    secrets = phase.settings.coral_secret.replace(",", " ").split()
    coral.verify(secrets, body, request.headers.get("x-coral-signature", ""))
    ordered = coral.withheld()
    with anyio.move_on_after(end - time.monotonic()):
        try:
            ordered = await to_thread.run_sync(phase.ordered, body, end, abandon_on_cancel=True)
        except BadInput:
            raise
        except Exception as error:  # noqa: BLE001  Coral publishes what fails here, so it must not.
            log.error("failed", error=type(error).__name__, frames=where(error))  # noqa: TRY400
    return ordered


def refused(_request: Ask, error: Exception) -> Response[Refusal]:
    """Say what was wrong with a call in our one shape."""
    status, problem, headers = told(error)
    if status >= 500:
        log.error("failed", error=type(error).__name__, frames=where(error))
    return Response(
        Refusal(problem), status_code=status, headers=headers, media_type=MediaType.JSON
    )
