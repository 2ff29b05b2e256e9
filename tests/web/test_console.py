import re
from uuid import uuid4

import pytest
from httpx import Response

from comity.actions import flagging
from comity.guidelines import Measure
from comity.models import Sanction, Status, User
from tests.cast import BREAKS, HOUNDING, INSULT, SNEER, SWEARING
from tests.web.conftest import Web
from tests.web.forms import PAGE, see, send


def decided(web: Web, comment, by: User, outcome: str = "reject", **fields: object) -> Response:
    seen = web.people.again(comment).decision_id
    fields = {"outcome": outcome, "seen": str(seen), "rules": ["personal_attack"], **fields}
    return send(web, f"/console/comments/{comment.id}/decisions", by, **fields)


def walk(web: Web) -> list[tuple[str, str]]:
    """Return every address of the console, about things on Mira's site."""
    cast = web.people
    held = cast.post(f"You {INSULT}.", by=cast.bo)
    sanction = cast.sanction(Measure.WARN)
    appeal = cast.appeal(sanction=sanction)
    keys = {"comments": held.id, "people": cast.bo.id, "sanctions": sanction.id}
    keys["appeals"] = appeal.id
    routes = []
    for route in web.client.app.routes:
        if route.path.startswith("/console"):
            path = re.sub(
                r"/(\w+)/\{id:uuid\}", lambda match: f"/{match[1]}/{keys[match[1]]}", route.path
            )
            routes += [(method, path) for method in sorted(route.methods - {"OPTIONS", "HEAD"})]
    return routes


def test_every_address_of_the_console_is_for_moderators_of_the_site_only(quick):
    cast = quick.people
    addresses = walk(quick)
    assert len(addresses) >= 10
    for method, path in addresses:
        ask = see if method == "GET" else send

        # A form without its fields is refused as such, so its sender was let in.
        assert ask(quick, path, cast.mira).status_code == (200 if method == "GET" else 400), path
        nobody = ask(quick, path)
        assert nobody.status_code == (303 if method == "GET" else 401), path
        assert ask(quick, path, cast.ana).status_code == 403, path
        elsewhere = 200 if path in {"/console", "/console/appeals"} else 404
        answer = ask(quick, path, cast.max)
        assert answer.status_code == elsewhere, path
        assert INSULT not in answer.text


def test_nobody_is_sent_to_sign_in_and_comes_back_to_the_console(quick):
    assert see(quick, "/console").headers["location"] == "/sign-in?return_to=/console"


def test_a_form_without_its_token_is_refused(quick):
    held = quick.people.post(f"You {INSULT}.", by=quick.people.bo)
    path = f"/console/comments/{held.id}/decisions"
    assert decided(quick, held, quick.people.mira).status_code == 303

    answer = quick.client.post(
        path, data={"outcome": "publish"}, headers={**PAGE, **quick.session(quick.people.mira)}
    )

    assert answer.status_code == 403


def test_the_queue_shows_the_gravest_first_with_rule_words_and_flags(web):
    cast = web.people
    cast.post(f"You {INSULT}.", by=cast.bo)
    cast.post(f"A {HOUNDING} waits.", by=cast.bo)
    flagged = cast.post("I doubt it.", by=cast.ana)
    cast.flag(flagged, "incivility", by=cast.cleo)

    page = see(web, "/console", cast.mira).text

    assert page.index(HOUNDING) < page.index(INSULT) < page.index("I doubt it.")
    assert "3 comments wait" in page
    assert "Leave people alone" in page
    assert "1 flag<" in page


def test_an_empty_queue_says_so(quick):
    assert "Nothing waits" in see(quick, "/console", quick.people.mira).text


def test_a_long_queue_goes_on_on_the_next_page(quick):
    cast = quick.people
    for number in range(51):
        cast.post(f"You {INSULT} number {number:02}.", by=cast.bo)
    first = see(quick, "/console", cast.mira).text
    assert "number 49" in first
    assert "number 50" not in first

    second = see(quick, "/console" + re.search(r'href="(\?after=[^"]+)"', first)[1], cast.mira).text

    assert "number 50" in second
    assert "number 49" not in second


def test_a_file_marks_the_words_and_shows_the_rule_the_story_and_the_parent(web):
    cast = web.people
    parent = cast.post("Trams are late.", by=cast.ana)
    held = cast.post(f"<b>You</b> {INSULT}, {SNEER}.", by=cast.bo, reply_to=parent.id)

    page = see(web, f"/console/comments/{held.id}", cast.mira).text

    assert f"<mark>{INSULT}</mark>" in page
    assert f"<mark>{SNEER}</mark>" in page
    assert "&lt;b&gt;You&lt;/b&gt;" in page
    assert "Talk about the thing." in page
    assert "only reminded the writer" in page
    assert "word list. Of a hundred such findings, about " in page
    assert "Directed at another reader." in page
    assert "Trams are late." in page
    assert "It took nine years" in page
    assert "No confirmed breach" in page


