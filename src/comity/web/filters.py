"""What templates turn values into: times, the guidelines' prose, the ladder in sentences."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from markdown_it import MarkdownIt
from markupsafe import Markup

from comity.guidelines import Guidelines, Measure, Rung

MARKDOWN = MarkdownIt("js-default", {"html": False})
PERIODS = {365: "a year", 30: "a month", 7: "a week", 1: "a day"}
NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}
BECOMES = {
    Measure.WARN: "is warned",
    Measure.PREMODERATE: "has every comment read before it appears",
    Measure.SUSPEND: "is suspended",
    Measure.BLOCK: "is blocked",
}


def prose(text: str) -> Markup:
    """Render the newsroom's Markdown; HTML in it is shown, not obeyed."""
    return Markup(MARKDOWN.render(text))  # noqa: S704  The renderer escapes.


def day(at: datetime) -> str:
    """Write a day as people do."""
    return f"{at.day} {at:%B %Y}"


def moment(at: datetime) -> str:
    """Write a time as people do; all times are UTC."""
    return f"{day(at)}, {at:%H:%M} UTC"


def days(count: int) -> str:
    """Write a number of days."""
    return f"{count} day" if count == 1 else f"{count} days"


def of_hundred(chance: float) -> int:
    """Return a probability as so many of a hundred: never none and never all."""
    return min(99, max(1, round(100 * chance)))


def since(at: datetime, now: datetime) -> str:
    """Say how long ago something was, in its largest unit."""
    minutes = max(int((now - at).total_seconds() // 60), 0)
    for unit, size in (("day", 1440), ("hour", 60), ("minute", 1)):
        if count := minutes // size:
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"


def opening(text: str, characters: int = 240) -> str:
    """Return a text's first words."""
    flat = " ".join(text.split())
    if len(flat) <= characters:
        return flat
    return flat[:characters].rsplit(" ", 1)[0] + " …"


def rung(rung: Rung, guidelines: Guidelines) -> str:
    """Say a rung of the ladder in one sentence."""
    titles = [f"“{rule.title}”" for rule in guidelines.rules if rule.id in rung.rules]
    named = " or ".join(filter(None, [", ".join(titles[:-1]), titles[-1]]))
    return f"{breaches(rung)} of {named}, the writer {becomes(rung)}."


def follows(rule_id: str, guidelines: Guidelines) -> str:
    """Say what the ladder does first after a confirmed breach of a rule; empty for nothing."""
    rungs = [rung for rung in guidelines.ladder if rule_id in rung.rules]
    if not rungs:
        return ""
    first = min(rungs, key=lambda rung: rung.count)
    if first.count == 1:
        return f" Once a moderator has confirmed it, the writer {becomes(first)}."
    return f" {breaches(first)}, the writer {becomes(first)}."


def at_once(rule_id: str, guidelines: Guidelines) -> str:
    """Say what the first confirmed breach of a rule leads to; empty for nothing."""
    rungs = [rung for rung in guidelines.ladder if rule_id in rung.rules and rung.count == 1]
    return f"the first time, the writer {becomes(rungs[0])}" if rungs else ""


def breaches(rung: Rung) -> str:
    """Say how many breaches lead to a rung."""
    number = NUMBERS.get(rung.count, str(rung.count))
    if rung.count == 1:
        return "After the first confirmed breach"
    return f"After {number} confirmed breaches within {period(rung.days)}"


def becomes(rung: Rung) -> str:
    """Say what happens to the writer, and for how long."""
    if rung.measure is Measure.WARN or (rung.measure is Measure.BLOCK and rung.for_days is None):
        return BECOMES[rung.measure]
    return f"{BECOMES[rung.measure]} " + (
        f"for {period(rung.for_days)}" if rung.for_days else "until a moderator says otherwise"
    )


def period(days: int) -> str:
    """Say a number of days."""
    return PERIODS.get(days, f"{days} days")


def segment(text: str) -> str:
    """Write a text so that it stands between two slashes of an address."""
    return quote(text, safe="")


FILTERS: dict[str, Callable[..., Any]] = {
    "at_once": at_once,
    "day": day,
    "days": days,
    "follows": follows,
    "moment": moment,
    "opening": opening,
    "prose": prose,
    "rung": rung,
    "of_hundred": of_hundred,
    "since": since,
    "urlencode": segment,  # The template language's own leaves slashes, which keys may hold.
}
