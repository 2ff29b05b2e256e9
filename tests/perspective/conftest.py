"""A server of the Perspective protocol alone: in this process, and on a real port for clients."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme
import uvicorn
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from comity.settings import Settings
from comity.web.alone import create_app

KEY = "a-good-key"
SETTINGS = Settings(perspective_keys=f"{KEY}, another-key # of the other site", log_level="error")
FAIR = "The bridge is fine, and the council did well."
INSULT = "You are an idiot."


@dataclass
class Door:
    """The server, and how its callers ask."""

    client: TestClient[Litestar]

    def call(self, path: str, body: Any, *, key: str | None = KEY, **query: Any) -> Response:
        """Post a body, as JSON unless it is text or bytes already."""
        content = body if isinstance(body, str | bytes) else json.dumps(body)
        params = {**({"key": key} if key is not None else {}), **query}
        return self.client.post(path, content=content, params=params)

    def ask(self, body: Any, **more: Any) -> Response:
        """Call analyze."""
        return self.call("/v1alpha1/comments:analyze", body, **more)

    def suggest(self, body: Any, **more: Any) -> Response:
        """Call suggestscore."""
        return self.call("/v1alpha1/comments:suggestscore", body, **more)

    def scores(self, text: str, *attributes: str, **fields: Any) -> dict[str, Any]:
        """Return the body of an answer about a text."""
        answer = self.ask(question(text, *attributes, **fields))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def question(text: str, *attributes: str, **fields: Any) -> dict[str, Any]:
    """A request about a text."""
    asked = {name: {} for name in attributes or ("TOXICITY",)}
    return {"comment": {"text": text}, "requestedAttributes": asked, **fields}


def value(body: dict[str, Any], name: str = "TOXICITY") -> float:
    """The summary score of an attribute."""
    found: float = body["attributeScores"][name]["summaryScore"]["value"]
    return found


def serve(settings: Settings = SETTINGS, **more: Any) -> Iterator[Door]:
    """Serve in this process."""
    with TestClient(create_app(settings, **more), raise_server_exceptions=False) as client:
        yield Door(client)


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """The server, for all tests of a module."""
    yield from serve()


@pytest.fixture
def opened() -> Iterator[Callable[..., Door]]:
    """Makes servers with settings of a test's own."""
    made: list[Iterator[Door]] = []

    def opened(settings: Settings, **more: Any) -> Door:
        made.append(serve(settings, **more))
        return next(made[-1])

    yield opened
    for one in made:
        next(one, None)


@contextmanager
def listening(**more: Any) -> Iterator[int]:
    """A server on a real port, which is told."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # Who calls before it has started waits.
        config = uvicorn.Config(create_app(SETTINGS), log_config=None, **more)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a server on a real port."""
    with listening() as port:
        yield f"http://127.0.0.1:{port}"


@dataclass(frozen=True)
class Stand:
    """A server that stands where the real one stood, and the authority that vouches for it."""

    port: int
    authority: Path


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A server over TLS under the name of the real one."""
    folder = tmp_path_factory.mktemp("authority")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    issued = authority.issue_cert("commentanalyzer.googleapis.com")
    issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    with listening(ssl_certfile=folder / "server.pem") as port:
        yield Stand(port, folder / "authority.pem")
