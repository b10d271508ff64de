"""The WSGI application; `MAPSITE_SITE` decides which of the two sites it is."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapsite.settings")

application = get_wsgi_application()
