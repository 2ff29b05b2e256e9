"""What operators see: health, readiness, counters, logs, the daily sweep, and a graceful end."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from litestar.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from comity import db
from comity.errors import SettingsError
from comity.logs import configure
from comity.web import ops
from tests.cast import BREAKS, INSULT, SWEARING, WEARY
from tests.web.conftest import SETTINGS, Web, make_app, problem


def test_a_server_that_runs_says_so(quick: Web):
    answer = quick.client.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_server_is_ready_when_it_can_judge_and_keep(web: Web):
    assert web.client.get("/readyz").text == "ready\n"


def test_a_server_with_a_detector_that_cannot_look_is_ready_and_says_so(quick: Web):
    def broken(_):
        raise FileNotFoundError

    newsroom = quick.rooms.newsroom
    newsroom.engine = replace(newsroom.engine, detectors={"encoder": broken})
    newsroom.blind = None

    answer = quick.client.get("/readyz")

    assert answer.status_code == 200
    assert "comments are held: encoder cannot look" in answer.text


def test_a_server_without_its_tables_is_not_ready(tmp_path):
    empty = db.connect(f"sqlite:///{tmp_path}/empty.db")

    with TestClient(make_app(empty)) as client:
        answer = client.get("/readyz")

        assert client.get("/healthz").status_code == 200
    assert answer.status_code == 503
    assert "comity init" in problem(answer)["remedy"]


def test_a_server_without_its_database_is_not_ready(sqlite):
    with TestClient(make_app(sqlite), raise_server_exceptions=False) as client:
        assert client.get("/readyz").status_code == 200
        missing = db.connect("sqlite:////none/of/this/exists.db")
        object.__setattr__(client.app.state.house, "database", missing)

        answer = client.get("/readyz")

    assert answer.status_code == 503
    assert problem(answer)["code"] == "unavailable"


def counted(web: Web) -> dict[str, float]:
    """What /metrics says, by name and labels."""
    text = web.client.get("/metrics", headers={"Authorization": "Bearer count"}).text
    return {
        f"{sample.name}{sorted(sample.labels.values())}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def open_web(quick: Web) -> Web:
    """A server whose counters this test may read."""
    object.__setattr__(quick.rooms, "settings", replace(SETTINGS, metrics_token="count"))
    return quick


def test_what_became_of_comments_is_counted_by_status_rule_and_detector(open_web: Web):
    for text in (
        "Fair.",
        f"You {INSULT}.",
        f"{SWEARING}!",
        f"{SWEARING} {SWEARING}",
        BREAKS,
        WEARY,
    ):
        open_web.post(text)

    found = counted(open_web)

    assert found["comity_comments_total['published']"] == 1
    assert found["comity_comments_total['held']"] == 3
    assert found["comity_care_total[]"] == 1
    assert found["comity_comments_total['rejected']"] == 2
    assert found["comity_rules_total['profanity']"] == 2
    assert found["comity_rules_total['personal_attack']"] == 1
    assert found["comity_undetermined_total['crashword']"] == 1
    route = "/api/v1/sites/{site}/stories/{key}/comments"
    assert found[f"comity_requests_total{sorted(['POST', route, '201'])}"] == 6
    assert found[f"comity_request_seconds_count['{route}']"] == 6


def test_neither_methods_nor_addresses_that_callers_invent_are_counted_apart(open_web: Web):
    for i in range(3):
        open_web.client.request(f"INVENTED{i}", "/api/v1/me")
        open_web.client.get(f"/none/{i}/none")

    found = counted(open_web)

    assert found[f"comity_requests_total{sorted(['other', 'none', '405'])}"] == 3
    assert found[f"comity_requests_total{sorted(['GET', 'none', '404'])}"] == 3


@pytest.mark.parametrize(
    ("token", "client", "headers", "status"),
    [
        ("", "127.0.0.1", {}, 200),
        ("", "::1", {}, 200),
        ("", "203.0.113.7", {}, 403),
        ("", "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("", "127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 403),
        ("", "unix", {}, 403),
        ("count", "203.0.113.7", {"Authorization": "Bearer count"}, 200),
        ("count", "127.0.0.1", {}, 403),
        ("count", "127.0.0.1", {"Authorization": "Bearer coun\xe9"}, 403),
    ],
)
def test_the_counters_are_for_this_machine_or_for_who_has_the_token(
    sqlite, token: str, client: str, headers: dict[str, str], status: int
):
    app = make_app(sqlite, replace(SETTINGS, metrics_token=token))

    async def called_from(scope, receive, send):
        if scope["type"] == "http":
            scope["client"] = (client, 5)
        await app(scope, receive, send)

    with TestClient(called_from) as caller:
        raw = {name: value.encode("latin-1") for name, value in headers.items()}
        assert caller.get("/metrics", headers=raw).status_code == status


def test_a_log_tells_of_writes_and_refusals_without_words_names_or_whole_addresses(quick: Web):
    with capture_logs() as logs:
        quick.post("My cousin lives at number nine.")
        quick.ask("POST", "comments", {"text": "nine"}, by=quick.people.ana)
        quick.read()
        answer = quick.ask("GET", "comments", params={"sort": "oldest"})

    told = [entry for entry in logs if entry["event"] == "request"]
    assert [(entry["method"], entry["status"], entry["log_level"]) for entry in told[:2]] == [
        ("POST", 201, "info"),
        ("POST", 400, "info"),
    ]
    assert {entry["log_level"] for entry in told[2:]} == {"debug"}
    assert told[-1]["request_id"] == answer.headers["X-Request-Id"]
    assert set(told[0]) == {
        "event",
        "log_level",
        "request_id",
        "method",
        "route",
        "status",
        "milliseconds",
        "caller",
    }
    assert "nine" not in str(logs)
    assert "Ana" not in str(logs)


@pytest.mark.parametrize("format", ["json", "text"])
def test_logs_are_lines_of_json_or_of_text_without_anybodys_words(format: str):
    script = f"""
