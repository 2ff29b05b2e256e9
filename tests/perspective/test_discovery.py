"""The discovery document, and several calls in one."""

from dataclasses import replace

import pytest

from tests.perspective.conftest import FAIR, INSULT, KEY, SETTINGS, value

BATCH = """--ends\r
Content-Type: application/http\r
Content-ID: <some + {id}>\r
\r
POST /v1alpha1/comments:analyze?key={key}&alt=json HTTP/1.1\r
Content-Type: application/json\r
\r
{{"comment":{{"text":"You are an idiot."}},"requestedAttributes":{{"{name}":{{}}}}}}\r
"""


def test_the_document_is_for_anybody_and_describes_methods_and_messages(door):
    document = door.client.get("/$discovery/rest", params={"version": "v1alpha1"}).json()

    assert document["kind"] == "discovery#restDescription"
    assert document["id"] == "commentanalyzer:v1alpha1"
    methods = document["resources"]["comments"]["methods"]
    assert {name: one["path"] for name, one in methods.items()} == {
        "analyze": "v1alpha1/comments:analyze",
        "suggestscore": "v1alpha1/comments:suggestscore",
    }
    schemas = document["schemas"]
    assert methods["analyze"]["request"]["$ref"] in schemas
    assert set(schemas["AnalyzeCommentRequest"]["properties"]) == {
        "comment",
        "context",
        "requestedAttributes",
        "spanAnnotations",
        "languages",
        "doNotStore",
        "clientToken",
        "sessionId",
        "communityId",
    }
    assert references(document["schemas"]) <= set(schemas)


def references(value) -> set[str]:
    """Every message that a value refers to."""
    if isinstance(value, dict):
        here = {value["$ref"]} if "$ref" in value else set()
        return here.union(*map(references, value.values()))
    return set()


@pytest.mark.parametrize(
    ("proxies", "headers", "root"),
    [
        (0, {"Host": "api.example:8443"}, "http://api.example:8443/"),
        (0, {"Host": "api.example", "X-Forwarded-Proto": "https"}, "http://api.example/"),
        (1, {"Host": "api.example", "X-Forwarded-Proto": "https"}, "https://api.example/"),
        (
            1,
            {
                "Host": "inner:80",
                "X-Forwarded-Proto": "http, https",
                "X-Forwarded-Host": "evil.example, api.example",
            },
            "https://api.example/",
        ),
        (1, {"Host": "comments.example"}, "https://comments.example/"),
        (1, {"Host": "[::1]:80", "X-Forwarded-Proto": "gopher"}, "https://comments.example/"),
    ],
)
def test_the_root_is_where_the_caller_found_us(opened, proxies, headers, root):
    settings = replace(
        SETTINGS, trusted_proxies=proxies, base_url="https://comments.example", perspective_keys=""
    )
    door = opened(settings)

    assert door.client.get("/$discovery/rest", headers=headers).json()["rootUrl"] == root


def test_several_calls_in_one_are_answered_each(door):
    calls = [(1, KEY, "TOXICITY"), (2, "wrong-key", "TOXICITY"), (3, KEY, "FOO")]
    body = "".join(BATCH.format(id=id, key=key, name=name) for id, key, name in calls)
    answer = door.client.post(
        "/batch",
        content=f"{body}--ends--\r\n",
        headers={"Content-Type": 'multipart/mixed; boundary="ends"'},
    )

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("multipart/mixed; boundary=batch_")
    parts = answer.text.split("HTTP/1.1 ")[1:]
    assert [part[:3] for part in parts] == ["200", "400", "400"]
    assert "<response-some + 1>" in answer.text
    assert "API key not valid" in parts[1]
    assert "Unknown requested attribute: FOO" in parts[2]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", "{}"),
        ("multipart/mixed", "nothing"),
        ("multipart/mixed; boundary=ends", ""),
        ("multipart/mixed; boundary=ends", "--ends\r\n\r\nGET / HTTP/1.1\r\n\r\n" * 101),
    ],
)
def test_what_is_no_batch_is_refused(door, kind, body):
    answer = door.client.post("/batch", content=body, headers={"Content-Type": kind})

    assert answer.status_code == 400
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"


def test_a_part_that_is_no_call_is_answered_like_a_call_to_nowhere(door):
    body = "--ends\r\nContent-Type: application/http\r\n\r\nnothing\r\n--ends--\r\n"
    answer = door.client.post(
        "/batch", content=body, headers={"Content-Type": "multipart/mixed; boundary=ends"}
    )

    assert answer.status_code == 200
    assert "HTTP/1.1 404 Not Found" in answer.text
    assert value(door.scores(INSULT)) > value(door.scores(FAIR))
