"""`comity perspective`, and the same door beside comments in `comity serve`."""

from dataclasses import replace

import httpx
import pytest
from click.testing import CliRunner
from litestar.testing import TestClient

from comity import coral
from comity.cli import main
from comity.web.perspective import keys_of
from tests import cast
from tests.perspective.conftest import FAIR, INSULT, KEY, Door, question, value
from tests.web import conftest as web

ASK = "/v1alpha1/comments:analyze"


@pytest.fixture
def started(monkeypatch):
    """The command, and the settings that a server was started with."""
    found: list[dict] = []
    monkeypatch.setattr("uvicorn.run", lambda app, **more: found.append({"app": app, **more}))

    def start(*words: str, **environ: str):
        with monkeypatch.context() as inner:
            for name, text in environ.items():
                inner.setenv(name, text)
            return CliRunner().invoke(main, ["perspective", *words]), found

    return start


def test_without_keys_only_this_machine_is_served(started):
    result, found = started("--port", "8999")
    assert result.exit_code == 0, result.output
    assert (found[0]["host"], found[0]["port"]) == ("127.0.0.1", 8999)
    assert Door(TestClient(found[0]["app"])).ask(question(INSULT), key=None).status_code == 200

    refused, _ = started("--host", "0.0.0.0")

    assert refused.exit_code == 2
    assert len(found) == 1
    assert "COMITY_PERSPECTIVE_KEYS" in refused.stderr
    assert "127.0.0.1" in refused.stderr


def test_keys_come_from_the_environment_or_a_file(started, tmp_path):
    path = tmp_path / "keys"
    path.write_text(f"{KEY}  # the forum\n\nsecond\n")

    for words, environ in (
        (("--keys", str(path)), {}),
        ((), {"COMITY_PERSPECTIVE_KEYS": KEY}),
        ((), {"COMITY_PERSPECTIVE_KEYS_FILE": str(path)}),
    ):
        result, found = started("--host", "0.0.0.0", *words, **environ)
        assert result.exit_code == 0, result.output
        door = Door(TestClient(found[-1]["app"]))
        assert door.ask(question(INSULT)).status_code == 200
        assert door.ask(question(INSULT), key=None).status_code == 403
        assert door.ask(question(INSULT), key="forum").status_code == 400
    assert keys_of(path.read_text()) == {KEY, "second"}


def test_a_keys_file_that_is_not_there_is_named(started, tmp_path):
    result, _ = started("--keys", str(tmp_path / "none"))

    assert result.exit_code == 2
    assert "--keys" in result.stderr


def test_the_quota_is_told_by_an_option(started):
    _, found = started("--quota", "1")
    door = Door(TestClient(found[0]["app"]))

    assert [door.ask(question(FAIR)).status_code for _ in range(2)] == [200, 429]


def test_the_server_says_that_it_is_alive_ready_and_what_it_counted(door, address):
    assert door.client.get("/healthz").text == "ok\n"
    assert door.client.get("/readyz").text == "ready\n"
    assert door.client.get("/metrics").status_code == 403  # Not of this machine, as the test calls.
    httpx.post(f"{address}{ASK}", params={"key": KEY}, json=question(FAIR))
    counted = httpx.get(f"{address}/metrics").text
    assert f'comity_requests_total{{method="POST",route="{ASK}",status="200"}} 1.0' in counted


@pytest.fixture
def beside(sqlite):
    """Makes servers of comments with settings of a test's own."""

    def beside(**settings: str) -> TestClient:
        app = web.make_app(sqlite, replace(web.SETTINGS, **settings))
        return TestClient(app, raise_server_exceptions=False)

    return beside


def test_serve_opens_this_door_only_where_keys_are_set(beside):
    with beside(perspective_keys=KEY) as client:
        door = Door(client)
        opened = door.ask(question(f"You {cast.INSULT}."))
        assert door.ask(question(FAIR), key=None).status_code == 403
        assert client.get("/$discovery/rest").json()["id"] == "commentanalyzer:v1alpha1"
        assert client.get("/healthz").text == "ok\n"
    with beside() as client:
        closed = Door(client).ask(question(FAIR))

    assert opened.status_code == 200
    assert 0 < value(opened.json()) < 1
    assert closed.status_code in {403, 404}
    assert "attributeScores" not in closed.text


def test_serve_judges_for_coral_by_the_guidelines_in_force(beside):
    body = b'{"action":"NEW","comment":{"body":"You %s."}}' % cast.INSULT.encode()
    with beside(coral_secret="empsec_secret") as client:
        signature = coral.signature("empsec_secret", body)
        headers = {"X-Coral-Signature": signature}
        judged = client.post("/coral/moderate", content=body, headers=headers)
    with beside() as client:
        closed = client.post("/coral/moderate", content=body, headers=headers)

    assert judged.json()["status"] == "SYSTEM_WITHHELD"
    assert closed.status_code in {403, 404}
