"""The least that Django can do: one view that returns bytes, behind no middleware. What hot pages are held against."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="bare", USE_TZ=True)
django.setup()

BODY = Path(os.environ["BENCH_BODY"]).read_bytes()


def view(_: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY, content_type="application/geo+json")


urlpatterns = [path("bare", view)]
application = get_wsgi_application()
