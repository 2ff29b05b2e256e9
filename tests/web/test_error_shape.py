"""Everything that is refused has one shape; it tells nothing of our insides or readers' words."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from comity.errors import Unavailable
from comity.web import api, threads
from tests import cast
from tests.web.conftest import SETTINGS, Web, problem, serve

SECRET_WORDS = "my cousin lives at number nine"


def test_an_unknown_address_is_not_found(quick: Web):
    for path in ("/api/v1/none", "/api/none", "/api", "/none/none/none/none", "/static/none.js"):
        answer = quick.client.get(path)
        assert answer.status_code == 404, path
        assert problem(answer)["code"] == "not_found"


def test_a_wrong_method_is_told_which_are_right(quick: Web):
    answer = quick.client.put("/api/v1/me")

    assert answer.status_code == 405
    assert problem(answer)["code"] == "method_not_allowed"
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[]", ""),
        (b"null", ""),
        (b"\xff", ""),
        (b'{"text":"a"}', "client_id"),
        (b'{"text":1,"client_id":"1"}', "text"),
        (b'{"text":"a","client_id":""}', "client_id"),
        (b'{"text":"a","client_id":"1","reply_to":"x"}', "reply_to"),
        (b'{"text":"a","client_id":"1","status":"published"}', "status"),
        (b'{"text":"a\\u0000","client_id":"1"}', "text"),
        (b'{"text":"\\ud800","client_id":"1"}', ""),
        (b"[" * 60_000, ""),
        (b'{"text":' * 8_000, ""),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_body_that_is_not_the_contracts_is_bad_input(quick: Web, body: bytes, named: str):
    ana = quick.people.ana
    headers = {**quick.bearer(ana), "Content-Type": "application/json"}
    good = b'{"text":"Fair.","client_id":"good"}'
    path = f"{quick.thread}/comments"
    assert quick.client.post(path, content=good, headers=headers).status_code == 201

    answer = quick.client.post(path, content=body, headers=headers)

    assert answer.status_code == 400
    found = problem(answer)
    assert found["code"] == "bad_input"
    assert found["remedy"]
    assert named in found.get("field", "") + found["message"]


def test_a_nul_is_told_in_words(quick: Web):
    bodies = [("comments", {"text": "a\0", "client_id": "1"}, "text")]
    bodies += [("comments", {"text": "a", "client_id": "\0"}, "client_id")]

    for path, body, field in bodies:
        found = problem(quick.ask("POST", path, body, by=quick.people.ana))
        assert found == {
            "code": "bad_input",
            "message": "A text cannot hold a NUL character.",
            "field": field,
            "remedy": "Remove it.",
        }


def test_a_form_is_not_taken_for_json(quick: Web):
    headers = {**quick.bearer(quick.people.ana), "Content-Type": "text/plain"}

    answer = quick.client.post(f"{quick.thread}/comments", content=b"text=a", headers=headers)

    assert answer.status_code in {400, 415}
    assert problem(answer)["code"] == "bad_input"


def test_a_body_over_the_limit_is_refused_whether_or_not_it_says_its_size(quick: Web):
    headers = {**quick.bearer(quick.people.ana), "Content-Type": "application/json"}
    path = f"{quick.thread}/comments"

    told = quick.client.post(path, content=b" " * 70_000, headers=headers)
    untold = quick.client.post(path, content=iter([b" " * 35_000] * 2), headers=headers)

    for answer in (told, untold):
        assert answer.status_code == 413
        assert problem(answer)["code"] == "too_large"


@pytest.mark.parametrize(
    "path",
    [
        "comments?sort=best",
        "comments?after=zzz",
        "comments?sort=replies&after=zzz",
        "comments?after=%00",
        "comments?after=" + "a" * 101,
        "/api/v1/sites/ma%00in/rules",
        "/api/v1/sites/main/stories/a%00b/comments",
    ],
)
def test_a_malformed_address_is_bad_input(quick: Web, path: str):
    answer = quick.ask("GET", path)

    assert answer.status_code == 400
    assert problem(answer)["code"] == "bad_input"


@pytest.mark.parametrize("id", ["x", "123", "0" * 40])
def test_an_id_that_is_none_is_not_found(quick: Web, id: str):
    answer = quick.ask("GET", f"/api/v1/comments/{id}")

    assert answer.status_code == 404
    assert problem(answer)["code"] == "not_found"


def test_nobody_is_told_to_sign_in(quick: Web):
    answer = quick.ask("GET", "/api/v1/me")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert problem(answer)["code"] == "not_signed_in"


def test_a_limit_says_when_to_come_back(sqlite, people):
    for web in serve(sqlite, people, settings_with(posts_per_minute=2)):
        assert [web.post()["status"] for _ in range(2)] == ["published"] * 2

        answer = web.ask("POST", "comments", {"text": "a", "client_id": "x"}, by=people.ana)

        assert answer.status_code == 429
        assert problem(answer)["code"] == "too_many"
        assert 1 <= int(answer.headers["Retry-After"]) <= 120
        web.post(by=people.bo)


def test_a_flood_from_one_neighbourhood_is_stopped_even_at_the_hot_address(sqlite, people):
    for web in serve(sqlite, people, settings_with(requests_per_minute=3)):
        answers = [web.ask("GET", "comments") for _ in range(5)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert problem(answers[-1])["code"] == "too_many"


@pytest.fixture
def people(sqlite):
    return cast.everybody(sqlite, cast.newsroom())


def settings_with(**changed: int):
    return replace(SETTINGS, **changed)


def test_what_breaks_here_tells_neither_stack_nor_words(quick: Web, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET_WORDS)

    monkeypatch.setattr(api.posting, "post", broken)

    with capture_logs() as logs:
        body = {"text": SECRET_WORDS, "client_id": "1"}
        answer = quick.ask("POST", "comments", body, by=quick.people.ana)

    assert answer.status_code == 500
    assert problem(answer)["code"] == "internal"
    assert SECRET_WORDS not in answer.text
    assert "Traceback" not in answer.text
    (told,) = [entry for entry in logs if entry["event"] == "failed"]
    assert told["error"] == "RuntimeError"
    assert any("api.py" in frame for frame in told["frames"])
    assert SECRET_WORDS not in str(logs)


def test_a_database_that_is_away_is_told_as_such(quick: Web, monkeypatch):
    def away(*_: object, **__: object) -> None:
        raise Unavailable("The database cannot take this just now; nothing was stored.")

    monkeypatch.setattr(threads.sites, "by_slug", away)

    answer = quick.ask("GET", "/api/v1/sites/main/rules")

    assert answer.status_code == 503
    assert problem(answer)["code"] == "unavailable"
    assert answer.headers["Retry-After"] == "1"


def test_people_get_a_page_and_programs_get_json(quick: Web):
    person = quick.client.get("/none/none/none", headers={"Accept": "text/html"})
    program = quick.client.get("/none/none/none")

    assert (person.status_code, program.status_code) == (404, 404)
    assert person.headers["Content-Type"].startswith("text/html")
    assert "There is nothing at this address." in person.text
    assert problem(program)["code"] == "not_found"


def test_a_form_without_its_token_is_refused(quick: Web):
    answer = quick.client.post("/sign-out", headers=quick.session(quick.people.ana))

    assert answer.status_code == 403
    assert problem(answer)["code"] == "forbidden"
