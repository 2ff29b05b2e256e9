"""From findings to attributes: tables that never turn back, and what speaks for what."""

from itertools import pairwise

import pytest

from comity.detectors import Engine
from comity.findings import Finding, Label, Submission
from comity.perspective.attributes import (
    ATTRIBUTES,
    SOURCES,
    Seen,
    calibrated,
    known,
    scores,
    tables,
)
from tests.perspective.conftest import FAIR, INSULT


def seen(label: Label, score: float, *spans: tuple[int, int], detector: str = "") -> Seen:
    """One finding, seen by the detector of its label."""
    return Seen((Finding(label, score, spans, detector or label.value, "test"),))


def test_every_attribute_has_a_table_that_never_turns_back():
    for attribute in ATTRIBUTES.values():
        scale = tables()[attribute.name]
        for points in (scale.listed, scale.read):
            assert all(x0 < x1 and y0 <= y1 for (x0, y0), (x1, y1) in pairwise(points))
            assert 0 <= points[0][1] < 0.5
            assert 0.8 < points[-1][1] <= 1


def test_between_two_points_the_line_is_straight():
    points = ((0.2, 0.1), (0.4, 0.5), (0.8, 0.9))

    assert [calibrated(x, points) for x in (0, 0.2, 0.3, 0.4, 0.7, 0.8, 1)] == pytest.approx(
        [0.1, 0.1, 0.3, 0.5, 0.8, 0.9, 0.9]
    )


def test_more_evidence_never_lowers_a_score():
    insult = ATTRIBUTES["INSULT"]
    found = [seen(Label.PERSONAL_ATTACK, n / 20).value(insult) for n in range(21)]

    assert found == sorted(found)
    assert found[0] < 0.3
    assert found[-1] > 0.8
    both = Seen(seen(Label.PERSONAL_ATTACK, 0.5).findings + seen(Label.SLUR, 0.5).findings)
    assert both.value(insult) > seen(Label.PERSONAL_ATTACK, 0.5).value(insult)


def test_a_label_speaks_only_for_its_attributes():
    spam = seen(Label.SPAM, 0.9)

    assert spam.value(ATTRIBUTES["SPAM"]) > 0.8
    assert spam.value(ATTRIBUTES["TOXICITY"]) == Seen(()).value(ATTRIBUTES["TOXICITY"])


def test_a_detector_that_no_table_was_made_for_does_not_count():
    stranger = seen(Label.PERSONAL_ATTACK, 1.0, detector="newcomer")

    assert stranger.value(ATTRIBUTES["INSULT"]) == Seen(()).value(ATTRIBUTES["INSULT"])
    assert set(Engine.default().detectors) >= SOURCES


def test_a_sentence_has_the_score_of_what_was_seen_in_it():
    insult = ATTRIBUTES["INSULT"]
    found = seen(Label.PERSONAL_ATTACK, 0.9, (10, 15))

    assert found.value(insult, (8, 20)) == found.value(insult)
    assert found.value(insult, (15, 20)) == found.value(insult, (0, 10)) == Seen(()).value(insult)
    whole = seen(Label.PERSONAL_ATTACK, 0.9)
    assert whole.value(insult, (0, 10)) == whole.value(insult)


def test_a_name_may_carry_a_version():
    assert known("TOXICITY@6") is known("TOXICITY")
    assert known("toxicity") is None
    assert known("@6") is None


def test_all_scores_of_a_comment_come_at_once():
    fair, insult = (scores(Submission.of(text), Engine.default()) for text in (FAIR, INSULT))

    assert set(fair) == set(insult) == set(ATTRIBUTES)
    assert insult["INSULT"] > 0.8
    assert max(fair.values()) < 0.3
