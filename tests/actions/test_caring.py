"""Somebody in despair breaks no rule, and goes to a person before all else."""

from datetime import timedelta

import pytest

from comity import queries
from comity.actions import appealing, deciding, posting, retaining, statements
from comity.actions.newsroom import publish_guidelines
from comity.actions.replaying import replay
from comity.errors import BadInput, Conflict
from comity.guidelines import Guidelines
from comity.models import Comment, Decision, Nudge, Ruling, Status
from comity.statement import Result, Statement
from tests.cast import GUIDELINES_TEXT, HOUNDING, INSULT, NOW, SWEARING, WEARY, Cast


def told(people: Cast, comment: Comment) -> Statement:
    """What the writer is told about the latest decision."""

    def read(session):
        decision = session.get_one(Decision, people.again(comment).decision_id)
        return statements.of_decision(session, people.newsroom, decision)

    return people.read(read)


def keep_back(people: Cast, comment: Comment, note: str = "") -> Decision:
    return people.do(
        deciding.decide,
        comment=comment,
        moderator=people.mira,
        outcome=Status.REJECTED,
        rules=[],
        note=note,
        seen=people.again(comment).decision_id,
    )


def record(people: Cast, user):
    return people.read(queries.person_record, user.id, people.site.id)


def test_it_waits_before_the_gravest_breach(people: Cast):
    hounding = people.post(f"A {HOUNDING}.", by=people.bo)
    weary = people.post(f"So {WEARY}.")

    waiting, _ = people.read(queries.queue, [people.site.id])

    assert [entry.id for entry in waiting] == [weary.id, hounding.id]
    assert [entry.rules for entry in waiting] == [[], ["harassment"]]


def test_pages_of_the_queue_go_on_after_it(people: Cast):
    ids = [people.post(f"So {WEARY} {n}.").id for n in range(3)]
    ids.append(people.post(f"A {HOUNDING}.").id)

    first, after = people.read(queries.queue, [people.site.id], limit=2)
    rest, _ = people.read(queries.queue, [people.site.id], after=after, limit=2)

    assert [entry.id for entry in (*first, *rest)] == ids


def test_the_writer_is_told_that_it_breaks_no_rule_and_whom_to_call(people: Cast):
    said = told(people, people.post(f"So {WEARY}."))

    assert said.result is Result.HELD
    assert said.summary == "Your comment goes to a person at once. Your comment breaks no rule."
    assert said.care is not None
    assert (said.care.title, said.care.prose) == ("If it is too much", "Call *somebody* now.")
    assert said.rules == ()
    assert said.to_text().split("\n\n")[1] == "If it is too much\nCall *somebody* now."
    assert "counts nothing against you" in said.to_text()


def test_where_a_rule_is_broken_too_both_are_said_and_no_machine_rejects(people: Cast):
    assert people.post(f"{SWEARING}!").status is Status.REJECTED

    comment = people.post(f"{SWEARING}, so {WEARY}.")

    assert comment.status is Status.HELD
    said = told(people, comment)
    assert said.care is not None
    assert [rule.id for rule in said.rules] == ["profanity"]
    assert said.summary == (
        "Your comment goes to a person at once. It may go against a rule: No swearing."
    )
    assert "breaks no rule" not in said.to_text()


def test_published_it_is_public_and_leaves_the_queue(people: Cast):
    comment = people.post(f"So {WEARY}.")
    assert people.thread() == []

    people.decide(comment, Status.PUBLISHED)

    assert people.thread() == [(comment.text, [])]
    assert people.waiting() == []
    assert told(people, comment).care is None


def test_kept_back_without_a_rule_it_is_no_strike(people: Cast):
    comment = people.post(f"So {WEARY}.")

    decision = keep_back(people, comment, note="Thank you for writing. We have sent you a message.")

    assert (decision.status, decision.confirmed, decision.rules) == (Status.REJECTED, False, [])
    assert people.thread() == []
    assert record(people, people.ana).breaches == {}
    assert record(people, people.ana).sanctions == []
    said = told(people, comment)
    assert said.summary == "Your comment is not published. Your comment breaks no rule."
    assert said.care is not None
    assert "We have sent you a message." in said.to_text()
    assert people.post("The tram was fine.").status is Status.PUBLISHED


