"""`comity perspective`, and the same door beside comments in `comity serve`."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def running(*words: str, **environ: str) -> Iterator[str]:
    """The command in a process of its own, on a free port; its address."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "comity", "perspective", *words],
        env={**clean, "COMITY_PORT": "0", **environ},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        found = (re.search(r"running on http://[^:]*:(\d+)", line) for line in server.stderr)
        port = next(match[1] for match in found if match)
        yield f"http://127.0.0.1:{port}{ASK}"
    finally:
        server.terminate()
        server.communicate()


def status(url: str, key: str | None = None) -> int:
    params = {} if key is None else {"key": key}
    return httpx.post(url, params=params, json=question(INSULT), timeout=30).status_code


def test_without_keys_this_machine_is_served(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with running() as url:
        assert status(url) == status(url, "any") == 200

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "comments.example"])
def test_without_keys_the_world_is_not(host):
    refused = CliRunner().invoke(main, ["perspective", "--host", host])

    assert refused.exit_code == 2
    assert "COMITY_PERSPECTIVE_KEYS" in refused.stderr
    assert "127.0.0.1" in refused.stderr


def test_keys_and_quota_come_from_options(tmp_path):
    path = tmp_path / "keys"
    path.write_text(f"{KEY}  # the forum\n\nsecond\n")

    with running("--host", "0.0.0.0", "--keys", str(path), "--quota", "1") as url:
        assert [status(url, key) for key in (KEY, KEY, "second")] == [200, 429, 200]
        assert [status(url, key) for key in (None, "forum")] == [403, 400]


def test_keys_come_from_the_environment_and_its_files(tmp_path):
    path = tmp_path / "keys"
    path.write_text(f"{KEY}, second\n")

    with running("--host", "0.0.0.0", COMITY_PERSPECTIVE_KEYS_FILE=str(path)) as url:
        assert [status(url, key) for key in (KEY, "second", "third")] == [200, 200, 400]
    assert keys_of(f"{KEY} # the forum\n\n second,third") == {KEY, "second", "third"}


def test_a_keys_file_that_is_not_there_is_named(tmp_path):
    result = CliRunner().invoke(main, ["perspective", "--keys", str(tmp_path / "none")])

    assert result.exit_code == 2
    assert "--keys" in result.stderr


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
