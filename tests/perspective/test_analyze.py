"""comments:analyze, as its callers send it and read it."""

import gzip
import json
from dataclasses import replace

import pytest

from comity.perspective.attributes import ATTRIBUTES
from tests.perspective.conftest import FAIR, INSULT, KEY, SETTINGS, question, value

STORY = "Ferry timetable halved for the winter\nThe council has halved the ferry's timetable."


def test_an_answer_has_the_shape_that_the_real_service_had(door):
    answer = door.ask(question(INSULT, clientToken="comment:7"))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].lower() == "application/json; charset=utf-8"
    assert answer.text.startswith('{\n  "attributeScores"')
    body = answer.json()
    score = value(body)
    assert 0.8 < score <= 1
    assert body == {
        "attributeScores": {
            "TOXICITY": {
                "spanScores": [
                    {"begin": 0, "end": 17, "score": {"value": score, "type": "PROBABILITY"}}
                ],
                "summaryScore": {"value": score, "type": "PROBABILITY"},
            }
        },
        "languages": ["en"],
        "detectedLanguages": ["en"],
        "clientToken": "comment:7",
    }


def test_a_fair_comment_stays_below_what_callers_act_on(door):
    names = [name for name, attribute in ATTRIBUTES.items() if not attribute.compares]
    fair, insult = door.scores(FAIR, *names), door.scores(INSULT, *names)

    assert set(fair["attributeScores"]) == set(names)
    assert all(value(fair, name) < 0.3 for name in names)
    assert value(insult, "INSULT") > 0.8
    assert value(insult, "INSULT_EXPERIMENTAL") == value(insult, "INSULT")


def test_a_version_is_given_back_as_it_was_asked_for(door):
    body = door.scores(INSULT, "TOXICITY@6", "TOXICITY")

    assert list(body["attributeScores"]) == ["TOXICITY@6", "TOXICITY"]
    assert value(body, "TOXICITY@6") == value(body)


def test_the_version_of_the_scores_is_told(door):
    first, second = door.ask(question(FAIR)), door.ask(question(INSULT))

    assert len(first.headers["X-Model-Version"]) > 20
    assert first.headers["X-Model-Version"] == second.headers["X-Model-Version"]


def test_spans_are_sentences_in_utf16_units(door):
    text = f"😀 {FAIR} {INSULT}"
    body = door.scores(text, spanAnnotations=True)

    units = text.encode("utf-16-le")
    spans = body["attributeScores"]["TOXICITY"]["spanScores"]
    cut = [units[2 * one["begin"] : 2 * one["end"]].decode("utf-16-le") for one in spans]
    assert cut == [f"😀 {FAIR}", INSULT]
    assert [one["score"]["value"] > 0.8 for one in spans] == [False, True]
    assert value(body) > 0.8


def test_without_annotations_one_span_covers_the_whole(door):
    body = door.scores(f"😀 {FAIR} {INSULT}")

    (span,) = body["attributeScores"]["TOXICITY"]["spanScores"]
    assert (span["begin"], span["end"]) == (0, len(f"😀 {FAIR} {INSULT}") + 1)


def test_an_attribute_below_its_threshold_is_left_out(door):
    asked = {"TOXICITY": {"scoreThreshold": 0.5}, "PROFANITY": {"scoreThreshold": 0.9}}
    answer = door.ask({"comment": {"text": INSULT}, "requestedAttributes": asked})

    assert list(answer.json()["attributeScores"]) == ["TOXICITY"]


@pytest.mark.parametrize(
    "body",
    [
        """{comment: {text: "You are an idiot."}, languages: ["en"],
           requestedAttributes: {TOXICITY:{}} }""",
        "{'comment': {'text': 'You are an idiot.',}, 'requestedAttributes': {'TOXICITY': {},},}",
        """/* asks */ {"comment": {"text": "You are an idiot."}, // more
           "requested_attributes": {"TOXICITY": {"score_type": "PROBABILITY"}},
           "do_not_store": 1}""",
        """\ufeff{"comment": {"text": "You are an idiot."}, "requestedAttributes": {"TOXICITY": []},
           "languages": "en", "context": null, "spanAnnotations": "false"}""",
    ],
    ids=["official example", "single quotes", "comments, snake case", "R"],
)
def test_bodies_are_read_as_kindly_as_real_callers_need(door, body: str):
    answer = door.ask(body)

    assert answer.status_code == 200, answer.text
    assert value(answer.json()) > 0.8


@pytest.mark.parametrize(
    "more",
    [
        {"doNotStore": True, "languages": ["en"]},
        {"doNotStore": True, "sessionId": "https://forum.example_17"},
        {
            "spanAnnotations": True,
            "context": {"entries": [{"text": STORY, "type": "PLAIN_TEXT"}, {"text": FAIR}]},
        },
        {
            "context": {"article_and_parent_comment": {"article": {"text": STORY}}},
            "client_token": "request",
            "do_not_store": True,
        },
    ],
    ids=["Coral", "Discourse", "OSMod", "simple-server"],
)
def test_each_caller_is_answered_in_its_own_shape(door, more: dict):
    asked = {"requestedAttributes": {"TOXICITY": {"scoreType": "PROBABILITY"}}}
    answer = door.ask({"comment": {"text": INSULT, "type": "PLAIN_TEXT"}} | asked | more)

    assert answer.status_code == 200, answer.text
    assert "Warning" not in answer.headers
    assert value(answer.json()) > 0.8


