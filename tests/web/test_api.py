"""What readers do through the API, on both databases."""

from uuid import UUID

from comity import db
from comity.actions import sanctioning
from comity.guidelines import Measure
from comity.models import Decision, Status, User
from tests.cast import INSULT, NOW, SNEER, SWEARING
from tests.web.conftest import NOBODY, Web, problem


def test_a_comment_that_is_posted_is_read_by_everybody_at_once(web: Web):
    assert web.read()["items"] == []

    posted = web.post("Fair <enough>.\n\nSee https://a.example.")

    assert posted["status"] == "published"
    assert posted["statement"] is None
    page = web.read()
    (comment,) = page["items"]
    assert comment["id"] == posted["id"]
    assert comment["author"] == {"id": str(web.people.ana.id), "name": "Ana"}
    assert comment["html"].startswith('<p dir="auto">Fair &lt;enough&gt;.</p>')
    assert (comment["parent"], comment["depth"], comment["replies"]) == (None, 0, 0)
    assert (comment["items"], comment["more"], page["next"]) == ([], None, None)
    assert page["story"] == {
        "key": "bridge",
        "headline": "The new bridge opens",
        "open": True,
        "comments": 1,
        "version": page["story"]["version"],
    }


def test_a_double_click_makes_one_comment(web: Web):
    first = web.post(client_id="same")

    again = web.post(client_id="same")

    assert again["id"] == first["id"]
    assert len(web.read()["items"]) == 1


def test_replies_stand_below_what_they_answer(web: Web):
    root = web.post("Root.")
    reply = web.post("Reply.", by=web.people.bo, reply_to=root["id"])
    web.post("Reply to the reply.", reply_to=reply["id"])
    web.post("Second reply.", by=web.people.bo, reply_to=root["id"])

    (shown,) = web.read()["items"]

    assert [item["html"] for item in shown["items"]] == [
        '<p dir="auto">Reply.</p>',
        '<p dir="auto">Second reply.</p>',
    ]
    (below,) = shown["items"][0]["items"]
    assert (below["parent"], below["depth"]) == (reply["id"], 2)
    assert shown["replies"] == 3


def test_pages_of_a_thread_follow_one_another_in_each_order(web: Web):
    ids = [web.post(f"Comment {i}.")["id"] for i in range(23)]
    web.post("Answer.", by=web.people.bo, reply_to=ids[5])

    for sort, expected in (
        ("newest", ids[::-1]),
        ("oldest", ids),
        ("replies", [ids[5], *[id for id in ids[::-1] if id != ids[5]]]),
    ):
        first = web.read(sort=sort)
        second = web.read(sort=sort, after=first["next"])
        assert [item["id"] for item in first["items"] + second["items"]] == expected
        assert len(first["items"]) == 20
        assert second["next"] is None


def test_more_replies_of_a_thread_are_read_from_its_mark(web: Web):
    root = web.post("Root.")
    ids = [web.post(f"Reply {i}.", reply_to=root["id"])["id"] for i in range(22)]
    (shown,) = web.read()["items"]
    assert [item["id"] for item in shown["items"]] == ids[:20]

    answer = web.ask(
        "GET", f"/api/v1/comments/{root['id']}/replies", params={"after": shown["more"]}
    )

    assert [item["id"] for item in answer.json()["items"]] == ids[20:]
    assert answer.json()["next"] is None


def test_a_link_to_one_comment_finds_its_place(web: Web):
    root = web.post("Root.")
    reply = web.post("Reply.", reply_to=root["id"])
    last = web.post("Last.", reply_to=reply["id"])

    place = web.ask("GET", f"/api/v1/comments/{last['id']}").json()

    assert place["comment"]["id"] == last["id"]
    assert [item["id"] for item in place["ancestors"]] == [root["id"], reply["id"]]
    assert place["root"] == root["id"]


def test_a_held_comment_is_its_writers_alone_with_the_reasons(web: Web):
    bo = web.people.bo
    posted = web.post(f"You {INSULT}.", by=bo)

    assert posted["status"] == "held"
    assert posted["statement"]["result"] == "held"
    [rule] = posted["statement"]["rules"]
    assert (rule["prose"], rule["prose_html"]) == (
        "Talk about the thing.",
        "<p>Talk about the thing.</p>",
    )
    assert web.read()["items"] == []
    assert web.ask("GET", f"/api/v1/comments/{posted['id']}").status_code == 404
    (own,) = web.ask("GET", "mine", by=bo).json()["items"]
    assert (own["id"], own["status"], own["text"]) == (posted["id"], "held", f"You {INSULT}.")
    assert own["statement"] == posted["statement"]
    assert web.ask("GET", "mine", by=web.people.ana).json()["items"] == []
    path = f"/api/v1/comments/{posted['id']}/statement"
    assert web.ask("GET", path, by=bo).json() == posted["statement"]
    assert web.ask("GET", path, by=web.people.ana).status_code == 404


