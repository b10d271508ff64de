"""Public addresses of requests under the privacy act, under `/{language}/erasure/`."""

from django.urls import path

from moderation.erasure.inbox import views

app_name = "erasure"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("status/", views.enter, name="enter"),
    path("status/<str:words>/", views.status, name="status"),
]
