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
]
urlpatterns = [
    *documented,
    path("schema/", documentation.schema, name="schema"),
    path("docs/", documentation.docs, name="docs"),
    re_path(r"", problems.not_found),
]
