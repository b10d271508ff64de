from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "geo.directory"
    label = "directory"
    verbose_name = "School directory"
    default_auto_field = "django.db.models.BigAutoField"
