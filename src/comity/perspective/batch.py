"""Several calls in one: multipart/mixed with a call of HTTP in each part, and the answers likewise.

Source: "Batch requests" in the guides of Google's APIs; an answer's Content-ID is that of its call
behind `response-`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus

from comity.perspective import refusals

CALLS = 100  # What Google allows in one batch.


@dataclass(frozen=True, slots=True)
class Part:
    """One call of a batch; names of headers are in small letters."""

    id: str
    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def parts(content_type: str, body: bytes) -> list[Part]:
    """Take a batch apart.

    Raises:
        Refused: it is not one, or it has too many calls.
    """
    head = Message()
    head["Content-Type"] = content_type
    boundary = head.get_boundary()
    if head.get_content_maintype() != "multipart" or not boundary:
        raise refusals.invalid("Content-Type")
    limit = b"\n--" + boundary.encode("latin-1", "replace")
    _, *found = (b"\n" + plain_lines(body)).split(limit, CALLS + 2)
    calls = [part(one) for one in found if not one.startswith(b"--")]
    if not 0 < len(calls) <= CALLS:
        raise refusals.invalid("batch")
    return calls


def plain_lines(text: bytes) -> bytes:
    """Return a text with one kind of line ends; JSON does not mind."""
    return text.replace(b"\r\n", b"\n")


def part(text: bytes) -> Part:
    """Read one part of a batch; what holds no call has no method."""
    outer, _, call = text.partition(b"\n\n")
    inner, _, body = call.lstrip(b"\n").partition(b"\n\n")
    line, _, more = inner.partition(b"\n")
    id = headers_of(outer).get("content-id", "")
    words = line.decode("latin-1").split()
    if len(words) < 2:
        return Part(id, "", "")
    return Part(id, words[0].upper(), words[1], headers_of(more), body)


def headers_of(lines: bytes) -> dict[str, str]:
    """Return headers by their names in small letters."""
    pairs = (line.partition(":") for line in lines.decode("latin-1").split("\n"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if value}


def together(
    boundary: str, answers: Iterable[tuple[str, int, Mapping[str, str], bytes]]
) -> tuple[str, bytes]:
    """Put answers (id of the call, status, headers, body) together.

    Returns the content type and the body.
    """
    found = []
    for id, status, headers, body in answers:
        safe = "".join(char for char in id.strip("<>") if char.isprintable() and char.isascii())
        lines = [
            f"--{boundary}",
            "Content-Type: application/http",
            f"Content-ID: <response-{safe}>",
            "",
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            *(f"{name}: {value}" for name, value in headers.items()),
            f"Content-Length: {len(body)}",
            "\r\n",
        ]
        found.append("\r\n".join(lines).encode("latin-1", "replace") + body + b"\r\n")
    return f"multipart/mixed; boundary={boundary}", b"".join(found) + f"--{boundary}--\r\n".encode()
