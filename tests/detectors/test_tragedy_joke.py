"""The same words under a story of death and under another; mockery and grief."""

import pytest

from comity.detectors.tragedy_joke import tragedy_joke
from comity.findings import StoryExcerpt, Submission

FIRE = StoryExcerpt(
    headline="Two brothers die in barn fire at Ellerby",
    deck="Neighbours tried to reach them",
    body=("Tom and Will Hart, 19 and 17, were found dead on Monday. The alarm had no battery.",),
)
FETE = StoryExcerpt(
    headline="Village fete rained off for the second year",
    body=("The tombola was carried into the church hall at Ellerby, and the cakes with it.",),
)


def score(text, *, story=FIRE, parent=None):
    found = tragedy_joke(Submission.of(text, story=story, parent=parent))
    return max((finding.score for finding in found), default=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "Well they did like a barbecue 😂😂",
        "lol crispy brothers",
        "Good riddance to the pair of them.",
        "Natural selection at work, one less to feed",
        "Boo hoo, cry me a river",
        "Two fewer, I call that a result for the village hahaha",
        "Uno menos, jajaja, a la parrilla",
        "Ding dong, and pop the champagne",
    ],
)
def test_mockery_depends_on_the_story_it_stands_under(text):
    assert score(text) >= 0.5

    assert score(text, story=FETE) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "Rest in peace, lads. My heart goes out to the family.",
        "Will sat beside me in maths and laughed at all my jokes. I miss him.",
        "Whoever posted that joke about a barbecue: their mother reads these comments.",
        "The landlord was warned twice about the alarm. Shame on the council.",
        "Why was there no battery in it? Has anyone asked?",
        "🕯️🙏💔",
        "Descansen en paz. Mucha fuerza a la familia.",
        "El ayuntamiento lo sabía desde marzo. Qué vergüenza.",
    ],
)
def test_grief_blame_and_rebuke_are_left_alone(text):
    assert score("lol crispy brothers") >= 0.5

    assert score(text) < 0.5


BRIDGE = StoryExcerpt(
    headline="Two die in bridge fire",
    deck="A swimming teacher and her brother were on the span when it burned",
    body=("The old bridge to the east bank burned on Monday. The toll ended in May.",),
)


@pytest.mark.parametrize(
    "text",
    [
        "You are an idiot, Tom.",
        "What a moron.",
        "The mayor is an idiot, he should resign.",
        "They are clowns, the lot of the council.",
        "Congratulations to the engineers 🎉",
        "Enhorabuena a los bomberos 🎉",
        "Happy to pay the toll 😀",
        "Thank you to the fire crews 🚒",
        "5 stars for the reporter",
        "Great news for the east bank",
        "Good riddance to the old bridge",
    ],
)
def test_insults_cheers_and_pictures_are_no_joke_about_the_victims(text):
    assert score("Good riddance to the pair of them 🎉", story=BRIDGE) >= 0.5
    assert score("Five stars for the barbecue, they looked well done", story=BRIDGE) >= 0.5
    assert score("🎉", story=BRIDGE) >= 0.5

    assert score(text, story=BRIDGE) == 0.0


def test_a_tragedy_told_by_the_parent_counts():
    parent = "My brother drowned off that slipway in 1998."

    assert score("glug glug lol", story=FETE, parent=parent) >= 0.5
    assert score("glug glug lol", story=FETE, parent="My cake slid off that table.") == 0.0


def test_a_tragedy_that_the_comment_brings_up_counts():
    assert score("The twins who drowned there made great tea bags lmao", story=FETE) >= 0.5


def test_a_story_that_the_newsroom_marks_as_sensitive_is_a_tragedy():
    quiet = StoryExcerpt(headline="Ellerby remembers", sensitive=True)

    assert score("hahaha good riddance", story=quiet) >= 0.5


def test_the_spans_are_the_readers_own_words():
    text = "🔥 good riddance, lol"

    (finding,) = tragedy_joke(Submission.of(text, story=FIRE))

    assert {text[start:end] for start, end in finding.spans} >= {"good riddance", "lol"}


@pytest.mark.parametrize(
    "text", ["", "ha" * 50_000, "a? " * 20_000, "A: b. " * 10_000, "\ud800 \x00"]
)
def test_odd_texts_are_read_to_the_end(text):
    assert tragedy_joke(Submission.of(text, story=FIRE)) is not None
