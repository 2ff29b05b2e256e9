"""Reads guidelines as written: headings, prose and fenced TOML blocks, each with its line."""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from comity.errors import GuidelinesError

# The kinds of fenced block that speak to the program; all other blocks are prose.
KINDS = ("comity", "enforce", "ladder", "care")

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*([^`\s]*)")
HEADING = re.compile(r" {0,3}(#{1,2})[ \t]+(.*?)[ \t]*#*[ \t]*$")
KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*=")
HEADER = re.compile(r"\s*\[\[?\s*([\w-]+)\s*\]")
PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(slots=True)
class Block:
    """One fenced block: what it says, and the line of each key; `heading` is the one above it."""

    kind: str
    heading: str
    line: int
    marks: str = "```"
    text: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def at(self, key: str = "") -> str:
        """Say where in the file a key is, or the block itself."""
        place = f"line {self.lines.get(key, self.line)}"
        under = f"Under “{self.heading}”, {place}" if self.heading else place.capitalize()
        return f"{under}, {key}" if key else under

    def line_of(self, key: str, text: str) -> int:
        """Return the line on which a text stands in quotes below a key, or else the key's own."""
        first = self.lines.get(key, self.line)
        for number, line in enumerate(self.text.split("\n"), start=self.line + 1):
            plain = line.replace('\\"', '"')
            if number >= first and (f'"{text}"' in plain or f"'{text}'" in plain):
                return number
        return first

    def refusal(self, key: str, message: str, remedy: str) -> GuidelinesError:
        """Return the error for what stands at a key, naming heading, line, key and remedy."""
        return GuidelinesError(f"{self.at(key)}: {message}", field=key, remedy=remedy)


@dataclass(slots=True)
class Section:
    """A heading with the prose and the blocks below it; the first one is what stands above `##`."""

    title: str
    line: int
    prose: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def written(self) -> str:
        """Return the prose without the blocks."""
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.prose)).strip()


def decoded(content: bytes) -> str:
    """Return the text of a file.

    Raises:
        GuidelinesError: it is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise GuidelinesError(
            f"Line {line}: the file is not UTF-8.",
            remedy="Save it as UTF-8 text.",
        ) from error


def normal(text: str) -> str:
    """Return the text with plain line ends, so that one text has one version on every machine."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise GuidelinesError(
            "The guidelines hold a character that is none (NUL, or half of a pair).",
            remedy="Save the file as plain UTF-8 text.",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def sections(text: str) -> list[Section]:
    """Split a text into what stands above the first `##` and the sections that follow.

    Raises:
        GuidelinesError: a block that does not end, or that is not TOML.
    """
    found = [Section("", 1)]
    fence = Block("", "", 0, "")  # the one we are in, if its `marks` are not empty
    for number, line in enumerate(text.split("\n"), start=1):
        here = found[-1]
        mark = FENCE.match(line)
        if fence.marks:
            closes = bool(mark and mark[1].startswith(fence.marks) and not mark[2])
            if fence.kind not in KINDS:
                here.prose.append(line)
            elif closes:
                read_toml(fence)
            else:
                fence.text += line + "\n"
            if closes:
                fence = Block("", "", 0, "")
        elif mark:
            fence = Block(mark[2], here.title if len(found) > 1 else "", number, mark[1])
            if fence.kind in KINDS:
                here.blocks.append(fence)
            else:
                here.prose.append(line)
        elif (heading := HEADING.match(line)) is None:
            here.prose.append(line)
        elif heading[1] == "##":
            found.append(Section(heading[2], number))
        elif len(found) == 1 and not here.title:
            here.title = heading[2]
        else:
            here.prose.append(line)
    if fence.marks:
        raise fence.refusal(
            "", "a fenced block begins here and does not end.", "Close it with ``` alone."
        )
    return found


def read_toml(block: Block) -> None:
    """Read what a block says, and on which line each key stands."""
    try:
        block.values = tomllib.loads(block.text)
    except tomllib.TOMLDecodeError as error:
        place = PLACE.search(str(error))
        block.line += int(place[1]) if place and place[1] else block.text.count("\n")
        reason = PLACE.sub("", str(error))
        raise block.refusal(
            "",
            f"this is not TOML: {reason}.",
            'Write key = "text", key = 12 or key = [ … ]; docs/guidelines-format.md has examples.',
        ) from error
    table, counts = "", dict[str, int]()
    for number, line in enumerate(block.text.split("\n"), start=block.line + 1):
        if header := HEADER.match(line):
            counts[header[1]] = counts.get(header[1], 0) + 1
            table = f"{header[1]} {counts[header[1]]}"
            block.lines.setdefault(table, number)
        elif key := KEY.match(line):
            block.lines.setdefault(f"{table}, {key[1]}" if table else key[1], number)
