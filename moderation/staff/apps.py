from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "moderation.staff"
    label = "staff"
    verbose_name = "Staff site"
    default_auto_field = "django.db.models.BigAutoField"
