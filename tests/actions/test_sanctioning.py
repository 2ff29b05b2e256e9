"""What happens to a person, by a moderator's hand or by the ladder."""

from datetime import timedelta

import pytest

from comity import db, queries
from comity.actions import sanctioning
from comity.errors import BadInput, Conflict, Forbidden, Sanctioned
from comity.guidelines import Measure
from comity.models import Status
from tests.cast import HOUNDING, INSULT, NOW, SWEARING, Cast, story


def measures(people: Cast) -> list[str]:
    return [made.measure for made in people.read(queries.sanctions_of, people.bo.id)][::-1]


def confirmed(people: Cast, rule: str, word: str, *, now=NOW) -> None:
    comment = people.post(f"{word} {now}", by=people.bo, now=now)
    people.decide(comment, Status.REJECTED, rule, now=now)


def other_site_story(people: Cast):
    with db.transaction(people.database) as session:
        return story(session, people.other_site)


def test_a_block_counts_on_its_site_only(people: Cast):
    elsewhere = other_site_story(people)
    people.sanction()

    with pytest.raises(Sanctioned, match="blocked here until a moderator lifts it"):
        people.post(by=people.bo)

    people.post(by=people.bo, story=elsewhere)


def test_a_block_everywhere_counts_everywhere_and_is_an_owners_to_make(people: Cast):
    elsewhere = other_site_story(people)
    with pytest.raises(Forbidden):
        people.sanction(site=None)

    people.sanction(site=None, moderator=people.olga)

    for place in (people.story, elsewhere):
        with pytest.raises(Sanctioned, match="on all our sites"):
            people.post(by=people.bo, story=place)


@pytest.mark.parametrize("measure", [Measure.WARN, Measure.PREMODERATE])
def test_milder_measures_let_a_reader_write(people: Cast, measure: Measure):
    people.sanction(measure)

    comment = people.post(by=people.bo)

    assert comment.status is (Status.HELD if measure is Measure.PREMODERATE else Status.PUBLISHED)


def test_lifting_ends_it(people: Cast):
    made = people.sanction()
    with pytest.raises(Forbidden):
        people.do(sanctioning.lift, sanction=made, moderator=people.max, because="Why not.")

    lifted = people.do(sanctioning.lift, sanction=made, moderator=people.mira, because="Mistaken.")

    assert (lifted.lifted_by, lifted.lifted_because) == (people.mira.id, "Mistaken.")
    people.post(by=people.bo)
    with pytest.raises(Conflict, match="already"):
        people.do(sanctioning.lift, sanction=made, moderator=people.mira, because="Again.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rule": "no_such_rule"}, "rule"),
        ({"reason": " "}, "reason"),
        ({"days": 0}, "days"),
        ({"days": 10**9}, "days"),
        ({"measure": Measure.SUSPEND}, "days"),
    ],
)
def test_a_sanction_without_rule_reason_or_end_is_refused(people: Cast, changes, field):
    with pytest.raises(BadInput) as refused:
        people.sanction(**changes)

    assert refused.value.field == field


def test_staff_and_oneself_are_not_sanctioned(people: Cast):
    for user in (people.ed, people.mira, people.olga):
        with pytest.raises(Forbidden, match="staff"):
            people.sanction(user=user)
    with pytest.raises(Forbidden):
        people.sanction(moderator=people.cleo)

    people.sanction(user=people.max)  # He is staff on another site only.


def test_a_machine_alone_sanctions_nobody(people: Cast):
    for number in range(5):
        people.post(f"{SWEARING} {number}", by=people.bo)
        people.post(f"{HOUNDING} {number}", by=people.bo)

    assert measures(people) == []


def test_the_ladder_blocks_at_the_first_confirmed_harassment(people: Cast):
    confirmed(people, "harassment", HOUNDING)

    assert measures(people) == ["block"]
    with pytest.raises(Sanctioned, match="Leave people alone"):
        people.post(by=people.bo)


def test_the_ladder_climbs_with_each_confirmed_breach(people: Cast):
    for day, expected in enumerate(([], ["premoderate"], ["premoderate", "suspend"])):
        now = NOW + timedelta(days=day)
        confirmed(people, "personal_attack", INSULT, now=now)
        assert measures(people) == expected

    with pytest.raises(Sanctioned):
        people.post(by=people.bo, now=NOW + timedelta(days=3))
    people.post(by=people.bo, now=NOW + timedelta(days=30))


def test_breaches_of_long_ago_do_not_count(people: Cast):
    confirmed(people, "personal_attack", INSULT)

    confirmed(people, "personal_attack", INSULT, now=NOW + timedelta(days=31))

    assert measures(people) == []


def test_breaches_that_were_reversed_do_not_count(people: Cast):
    comment = people.post(f"You {INSULT}.", by=people.bo)
    people.decide(comment)
    people.decide(comment, Status.PUBLISHED)

    confirmed(people, "personal_attack", INSULT)

    assert measures(people) == []


def test_breaches_on_another_site_do_not_count(people: Cast):
    comment = people.post(f"You {INSULT}.", by=people.bo, story=other_site_story(people))
    people.decide(comment, by=people.max)

    confirmed(people, "personal_attack", INSULT)

    assert measures(people) == []


def test_deciding_otherwise_lifts_what_followed_and_climbs_anew(people: Cast):
    comment = people.post(f"You {HOUNDING}.", by=people.bo)
    people.decide(comment, Status.REJECTED, "harassment")
    assert measures(people) == ["block"]

    people.decide(comment, Status.REJECTED, "personal_attack", by=people.ed)

    made = people.read(queries.sanctions_of, people.bo.id)
    assert [entry.lifted_at is not None for entry in made] == [True]
    people.post(by=people.bo)


def test_moderators_own_slips_are_left_to_the_owner(people: Cast):
    comment = people.post(f"You {HOUNDING}.", by=people.ed)

    people.decide(comment, Status.REJECTED, "harassment")

    assert people.read(queries.sanctions_of, people.ed.id) == []
