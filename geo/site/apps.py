from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "geo.site"
    label = "site"
    verbose_name = "Public site"
    default_auto_field = "django.db.models.BigAutoField"