import logging, structlog
from comity.logs import configure
from comity.settings import Settings
configure(Settings(log_format={format!r}, log_level="info"))
structlog.get_logger().debug("too small")
structlog.get_logger().info("request", status=200)
try:
    raise ValueError("a reader's words")
except ValueError:
    logging.getLogger("uvicorn.error").exception("broken")
"""
    lines = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stderr.splitlines()

    assert len(lines) == 2
    if format == "json":
        assert [json.loads(line)["event"] for line in lines] == ["request", "broken"]
        assert json.loads(lines[1])["error"] == "ValueError"
    assert "status" in lines[0]
    assert "words" not in "".join(lines)


def test_a_log_file_is_of_one_day_and_is_removed_when_its_time_is_up(tmp_path: Path):
    today = tmp_path / "comity.log"
    now = datetime.now(UTC)
    for path, days in (
        (today, 1),  # As if the process wrote to it last yesterday.
        (tmp_path / "comity.log.2026-02-03", 8),
        (tmp_path / "comity.log.2026-02-04", 6),
        (tmp_path / "comity.log.md", 99),
    ):
        path.write_text("an earlier line\n", encoding="utf-8")
        then = (now - timedelta(days=days)).timestamp()
        os.utime(path, (then, then))
    script = f"""
import logging, structlog
from comity.logs import configure
from comity.settings import Settings
names = {{"log_file": {str(today)!r}, "log_format": "json", "log_level": "debug"}}
configure(Settings(retain_log_days=7, **names))
structlog.get_logger().debug("request", status=200)
logging.getLogger("uvicorn.error").info("started")
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert (ran.stdout, ran.stderr) == ("", "")
    lines = [json.loads(line) for line in today.read_text(encoding="utf-8").splitlines()]
    assert [(line["event"], line["level"]) for line in lines] == [
        ("request", "debug"),
        ("started", "info"),
    ]
    assert lines[0]["status"] == 200
    assert today.stat().st_mode & 0o777 == 0o600
    yesterday = f"comity.log.{now - timedelta(days=1):%Y-%m-%d}"
    kept = {"comity.log", "comity.log.2026-02-04", "comity.log.md", yesterday}
    assert {path.name for path in tmp_path.iterdir()} == kept
    assert (tmp_path / yesterday).read_text(encoding="utf-8") == "an earlier line\n"


