from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "moderation.erasure.inbox"
    label = "erasure_inbox"
    verbose_name = "Erasure, as anybody asks for it"
    default_auto_field = "django.db.models.BigAutoField"
