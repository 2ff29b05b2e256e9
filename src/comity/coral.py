"""Coral's external moderation phase: a signed comment in, what Coral is to do with it out.

Source: Coral's EXTERNAL_MODERATION_PHASES.md and its pipeline's phase `external.ts` (version 9):
answers are validated there, an unknown word or an empty string drops the whole answer, and a call
that fails lets the comment pass. So what cannot be judged is answered, and withheld.
"""

import hmac
import json
import re
from collections.abc import Iterable
from hashlib import sha256

import msgspec

from comity.errors import BadInput, NotSignedIn
from comity.findings import Label
from comity.guidelines import Guidelines
from comity.judge import Breach, Outcome, Verdict
from comity.perspective.reading import whole

WITHHELD, REJECTED = "SYSTEM_WITHHELD", "REJECTED"
TOXIC, SPAM = "COMMENT_DETECTED_TOXIC", "COMMENT_DETECTED_SPAM"
# A comment's length in Coral is up to the site; beyond this a person reads it in any case.
LONGEST = 100_000
QUOTED = 200
MARKUP = re.compile(
    r"</?(?:a|b|blockquote|br|div|em|i|li|ol|p|s|span|strong|u|ul)(?:\s[^<>]*)?/?>|&\w{2,8};|&#\d+;"
)
BLOCKS = {"blockquote", "br", "div", "li", "p"}
CODES = {
    Label.INCIVILITY: "ABUSIVE",
    Label.PROFANITY: "OFFENSIVE",
    Label.VULGARITY: "OFFENSIVE",
    Label.SLUR: "HATE_SPEECH",
    Label.PERSONAL_ATTACK: "ABUSIVE",
    Label.HARASSMENT: "HARASSMENT_BULLYING",
    Label.THREAT: "HARASSMENT_BULLYING",
    Label.HATE: "HATE_SPEECH",
    Label.TRAGEDY_JOKE: "OFFENSIVE",
    Label.OFF_TOPIC: "IRRELEVANT_CONTENT",
    Label.SPAM: "SPAM",
    Label.PERSONAL_INFORMATION: "OTHER",
    Label.DESPAIR: "OTHER",
}


class Written(msgspec.Struct, rename="camel"):
    """The comment as Coral sends it: plain text or HTML, as the phase is set up."""

    body: str = ""


class Asked(msgspec.Struct, rename="camel"):
    """What Coral asks; the rest of what it sends (author, story, site, tenant) is not read."""

    action: str
    comment: Written


class Flag(msgspec.Struct, rename="camel"):
    """A flag for the moderators' queue."""

    reason: str
    action_type: str = "FLAG"


class Grounds(msgspec.Struct, rename="camel", omit_defaults=True):
    """Why a comment is rejected, as the writer is told."""

    code: str
    detailed_explanation: str = ""
    custom_reason: str = ""


class Moderation(msgspec.Struct, rename="camel", omit_defaults=True):
    """What Coral writes into its log of moderation."""

    status: str
    rejection_reason: Grounds | None = None


class Ordered(msgspec.Struct, rename="camel", omit_defaults=True):
    """What Coral is to do; with no status, the rest of its pipeline goes on."""

    status: str = ""
    actions: list[Flag] = []
    moderation_action: Moderation | None = None


def signature(secret: str, body: bytes) -> str:
    """Return what Coral signs a body with."""
    return f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"


def verify(secrets: Iterable[str], body: bytes, signed: str) -> None:
    """Check that one of the secrets made one of the signatures of these very bytes.

    Raises:
        NotSignedIn: none did.
    """
    given = [one.strip() for one in signed.split(",")[:4]]
    made = [signature(secret, body) for secret in secrets]
    matches = [
        hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())
        for one in given
        for other in made
    ]
    if not any(matches):
        raise NotSignedIn(
            "The signature is not that of COMITY_CORAL_SECRET.",
            remedy="Copy the signing secret from Coral's moderation phase.",
        )


def read(body: bytes) -> str:
    """Return the text of the comment.

    Raises:
        BadInput: it is not what Coral sends.
    """
    try:
        asked = msgspec.convert(json.loads(body), Asked)
    except (msgspec.ValidationError, ValueError, RecursionError):
        raise BadInput(
            "This is not what Coral's moderation phase sends.", remedy="See docs/perspective.md."
        ) from None
    return plain(whole(asked.comment.body))


def plain(body: str) -> str:
    """Return the text of a body, which Coral sends as HTML unless the phase asks for plain text."""
    if not MARKUP.search(body):
        return body
    from lxml import etree, html  # type: ignore[import-untyped]  # noqa: PLC0415  Slow to import.

    root = html.fragment_fromstring(f"<div>{body}</div>".replace("\0", " "))
    said: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        if event == "start":
            said.append(element.text or "")
        elif element is not root:
            said += ["\n" if element.tag in BLOCKS else "", element.tail or ""]
    return "".join(said).strip()


def order(verdict: Verdict, guidelines: Guidelines, text: str) -> Ordered:
    """Return what Coral is to do about a verdict on a text."""
    if verdict.outcome is Outcome.PUBLISH:
        return Ordered()
    if verdict.outcome is Outcome.HOLD:
        return withheld(verdict.breaches)
    (first, *_) = sorted(verdict.breaches, key=lambda breach: -breach.action.rank)
    code = CODES[first.label]
    rule = next(rule for rule in guidelines.rules if rule.id == first.rule)
    words = " … ".join(text[start:end] for start, end in first.spans)[:QUOTED].strip()
    told = f"“{rule.title}”" + (f": “{words}”" if words else "")
    grounds = Grounds(code, told, rule.title if code == "OTHER" else "")
    return Ordered(REJECTED, flags(verdict.breaches), Moderation(REJECTED, grounds))


def withheld(breaches: tuple[Breach, ...] = ()) -> Ordered:
    """Return that a person is to read it first; without breaches, because it was not judged."""
    return Ordered(WITHHELD, flags(breaches), Moderation(WITHHELD))


def flags(breaches: Iterable[Breach]) -> list[Flag]:
    """Return the flags that tell moderators why, as far as Coral has words for it."""
    reasons = sorted({SPAM if breach.label is Label.SPAM else TOXIC for breach in breaches})
    return [Flag(reason) for reason in reasons]
