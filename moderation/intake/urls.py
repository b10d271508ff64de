"""Public addresses of the report form, under `/{language}/report/`."""

from django.urls import path

from moderation.intake import receipt_views, views

app_name = "intake"
urlpatterns = [
    path("", views.find, name="find"),
    path("status/", receipt_views.status, name="status"),
    path("answer/", receipt_views.answer, name="answer"),
    path("withdraw/", receipt_views.withdraw, name="withdraw"),
    path("<str:school_id>/", views.report, name="report"),
]
