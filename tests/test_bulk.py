"""`comity judge`: JSON lines in, answers out, in order; a bad line spoils no other."""

import gc
import io
import json
import random
import sys
from itertools import count

import pytest

import comity
from comity import Guidelines, bulk
from comity.case import Question
from comity.errors import BadInput

FAIR, INSULT = "Good day.", "You are an idiot."

GOOD = [
    {"id": "a", "text": "Good day."},
    {"id": 2, "text": "You are an idiot.", "parent": "I like it.", "author": {"published": 3}},
    {
        "id": 3,
        "text": "Thank you.",
        "parent": None,
        "story": {"headline": "Soup", "deck": None, "body": "One.\n\nTwo.", "byline": "Ana"},
        "strange": "ignored",
    },
]


def encoded(*values: object) -> list[bytes]:
    return [json.dumps(value).encode() + b"\n" for value in values]


def judged(lines, **how):
    out, complaints = io.BytesIO(), io.StringIO()
    tally = bulk.run(lines, out, complaints, encoder=False, **how)
    return tally, [json.loads(line) for line in out.getvalue().splitlines()], complaints.getvalue()


def test_every_line_is_answered_in_order():
    tally, answers, complaints = judged(encoded(*GOOD))

    assert [answer["id"] for answer in answers] == ["a", 2, 3]
    assert [answer["outcome"] for answer in answers] == ["publish", "hold", "publish"]
    assert (tally.judged, tally.bad, complaints) == (3, 0, "")


def test_a_breach_names_rule_label_score_words_and_detector():
    _, (_, answer, _), _ = judged(encoded(*GOOD))
    (breach,) = answer["breaches"]

    assert set(breach) == {"rule", "label", "score", "spans", "detector", "action"}
    assert (breach["rule"], breach["action"]) == ("personal_attack", "hold")
    assert GOOD[1]["text"][slice(*breach["spans"][0])] == "idiot"
    assert answer["guidelines"] == Guidelines.default().version


BAD = {
    "not json": (b"{", None, "This is not JSON"),
    "no text": (b'{"id": 7}', 7, "missing required field `text`"),
    "text of a number": (b'{"id": 7, "text": 1}', 7, "Expected `str`, got `int`"),
    "no object": (b"[1]", None, "Expected `object`"),
    "not utf-8": (b'{"id": 7, "text": "\xff"}', None, "This is not UTF-8"),
    "half a character": (b'{"id": 7, "text": "\\ud800"}', 7, "hold half of a character"),
    "half a character as id": (b'{"id": "\\ud800", "text": ""}', None, "half of a character"),
    "nested too deeply": (b'{"id": ' + b"[" * 100_000, None, "nested too deeply"),
}


@pytest.mark.parametrize(("line", "id", "said"), BAD.values(), ids=BAD)
def test_a_bad_line_is_told_and_the_rest_is_judged(line, id, said):
    first, last = encoded(GOOD[0], GOOD[1])

    tally, answers, complaints = judged([first, line + b"\n", last])

    assert [answer["id"] for answer in answers] == ["a", id, 2]
    assert answers[1]["error"].startswith("line 2: ")
    assert said in answers[1]["error"]
    assert complaints == answers[1]["error"] + "\n"
    assert (tally.judged, tally.bad) == (2, 1)


def test_a_complaint_never_quotes_the_comment():
    _, _, complaints = judged([b'{"id": 1, "text": ["very private words"]}\n'])

    assert "line 1" in complaints
    assert "private" not in complaints


def test_empty_lines_and_a_byte_order_mark_are_no_faults():
    first, last = encoded(GOOD[0], GOOD[1])

    tally, answers, _ = judged([b"\xef\xbb\xbf" + first, b"\n", b"  \n", last.rstrip()])

    assert ([answer["id"] for answer in answers], tally.bad) == (["a", 2], 0)


def test_nul_is_judged_like_any_character():
    _, (answer,), _ = judged(encoded({"id": 1, "text": "Good\0day, you idiot."}))

    assert answer["outcome"] == "hold"


