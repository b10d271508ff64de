"""What a line of the log and a value in Redis may hold."""

import logging
import pickle
import sys
from typing import Any

import pytest

from mapsite.cached import Plain
from mapsite.logs import Line

CANARY = "zqcanary"


def line(logger: str, message: str, *arguments: object, error: BaseException | None = None) -> str:
    found = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(logger, logging.ERROR, __file__, 7, message, arguments, found)
    return Line().format(record)


@pytest.mark.parametrize(
    "logger", ["django.request", "django.security.DisallowedHost", "granian", "asyncio", "py.warnings"]
)
def test_what_others_say_is_left_out(logger: str) -> None:
    for text in (line(logger, f"Internal Server Error: /{CANARY}"), line(logger, "%s failed", CANARY)):
        assert CANARY not in text
        assert logger in text and "test_logs_and_cache.py:7" in text


def test_our_own_words_stay() -> None:
    assert "intake unavailable: OperationalError" in line(
        "moderation.intake", "intake unavailable: %s", "OperationalError"
    )


def test_a_logger_whose_name_only_begins_like_ours_is_not_ours() -> None:
    assert CANARY not in line("geology", CANARY)


def test_an_error_is_its_kind_and_its_place() -> None:
    try:
        try:
            raise ValueError(f"Failing row contains ({CANARY})")
        except ValueError as first:
            raise RuntimeError(CANARY) from first
    except RuntimeError:
        error = sys.exc_info()[1]
    for logger in ("django.request", "moderation.intake"):
        text = line(logger, "it failed", error=error)
        assert "RuntimeError from ValueError at " in text and "test_logs_and_cache.py:" in text
        assert CANARY not in text and "\n" not in text


@pytest.mark.parametrize(
    "value", [0, 7, -1, True, None, "텍스트", b"\x00\xff", [1.5, 2.25], {"a": [b"x"]}, {"bytes": 5, "b": 1}]
)
def test_values_come_back_from_redis(value: object) -> None:
    kept = Plain().dumps(value)
    assert Plain().loads(str(kept).encode() if isinstance(kept, int) else kept) == value


def test_nothing_in_redis_runs() -> None:
    class Attack:
        def __reduce__(self) -> tuple[Any, ...]:
            return (sys.exit, (3,))

    with pytest.raises(ValueError):
        Plain().loads(pickle.dumps(Attack()))
    with pytest.raises(TypeError):
        Plain().dumps(Attack())
