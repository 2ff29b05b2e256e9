import json
import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from comity import db
from comity.actions import appealing, sanctioning, stories
from comity.actions.newsroom import publish_guidelines
from comity.importers.parts import Article, Photograph
from comity.models import Status
from tests import cast
from tests.cast import GUIDELINES, GUIDELINES_TEXT, HOUNDING, INSULT, NOW, SWEARING
from tests.web.conftest import SETTINGS, serve
from tests.web.forms import see, send

STORY = "/main/stories/bridge"
EVIL = "<script>alert(1)</script> & \"'"


def save(web, key="bridge", **parts):
    parts = {"headline": "The new bridge opens", "body": ["The bridge opened."], **parts}
    return web.people.do(stories.save, site=web.people.site, key=key, article=Article(**parts))


def test_the_front_page_lists_stories(quick):
    page = see(quick, "/").text

    assert f'href="{STORY}"' in page
    assert "The new bridge opens" in page


def test_a_story_shows_the_article_and_its_comments_without_javascript(web):
    root = web.people.post("Trams\n\nare late.")
    web.people.post("Indeed.", by=web.people.bo, reply_to=root.id)

    page = see(web, STORY).text

    assert "It took nine years" in page
    assert "Trams will follow." in page
    assert '<p dir="auto">Trams</p><p dir="auto">are late.</p>' in page
    assert page.index("are late.") < page.index("Indeed.")
    assert f'href="/me/flags/{root.id}"' in page
    assert '<comity-comments story="bridge" site="main"' in page


def test_a_reader_of_a_site_that_is_not_there_is_told_what_readers_can_do(quick):
    for path in ("/nowhere/faq", "/nowhere/stories/bridge", "/api/v1/sites/nowhere/rules"):
        answer = quick.client.get(path, headers={"Accept": "text/html"})

        assert answer.status_code == 404
        assert "There is no site nowhere here." in answer.text
        assert "Check how it is written." in answer.text
        assert "comity site" not in answer.text


def test_photographs_carry_caption_and_credit(quick):
    photo = Photograph(caption="The bridge", credit="A. Hand", url="https://img.example/1.jpg")
    save(quick, "photo", photographs=[photo])

    page = see(quick, "/main/stories/photo").text

    assert "The bridge</span> <small>A. Hand</small>" in page
    assert 'src="https://img.example/1.jpg"' in page


def test_a_story_describes_itself_and_its_comments_to_machines(quick):
    quick.people.post("Trams are late.")
    page = see(quick, STORY).text

    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])

    assert data["@type"] == "NewsArticle"
    assert data["commentCount"] == 1
    assert data["comment"][0]["text"] == "Trams are late."
    assert data["comment"][0]["author"]["name"] == "Ana"


def test_nothing_that_anybody_wrote_is_obeyed_as_html(quick):
    save(quick, "evil", headline=EVIL, deck=EVIL, body=[EVIL], byline=EVIL, section=EVIL)
    quick.people.post(EVIL)

    for path in ("/", "/main/stories/evil", STORY):
        page = see(quick, path).text
        assert "alert(1)" in page
        assert "<script>alert" not in page


def test_comments_are_ordered_as_asked_and_go_on_on_the_next_page(quick):
    for number in range(21):
        quick.people.post(f"Number {number:02} of many.")
    page = see(quick, f"{STORY}?sort=oldest").text
    assert page.index("Number 00") < page.index("Number 19")
    assert "Number 20" not in page

    more = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")

    assert "Number 20" in see(quick, STORY + more).text
    assert "Number 20" in see(quick, STORY).text


def test_held_comments_are_not_on_the_page(quick):
    quick.people.post(f"You {INSULT}.")
    quick.people.post("Trams are late.")

    page = see(quick, STORY).text

    assert "Trams are late." in page
    assert INSULT not in page


@pytest.mark.parametrize(
    "path", ["/main/stories/none", "/none/stories/bridge", "/none/guidelines", "/none/faq"]
)
def test_what_is_not_there_is_a_page_that_says_so(quick, path):
    assert see(quick, STORY).status_code == 200

    answer = see(quick, path)

    assert answer.status_code == 404
    assert "<h1>Not Found</h1>" in answer.text


