"""The outermost door: who calls, what every answer carries, what is counted and logged.

A public thread that is at hand is answered here, before the router, which costs more than the rest
together; everything else goes through to the routes. HEAD is GET, answered without the body.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from comity.errors import TooMany
from comity.web.auth import own_origin
from comity.web.cache import CACHE_CONTROL, Document, Key
from comity.web.house import House
from comity.web.limits import address, cut
from comity.web.segments import parted, whole

log = structlog.get_logger()

Headers = list[tuple[bytes, bytes]]

SORTS = {
    b"": "newest",
    b"sort=newest": "newest",
    b"sort=oldest": "oldest",
    b"sort=replies": "replies",
}
METHODS = {"GET", "OPTIONS", "POST", "PATCH", "PUT", "DELETE"}  # A caller can invent more.
ALWAYS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
# The API's answers and the element are for pages of other origins.
FOR_OTHERS: Headers = [(b"cross-origin-resource-policy", b"cross-origin")]
API: Headers = [
    *ALWAYS,
    *FOR_OTHERS,
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
ANY_ORIGIN: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Retry-After, X-Request-Id"),
]
PREFLIGHT: Headers = [
    (b"access-control-allow-methods", b"GET, POST, PATCH, DELETE"),
    (b"access-control-allow-headers", b"Authorization, Content-Type"),
    (b"access-control-max-age", b"7200"),
]
HSTS: Headers = [(b"strict-transport-security", b"max-age=31536000")]


def page_policy(form_targets: Iterable[str] = ()) -> str:
    """Return the content security policy of our pages.

    `form_targets` are origins that a form may lead to in the end: browsers hold a redirect after
    signing in to the policy of the page with the form.
    """
    targets = " ".join(("'self'", *sorted(form_targets)))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        "connect-src 'self'; img-src 'self' https: data:; "
        f"form-action {targets}; base-uri 'none'; frame-ancestors 'none'"
    )


def without_body(send: Send) -> Send:
    """Return what sends the head of an answer alone, as it would be with its body."""

    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head


@dataclass
class Door:
    """Wraps the routes; see the module."""

    routes: ASGIApp
    house: House
    secure: Headers = field(init=False)
    page: Headers = field(init=False)
    api: Headers = field(init=False)

    def __post_init__(self) -> None:
        """Make the headers once."""
        https = self.house.settings.url.startswith("https://")
        self.secure = HSTS if https else []
        self.page = [*ALWAYS, *self.secure]
        self.api = [*API, *self.secure]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != ScopeType.HTTP:
            await self.routes(scope, receive, send)
            return
        started = perf_counter()
        scope["path"] = parted(scope)
        if scope["method"] == "HEAD":
            # A copy, since the server looks at its own to see what an answer may hold.
            scope, send = {**scope, "method": "GET"}, without_body(send)
        headers = dict(scope["headers"])
        caller = self.caller(scope, headers)
        if (document := self.at_hand(scope, caller)) is not None:
            await self.hand_over(document, headers.get(b"if-none-match"), send, started)
            return
        scope["state"]["caller"] = caller
        await Visit(self, scope, headers, send).pass_through(receive)

    def caller(self, scope: HTTPScope, headers: dict[bytes, bytes]) -> str:
        """Return the cut address of the one who calls."""
        client = scope.get("client")
        peer = client[0] if client else ""
        proxies = self.house.settings.trusted_proxies
        if not proxies:
            return cut(peer)
        return cut(address(peer, headers.get(b"x-forwarded-for", b"").decode("latin-1"), proxies))

    def at_hand(self, scope: HTTPScope, caller: str) -> Document | None:
        """Return the public thread that is asked for, if it can be given at once."""
        path = scope["path"]
        if scope["method"] != "GET" or not path.endswith("/comments"):
            return None
        parts = path.split("/")
        sort = SORTS.get(scope["query_string"].rstrip(b"&"))
        if len(parts) != 8 or parts[:4] != ["", "api", "v1", "sites"] or sort is None:
            return None
        document = self.house.threads.at_hand(Key(parts[4], whole(parts[6]), sort))
        if document is not None:
            try:
                self.house.limits.requests.take(caller)
            except TooMany:
                return None  # The routes' lock counts again and says so in the one shape.
        return document

    async def hand_over(
        self, document: Document, known: bytes | None, send: Send, started: float
    ) -> None:
        """Send a public thread, or that the caller has it already."""
        metrics = self.house.metrics
        etag = document.etag.encode()
        same = known is not None and etag in known
        headers = [
            (b"content-type", b"application/json"),
            (b"etag", etag),
            (b"cache-control", CACHE_CONTROL_BYTES),
            *ANY_ORIGIN,
            *self.api,
        ]
        if not same:
            headers.append((b"content-length", str(len(document.body)).encode()))
        status = 304 if same else 200
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send(
            {
                "type": "http.response.body",
                "body": b"" if same else document.body,
                "more_body": False,
            }
        )
        (metrics.thread_same if same else metrics.thread_hits).inc()
        metrics.thread_seconds.observe(perf_counter() - started)


CACHE_CONTROL_BYTES = CACHE_CONTROL.encode()


class Visit:
    """One request on its way through the routes."""

    def __init__(
        self, door: Door, scope: HTTPScope, headers: dict[bytes, bytes], send: Send
    ) -> None:
        self.door = door
        self.scope = scope
        self.send = send
        self.method: str = scope["method"]
        self.is_api = scope["path"].startswith("/api/")
        self.origin = headers.get(b"origin")
        self.signed = b"authorization" in headers
        self.asks_leave = self.method == "OPTIONS" and b"access-control-request-method" in headers
        self.id = os.urandom(8).hex()
        self.status = 500
        self.added: Headers = []

    async def pass_through(self, receive: Receive) -> None:
        """Let the routes answer; then count and log."""
        started = perf_counter()
        self.scope["state"]["request_id"] = self.id
        self.scope["user"] = None
        try:
            self.added = [(b"x-request-id", self.id.encode()), *await self.sharing()]
            if self.is_api and self.asks_leave:
                await self.answer({"type": "http.response.start", "status": 204, "headers": []})
                await self.answer({"type": "http.response.body", "body": b"", "more_body": False})
                return
            with structlog.contextvars.bound_contextvars(request_id=self.id):
                await self.door.routes(self.scope, receive, self.answer)
        finally:
            self.note(perf_counter() - started)

    async def sharing(self) -> Headers:
        """Return the headers that let pages of other origins read this answer."""
        path: str = self.scope["path"]
        if not self.is_api:
            for_pages = path.startswith(("/static/", "/comity.js"))
            return [*ANY_ORIGIN, *FOR_OTHERS] if for_pages else []
        if self.method == "GET" and not self.signed:
            return ANY_ORIGIN
        vary = [(b"vary", b"Origin")]
        if self.origin is None or not await self.is_ours(path, self.origin.decode("latin-1")):
            return vary
        allowed = (b"access-control-allow-origin", self.origin)
        return [*vary, allowed, ANY_ORIGIN[1], *(PREFLIGHT if self.asks_leave else [])]

    async def is_ours(self, path: str, origin: str) -> bool:
        """Say whether an origin is of the site in the path, or of any where the path names none."""
        if origin == own_origin(self.door.house.settings.url):
            return True
        sites = await self.door.house.glance.origins()
        parts = path.split("/")
        if parts[3:4] == ["sites"] and len(parts) > 4:
            return origin in sites.get(parts[4], ())
        return any(origin in origins for origins in sites.values())

    async def answer(self, message: Message) -> None:
        """Send a message on, with the headers that every answer carries."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            said = [self.whole_allow(pair) for pair in message["headers"]]
            message["headers"] = [*said, *self.added, *self.common(message)]
        await self.send(message)

    def whole_allow(self, header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        """Name in `Allow` what the routes leave out: HEAD, and all but the first for OPTIONS."""
        if header[0] != b"allow":
            return header
        methods = set(header[1].decode().split(", "))
        template = self.scope.get("path_template")
        for route in self.scope["litestar_app"].routes:
            if isinstance(route, HTTPRoute) and route.path_format == template:
                methods |= route.methods
        if "GET" in methods:
            methods.add("HEAD")
        return b"allow", ", ".join(sorted(methods)).encode()

    def common(self, message: Any) -> Headers:
        """Return the headers of every answer; a route may have said its own."""
        said = {name.lower() for name, _ in message["headers"]}
        if self.is_api:
            kept = [] if b"cache-control" in said else [(b"cache-control", b"no-store")]
            return [*self.door.api, *kept]
        policy = (b"content-security-policy", PAGE_POLICY)
        caching = (b"cache-control", b"private, no-cache")
        return [*self.door.page, *(pair for pair in (policy, caching) if pair[0] not in said)]

    def note(self, seconds: float) -> None:
        """Count the answer, and log it unless it only read."""
        route = self.scope.get("path_template") or "none"
        metrics = self.door.house.metrics
        method = self.method if self.method in METHODS else "other"
        metrics.requests.labels(route, method, str(self.status)).inc()
        metrics.seconds.labels(route).observe(seconds)
        quiet = self.status < 400 and self.method in {"GET", "OPTIONS"}
        (log.debug if quiet else log.info)(
            "request",
            request_id=self.id,
            method=self.method,
            route=route,
            status=self.status,
            milliseconds=round(seconds * 1000, 1),
            caller=self.scope["state"]["caller"],
        )


PAGE_POLICY = page_policy().encode()
