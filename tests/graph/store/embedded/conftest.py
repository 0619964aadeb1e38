"""Small homes of their own: these tests kill servers, so they never share the suite's."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.store.embedded import EmbeddedOptions


@pytest.fixture
def options(tmp_path: Path) -> EmbeddedOptions:
    return small(tmp_path / "home")


@pytest.fixture(scope="module")
def module_options(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedOptions:
    return small(tmp_path_factory.mktemp("embedded") / "数据 home")  # Chinese and a space: users' folders have both


def small(home: Path) -> EmbeddedOptions:
    return EmbeddedOptions(home=home, heap_megabytes=512, page_cache_megabytes=64, appcds=False, long_lived=False)
