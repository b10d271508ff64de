from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    name = "moderation.corrections"
    label = "corrections"
    verbose_name = "Corrections"
    default_auto_field = "django.db.models.BigAutoField"
