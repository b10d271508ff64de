from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "moderation.intake"
    label = "intake"
    verbose_name = "Intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.urls import path

        from geo.api import schema
        from moderation.intake.partner_api import Submissions

        schema.further.append(path("submissions/", Submissions.as_view(), name="submissions"))
