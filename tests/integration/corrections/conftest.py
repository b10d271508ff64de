"""A folder for this test's public files."""

from tests.published import folder

__all__ = ["folder"]
