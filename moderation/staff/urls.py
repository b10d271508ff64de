"""Pages of the desk (INTERFACES, Staff site)."""

from django.urls import path

from moderation.staff.views import audit, cases, enrolment, grouping, queue, schools, second_factor, team

app_name = "staff"
urlpatterns = [
    path("", queue.home, name="home"),
    path("enrol/<str:token>/", enrolment.enrol, name="enrol"),
    path("second-factor/", second_factor.choose, name="second_factor"),
    path("queue/", queue.queue, name="queue"),
    path("cases/<uuid:pk>/", cases.case, name="case"),
    path("cases/<uuid:pk>/claim/", cases.claim, name="claim"),
    path("cases/<uuid:pk>/reveal/", cases.reveal, name="reveal"),
    path("cases/<uuid:pk>/split/", grouping.split, name="split"),
    path("cases/<uuid:pk>/join/", grouping.join, name="join"),
    path("cases/<uuid:pk>/evidence/", cases.evidence, name="evidence"),
    path("cases/<uuid:pk>/draft/", cases.draft, name="draft"),
    path("cases/<uuid:pk>/verdict/", cases.verdict, name="verdict"),
    path("schools/<str:pk>/", schools.school, name="school"),
    path("team/", team.team, name="team"),
    path("team/tie/", team.tie, name="tie"),
    path("audit/", audit.audit, name="audit"),
]
