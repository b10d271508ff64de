"""Public addresses of alerts, under `/{language}/alerts/`."""

from django.urls import path

from moderation.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("all/", views.ask_all, name="all"),
    path("school/<str:school_id>/", views.ask_school, name="school"),
    path("region/<str:code>/", views.ask_region, name="region"),
    path("mailbox/", views.demo_mailbox, name="mailbox"),
    path("link/<str:token>/", views.link, name="link"),
    path("link/<str:token>/end/", views.end, name="end"),
]
