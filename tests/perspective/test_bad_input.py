"""Whatever comes: an answer of the protocol, soon, and never a mistake of ours."""

import json

import pytest
from structlog.testing import capture_logs

from tests.perspective.conftest import FAIR, INSULT, KEY, SETTINGS, question, value

MEGABYTE = "The bridge over the river is to be repaired. " * 23_000


def raw(text: str) -> bytes:
    """A request whose text stands in JSON as given."""
    return b'{"requestedAttributes":{"TOXICITY":{}},"comment":{"text":"%s"}}' % text.encode()


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"{comment:" * 50_000,
        b"\xff\xfe\x00",
        b"{",
        b"nothing",
        b"[]",
        b'"text"',
        b"null",
        b"1e999",
        b'{"comment": 1}',
        b'{"comment": {"text": 1}}',
        b'{"comment": {"text": ["a", "b"]}}',
        b'{"comment": "text"}',
        raw("a") + b"}",
        b'{"comment": {"text": "a"}, "requestedAttributes": ["TOXICITY"]}',
        b'{"comment": {"text": "a"}, "requestedAttributes": {"TOXICITY": 1}}',
        b'{"comment": {"text": "a"}, "requestedAttributes": {"TOXICITY": {"scoreThreshold": NaN}}}',
        b'{"comment": {"text": "a"}, "requestedAttributes": {"TOXICITY": {"scoreType": "GUESS"}}}',
        b'{"comment": {"text": "a"}, "languages": {"en": 1}, "requestedAttributes": {"T": {}}}',
        b'{"comment": {"text": "a"}, "requestedAttributes": {"\\ud800": {}}}',
        json.dumps(question(FAIR, *(f"TOXICITY@{n}" for n in range(101)))).encode(),
    ],
)
def test_a_body_that_is_no_request_is_refused_in_the_envelope(door, body: bytes):
    answer = door.ask(body)

    assert answer.status_code == 400
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert answer.json()["error"]["details"]


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f600" * 5_120,
        "a" * 20_480,
        "(" * 20_480,
        "a. " * 6_800,
        "a\n" * 10_000,
        "https://" * 2_500,
        "1" * 20_000,
        "a\u0351\u036b" * 4_000,
        "\u202eevil\u202c",
        "a\0b",
        "\0",
        "\ufffe\uffff a",
    ],
    ids=[
        "emoji",
        "a",
        "brackets",
        "stops",
        "lines",
        "links",
        "digits",
        "zalgo",
        "bidi",
        "NUL inside",
        "NUL alone",
        "no characters",
    ],
)
def test_a_strange_text_is_scored(door, text: str):
    answer = door.ask(question(text, languages=["en"], spanAnnotations=True))

    assert answer.status_code == 200, answer.text


def test_half_characters_are_one_unit_and_do_no_harm(door):
    answer = door.ask(raw(r"\ud83d You are an idiot. \ude00") + b"\n")

    assert answer.status_code == 200
    (span,) = answer.json()["attributeScores"]["TOXICITY"]["spanScores"]
    assert (span["begin"], span["end"]) == (0, len("x You are an idiot. x"))
    assert value(answer.json()) > 0.8
    joined = door.ask(question(FAIR, clientToken="\ud83d")).json()
    assert joined["clientToken"] == "\ufffd"


@pytest.mark.parametrize(
    "context",
    [
        {"entries": [{"text": MEGABYTE}]},
        {"articleAndParentComment": {"article": {"text": MEGABYTE}, "parentComment": None}},
        {"entries": [{"text": MEGABYTE}] * 6},
        {"entries": [{"text": f"Comment {n}."} for n in range(5_000)]},
        {"entries": []},
        {"entries": [{}]},
        {},
    ],
    ids=["1 MB", "1 MB article", "6 MB", "5,000 comments", "none", "empty", "nothing"],
)
def test_a_context_of_any_size_is_read_as_far_as_it_helps(door, context: dict):
    answer = door.ask(question(INSULT, context=context))

    assert answer.status_code == 200
    assert value(answer.json()) > 0.8


def test_a_body_beyond_all_bounds_is_not_read_to_its_end(door):
    answer = door.ask(question(INSULT, context={"entries": [{"text": MEGABYTE}] * 11}))

    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("Request payload size exceeds the limit")


def test_headers_cannot_be_made_of_what_is_sent(door):
    answer = door.ask(question(FAIR, **{"a\r\nX-Owned: 1": 1, "é" * 50: 1, "b" * 500: 1}))

    assert answer.status_code == 200
    assert "X-Owned" not in answer.headers
    assert len(answer.headers["Warning"]) < 300


def test_the_root_is_never_a_host_that_is_none(door):
    for host in ("evil.example/path?", "a b", "<script>", "x" * 300):
        answer = door.client.get("/$discovery/rest", headers={"Host": host})
        assert answer.status_code in {200, 400}
        assert answer.json().get("rootUrl", f"{SETTINGS.url}/") == f"{SETTINGS.url}/"


def test_neither_key_nor_text_is_logged(door):
    with capture_logs() as logs:
        door.ask(question(INSULT), key=KEY)
        door.ask(question(INSULT), key="a-wrong-key")
        door.ask(b"{" + INSULT.encode())

    assert len(logs) == 3
    said = str(logs)
    assert "analyze" in said
    assert not [secret for secret in (KEY, "wrong", "idiot") if secret in said]