def test_other_guidelines_give_other_answers():
    guidelines = Guidelines.parse('# T\n\n## A\n\n```enforce\nid = "slur"\n```\n')

    _, answers, _ = judged(encoded(*GOOD), guidelines=guidelines)

    assert {answer["outcome"] for answer in answers} == {"publish"}
    assert answers[0]["guidelines"] == guidelines.version


def test_more_processes_give_the_same_answers_in_the_same_order():
    lines = encoded(*({"id": n, "text": f"You idiot number {n}."} for n in range(200)))
    lines[70] = b"nonsense\n"

    alone, together = judged(lines), judged(lines, jobs=2)

    assert alone == together
    assert [answer["id"] for answer in alone[1]][68:73] == [68, 69, None, 71, 72]


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_source_is_read_no_further_than_the_work_in_hand(jobs):
    read = 0

    def source():
        nonlocal read
        for line in encoded({"id": 1, "text": "Good day."}) * 2_000:
            read += 1
            yield line

    numbered = ((n, line) for n, line in enumerate(source(), start=1))
    answers = bulk.answers(numbered, Guidelines.default(), jobs, encoder=False)

    next(answers)

    assert read <= 2 * jobs * bulk.BATCH
    answers.close()


def test_progress_is_shown_beside_the_answers():
    tally, answers, complaints = judged(encoded(*GOOD), progress=True)

    assert (tally.judged, len(answers)) == (3, 3)
    assert "3 comments" in complaints


def test_texts_are_scored_in_order_and_as_they_come():
    asked = []

    def endless():
        for number in count():
            asked.append(number)
            yield INSULT if number % 2 else FAIR

    answers = comity.score(endless(), encoder=False)
    outcomes = [next(answers).outcome for _ in range(4)]

    assert outcomes == ["publish", "hold", "publish", "hold"]
    assert len(asked) == 4


def test_a_long_stream_is_never_held():
    read, ahead = 0, 0

    def stream():
        nonlocal read
        for read in range(1, 2_001):
            yield f"{FAIR} {read}"

    for done, answer in enumerate(comity.score(stream(), jobs=2, encoder=False), start=1):
        assert answer.id == done - 1
        ahead = max(ahead, read - done)

    assert read == done == 2_000
    assert 0 < ahead < 2 * 2 * bulk.BATCH


def test_nothing_is_kept_of_what_was_judged():
    draw = random.Random(7)
    words = f"{FAIR} {INSULT} The council voted on a new bridge over our river.".split()
    stream = (" ".join(draw.choices(words, k=12)) for _ in range(3_000))

    held = []
    for done, _ in enumerate(comity.score(stream, encoder=False), start=1):
        if done % 1_000 == 0:
            gc.collect()
            held.append(sys.getallocatedblocks())

    assert max(held) - min(held) < 1_000  # Less than one piece of memory a comment.


def test_a_mapping_a_question_and_a_text_are_scored_alike():
    story = {"headline": "Old bridge to be repaired"}
    text, mapping, question = comity.score(
        [INSULT, {"text": INSULT, "id": "m"}, Question("q", INSULT)], story=story, encoder=False
    )

    assert [one.id for one in (text, mapping, question)] == [0, "m", "q"]
    assert text.breaches == mapping.breaches == question.breaches
    assert text.breaches[0].rule == "personal_attack"


@pytest.mark.parametrize("bad", [3, None, {"id": 1}, {"text": 5}, {"text": object()}])
def test_an_item_that_cannot_be_judged_is_named(bad):
    answers = comity.score([FAIR, bad], encoder=False)

    assert next(answers).outcome == "publish"
    with pytest.raises(BadInput, match="Item 1"):
        next(answers)


def test_the_language_model_looks_unless_it_is_told_not_to():
    (seen,) = comity.score([INSULT])
    (listed,) = comity.score([INSULT], encoder=False)

    assert "encoder" in {one.detector for one in seen.findings}
    assert "encoder" not in {one.detector for one in listed.findings}


def test_several_processes_score_in_order():
    texts = [INSULT if number % 3 == 0 else FAIR for number in range(150)]
    answers = list(comity.score(texts, jobs=2, encoder=False))

    assert [one.id for one in answers] == list(range(150))
    assert [one.outcome == "hold" for one in answers] == [text == INSULT for text in texts]
