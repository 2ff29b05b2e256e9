"""What there is to learn from: comments, and which labels people found in them or not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from comity.case import Question, StoryRecord
from comity.errors import BadInput
from comity.evaluate.suite import LabelledCase
from comity.findings import CARED_FOR, Label, Submission
from comity.guidelines import Guidelines
from comity.learn.feedback import Suggestion
from comity.perspective.attributes import EXPERIMENTAL, PRODUCTION
from comity.text import fold

# What an attribute says of a label. TOXICITY says of none which it is, only that none is right.
MEANS = {
    "INSULT": Label.PERSONAL_ATTACK,
    "PROFANITY": Label.PROFANITY,
    "OBSCENE": Label.PROFANITY,
    "THREAT": Label.THREAT,
    "IDENTITY_ATTACK": Label.HATE,
    "SPAM": Label.SPAM,
}
TOXICITY = "TOXICITY"
RIGHT = 0.5  # From this suggested score on, an attribute is called right.


class Source(Enum):
    """Where an example is from, which says what it is good for."""

    DECIDED = "decided"  # A person has read it: learnt from, and measured on.
    UNREAD = "unread"  # Public, and nobody objected: learnt from, and where lines are drawn.
    PAGE = "page"  # Printed in the guidelines: learnt from only, since the engine knows it well.


@dataclass(frozen=True, slots=True)
class Example:
    """A comment, and the labels of which it is known whether they are right; of others nothing."""

    submission: Submission
    truth: Mapping[Label, bool]
    source: Source = Source.DECIDED

    @property
    def group(self) -> str:
        """What copies share, so that one is never held out while another is learnt."""
        return " ".join(self.submission.text.folded.split())


def fair() -> dict[Label, bool]:
    """Return the truth of a comment that breaks no rule."""
    return {label: False for label in Label if label not in CARED_FOR}


def of_page(guidelines: Guidelines) -> list[Example]:
    """Return what the guidelines print as allowed and as not."""
    found = []
    for rule in guidelines.rules:
        broken = dict.fromkeys(rule.labels, True)
        for examples, truth in ((rule.ok, fair()), (rule.not_ok, broken)):
            for one in examples:
                parent = None if one.parent is None else fold(one.parent)
                submission = Submission(fold(one.text), parent, (), one.story)
                found.append(Example(submission, truth, Source.PAGE))
    return found


def of_suite(cases: Iterable[LabelledCase], stories: Mapping[str, StoryRecord]) -> list[Example]:
    """Return a suite's cases as examples; a tolerated label is neither right nor wrong.

    Raises:
        BadInput: a case names a story that is not there.
    """
    found = []
    for case in cases:
        story = case.story
        if isinstance(story, str) and story not in stories:
            raise BadInput(
                f"Case {case.id}: there is no story “{story}”.", remedy="Give --stories."
            )
        record = stories[story] if isinstance(story, str) else story
        question = Question(case.id, case.text, case.parent, story=record)
        truth = {
            label: label in case.expect
            for label in Label
            if label in case.expect or label not in case.allowed
        }
        found.append(Example(question.submission(), truth))
    return found


def of_suggestions(found: Iterable[Suggestion], toxic: Label | None) -> list[Example]:
    """Return suggestions as examples; `toxic` is the label that TOXICITY means here, if any."""
    made = []
    for one in found:
        truth: dict[Label, bool] = {}
        for name, score in one.scores.items():
            attribute = name.partition("@")[0].removesuffix(EXPERIMENTAL)
            if attribute == TOXICITY and score < RIGHT:
                truth = {**dict.fromkeys(PRODUCTION[TOXICITY].weights, False), **truth}
            label = toxic if attribute == TOXICITY else MEANS.get(attribute)
            if label:
                truth[label] = score >= RIGHT
        if truth:
            made.append(Example(Submission.of(one.text), truth))
    return made
