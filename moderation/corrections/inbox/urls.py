"""Public addresses of corrections, under `/{language}/corrections/`."""

from django.urls import path

from moderation.corrections.inbox import views

app_name = "corrections"
urlpatterns = [
    path("", views.find, name="find"),
    path("status/", views.enter, name="enter"),
    path("status/<str:words>/", views.status, name="status"),
    path("<str:school_id>/", views.ask, name="ask"),
]
