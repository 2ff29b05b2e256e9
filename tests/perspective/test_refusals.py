"""What is refused, in the exact shapes that clients look for."""

from dataclasses import replace

import pytest

from comity.detectors import Engine
from tests.perspective.conftest import FAIR, INSULT, KEY, SETTINGS, question

ERROR = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
BOTH = (
    "Context can have either entries or article_and_parent_comment, but both fields were populated."
)
FRENCH = "C'est vraiment n'importe quoi, ce gouvernement ne comprend rien du tout."


def error(answer, status: int = 400, word: str = "INVALID_ARGUMENT") -> dict:
    """The error of an answer, in the envelope and with nothing beside it."""
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    found = answer.json()["error"]
    assert (found["code"], found["status"]) == (status, word)
    assert set(found) <= {"code", "message", "status", "details"}
    return found


def asked(**parameters: object) -> dict:
    """A request with parameters of its one attribute."""
    return {"comment": {"text": FAIR}, "requestedAttributes": {"TOXICITY": parameters}}


@pytest.mark.parametrize(
    ("body", "message", "kind"),
    [
        ("", "Comment must be non-empty.", "COMMENT_EMPTY"),
        ({}, "Comment must be non-empty.", "COMMENT_EMPTY"),
        (question(" \n"), "Comment must be non-empty.", "COMMENT_EMPTY"),
        (
            question("a" * 23_368),
            "Comment text was too many bytes. Value (23368) exceeded limit (20480).",
            "COMMENT_TOO_LONG",
        ),
        (
            {"comment": {"text": FAIR}},
            "Missing requested_attributes",
            "NO_REQUESTED_ATTRIBUTES",
        ),
        (question(FAIR, "FOO"), "Unknown requested attribute: FOO", "INVALID_REQUEST"),
        (
            question(FAIR, "TOXICITY", "FLIRTATION@2"),
            "Unknown requested attribute: FLIRTATION@2",
            "INVALID_REQUEST",
        ),
        (
            asked(scoreType="RAW"),
            "Requested score type RAW is not supported by attribute TOXICITY",
            "INVALID_REQUEST",
        ),
        (
            question(FAIR) | {"comment": {"text": FAIR, "type": "HTML"}},
            "Currently, only 'PLAIN_TEXT' comments are supported",
            "INVALID_REQUEST",
        ),
        (
            question(FAIR) | {"comment": {"text": FAIR, "type": "RTF"}},
            "Unknown text type",
            "INVALID_REQUEST",
        ),
        (
            question(
                FAIR,
                context={
                    "entries": [{"text": "A"}],
                    "articleAndParentComment": {"article": {"text": "A"}},
                },
            ),
            BOTH,
            "INVALID_REQUEST",
        ),
        (question("12345 !!!"), "Unable to detect language", "LANGUAGE_DETECTION_FAILED"),
    ],
)
def test_a_request_that_is_none_is_refused_in_the_exact_words(door, body, message, kind):
    found = error(door.ask(body))

    assert found["message"] == message
    assert found["details"] == [{"@type": ERROR, "errorType": kind}]


def test_a_language_that_is_not_served_is_named_so_that_clients_can_drop_the_attribute(door):
    detected = error(door.ask(question(FRENCH, "INSULT")))
    requested = error(door.ask(question(FAIR, languages=["om", "fr"])))

    assert detected["message"] == "Attribute INSULT does not support request languages: fr"
    assert detected["details"] == [
        {
            "@type": ERROR,
            "errorType": "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
            "languageNotSupportedByAttributeError": {
                "attribute": "INSULT",
                "detectedLanguages": ["fr"],
            },
        }
    ]
    assert requested["message"] == "Attribute TOXICITY does not support request languages: om, fr"
    (detail,) = requested["details"]
    assert detail["languageNotSupportedByAttributeError"]["requestedLanguages"] == ["om", "fr"]
    as_well_as_may_be = door.ask(question(FRENCH), strict_languages="false")
    assert as_well_as_may_be.json()["detectedLanguages"] == ["fr"]


def test_a_call_without_a_key_and_one_with_a_wrong_key_are_told_apart(door):
    assert door.ask(question(FAIR)).status_code == 200

    without = error(door.ask(question(FAIR), key=None), 403, "PERMISSION_DENIED")
    wrong = error(door.ask("", key="wrong-key"))

    assert without["message"].startswith("Method doesn't allow unregistered callers")
    assert wrong["message"] == "API key not valid. Please pass a valid API key."
    assert wrong["details"][0] == {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": "commentanalyzer.googleapis.com"},
    }


def test_a_key_that_asks_too_often_is_refused_and_another_is_not(opened):
    door = opened(replace(SETTINGS, perspective_requests_per_minute=2))
    assert [door.ask(question(FAIR)).status_code for _ in range(2)] == [200, 200]

    answer = door.ask(question(FAIR))
    found = error(answer, 429, "RESOURCE_EXHAUSTED")

    assert found["message"].startswith("Quota exceeded for quota metric 'Analysis requests")
    info, help = found["details"]
    assert (info["reason"], info["metadata"]["quota_limit_value"]) == ("RATE_LIMIT_EXCEEDED", "2")
    assert help["@type"] == "type.googleapis.com/google.rpc.Help"
    assert 0 < int(answer.headers["Retry-After"]) <= 120
    assert door.ask(question(FAIR), key="another-key").status_code == 200


@pytest.mark.parametrize("query", [{"callback": "alert"}, {"alt": "proto"}, {"fields": "a("}])
def test_answers_of_other_forms_are_refused(door, query):
    assert door.ask(question(FAIR), alt="json").status_code == 200

    assert next(iter(query)) in error(door.ask(question(FAIR), **query))["message"]


def test_nothing_is_at_other_addresses(door):
    for method, path in (
        ("GET", "/v1alpha1/comments:analyze"),
        ("POST", "/v1alpha1/comments:delete"),
        ("POST", "/v2/comments:analyze"),
        ("GET", "/$discovery/rest?version=v1"),
        ("GET", "/api/v1/me"),
    ):
        joint = "&" if "?" in path else "?"
        error(door.client.request(method, f"{path}{joint}key={KEY}"), 404, "NOT_FOUND")


def test_what_a_detector_could_not_judge_is_said_and_not_scored_as_fair(opened):
    def broken(_):
        raise RuntimeError(INSULT)

    engine = Engine.default()
    blind = Engine(engine.version, {**engine.detectors, "threat": broken}, engine.calibration)
    door = opened(SETTINGS, engine=blind)

    found = error(door.ask(question(FAIR, "THREAT")), 503, "UNAVAILABLE")

    assert INSULT not in str(found)
    assert door.ask(question(FAIR, "OBSCENE")).status_code == 200
    assert door.client.get("/readyz").status_code == 500
