from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate


class MapsiteConfig(AppConfig):
    name = "mapsite"

    def ready(self) -> None:
        from mapsite import grants, notice_window  # they register their checks too

        if settings.SITE == "owner":
            last = list(apps.get_app_configs())[-1]  # Django tells each app in turn once all have migrated
            post_migrate.connect(grants.apply, sender=last, dispatch_uid="grants")
            post_migrate.connect(notice_window.apply, sender=last, dispatch_uid="notice_window")
