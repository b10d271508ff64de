"""Numbers about a process for Prometheus (`/metrics`): of its parts, of what it serves, of itself; none about anybody.

Not for the public: it answers whoever asks from the same machine, without a proxy between, or brings the token of the
deployment (MAPSITE_METRICS_TOKEN). nginx does not pass it on. To all others there is no such page.
"""

from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from geo.record import snapshot
from mapsite.health import PARTS, answers

LOCAL = {"127.0.0.1", "::1", ""}  # an empty address is a Unix socket's
FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")


class Parts(Collector):
    def collect(self) -> Iterator[Metric]:
        ready = GaugeMetricFamily("mapsite_ready", "Whether a part answers (1) or not (0).", labels=["part"])
        for name, ask in PARTS.items():
            ready.add_metric([name], float(answers(ask)))
        yield ready
        try:
            generation = snapshot.current()
        except snapshot.NoSnapshot:
            return
        public = generation.public
        for name, says, number in (
            ("generation", "Number of the public files that readers are served.", generation.number),
            (
                "generation_made_seconds",
                "When they were made, in seconds since 1970.",
                generation.root.stat().st_mtime,
            ),
            ("log_entries", "Entries of the public log in them.", len(public.changes)),
            ("records", "Records that can be seen.", len(public.records)),
            ("brakes", "Regions in which publication has stopped.", len(public.brakes)),
        ):
            yield GaugeMetricFamily(f"mapsite_{name}", says, value=number)


registry = CollectorRegistry()
registry.register(Parts())
ProcessCollector(registry=registry)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not (_is_near(request) or _knows_the_token(request)):
        raise Http404
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_near(request: HttpRequest) -> bool:
    return request.META.get("REMOTE_ADDR", "") in LOCAL and not any(
        name in request.headers for name in FORWARDED
    )


def _knows_the_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    return bool(settings.METRICS_TOKEN) and constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
