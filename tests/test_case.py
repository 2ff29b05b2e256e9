"""A Case is what was judged, frozen without loss, so that it can be judged again."""

import msgspec
import pytest

from comity import Engine, Guidelines, Submission
from comity.case import Answer, Case, Question, answer
from comity.findings import Standing, StoryExcerpt

STORY = StoryExcerpt("Bridge", "Built", ("One.", "Two."), "Local", "By Ana", sensitive=True)
FULL = Submission.of(
    "You are an idiot.",
    parent="Is it?",
    thread=("Above.", "And above."),
    story=STORY,
    standing=Standing(3, 2, 1, premoderated=True),
)


def round_trip(submission: Submission) -> Question:
    encoded = msgspec.json.encode(Question.of("7", submission))
    return msgspec.json.decode(encoded, type=Question)


@pytest.mark.parametrize(
    "submission",
    [FULL, Submission.of(""), Submission.of("NUL \0 and \u202e, 👩‍👩‍👧 and \ufeff", parent="")],
)
def test_a_submission_survives_the_record(submission):
    assert round_trip(submission).submission() == submission


def test_a_stored_case_judged_again_gives_the_same_answer():
    guidelines, engine = Guidelines.default(), Engine.default()
    question = Question.of("7", FULL)
    stored = msgspec.json.encode(Case(question, answer(question, guidelines, engine)))

    case = msgspec.json.decode(stored, type=Case)

    assert case.answer.breaches
    assert case.answer.reasons == ["breach", "premoderated"]
    assert answer(case.question, guidelines, engine) == case.answer
    assert msgspec.json.encode(case) == stored


def test_a_finding_says_at_whom_it_is_directed_if_that_is_known():
    guidelines, engine = Guidelines.default(), Engine.default()
    said, spam = (
        msgspec.to_builtins(answer(Question(1, text, parent="Is it?"), guidelines, engine))
        for text in ("You are an idiot.", "Earn $900 a day, join at https://easy.example/join")
    )

    assert said["findings"][0]["target"] == "reader"
    assert spam["findings"]
    assert all("target" not in finding for finding in spam["findings"])


def test_a_case_from_before_findings_had_a_target_is_read_and_judged_again():
    guidelines, engine = Guidelines.default(), Engine.default()
    question = Question(1, "You are an idiot.", parent="Is it?")
    record = msgspec.to_builtins(Case(question, answer(question, guidelines, engine)))
    for finding in record["answer"]["findings"]:
        assert finding.pop("target")

    case = msgspec.convert(record, Case)

    assert [finding.target for finding in case.answer.findings] == [msgspec.UNSET]
    assert answer(case.question, guidelines, engine).breaches == case.answer.breaches


def test_despair_is_kept_with_the_case_and_found_again():
    guidelines, engine = Guidelines.default(), Engine.default()
    case = Case(
        Question(1, "I want to die."), answer(Question(1, "I want to die."), guidelines, engine)
    )

    stored = msgspec.json.decode(msgspec.json.encode(case), type=Case)

    assert (stored.answer.outcome, stored.answer.reasons) == ("hold", ["care"])
    assert [finding.label for finding in stored.answer.findings] == ["despair"]
    assert answer(stored.question, guidelines, engine) == stored.answer


def test_a_plain_answer_has_the_keys_of_the_contract_and_no_more():
    plain = answer(Question(1, "Good day."), Guidelines.default(), Engine.default())

    assert list(msgspec.to_builtins(plain)) == [
        "id",
        "outcome",
        "reasons",
        "nudge",
        "breaches",
        "findings",
        "guidelines",
        "engine",
    ]


def test_spans_count_code_points():
    text = "👩‍👩‍👧 You are an idiot."
    found = answer(Question(1, text), Guidelines.default(), Engine.default())

    assert "idiot" in [text[start:end] for start, end in found.breaches[0].spans]


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [("One.\n\nTwo.\n\n \n\n", ("One.", "Two.")), (["One."], ("One.",)), (None, ())],
)
def test_a_body_is_read_as_text_or_as_paragraphs(body, paragraphs):
    line = msgspec.json.encode({"id": 1, "text": "x", "story": {"headline": None, "body": body}})

    story = msgspec.json.decode(line, type=Question).submission().story

    assert story == StoryExcerpt(body=paragraphs)


def test_an_answer_says_what_could_not_look():
    engine = msgspec.structs.replace(
        answer(Question(1, ""), Guidelines.default(), Engine.default())
    )
    engine.undetermined = ["spam"]

    assert msgspec.json.decode(msgspec.json.encode(engine), type=Answer).undetermined == ["spam"]
