import re

import pytest

from comity.detectors.personal_attack import personal_attack
from comity.detectors.phrases import LISTS, MANY, lists
from comity.detectors.sentences import sentences
from comity.findings import Submission
from comity.text import fold

GAP = re.compile(r"\(\?:\\S\+ \)\{0,[37]\}")


@pytest.mark.parametrize("name", LISTS)
def test_every_pattern_repeats_only_within_bounds(name):
    told = {phrase for tried in lists().telling.values() for phrase in tried}
    patterns = {phrase.pattern.pattern for phrase in told if phrase.name == name}
    assert len(patterns) > 5
    for pattern in patterns:
        rest = GAP.sub("", pattern)
        assert not re.search(r"(?<!\\)[*+{]", rest), pattern
        assert len(GAP.findall(pattern)) <= 4, pattern


def test_every_phrase_is_tried_on_a_word_that_it_needs():
    for word, tried in lists().telling.items():
        for phrase in tried:
            assert re.search(
                rf"(?<![\w]){re.escape(re.escape(word))}(?![\w])", phrase.pattern.pattern
            )


def test_a_comment_raises_no_more_findings_than_a_person_would_read():
    found = personal_attack(Submission.of("You are an idiot. " * (MANY * 3)))
    assert len(found) == MANY
    assert [finding.spans for finding in found] == sorted(finding.spans for finding in found)


def test_sentences_keep_the_place_of_every_word():
    text = "Dr Teel wasn't there… You’re an 1d10t, mate! ¿Qué dices?"
    told = sentences(fold(text))
    assert [sentence.line for sentence in told] == [
        "dr teel was not there",
        "you are an idiot mate",
        "que dices",
    ]
    for sentence in told:
        for word, (start, end) in zip(sentence.words, sentence.spans, strict=True):
            assert text[start:end]
            assert word
    assert text[slice(*told[1].span(3, 4))] == "1d10t"


@pytest.mark.parametrize(
    "text", ["", " ", "…", "'", "\x00", "\ud800 you", "’s", "1d10t" * 30, "ʼn"]
)
def test_any_text_can_be_cut(text):
    assert personal_attack(Submission.of("You are an idiot."))
    assert personal_attack(Submission.of(text)) == []
    sentences(fold(text))