@pytest.mark.parametrize(
    "wrong", [{"log_file": "/none/such/comity.log"}, {"log_file": "x.log", "retain_log_days": 0}]
)
def test_a_log_file_that_cannot_be_kept_is_refused(wrong: dict[str, object]):
    with pytest.raises(SettingsError) as refused:
        configure(replace(SETTINGS, **wrong))

    assert refused.value.field == f"COMITY_{list(wrong)[-1].upper()}"


@pytest.mark.parametrize("wrong", [{"log_format": "xml"}, {"log_level": "loud"}])
def test_a_log_setting_that_is_none_is_refused(wrong: dict[str, str]):
    with pytest.raises(SettingsError) as refused:
        configure(replace(SETTINGS, **wrong))

    assert refused.value.field == f"COMITY_{next(iter(wrong)).upper()}"


def test_the_sweep_erases_counts_and_logs(web: Web):
    with capture_logs() as logs:
        ops.sweep(web.rooms)

    (told,) = [entry for entry in logs if entry["event"] == "retention swept"]
    assert all(isinstance(told[kind], int) for kind in set(told) - {"event", "log_level"})


def test_a_sweep_that_fails_is_logged_without_words_and_the_next_day_comes(quick: Web, monkeypatch):
    calls = []

    def fail(*_: object, **__: object) -> dict[str, int]:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("a reader's words")
        return {"cases": 3}

    monkeypatch.setattr(ops.retaining, "sweep", fail)

    async def two_days() -> None:
        sweeping = asyncio.create_task(ops.sweep_daily(quick.rooms, first=0, pause=0))
        while len(calls) < 3:  # noqa: ASYNC110  It is counted in a thread.
            await asyncio.sleep(0)
        sweeping.cancel()

    with capture_logs() as logs:
        asyncio.run(two_days())

    assert logs[0]["event"] == "retention failed"
    assert logs[0]["error"] == "RuntimeError"
    assert "words" not in str(logs)
    assert {**logs[1], "cases": 3} == logs[1]
    erased = quick.rooms.metrics.registry.get_sample_value("comity_erased_total", {"kind": "cases"})
    assert erased >= 3


def test_an_answer_under_way_is_finished_when_the_server_is_told_to_stop(tmp_path):
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COMITY_")},
        "COMITY_DATABASE_URL": f"sqlite:///{tmp_path}/comity.db",
        "COMITY_PORT": "0",
    }
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "comity", "serve"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        lines = iter(server.stderr)
        port = next(int(m[1]) for line in lines if (m := re.search(r"http://[^:]*:(\d+)", line)))
        body = b'{"name":"Dora","login":"dora","password":"correct horse"}'
        with socket.create_connection(("127.0.0.1", port), timeout=20) as caller:
            caller.sendall(
                b"POST /api/v1/accounts HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
            )
            assert b"100 Continue" in caller.recv(1000)  # A handler waits for the body.
            server.send_signal(signal.SIGTERM)
            next(line for line in lines if "Shutting down" in line)
            caller.sendall(body)
            answer = caller.recv(10_000)
        assert b"201 Created" in answer
        assert server.wait(20) in {0, -signal.SIGTERM}
    finally:
        server.kill()
        server.wait()
        server.stderr.close()
    stored = db.connect(environment["COMITY_DATABASE_URL"])
    with stored.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM users").scalar() == "Dora"
    stored.dispose()
