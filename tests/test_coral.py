"""Coral's external moderation phase: signed as Coral signs, answered as Coral reads."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter

import pytest
from httpx import Response
from litestar.testing import TestClient

from comity import coral
from comity.detectors import Engine
from comity.settings import Settings
from comity.web.alone import create_app
from tests import cast

SECRET = "empsec_0123456789abcdef"
SETTINGS = Settings(coral_secret=SECRET)


class Coral:
    """Coral, which asks about comments."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def ask(self, body: str, *, sign: str | None = None, raw: bytes | None = None) -> Response:
        """Ask about a comment, as `external.ts` does."""
        asked = {
            "action": "NEW",
            "comment": {"body": body, "parentID": None},
            "author": {"id": "a", "role": "COMMENTER"},
            "story": {"id": "s", "url": "https://news.example/bridge"},
            "site": {"id": "main"},
            "tenantID": "t",
            "tenantDomain": "comments.example",
        }
        content = json.dumps(asked, indent=2).encode() if raw is None else raw
        headers = {
            "Content-Type": "application/json",
            "X-Coral-Signature": coral.signature(SECRET, content) if sign is None else sign,
            "User-Agent": "Coral Moderation/9.11.8",
        }
        return self.client.post("/coral/moderate", content=content, headers=headers)


def serve(engine: Engine = cast.ENGINE, settings: Settings = SETTINGS) -> Iterator[Coral]:
    with TestClient(create_app(settings, engine, cast.GUIDELINES)) as client:
        yield Coral(client)


@pytest.fixture(scope="module")
def asking() -> Iterator[Coral]:
    yield from serve()


def test_a_fair_comment_is_left_to_the_rest_of_corals_pipeline(asking):
    answer = asking.ask("The bridge is fine.")

    assert (answer.status_code, answer.json()) == (200, {})


def test_a_held_comment_is_withheld_and_flagged(asking):
    answer = asking.ask(f"You {cast.INSULT}.")

    assert answer.json() == {
        "status": "SYSTEM_WITHHELD",
        "actions": [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}],
        "moderationAction": {"status": "SYSTEM_WITHHELD"},
    }


def test_a_rejected_comment_is_rejected_with_the_rule_and_the_words(asking):
    answer = asking.ask(f"What {cast.SWEARING}!")

    body = answer.json()
    assert body["status"] == "REJECTED"
    reason = body["moderationAction"]["rejectionReason"]
    assert reason["code"] == "OFFENSIVE"
    assert "No swearing" in reason["detailedExplanation"]
    assert cast.SWEARING in reason["detailedExplanation"]
    assert "tags" not in body
    assert "" not in reason.values()


@pytest.mark.parametrize("text", [f"Hm {cast.BREAKS}", "a" * (coral.LONGEST + 1)])
def test_what_was_not_judged_is_withheld_and_not_called_toxic(asking, text):
    assert asking.ask("Hm.").json() == {}

    body = asking.ask(text).json()

    assert body["status"] == "SYSTEM_WITHHELD"
    assert "actions" not in body


def test_what_takes_too_long_is_withheld_in_time():
    released = threading.Event()
    released.set()

    def slow(_):
        released.wait(20)
        return []

    engine = replace(cast.ENGINE, detectors={**cast.ENGINE.detectors, "slow": slow})
    for asking in serve(engine):
        assert asking.ask("Hm.").json() == {}
        released.clear()
        started = perf_counter()
        body = asking.ask("Hm.").json()
        took = perf_counter() - started
        released.set()

    assert body["status"] == "SYSTEM_WITHHELD"
    assert 0.5 < took < 3  # Seconds: 0.7, and what a busy machine adds.


@pytest.mark.parametrize(
    "html",
    [
        f"<div>You <b>{cast.INSULT[:4]}</b>{cast.INSULT[4:]}.</div>",
        f"Fair.<br>You&nbsp;{cast.INSULT}<br/>",
        f"<p>You</p><p>{cast.INSULT}</p>",
    ],
)
def test_html_is_read_as_its_reader_sees_it(asking, html):
    assert asking.ask("<div>The <b>bridge</b> is fine.</div>").json() == {}

    assert asking.ask(html).json()["status"] == "SYSTEM_WITHHELD"


def test_plain_text_is_read_as_it_is():
    assert coral.plain("I <3 it, a < b & c > d") == "I <3 it, a < b & c > d"
    assert coral.plain("<div>I &lt;3<br>it</div>") == "I <3\nit"


def test_only_who_knows_the_secret_is_answered(asking):
    body = f"You {cast.INSULT}."
    assert asking.ask(body).status_code == 200

    for sign in ("", "sha256=", coral.signature("other", b"{}"), "sha256=" + "0" * 64):
        answer = asking.ask(body, sign=sign)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "not_signed_in"
        assert SECRET not in answer.text


def test_secrets_may_be_changed_one_after_the_other():
    for asking in serve(settings=replace(SETTINGS, coral_secret=f"new,{SECRET}")):
        raw = b'{"action":"EDIT","comment":{"body":"Fair."}}'
        for secrets in (["new"], [SECRET], ["gone", "new"]):
            sign = ",".join(coral.signature(secret, raw) for secret in secrets)
            assert asking.ask("", raw=raw, sign=sign).status_code == 200
        assert asking.ask("", raw=raw, sign=coral.signature("gone", raw)).status_code == 401


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"action":1}',
        b'{"action":"NEW","comment":{"body":1}}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_coral_never_sends_is_refused(asking, raw):
    answer = asking.ask("", raw=raw)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_input"


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "<br>",
        "\0",
        "\ud83d",
        "\x01<br>\x02",
        "\ufffe<p>\x7f",
        "<div>" * 5_000,
        "<!--",
        "&#0;",
        "&#x;",
    ],
)
def test_an_empty_or_broken_body_does_no_harm(asking, body):
    assert asking.ask(body).status_code == 200