def test_the_guidelines_say_what_happens_rule_by_rule_in_words(quick):
    page = see(quick, "/main/guidelines").text

    assert "<h1>Test guidelines</h1>" in page
    assert "No pursuing." in page
    for rule in GUIDELINES.rules:
        assert rule.consequence() in page
    assert "Once a moderator has confirmed it, the writer is blocked." in page
    assert (
        "After two confirmed breaches within a month of “No swearing” or “No insults”, "
        "the writer has every comment read before it appears for 14 days."
    ) in page
    assert "0.5" not in page


def test_a_past_version_of_the_guidelines_can_be_read_and_says_that_it_is_past(web):
    people = web.people
    for text in (GUIDELINES_TEXT, GUIDELINES_TEXT.replace("No pursuing.", "No chasing.")):
        people.do(publish_guidelines, text=text, site=people.site, by=people.ed)
    current = see(web, "/main/guidelines").text
    assert "No chasing." in current
    assert "an earlier version" not in current

    past = see(web, f"/main/guidelines/{GUIDELINES.version}").text

    assert "No pursuing." in past
    assert "an earlier version" in past
    assert see(web, f"/main/guidelines/{'0' * 64}").status_code == 404


def listed(page):
    """The versions that a page of guidelines lists as earlier ones."""
    return re.findall(r'<a href="/main/guidelines/([0-9a-f]+)">', page.partition("Earlier")[2])


def test_earlier_versions_are_those_that_counted_before_each_once(web):
    people = web.people
    texts = [GUIDELINES_TEXT.replace("No pursuing.", f"No {word}.") for word in ("chase", "hunt")]
    assert listed(see(web, "/main/guidelines").text) == []

    def publish(text, day, site=people.site):
        by, now = people.olga, NOW + timedelta(days=day)
        return people.do(publish_guidelines, text=text, site=site, by=by, now=now).version

    everywhere = publish(GUIDELINES_TEXT.replace("No pursuing.", "Be kind."), 1, None)
    first, second, again = (publish(texts[i], day) for i, day in ((0, 2), (1, 3), (0, 4)))
    publish(GUIDELINES_TEXT.replace("No pursuing.", "Unseen."), 5, None)

    assert first == again
    earlier = [second, everywhere, GUIDELINES.version]
    assert listed(see(web, "/main/guidelines").text) == earlier
    assert listed(see(web, f"/main/guidelines/{second}").text) == earlier
    assert all(see(web, f"/main/guidelines/{version}").status_code == 200 for version in earlier)


def test_markdown_in_the_guidelines_is_rendered_but_html_is_not(quick):
    text = GUIDELINES_TEXT.replace("No pursuing.", "No **pursuing** <img src=x onerror=y>.")
    quick.people.do(publish_guidelines, text=text, site=quick.people.site, by=quick.people.ed)

    page = see(quick, "/main/guidelines").text

    assert "<strong>pursuing</strong>" in page
    assert "<img" not in page


def test_a_preview_shows_a_rule_as_the_guidelines_page_does(quick):
    text = GUIDELINES_TEXT.replace("Talk about the thing.", "Talk about\nthe *thing*. <b>")
    quick.people.do(publish_guidelines, text=text, site=quick.people.site, by=quick.people.ed)

    draft = {"text": INSULT}
    notes = quick.ask("POST", "comments:preview", draft, by=quick.people.ana).json()["notes"]

    shown = "<p>Talk about\nthe <em>thing</em>. &lt;b&gt;</p>"
    assert [note["prose_html"] for note in notes] == [shown]
    assert shown in see(quick, "/main/guidelines").text


def test_faq_and_terms_are_made_from_what_is_enforced(quick):
    faq, terms = see(quick, "/main/faq").text, see(quick, "/main/terms").text

    for page in (faq, terms):
        assert "Leave people alone" in page
        assert "the writer is blocked" in page
        assert "180 days" in page
    assert "edit it for 15 minutes" in faq


