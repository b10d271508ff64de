"""Pages of practice, in the staff site under `/training/`."""

from django.urls import path

from moderation.training import views

app_name = "training"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:code>/", views.exercise, name="exercise"),
]