def test_a_comment_that_could_not_be_judged_says_which_detector_gave_no_answer(quick):
    held = quick.people.post(f"A {BREAKS} here.", by=quick.people.bo)

    page = see(quick, f"/console/comments/{held.id}", quick.people.mira).text

    assert f"No answer from: {BREAKS}" in page


def test_flags_stand_in_the_file_with_their_notes(quick):
    cast = quick.people
    comment = cast.post("I doubt it.", by=cast.ana)
    cast.do(flagging.flag, comment=comment, reader=cast.cleo, rule="incivility", note="So rude.")

    page = see(quick, f"/console/comments/{comment.id}", cast.mira).text

    assert "So rude." in page
    assert "Cleo" in page


def test_publishing_shows_the_comment_and_offers_to_undo(web):
    cast = web.people
    held = cast.post(f"You {INSULT}.", by=cast.bo)

    answer = decided(web, held, cast.mira, "publish")

    assert answer.status_code == 303
    assert cast.again(held).status is Status.PUBLISHED
    page = see(web, answer.headers["location"], cast.mira).text
    assert "Published: the comment of Bo." in page
    assert f"/console/comments/{held.id}/undo" in page


def test_rejecting_tells_of_the_sanction_that_the_ladder_made_and_undo_lifts_it(web):
    cast = web.people
    held = cast.post(f"A {HOUNDING} waits.", by=cast.bo)

    answer = decided(web, held, cast.mira, rules=["harassment"], note="Leave her alone.")
    page = see(web, answer.headers["location"], cast.mira).text
    assert "Blocked until lifted" in page
    assert cast.again(held).status is Status.REJECTED

    seen = cast.again(held).decision_id
    back = send(web, f"/console/comments/{held.id}/undo", cast.mira, seen=str(seen))

    assert back.status_code == 303
    assert cast.again(held).status is Status.HELD
    page = see(web, back.headers["location"], cast.mira).text
    assert "Taken back" in page
    assert "Blocked until" not in page
    assert "Leave her alone." in page


def test_several_rules_may_be_named(quick):
    held = quick.people.post(f"You {INSULT}.", by=quick.people.bo)

    decided(quick, held, quick.people.mira, rules=["personal_attack", "incivility"])

    page = see(quick, f"/console/comments/{held.id}", quick.people.mira).text
    assert "No insults, Keep it civil" in page


def choices(page: str) -> dict[str, str]:
    """Return what the form says beside each rule, and whether it is ticked."""
    return {
        id: ("ticked " if ticked else "") + " ".join(re.sub("<[^>]*>", " ", said).split())
        for id, ticked, said in re.findall(
            r'name="rules" value="(\w+)"( checked)?> (.*?)</label>', page, re.DOTALL
        )
    }


def test_the_gravest_rule_is_ticked_and_the_others_that_were_seen_are_marked(quick):
    cast = quick.people
    held = cast.post(f"{SNEER}, you {INSULT} and {HOUNDING}.", by=cast.bo)

    found = choices(see(quick, f"/console/comments/{held.id}", cast.mira).text)

    assert {id: said.startswith("ticked ") for id, said in found.items()} == {
        "incivility": False,
        "profanity": False,
        "personal_attack": False,
        "harassment": True,
    }
    seen = {id for id, said in found.items() if "The program saw this." in said}
    assert seen == {"incivility", "personal_attack", "harassment"}
    assert "the first time, the writer is blocked" in found["harassment"]


def test_what_the_program_only_reminds_of_is_never_ticked(quick):
    flagged = quick.people.post(f"{SNEER}.", by=quick.people.bo)
    quick.people.flag(flagged, "incivility", by=quick.people.cleo)

    found = choices(see(quick, f"/console/comments/{flagged.id}", quick.people.mira).text)

    assert "The program saw this." in found["incivility"]
    assert not any(said.startswith("ticked") for said in found.values())


def test_rejecting_without_a_rule_is_refused_and_what_was_typed_stays(quick):
    held = quick.people.post(f"You {INSULT}.", by=quick.people.bo)

    answer = decided(quick, held, quick.people.mira, rules=[], note="Not like this.")

    assert answer.status_code == 400
    assert "A rejection names the rule that was broken." in answer.text
    assert "Not like this." in answer.text
    assert quick.people.again(held).status is Status.HELD


def test_the_slower_of_two_moderators_is_shown_what_was_decided(web):
    cast = web.people
    held = cast.post(f"You {INSULT}.", by=cast.bo)
    seen = str(held.decision_id)
    assert decided(web, held, cast.olga, "publish", note="A joke among friends.").status_code == 303

    answer = decided(web, held, cast.mira, seen=seen)

    assert answer.status_code == 409
    assert "Somebody has decided" in answer.text
    assert "A joke among friends." in answer.text
    assert cast.again(held).status is Status.PUBLISHED


def test_ones_own_comment_is_for_a_colleague(quick):
    held = quick.people.post(f"You {INSULT}.", by=quick.people.mira)

    page = see(quick, f"/console/comments/{held.id}", quick.people.mira).text

    assert "Ask a colleague" in page
    assert 'value="reject"' not in page
    assert decided(quick, held, quick.people.mira).status_code == 403