@pytest.mark.parametrize(("appeal", "told"), [(180, "180 days"), (1, "30 days")])
def test_the_days_that_texts_are_kept_are_those_that_are_enforced(sqlite, appeal, told):
    people = cast.everybody(sqlite, cast.newsroom())
    settings = replace(SETTINGS, retain_rejected_days=30, appeal_days=appeal)
    for web in serve(sqlite, people, settings):
        faq, terms = see(web, "/main/faq").text, see(web, "/main/terms").text
        assert f"that you withdrew, is erased after {told}," in faq
        for kind in ("Withdrawn comments", "Texts that were not published"):
            assert f"<td>{kind}</td><td>{told}, or" in terms


def test_the_terms_name_the_days_of_logs_that_are_kept_here(sqlite):
    people = cast.everybody(sqlite, cast.newsroom())
    for file, told in (("comity.log", "9 days after the day"), ("", "log system of those who run")):
        for web in serve(sqlite, people, replace(SETTINGS, log_file=file, retain_log_days=9)):
            terms = see(web, "/main/terms").text
            assert told in terms
            assert ("9 days" in terms) == bool(file)


def test_faq_and_terms_promise_no_withdrawal_that_is_refused(quick):
    rejected = quick.post(f"What a {SWEARING} indeed.", by=quick.people.bo)
    path = f"/api/v1/comments/{rejected['id']}"
    assert quick.ask("DELETE", path, by=quick.people.bo).status_code == 409

    for page in ("/main/faq", "/main/terms"):
        assert "at any time, unless it was rejected" in see(quick, page).text


def test_the_public_log_is_off_unless_switched_on_and_never_quotes_or_names(sqlite):
    people = cast.everybody(sqlite, cast.newsroom())
    people.decide(people.post(f"You {INSULT}, Rumpelstiltskin.", by=people.bo))
    for web in serve(sqlite, people):
        assert see(web, "/main/log").status_code == 404
    for web in serve(db.connect(str(sqlite.url)), people, replace(SETTINGS, public_log=True)):
        page = see(web, "/main/log").text

        assert "rejected" in page
        assert "No insults" in page
        assert "What was not published, and whatever a moderator decided" in page
        assert page.count("<tr>") == 2  # The head, and the rejection: not that it was held before.
        assert "Rumpelstiltskin" not in page
        assert "Bo" not in re.findall(r"\w+", page)
        assert "Mira" not in page


def test_a_statement_is_for_the_person_concerned_only(web):
    people = web.people
    rejected = people.post(f"What a {SWEARING} indeed.", by=people.bo)
    path = f"/statements/{rejected.decision_id}"

    page = see(web, path, people.bo).text

    assert "Your comment is not published: No swearing." in page
    assert f"<mark>{SWEARING}</mark>" in page
    assert "No bad words." in page
    assert "A program decided" in page
    for other in (people.ana, people.mira):
        assert see(web, path, other).status_code == 404
    assert see(web, path).headers["location"] == f"/sign-in?return_to={path}"
    assert see(web, f"/statements/{uuid4()}", people.bo).status_code == 404


def test_a_writer_appeals_once_and_reads_the_answer(web):
    people = web.people
    rejected = people.post(f"What a {SWEARING} indeed.", by=people.bo)
    path = f"/statements/{rejected.decision_id}"
    assert 'name="text"' in see(web, path, people.bo).text
    assert send(web, f"{path}/appeals", people.ana, text="Mine!").status_code == 404
    assert send(web, f"{path}/appeals", people.bo, text=" ").status_code == 400

    answer = send(web, f"{path}/appeals", people.bo, text="It is a place name.")

    assert answer.status_code == 303
    page = see(web, answer.headers["location"], people.bo).text
    assert "Somebody who did not decide will answer" in page
    assert 'name="text"' not in page
    assert send(web, f"{path}/appeals", people.bo, text="Again!").status_code == 409
    appeal = web.people.read(lambda session: session.query(appealing.Appeal).one())
    people.answer(appeal, moderator=people.mira, answer="So it is.")
    page = see(web, path, people.bo).text
    assert "So it is." in page
    assert "You were right" in page


