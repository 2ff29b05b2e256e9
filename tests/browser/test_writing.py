import re
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comity import db
from comity.actions import sanctioning, users
from comity.guidelines import Measure
from comity.models import Role, User


@pytest.fixture
def unkind(served):
    return f"You are an idiot if you want to close the old bridge on day {next(served.numbers)}."


def box(page, words):
    return page.locator("article.comment", has_text=words)


def write(page, text, label="Your comment"):
    page.get_by_label(label).fill(text)


def send(page):
    page.get_by_role("button", name="Send", exact=True).click()


def focused(page):
    return page.locator("comity-comments :focus")


def said(page):
    return page.locator("comity-comments [role=status]")


def test_a_comment_appears_at_once_and_has_the_keyboard(served, visitor, fair):
    story = served.story()
    page = visitor.open(served.page(story), name="Ana")
    page.evaluate(
        "document.addEventListener('comity:posted', (event) => (window.told = event.detail))"
    )

    write(page, fair)
    send(page)

    expect(box(page, fair)).to_be_focused()
    expect(said(page)).to_have_text("Your comment is published.")
    expect(page.get_by_role("heading", name="Comments 1")).to_be_visible()
    expect(page.get_by_label("Your comment")).to_have_value("")
    assert page.evaluate("window.told.status") == "published"
    page.reload()
    expect(box(page, fair)).to_have_count(1)


def test_signing_in_leads_back_to_what_was_being_written(served, visitor, fair):
    story = served.story()
    served.reader("Ana")
    page = visitor.open(served.page(story))

    write(page, fair)
    page.get_by_role("button", name="Sign in to send").click()
    page.wait_for_url(f"{served.url}/sign-in*")
    page.locator("[name=login]").fill("ana")
    page.locator("[name=password]").fill("a long enough password")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_text("Signed in as Ana", exact=True)).to_be_visible()
    assert page.url == served.page(story)
    expect(page.get_by_label("Your comment")).to_have_value(fair)
    expect(page.get_by_label("Your comment")).to_be_focused()
    send(page)
    expect(box(page, fair)).to_be_visible()


def test_signing_out_ends_the_readers_sessions(served, visitor):
    story = served.story()
    page = visitor.open(served.page(story), name="Leaver")

    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    token = {"Authorization": f"Bearer {served.reader('Leaver')}"}
    assert httpx.get(f"{served.url}/api/v1/me", headers=token).status_code == 401


def test_before_sending_the_writer_sees_the_words_and_the_rule(served, visitor, fair, unkind):
    story = served.story()
    page = visitor.open(served.page(story), name="Ana")

    write(page, unkind)
    send(page)

    reminder = page.get_by_role("group", name="Before you send this")
    expect(reminder).to_be_focused()
    expect(reminder.locator("mark").first).to_contain_text("idiot")
    expect(reminder.get_by_role("heading", name="Argue with the idea")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Rephrase").click()
    expect(page.get_by_label("Your comment")).to_be_focused()
    write(page, fair)
    send(page)
    expect(box(page, fair)).to_be_visible()


def test_a_reminder_never_forbids_and_a_held_comment_says_why(served, visitor, unkind):
    story = served.story()
    page = visitor.open(served.page(story), name="Ana")

    write(page, unkind)
    send(page)
    page.get_by_role("button", name="Send anyway").click()

    held = box(page, unkind)
    expect(held).to_contain_text(re.compile("Waiting for a moderator|Not published"))
    held.get_by_text("Why?").click()
    expect(held.locator("mark").first).to_contain_text("idiot")
    expect(held.get_by_role("link", name=re.compile("appeal"))).to_be_visible()
    stranger = visitor.open(served.page(story))
    assert box(stranger, unkind).count() == 0
    page.reload()
    expect(box(page, unkind)).to_be_visible()


def test_a_reply_stands_below_what_it_answers(served, visitor, fair):
    story = served.story()
    served.post(story, "Ana", fair)
    page = visitor.open(served.page(story), name="Bo")

    page.get_by_role("button", name="Reply to Ana").click()
    expect(page.get_by_label("Reply to Ana").locator("visible=true").last).to_be_focused()
    page.keyboard.type(f"And {fair}")
    page.keyboard.press("Control+Enter")

    answer = box(page, f"And {fair}")
    expect(answer).to_be_focused()
    above, below = box(page, fair).first.bounding_box(), answer.bounding_box()
    assert below["y"] > above["y"]
    assert below["x"] > above["x"]


def test_a_comment_can_be_edited_while_its_time_lasts(served, visitor, fair):
    story = served.story()
    served.post(story, "Ana", fair)
    page = visitor.arrive(name="Ana")
    page.clock.install()
    page.goto(served.page(story))
    edit = page.get_by_role("button", name="Edit (until")

    edit.click()
    field = page.get_by_label("Edit your comment")
    expect(field).to_have_value(fair)
    field.fill(fair.replace("closed", "open"))
    page.get_by_role("button", name="Save").click()
    expect(box(page, "is open")).to_contain_text("edited")
    expect(edit).to_be_visible()
    page.clock.fast_forward("20:00")
    expect(edit).to_have_count(0)


def test_withdrawing_asks_first_and_answers_stay(served, visitor, fair):
    story = served.story()
    first = served.post(story, "Ana", fair)
    served.post(story, "Bo", f"So it is: {fair}", first)
    page = visitor.open(served.page(story), name="Ana")

    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="Keep it").click()
    expect(box(page, fair)).to_have_count(2)
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("group").get_by_role("button", name="Withdraw").click()

    expect(page.get_by_text("The writer has withdrawn this comment.")).to_be_visible()
    expect(box(page, fair)).to_have_count(1)
    expect(box(page, "So it is")).to_be_visible()