def test_a_rejected_comment_is_stored_and_may_be_appealed_once(web: Web):
    bo = web.people.bo
    posted = web.post(f"{SWEARING}!", by=bo)
    assert posted["status"] == "rejected"
    path = f"/api/v1/decisions/{posted['statement']['id']}/appeals"

    refused = web.ask("POST", path, {"text": "It is a place name."}, by=web.people.ana)
    first = web.ask("POST", path, {"text": "It is a place name."}, by=bo)
    second = web.ask("POST", path, {"text": "It really is."}, by=bo)

    assert (refused.status_code, first.status_code) == (404, 201)
    assert second.status_code == 409
    assert problem(second)["code"] == "conflict"


def test_a_preview_names_rule_and_words_and_stores_nothing(web: Web):
    ana = web.people.ana
    draft = {"text": f"{SNEER} you {INSULT}"}

    checked = web.ask("POST", "comments:preview", draft, by=ana).json()
    fine = web.ask("POST", "comments:preview", {"text": "Fine."}, by=ana).json()

    assert checked["outcome"] == "hold"
    assert {note["rule"]: note["nudge"] for note in checked["notes"]} == {
        "incivility": True,
        "personal_attack": False,
    }
    insult = next(note for note in checked["notes"] if note["rule"] == "personal_attack")
    assert insult["words"] == [INSULT]
    assert insult["spans"] == [[9, 9 + len(INSULT)]]
    assert (insult["title"], insult["prose_html"]) == (
        "No insults",
        "<p>Talk about the thing.</p>",
    )
    assert "score" not in str(checked)
    assert fine == {"outcome": "publish", "notes": [], "care": None}
    assert web.ask("GET", "mine", by=ana).json()["items"] == []


def test_a_writer_may_edit_and_withdraw_and_nobody_else_may(web: Web):
    posted = web.post("Frist.")
    path = f"/api/v1/comments/{posted['id']}"
    assert posted["comment"]["may_edit"]

    assert web.ask("PATCH", path, {"text": "Mine."}, by=web.people.bo).status_code == 403
    assert web.ask("DELETE", path, by=web.people.bo).status_code == 403
    edited = web.ask("PATCH", path, {"text": "First."}, by=web.people.ana)

    assert edited.status_code == 200
    (shown,) = web.read()["items"]
    assert shown["html"] == '<p dir="auto">First.</p>'
    assert shown["edited_at"]
    assert web.ask("DELETE", path, by=web.people.ana).status_code == 204
    assert web.read()["items"] == []


def test_a_withdrawn_comment_with_answers_leaves_a_place_holder(web: Web):
    posted = web.post("Gone soon.")
    web.post("An answer.", by=web.people.bo, reply_to=posted["id"])

    web.ask("DELETE", f"/api/v1/comments/{posted['id']}", by=web.people.ana)

    (shown,) = web.read()["items"]
    assert (shown["status"], shown["author"], shown["html"]) == ("withdrawn", None, None)
    assert len(shown["items"]) == 1


def test_a_comment_may_be_flagged_once_by_each_reader(web: Web):
    posted = web.post("Hm.", by=web.people.bo)
    path = f"/api/v1/comments/{posted['id']}/flags"
    rules = web.ask("GET", "/api/v1/sites/main/rules").json()["items"]
    assert {"id": "personal_attack", "title": "No insults"} in rules
    body = {"rule": "personal_attack", "note": "See the end."}

    assert web.ask("POST", path, body, by=web.people.ana).status_code == 201
    assert web.ask("POST", path, body, by=web.people.ana).status_code == 409
    assert web.ask("POST", path, body, by=web.people.bo).status_code == 403
    assert web.ask("POST", path, {"rule": "none"}, by=web.people.cleo).status_code == 400
    assert web.ask("GET", "mine", by=web.people.ana).json()["flagged"] == [posted["id"]]
    assert web.ask("GET", "mine", by=web.people.cleo).json()["flagged"] == []


