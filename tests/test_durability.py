"""A real server, killed while it takes comments: what it acknowledged is there, whole."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Semaphore

import httpx
from sqlalchemy import Engine, func, select

from comity import db
from comity.models import CaseRow, Comment, Decision
from tests.cast import Cast

WRITERS, ENOUGH = 4, 24
TEXTS = (
    "The bridge is fine, and the trams over it are on time.",
    "You are an idiot, and so is everybody who voted for the bridge.",
    "Why does nobody ask what the bridge costs each winter?",
)
LISTENS = re.compile(r"running on (http://127\.0\.0\.1:\d+)")


@contextmanager
def server(database: Engine, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `comity serve` on a port that the system chooses; yield the process and its address."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")}
    environ |= {
        "COMITY_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "COMITY_SECRET": "a secret of more than 32 characters",
        "COMITY_PORT": "0",
        "COMITY_POSTS_PER_MINUTE": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "comity", "serve", *options],
        env=environ,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, address(process)
    finally:
        process.kill()
        process.communicate()


def address(process: subprocess.Popen[str]) -> str:
    """Read what the server says until it says where it listens."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        if found := LISTENS.search(line):
            return found[1]
        said.append(line)
    raise AssertionError("".join(said))


def register(url: str) -> str:
    """Make an account and return its token."""
    account = {"name": "Wanda", "login": "wanda", "password": "a long enough password"}
    answer = httpx.post(f"{url}/api/v1/accounts", json=account)
    assert answer.is_success, answer.text
    return str(answer.json()["token"])


def post_until_it_dies(url: str, token: str, writer: int, taken: Semaphore) -> dict[str, str]:
    """Post one comment after another; return the status of each that was acknowledged, by id."""
    acknowledged = {}
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as client:
        for number in range(10_000):
            text = f"{TEXTS[number % len(TEXTS)]} {writer}, {number}"
            body = {"text": text, "client_id": f"{writer}-{number}"}
            try:
                answer = client.post(f"{url}/api/v1/sites/main/stories/bridge/comments", json=body)
            except httpx.TransportError:
                break
            assert answer.status_code == 201, answer.text
            acknowledged[answer.json()["id"]] = answer.json()["status"]
            taken.release()
    return acknowledged


def test_a_server_killed_while_readers_post_loses_nothing_that_it_acknowledged(
    database: Engine,
    people: Cast,
):
    taken = Semaphore(0)
    with server(database) as (process, url), ThreadPoolExecutor(WRITERS) as pool:
        token = register(url)
        posting = [
            pool.submit(post_until_it_dies, url, token, writer, taken) for writer in range(WRITERS)
        ]
        for _ in range(ENOUGH):
            assert taken.acquire(timeout=60)
        process.send_signal(signal.SIGKILL)
        acknowledged = {id: status for each in posting for id, status in each.result().items()}

    assert len(acknowledged) >= ENOUGH
    assert len(set(acknowledged.values())) > 1
    with db.reading(database) as session:
        comments = session.scalars(select(Comment)).all()
        known = {str(comment.id): comment.status.value for comment in comments}
        for comment in comments:
            decision = session.get_one(Decision, comment.decision_id)
            case = session.get_one(CaseRow, decision.case_id)
            assert (decision.comment_id, decision.status) == (comment.id, comment.status)
            assert (case.comment_id, case.revision) == (comment.id, comment.revision)
        cases = session.scalar(select(func.count(CaseRow.id)))
        decisions = session.scalar(select(func.count(Decision.id)))
    assert acknowledged.items() <= known.items()
    assert len(known) <= len(acknowledged) + WRITERS  # Those whose answer was still on its way.
    assert cases == decisions == len(known)
