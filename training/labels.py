"""The heads of the classifier, in the order of its outputs."""

LABELS = (
    "incivility",
    "profanity",
    "vulgarity",
    "slur",
    "personal_attack",
    "harassment",
    "threat",
    "hate",
    "tragedy_joke",
    "off_topic",
    "spam",
    "personal_information",
    "despair",
    "toxicity",
    "perspective",
)
RULES = LABELS[:12]
# The rest are no rules of the guidelines. Despair needs a person and is no breach; toxicity is
# graded, and other sets measure it; perspective is what the Perspective API gave, for its clients.
PLACE = {label: place for place, label in enumerate(LABELS)}

# Labels that often hold beside an expected one, so that their absence says little
# (the overlaps of docs/labels.md).
OVERLAPS = {
    "profanity": {"vulgarity"},
    "vulgarity": {"profanity"},
    "slur": {"hate", "personal_attack", "profanity"},
    "threat": {"harassment", "personal_attack"},
    "harassment": {"threat", "personal_attack"},
    "hate": {"personal_attack"},
    "spam": {"off_topic"},
    "personal_information": {"harassment"},
    "tragedy_joke": {"personal_attack"},
}
