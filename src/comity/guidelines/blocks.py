"""Turns what a block says into a rule, a ladder or care; refuses what it cannot obey, and why."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from comity.findings import CARED_FOR, TARGETED, Label, StoryExcerpt, Target
from comity.guidelines.markdown import Block, Section
from comity.guidelines.rule import Action, Care, Example, Gravity, Measure, Rule, Rung, Tolerance

Kind = TypeVar("Kind", bound=StrEnum)

RULE_KEYS = {"id", "labels", "targets", "gravity", "ok", "not_ok", *Action}
CARE_KEYS = {"labels", "hold"}
RUNG_KEYS = {"rules", "count", "days", "measure", "for_days"}
EXAMPLE_KEYS = {"text", "story", "parent"}
STORY_KEYS = {"headline", "deck", "body", "section", "sensitive"}

ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")
ONE_IN = re.compile(r"1 in ([1-9][0-9,]*)")


def make_rule(section: Section, block: Block) -> Rule:
    """Make a rule of a heading, its prose and its block."""
    known_keys(block, "", block.values, RULE_KEYS)
    id = words(block, "id")
    if not ID.fullmatch(id):
        raise block.refusal(
            "id",
            f"{id!r} is not an id." if id else "the rule has no id.",
            'Give it one of small letters, digits and "_": id = "profanity".',
        )
    tolerances = {action: tolerance(block, action) for action in Action}
    in_order(block, tolerances)
    ok, not_ok = examples(block, "ok"), examples(block, "not_ok")
    if (ok or not_ok) and not any(tolerances.values()):
        raise block.refusal(
            "not_ok" if not_ok else "ok",
            "the rule has examples, but the machine does nothing about it.",
            'Say what it may do, such as hold = "1 in 200", or leave the examples out.',
        )
    about = labels(block, id, acts=any(tolerances.values()))
    if cared_for := sorted(about & CARED_FOR):
        raise block.refusal(
            "labels" if "labels" in block.values else "id",
            f"{', '.join(cared_for)} breaks no rule.",
            "Put it into a ```care block under a heading of its own.",
        )
    return Rule(
        id=id,
        title=section.title,
        prose=section.written(),
        labels=about,
        nudge=tolerances[Action.NUDGE],
        hold=tolerances[Action.HOLD],
        reject=tolerances[Action.REJECT],
        gravity=one_of(block, "gravity", words(block, "gravity") or "minor", Gravity),
        ok=ok,
        not_ok=not_ok,
        line=section.line,
        targets=targets(block, about),
    )


def make_care(section: Section, block: Block) -> Care:
    """Make the care of a heading, its prose and its block; without `hold` it is switched off."""
    known_keys(block, "", block.values, CARE_KEYS)
    hold = tolerance(block, "hold")
    about = CARED_FOR
    if "labels" in block.values:
        about = frozenset(one_of(block, "labels", one, Label) for one in all_words(block, "labels"))
    if others := sorted(about - CARED_FOR):
        raise block.refusal(
            "labels",
            f"{', '.join(others)} is a matter for a rule.",
            f"Put it into an ```enforce block; care is for {', '.join(sorted(CARED_FOR))}.",
        )
    prose = section.written()
    if hold and not prose:
        raise block.refusal(
            "",
            "there are no words for the writer under this heading.",
            "Write what helps above the block: whom to call, day and night.",
        )
    return Care(section.title, prose, about, hold, section.line)


def targets(block: Block, about: frozenset[Label]) -> frozenset[Target]:
    """Return whom a rule's findings must be about; empty: anybody."""
    if "targets" not in block.values:
        return frozenset()
    found = frozenset(
        one_of(block, "targets", name, Target) for name in all_words(block, "targets")
    )
    if not found:
        raise block.refusal(
            "targets", "this names nobody.", 'Write targets = ["reader"], or leave it out.'
        )
    if aimless := sorted(about - TARGETED):
        raise block.refusal(
            "targets",
            f"findings of {', '.join(aimless)} are about nobody.",
            f"Leave targets out; only these have one: {', '.join(sorted(TARGETED))}.",
        )
    return found


