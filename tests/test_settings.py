"""Flags win over the environment, the environment over defaults; what cannot be used is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings import SETTINGS, Settings, SettingsError


def test_flags_win_over_the_environment_and_that_over_defaults() -> None:
    environ = {"CREDITGRAPH_PORT": "9001", "CREDITGRAPH_HOST": "0.0.0.0", "DEMO": ""}  # noqa: S104
    found = Settings.load(["--port", "9002"], environ)
    assert (found.port, found.host, found.demo, found.workers) == (9002, "0.0.0.0", "small", 1)  # noqa: S104


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CREDITGRAPH_PORT", "70000"),
        ("CREDITGRAPH_PORT", "many"),
        ("CREDITGRAPH_AUTH", "none"),
        ("CREDITGRAPH_AUTH", "jwt"),
        ("CREDITGRAPH_JWT_SECRET", "short"),
        ("NEO4J_URI", "http://example.org"),
        ("CREDITGRAPH_DEPTH", "deep"),
        ("DEMO", "huge"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.load([], {variable: value})
    assert variable in str(refused.value)


def test_a_secret_has_no_flag_and_is_not_shown() -> None:
    secret = "a secret that nobody may read in a log"
    found = Settings.load([], {"CREDITGRAPH_JWT_SECRET": secret, "NEO4J_PASSWORD": "hidden-password"})
    assert secret not in repr(found)
    assert "hidden-password" not in repr(found)
    assert {SETTINGS["jwt_secret"].flag, SETTINGS["neo4j_password"].flag} == {None}


def test_a_child_process_gets_the_same_settings() -> None:
    found = Settings.load(["--home", "elsewhere", "--workers", "3"], {"CREDITGRAPH_DEPTH": "9/5"})
    assert Settings.load([], found.environment()) == found
    assert found.home == Path("elsewhere")
