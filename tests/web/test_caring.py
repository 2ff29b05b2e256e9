"""What a writer in despair sees at once, and what moderators see first."""

from tests.cast import HOUNDING, SWEARING, WEARY
from tests.web.conftest import Web
from tests.web.forms import see, send

HELP = "<p>Call <em>somebody</em> now.</p>"


def test_the_answer_to_a_post_says_that_a_person_reads_it_and_whom_to_call(web: Web):
    posted = web.post(f"So {WEARY}.")

    assert posted["status"] == "held"
    told = posted["statement"]
    assert told["summary"] == "Your comment goes to a person at once. Your comment breaks no rule."
    assert told["rules"] == []
    care = told["care"]
    assert (care["title"], care["prose_html"]) == ("If it is too much", HELP)
    assert care["url"].endswith("#care")
    assert told["parts"][0] == {"heading": "If it is too much", "text": "Call *somebody* now."}
    mine = web.ask("GET", "mine", by=web.people.ana).json()
    assert mine["items"][0]["statement"]["care"]["prose_html"] == HELP


def test_other_statements_have_no_such_words(web: Web):
    assert web.post(f"A {HOUNDING}.")["statement"]["care"] is None


def test_a_preview_shows_the_words_and_names_no_rule(web: Web):
    ana = web.people.ana

    checked = web.ask("POST", "comments:preview", {"text": f"So {WEARY}."}, by=ana).json()
    both = web.ask("POST", "comments:preview", {"text": f"{SWEARING} {WEARY}"}, by=ana).json()

    assert checked == {
        "outcome": "hold",
        "notes": [],
        "care": {"title": "If it is too much", "prose_html": HELP},
    }
    assert (both["outcome"], [note["rule"] for note in both["notes"]]) == ("hold", ["profanity"])
    assert both["care"] == checked["care"]


def test_nobody_else_learns_of_it(web: Web):
    cast = web.people
    posted = web.post(f"So {WEARY}.")
    path = f"/api/v1/comments/{posted['id']}/statement"
    assert web.ask("GET", path, by=cast.ana).status_code == 200

    assert web.ask("GET", path).status_code == 401
    assert web.ask("GET", path, by=cast.bo).status_code == 404
    assert see(web, f"/console/comments/{posted['id']}", cast.max).status_code == 404
    assert see(web, f"/console/comments/{posted['id']}", cast.bo).status_code == 403
    assert web.read()["items"] == []
    assert "Somebody may be in despair" not in see(web, "/console", cast.max).text


def test_the_writers_own_pages_show_it_until_it_is_decided(web: Web):
    cast = web.people
    assert "goes to a person at once" not in see(web, "/me", cast.ana).text
    earlier = cast.post(f"Still {WEARY}.")
    comment = cast.post(f"So {WEARY}.")

    page = see(web, "/me", cast.ana).text
    statement = see(web, f"/statements/{comment.decision_id}", cast.ana).text

    assert "Your comment goes to a person at once. Your comment breaks no rule." in page
    assert page.count(HELP) == 1
    assert f"/statements/{comment.decision_id}" in page
    assert HELP in statement
    assert statement.count("If it is too much") == 1
    assert "Your comment breaks no rule." in statement
    assert WEARY not in see(web, "/me", cast.bo).text
    for one in (earlier, comment):
        cast.decide(one, "published")
    assert HELP not in see(web, "/me", cast.ana).text


def test_the_queue_shows_it_first_in_its_own_words(web: Web):
    cast = web.people
    cast.post(f"A {HOUNDING}.", by=cast.bo)
    weary = cast.post(f"So {WEARY}.")

    page = see(web, "/console", cast.mira).text

    assert page.index(f"/console/comments/{weary.id}") < page.index("A houndsman.")
    assert (
        page.count("Somebody may be in despair: please read this first. That breaks no rule.") == 1
    )
    assert 'class="waiting care"' in page
    assert "Not fully checked" not in page


def test_its_file_marks_the_words_and_ticks_no_rule(web: Web):
    cast = web.people
    comment = cast.post(f"{SWEARING}, so {WEARY}.")

    page = see(web, f"/console/comments/{comment.id}", cast.mira).text

    assert f"<mark>{WEARY}</mark>" in page
    assert 'href="#seen-0"' not in page
    assert "Somebody may be in despair." in page
    assert "“If it is too much”" in page
    assert "No swearing" in page
    assert " checked" not in page
    assert "to keep it back, none is needed" in page


def test_a_moderator_keeps_it_back_with_no_rule_ticked(web: Web):
    cast = web.people
    comment = cast.post(f"So {WEARY}.")
    fields = {"outcome": "reject", "seen": str(comment.decision_id), "note": "We wrote to you."}

    answer = send(web, f"/console/comments/{comment.id}/decisions", cast.mira, **fields)

    assert answer.status_code == 303
    assert (
        "Not published: the comment of Ana." in see(web, answer.headers["location"], cast.mira).text
    )
    told = see(web, f"/statements/{cast.again(comment).decision_id}", cast.ana).text
    assert "Your comment is not published. Your comment breaks no rule." in told
    assert "It counts nothing against you." in told
    assert "We wrote to you." in told
    assert HELP in told
    assert "No confirmed breach" in see(web, f"/console/comments/{comment.id}", cast.mira).text


def test_the_guidelines_page_prints_the_words_for_everybody(web: Web):
    page = see(web, "/main/guidelines").text

    assert 'id="care"' in page
    assert HELP in page
    assert "This is no rule, and nobody breaks it." in page
