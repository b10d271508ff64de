"""Addresses of the staff site; its own process, port and database role."""

from django.urls import include, path

from mapsite import health, metrics

handler400 = "moderation.staff.views.errors.bad_request"
handler403 = "moderation.staff.views.errors.forbidden"
handler404 = "moderation.staff.views.errors.not_found"
handler500 = "moderation.staff.views.errors.failed"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("language/", include("django.conf.urls.i18n")),
    path("accounts/", include("moderation.staff.urls_accounts")),
    path("training/", include("moderation.training.urls")),
    path("", include("moderation.staff.urls")),
]
