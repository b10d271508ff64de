"""Pages of the desk (INTERFACES, Staff site)."""

from django.urls import path

from moderation.staff.views import (
    audit,
    brakes,
    cases,
    changes,
    enrolment,
    grouping,
    queue,
    records,
    schools,
    second_factor,
    settings,
    team,
)
from moderation.staff.views import map as desk_map

app_name = "staff"
urlpatterns = [
    path("", queue.home, name="home"),
    path("enrol/<str:token>/", enrolment.enrol, name="enrol"),
    path("second-factor/", second_factor.choose, name="second_factor"),
    path("queue/", queue.cases, name="queue"),
    path("queue/bulk/", queue.bulk, name="bulk"),
    path("settings/", settings.own, name="settings"),
    path("cases/<uuid:pk>/", cases.case, name="case"),
    path("cases/<uuid:pk>/around.geojson", desk_map.around, name="around"),
    path("cases/<uuid:pk>/apart/", cases.apart, name="apart"),
    path("cases/<uuid:pk>/claim/", cases.claim, name="claim"),
    path("cases/<uuid:pk>/reveal/", cases.reveal, name="reveal"),
    path("cases/<uuid:pk>/split/", grouping.split, name="split"),
    path("cases/<uuid:pk>/join/", grouping.join, name="join"),
    path("cases/<uuid:pk>/evidence/", cases.evidence, name="evidence"),
    path("cases/<uuid:pk>/draft/", cases.draft, name="draft"),
    path("cases/<uuid:pk>/verdict/", cases.verdict, name="verdict"),
    path("map/", desk_map.page, name="map"),
    path("map/desk.js", desk_map.script, name="map_script"),
    path("map/places.geojson", desk_map.everything, name="map_places"),
    path("map/boundaries.geojson", desk_map.outlines, name="map_outlines"),
    path("schools/<str:pk>/", schools.school, name="school"),
    path("team/", team.team, name="team"),
    path("team/tie/", team.tie, name="tie"),
    path("team/changes/", changes.changes, name="changes"),
    path("team/changes/invite/", changes.invite, name="invite"),
    path("team/changes/leave/", changes.leave, name="leave"),
    path("team/changes/<int:pk>/", changes.confirm, name="confirm_change"),
    path("records/<uuid:pk>/", records.record, name="record"),
    path("records/<uuid:pk>/hide/", records.hide, name="hide"),
    path("records/<uuid:pk>/reopen/", records.reopen, name="reopen"),
    path("brakes/", brakes.brakes, name="brakes"),
    path("brakes/<int:pk>/", brakes.release, name="release"),
    path("audit/", audit.audit, name="audit"),
]
