"""Addresses of the API, under `/api/v1/`."""

from django.urls import path, re_path

from geo.api import documentation, problems, views

app_name = "api"
documented = [
    path("schools/", views.Schools.as_view(), name="schools"),
    path("schools/<str:school_id>/", views.School.as_view(), name="school"),
    path("records/", views.Records.as_view(), name="records"),
    path("records/<uuid:public_id>/", views.Record.as_view(), name="record"),
    path("records.geojson", views.GeoJSON.as_view(), name="geojson"),
    path("records-<int:generation>.geojson", views.Superseded.as_view(), name="generation"),
    path("records.csv", views.CSV.as_view(), name="csv"),
    path("changes/", views.Changes.as_view(), name="changes"),
    path("regions/", views.Regions.as_view(), name="regions"),
    path("log/checkpoint", views.Checkpoint.as_view(), name="checkpoint"),
    path("log/key", views.Key.as_view(), name="log-key"),
    path("log/entries", views.LogEntries.as_view(), name="log-entries"),
    path("log/proof/inclusion", views.Inclusion.as_view(), name="inclusion"),
    path("log/proof/consistency", views.Consistency.as_view(), name="consistency"),
]
urlpatterns = [
    *documented,
    path("schema/", documentation.schema, name="schema"),
    path("docs/", documentation.docs, name="docs"),
    re_path(r"", problems.not_found),
]
