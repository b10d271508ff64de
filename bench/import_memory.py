"""Peak memory of an import must not grow with the file."""

from bench import scratch
from bench.run import Result, result

MOST_MB = 200
SAME = 1.1  # of a tenth of the rows


def measure() -> list[Result]:
    """Peak resident memory of the importing process at 200,000 and 2,000,000 rows."""
    small, large = scratch.imported(scratch.TENTH), scratch.imported(scratch.WORLD)
    return [
        result("peak memory of an import of 2,000,000 rows", large.peak_mb, most=MOST_MB, unit="MB"),
        result("peak memory at 2,000,000 rows / at 200,000", large.peak_mb / small.peak_mb, most=SAME),
    ]
