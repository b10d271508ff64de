"""Texts of single records, kept from one large file to the next, which differs from it in a few."""

from collections.abc import Callable, Sequence

from geo.record.snapshot.data import PublicRecord, PublicSet


class Parts:
    """Remembers the parts of the last whole file; a part is made anew when its record or a region's name changed."""

    def __init__(self) -> None:
        self._last: dict[tuple[bytes, bytes], bytes] = {}

    def texts(
        self, records: Sequence[PublicRecord], public: PublicSet, make: Callable[[PublicRecord], bytes]
    ) -> list[bytes]:
        """The text of each record, in order."""
        last, made = self._last, {}
        for record in records:
            key = (public.names, record.digest)
            made[key] = last.get(key) or make(record)
        if len(records) == len(public.records):  # a filtered file is no reason to forget the rest
            self._last = made
        return list(made.values())
