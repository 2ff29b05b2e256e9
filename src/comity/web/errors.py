"""One shape for everything that is refused: JSON for programs, a page for people."""

import traceback
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, SerializationException, ValidationException
from litestar.openapi import ResponseSpec
from litestar.response import Redirect
from msgspec import Struct

from comity.errors import ComityError, NotFound, Sanctioned, TooMany
from comity.web.shapes import NO_NUL
from comity.web.templating import page

log = structlog.get_logger()

OURS = str(Path(__file__).parents[1])


class Problem(Struct, omit_defaults=True):
    """What went wrong: a stable code for programs; message and remedy for people."""

    code: str
    message: str
    field: str = ""
    remedy: str = ""
    until: str | None = None


class Refusal(Struct):
    """The body of every answer that is an error."""

    error: Problem


# What the framework refuses, said in our words: status → (code, message, remedy).
FRAMEWORK = {
    400: ("bad_input", "The request cannot be understood.", "Compare it with docs/api.md."),
    401: ("not_signed_in", "This needs somebody who is signed in.", "Sign in and try again."),
    403: (
        "forbidden",
        "The form is too old, or was not sent from our page.",
        "Reload the page and send the form again.",
    ),
    404: ("not_found", "There is nothing at this address.", "Check the address."),
    405: ("method_not_allowed", "This address does not answer to this method.", "See `Allow`."),
    413: ("too_large", "The request is too large.", "Send less than 64 kB."),
    415: ("bad_input", "The request is not of a kind that is read here.", "Send JSON."),
}
# What decoding a body raises: not JSON, nested too deeply, not UTF-8.
UNREADABLE = (SerializationException, RecursionError, UnicodeDecodeError)
INTERNAL = Problem(
    "internal",
    "Something broke here; it is not your fault.",
    remedy="Try again; if it stays, tell the newsroom the time and the request id.",
)


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Turn any exception into the one shape; nothing of a stack or of a reader's text leaves."""
    status, problem, headers = told(error)
    if status >= 500:
        log.error("failed", error=type(error).__name__, frames=where(error))
    if wants_page(request):
        if status == 401 and request.method == "GET":
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return Redirect(f"/sign-in?return_to={quote(asked)}", status_code=303)
        phrase = HTTPStatus(status).phrase
        return page(
            request, "error.html", status=status, headers=headers, problem=problem, phrase=phrase
        )
    return Response(
        Refusal(problem), status_code=status, headers=headers, media_type=MediaType.JSON
    )


def told(error: Exception) -> tuple[int, Problem, dict[str, str]]:
    """Return status, problem and extra headers of an exception."""
    if isinstance(error, ComityError):
        return error.status, known(error), extra_headers(error)
    if isinstance(error, ValidationException):
        return 400, invalid(error), {}
    if isinstance(error, UNREADABLE):
        return 400, Problem(*FRAMEWORK[400][:2], remedy="Send one JSON object."), {}
    if isinstance(error, HTTPException) and error.status_code < 500:
        status = error.status_code if error.status_code in FRAMEWORK else 400
        code, message, remedy = FRAMEWORK[status]
        allow = (error.headers or {}).get("allow", "")
        return status, Problem(code, message, remedy=remedy), {"Allow": allow} if allow else {}
    return 500, INTERNAL, {}


def known(error: ComityError) -> Problem:
    """Say one of our own errors."""
    until = error.until if isinstance(error, Sanctioned) else None
    return Problem(
        error.code,
        error.message,
        error.field,
        error.remedy,
        until.isoformat() if until else None,
    )


def extra_headers(error: ComityError) -> dict[str, str]:
    """Return the headers that belong to an error's status."""
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after)}
    if error.status == 401:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": "1"} if error.status == 503 else {}


def invalid(error: ValidationException) -> Problem:
    """Name the first field that does not fit, without repeating its value."""
    extra = error.extra if isinstance(error.extra, list) else []
    first: dict[str, Any] = extra[0] if extra and isinstance(extra[0], dict) else {}
    message = str(first.get("message") or FRAMEWORK[400][1])
    field = str(first.get("key", "")).removeprefix("data").removeprefix(".")
    if NO_NUL in message.replace("\\\\", "\\"):
        return Problem("bad_input", "A text cannot hold a NUL character.", field, "Remove it.")
    return Problem("bad_input", message, field, FRAMEWORK[400][2])


def where(error: Exception) -> list[str]:
    """Return our lines that an error passed, and the innermost of all.

    Never its message, which may hold a reader's words.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames[:-1] if OURS in frame.filename]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in (*ours, *frames[-1:])]


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """Say whether the one who asks is a person in a browser."""
    accepts = request.headers.get("accept", "")
    return not request.scope["path"].startswith("/api/") and "text/html" in accepts


def no_such(what: str, *, field: str = "") -> NotFound:
    """Make the error for a thing that is not there, or that this person may not know of."""
    return NotFound(f"There is no such {what}.", field=field, remedy="Check the address.")


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """Declare, for the description of the API, which errors an address answers with."""
    return {
        status: ResponseSpec(None if status == 304 else Refusal, False, HTTPStatus(status).phrase)
        for status in statuses
    }
