"""The encoder: what it reads, where it says that it stands, and that it never fails silently."""

import json
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.detectors import Engine, encoder, halves, reading
from comity.detectors.encoder import WORTH_SAYING, is_plainly_fair, see
from comity.detectors.reading import COMMENT, CONTEXT, PARENT, pieces, windows
from comity.findings import Label, StoryExcerpt, Submission
from comity.guidelines import Guidelines
from comity.judge import Outcome, judge
from comity.text import fold

KIND = "Thank you for the careful report on the bridge that my family crosses every day. "
INSULT = "You are a stupid, pathetic little idiot."
STORY = StoryExcerpt(headline="Old bridge to be repaired", body=("It closes for a year. " * 40,))


def score(text: str, label: Label, **context) -> float:
    return max(
        (
            one.score
            for one in encoder.encoder(Submission.of(text, **context))
            if one.label is label
        ),
        default=0.0,
    )


def test_an_insult_is_seen_and_kindness_is_not():
    assert score(INSULT, Label.PERSONAL_ATTACK) > 0.5
    assert score(KIND, Label.PERSONAL_ATTACK) < WORTH_SAYING


def test_one_insult_among_three_thousand_kind_characters_counts():
    long = KIND * 20 + INSULT + " " + KIND * 20

    assert len(long) > 3_000
    assert score(KIND * 40, Label.PERSONAL_ATTACK) < WORTH_SAYING
    assert score(long, Label.PERSONAL_ATTACK) > 0.5


def test_words_that_are_shown_stand_in_the_original():
    text = f"{KIND}🙂 ýǒu áre an ídiot, Tom."

    for finding in encoder.encoder(Submission.of(text)):
        for start, end in finding.spans:
            assert 0 <= start < end <= len(text)
            assert not text[start - 1 : start + 1].isalnum()
            assert not text[end - 1 : end + 1].isalnum()


def test_without_the_words_shown_hardly_anything_is_left():
    text = f"{KIND}{INSULT}"
    (finding,) = [
        one for one in encoder.encoder(Submission.of(text)) if one.label is Label.PERSONAL_ATTACK
    ]
    rest = "".join(
        letter
        for place, letter in enumerate(text)
        if not any(start <= place < end for start, end in finding.spans)
    )

    assert finding.spans
    assert score(rest, Label.PERSONAL_ATTACK) <= finding.score / 2


def test_a_long_comment_is_read_in_windows_that_overlap_and_leave_nothing_out():
    submission = Submission.of(KIND * 40, story=STORY, parent="Is it true? " * 30)
    read = list(windows(submission))
    count = len(pieces(submission.text).ids)

    assert len(read) > 1
    assert read[0].first == 0
    assert all(a.first + a.count > b.first for a, b in pairwise(read))
    assert read[-1].first + read[-1].count == count
    for window in read:
        assert window.count <= COMMENT
        assert sum(part == 2 for part in window.part) <= CONTEXT + 2


def test_a_word_piece_ends_where_what_it_stands_for_ends():
    text = "You are an idio&#116;, mate."

    shown = [text[start:end] for start, end in pieces(Submission.of(text).text).spans]

    assert shown == ["You", "are", "an", "idio&#116;", ",", "mate", "."]


def test_story_and_parent_share_the_room_for_context():
    (window,) = windows(Submission.of("Hm.", story=STORY, parent="Is it true? " * 30))
    (told,) = windows(Submission.of("Hm.", story=STORY))

    assert sum(part == 2 for part in window.part) == CONTEXT + 2
    assert sum(part == 2 for part in told.part) == CONTEXT + 1
    assert PARENT < CONTEXT


def test_a_process_of_its_own_comes_to_the_same_scores():
    code = (
        "import json, sys; from comity import Engine, Guidelines, Submission;"
        "from comity.judge import judge;"
        "engine = Engine.default(encoder=True);"
        "found = judge(Submission.of(sys.argv[1]), Guidelines.default(), engine).findings;"
        "print(json.dumps([[one.label, one.score, one.detector] for one in found]))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, INSULT], capture_output=True, check=True, text=True
    )
    here = judge(Submission.of(INSULT), Guidelines.default(), Engine.default(encoder=True)).findings

    assert here
    assert json.loads(other.stdout) == [[one.label, one.score, one.detector] for one in here]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    for finding in encoder.encoder(Submission.of(text)):
        assert 0 <= finding.score <= 1
        assert all(0 <= start < end <= len(text) for start, end in finding.spans)


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "Z" + "\u0301" * 500, "👨‍👩‍👧‍👦" * 50])
def test_odd_texts_are_read_too(text):
    assert see(Submission.of(text)).comment.shape == (len(halves.halves().labels),)


def test_weights_that_cannot_be_read_leave_the_comment_to_a_person(tmp_path):
    def without_weights(submission):
        halves.read_halves(tmp_path)
        raise AssertionError(submission)

    named = Engine.default(encoder=True)
    engine = Engine(named.version, {"encoder": without_weights}, named.calibration)

    assert judge(Submission.of("Fine."), Guidelines.default(), named).outcome is Outcome.PUBLISH
    verdict = judge(Submission.of("Fine."), Guidelines.default(), engine)
    assert (verdict.outcome, verdict.undetermined) == (Outcome.HOLD, ("encoder",))


def test_what_is_plainly_fair_is_not_read_to_the_end():
    assert not is_plainly_fair(Submission.of(INSULT))
    assert is_plainly_fair(Submission.of(KIND, story=STORY))
    assert not is_plainly_fair(Submission.of(KIND * 20 + INSULT, story=STORY))


def test_the_name_of_a_group_alone_is_never_shown():
    text = "Muslims are vermin and should be driven out of this town."
    shown = [one for one in encoder.encoder(Submission.of(text)) if one.label is Label.HATE]

    assert shown
    for finding in shown:
        words = " ".join(text[start:end] for start, end in finding.spans)
        assert words != "Muslims"


def test_emoji_are_read_in_words():
    assert reading.read(fold("Bring a 🔪"))[0].split() == ["bring", "a", "knife"]
