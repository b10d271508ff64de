from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "geo.record"
    label = "record"
    verbose_name = "Public record"
    default_auto_field = "django.db.models.BigAutoField"
