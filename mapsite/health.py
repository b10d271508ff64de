"""Whether a process is up (`/healthz`) and whether it can do all of its work (`/readyz`)."""

from collections.abc import Callable

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import RedisError

from geo.record import snapshot


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def redis() -> None:
    cache.get("ready")


def generation() -> int:
    return snapshot.current().number


PARTS: dict[str, Callable[[], object]] = {"database": database, "redis": redis, "snapshot": generation}
AWAY = (DatabaseError, psycopg.Error, RedisError, OSError, snapshot.NoSnapshot)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """200 while the process answers at all; asks nothing else, so that a database that is away restarts nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 if every part answers, else 503; says which one does not, and never why."""
    parts = {name: answers(ask) for name, ask in PARTS.items()}
    ready = all(parts.values())
    found = {"ready": ready, **parts, "site": settings.SITE}
    return JsonResponse(found, status=200 if ready else 503)


def answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except AWAY:
        return False
    return True
