"""The size class that a school's version follows; what is disclosed is decided in geo.record.disclosure."""

SMALL_BELOW = 100  # pupils (SAFEGUARDS C2)


def small(column: str) -> str:
    """SQL: whether a number of pupils makes a school small; unknown counts as small."""
    return f"(coalesce({column}, 0) < {SMALL_BELOW})"
