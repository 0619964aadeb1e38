"""docs/world.md names every key and every code of a world file."""

from __future__ import annotations

from pathlib import Path

from loaders.world.vocabulary import KEYS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "world.md").read_text(encoding="utf-8")


def test_every_key_of_a_world_file_is_documented_with_its_codes() -> None:
    sections = {part.partition("`\n")[0]: part for part in DOCUMENT.split("\n## `")[1:]}
    missing = [
        (section.value, key.name)
        for section, keys in KEYS.items()
        for key in keys
        if f"| `{key.name}`" not in sections[section.value]
        or (len(key.codes) < 60 and not all(code in sections[section.value] for code in key.codes))
    ]
    assert missing == []
