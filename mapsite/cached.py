"""How values lie in Redis: as plain data, since both sites read it and neither trusts the other.

Django's own way is pickle, with which whoever can write one value, such as a public process that was taken over,
runs code in the staff process that reads it.
"""

import base64
import json
from typing import Any

BYTES = "bytes"  # {"bytes": base64} stands for a byte string


class Plain:
    """Numbers, texts, byte strings, and lists and dictionaries of them."""

    def dumps(self, value: Any) -> int | bytes:
        if type(value) is int:  # Redis counts with these itself
            return value
        return json.dumps(value, default=_bytes, separators=(",", ":")).encode()

    def loads(self, data: Any) -> Any:
        return json.loads(data, object_hook=_value)


def _bytes(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {BYTES: base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} is not kept in Redis")


def _value(found: dict[str, Any]) -> Any:
    return base64.b64decode(found[BYTES], validate=True) if set(found) == {BYTES} else found
