"""A server in this process over either database, with the cast in front of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import Engine

from comity.models import User
from comity.settings import Settings
from comity.web.app import create_app
from comity.web.auth import READER, SESSION
from comity.web.house import House
from tests import cast
from tests.cast import Cast

ORIGIN = "https://news.example"
SETTINGS = Settings(
    secret="a secret of more than 32 characters",
    base_url="http://testserver.local",
    sso_secret="another secret, shared by two, also long",
    publisher="The Test",
    posts_per_minute=0,
    previews_per_minute=0,
    sign_ins_per_minute=0,
    requests_per_minute=0,
)


@dataclass
class Web:
    """The server and the people who call it."""

    client: TestClient[Litestar]
    rooms: House
    people: Cast
    thread: str = "/api/v1/sites/main/stories/bridge"
    headers: dict[str, str] = field(default_factory=dict)

    def token(self, user: User) -> str:
        """A reader's token."""
        return self.rooms.signer.issue(READER, user.id, user.epoch, now=datetime.now(tz=UTC))

    def bearer(self, user: User) -> dict[str, str]:
        """The header that names a reader."""
        return {"Authorization": f"Bearer {self.token(user)}"}

    def session(self, user: User) -> dict[str, str]:
        """The cookie of a session."""
        token = self.rooms.signer.issue(SESSION, user.id, user.epoch, now=datetime.now(tz=UTC))
        return {"Cookie": f"{self.rooms.cookie_name}={token}"}

    def ask(
        self, method: str, path: str, json: Any = None, *, by: User | None = None, **more: Any
    ) -> Response:
        """Call an address of the API as somebody; below the story's where it is not absolute."""
        headers = {**(self.bearer(by) if by else {}), **more.pop("headers", {})}
        url = path if path.startswith("/") else f"{self.thread}/{path}"
        return self.client.request(method, url, json=json, headers=headers, **more)

    def post(
        self, text: str = "The bridge is fine.", *, by: User | None = None, **more: Any
    ) -> Any:
        """Post a comment, Ana's unless told otherwise, and return the answer's body."""
        body = {"text": text, "client_id": f"click {next(cast.CLICKS)}", **more}
        answer = self.ask("POST", "comments", body, by=by or self.people.ana)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def read(self, **query: str) -> Any:
        """Read the public thread."""
        answer = self.ask("GET", "comments", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()


def problem(answer: Response) -> dict[str, str]:
    """The problem that an answer names, in the one shape and with nothing beside it."""
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) <= {"code", "message", "field", "remedy", "until"}
    assert body["error"]["code"]
    assert body["error"]["message"]
    return body["error"]


def make_app(database: Engine, settings: Settings = SETTINGS) -> Litestar:
    """A server with the detectors and guidelines of the cast."""
    app = create_app(settings, database, cast.ENGINE)
    app.state.house.newsroom.packaged = cast.GUIDELINES
    return app


def serve(database: Engine, people: Cast, settings: Settings = SETTINGS) -> Iterator[Web]:
    """Serve until the test is over."""
    app = make_app(database, settings)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Web(client, app.state.house, people)


@pytest.fixture
def web(database: Engine, people: Cast) -> Iterator[Web]:
    """The server over either database."""
    yield from serve(database, people)


@pytest.fixture
def quick(sqlite: Engine) -> Iterator[Web]:
    """The server over SQLite only, for what does not depend on the database."""
    yield from serve(sqlite, cast.everybody(sqlite, cast.newsroom()))


NOBODY = UUID(int=0)
