"""A server of several processes: what one takes all show, what one spends is spent, none is missed.

A worker that is stopped answers nothing, so that it is known who does.
"""

import logging
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from comity.cli import main
from comity.commands.workers import cores, how_many
from comity.logs import DailyFile
from comity.settings import Settings
from comity.web.auth import CODE, Signer
from comity.web.limits import Limits
from tests.cast import Cast
from tests.test_durability import register, server
from tests.web.conftest import SETTINGS, Web

STARTED = re.compile(r"Application startup complete\. +process=(\d+)")
THREAD = "/api/v1/sites/main/stories/bridge/comments"
ROUTE = "/api/v1/sites/{site}/stories/{key}/comments"
SIGNER = Signer("a secret of more than 32 characters", "http://127.0.0.1:0")


def next_worker(process: subprocess.Popen[str]) -> int:
    """Read what the server says until another worker is ready; return its number."""
    assert process.stderr is not None
    return next(int(found[1]) for line in process.stderr if (found := STARTED.search(line)))


@contextmanager
def stopped(worker: int) -> Iterator[None]:
    """Let a worker rest, so that the other answers."""
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


def texts(url: str) -> list[str]:
    """The comments that the public thread shows."""
    return [root["html"] for root in httpx.get(f"{url}{THREAD}").json()["items"]]


def test_what_one_worker_takes_the_other_shows_and_neither_is_missed(
    database: Engine, people: Cast
):
    with server(database, "--workers", "2") as (process, url):
        one, other = next_worker(process), next_worker(process)
        bearer = {"Authorization": f"Bearer {register(url)}"}
        body = {"text": "The bridge is fine.", "client_id": "1"}

        with stopped(other):
            assert texts(url) == []  # From now on it is at hand there.
        with stopped(one):
            assert httpx.post(f"{url}{THREAD}", json=body, headers=bearer).status_code == 201
            assert len(texts(url)) == 1  # So the request before is over, and counted.
        with stopped(other):
            assert texts(url) == ['<p dir="auto">The bridge is fine.</p>']
            counted = httpx.get(f"{url}/metrics").text
        assert f'method="POST",route="{ROUTE}",status="201"}} 1.0' in counted

        os.kill(one, signal.SIGKILL)
        third = next_worker(process)
        with stopped(other):
            assert len(texts(url)) == 1

        process.send_signal(signal.SIGTERM)
        said = process.stderr.read() if process.stderr else ""
        assert process.wait(timeout=60) == 0
    assert {int(found) for found in re.findall(r"Finished server process \[(\d+)\]", said)} == {
        other,
        third,
    }
    for worker in (one, other, third):
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


def test_a_code_that_one_worker_took_is_void_at_the_other_and_all_end_with_the_first(quick: Web):
    ana = quick.people.ana
    with server(quick.rooms.database, "--workers", "2") as (process, url):
        one, other = next_worker(process), next_worker(process)
        code = SIGNER.issue(CODE, ana.id, ana.epoch, now=datetime.now(UTC))
        statuses = []
        for worker in (one, other):
            with stopped(worker):
                statuses.append(httpx.post(f"{url}/api/v1/token", json={"code": code}).status_code)
        assert statuses == [201, 401]

        process.kill()
        said = process.stderr.read() if process.stderr else ""  # Until nobody is left to speak.
    assert said.count("Finished server process") == 2


def test_each_worker_allows_its_share_of_what_is_promised():
    limits = Limits.of(replace(SETTINGS, workers=4, posts_per_minute=10, previews_per_minute=0))

    assert (limits.posts.times, limits.previews.times) == (3, 0)
    assert Limits.of(replace(SETTINGS, posts_per_minute=10)).posts.times == 10


def test_zero_workers_are_one_for_each_core():
    assert how_many(Settings(), None) == 1
    assert how_many(Settings(workers=3), None) == 3
    assert how_many(Settings(workers=3), 0) == how_many(Settings(workers=0), None) == cores()


def test_several_workers_cannot_share_a_database_in_memory(run, monkeypatch):
    monkeypatch.setenv("COMITY_DATABASE_URL", "sqlite://")

    refused = CliRunner().invoke(main, ["serve", "--workers", "2"])

    assert refused.exit_code == 2
    assert "COMITY_DATABASE_URL" in refused.stderr


def test_of_workers_that_write_one_log_the_first_puts_yesterdays_away(tmp_path: Path):
    path = tmp_path / "comity.log"
    path.write_text("yesterday\n", encoding="utf-8")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    os.utime(path, (yesterday.timestamp(), yesterday.timestamp()))
    kept = {"when": "midnight", "backupCount": 7, "encoding": "utf-8", "utc": True}
    workers = [DailyFile(str(path), **kept) for _ in range(2)]

    for said in ("a", "b", "c", "d"):
        workers[said in "bd"].emit(logging.makeLogRecord({"msg": said}))
    for worker in workers:
        worker.close()

    assert path.read_text(encoding="utf-8").split() == ["a", "b", "c", "d"]
    (past,) = tmp_path.glob("comity.log.*")
    assert past.name == f"comity.log.{yesterday:%Y-%m-%d}"
    assert past.read_text(encoding="utf-8") == "yesterday\n"