def test_what_is_typed_survives_a_server_that_is_away_and_a_new_start(served, visitor, fair):
    story = served.story()
    page = visitor.open(served.page(story), name="Ana")

    write(page, fair)
    page.route("**/api/**", lambda route: route.abort())
    send(page)

    expect(page.get_by_role("alert").filter(has_text="cannot be reached")).to_be_visible()
    page.unroute("**/api/**")
    page.reload()
    expect(page.get_by_label("Your comment")).to_have_value(fair)
    send(page)
    expect(box(page, fair)).to_have_count(1)


def test_a_second_try_after_a_lost_answer_stores_the_comment_once(served, visitor, fair):
    story = served.story()
    page = visitor.open(served.page(story), name="Ana")
    posting = re.compile(r"/comments$")

    def lose(route):
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.fallback()

    page.route(posting, lose)
    write(page, fair)
    send(page)
    expect(page.get_by_role("alert").filter(has_text="cannot be reached")).to_be_visible()
    page.unroute(posting)
    send(page)

    expect(box(page, fair)).to_have_count(1)
    page.reload()
    expect(box(page, fair)).to_have_count(1)


def test_flagging_names_a_rule_and_is_thanked(served, visitor, fair):
    story = served.story()
    served.post(story, "Ana", fair)
    page = visitor.open(served.page(story), name="Bo")

    page.get_by_role("button", name="Flag the comment by Ana").click()
    expect(page.get_by_role("radio").first).to_be_focused()
    page.get_by_role("button", name="Send flag").click()
    expect(page.get_by_text("Choose what is wrong.")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Send flag").click()

    expect(page.locator(".flag")).to_have_text("Flagged")
    expect(said(page)).to_contain_text("Thank you.")
    page.reload()
    expect(page.locator(".flag")).to_have_text("Flagged")


def test_nobody_flags_their_own_comment(served, visitor, fair):
    story = served.story()
    served.post(story, "Ana", fair)
    page = visitor.open(served.page(story), name="Ana")

    flag = page.locator(".flag")

    expect(flag).to_have_attribute("aria-disabled", "true")
    expect(flag).to_have_attribute("title", "This is your own comment.")
    flag.click(force=True)
    assert page.get_by_role("radio").count() == 0


def test_a_blocked_reader_is_told_why_and_how_to_appeal(served, visitor, fair):
    story = served.story()
    served.post(story, "Ana", fair)
    token = served.reader("Blocked")
    page = visitor.open(served.page(story), name="Blocked")
    expect(page.get_by_label("Your comment")).to_be_visible()
    block(served, served.call("GET", "/me", token)["id"])

    page.reload()

    expect(page.get_by_text("You cannot write here at present.")).to_be_visible()
    expect(page.get_by_role("link", name="Appeal")).to_be_visible()
    expect(page.get_by_label("Your comment")).to_have_count(0)
    expect(page.get_by_role("button", name="Reply to Ana")).to_have_count(0)


def block(served, id):
    now = datetime.now(UTC)
    newsroom = served.rooms.newsroom
    with db.transaction(served.rooms.database) as session:
        moderator = users.register(
            session, newsroom, name=f"Moderator {id}", login=id, hashed="no password", now=now
        )
        users.grant(session, newsroom, user=moderator, site=None, role=Role.MODERATOR, now=now)
        sanctioning.sanction(
            session,
            newsroom,
            user=session.get_one(User, UUID(id)),
            site=None,
            measure=Measure.BLOCK,
            rule="harassment",
            reason="Followed another reader from story to story.",
            moderator=moderator,
            now=now,
        )
