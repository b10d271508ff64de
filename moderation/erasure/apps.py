from django.apps import AppConfig


class ErasureConfig(AppConfig):
    name = "moderation.erasure"
    label = "erasure"
    verbose_name = "Erasure"
    default_auto_field = "django.db.models.BigAutoField"
