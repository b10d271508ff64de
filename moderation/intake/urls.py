"""Public addresses of the report form, under `/{language}/report/`."""

from django.urls import path

from moderation.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.find, name="find"),
    path("status/", views.status, name="status"),
    path("withdraw/", views.withdraw, name="withdraw"),
    path("<str:school_id>/", views.report, name="report"),
]
