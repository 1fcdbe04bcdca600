"""Strict readers of the environment: a value that is wrong stops the start and says what was expected."""

import os
from pathlib import Path


class SettingFault(RuntimeError):
    """A setting that is missing or wrong, with its name and what was expected."""


def text(name: str, default: str | None = None) -> str:
    """Read a text, or a secret from the file that NAME_FILE names."""
    held_in = os.environ.get(f"{name}_FILE")
    if held_in:
        try:
            return Path(held_in).read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise SettingFault(f"{name}_FILE names a file that cannot be read: {held_in}") from fault
    value = os.environ.get(name)
    if value:
        return value
    if default is None:
        raise SettingFault(f"{name} is not set: see the list of settings in docs/operations.md")
    return default


def yes(name: str, default: bool) -> bool:
    """Read yes or no."""
    raw = os.environ.get(name, "").strip().lower()
    if raw in {"1", "yes", "true", "on"}:
        return True
    if raw in {"0", "no", "false", "off"}:
        return False
    if raw:
        raise SettingFault(f"{name} is {raw!r}: write yes or no")
    return default


def whole(name: str, default: int) -> int:
    """Read a whole number."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError as fault:
        raise SettingFault(f"{name} is {raw!r}: write a whole number") from fault


def words(name: str, default: str = "") -> list[str]:
    """Read a list separated by commas."""
    return [w.strip() for w in os.environ.get(name, default).split(",") if w.strip()]
