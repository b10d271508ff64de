"""Addresses of the public site: pages in each language, the interfaces, and nothing of casework.

Most of them are answered by snapshot files before this map is asked (`geo.site.middleware`).
"""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from mapsite import health, metrics
from moderation.intake.partner_api import Submissions

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/v1/submissions/", Submissions.as_view(), name="submissions"),
    path("api/v1/", include("geo.api.urls")),
    path("ogc/", include("geo.api.urls_ogc")),
    *i18n_patterns(
        path("report/", include("moderation.intake.urls")),
        path("alerts/", include("moderation.alerts.urls")),
        path("corrections/", include("moderation.corrections.inbox.urls")),
        path("erasure/", include("moderation.erasure.inbox.urls")),
        path("", include("geo.site.urls")),
    ),
]

handler400 = "geo.site.errors.bad_request"
handler403 = "geo.site.errors.not_allowed"
handler404 = "geo.site.errors.not_found"
handler500 = "geo.site.errors.broken"