def test_a_sanctioned_reader_is_told_why_and_may_appeal(web):
    people = web.people
    people.decide(people.post(f"A {HOUNDING} waits.", by=people.bo), Status.REJECTED, "harassment")
    made = people.read(lambda session: session.query(sanctioning.Sanction).one())
    path = f"/statements/sanctions/{made.id}"

    page = see(web, path, people.bo).text

    assert "You are blocked: Leave people alone." in page
    assert f"<mark>{HOUNDING}</mark>" in page
    assert f'/statements/{made.decision_id}">The decision about this comment</a>' in page
    assert "Found by a program" in page
    assert "The moderator adds" not in page
    assert see(web, path, people.ana).status_code == 404
    assert send(web, f"{path}/appeals", people.ana, text="Mine!").status_code == 404
    answer = send(web, f"{path}/appeals", people.bo, text="It was a quotation.")
    assert answer.status_code == 303
    assert "It was a quotation." in see(web, path, people.bo).text


def test_ones_own_page_shows_comments_decisions_sanctions_and_flags(web):
    people = web.people
    people.post("Trams are late.", by=people.bo)
    people.decide(people.post(f"A {HOUNDING} waits.", by=people.bo), Status.REJECTED, "harassment")
    people.flag(people.post("I doubt it.", by=people.ana), "incivility", by=people.cleo)

    mine, cleos = see(web, "/me", people.bo).text, see(web, "/me", people.cleo).text

    assert "Trams are late." in mine
    assert "Leave people alone" in mine
    assert "Blocked until lifted" in mine
    assert "not yet read by a moderator" in cleos
    assert "Trams are late." not in cleos
    assert see(web, "/me").headers["location"] == "/sign-in?return_to=/me"


def test_who_flagged_hears_what_came_of_it(quick):
    people = quick.people
    flagged = people.post("I doubt it.", by=people.ana)
    people.flag(flagged, "incivility", by=people.cleo)

    people.decide(flagged, Status.REJECTED, "incivility")

    assert "a moderator removed it" in see(quick, "/me", people.cleo).text


def test_a_reader_flags_without_javascript(web):
    people = web.people
    comment = people.post("I doubt it.", by=people.ana)
    path = f"/me/flags/{comment.id}"
    assert "I doubt it." in see(web, path, people.cleo).text
    assert send(web, path, people.cleo, rule="nonsense").status_code == 400

    answer = send(web, path, people.cleo, rule="incivility", note="So rude.")

    assert answer.status_code == 303
    assert people.waiting() == [comment.id]
    assert send(web, path, people.cleo, rule="incivility").status_code == 409
    assert send(web, path, people.ana, rule="incivility").status_code == 403


def test_what_is_not_public_cannot_be_flagged_or_read_by_the_flag_form(quick):
    held = quick.people.post(f"You {INSULT}.", by=quick.people.bo)

    answer = see(quick, f"/me/flags/{held.id}", quick.people.cleo)

    assert answer.status_code == 404
    assert INSULT not in answer.text


def test_pages_forbid_scripts_and_styles_of_others_and_frames(quick):
    policy = see(quick, STORY).headers["content-security-policy"]

    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_staff_find_the_console_from_their_own_page(quick):
    assert 'href="/console"' in see(quick, "/me", quick.people.mira).text

    assert 'href="/console"' not in see(quick, "/me", quick.people.ana).text


@pytest.mark.parametrize("path", ["/console?after=x", "/console?done=x", "/me?after=x"])
def test_a_changed_address_is_refused_with_a_page(quick, path):
    assert see(quick, path.partition("?")[0], quick.people.mira).status_code == 200

    answer = see(quick, path, quick.people.mira)

    assert answer.status_code == 400
    assert "<h1>Bad Request</h1>" in answer.text
