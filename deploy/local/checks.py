"""`make lint`."""

def lint() -> int:
    return 2
