"""What is about something else than its story, by likeness of meaning."""

import pytest

from comity.detectors.relevance import WORTH_SAYING, astray, relevance
from comity.findings import Label, StoryExcerpt, Submission

BRIDGE = StoryExcerpt(
    "Old bridge to be repaired",
    "The road will be closed for a year",
    ("The council voted on Tuesday to repair the bridge over the river before the winter.",),
)
PUENTE = StoryExcerpt(
    "El puente viejo será reparado",
    "La carretera estará cerrada un año",
    ("El pleno votó el martes reparar el puente sobre el río antes del invierno.",),
)
ELSEWHERE = "My hamster has eaten the sofa again and I blame vegetables, opera and the moon."
OTRA_COSA = "Mi hámster se ha comido otra vez el sofá y la culpa es de la ópera y de la luna."
ABOUT = "At last! That crossing has been crumbling into the water ever since the flood."


def found(text: str, story: StoryExcerpt | None, parent: str | None = None):
    return relevance(Submission.of(text, story=story, parent=parent))


def test_what_means_something_else_is_seen():
    (finding,) = found(ELSEWHERE, BRIDGE)

    assert finding.label is Label.OFF_TOPIC
    assert finding.score >= WORTH_SAYING


def test_what_means_the_same_in_other_words_is_not():
    assert found(ABOUT, BRIDGE) == []


def test_an_answer_is_about_what_it_answers():
    parent = "Our cat and hamster wrecked the whole living room, sofa and all, in one night."

    assert found(ELSEWHERE, BRIDGE, parent) == []


@pytest.mark.parametrize("story", [None, StoryExcerpt()])
def test_without_a_story_nothing_is_off_it(story):
    assert found(ELSEWHERE, story) == []


@pytest.mark.parametrize("story", [PUENTE, BRIDGE])
def test_nothing_is_said_of_a_language_it_does_not_read(story):
    assert found(OTRA_COSA, story) == []


@pytest.mark.parametrize("text", [ELSEWHERE, ABOUT])
def test_stopping_early_hides_nothing(text):
    submission = Submission.of(text, story=BRIDGE)
    whole, cut = astray(submission), astray(submission, least=WORTH_SAYING)

    assert cut == whole or max(cut, whole) < WORTH_SAYING
