"""Objections and their answers."""

from datetime import timedelta

import pytest

from comity import queries
from comity.actions import appealing
from comity.errors import BadInput, Conflict, Forbidden, TooMany
from comity.models import Decision, Ruling, Status
from tests.cast import HOUNDING, INSULT, NOW, SWEARING, Cast, newsroom


def rejected(people: Cast, word: str = INSULT, rule: str = "personal_attack") -> Decision:
    return people.decide(people.post(f"You {word}.", by=people.bo), Status.REJECTED, rule)


def by_machine(people: Cast) -> Decision:
    comment = people.post(f"What the {SWEARING}.", by=people.bo)
    return people.read(lambda session: session.get_one(Decision, comment.decision_id))


def status(people: Cast, decision: Decision) -> Status:
    return people.read(queries.comment_file, decision.comment_id).comment.status


def test_a_reversal_publishes_and_lifts_what_followed(people: Cast):
    decision = rejected(people, HOUNDING, "harassment")
    made = people.appeal(decision=decision)

    answered = people.answer(made)

    assert (answered.ruling, answered.answered_by) == (Ruling.REVERSED, people.ed.id)
    assert status(people, decision) is Status.PUBLISHED
    assert people.read(queries.sanctions_of, people.bo.id)[0].lifted_at == NOW
    people.post(by=people.bo)


def test_an_upheld_decision_of_a_person_stands_as_it_is(people: Cast):
    decision = rejected(people)

    people.answer(people.appeal(decision=decision), Ruling.UPHELD)

    assert len(people.read(queries.comment_file, decision.comment_id).decisions) == 2
    assert status(people, decision) is Status.REJECTED


def test_upholding_a_machines_decision_confirms_the_breach(people: Cast):
    decision = by_machine(people)
    record = people.read(queries.person_record, people.bo.id, people.site.id)
    assert record.breaches == {}

    people.answer(people.appeal(decision=decision), Ruling.UPHELD)

    record = people.read(queries.person_record, people.bo.id, people.site.id)
    assert record.breaches == {"profanity": 1}
    latest = people.read(queries.comment_file, decision.comment_id).decisions[-1]
    with pytest.raises(Conflict, match="final"):
        people.appeal(decision=people.read(lambda session: session.get_one(Decision, latest.id)))


def test_whoever_decided_does_not_answer(people: Cast):
    made = people.appeal(decision=rejected(people))

    with pytest.raises(Forbidden, match="somebody else"):
        people.answer(made, moderator=people.mira)
    with pytest.raises(Forbidden):
        people.answer(made, moderator=people.max)
    with pytest.raises(Forbidden):
        people.answer(made, moderator=people.bo)

    people.answer(made, moderator=people.ed)
    with pytest.raises(Conflict, match="already"):
        people.answer(made, moderator=people.olga)


def test_any_moderator_answers_for_the_machine(people: Cast):
    answered = people.answer(people.appeal(decision=by_machine(people)), moderator=people.mira)

    assert answered.answered_by == people.mira.id


def test_only_the_person_concerned_appeals_and_once(people: Cast):
    decision = rejected(people)
    with pytest.raises(Forbidden, match="somebody else"):
        people.appeal(decision=decision, person=people.ana)

    people.appeal(decision=decision)

    with pytest.raises(Conflict, match="already"):
        people.appeal(decision=decision)


def test_only_what_restricts_and_is_in_force_is_appealed(people: Cast):
    comment = people.post(f"You {INSULT}.", by=people.bo)
    held = people.read(lambda session: session.get_one(Decision, comment.decision_id))
    with pytest.raises(Conflict, match="restricts nothing"):
        people.appeal(decision=held)
    first = people.decide(comment)
    people.decide(comment, Status.PUBLISHED)

    with pytest.raises(Conflict, match="not in force"):
        people.appeal(decision=first)


def test_there_is_half_a_year_to_appeal(people: Cast):
    early, late = rejected(people), rejected(people)
    people.appeal(decision=early, now=NOW + timedelta(days=180))

    with pytest.raises(Conflict, match="180 days"):
        people.appeal(decision=late, now=NOW + timedelta(days=181))


def test_appeals_of_a_day_are_counted(people: Cast):
    people.newsroom = newsroom(appeals_per_day=1)
    first, second = by_machine(people), by_machine(people)
    people.appeal(decision=first)

    with pytest.raises(TooMany):
        people.appeal(decision=second)

    people.appeal(decision=second, now=NOW + timedelta(days=2))


def test_an_appeal_is_about_one_thing_and_says_something(people: Cast):
    decision = rejected(people)

    with pytest.raises(BadInput, match="one thing"):
        people.appeal()
    with pytest.raises(BadInput, match="nothing to read"):
        people.appeal(decision=decision, text=" ")

    people.appeal(decision=decision)


def test_a_sanction_is_appealed_and_lifted(people: Cast):
    sanction = people.sanction()
    with pytest.raises(Forbidden):
        people.appeal(sanction=sanction, person=people.ana)
    made = people.appeal(sanction=sanction)
    assert [file.sanction.id for file in people.read(queries.appeals_open, [people.site.id])] == [
        sanction.id
    ]
    with pytest.raises(Forbidden):
        people.answer(made, moderator=people.mira)

    people.answer(made)

    assert people.again(sanction).lifted_by == people.ed.id
    people.post(by=people.bo)
    with pytest.raises(Conflict, match="over"):
        people.appeal(sanction=sanction)


def test_a_sanction_upheld_stays(people: Cast):
    rejected(people, HOUNDING, "harassment")
    sanction = people.read(queries.sanctions_of, people.bo.id)[0]

    people.answer(people.appeal(sanction=sanction), Ruling.UPHELD)

    assert people.again(sanction).lifted_at is None


def test_open_appeals_are_seen_by_those_who_answer(people: Cast):
    decision = rejected(people)
    people.appeal(decision=decision)

    [file] = people.read(queries.appeals_open, [people.site.id])

    assert (file.decision.id, file.comment.id) == (decision.id, decision.comment_id)
    assert people.read(queries.appeals_open, [people.other_site.id]) == []
    assert set(appealing.TEMPLATES.values()) == {Ruling.UPHELD, Ruling.REVERSED}
