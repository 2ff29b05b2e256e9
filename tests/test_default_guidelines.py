"""The packaged guidelines: what is printed is what happens, and not only for the printed words."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from comity import Engine, Guidelines, Submission
from comity.findings import CARED_FOR, Label
from comity.guidelines import Example, Measure, Rule
from comity.guidelines.blocks import examples
from comity.guidelines.markdown import Block
from comity.judge import check, judge

DEFAULT = Guidelines.default()
TWINS = tomllib.loads(
    (Path(__file__).parent / "data/twins.toml").read_text(encoding="utf-8"),
)
PLAIN_WORDS = {"slur", "profanity", "spam", "personal_information", "threat"}


def twin(rule: Rule) -> Rule:
    block = Block("enforce", rule.title, 0, values=TWINS[rule.id])
    return replace(rule, ok=examples(block, "ok"), not_ok=examples(block, "not_ok"))


def single(rule: Rule, example: Example, *, fair: bool) -> Guidelines:
    bare = tuple(replace(one, ok=(), not_ok=()) for one in DEFAULT.rules if one.id != rule.id)
    only = replace(rule, ok=(example,) if fair else (), not_ok=() if fair else (example,))
    return replace(DEFAULT, rules=(*bare, only))


def cases(rules: list[Rule]) -> list:
    return [
        pytest.param(rule, example, fair, id=f"{rule.id}-{'ok' if fair else 'not_ok'}-{n}")
        for rule in rules
        for fair, found in ((True, rule.ok), (False, rule.not_ok))
        for n, example in enumerate(found, start=1)
    ]


@pytest.mark.parametrize(("rule", "example", "fair"), cases(list(DEFAULT.rules)))
def test_an_example_comes_out_as_it_is_printed(rule, example, fair):
    assert check(single(rule, example, fair=fair), Engine.default()) == []


@pytest.mark.parametrize(("rule", "example", "fair"), cases([twin(one) for one in DEFAULT.rules]))
def test_its_reworded_twin_comes_out_alike(rule, example, fair):
    assert check(single(rule, example, fair=fair), Engine.default()) == []


@pytest.mark.parametrize("rule", DEFAULT.rules, ids=lambda rule: rule.id)
def test_every_example_has_a_twin_of_other_words(rule):
    other = twin(rule)

    assert (len(other.ok), len(other.not_ok)) == (len(rule.ok), len(rule.not_ok))
    originals = [one.text for one in (*rule.ok, *rule.not_ok)]
    twins = [one.text for one in (*other.ok, *other.not_ok)]
    assert all(a != b for a, b in zip(originals, twins, strict=True))


def test_there_are_about_sixty_examples():
    assert sum(len(rule.ok) + len(rule.not_ok) for rule in DEFAULT.rules) >= 60


def test_every_label_has_its_rule():
    assert [rule.id for rule in DEFAULT.rules if rule.labels != {Label(rule.id)}] == []
    assert {rule.id for rule in DEFAULT.rules} == set(Label) - CARED_FOR


@pytest.mark.parametrize("words", ["findahelpline.com", "116 123", "988", "024"])
def test_whoever_despairs_is_told_whom_to_call(words):
    assert DEFAULT.care is not None
    assert words in DEFAULT.care.prose
    assert judge(Submission.of("I want to die."), DEFAULT, Engine.default()).reasons == ("care",)


def test_newsrooms_are_told_to_put_their_own_help_lines():
    assert "put the help lines of your own readers" in DEFAULT.text


def test_only_plain_words_may_be_rejected_by_a_machine():
    assert {rule.id for rule in DEFAULT.rules if rule.reject} == PLAIN_WORDS


def test_incivility_is_never_more_than_a_nudge():
    rule = DEFAULT.rule("incivility")

    assert rule is not None
    assert (rule.nudge is None, rule.hold, rule.reject) == (False, None, None)


@pytest.mark.parametrize("rule", ["harassment", "tragedy_joke"])
def test_the_first_confirmed_time_blocks(rule):
    measures = [rung.measure for rung in DEFAULT.ladder if rule in rung.rules and rung.count == 1]

    assert measures == [Measure.BLOCK]


@pytest.mark.parametrize(
    "words",
    [
        "civil",
        "Stay with the story",
        "No profanity",
        "Nothing crude",
        "No slurs",
        "not the person",
        "harass others are blocked",
        "Do not joke about tragedies",
        "who do are blocked",
        "lower-right corner",
        "No threats",
        "No hatred",
        "No advertising",
        "Keep private things private",
    ],
)
def test_the_page_says_what_the_house_promises(words):
    assert words in " ".join(DEFAULT.text.split())
