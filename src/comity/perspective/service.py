"""A call of the protocol answered: key, quota, method, and the form of the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from comity.detectors import Engine
from comity.judge import never
from comity.perspective import attributes, batch, masks, refusals
from comity.perspective.analysis import analyze, suggest
from comity.perspective.discovery import document
from comity.perspective.messages import AnalyzeCommentRequest, SuggestCommentScoreRequest
from comity.perspective.reading import read
from comity.perspective.refusals import Refused

JSON = "application/json; charset=UTF-8"
NAMED = 5  # Unknown fields that a warning names.
FALSE = {"false", "0", "no"}


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked. `root` is this server's address as the caller knows it, with a slash.

    `query` holds the last value of each parameter, `headers` have names in small letters, and
    `caller` is the cut address.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    caller: str = ""
    root: str = "http://localhost/"


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Service:
    """Answers calls of the protocol.

    `keys` are those that may call; without any, everybody may. `quota` counts one for a caller and
    says after how many seconds there is room again, 0 for at once; `limit` is what it allows a
    minute. `keep` takes what may be kept of a suggestion; None: nothing is. `clock` starts the time
    that judging a comment may take, and returns what says that it is over.
    """

    engine: Engine
    keys: frozenset[str] = frozenset()
    quota: Callable[[str], int] = lambda _: 0
    limit: int = 0
    keep: Callable[[dict[str, Any]], None] | None = None
    clock: Callable[[], Callable[[], bool]] = lambda: never

    def answer(self, call: Call) -> Reply:
        """Answer a call; what is refused is answered too."""
        try:
            return self.method(call)
        except Refused as refused:
            more = {"Retry-After": str(refused.retry_after)} if refused.retry_after else {}
            return reply(call, refused.status, refused.body(), more)

    def method(self, call: Call) -> Reply:
        """Let the method that a call names answer it.

        Raises:
            Refused: there is no such method, or it refuses.
        """
        match call.method, call.path:
            case "GET", "/$discovery/rest":
                if call.query.get("version", "v1alpha1") != "v1alpha1":
                    raise refusals.not_found()
                return reply(call, 200, document(call.root))
            case "POST", "/v1alpha1/comments:analyze":
                return self.analyze(call)
            case "POST", "/v1alpha1/comments:suggestscore":
                return self.suggest(call)
            case _:
                raise refusals.not_found()

    def analyze(self, call: Call) -> Reply:
        """Answer `comments:analyze`."""
        self.admit(call)
        request, unknown = read(call.body, AnalyzeCommentRequest)
        strict = call.query.get("strict_languages", "").lower() not in FALSE
        answer = analyze(request, self.engine, strict_languages=strict, expired=self.clock())
        version = f"{self.engine.version[:12]}-{attributes.version()}"
        headers = {"X-Model-Version": version, **warning(unknown)}
        return reply(call, 200, msgspec.to_builtins(answer), headers)

    def suggest(self, call: Call) -> Reply:
        """Answer `comments:suggestscore`."""
        self.admit(call)
        request, unknown = read(call.body, SuggestCommentScoreRequest)
        answer, kept = suggest(request)
        if self.keep is not None and not request.do_not_store:
            self.keep(kept)
        return reply(call, 200, msgspec.to_builtins(answer), warning(unknown))

    def admit(self, call: Call) -> None:
        """Let a call in that has a key of ours and is within its quota.

        Raises:
            Refused: it has none, or is not; or it wants an answer of another form than JSON.
        """
        key = (call.query.get("key") or call.headers.get("x-goog-api-key") or "").strip()
        if self.keys:
            if not key:
                raise refusals.unknown_callers()
            given = key.encode("utf-8", "replace")
            if not any(compare_digest(given, one.encode()) for one in self.keys):
                raise refusals.bad_key()
        caller = sha256(key.encode("utf-8", "replace")).hexdigest() if self.keys else call.caller
        if wait := self.quota(caller):
            raise refusals.quota(self.limit, wait)
        if call.query.get("alt", "json") != "json":
            raise refusals.invalid("alt")
        if call.query.get("callback"):
            raise refusals.invalid("callback")

    def batch(self, call: Call) -> Reply:
        """Answer several calls in one; each has its own key, or that of the batch."""
        try:
            parts = batch.parts(call.headers.get("content-type", ""), call.body)
        except Refused as refused:
            return reply(call, refused.status, refused.body())
        answers = []
        for part in parts:
            answer = self.answer(inner(call, part))
            answers.append((part.id, answer.status, answer.headers, answer.body))
        boundary = f"batch_{sha256(b''.join(body for *_, body in answers)).hexdigest()[:32]}"
        content_type, body = batch.together(boundary, answers)
        return Reply(200, {"Content-Type": content_type}, body)


def inner(call: Call, part: batch.Part) -> Call:
    """Return a call of a batch."""
    try:
        target = urlsplit(part.target)
    except ValueError:
        target = urlsplit("/")
    query = parameters(target.query)
    if "key" in call.query:
        query.setdefault("key", call.query["key"])
    headers = {**call.headers, **part.headers}
    path = unquote(target.path)
    return Call(part.method, path, query, headers, part.body, call.caller, call.root)


def parameters(query: str) -> dict[str, str]:
    """Return the last value of each parameter of a query."""
    try:
        found = parse_qs(query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in found.items()}


def warning(unknown: tuple[str, ...]) -> dict[str, str]:
    """Return the header that names fields which the protocol does not have."""
    names = [
        "".join(char for char in name if char.isalnum() or char in "._")[:40] for name in unknown
    ]
    plain = [name for name in names if name.isascii() and name][:NAMED]
    if not unknown:
        return {}
    return {"Warning": f'299 comity "Unknown fields were ignored: {", ".join(plain)}"'}


def reply(call: Call, status: int, value: Any, headers: Mapping[str, str] | None = None) -> Reply:
    """Give an answer its form: what `fields` asks for, indented unless told otherwise.

    Raises:
        Refused: `fields` is no mask, which an error does not look at.
    """
    if status == 200 and (wanted := call.query.get("fields")):
        value = masks.masked(value, masks.parse(wanted))
    body = msgspec.json.encode(value)
    if call.query.get("prettyPrint", "").lower() not in FALSE:
        body = msgspec.json.format(body, indent=2) + b"\n"
    return Reply(status, {"Content-Type": JSON, **(headers or {})}, body)
