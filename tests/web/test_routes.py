"""Walks the table of all routes: each says who may call it, and is closed to everybody else."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from httpx import Response
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler
from litestar.middleware.csrf import generate_csrf_token
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from comity import db
from comity.actions import sanctioning, users
from comity.guidelines import Measure
from comity.models import User
from comity.web import app as app_module
from comity.web.access import Who
from tests.cast import INSULT, NOW
from tests.web.conftest import SETTINGS, Web, make_app, problem

BODIES = {
    "post_comment": {"text": "Fair.", "client_id": "walk"},
    "preview": {"text": "Fair."},
    "edit": {"text": "Fairer."},
    "flag": {"rule": "profanity"},
    "appeal_decision": {"text": "Why?"},
    "appeal_sanction": {"text": "Why?"},
}


def routes(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Method, path and handler of each route, but for those that only name the methods."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods - {"OPTIONS"}):
                    yield method, route.path_format, handler


def asked_of(handler: HTTPRouteHandler) -> Who | None:
    return handler.opt.get("who")


@pytest.fixture
def walk(quick: Web) -> "Walk":
    return Walk(quick)


class Walk:
    """Calls any route with ids that are there, as anybody."""

    def __init__(self, web: Web) -> None:
        self.web = web
        people = web.people
        self.held = people.post(f"You {INSULT}.", by=people.bo)
        with db.transaction(people.database) as session:
            self.sanction = sanctioning.sanction(
                session,
                people.newsroom,
                user=session.get_one(User, people.bo.id),
                site=people.site,
                measure=Measure.WARN,
                rule="personal_attack",
                reason="It was an insult.",
                moderator=session.get_one(User, people.mira.id),
                now=NOW,
            ).id

    def path(self, template: str) -> str:
        """Fill a path with ids of things on the site `main`, all about Bo."""
        ids: dict[str, Any] = {
            "comments": self.held.id,
            "decisions": self.held.decision_id,
            "statements": self.held.decision_id,
            "sanctions": self.sanction,
            "people": self.web.people.bo.id,
        }
        parts = template.split("/")
        kind = parts[parts.index("{id}") - 1] if "{id}" in parts else "comments"
        return template.format(
            site="main",
            key="bridge",
            version="0",
            file_path="comity.js",
            path="x",
            id=ids.get(kind, self.held.id),
        )

    def call(
        self, method: str, template: str, handler: HTTPRouteHandler, user: User | None
    ) -> Response:
        """Call a route with all that a browser or an app of this person would send."""
        headers: dict[str, str] = {}
        form = generate_csrf_token(self.web.rooms.signer.derived("csrf"))
        cookies = {"comity-form": form}
        if user is not None:
            headers = self.web.bearer(user)
            cookies |= dict([self.web.session(user)["Cookie"].split("=", 1)])
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        more: dict[str, Any] = {}
        if template.startswith("/api/"):
            more["json"] = BODIES.get(handler.name or "", BODIES["post_comment"])
            more = more if method != "GET" else {}
        elif method == "POST":
            more["data"] = {"_csrf_token": form}
        return self.web.client.request(
            method, self.path(template), headers=headers, follow_redirects=False, **more
        )


def test_every_route_says_who_may_call_it(quick: Web):
    table = list(routes(quick.client.app))

    assert len(table) > 40
    assert [(method, path) for method, path, handler in table if not asked_of(handler)] == []
    without_role = [
        path
        for _, path, handler in table
        if asked_of(handler) is Who.STAFF and not handler.opt["role"]
    ]
    assert without_role == []


def test_a_route_that_does_not_say_is_closed_to_all(sqlite, monkeypatch: pytest.MonkeyPatch):
    @get("/forgotten", sync_to_thread=False)
    def forgotten() -> str:
        return "secret"

    monkeypatch.setattr(app_module, "ROUTES", [*app_module.ROUTES, forgotten])

    with TestClient(make_app(sqlite)) as client:
        answer = client.get("/forgotten")

    assert answer.status_code == 403
    assert problem(answer)["code"] == "forbidden"


def test_nobody_may_do_what_needs_a_person(walk: Walk):
    for method, path, handler in routes(walk.web.client.app):
        if asked_of(handler) is Who.ANYONE:
            continue
        answer = walk.call(method, path, handler, None)
        assert answer.status_code == 401, (method, path, answer.text)


def test_readers_come_to_what_is_theirs_and_never_to_the_console(walk: Walk):
    ana = walk.web.people.ana
    for method, path, handler in routes(walk.web.client.app):
        if {"sessions", "accounts", "sign-in", "sign-out", "register"} & set(path.split("/")):
            continue  # They ask who it is, or end what later steps need.
        answer = walk.call(method, path, handler, ana)
        if asked_of(handler) is Who.STAFF:
            assert answer.status_code == 403, (method, path, answer.text)
        elif path != "/metrics":
            assert answer.status_code not in {401, 500, 503}, (method, path, answer.text)


def test_a_moderator_of_another_site_reaches_nothing_of_this_one(walk: Walk):
    people = walk.web.people
    for method, path, handler in routes(walk.web.client.app):
        if asked_of(handler) is not Who.STAFF:
            continue
        answer = walk.call(method, path, handler, people.max)
        if "{" in path:
            assert answer.status_code in {403, 404}, (method, path, answer.text)
        assert INSULT not in answer.text, (method, path)
        assert str(walk.held.id) not in answer.text, (method, path)


def test_a_moderator_of_the_site_is_let_in_everywhere_in_the_console(walk: Walk):
    people = walk.web.people
    for method, path, handler in routes(walk.web.client.app):
        if asked_of(handler) is not Who.STAFF or "appeals/{" in path:
            continue  # An appeal's own id is another test's.
        answer = walk.call(method, path, handler, people.mira)
        assert answer.status_code not in {401, 403, 404, 500}, (method, path, answer.text)


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_cookie_opens_no_door_of_the_api(quick: Web, method: str):
    path = f"/api/v1/comments/{quick.people.post().id}"
    session = quick.session(quick.people.ana)

    with_cookie = quick.client.request(method, path, headers=session, json={"text": "x"})

    assert with_cookie.status_code == {"GET": 200, "POST": 405}.get(method, 401)


def test_a_session_is_no_token_and_a_token_no_session(quick: Web):
    ana = quick.people.ana
    token = quick.token(ana)
    session = quick.session(ana)["Cookie"].partition("=")[2]
    assert quick.client.get("/api/v1/me", headers=quick.bearer(ana)).status_code == 200

    as_token = quick.client.get("/api/v1/me", headers={"Authorization": f"Bearer {session}"})
    as_session = quick.client.get("/me", headers={"Cookie": f"comity={token}"})

    assert as_token.status_code == 401
    assert as_session.status_code == 401


def test_a_token_of_before_signing_out_everywhere_or_of_nobody_is_void(web: Web):
    ana = web.people.ana
    old = web.bearer(ana)
    assert web.ask("GET", "/api/v1/me", headers=old).json() == {"id": str(ana.id), "name": "Ana"}

    with db.transaction(web.people.database) as session:
        user = session.get_one(User, ana.id)
        users.sign_out_everywhere(session, web.people.newsroom, user=user, now=NOW)
    nobody = web.rooms.signer.issue("reader", uuid4(), 0, now=NOW.replace(year=2999))

    assert web.ask("GET", "/api/v1/me", headers=old).status_code == 401
    headers = {"Authorization": f"Bearer {nobody}"}
    assert web.ask("GET", "/api/v1/me", headers=headers).status_code == 401


ORIGIN, STRANGER = "https://news.example", "https://evil.example"


@pytest.fixture
def web_with_origin(quick: Web) -> Web:
    with db.transaction(quick.people.database) as session:
        session.merge(quick.people.site).origins = [ORIGIN]
    return quick


def test_pages_of_a_sites_origin_may_call_and_strangers_may_only_read(web_with_origin: Web):
    web = web_with_origin
    ask = {"Access-Control-Request-Method": "POST"}

    def allowed(origin: str, path: str) -> str | None:
        answer = web.client.options(path, headers={**ask, "Origin": origin})
        assert answer.status_code == 204
        assert answer.headers["Vary"] == "Origin"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        return answer.headers.get("Access-Control-Allow-Origin")

    for path in (f"{web.thread}/comments", f"/api/v1/comments/{web.people.site.id}/flags"):
        assert allowed(ORIGIN, path) == ORIGIN
        assert allowed(STRANGER, path) is None
    assert allowed(ORIGIN, "/api/v1/sites/other/stories/bridge/comments") is None
    assert allowed(ORIGIN, "/api/v1/sites/none/stories/bridge/comments") is None
    read = web.client.get(f"{web.thread}/comments", headers={"Origin": STRANGER})
    assert read.headers["Access-Control-Allow-Origin"] == "*"
    body = {"text": "Fair.", "client_id": "1"}
    for origin, expected in ((ORIGIN, ORIGIN), (STRANGER, None)):
        answer = web.ask("POST", "comments", body, by=web.people.ana, headers={"Origin": origin})
        assert answer.headers.get("Access-Control-Allow-Origin") == expected


def test_secure_addresses_get_secure_cookies_and_headers(sqlite):
    settings = replace(SETTINGS, base_url="https://testserver.local")
    with TestClient(make_app(sqlite, settings)) as client:
        answer = client.get("/sign-in", headers={"Accept": "text/html"})

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-comity-form=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))


def test_every_answer_carries_the_headers_that_protect_readers(quick: Web):
    quick.people.post()
    for path in (
        "/",
        "/sign-in",
        "/none/none",
        f"{quick.thread}/comments",
        "/api/v1/me",
        "/healthz",
    ):
        for _ in range(2):  # Also when at hand.
            headers = quick.client.get(path, headers={"Accept": "text/html"}).headers
            assert headers["X-Content-Type-Options"] == "nosniff", path
            assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin", path
            assert "camera=()" in headers["Permissions-Policy"], path
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, path
            assert "frame-ancestors 'none'" in policy, path
            assert "unsafe" not in policy, path
            assert "Server" not in headers, path