@pytest.mark.parametrize("measure", ["warn", "premoderate", "suspend", "block"])
def test_a_person_is_sanctioned_and_the_sanction_lifted(quick, measure):
    cast = quick.people
    cast.post("The bridge is fine.", by=cast.bo)
    form = {"measure": measure, "rule": "harassment", "reason": "Enough.", "scope": "main"}

    answer = send(quick, f"/console/people/{cast.bo.id}/sanctions", cast.mira, days="7", **form)

    assert answer.status_code == 303
    page = see(quick, answer.headers["location"], cast.mira).text
    assert "Enough." in page
    made = re.search(r"/console/sanctions/([^/]+)/lift", page)[1]
    lifted = send(quick, f"/console/sanctions/{made}/lift", cast.mira, because="A mistake.")
    assert lifted.status_code == 303
    assert "A mistake." in see(quick, lifted.headers["location"], cast.mira).text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("days", "soon", "no number of days"),
        ("days", "", "needs an end"),
        ("measure", "exile", "No measure was chosen"),
        ("rule", "nonsense", "no rule"),
        ("reason", " ", "nothing to read"),
        ("scope", "other", "do not moderate there"),
    ],
)
def test_a_sanction_with_a_mistake_is_refused_and_what_was_typed_stays(quick, field, value, said):
    cast = quick.people
    cast.post("The bridge is fine.", by=cast.bo)
    form = {"measure": "suspend", "rule": "harassment", "reason": "Enough.", "scope": "main"}
    form = {"days": "7", **form, field: value}

    answer = send(quick, f"/console/people/{cast.bo.id}/sanctions", cast.mira, **form)

    assert answer.status_code == 400
    assert said in answer.text
    assert cast.read(lambda session: session.query(Sanction).count()) == 0


def test_only_who_moderates_everywhere_sanctions_everywhere(quick):
    cast = quick.people
    cast.post("The bridge is fine.", by=cast.bo)
    form = {"measure": "block", "rule": "harassment", "reason": "Enough.", "scope": "everywhere"}
    path = f"/console/people/{cast.bo.id}/sanctions"
    assert send(quick, path, cast.olga, **form).status_code == 303

    answer = send(quick, path, cast.mira, **form)

    assert answer.status_code == 403
    assert "This needs the role" in answer.text


def test_people_who_never_came_to_ones_sites_cannot_be_looked_up(quick):
    cast = quick.people
    cast.post("The bridge is fine.", by=cast.bo)
    assert see(quick, f"/console/people/{cast.bo.id}", cast.mira).status_code == 200

    assert see(quick, f"/console/people/{cast.cleo.id}", cast.mira).status_code == 404
    assert see(quick, f"/console/people/{uuid4()}", cast.mira).status_code == 404


def test_an_appeal_is_answered_by_somebody_else(web):
    cast = web.people
    held = cast.post(f"You {INSULT}.", by=cast.bo)
    decision = cast.decide(held)
    appeal = cast.appeal(decision=decision, text="It was meant well.")
    form = {"ruling": "reversed", "answer": "You are right."}
    path = f"/console/appeals/{appeal.id}"
    assert "It was meant well." in see(web, "/console/appeals", cast.mira).text
    own = see(web, path, cast.mira).text
    assert "you cannot answer it" in own
    assert 'name="ruling"' not in own
    assert send(web, path, cast.mira, **form).status_code == 403

    answer = send(web, path, cast.ed, **form)

    assert answer.status_code == 303
    assert cast.again(held).status is Status.PUBLISHED
    page = see(web, answer.headers["location"], cast.ed).text
    assert "reversed, with all that followed" in page
    assert "You are right." in see(web, path, cast.ed).text
    assert send(web, path, cast.ed, **form).status_code == 409


def test_an_answer_begins_from_a_prepared_one(quick):
    cast = quick.people
    decision = cast.decide(cast.post(f"You {INSULT}.", by=cast.bo))
    appeal = cast.appeal(decision=decision, text="It was meant well.")

    page = see(quick, f"/console/appeals/{appeal.id}?template=2", cast.ed).text

    assert ">You are right: the comment breaks no rule. It is public now.</textarea>" in page
    assert re.search(r'value="reversed" *checked', page)


def test_what_is_appealed_waits_for_the_answer(quick):
    cast = quick.people
    held = cast.post(f"You {INSULT}.", by=cast.bo)
    decision = cast.decide(held)
    cast.appeal(decision=decision, text="It was meant well.")

    page = see(quick, f"/console/comments/{held.id}", cast.olga).text

    assert "The writer has appealed." in page
    assert decided(quick, held, cast.olga, "publish").status_code == 409


def test_a_rejection_by_the_machine_can_be_looked_at_and_reversed(quick):
    cast = quick.people
    rejected = cast.post(f"What a {SWEARING}.", by=cast.bo)
    assert rejected.status is Status.REJECTED

    answer = decided(quick, rejected, cast.mira, "publish")

    assert answer.status_code == 303
    assert cast.again(rejected).status is Status.PUBLISHED
