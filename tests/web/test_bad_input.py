"""Bad input at the door: refused with a reason, or stored and shown as harmless as it came."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from comity import db
from comity.actions import stories, users
from comity.importers.parts import Article
from comity.models import Comment, Site, Story
from tests import cast
from tests.cast import NOW
from tests.web.conftest import Web, problem

INJECTIONS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</p></article><h1>owned</h1>",
    "[click](javascript:alert(1)) ![x](x)",
    "{{ 1234 * 1001 }} ${1234*1001} <%= 7 %>",
    "javascript:alert(1)",
    "'; DROP TABLE comments; --",
]


def post(web: Web, **body: Any) -> Any:
    """Try to post as Ana."""
    return web.ask("POST", "comments", {"client_id": "bad", **body}, by=web.people.ana)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "nothing to read"),
        (" \n\t", "nothing to read"),
        ("\u200b\u2060", "nothing to read"),
        ("a" * 5_001, "5,001 characters"),
        ("a" * 20_001, "20,001 characters"),
        ("a\0b", "text"),
    ],
    ids=["empty", "blank", "invisible", "long", "20 kB", "NUL"],
)
def test_a_text_that_cannot_stand_is_refused_and_the_field_named(web: Web, text: str, named: str):
    assert post(web, text="Fair.", client_id="good").status_code == 201

    answer = post(web, text=text)

    assert answer.status_code == 400
    assert problem(answer)["code"] == "bad_input"
    assert "text" in problem(answer).get("field", "") + problem(answer)["message"]
    assert named in answer.text
    assert len(web.read()["items"]) == 1


@pytest.mark.parametrize("raw", [b'"\\ud800"', b'"\\udc00\\ud800"', b'"\xed\xa0\x80"'])
def test_half_a_character_is_refused(web: Web, raw: bytes):
    headers = {**web.bearer(web.people.ana), "Content-Type": "application/json"}
    body = b'{"client_id":"1","text":' + raw + b"}"

    answer = web.client.post(f"{web.thread}/comments", content=body, headers=headers)

    assert answer.status_code == 400
    assert problem(answer)["code"] == "bad_input"


@pytest.mark.parametrize(
    "text",
    [
        "Z\u0351\u036b\u0343\u036a\u0302\u0322a\u0350\u034a" * 300,
        "\u202eevil\u202c \u2066x\u2069",
        "\U0001f9d1\u200d\U0001f680" * 500,
        "\U000e0041\ufe0f\ufffe",
        "a\u0301" * 2_000,
        "(" * 5_000,
        "https://" * 600,
    ],
    ids=["zalgo", "bidi", "emoji", "tags", "marks", "brackets", "links"],
)
def test_a_strange_text_is_stored_as_it_came_and_answered_soon(web: Web, text: str):
    answer = post(web, text=text)

    assert answer.status_code == 201
    own = web.ask("GET", "mine", by=web.people.ana).json()["items"]
    assert [item["text"] for item in own] == [text]


@pytest.mark.parametrize("text", INJECTIONS)
def test_markup_in_any_field_is_shown_as_it_was_written(web: Web, text: str):
    with db.transaction(web.people.database) as session:
        user = users.from_publisher(session, None, external="x", name=text, now=NOW)
        story = stories.save(
            session,
            None,
            site=session.merge(web.people.site),
            key="strange",
            article=Article(
                headline=text, deck=text, byline=text, dateline=text, section=text, body=[text]
            ),
            now=NOW,
        )
    user.epoch = 0
    body = {"text": text, "client_id": text[:60]}
    path = "/api/v1/sites/main/stories/strange"
    posted = web.ask("POST", f"{path}/comments", body, by=user)
    assert posted.status_code == 201

    shown = web.ask("GET", f"{path}/comments").json()
    flagged = web.ask(
        "POST",
        f"/api/v1/comments/{posted.json()['id']}/flags",
        {"rule": "profanity", "note": text},
        by=web.people.ana,
    )
    page = web.client.get("/main/stories/strange", headers={"Accept": "text/html"})

    assert shown["story"]["headline"] == story.headline == text
    (comment,) = shown["items"]
    assert comment["author"]["name"] == text.strip()
    assert "<script" not in comment["html"]
    assert "<img" not in comment["html"]
    assert "<h1" not in comment["html"]
    assert flagged.status_code == 201
    assert page.status_code == 200
    for markup in ("<script>alert", "<img src=x", "<h1>owned", "1235234"):
        assert markup not in page.text


def test_a_reply_to_another_storys_comment_finds_nothing(web: Web):
    with db.transaction(web.people.database) as session:
        site = session.get_one(Site, web.people.site.id)
        other = cast.story(session, site, key="other")
    elsewhere = web.people.post("Elsewhere.", story=other)
    here = web.post("Here.")
    assert post(web, text="Yes.", reply_to=here["id"], client_id="good").status_code == 201

    for wrong in (str(elsewhere.id), "01890000-0000-7000-8000-000000000000"):
        answer = post(web, text="Yes.", reply_to=wrong)
        assert answer.status_code == 404
        assert problem(answer)["code"] == "not_found"


def test_a_closed_story_takes_no_comments_and_shows_those_it_has(web: Web):
    posted = web.post("Before.")
    with db.transaction(web.people.database) as session:
        story = session.get_one(Story, web.people.story.id)
        stories.set_open(session, None, story=story, is_open=False, by=None, now=NOW)

    answers = [
        post(web, text="After."),
        web.ask("POST", "comments:preview", {"text": "After."}, by=web.people.ana),
    ]

    for answer in answers:
        assert answer.status_code == 409
        assert problem(answer)["code"] == "conflict"
    assert web.ask("GET", "mine", by=web.people.ana).json()["may_write"] is False
    page = web.read()
    assert page["story"]["open"] is False
    assert [item["id"] for item in page["items"]] == [posted["id"]]


def test_a_chain_of_ten_thousand_replies_is_read_page_by_page(sqlite, quick: Web):
    people = quick.people
    first = people.post("Round 0.")
    with db.transaction(people.database) as session:
        row = session.get_one(Comment, first.id)
        values = {column.name: getattr(row, column.name) for column in Comment.__table__.columns}
        parent, made = first.id, []
        for depth in range(1, 10_001):
            id = db.uuid7()
            made.append(
                {
                    **values,
                    "id": id,
                    "parent_id": parent,
                    "root_id": first.id,
                    "depth": depth,
                    "client_id": str(depth),
                    "shown": True,
                    "answers": 1,
                    "replies": 0,
                }
            )
            parent = id
        session.execute(Comment.__table__.insert(), made)
        row.replies, row.answers = 10_000, 1
        session.get_one(Story, people.story.id).version += 1

    (root,) = quick.read()["items"]
    place = quick.ask("GET", f"/api/v1/comments/{parent}").json()
    more = quick.ask("GET", f"/api/v1/comments/{first.id}/replies", params={"after": root["more"]})
    reply = post(quick, text="Round 10,001.", reply_to=str(parent))

    assert root["replies"] == 10_000
    assert [item["depth"] for item in more.json()["items"]] == list(range(21, 71))
    assert place["comment"]["depth"] == 10_000
    assert place["ancestors"][0]["id"] == str(first.id)
    assert reply.status_code == 201
    assert reply.json()["comment"]["depth"] == 10_001


def forged(web: Web, **header: Any) -> str:
    """A token without a signature."""
    claims = {
        "iss": web.rooms.settings.url,
        "aud": "reader",
        "sub": str(web.people.ana.id),
        "epoch": 0,
        "jti": "1",
        "iat": 1,
        "exp": 32_503_680_000,
    }
    parts = (json.dumps({"typ": "JWT", **header}), json.dumps(claims))
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer x",
        "Bearer a.b.c",
        "Basic YTpi",
        "Bearer " + "a" * 10_000,
        "Bearer \xff\xfe",
    ],
    ids=lambda value: value[:20],
)
def test_a_malformed_token_is_nobody(quick: Web, header: str):
    raw = {"Authorization": header.encode("latin-1")}

    answer = quick.client.get("/api/v1/me", headers=raw)

    assert answer.status_code == 401
    assert problem(answer)["code"] == "not_signed_in"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "HS256", "RS256", ""])
def test_an_unsigned_token_is_nobody(quick: Web, alg: str):
    assert quick.ask("GET", "/api/v1/me", by=quick.people.ana).status_code == 200

    for signature in ("", "AA"):
        token = f"{forged(quick, alg=alg)}.{signature}"
        answer = quick.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401


def test_a_token_of_a_server_whose_clock_is_ahead_or_behind_lives_by_our_clock(quick: Web):
    ana, now = quick.people.ana, datetime.now(tz=UTC)
    signer = quick.rooms.signer

    def status(issued: datetime) -> int:
        token = signer.issue("reader", ana.id, 0, now=issued)
        headers = {"Authorization": f"Bearer {token}"}
        return quick.client.get("/api/v1/me", headers=headers).status_code

    assert status(now) == 200
    assert status(now + timedelta(minutes=5)) == 200
    assert status(now - timedelta(hours=13)) == 401


def test_a_one_time_code_opens_once_and_only_as_a_code(quick: Web):
    ana, now = quick.people.ana, datetime.now(tz=UTC)
    code = quick.rooms.signer.issue("code", ana.id, 0, now=now)
    old = quick.rooms.signer.issue("code", ana.id, 0, now=now - timedelta(seconds=61))
    stranger = jwt.encode({"sub": "x"}, "k" * 40, algorithm="HS256")

    first = quick.ask("POST", "/api/v1/token", {"code": code})
    refused = [
        quick.ask("POST", "/api/v1/token", {"code": wrong})
        for wrong in (code, old, stranger, quick.token(ana), "")
    ]
    as_token = quick.ask("GET", "/api/v1/me", headers={"Authorization": f"Bearer {code}"})

    assert first.status_code == 201
    headers = {"Authorization": f"Bearer {first.json()['token']}"}
    assert quick.ask("GET", "/api/v1/me", headers=headers).json()["name"] == "Ana"
    assert [answer.status_code for answer in refused] == [401] * 5
    assert as_token.status_code == 401