def test_only_despair_may_be_kept_back_without_a_rule(people: Cast):
    keep_back(people, people.post(f"So {WEARY}."))

    with pytest.raises(BadInput, match="names the rule"):
        keep_back(people, people.post(f"You {INSULT}."))


def test_what_is_kept_back_is_not_kept_back_again(people: Cast):
    comment = people.post(f"So {WEARY}.")
    keep_back(people, comment)

    with pytest.raises(Conflict, match="already"):
        keep_back(people, comment)


def test_keeping_back_can_be_appealed(people: Cast):
    comment = people.post(f"So {WEARY}.")
    decision = keep_back(people, comment)
    appeal = people.do(
        appealing.appeal, person=people.ana, decision=decision, text="I want it read."
    )

    people.answer(appeal, ruling=Ruling.REVERSED, answer="So it is.")

    assert people.thread() == [(comment.text, [])]


def test_a_breach_in_it_is_confirmed_only_by_a_person(people: Cast):
    comment = people.post(f"{SWEARING}, so {WEARY}.")
    assert record(people, people.ana).breaches == {}

    people.decide(comment, Status.REJECTED, "profanity")

    assert record(people, people.ana).breaches == {"profanity": 1}


def test_taken_back_it_waits_before_all_else_again(people: Cast):
    weary, hounding = people.post(f"So {WEARY}."), people.post(f"A {HOUNDING}.", by=people.bo)
    people.decide(weary, Status.PUBLISHED)
    assert people.waiting() == [hounding.id]

    people.undo(weary)

    assert people.waiting() == [weary.id, hounding.id]


def test_withdrawn_it_still_waits(people: Cast):
    comment = people.post(f"So {WEARY}.")

    people.do(posting.withdraw, comment=comment, author=people.ana)

    assert people.waiting() == [comment.id]


def test_a_preview_of_it_is_not_held_against_the_next_text(people: Cast):
    arguments = {"story": people.story, "author": people.ana, "reply_to": None}

    verdict = people.do(posting.preview, text=f"All day I am {WEARY} of it.", **arguments)

    assert verdict.reasons == ("care",)
    assert people.read(lambda session: session.query(Nudge).count()) == 0
    assert people.post("All day I am fond of it.").status is Status.PUBLISHED


def test_the_words_are_those_of_the_day(people: Cast):
    comment = people.post(f"So {WEARY}.")
    text = GUIDELINES_TEXT.replace("Call *somebody* now.", "Call us.")
    people.do(publish_guidelines, text=text, site=None, by=people.olga)

    said = told(people, comment)

    assert said.care is not None
    assert said.care.prose == "Call *somebody* now."


def test_replayed_without_care_the_guidelines_differ(people: Cast):
    people.post(f"So {WEARY}.")
    people.post("Fair.")
    without = GUIDELINES_TEXT.replace('labels = ["despair"]\nhold = { score = 0.5 }\n', "")

    def differences(text: str):
        guidelines = Guidelines.parse(text)
        since = NOW - timedelta(days=1)
        return people.read(
            lambda session: [
                (one.before.outcome, one.after.outcome)
                for one in replay(session, people.newsroom, guidelines=guidelines, since=since)
            ]
        )

    assert differences(GUIDELINES_TEXT) == []
    assert differences(without) == [("hold", "publish")]


def test_once_its_record_is_erased_nothing_is_told_of_it(people: Cast):
    comment = people.post(f"So {WEARY}.")
    assert told(people, comment).care is not None
    people.decide(comment, Status.PUBLISHED)
    people.do(retaining.sweep, now=NOW + timedelta(days=400))

    assert told(people, comment).care is None
