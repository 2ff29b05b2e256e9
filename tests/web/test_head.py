"""HEAD is answered wherever GET is: the same status and headers, and no body."""

from litestar import Litestar
from litestar.types import Message, Scope

from tests.web.conftest import Web
from tests.web.test_routes import Walk, routes

CHANGING = {"x-request-id", "set-cookie"}


def said(answer) -> dict[str, str]:
    """The headers of an answer that do not differ from call to call."""
    return {name: value for name, value in answer.headers.items() if name not in CHANGING}


def test_every_route_that_answers_get_answers_head_alike(quick: Web):
    walk = Walk(quick)
    asked = 0
    for method, path, handler in routes(quick.client.app):
        if method != "GET" or path == "/metrics":  # The count itself grows by asking.
            continue
        walk.call("GET", path, handler, quick.people.mira)  # From here on a thread is at hand.
        get, head = (walk.call(one, path, handler, quick.people.mira) for one in ("GET", "HEAD"))
        asked += get.is_success
        assert head.status_code == get.status_code, path
        assert said(head) == said(get), path
        assert head.content == b"", path

    assert asked > 15


def test_head_of_a_thread_is_answered_at_hand_and_by_etag(quick: Web):
    quick.post()
    get = quick.ask("GET", "comments")

    for _ in range(2):
        head = quick.ask("HEAD", "comments")
        assert said(head) == said(get)
        assert int(head.headers["Content-Length"]) == len(get.content)
    same = quick.ask("HEAD", "comments", headers={"If-None-Match": get.headers["ETag"]})

    assert (same.status_code, same.content) == (304, b"")


def test_a_head_without_a_person_or_on_nothing_is_refused_like_a_get(quick: Web):
    for path, status in (
        ("/api/v1/me", 401),
        ("/none/none", 404),
        ("/api/v1/sessions", 405),
        ("/sign-out", 405),
    ):
        assert quick.client.head(path).status_code == status, path


def test_allow_names_head_where_it_names_get(quick: Web):
    for path, expected in (
        ("/healthz", {"GET", "HEAD", "OPTIONS"}),
        ("/sign-out", {"POST", "OPTIONS"}),
        (f"{quick.thread}/comments", {"GET", "HEAD", "POST", "OPTIONS"}),
    ):
        for method in ("OPTIONS", "DELETE"):
            answer = quick.client.request(method, path)
            allowed = answer.headers["Allow"].split(", ")
            assert answer.status_code == (204 if method == "OPTIONS" else 405)
            assert len(allowed) == len(set(allowed))
            assert set(allowed) == expected, (method, path)


def test_the_body_is_not_even_handed_to_the_server(quick: Web):
    quick.post()
    for path in (f"{quick.thread}/comments", f"{quick.thread}/comments", "/static/pages.css", "/"):
        with_body, without = (sent(quick, method, path) for method in ("GET", "HEAD"))
        assert with_body > 100, path
        assert without == 0, path


def sent(web: Web, method: str, path: str) -> int:
    """Call the application as a server does; return how many bytes of body it hands over."""
    app: Litestar = web.client.app
    bodies: list[bytes] = []
    scope: Scope = {  # type: ignore[typeddict-item]
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver.local")],
        "client": ("127.0.0.1", 1),
        "server": ("testserver.local", 80),
        "state": {},
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            bodies.append(message["body"])

    with web.client.portal() as portal:
        portal.call(app, scope, receive, send)
    assert bodies
    return len(b"".join(bodies))
