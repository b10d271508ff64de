"""Addresses of OGC API – Features, under `/ogc/`."""

from django.urls import path, re_path

from geo.api import documentation, ogc, problems

app_name = "ogc"
documented = [
    path("", ogc.Landing.as_view(), name="landing"),
    path("conformance", ogc.Conformance.as_view(), name="conformance"),
    path("collections", ogc.Collections.as_view(), name="collections"),
    path("collections/<slug:collection>", ogc.OneCollection.as_view(), name="collection"),
    path("collections/<slug:collection>/items", ogc.Items.as_view(), name="items"),
    path("collections/<slug:collection>/items/<str:feature>", ogc.OneItem.as_view(), name="item"),
]
urlpatterns = [
    *documented,
    path("api", documentation.features, name="api"),
    re_path(r"", problems.not_found),
]
