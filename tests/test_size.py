"""Sizes: printed for all to see (`pytest -s tests/test_size.py`), with two hard limits."""

import ast
from pathlib import Path
from statistics import median, quantiles

import comity

ROOT = Path(comity.__file__).parent
FILE_LIMIT, FUNCTION_LIMIT, CRUX_LIMIT = 400, 60, 50
CRUXES = {("judge.py", "judge"), ("actions/posting.py", "post")}


def functions() -> list[tuple[int, str, str]]:
    return [
        ((node.end_lineno or 0) - node.lineno + 1, str(path.relative_to(ROOT)), node.name)
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def files() -> list[tuple[int, str]]:
    sources = [path for kind in ("*.py", "*.js") for path in ROOT.rglob(kind)]
    return [
        (len(path.read_text(encoding="utf-8").splitlines()), str(path.relative_to(ROOT)))
        for path in sources
    ]


def test_no_file_is_longer_than_a_reader_bears():
    sizes = sorted(files(), reverse=True)
    lines = [n for n, _ in sizes]
    print(f"\nfiles: {len(sizes)}, lines: {sum(lines)}, median {median(lines)}")
    print(*(f"{n:5} {name}" for n, name in sizes[:10]), sep="\n")

    assert [entry for entry in sizes if entry[0] > FILE_LIMIT] == []


def test_no_function_is_longer_than_a_screen():
    sizes = sorted(functions(), reverse=True)
    lengths = [n for n, _, _ in sizes]
    print(
        f"\nfunctions: {len(sizes)}, median {median(lengths)}, p90 {quantiles(lengths, n=10)[-1]}"
    )
    print(*(f"{n:5} {name}:{function}" for n, name, function in sizes[:10]), sep="\n")

    assert [entry for entry in sizes if entry[0] > FUNCTION_LIMIT] == []


def test_the_two_cruxes_fit_one_screen():
    sizes = {(name, function): n for n, name, function in functions()}

    assert {crux for crux in CRUXES if sizes[crux] > CRUX_LIMIT} == set()
