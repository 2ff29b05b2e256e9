"""What has nothing to do with its story, and how much is given the benefit of the doubt."""

import pytest

from comity.detectors.off_topic import off_topic
from comity.findings import StoryExcerpt, Submission

BRIDGE = StoryExcerpt(
    headline="Footbridge over the Lorn to close for repairs",
    deck="Walkers face a two-mile detour until spring",
    body=("The county engineer, Ada Finch, said that the timbers were rotten beyond mending.",),
)


def score(text, *, story=BRIDGE, parent=None):
    found = off_topic(Submission.of(text, story=story, parent=parent))
    return max((finding.score for finding in found), default=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "Copy and paste this if you love your gran, and pass it on to twelve contacts.",
        "Meanwhile nobody mentions the chemtrails over our village this morning, wake up people.",
        "Repent, for the end is near, and the hour is near. Matthew 24.",
        "Happy birthday to my darling Doris, eighty today and still dancing!",
        "Off topic, but does anyone have the recipe for that orange cake?",
        "Hablando de otra cosa, ¿alguien tiene la receta de la tarta de queso?",
    ],
)
def test_a_comment_whose_form_leaves_the_story_is_seen(text):
    assert score(text) >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Shame.",
        "About time too!",
        "Two miles is nothing, my dog walks further than that for a stick.",
        "Could the writer say when the work begins?",
        "My comment was removed yesterday, could a moderator look again?",
        "Rotten timbers! Speaking of rotten, who won the contract last time?",
    ],
)
def test_reactions_ties_and_remarks_on_the_paper_are_left_alone(text):
    assert score("Off topic, but does anyone have the recipe for that orange cake?") >= 0.5

    assert score(text) < 0.5


def test_a_reply_may_follow_its_parent_away_from_the_story():
    text = "By the way, the recipe for an orange cake is on the flour packet."

    assert score(text) >= 0.5
    assert score(text, parent="Does anyone have the flour to bake an orange cake?") < 0.5


def test_nothing_is_off_topic_without_a_story():
    text = "Off topic, but does anyone have the recipe for that orange cake?"

    assert score(text, story=None) == 0.0
    assert score(text, story=StoryExcerpt()) == 0.0


@pytest.mark.parametrize("text", ["", "word " * 20_000, "\ud800 \x00"])
def test_odd_texts_are_read_to_the_end(text):
    assert off_topic(Submission.of(text, story=BRIDGE)) is not None
