import pytest

from comity.detectors.threat import threat
from comity.findings import Submission


def score(text: str) -> float:
    return max((finding.score for finding in threat(Submission.of(text))), default=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "I will kill you.",
        "I'll k!ll you",
        "I'm going to break your legs.",
        "We know where you live.",
        "Te voy a matar.",
    ],
)
def test_the_plainest_threats_score_highest(text):
    assert score(text) >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "Somebody should shoot him.",
        "He should be strung up from a lamppost.",
        "I hope you get cancer.",
        "May the owner drown in his own pool.",
        "Burn his house down.",
        "She needs a bullet.",
        "Put a brick through his window.",
        "Watch your back.",
        "Ojalá te mueras.",
        "Habría que fusilarlos.",
    ],
)
def test_wishes_calls_and_hints_are_seen(text):
    assert score(text) >= 0.6


@pytest.mark.parametrize(
    "text",
    [
        "I'd kill for that recipe.",
        "We got slaughtered in the debate.",
        "This heat is killing me.",
        "I hope nobody was hurt.",
        "I hope he resigns.",
        "We will see you in court.",
        "Hang them out to dry on the line.",
        "We'll bury them in the next match.",
        "She nearly died laughing.",
        "I could murder a pint.",
        "Me muero de risa.",
    ],
)
def test_idioms_are_fair(text):
    assert score(text) < 0.5


def test_a_threat_among_many_civil_words_counts():
    civil = "The ferry matters to the island and I hope that it keeps sailing in the winter. " * 40
    assert score(civil) == 0.0
    assert score(f"{civil}I will kill you. {civil}") >= 0.9
