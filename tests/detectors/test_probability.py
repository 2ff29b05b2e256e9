"""Scores are probabilities: what a detector says by itself is scaled, in findings and in lines."""

from itertools import pairwise

import pytest

from comity.detectors import Engine, chance
from comity.findings import Finding, Label, Submission
from comity.guidelines import Guidelines
from comity.judge import judge

ENGINE = Engine.default()


def shouting(submission):
    return [Finding(Label.INCIVILITY, 0.9, (), "shouting", "capitals")]


def engine(**scales):
    known = {(Label.INCIVILITY, name): scale for name, scale in scales.items()}
    return Engine("test", {"shouting": shouting}, {}, scales=known)


def score_of(engine):
    (finding,) = judge(Submission.of("WHY"), Guidelines.default(), engine).findings
    return finding.score


def test_a_finding_carries_the_probability_of_its_score():
    assert score_of(engine(shouting=(1.0, 0.0))) == pytest.approx(0.9)
    assert score_of(engine(shouting=(1.0, -2.1972))) == pytest.approx(0.5, abs=1e-3)


def test_what_has_no_scale_gives_a_probability_already():
    assert score_of(engine(whispering=(1.0, -9.0))) == 0.9


@pytest.mark.parametrize("score", [0.0, 1.0])
def test_no_finding_is_certain(score):
    assert 0 < chance(score, (1.0, 0.0)) < 1


def test_a_packaged_finding_is_what_its_scale_makes_of_it():
    (own,) = ENGINE.detectors["profanity"](Submission.of("What a load of bullshit."))
    found = judge(Submission.of("What a load of bullshit."), Guidelines.default(), ENGINE).findings
    (judged,) = [one for one in found if one.label is Label.PROFANITY]
    expected = chance(own.score, ENGINE.scales[Label.PROFANITY, "profanity"])
    assert judged.score == pytest.approx(expected, abs=1e-4)
    assert judged.score != own.score


@pytest.mark.parametrize("encoder", [False, True])
def test_a_higher_score_of_a_detector_is_a_higher_probability(encoder):
    for label, rows in Engine.default(encoder=encoder).calibration.items():
        for detector, lines in rows.items():
            scores = [score for score, _ in lines]
            assert all(a < b for a, b in pairwise(scores)), (label, detector)


def test_every_packaged_detector_is_scaled():
    every = Engine.default(encoder=True)
    raised = {(label, name) for label, rows in every.calibration.items() for name in rows}
    assert raised
    assert raised == {*every.scales}
