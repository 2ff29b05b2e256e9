"""Imports go down only; what sees or thinks knows no database, web framework, clock or socket."""

import ast
from pathlib import Path

import pytest

import comity

ROOT = Path(comity.__file__).parent
LAYERS = [
    {"errors", "settings"},
    {"text", "findings", "detectors"},
    {"guidelines", "judge", "case", "statement", "perspective", "coral"},
    {"models", "db", "turns", "queries", "migrations"},
    {"actions", "importers", "exporters", "bulk", "evaluate", "learn"},
    {"web", "cli", "commands", "logs", "__main__"},
]
PURE = {name for layer in LAYERS[1:3] for name in layer}
IMPURE = {"sqlalchemy", "alembic", "litestar", "starlette", "uvicorn", "time", "socket", "httpx"}
MODULES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def part(name: str) -> str:
    """The part of the house that a module belongs to: comity.web.app → web."""
    return name.removeprefix("comity.").split(".")[0]


def level(name: str) -> int:
    return next(i for i, layer in enumerate(LAYERS) if name in layer)


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by dots; say the whole name"
            assert node.module is not None
            found.add(node.module)
            if node.module == "comity":
                found |= {f"comity.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down_only(path: Path):
    name = part(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if name in {"sample", "demo"}:
        return

    ours = {part(module) for module in imports(path) if module.startswith("comity.")}

    known = {other for other in ours if any(other in layer for layer in LAYERS)}
    assert {other for other in known if level(other) > level(name)} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_sees_or_thinks_is_pure(path: Path):
    name = part(".".join(path.relative_to(ROOT).with_suffix("").parts))
    outside = {module.split(".")[0] for module in imports(path)}

    if name in PURE:
        assert outside & IMPURE == set()


def test_every_module_has_its_place():
    names = {part(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in MODULES}

    assert {name for name in names if not any(name in layer for layer in LAYERS)} <= {"sample"}
