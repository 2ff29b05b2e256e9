"""The reasons that a decision or a sanction owes to the person concerned."""

from datetime import timedelta

import pytest

from comity import queries
from comity.actions import deciding, posting, retaining, statements
from comity.actions.newsroom import publish_guidelines
from comity.errors import NotFound
from comity.guidelines import Measure
from comity.models import Comment, Decision, Status
from comity.statement import Prompt, Result, Statement
from tests.cast import BREAKS, GUIDELINES_TEXT, HOUNDING, INSULT, NOW, SWEARING, Cast


def statement(people: Cast, comment: Comment) -> Statement:
    def read(session) -> Statement:
        decision = session.get_one(Decision, session.get_one(Comment, comment.id).decision_id)
        return statements.of_decision(session, people.newsroom, decision)

    return people.read(read)


def test_a_machines_rejection_names_words_rule_and_way_to_appeal(people: Cast):
    comment = people.post(f"What the {SWEARING}.")

    said = statement(people, comment)

    assert (said.result, said.prompt) == (Result.REJECTED, Prompt.OWN)
    assert (said.words, said.how) == ((SWEARING,), ("word list",))
    assert (said.by_machine, said.found_by_machine) == (True, True)
    [rule] = said.rules
    assert (rule.title, rule.prose) == ("No swearing", "No bad words.")
    assert f"/main/guidelines/{people.newsroom.packaged.version}#profanity" in rule.url
    assert said.appeal_until == NOW + timedelta(days=180)
    assert str(comment.decision_id) in said.appeal_url


def test_what_is_held_says_what_comes_and_cannot_be_appealed_yet(people: Cast):
    said = statement(people, people.post(f"You {INSULT}."))

    assert (said.result, said.appeal_until, said.words) == (Result.HELD, None, (INSULT,))


def test_what_could_not_be_judged_says_so(people: Cast):
    said = statement(people, people.post(f"{BREAKS}"))

    assert said.undetermined
    assert said.rules == ()


def test_a_persons_decision_names_no_one_but_says_that_it_was_a_person(people: Cast):
    comment = people.post("The builder is a fool.")
    people.flag(comment, by=people.cleo)
    people.decide(comment)

    said = statement(people, comment)

    assert (said.prompt, said.by_machine, said.found_by_machine) == (Prompt.FLAG, False, False)
    assert said.words == ()
    assert "Mira" not in said.to_text()
    assert "Cleo" not in said.to_text()


def test_a_decision_on_a_held_comment_rests_on_what_the_machine_saw(people: Cast):
    comment = people.post(f"You {INSULT}.")
    people.decide(comment)

    said = statement(people, comment)

    assert (said.prompt, said.found_by_machine, said.by_machine) == (Prompt.OWN, True, False)
    assert said.words == (INSULT,)


def test_the_rule_is_quoted_as_it_stood_that_day(people: Cast):
    comment = people.post(f"What the {SWEARING}.")
    text = GUIDELINES_TEXT.replace("No bad words.", "Other prose altogether.")
    people.do(publish_guidelines, text=text, site=None, by=people.olga)

    assert statement(people, comment).rules[0].prose == "No bad words."


def test_once_appealed_there_is_no_second_appeal(people: Cast):
    comment = people.post(f"You {INSULT}.", by=people.bo)
    decision = people.decide(comment)
    appeal = people.appeal(decision=decision)
    assert statement(people, comment).appeal_until is None

    people.answer(appeal, answer="Indeed.")

    said = statement(people, comment)
    assert (said.result, said.prompt, said.note) == (Result.PUBLISHED, Prompt.APPEAL, "Indeed.")


def test_erased_words_are_not_quoted(people: Cast):
    comment = people.post(f"What the {SWEARING}.")
    people.do(retaining.sweep, now=NOW + timedelta(days=400))

    said = statement(people, comment)

    assert (said.text, said.words) == ("", ())
    assert said.rules[0].id == "profanity"


def test_whoever_withdraws_needs_no_reasons(people: Cast):
    comment = people.post()
    assert statement(people, comment).result is Result.PUBLISHED
    people.do(posting.withdraw, comment=comment, author=people.ana)

    with pytest.raises(NotFound):
        statement(people, comment)


def test_a_sanction_says_measure_rule_reason_and_end(people: Cast):
    sanction = people.sanction(Measure.SUSPEND, site=None, moderator=people.olga, days=7)

    said = people.read(statements.of_sanction, people.newsroom, sanction)

    assert (said.result, said.site) == (Measure.SUSPEND, "Comity")
    assert (said.until, said.note) == (NOW + timedelta(days=7), "You would not leave Cleo alone.")
    assert said.rules[0].title == "Leave people alone"
    assert said.appeal_until == NOW + timedelta(days=180)


def test_a_sanction_that_follows_rests_on_what_its_decision_rests_on(people: Cast):
    comment = people.post(f"You {HOUNDING}.", by=people.bo)
    decision = people.do(
        deciding.decide,
        comment=comment,
        moderator=people.mira,
        outcome=Status.REJECTED,
        rules=["harassment"],
        note="For the third time.",
        seen=comment.decision_id,
    )
    [sanction] = people.read(queries.sanctions_of, people.bo.id)

    said = people.read(statements.of_sanction, people.newsroom, sanction)

    assert (said.found_by_machine, said.how, said.by_machine) == (True, ("word list",), False)
    assert (said.words, said.prompt) == ((HOUNDING,), Prompt.OWN)
    assert (said.note, said.reason) == ("For the third time.", sanction.reason)
    assert said.decision_url.endswith(f"/statements/{decision.id}")


def test_a_sanction_after_a_flag_says_that_a_person_found_it(people: Cast):
    comment = people.post("You follow her home.", by=people.bo)
    people.flag(comment, "harassment", by=people.cleo)
    people.decide(comment, Status.REJECTED, "harassment")
    [sanction] = people.read(queries.sanctions_of, people.bo.id)

    said = people.read(statements.of_sanction, people.newsroom, sanction)

    assert (said.found_by_machine, said.prompt, said.words) == (False, Prompt.FLAG, ())


def test_what_stands_again_says_that_a_decision_was_taken_back(people: Cast):
    comment = people.post(f"You {INSULT}.")
    people.decide(comment)
    people.undo(comment)

    said = statement(people, comment)

    assert (said.result, said.prompt) == (Result.HELD, Prompt.UNDO)


def test_a_sanction_that_was_lifted_says_so(people: Cast):
    comment = people.post(f"You {HOUNDING}.", by=people.bo)
    people.decide(comment, Status.REJECTED, "harassment")
    people.decide(comment, Status.PUBLISHED, by=people.ed)
    [sanction] = people.read(queries.sanctions_of, people.bo.id)

    said = people.read(statements.of_sanction, people.newsroom, sanction)

    assert (said.lifted_at, said.appeal_until) == (NOW, None)
