"""The only place where stored text becomes HTML."""

import re

from markupsafe import escape

from comity.actions.wording import without_piles

# What HTML text may not hold: control characters other than tab and line feed.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Bare links only. Invisible and direction-changing characters end a link: it leads where it reads.
LINK = re.compile(r"(https?://[^\s<>\"'`\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+)")
BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
CLOSERS = {")": "(", "]": "[", "}": "{"}


def comment_html(text: str) -> str:
    """Render a comment: paragraphs, line breaks and bare links; all else as it was written.

    Only of marks that are piled upon a letter are those left out that no script needs. Each
    paragraph finds its own writing direction and keeps it to itself.
    """
    if not text.isprintable():
        text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = without_piles(text).strip()
    if "\n" not in text:
        return f'<p dir="auto">{line_html(text)}</p>'
    return "".join(
        f'<p dir="auto">{"<br>".join(line_html(line) for line in paragraph.splitlines())}</p>'
        for paragraph in BLANK_LINES.split(text)
    )


def line_html(text: str) -> str:
    """Escape a line and make its bare links clickable."""
    if "://" not in text:
        return str(escape(text))
    parts = LINK.split(text)
    return "".join(link_html(part) if i % 2 else str(escape(part)) for i, part in enumerate(parts))


def link_html(whole: str) -> str:
    """Make a link of an address; punctuation that closes the sentence stays outside."""
    address = whole
    while address[-1] in ".,;:!?*_…”’»" or unopened(address):
        address = address[:-1]
    if address.endswith("//"):
        return str(escape(whole))
    target, rest = escape(address), escape(whole[len(address) :])
    return f'<a href="{target}" rel="nofollow ugc noopener" dir="ltr">{target}</a>{rest}'


def unopened(address: str) -> bool:
    """Say whether an address ends with a bracket that it did not open."""
    opener = CLOSERS.get(address[-1])
    return opener is not None and address.count(address[-1]) > address.count(opener)
