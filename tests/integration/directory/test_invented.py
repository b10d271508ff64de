"""The invented directory: the same every time, recognisable as invented, through the real importers."""

import csv

import pytest
from django.conf import settings as project
from django.core.management.base import CommandError
from django.db.models import Count

from fixtures import boundaries, generate
from geo.directory.models import Import, Region, School


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("invented")


@pytest.fixture(scope="module")
def files(folder):
    _provinces, districts = boundaries.write(project.NODE_MODULES, folder / "regions")
    return generate.write(folder / "once", districts, count=600)


def test_the_same_count_gives_the_same_bytes(folder, files):
    again = generate.write(folder / "again", folder / "regions" / boundaries.DISTRICTS, count=600)
    assert all(again[name].read_bytes() == files[name].read_bytes() for name in generate.FILES)


def test_nothing_in_the_files_can_be_taken_for_real(files):
    with files[generate.SCHOOLS].open(encoding="cp949", newline="") as file:
        for row in csv.DictReader(file):
            assert row["학교ID"].startswith("X9") and row["학교명"].startswith("보기")
    with files[generate.CONTACTS].open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            assert row["전화번호"].startswith("070-000") and "보기" in row["학교명"]
            assert row["홈페이지주소"] in {"", "http://"} or ".example" in row["홈페이지주소"]


@pytest.mark.django_db
def test_load_directory_is_idempotent_and_holds_the_traps(told, tmp_path, settings):
    settings.VAR = tmp_path
    told("load_directory", count=1200)
    assert Region.objects.filter(level="district").count() == 252
    assert Region.objects.filter(level="province").count() == 17
    schools = School.objects.all()
    assert not schools.exclude(pk__startswith="X9").exists()
    assert schools.filter(register="standard").count() == 1200
    assert schools.filter(name="보기금성초등학교").count() == 11
    assert schools.filter(status="closed").count() >= 2
    assert schools.filter(address_road="", register="standard").exists()
    assert schools.filter(branch="branch").exists() and schools.filter(point=None).exists()
    assert schools.filter(register="university").exists() and schools.filter(level="special").exists()
    shared = schools.exclude(point=None).values("point").annotate(number=Count("pk")).filter(number__gt=1)
    assert shared.count() > 40
    small = schools.filter(register="standard", pupils__lt=100).values("region").annotate(number=Count("pk"))
    assert small.filter(number=1).count() >= 27 and small.filter(number__gte=4).exists()
    # Every point lies in the district that the address names, as far as the boundaries go.
    assert all(
        school.region.boundary.covers(school.point)
        for school in schools.exclude(point=None).select_related("region")[::25]
    )
    imports = Import.objects.count()
    assert told("load_directory", count=1200) == ""
    assert Import.objects.count() == imports


@pytest.mark.django_db
def test_invented_schools_are_never_mixed_into_a_real_directory(regions, write, told):
    told("import_schools", write("schools", {"학교ID": "B000000000"}))
    with pytest.raises(CommandError, match="never mixed in") as fault:
        told("load_directory")
    assert fault.value.returncode == 2
