"""A real server, a page of another origin that embeds it, and a real browser."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from comity import db
from comity.actions import sites, stories
from comity.importers.parts import Article
from comity.settings import Settings
from comity.web.app import create_app

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "a long enough password"
HOST_PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><title>A page elsewhere</title>
<meta name="viewport" content="width=device-width">
<style>:root {{ color-scheme: light dark }} body {{ max-width: 44rem; margin: 2rem auto }}</style>
<script type="module" src="{base}/comity.js"></script></head>
<body><main><h1>A story elsewhere</h1>
<comity-comments story="{story}" sort="{sort}"><p>What stood here before.</p></comity-comments>
</main></body></html>"""


@dataclass
class Served:
    """The server, and what a test needs to furnish it."""

    url: str
    host: str
    app: Any
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def rooms(self) -> Any:
        return self.app.state["house"]

    def story(self, key: str = "bridge", *, is_open: bool = True) -> str:
        key = f"{key}-{next(self.numbers)}"
        article = Article(
            headline="The old bridge closes for two years",
            body=["The council has voted to close the old bridge for repairs."],
        )
        now = datetime.now(UTC)
        with db.transaction(self.rooms.database) as session:
            site = sites.by_slug(session, "main")
            story = stories.save(
                session, self.rooms.newsroom, site=site, key=key, article=article, now=now
            )
            if not is_open:
                stories.set_open(
                    session, self.rooms.newsroom, story=story, is_open=False, by=None, now=now
                )
        return key

    def call(self, method: str, path: str, token: str = "", **sent: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = f"{self.url}/api/v1{path}"
        answer = httpx.request(method, address, json=sent or None, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def reader(self, name: str) -> str:
        """Return a reader's token; the reader is made when first named."""
        if name not in self.tokens:
            login = name.lower()
            self.call("POST", "/accounts", name=name, login=login, password=PASSWORD)
            got = self.call("POST", "/sessions", login=login, password=PASSWORD)
            self.tokens[name] = got["token"]
        return self.tokens[name]

    def post(self, story: str, name: str, text: str, reply_to: str | None = None) -> str:
        sent = {"text": text, "reply_to": reply_to, "client_id": f"test-{next(self.numbers)}"}
        token = self.reader(name)
        place = f"/sites/main/stories/{quote(story, safe='')}/comments"
        return self.call("POST", place, token, **sent)["id"]

    def page(self, story: str, **wishes: str) -> str:
        """Return the address of the page elsewhere that embeds a story's comments."""
        return f"{self.host}/?{urlencode({'story': story, **wishes})}"


class Announcing(uvicorn.Server):
    """A server that says when it answers."""

    ready: threading.Event

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        with elsewhere(url) as host:
            app = furnished(f"sqlite:///{tmp_path_factory.mktemp('browser')}/comity.db", url, host)
            with serving(app, door):
                yield Served(url, host, app)
            app.state["house"].database.dispose()


def furnished(database_url: str, url: str, host: str) -> Any:
    """Make the application, with one site that may be embedded elsewhere."""
    settings = Settings(
        database_url=database_url,
        secret="a secret of the browser tests, long enough",
        base_url=url,
        posts_per_minute=10_000,
        previews_per_minute=10_000,
        sign_ins_per_minute=10_000,
        judge_milliseconds=60_000,
    )
    database = db.connect(settings.database_url)
    db.migrate(database)
    app = create_app(settings, database)
    newsroom = app.state["house"].newsroom
    with db.transaction(database) as session:
        now = datetime.now(UTC)
        sites.create(session, newsroom, slug="main", name="Elsewhere", origins=[host], now=now)
    return app


@contextmanager
def serving(app: Any, door: socket.socket) -> Iterator[None]:
    """Answer at this door, from another thread."""
    server = Announcing(uvicorn.Config(app, log_config=None))
    server.ready = threading.Event()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    thread.start()
    try:
        assert server.ready.wait(20)
        yield
    finally:
        server.should_exit = True
        thread.join()


class elsewhere:  # noqa: N801  Reads as the place it opens.
    """A publisher's own web server, of another origin."""

    def __init__(self, base: str) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                wishes = {"lang": "en", "dir": "ltr", "sort": "newest", "story": ""}
                wishes |= {k: escape(v[0]) for k, v in parse_qs(urlsplit(self.path).query).items()}
                body = HOST_PAGE.format(base=base, **wishes).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def fair(served: Served) -> str:
    """Words that no rule minds, and that nobody has sent before: repeats are held."""
    return f"On day {next(served.numbers)} the council says that the old bridge is closed."


@pytest.fixture(scope="module")  # While it runs, no other test of this process can use asyncio.
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        why = f"There is no browser at {CHROMIUM}; install Debian's chromium to run these tests."
        (pytest.fail if os.environ.get("BROWSER_REQUIRED") else pytest.skip)(why)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


class Visitor:
    """Opens pages as nobody or as a reader, and sees that nothing breaks or leaks on them."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self.browser = browser
        self.served = served
        self.contexts: list[Any] = []
        self.faults: list[str] = []
        self.asked: set[str] = set()

    def arrive(self, *, name: str = "", width: int = 900, **wishes: Any) -> Page:
        """Open an empty page; `name` is signed in already."""
        size = {"width": width, "height": 900}
        context = self.browser.new_context(viewport=size, locale="en-GB", **wishes)
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.asked.add("/".join(request.url.split("/")[:3])))
        if name:
            token = {"token": self.served.reader(name), "expires_at": "2999-01-01T00:00:00Z"}
            kept = json.dumps(json.dumps(token))
            page.add_init_script(f"sessionStorage['comity:token:{self.served.url}'] = {kept}")
        return page

    def open(self, address: str, **wishes: Any) -> Page:
        """Open a page and wait for its comments."""
        page = self.arrive(**wishes)
        page.goto(address)
        settle(page)
        return page


def settle(page: Page) -> None:
    """Wait until the element has its comments, or has said why not."""
    page.locator("comity-comments section:not([aria-busy])").wait_for()


@pytest.fixture
def visitor(browser: Browser, served: Served) -> Iterator[Visitor]:
    visitor = Visitor(browser, served)
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert visitor.faults == []
    assert visitor.asked <= {served.url, served.host}
