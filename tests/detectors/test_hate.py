import pytest

from comity.detectors.hate import hate
from comity.findings import Submission


def score(text: str) -> float:
    return max((finding.score for finding in hate(Submission.of(text))), default=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "Immigrants are vermin.",
        "All gypsies are thieves.",
        "They breed like rats.",
        "Women belong in the kitchen.",
        "Send them all back where they came from.",
        "I'm not racist but these people are all criminals.",
        "The great replacement is real.",
        "Los gitanos son todos ladrones.",
        "Vete a tu país.",
    ],
)
def test_degrading_or_shutting_out_a_group_is_seen(text):
    assert score(text) >= 0.6


@pytest.mark.parametrize(
    "text",
    [
        "As a Muslim woman I found the sermon moving.",
        "My neighbours are Roma and Polish.",
        "I think we should take fewer immigrants each year.",
        "Visa charges for foreigners are too high.",
        "Saying that immigrants are vermin is disgusting.",
        "He told me to go back to my country. I was born here.",
        "Not all gypsies are thieves.",
        "Women are paid less than men in this trade.",
        "Las mujeres cobran menos.",
        "A mi hija le dijeron 'vete a tu país'.",
    ],
)
def test_identity_policy_and_counter_speech_are_fair(text):
    assert score(text) < 0.5
