import pytest
from playwright.sync_api import expect


@pytest.fixture
def hounding(served):
    return f"Everybody should turn up at her house on day {next(served.numbers)} until she quits."


def test_the_rule_of_a_held_comment_reads_as_on_the_guidelines_page(served, visitor, hounding):
    story = served.story()
    served.post(story, "Bo", hounding)
    page = visitor.open(served.page(story), name="Bo")
    held = page.locator("article.comment", has_text=hounding)

    held.get_by_text("Why?").click()

    emphatic = held.locator("strong", has_text="People who harass others are blocked")
    expect(emphatic).to_be_visible()
    expect(held).not_to_contain_text("**")
    page.goto(f"{served.url}/main/guidelines")
    published = page.locator("#harassment strong").first
    expect(published).to_have_text("People who harass others are blocked")


def test_what_was_rejected_is_not_offered_to_be_withdrawn(served, visitor, fair):
    story = served.story()
    served.post(story, "Bo", f"Fuck you all on day {next(served.numbers)}.")
    served.post(story, "Bo", fair)
    page = visitor.open(served.page(story), name="Bo")
    withdraw = page.get_by_role("button", name="Withdraw")

    rejected = page.locator("article.rejected")
    expect(rejected).to_contain_text("Not published")
    expect(rejected.get_by_role("button", name="Withdraw")).to_have_count(0)
    expect(withdraw).to_have_count(1)
