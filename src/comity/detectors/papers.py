"""Numbers of cards, accounts and identity papers, and their check digits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from comity.text import Span

CARD = re.compile(
    r"(?<![\d-])(?:[3-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3\d{3}([ -]?)\d{6}\2\d{5})(?![\d-])"
)
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
DNI = re.compile(r"\b([XYZ]?)[ -]?(\d{7,8}|\d{2}\.\d{3}\.\d{3})[ -]?([A-HJ-NP-TV-Z])\b")
SSN = re.compile(r"\b(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}\b")
INSURANCE = re.compile(
    r"\b(?![DFIQUV])[A-CEGHJ-PR-TW-Z](?![DFIQUVO])[A-Z] ?\d\d ?\d\d ?\d\d ?[A-D]\b"
)
# Between the name of a paper and its number stand few and small words.
NAMED_ID = re.compile(
    r"\b(?:DNI|NIE|NIF|CURP|RFC|RUT|CUIL|CUIT|c[ée]dula|passport|pasaporte|SSN|NHS|account|acct|"
    r"cuenta|sort code|licen[cs]e|matr[íi]cula|plate|placa|patente|reg(?:istration)?|PIN|IBAN|CBU|"
    r"CLABE)\b[\s:,.#'’-]{1,3}"
    r"(?:(?:is|number|numbers|no|nº|n[uú]mero|es|del?|his|her|my|su|mi|the|la|el|starts?|code|"
    r"and|y|number's|ends?|in|mum|treasurer|owner|of the)\b[\s:,.#'’-]{1,3}){0,5}"
    r"(?P<id>(?-i:[A-Z]{0,4})[ -]?\d[\d .-]{3,24}(?:[A-Z]{1,3}\b)?(?:-\w{2,4})?)",
    re.IGNORECASE,
)
BIRTH = re.compile(
    r"\b(?:born|date of birth|dob|naci[oó]|nacid[oa])\b[^.!?\n]{0,20}?\b\d{1,2}"
    r"(?:[/.-]\d{1,2}[/.-]|(?:st|nd|rd|th)? (?:de )?[A-Za-z]{3,10} (?:de )?)\d{2,4}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing that was seen: how sure, where, and what it is."""

    score: float
    span: Span
    how: str


def ids(text: str, figures: int) -> Iterator[Sight]:
    """Give the numbers of cards, accounts and identity papers."""
    if figures >= 12:
        for match in CARD.finditer(text):
            if luhn(re.sub(r"\D", "", match.group())):
                yield Sight(0.95, match.span(), "card number")
        for match in IBAN.finditer(text):
            if iban(match.group()):
                yield Sight(0.97, match.span(), "account number")
    for match in DNI.finditer(text):
        if dni(match[1], match[2], match[3]):
            yield Sight(0.95, match.span(), "identity number")
    for pattern in (SSN, INSURANCE):
        for match in pattern.finditer(text):
            yield Sight(0.8, match.span(), "identity number")
    for match in BIRTH.finditer(text):
        yield Sight(0.8, match.span(), "date of birth")
    for match in NAMED_ID.finditer(text):
        if sum(char.isdigit() for char in match["id"]) >= 5:
            yield Sight(0.85, match.span("id"), "number of a paper or account")


def luhn(digits: str) -> bool:
    """Say whether the check digit of a card number is right (ISO/IEC 7812)."""
    if len(set(digits)) < 2:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits[::-1])]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def iban(text: str) -> bool:
    """Say whether the check digits of an account number are right (ISO 13616)."""
    code = text.replace(" ", "")
    if not 15 <= len(code) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


def dni(first: str, digits: str, letter: str) -> bool:
    """Say whether the letter of a Spanish identity number is right."""
    number = int({"": "", "X": "0", "Y": "1", "Z": "2"}[first] + digits.replace(".", ""))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] == letter
