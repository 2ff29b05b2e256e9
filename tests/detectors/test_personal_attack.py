import pytest

from comity.detectors.address import REACH
from comity.detectors.personal_attack import personal_attack
from comity.findings import Label, StoryExcerpt, Submission

STORY = StoryExcerpt(
    headline="Ferry subsidy ends",
    body=("The ports minister, Aldous Renwick, said that the subsidy was over.",),
    byline="Morag Teel",
)


def score(text: str, *, parent: str | None = None) -> float:
    found = personal_attack(Submission.of(text, parent=parent, story=STORY))
    assert all(finding.label is Label.PERSONAL_ATTACK for finding in found)
    return max((finding.score for finding in found), default=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "You are an idiot.",
        "you absolute muppet",
        "Your an idiot mate",
        "What a moron.",
        "Renwick is a liar and a coward.",
        "Renwick, you weasel.",
        "The author of this piece is a fraud.",
        "He is a nasty, spiteful little man.",
        "Have you taken your meds today?",
        "Thick as two short planks, our minister.",
        "Does your mother know you are on the internet?",
        "Eres un idiota.",
        "El alcalde es un sinvergüenza.",
        "Menudo imbécil.",
    ],
)
def test_an_insult_to_a_person_is_seen(text):
    assert score(text) >= 0.6


@pytest.mark.parametrize(
    "text",
    [
        "Your argument is idiotic from start to finish.",
        "This is a stupid plan, badly explained.",
        "That statement is false and the answer was cowardly.",
        "Renwick should resign today.",
        "Worst display in forty years. Gutless.",
        "I'm such an idiot, I left the tickets at home.",
        "Politicians are liars.",
        "I am not saying you are stupid.",
        "You are not an idiot.",
        "I see what you mean.",
        "It rained like a beast and the dog was soaked.",
        "Read it to the kids as 'Fat Joe and the Lazy Cat'.",
        "Es una idea tonta, pero la escribo.",
    ],
)
def test_criticism_self_mockery_and_loose_groups_are_fair(text):
    assert score(text) < 0.5


@pytest.mark.parametrize(
    ("plain", "text"),
    [
        ("You dick.", "Van Dyck, Dykstra, Dick Van Dyke."),
        ("Coward, liar, weasel.", "Hancock, Hitchcock, Babcock, peacock."),
    ],
)
def test_words_that_are_allowed_are_no_insults(plain, text):
    assert score(plain) >= 0.5
    assert score(text) == 0.0


def test_what_somebody_else_shouted_is_not_the_writers_insult():
    assert score("You fool.") >= 0.6
    assert score("A man shouted 'you fool' at me on the bus.") < 0.5


def test_a_quoted_insult_is_marked_as_reported():
    found = personal_attack(
        Submission.of("The minister called her “a liar, you are an idiot” today.")
    )
    assert all(finding.reported for finding in found)


@pytest.mark.parametrize("word", ["1d10t", "id*ot", "i.d.i.o.t", "іdiоt", "idiooot", "i d i o t"])
def test_a_disguised_word_counts_as_the_word(word):
    text = f"You are an {word} and you know it."
    found = personal_attack(Submission.of(text))
    assert found
    start, end = found[0].spans[0]
    assert text[start:end] == word


def test_a_bare_insult_weighs_more_in_an_answer():
    assert score("Liar.", parent="I paid my fare.") > score("Liar.") > 0.5


@pytest.mark.parametrize(
    "text", ["idiot " * 8, "idiot " * 40, "i d i o t i d i o t", "Fool, liar, " * 6]
)
def test_repeating_a_bare_insult_does_not_hide_it(text):
    assert score(text) > 0.5


def test_one_insult_among_many_civil_words_counts():
    civil = "The ferry matters to the island and I hope that it keeps sailing in the winter. " * 40
    assert score(civil) == 0.0
    assert score(f"{civil}You are an idiot. {civil}") >= 0.9


def test_the_subject_is_looked_for_no_further_than_a_bounded_reach():
    near = "You are a " + "very " * 3 + "fool"
    far = "You are a " + "very " * (REACH + 3) + "fool"
    assert score(near) >= 0.6
    assert score(far) < 0.5


def test_many_insults_raise_the_score_and_never_pass_one():
    assert 0.9 < score("You are an idiot. " * 300) < 1.0
