from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "geo.site"
    label = "site"
    verbose_name = "Public site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from geo.record import snapshot
        from geo.site.pages import pages

        snapshot.register(pages)
