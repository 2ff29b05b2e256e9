"""A statement of reasons: everything the person concerned must be told, in words they can use."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from comity.findings import Target
from comity.guidelines import Measure
from comity.statement import Cited, Prompt, Result, Statement

NOW = datetime(2026, 3, 14, 9, 5, tzinfo=UTC)
RULE = Cited(
    "personal_attack", "Argue with the idea", "Do not insult.", "abcdef0123456789", "https://x/g"
)
TEXT = "You idiot. You idiot, you clown."
HELD = Statement(
    id="7",
    result=Result.HELD,
    site="The Gazette",
    decided_at=NOW,
    text=TEXT,
    revision=2,
    spans=((4, 9), (15, 20), (26, 31)),
    by_machine=True,
    found_by_machine=True,
    how=("word list",),
    rules=(RULE,),
    appeal_url="https://x/appeal/7",
    appeal_until=NOW + timedelta(days=180),
)
REJECTED = replace(
    HELD, result=Result.REJECTED, by_machine=False, prompt=Prompt.FLAG, note="Twice in one line."
)
BLOCKED = Statement(
    id="8",
    result=Measure.BLOCK,
    site="The Gazette",
    decided_at=NOW,
    by_machine=False,
    found_by_machine=False,
    prompt=Prompt.REVIEW,
    rules=(RULE,),
    appeal_url="https://x/appeal/8",
    appeal_until=NOW + timedelta(days=180),
)


def test_a_held_writer_is_told_what_where_and_until_when():
    text = HELD.to_text()

    assert text.startswith("Your comment is waiting for a moderator: Argue with the idea.\n")
    assert "only you and the moderators can see it, wherever The Gazette is read" in text
    assert "It lasts until a moderator has decided." in text


def test_the_facts_are_the_words_of_one_revision_each_once():
    assert HELD.words == ("idiot", "clown")
    assert "these words in version 2 of your comment: “idiot”, “clown”." in HELD.to_text()


def test_it_is_said_at_whom_the_words_are_directed_as_far_as_that_is_known():
    both = replace(HELD, targets=(Target.READER, Target.PUBLIC_FIGURE))

    assert "directed at another reader and a public figure." in both.to_text()
    assert both.to_json()["targets"] == ["reader", "public_figure"]
    assert "directed" not in HELD.to_text()


CARE = Cited(
    "care", "If it is too much", "Call *somebody*.", "abcdef0123456789", "https://x/g#care"
)
CARED = replace(HELD, rules=(), spans=(), how=(), care=CARE, appeal_until=None)


def test_somebody_in_despair_is_first_told_what_helps_and_that_no_rule_is_broken():
    text = CARED.to_text()

    assert text.startswith(
        "Your comment goes to a person at once. Your comment breaks no rule.\n\n"
        "If it is too much\nCall *somebody*.\n\nWhat was decided\n"
    )
    assert "That counts nothing against you." in text
    assert CARED.to_json()["care"]["title"] == "If it is too much"
    assert HELD.to_json()["care"] is None


def test_where_a_rule_is_broken_too_or_nobody_could_tell_none_is_said_to_be_whole():
    both = replace(CARED, rules=(RULE,))
    unchecked = replace(CARED, undetermined=True)

    assert both.summary.endswith("It may go against a rule: Argue with the idea.")
    assert unchecked.summary == "Your comment goes to a person at once."
    assert all("breaks no rule" not in one.to_text() for one in (both, unchecked))


def test_what_a_person_keeps_back_of_it_is_no_breach():
    kept = replace(CARED, result=Result.REJECTED, by_machine=False, note="We wrote to you.")

    assert kept.summary == "Your comment is not published. Your comment breaks no rule."
    assert "It counts nothing against you." in kept.to_text()
    assert "Call *somebody*." in kept.to_text()


def test_without_words_it_is_about_the_whole_comment():
    assert "version 2 of your comment as a whole" in replace(HELD, spans=()).to_text()


def test_who_found_and_who_decided_are_told_apart():
    by_person = REJECTED.to_text()

    assert "Found by a program (word list). A program decided" in HELD.to_text()
    assert "Found by a program (word list). A moderator decided." in by_person
    assert "Found by a person." in BLOCKED.to_text()


def test_the_rule_is_quoted_as_it_stood_with_its_version_and_link():
    text = REJECTED.to_text()

    assert "“Argue with the idea”\nDo not insult.\nhttps://x/g (version abcdef012345)" in text
    assert "goes against this rule" in text
    assert "The moderator adds: Twice in one line." in text


def test_a_measure_that_follows_from_a_comment_names_its_words_its_reason_and_the_decision():
    followed = replace(
        BLOCKED,
        text=TEXT,
        spans=HELD.spans,
        reason="A comment of yours broke a rule.",
        decision_url="https://x/statements/7",
    ).to_text()

    assert "these words in version 1 of your comment: “idiot”, “clown”." in followed
    assert "The decision about this comment: https://x/statements/7\n" in followed
    assert "of our guidelines.\nA comment of yours broke a rule.\n" in followed
    assert "The moderator adds" not in followed


def test_a_measure_of_its_own_speaks_of_no_comment():
    text = BLOCKED.to_text()

    assert "not about one comment alone" in text
    assert "version 1" not in text


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        (Prompt.OWN, "every comment is checked"),
        (Prompt.EDIT, "an edited comment is checked"),
        (Prompt.FLAG, "A reader flagged"),
        (Prompt.APPEAL, "You appealed"),
        (Prompt.REVIEW, "nobody asked the moderator"),
        (Prompt.UNDO, "A moderator took back what was decided"),
    ],
)
def test_what_made_us_look_is_said(prompt, said):
    assert said in replace(HELD, prompt=prompt).to_text()


def test_how_and_until_when_to_appeal_is_said():
    text = HELD.to_text()

    assert "appeal until 10 September 2026, 09:05 UTC, free of charge: https://x/appeal/7" in text
    assert "who had no part in the decision" in text
    assert "appeal until" not in replace(HELD, appeal_until=None).to_text()


def test_a_comment_that_could_not_be_checked_is_nobodys_fault():
    text = replace(HELD, rules=(), spans=(), undetermined=True).to_text()

    assert text.startswith("Your comment could not be checked. A person will read it.")
    assert "says nothing against it" in text
    assert "It is about" not in text


def test_a_premoderated_writer_is_told_why_it_waits():
    text = replace(HELD, rules=(), spans=(), premoderated=True).to_text()

    assert text.startswith("Your comment is waiting for a moderator.")
    assert "a moderator reads all your comments" in text


def test_an_appeal_that_was_right_is_called_so():
    text = replace(HELD, result=Result.PUBLISHED, prompt=Prompt.APPEAL, appeal_until=None).to_text()

    assert text.startswith("Your appeal was right, and your comment is published.")
    assert "these words" not in text
    assert "against this rule" not in text


def test_a_published_comment_is_called_published():
    assert replace(HELD, result=Result.PUBLISHED).summary == "Your comment is published."


@pytest.mark.parametrize("measure", list(Measure))
def test_a_person_is_told_what_a_measure_means(measure):
    statement = replace(BLOCKED, result=measure)

    assert statement.about_person
    assert "The Gazette" in statement.to_text()
    assert "Argue with the idea" in statement.summary


def test_a_measure_with_an_end_names_it_and_one_without_says_so():
    until = replace(BLOCKED, result=Measure.SUSPEND, until=NOW + timedelta(days=7))

    assert "It ends on 21 March 2026, 09:05 UTC." in until.to_text()
    assert "It has no end, unless it is reversed." in BLOCKED.to_text()


def test_a_lifted_measure_says_so_first():
    lifted = replace(BLOCKED, lifted_at=NOW + timedelta(days=1))

    assert lifted.to_text().startswith("This was lifted on 15 March 2026, 09:05 UTC")


def test_json_holds_the_fields_and_the_same_words_as_the_text():
    value = json.loads(json.dumps(REJECTED.to_json()))

    assert (value["decided_by"], value["found_by"]) == ("person", "machine")
    assert (value["about"], value["result"], value["prompt"]) == ("comment", "rejected", "flag")
    assert value["rules"][0]["title"] == "Argue with the idea"
    assert value["appeal_until"] == "2026-09-10T09:05:00+00:00"
    assert all(part["text"] in REJECTED.to_text() for part in value["parts"])
    assert value["summary"] in REJECTED.to_text()