def labels(block: Block, id: str, *, acts: bool) -> frozenset[Label]:
    """Return the labels a rule is about; by default the one of its own name."""
    if "labels" not in block.values:
        if id in set(Label):
            return frozenset({Label(id)})
        if acts:
            known = ", ".join(Label)
            said = f"there is no label “{id}”, and no labels are given."
            raise block.refusal("id", said, f"Give labels = [ … ] of these: {known}.")
        return frozenset()
    return frozenset(one_of(block, "labels", name, Label) for name in all_words(block, "labels"))


def tolerance(block: Block, key: str) -> Tolerance | None:
    """Return how often a rule may do something by mistake."""
    value = block.values.get(key)
    if value is None:
        return None
    if isinstance(value, str) and (match := ONE_IN.fullmatch(value)):
        if (one_in := int(match[1].replace(",", ""))) >= 2:
            return Tolerance(one_in=one_in)
    elif isinstance(value, dict) and set(value) == {"score"}:
        score = value["score"]
        if isinstance(score, float | int) and not isinstance(score, bool) and 0 < score <= 1:
            return Tolerance(score=float(score))
    raise block.refusal(
        key,
        f"{value!r} is not a tolerance.",
        'Write how many fair comments may be met by mistake, "1 in 200"; '
        "experts may write { score = 0.8 }.",
    )


def in_order(block: Block, tolerances: Mapping[Action, Tolerance | None]) -> None:
    """Refuse a graver action that may go wrong more often than a milder one."""
    given = [(action, one) for action, one in tolerances.items() if one]
    for place, (milder, more) in enumerate(given):
        for graver, less in given[place + 1 :]:
            if (more.one_in and less.one_in and more.one_in > less.one_in) or (
                more.score and less.score and more.score > less.score
            ):
                raise block.refusal(
                    graver,
                    f"{graver} may go wrong more often than {milder}.",
                    f"Let {graver} be the rarer one, or change the two about.",
                )


def examples(block: Block, key: str) -> tuple[Example, ...]:
    """Return the examples under a key: plain texts, or tables with their context."""
    value = block.values.get(key, [])
    if not isinstance(value, list):
        raise block.refusal(
            key, "this must be a list.", f'Write {key} = ["A comment.", "Another."].'
        )
    return tuple(example(block, key, number, item) for number, item in enumerate(value, start=1))


def example(block: Block, key: str, number: int, item: Any) -> Example:
    """Return one example."""
    if isinstance(item, str):
        item = {"text": item}
    remedy = 'Write "A comment." or { text = "A comment.", story = "A headline", parent = "…" }.'
    if not isinstance(item, dict):
        raise block.refusal(key, f"example {number} is neither text nor a table.", remedy)
    known_keys(block, key, item, EXAMPLE_KEYS)
    text, parent = item.get("text"), item.get("parent")
    if not isinstance(text, str) or not text.strip():
        raise block.refusal(key, f"example {number} has no text.", remedy)
    if parent is not None and not isinstance(parent, str):
        raise block.refusal(key, f"the parent of example {number} is not text.", remedy)
    line = block.line_of(key, text)
    return Example(text, story(block, key, number, item.get("story")), parent, line)


def story(block: Block, key: str, number: int, value: Any) -> StoryExcerpt | None:
    """Return the story of an example: a headline, or a table of the story's parts."""
    if value is None:
        return None
    if isinstance(value, str):
        return StoryExcerpt(headline=value)
    remedy = 'Write story = "Headline" or story = { headline = "…", deck = "…", body = ["…"] }.'
    if not isinstance(value, dict):
        raise block.refusal(
            key, f"the story of example {number} is neither text nor a table.", remedy
        )
    known_keys(block, key, value, STORY_KEYS)
    body = value.get("body", [])
    body = [body] if isinstance(body, str) else body
    parts = [value.get(name, "") for name in ("headline", "deck", "section")]
    sensitive = value.get("sensitive", False)
    if not isinstance(body, list) or not all(isinstance(part, str) for part in [*parts, *body]):
        raise block.refusal(key, f"a part of the story of example {number} is not text.", remedy)
    if not isinstance(sensitive, bool):
        raise block.refusal(key, f"sensitive in example {number} is not true or false.", remedy)
    headline, deck, under = parts
    return StoryExcerpt(headline, deck, tuple(body), under, "", sensitive)


