from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "geo.api"
    label = "api"
    verbose_name = "Public API"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from geo.api.files import pages
        from geo.record import snapshot

        snapshot.register(pages)
