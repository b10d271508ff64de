from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "moderation.corrections.inbox"
    label = "corrections_inbox"
    verbose_name = "Corrections, as a school asks for them"
    default_auto_field = "django.db.models.BigAutoField"
