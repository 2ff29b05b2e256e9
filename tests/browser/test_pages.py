"""Every page in a real browser, in light and dark: nothing that axe objects to; and forms alone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from comity import db
from comity.actions import users
from comity.models import Comment, Role, User
from tests.browser.conftest import PASSWORD, Served, Visitor

INSULT = "You are an idiot and a coward."


@dataclass
class Desk:
    """A story with a discussion, one comment of which waits; and the people around it."""

    served: Served
    story: str
    held: str
    public: str
    writer: str

    def sign_in(self, page: Page, name: str, onward: str = "/me") -> None:
        """Sign in by the form, and arrive."""
        page.goto(f"{self.served.url}/sign-in?return_to={onward}")
        page.get_by_label("Login").fill(name.lower())
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.served.url}{onward}")


def grant(served: Served, name: str) -> None:
    """Make somebody a moderator."""
    served.reader(name)
    with db.transaction(served.rooms.database) as session:
        user = session.scalars(select(User).where(User.login == name.lower())).one()
        now = datetime.now(UTC)
        users.grant(
            session, served.rooms.newsroom, user=user, site=None, role=Role.MODERATOR, now=now
        )


@pytest.fixture
def desk(served: Served) -> Desk:
    for name in ("Mira", "Max"):
        grant(served, name)
    story = served.story()
    writer = f"Bo the {next(served.numbers)}th"  # Nobody's breaches of an earlier test count.
    public = served.post(story, f"Ana {story}", "The old bridge was narrow.\n\nThe new one is not.")
    held = served.post(story, writer, INSULT, reply_to=public)
    return Desk(served, story, held, public, writer)


def faults(page: Page) -> Any:
    """Return what axe objects to."""
    return [
        (fault["id"], [node["html"] for node in fault["nodes"]])
        for fault in Axe().run(page).response["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_for_anybody(desk, visitor: Visitor, scheme):
    page = visitor.arrive(color_scheme=scheme)
    story = f"/main/stories/{desk.story}"
    for path in ("/", story, "/main/guidelines", "/main/faq", "/main/terms", "/sign-in"):
        page.goto(desk.served.url + path)
        expect(page.locator("h1")).to_be_visible()
        assert faults(page) == [], path
    page.goto(f"{desk.served.url}/register")
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_console_and_on_the_pages_about_oneself(desk, visitor, scheme):
    moderator, writer, colleague = (visitor.arrive(color_scheme=scheme) for _ in range(3))
    url = desk.served.url
    desk.sign_in(moderator, "Mira", "/console")
    assert faults(moderator) == []
    moderator.goto(f"{url}/console/comments/{desk.held}")
    assert faults(moderator) == []
    moderator.get_by_role("button", name="Reject").click()
    expect(moderator.get_by_text(f"Not published: the comment of {desk.writer}.")).to_be_visible()
    assert faults(moderator) == []
    moderator.goto(f"{url}/console/comments/{desk.held}")
    moderator.get_by_role("link", name=desk.writer, exact=True).click()
    expect(moderator.get_by_role("heading", name=desk.writer, exact=True)).to_be_visible()
    assert faults(moderator) == []

    desk.sign_in(writer, desk.writer)
    assert faults(writer) == []
    writer.goto(f"{url}/statements/{decision_on(desk)}")
    assert faults(writer) == []
    writer.get_by_label("Why should we decide otherwise?").fill("It was meant in jest.")
    writer.get_by_role("button", name="Send the appeal").click()
    expect(writer.get_by_text("Somebody who did not decide will answer")).to_be_visible()
    assert faults(writer) == []

    desk.sign_in(colleague, "Max", "/console/appeals")
    assert faults(colleague) == []
    colleague.get_by_role("link", name="It was meant in jest.").click()
    expect(colleague.get_by_role("heading", name=f"Appeal of {desk.writer}")).to_be_visible()
    assert faults(colleague) == []
    colleague.get_by_text("Begin from a prepared answer").click()
    colleague.get_by_role("link", name="You are right: the comment breaks no rule.").click()
    colleague.get_by_role("button", name="Answer").click()
    expect(colleague.get_by_text("reversed, with all that followed")).to_be_visible()
    writer.reload()
    expect(writer.get_by_text("You were right: the decision is reversed.")).to_be_visible()
    assert faults(writer) == []


def decision_on(desk: Desk) -> UUID:
    """Return the latest decision on the comment that waited."""
    with db.reading(desk.served.rooms.database) as session:
        return session.get_one(Comment, UUID(desk.held)).decision_id


def test_without_javascript_a_moderator_decides_by_keyboard_and_takes_it_back(desk, visitor):
    page = visitor.arrive(java_script_enabled=False)
    desk.sign_in(page, "Mira", "/console")
    page.goto(f"{desk.served.url}/console/comments/{desk.held}")
    expect(page.locator("mark").first).to_be_visible()
    page.get_by_label("Your reason").focus()
    page.keyboard.type("Say it without the name.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Not published: the comment of {desk.writer}.")).to_be_visible()

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Taken back: the comment")).to_be_visible()
    expect(page.get_by_text("Say it without the name.")).to_be_visible()


def test_without_javascript_readers_read_the_thread_and_flag(desk, visitor):
    page = visitor.arrive(java_script_enabled=False)
    desk.sign_in(page, "Cleo" if desk.served.reader("Cleo") else "")
    page.goto(f"{desk.served.url}/main/stories/{desk.story}")
    box = page.locator(f"#comment-{desk.public}")
    expect(box.get_by_text("The old bridge was narrow.")).to_be_visible()
    expect(page.get_by_text(INSULT)).to_have_count(0)
    link, frame = (part.bounding_box() for part in (box.get_by_role("link", name="Flag"), box))
    assert frame["x"] + frame["width"] - (link["x"] + link["width"]) < 24
    assert frame["y"] + frame["height"] - (link["y"] + link["height"]) < 24

    box.get_by_role("link", name="Flag").click()
    page.get_by_label("Stay with the story").check()
    page.get_by_label("Anything we should know?").fill("It is about another bridge.")
    page.get_by_role("button", name="Flag").click()

    expect(page.get_by_text("It is about another bridge.")).to_be_visible()
    expect(page.get_by_text("not yet read by a moderator")).to_be_visible()


def test_the_pages_fit_a_narrow_screen(desk, visitor):
    page = visitor.arrive(width=320)
    desk.sign_in(page, "Mira", "/console")
    paths = ["/", f"/main/stories/{desk.story}", "/main/guidelines", "/main/terms", "/console"]
    for path in [*paths, f"/console/comments/{desk.held}", "/me"]:
        page.goto(desk.served.url + path)

        wide = page.evaluate("document.documentElement.scrollWidth")

        assert wide <= 320, path
