"""The desk's map: what it shows, to whom, and without a script in the page or a foreign host."""

import pytest
from django.contrib.gis.geos import Point

from geo.directory.models import NotSame
from moderation.audit.models import AuditEvent
from moderation.review import safeguards
from moderation.review.models import Tie
from moderation.review.vocabulary import Role
from tests import casework


def kinds(client, address):
    found = client.get(address).json()["features"]
    return {(each["properties"]["kind"], each["properties"]["name"]) for each in found}


def twins():
    """Two schools of one name in two districts, and a third far away."""
    made = [
        casework.school(name="보기하늘중학교"),
        casework.school(name="보기하늘중학교", district="26110"),
        casework.school(name="보기바다중학교"),
    ]
    for school, at in zip(made, [(127.0, 37.5), (127.05, 37.5), (129.0, 35.1)], strict=True):
        school.point = Point(*at, srid=4326)
        school.name_key = school.name
        school.save()
    return made


def test_around_a_case_stand_its_school_look_alikes_and_near_cases(seated):
    person, client = seated()
    here, twin, far = twins()
    case = casework.case(here)
    casework.case(twin), casework.case(far)
    address = f"/cases/{case.pk}/around.geojson"
    assert kinds(client, address) == {("this", here.name), ("alike", twin.name), ("case", twin.name)}
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert f'data-records="{address}"' in page and "/map/desk.js" in page and "<script>" not in page
    assert twin.name in page.split('id="around"')[1]
    assert {kind for kind, _name in kinds(client, "/map/places.geojson")} == {"case"}
    Tie.objects.create(member=person, kind="family", school=twin)
    assert ("case", twin.name) not in kinds(client, address)
    Tie.objects.create(member=person, kind="family", school=here)
    assert client.get(address).status_code == 403


def test_the_script_is_a_file_of_ours_and_names_no_case(seated):
    _person, client = seated()
    case = casework.case()
    script = client.get("/map/desk.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert "deskMap.start" in script.content.decode() and str(case.pk) not in script.content.decode()
    assert "//" not in script.content.decode().replace("/map/boundaries", "")
    assert client.get("/map/boundaries.geojson").json()["type"] == "FeatureCollection"
    assert client.get("/map/").status_code == 200


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.AUDITOR])
def test_the_map_is_casework(seated, role):
    _person, client = seated(role)
    case = casework.case()
    for address in ("/map/", "/map/places.geojson", f"/cases/{case.pk}/around.geojson"):
        assert client.get(address).status_code == 403


def test_a_look_alike_is_told_apart_once(seated):
    person, client = seated()
    here, twin, far = twins()
    draft = casework.drafted(by=person, at=here)
    right = {f.code: f for f in safeguards.findings(case=draft.case, draft=draft, by=person)}["right_school"]
    assert right.light == "unknown"
    assert client.post(f"/cases/{draft.case_id}/apart/", {"other": far.pk}).status_code == 404
    assert client.post(f"/cases/{draft.case_id}/apart/", {"other": twin.pk}).status_code == 302
    assert NotSame.objects.count() == 1 and AuditEvent.objects.filter(action="apart").count() == 1
    right = {f.code: f for f in safeguards.findings(case=draft.case, draft=draft, by=person)}["right_school"]
    assert right.light == "green"
    assert "told apart" in client.get(f"/cases/{draft.case_id}/").content.decode()
