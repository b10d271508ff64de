"""Sessions whose keys lie in the database as hashes, so that a stolen dump opens nobody's session."""

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone


def hidden(key: str) -> str:
    """160 bits of SHA-256, as long as the column; the key itself is random enough for nothing slower."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class SessionStore(DatabaseSessions):
    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = self.model.objects.filter(
            session_key=hidden(str(self.session_key)), expire_date__gt=timezone.now()
        ).first()
        if found is None:
            self._session_key = None  # as Django has it: a key that we did not give out is never adopted
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(hidden(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        made: AbstractBaseSession = super().create_model_instance(data)
        made.session_key = hidden(made.session_key)
        return made

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(hidden(key))