def make_ladder(block: Block, known: Collection[str]) -> tuple[Rung, ...]:
    """Make the ladder of its block; `known` are the ids of all rules."""
    known_keys(block, "", block.values, {"rung"})
    rungs = block.values.get("rung", [])
    if not isinstance(rungs, list) or not all(isinstance(rung, dict) for rung in rungs):
        raise block.refusal("rung", "a rung is a table of its own.", "Begin each with [[rung]].")
    return tuple(
        make_rung(block, f"rung {number}", rung, known)
        for number, rung in enumerate(rungs, start=1)
    )


def make_rung(block: Block, name: str, rung: dict[str, Any], known: Collection[str]) -> Rung:
    """Make one rung; without rules it counts all of them."""
    known_keys(block, name, rung, RUNG_KEYS)
    rules = rung.get("rules", list(known))
    if not isinstance(rules, list) or not rules:
        raise block.refusal(
            f"{name}, rules", "this must be a list of ids.", 'Write rules = ["slur"].'
        )
    for rule in rules:
        if rule not in known:
            raise block.refusal(
                f"{name}, rules", f"there is no rule “{rule}”.", suggestion(str(rule), known)
            )
    measure = one_of(block, f"{name}, measure", rung.get("measure", ""), Measure)
    for_days = whole(block, name, rung, "for_days")
    if measure is Measure.SUSPEND and for_days is None:
        raise block.refusal(
            name, "a suspension must end.", 'Add for_days = 7, or say measure = "block".'
        )
    count, days = whole(block, name, rung, "count"), whole(block, name, rung, "days")
    if count is None or days is None:
        missing = "count" if count is None else "days"
        raise block.refusal(
            name, f"{missing} is missing.", f"Add {missing} = 1, or how many you mean."
        )
    return Rung(frozenset(rules), count, days, measure, for_days)


def known_keys(block: Block, place: str, table: dict[str, Any], known: Collection[str]) -> None:
    """Refuse a key that is none: a slip of the pen must not switch a rule off."""
    for key in table:
        if key not in known:
            full = f"{place}, {key}" if place and f"{place}, {key}" in block.lines else place or key
            raise block.refusal(full, f"there is no key “{key}” here.", suggestion(key, known))


def suggestion(word: str, known: Collection[str]) -> str:
    """Say what may have been meant, and what there is."""
    near = difflib.get_close_matches(word, known, n=1)
    meant = f"Did you mean “{near[0]}”? " if near else ""
    return f"{meant}There are: {', '.join(sorted(known))}."


def words(block: Block, key: str) -> str:
    """Return the text of a key, empty if it is absent."""
    value = block.values.get(key, "")
    if not isinstance(value, str):
        raise block.refusal(key, "this must be text.", f'Put it in quotes: {key} = "…".')
    return value


def all_words(block: Block, key: str) -> Iterator[str]:
    """Give the texts in the list of a key."""
    value = block.values[key]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise block.refusal(key, "this must be a list of texts.", f'Write {key} = ["…", "…"].')
    yield from value


def one_of(block: Block, key: str, value: Any, kind: type[Kind]) -> Kind:
    """Return a member of an enumeration by its value."""
    if not isinstance(value, str) or value not in set(kind):
        said = f"there is no {kind.__name__.lower()} “{value}”." if value else "this is missing."
        raise block.refusal(key, said, suggestion(str(value), list(kind)))
    return kind(value)


def whole(block: Block, name: str, table: dict[str, Any], key: str) -> int | None:
    """Return a whole number from 1, or None if it is absent."""
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise block.refusal(
            f"{name}, {key}", f"{value!r} is not a whole number from 1.", f"{key} = 7"
        )
    return value
