"""What a story itself says never counts against a comment that repeats it."""

import pytest

from comity.detectors import DETECTORS
from comity.findings import StoryExcerpt, Submission

HEADLINE = "Court hears of the row at the town hall"
OTHER = StoryExcerpt(headline=HEADLINE, body=("The hearing goes on for a week.",))
TRAGIC = "Two brothers die in barn fire at Ellerby, where both were born"


def score(detector: str, text: str, story: StoryExcerpt) -> float:
    found = DETECTORS[detector](Submission.of(text, story=story))
    return max((finding.score for finding in found), default=0.0)


# The detector, what somebody says in the story, and who says it.
SAID = [
    ("profanity", "This trial is bullshit,", "said the clerk of the court."),
    ("slur", "He called us faggots for a year,", "said the older Hart brother."),
    ("vulgarity", "He told me to show him my tits,", "said the former secretary."),
    ("vulgarity", "She can sit on my face,", "the driver wrote in the group chat."),
    ("personal_attack", "The mayor is a liar and a coward,", "said Ms Roe."),
    ("personal_attack", "You are an idiot,", "the mayor told her."),
    ("harassment", "I know where you live and I will be watching,", "read the letter."),
    ("threat", "I will kill you,", "he told her in the message."),
    ("hate", "Muslims are vermin,", "said a banner at the march."),
    ("incivility", "Nobody cares what you think,", "the chairman told the resident."),
    ("spam", "Earn $900 a day from home, no experience needed, join free today,", "it promised."),
]


@pytest.mark.parametrize(("detector", "words", "by"), SAID)
@pytest.mark.parametrize(
    "comment",
    ["“{words}” {by}", "{words} {by} How awful.", "Look at this: “{words}” Who let that pass?"],
    ids=["in marks", "without marks", "in marks alone"],
)
def test_a_comment_may_repeat_the_story(detector, words, by, comment):
    text = comment.format(words=words, by=by)
    story = StoryExcerpt(headline=HEADLINE, body=("It was heard today.", f"“{words}” {by}"))

    assert score(detector, text, OTHER) >= 0.3
    assert score(detector, text, story) == 0.0


def test_a_comment_may_repeat_mockery_that_the_story_reports():
    said = "“Good riddance to the pair of them,” the neighbour wrote under the picture."
    told = StoryExcerpt(headline=TRAGIC, body=("Tom and Will were found dead on Monday.", said))
    untold = StoryExcerpt(headline=TRAGIC, body=told.body[:1])

    assert score("tragedy_joke", said, untold) >= 0.5
    assert score("tragedy_joke", said, told) == 0.0
    assert score("tragedy_joke", "Good riddance to them both.", told) >= 0.5


@pytest.mark.parametrize(
    ("detector", "text"),
    [
        ("personal_attack", "Renwick is a liar and a coward."),
        ("personal_attack", "You are a liar."),
        ("personal_attack", "You are a “liar”, my friend."),
        ("personal_attack", "“He kept the books,” said Ms Roe. You idiot."),
        ("threat", "I will kill you."),
        ("threat", "I will kill you, Tom."),
        ("hate", "Muslims are vermin."),
        ("profanity", "What bullshit you write."),
    ],
)
def test_sharing_a_word_with_the_story_is_not_repeating_it(detector, text):
    story = StoryExcerpt(
        headline=HEADLINE,
        body=(
            "“The mayor is a liar and a coward,” said Ms Roe. “I will kill you,” he told her.",
            "“Muslims are vermin,” said a banner. “This is bullshit,” said the clerk.",
        ),
    )

    assert score(detector, text, story) == score(detector, text, OTHER) >= 0.5
