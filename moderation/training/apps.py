from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "moderation.training"
    label = "training"
    verbose_name = "Practice"
    default_auto_field = "django.db.models.BigAutoField"
