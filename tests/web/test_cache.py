"""The public thread as ready-made bytes: quick, never stale, built by one builder at a time."""

import asyncio
import threading

import pytest
from sqlalchemy import Engine

from comity.errors import NotFound
from comity.web import cache
from comity.web.cache import Document, Key, Threads
from comity.web.glance import Glance
from tests.cast import Cast
from tests.web.conftest import Web
from tests.web.test_routes import Walk, routes


def test_who_has_the_page_already_is_told_so_without_a_body(web: Web):
    web.post()
    first = web.ask("GET", "comments")

    again = web.ask("GET", "comments", headers={"If-None-Match": first.headers["ETag"]})
    weak = web.ask("GET", "comments", headers={"If-None-Match": f'"x", W/{first.headers["ETag"]}'})
    web.post("Another.")
    changed = web.ask("GET", "comments", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert weak.status_code == 304
    assert again.headers["ETag"] == first.headers["ETag"]
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("query", [{}, {"sort": "oldest"}, {"sort": "newest", "after": "0" * 32}])
def test_the_page_says_that_everybody_may_keep_it_for_seconds(web: Web, query: dict[str, str]):
    for _ in range(2):  # Built, then at hand.
        answer = web.ask("GET", "comments", params=query)

        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert "s-maxage=5" in answer.headers["Cache-Control"]
        assert "public, max-age=0" in answer.headers["Cache-Control"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Vary" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_no_answer_that_caches_may_share_sets_a_cookie(quick: Web):
    walk = Walk(quick)
    assert "Set-Cookie" in quick.client.get("/sign-in").headers
    quick.client.cookies.clear()
    shared = set()
    for method, path, _ in routes(quick.client.app):
        if method != "GET":
            continue
        answer = quick.client.get(walk.path(path), follow_redirects=False)
        if answer.is_success and "public" in answer.headers.get("Cache-Control", ""):
            shared.add(path)
            assert "Set-Cookie" not in answer.headers, path
        quick.client.cookies.clear()
    assert "Set-Cookie" not in quick.client.get("/api/openapi.json").headers

    thread = "/api/v1/sites/{site}/stories/{key}/comments"
    assert {"/comity.js", "/static/{file_path}", thread} <= shared


def test_what_another_process_writes_is_read_at_once(web: Web):
    assert web.read()["items"] == []
    assert web.read()["items"] == []

    comment = web.people.post()  # By its own newsroom, past this server.

    assert [item["id"] for item in web.read()["items"]] == [str(comment.id)]


def test_the_element_and_the_plain_address_get_the_same_bytes(quick: Web):
    quick.post()

    answers = {
        quick.client.get(f"{quick.thread}/comments{query}").content
        for query in ("", "?sort=newest", "?sort=newest&", "?after=", "?x=1")
    }

    assert len(answers) == 1


def test_every_answer_of_the_hot_address_is_counted(quick: Web):
    for _ in range(3):
        quick.read()

    assert (
        quick.rooms.metrics.registry.get_sample_value(
            "comity_requests_total",
            {
                "route": "/api/v1/sites/{site}/stories/{key}/comments",
                "method": "GET",
                "status": "200",
            },
        )
        == 3
    )


class Builder:
    """Builds a page as slowly as the test lets it."""

    def __init__(self) -> None:
        self.built: list[Key] = []
        self.version = 1
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, key: Key) -> Document:
        self.built.append(key)
        version = self.version
        self.gate.wait(5)
        return Document.of(version, b"x" * 100)


@pytest.fixture
def builder() -> Builder:
    return Builder()


class Versions(Glance):
    """The versions of stories, as the test says."""

    def __init__(self, builder: Builder, database: Engine) -> None:
        super().__init__(database)
        self.builder = builder

    async def version(self, site: str, key: str) -> int | None:
        return None if key == "none" else self.builder.version


@pytest.fixture
def threads(builder: Builder, sqlite: Engine) -> Threads:
    return Threads(Versions(builder, sqlite), builder)


def test_a_page_is_built_once_for_all_who_ask_at_the_same_time(threads: Threads, builder: Builder):
    async def scene() -> list[Document]:
        builder.gate.clear()
        asked = [asyncio.create_task(threads.get(Key("main", "a"))) for _ in range(20)]
        await asyncio.sleep(0)
        builder.gate.set()
        return await asyncio.gather(*asked)

    pages = asyncio.run(scene())

    assert len(set(pages)) == 1
    assert len(builder.built) == 1


def test_who_asks_after_a_change_does_not_get_the_page_that_was_begun_before(
    threads: Threads, builder: Builder
):
    async def scene() -> tuple[Document, Document]:
        builder.gate.clear()
        early = asyncio.create_task(threads.get(Key("main", "a")))
        while not builder.built:  # noqa: ASYNC110  A thread builds.
            await asyncio.sleep(0)
        builder.version = 2
        late = asyncio.create_task(threads.get(Key("main", "a")))
        while len(builder.built) < 2:  # noqa: ASYNC110  A thread builds.
            await asyncio.sleep(0)
        builder.gate.set()
        return await early, await late

    early, late = asyncio.run(scene())

    assert (early.version, late.version) == (1, 2)
    assert threads.kept[Key("main", "a")].version == 2


def test_a_reader_who_leaves_does_not_stop_the_building(threads: Threads, builder: Builder):
    async def scene() -> Document:
        builder.gate.clear()
        leaving = asyncio.create_task(threads.get(Key("main", "a")))
        while not builder.built:  # noqa: ASYNC110  A thread builds.
            await asyncio.sleep(0)
        staying = asyncio.create_task(threads.get(Key("main", "a")))
        await asyncio.sleep(0)
        leaving.cancel()
        builder.gate.set()
        return await staying

    assert asyncio.run(scene()).body
    assert len(builder.built) == 1


def test_a_failed_building_is_told_and_tried_again(threads: Threads, builder: Builder):
    def fail(_: Key) -> Document:
        raise RuntimeError("The disk is gone.")

    threads.build = fail
    with pytest.raises(RuntimeError):
        asyncio.run(threads.get(Key("main", "a")))
    threads.build = builder

    assert asyncio.run(threads.get(Key("main", "a"))).body
    assert threads.building == {}


def test_there_is_no_page_of_a_story_that_is_not_there(threads: Threads):
    with pytest.raises(NotFound):
        asyncio.run(threads.get(Key("main", "none")))


def test_the_least_recently_read_pages_make_room(threads: Threads, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "BYTES_KEPT", 300)

    async def scene() -> None:
        for story in ("a", "b", "c", "a", "d"):
            await threads.get(Key("main", story))

    asyncio.run(scene())

    assert [key.story for key in threads.kept] == ["c", "a", "d"]
    assert threads.size == 300


def test_later_pages_do_not_push_out_first_ones(threads: Threads):
    async def scene() -> None:
        await threads.get(Key("main", "a"))
        for place in ("x", "y"):
            assert (await threads.get(Key("main", "a", after=place))).body

    asyncio.run(scene())

    assert list(threads.kept) == [Key("main", "a")]
    assert threads.size == 100


def test_a_page_at_hand_needs_a_database_file_of_this_machine(people: Cast):
    glance = Glance(people.database)
    glance.open()

    found = glance.version_now("main", "bridge")
    later = asyncio.run(glance.version("main", "bridge"))
    glance.close()

    is_file = people.database.dialect.name == "sqlite"
    assert (found is not None) is is_file
    assert later is not None