def test_a_blocked_reader_is_told_why_until_when_and_how_to_appeal(web: Web):
    people = web.people
    other = web.post("Before.", by=people.cleo)
    mine = web.post("Mine.", by=people.bo)
    with db.transaction(people.database) as session:
        sanction = sanctioning.sanction(
            session,
            web.rooms.newsroom,
            user=session.get_one(User, people.bo.id),
            site=None,
            measure=Measure.BLOCK,
            rule="harassment",
            reason="You followed somebody about.",
            moderator=session.get_one(User, people.olga.id),
            now=NOW,
        )
        sanction_id = sanction.id

    told = [
        web.ask("POST", "comments", {"text": "Hello.", "client_id": "b1"}, by=people.bo),
        web.ask("POST", "comments:preview", {"text": "Hello."}, by=people.bo),
        web.ask("PATCH", f"/api/v1/comments/{mine['id']}", {"text": "Mine!"}, by=people.bo),
        web.ask(
            "POST", f"/api/v1/comments/{other['id']}/flags", {"rule": "profanity"}, by=people.bo
        ),
    ]

    for answer in told:
        assert answer.status_code == 403
        assert problem(answer)["code"] == "sanctioned"
        assert "blocked" in problem(answer)["message"]
    state = web.ask("GET", "mine", by=people.bo).json()
    assert state["may_write"] is False
    assert state["sanction"]["until"] is None
    assert state["sanction"]["appeal_url"].endswith(f"/statements/sanctions/{sanction_id}")
    path = f"/api/v1/sanctions/{sanction_id}/appeals"
    assert web.ask("POST", path, {"text": "I was not there."}, by=people.ana).status_code == 404
    assert web.ask("POST", path, {"text": "I was not there."}, by=people.bo).status_code == 201


def test_people_sign_up_in_and_out_everywhere(web: Web):
    account = {"name": "Dora", "login": "Dora@Example.org", "password": "correct horse"}
    made = web.ask("POST", "/api/v1/accounts", account)
    assert made.status_code == 201
    assert web.ask("POST", "/api/v1/accounts", account).status_code == 409

    wrong = web.ask("POST", "/api/v1/sessions", {"login": account["login"], "password": "horse"})
    right = web.ask(
        "POST", "/api/v1/sessions", {"login": "dora@example.ORG", "password": account["password"]}
    )

    assert (wrong.status_code, right.status_code) == (401, 201)
    headers = {"Authorization": f"Bearer {right.json()['token']}"}
    assert web.ask("GET", "/api/v1/me", headers=headers).json()["name"] == "Dora"
    assert web.ask("DELETE", "/api/v1/sessions", headers=headers).status_code == 204
    assert web.ask("GET", "/api/v1/me", headers=headers).status_code == 401
    old = {"Authorization": f"Bearer {made.json()['token']}"}
    assert web.ask("GET", "/api/v1/me", headers=old).status_code == 401


def test_what_is_not_there_is_not_found(web: Web):
    ana = web.people.ana
    for method, path, body in (
        ("GET", "/api/v1/sites/main/stories/none/comments", None),
        ("GET", "/api/v1/sites/none/stories/bridge/comments", None),
        ("GET", "/api/v1/sites/none/rules", None),
        ("GET", "/api/v1/sites/main/stories/none/mine", None),
        ("GET", f"/api/v1/comments/{NOBODY}", None),
        ("GET", f"/api/v1/comments/{NOBODY}/replies", None),
        ("GET", f"/api/v1/comments/{NOBODY}/statement", None),
        ("DELETE", f"/api/v1/comments/{NOBODY}", None),
        ("PATCH", f"/api/v1/comments/{NOBODY}", {"text": "x"}),
        ("POST", f"/api/v1/comments/{NOBODY}/flags", {"rule": "profanity"}),
        ("POST", f"/api/v1/decisions/{NOBODY}/appeals", {"text": "x"}),
        ("POST", f"/api/v1/sanctions/{NOBODY}/appeals", {"text": "x"}),
        ("POST", "/api/v1/sites/main/stories/none/comments", {"text": "x", "client_id": "1"}),
    ):
        answer = web.ask(method, path, body, by=ana)
        assert answer.status_code == 404, (method, path, answer.text)
        assert problem(answer)["code"] == "not_found"


def test_the_record_agrees_with_what_was_answered(web: Web):
    posted = web.post(f"You {INSULT}.", by=web.people.bo)

    with db.reading(web.people.database) as session:
        decision = session.get_one(Decision, UUID(posted["statement"]["id"]))
        assert decision.status is Status.HELD
        assert decision.rules == ["personal_attack"]
