"""A person leaves."""

from datetime import timedelta

import pytest

from comity import queries
from comity.actions import leaving, users
from comity.errors import Forbidden
from comity.guidelines import Measure
from comity.models import Role, Ruling, Status
from tests.cast import INSULT, NOW, Cast


def test_name_sign_in_and_words_are_gone_and_answers_keep_their_place(people: Cast):
    root = people.post("I am Bo and live here.", by=people.bo)
    people.post("Hello.", reply_to=root.id)
    held = people.post(f"You {INSULT}.", by=people.bo)
    rejected = people.post(f"You {INSULT} indeed.", by=people.bo)
    people.decide(rejected)

    erased = people.do(leaving.erase, user=people.bo, by=people.bo)

    assert (erased.name, erased.external, erased.epoch) == ("", None, 1)
    assert people.thread() == [(None, ["Hello."])]
    assert people.waiting() == []
    for comment in (root, held, rejected):
        assert people.again(comment).text == ""
        assert people.read(queries.comment_file, comment.id).case.record is None
    assert people.again(rejected).status is Status.REJECTED
    with pytest.raises(Forbidden, match="erased"):
        people.post(by=people.bo)


def test_only_the_person_or_an_owner_erases(people: Cast):
    for nobody in (people.ana, people.mira, people.ed):
        with pytest.raises(Forbidden):
            people.do(leaving.erase, user=people.bo, by=nobody)

    people.do(leaving.erase, user=people.bo, by=people.olga)
    people.do(leaving.erase, user=people.ana, by=people.ana)


def test_roles_and_the_words_of_flags_and_appeals_go_too(people: Cast):
    comment = people.post("The builder is a fool.", by=people.bo)
    decision = people.decide(comment)
    appeal = people.appeal(decision=decision)

    people.do(leaving.erase, user=people.bo, by=people.bo)
    people.do(leaving.erase, user=people.ed, by=people.ed)

    assert people.again(appeal).text == ""
    assert people.read(users.sites_of, people.ed, Role.MODERATOR) == []
    answered = people.answer(appeal, Ruling.UPHELD, moderator=people.olga)
    assert answered.answered_at


def test_leaving_does_not_end_a_block(people: Cast):
    people.sanction(Measure.SUSPEND, days=7)
    for user in (people.bo, people.cleo):
        people.do(leaving.erase, user=user, by=user)
    assert "bo" not in people.again(people.bo).external

    with pytest.raises(Forbidden, match="while it was blocked"):
        people.do(users.from_publisher, external="bo", name="Bob")

    back = people.do(users.from_publisher, external="cleo", name="Cleo")
    assert back.id != people.cleo.id
    later = NOW + timedelta(days=8)
    assert people.do(users.from_publisher, external="bo", name="Bo", now=later).id != people.bo.id
