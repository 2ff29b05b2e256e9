"""A suite: labelled comments as JSON lines, and the stories they stand under."""

import json
from pathlib import Path

import msgspec

from comity.case import StoryRecord
from comity.errors import BadInput
from comity.findings import Label

# Labels that are as good as right beside an expected one, because the two often hold at once.
CLOSURE: dict[Label, set[Label]] = {
    Label.PROFANITY: {Label.VULGARITY},
    Label.VULGARITY: {Label.PROFANITY},
    Label.SLUR: {Label.HATE, Label.PERSONAL_ATTACK, Label.PROFANITY},
    Label.THREAT: {Label.HARASSMENT, Label.PERSONAL_ATTACK},
    Label.HARASSMENT: {Label.THREAT, Label.PERSONAL_ATTACK},
    Label.HATE: {Label.PERSONAL_ATTACK},
    Label.SPAM: {Label.OFF_TOPIC},
    Label.PERSONAL_INFORMATION: {Label.HARASSMENT},
    Label.TRAGEDY_JOKE: {Label.PERSONAL_ATTACK},
}


class LabelledCase(msgspec.Struct, omit_defaults=True):
    """One line of a suite; `story` is a story's id, or the story itself."""

    text: str
    id: str | int | None = None
    story: str | StoryRecord | None = None
    parent: str | None = None
    expect: list[Label] = []
    tolerated: list[Label] = []
    span: str | None = None
    functionality: str = ""
    pair: str | int | None = None
    lang: str = ""

    @property
    def allowed(self) -> set[Label]:
        """Return the labels that are not mistakes here: expected, tolerated, and their overlaps."""
        overlapping = (CLOSURE.get(label, set()) for label in self.expect)
        return {*self.expect, *self.tolerated}.union(*overlapping)


def read_cases(path: Path) -> list[LabelledCase]:
    """Read a suite.

    Raises:
        BadInput: it cannot be read, or a line is not a case.
    """
    found = []
    for number, line in enumerate(content(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            case = msgspec.json.decode(line, type=LabelledCase)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput(
                f"{path.name}, line {number}: {error}.",
                remedy="docs/accuracy.md describes a suite.",
            ) from error
        found.append(case if case.id is not None else msgspec.structs.replace(case, id=number))
    return found


def read_stories(path: Path) -> dict[str, StoryRecord]:
    """Read stories: a JSON list of objects with an id, or an object of id → story.

    Raises:
        BadInput: it cannot be read as such.
    """
    try:
        value = json.loads(content(path))
        items = value.items() if isinstance(value, dict) else ((row["id"], row) for row in value)
        return {str(id): msgspec.convert(story, StoryRecord) for id, story in items}
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"{path.name} is not a list of stories.",
            remedy='Each is {"id", "headline", "deck", "body", …}.',
        ) from error


def content(path: Path) -> bytes:
    """Return a file's content."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", remedy="Correct it.") from error


def stories_beside(path: Path) -> Path | None:
    """Return the file of stories that stands beside a suite by its name, if it is there."""
    beside = path.with_name(f"{path.stem}_stories.json")
    return beside if beside.is_file() else None
