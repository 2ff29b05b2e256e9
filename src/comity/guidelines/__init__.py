"""The publisher's file: Markdown for people, one TOML block a rule for the program."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from comity.errors import GuidelinesError
from comity.guidelines.blocks import known_keys, make_care, make_ladder, make_rule, words
from comity.guidelines.markdown import Block, Section, decoded, normal, sections
from comity.guidelines.rule import Action, Care, Example, Gravity, Measure, Rule, Rung, Tolerance

__all__ = [
    "Action",
    "Care",
    "Example",
    "Gravity",
    "Guidelines",
    "Measure",
    "Rule",
    "Rung",
    "Tolerance",
]

PACKAGED = Path(__file__).parent.with_name("guidelines.default.md")


@dataclass(frozen=True, slots=True)
class Guidelines:
    """The file in one version.

    `version` is the SHA-256, in hex, of the text and of `base`, the version that it extends;
    `extends` is what the file says there. Both are empty where it extends nothing.
    `ladder_title` and `ladder_prose` are the heading and the words around the ladder, for the page.
    `care` is what breaks no rule and yet needs a person; None: nothing does.
    """

    title: str
    preamble: str
    rules: tuple[Rule, ...]
    ladder: tuple[Rung, ...]
    text: str
    version: str
    base: str = ""
    extends: str = ""
    ladder_title: str = ""
    ladder_prose: str = ""
    care: Care | None = None

    @classmethod
    def parse(cls, text: str, *, parent: "Guidelines | None" = None) -> "Guidelines":
        """Read guidelines; `parent` are those that these may extend, else the packaged ones.

        Raises:
            GuidelinesError: the text cannot be obeyed; says where, and what to do.
        """

        def find(name: str, block: Block) -> Guidelines:
            if name in {"publisher", "default"}:
                return parent or default_guidelines()
            raise block.refusal(
                "extends",
                f"“{name}” names a file, and this text does not come from one.",
                'Say "publisher" or "default".',
            )

        return assemble(text, find)

    @classmethod
    def read(cls, path: Path) -> "Guidelines":
        """Read a file, and the files that it extends.

        Raises:
            GuidelinesError: a file is missing, extends itself, or cannot be obeyed.
        """
        return read_file(path, ())

    @classmethod
    def default(cls) -> "Guidelines":
        """Return the guidelines that are packaged, read once."""
        return default_guidelines()

    def rule(self, id: str) -> Rule | None:
        """Return the rule of this id, or None."""
        return next((rule for rule in self.rules if rule.id == id), None)


@cache
def default_guidelines() -> Guidelines:
    """Read the packaged guidelines."""
    return read_file(PACKAGED, ())


def read_file(path: Path, above: tuple[Path, ...]) -> Guidelines:
    """Read one file of a chain; `above` are the files that led here."""
    path = path.resolve()
    try:
        text = decoded(path.read_bytes())
    except OSError as error:
        raise GuidelinesError(
            f"{path} cannot be read: {error.strerror}.", remedy="Correct the path."
        ) from error

    def find(name: str, block: Block) -> Guidelines:
        if name in {"publisher", "default"}:
            return default_guidelines()
        other = (path.parent / name).resolve()
        if other == path or other in above:
            raise block.refusal(
                "extends", f"“{name}” extends this file in turn.", "Break the circle."
            )
        if not other.is_file():
            raise block.refusal("extends", f"there is no file “{name}” here.", "Correct the path.")
        return read_file(other, (*above, path))

    return assemble(text, find)


def assemble(text: str, find: Callable[[str, Block], Guidelines]) -> Guidelines:
    """Make Guidelines of a text; `find` gives the guidelines that an `extends` names."""
    text = normal(text)
    if not text.strip():
        raise GuidelinesError(
            "The guidelines are empty.", remedy="Start with `comity guidelines init`."
        )
    head, *below = sections(text)
    name, base = extended(head, find)
    title = head.title or (base.title if base else "")
    if not title:
        raise GuidelinesError("Line 1: there is no title.", remedy="Begin with a line `# Title`.")

    rules = {rule.id: rule for rule in base.rules} if base else {}
    own: dict[str, Rule] = {}
    ladders: list[tuple[Section, Block]] = []
    cares: list[tuple[Section, Block]] = []
    for section in below:
        block = only_block(section)
        if block.kind != "enforce":
            (ladders if block.kind == "ladder" else cares).append((section, block))
            continue
        rule = make_rule(section, block)
        if rule.id in own:
            said = f"line {own[rule.id].line} has a rule “{rule.id}” already."
            raise block.refusal("id", said, "Give this one another id.")
        own[rule.id] = rule
    rules |= own
    if not rules:
        raise GuidelinesError(
            "There is no rule.", remedy="Add a `## Heading` with an ```enforce block."
        )
    if len(ladders) > 1:
        raise ladders[1][1].refusal("", "this is a second ladder.", "Put all rungs into one block.")
    if len(cares) > 1:
        raise cares[1][1].refusal("", "this is a second care block.", "Put all into one.")
    return Guidelines(
        title=title,
        preamble=head.written() or (base.preamble if base else ""),
        rules=tuple(rules.values()),
        ladder=make_ladder(ladders[0][1], rules) if ladders else base.ladder if base else (),
        text=text,
        version=sha256(f"{base.version if base else ''}\0{text}".encode()).hexdigest(),
        base=base.version if base else "",
        extends=name,
        ladder_title=ladders[0][0].title if ladders else base.ladder_title if base else "",
        ladder_prose=ladders[0][0].written() if ladders else base.ladder_prose if base else "",
        care=make_care(*cares[0]) if cares else base.care if base else None,
    )


def extended(
    head: Section, find: Callable[[str, Block], Guidelines]
) -> tuple[str, Guidelines | None]:
    """Return what these guidelines extend, if they say so in a `comity` block at the top."""
    for block in head.blocks:
        if block.kind != "comity":
            raise block.refusal(
                "", f"this {block.kind} block has no heading.", "Put a line `## Heading` above it."
            )
    if not head.blocks:
        return "", None
    block = head.blocks[-1]
    if len(head.blocks) > 1:
        raise block.refusal("", "this is a second comity block.", "Put all settings into one.")
    known_keys(block, "", block.values, {"extends"})
    name = words(block, "extends")
    return name, find(name, block) if name else None


def only_block(section: Section) -> Block:
    """Return the one block of a section."""
    if not section.blocks:
        raise GuidelinesError(
            f"Under “{section.title}”, line {section.line}: this rule has no block.",
            remedy='Add ```enforce with an id, or make the heading smaller ("###").',
        )
    block, *more = section.blocks
    if block.kind == "comity":
        raise block.refusal("", "a comity block stands above all headings.", "Move it to the top.")
    if more:
        raise more[0].refusal(
            "", "this is a second block under one heading.", "One heading, one block."
        )
    return block
