import pytest

from comity.detectors.incivility import incivility
from comity.findings import Submission


def score(text: str) -> float:
    return max((finding.score for finding in incivility(Submission.of(text))), default=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "Did you even read the article?",
        "Do try to keep up.",
        "Bless your little heart.",
        "Nobody asked you.",
        "Oh do enlighten us.",
        "Whatever helps you sleep.",
        "Cry me a river.",
        "Educate yourself.",
        "Gracias por tu aportación, experto de turno.",
    ],
)
def test_contempt_without_an_insult_is_seen_at_the_strength_of_a_nudge(text):
    assert 0.5 <= score(text) < 0.75


@pytest.mark.parametrize(
    "text",
    [
        "I disagree. The audit says otherwise.",
        "That figure is wrong: it is £17.20, on page nine.",
        "Thank you for your answer.",
        "Another consultation. How brave of the council.",
        "God bless her.",
        "No estoy de acuerdo, la cifra es otra.",
    ],
)
def test_plain_disagreement_and_thanks_are_fair(text):
    assert score(text) < 0.5
