"""Addresses of the public pages, below the language.

Those named here with `hot` are answered by snapshot files (geo.site.middleware); they reach Django while the first
generation is being built, with an odd query string, or when there is no such page.
"""

from django.urls import path

from geo.site import views

app_name = "site"

urlpatterns = [
    path("", views.hot, name="home"),
    path("schools/", views.find, name="schools"),
    path("schools/<str:school_id>/", views.school, name="school"),
    path("regions/<str:code>/", views.hot, name="region"),
    path("records/", views.records, name="records"),
    path("records/months/<str:month>/", views.hot, name="records-of"),
    path("records/<uuid:public_id>/", views.hot, name="record"),
    path("changes/", views.hot, name="changes"),
    path("changes/pages/<int:number>/", views.hot, name="changes-of"),
    path("feeds/regions/<str:code>.atom", views.hot, name="region-feed"),
    path("feeds/schools/<str:school_id>.atom", views.school_feed, name="school-feed"),
    path("feeds/changes.atom", views.hot, name="feed"),
    path("embed/", views.embed, name="embed"),
    path("figures/", views.hot, name="figures"),
    path("help/", views.hot, name="help"),
    path("about/", views.hot, name="about"),
    path("about/method/", views.hot, name="method"),
    path("about/coverage/", views.hot, name="coverage"),
    path("about/accused/", views.hot, name="accused"),
    path("about/safeguards/", views.hot, name="safeguards"),
    path("about/log/", views.hot, name="log"),
    path("about/api/", views.hot, name="interfaces"),
    path("about/embed/", views.hot, name="embedding"),
]