def test_a_body_without_a_content_type_is_read_and_both_colons_lead_here(door):
    asked = json.dumps(question(INSULT)).encode()
    for path in ("/v1alpha1/comments:analyze", "/v1alpha1/comments%3Aanalyze"):
        request = door.client.build_request("POST", path, content=asked, params={"key": KEY})
        assert "Content-Type" not in request.headers
        assert value(door.client.send(request).json()) > 0.8


def test_a_key_may_come_as_a_header_and_with_blanks_around_it(door):
    path = "/v1alpha1/comments:analyze"
    as_header = door.client.post(
        path, json=question(INSULT), headers={"X-goog-api-key": f" {KEY} "}
    )

    assert as_header.status_code == 200
    assert door.ask(question(INSULT), key=f" {KEY}\t").status_code == 200
    assert door.ask(question(INSULT), key="another-key").status_code == 200


def test_a_field_that_is_not_of_the_protocol_is_ignored_and_named(door):
    asked = question(INSULT, tone="kind") | {"comment": {"text": INSULT, "lang": "en"}}
    answer = door.ask(asked)

    assert answer.status_code == 200
    assert answer.headers["Warning"] == (
        '299 comity "Unknown fields were ignored: comment.lang, tone"'
    )
    assert "Warning" not in door.ask(question(INSULT)).headers


@pytest.mark.parametrize(
    ("mask", "left"),
    [
        ("attributeScores/TOXICITY/summaryScore/value", {"TOXICITY": {"summaryScore": ["value"]}}),
        ("attributeScores(*(summaryScore(type)))", {"TOXICITY": {"summaryScore": ["type"]}}),
    ],
)
def test_only_the_fields_that_were_asked_for_come(door, mask: str, left: dict):
    body = door.ask(question(INSULT), fields=mask).json()

    assert list(body) == ["attributeScores"]
    (name,) = left
    assert list(body["attributeScores"][name]["summaryScore"]) == left[name]["summaryScore"]
    assert list(body["attributeScores"][name]) == ["summaryScore"]
    assert door.ask(question(INSULT), fields="a(b").status_code == 400


def test_an_answer_is_packed_and_unpretty_where_that_is_wanted(door):
    plain = door.ask(question(INSULT, spanAnnotations=True), prettyPrint="false")
    assert b"\n" not in plain.content

    names = [name for name, one in ATTRIBUTES.items() if not one.compares]
    with door.client.stream(
        "POST",
        "/v1alpha1/comments:analyze",
        params={"key": KEY},
        json=question(INSULT, *names),
        headers={"Accept-Encoding": "gzip"},
    ) as answer:
        packed = b"".join(answer.iter_raw())

    assert answer.headers["Content-Encoding"] == "gzip"
    assert value(json.loads(gzip.decompress(packed))) > 0.8


def test_languages_are_the_requested_and_the_detected_ones(door):
    spanish = door.scores("Eres un idiota y no sabes nada de esto.")
    told = door.scores("Eres un idiota y no sabes nada de esto.", languages=["en-US", "fr"])

    assert spanish["languages"] == spanish["detectedLanguages"] == ["es"]
    assert (told["languages"], told["detectedLanguages"]) == (["en-US", "fr"], ["es"])
    assert value(spanish) == value(told) > 0.8


@pytest.mark.parametrize("text", ["yo hamburger", "ur a moron lol", "lol", "thx 4 the info m8"])
def test_a_short_or_misspelt_line_is_not_taken_for_a_rare_language(door, text: str):
    assert door.scores(text)["detectedLanguages"] in (["en"], ["es"])


def test_pictures_need_no_language(door):
    rude, kind = door.scores("\N{REVERSED HAND WITH MIDDLE FINGER EXTENDED}"), door.scores("😀")

    assert value(rude) > 2 * value(kind)
    assert value(kind) < 0.3
    assert rude["detectedLanguages"] == []


def test_off_topic_compares_with_the_article(door):
    stray = (
        "My crypto broker doubled my savings in a week, the stock market is rigged and the "
        "central bank prints money while the referee robbed our team in the football cup final."
    )
    apart = door.scores(stray, "OFF_TOPIC", context={"entries": [{"text": STORY}]})
    near = door.scores(
        "Halving the ferry timetable is wrong, the council should ask those who commute.",
        "OFF_TOPIC",
        context={"articleAndParentComment": {"article": {"text": STORY}}},
    )

    assert value(apart, "OFF_TOPIC") > 0.4
    assert value(near, "OFF_TOPIC") < 0.1
    refused = door.ask(question(stray, "OFF_TOPIC"))
    assert refused.status_code == 400
    assert "context.entries" in refused.json()["error"]["message"]


def test_a_reply_is_read_with_its_parent(door):
    asked = "Do it then."
    parent = "I can't go on, I want to kill myself."
    context = {"entries": [{"text": STORY}, {"text": "Nice ferry."}, {"text": parent}]}

    alone, below = door.scores(asked), door.scores(asked, context=context)

    assert value(below) > value(alone)


def test_the_same_question_has_the_same_answer_in_every_process(door, opened):
    other = opened(replace(SETTINGS, port=8081))

    assert door.ask(question(INSULT)).content == other.ask(question(INSULT)).content
