"""Boundaries: what a GeoJSON file must be, and every name that must resolve afterwards."""

import json

import pytest
from django.core.management.base import CommandError

from geo.directory import region_names
from geo.directory.addresses import Gazetteer
from geo.directory.models import Region, RegionName
from tests.integration.directory.conftest import boundary_file, square

pytestmark = pytest.mark.django_db


def feature(**properties):
    geometry = properties.pop("geometry", square(127.0, 37.5))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_regions_become_multipolygons_with_parents_and_latin_names(regions):
    region = Region.objects.get(pk="41192")
    assert (region.parent_id, region.name_ko, region.name_en) == (
        "41",
        "부천시 원미구",
        "Bucheon-si Wonmi-gu",
    )
    assert region.boundary.geom_type == "MultiPolygon" and region.boundary.srid == 4326
    assert Region.objects.get(pk="41").parent is None


def test_importing_again_changes_nothing(regions, tmp_path, told):
    before = list(Region.objects.order_by("pk").values_list("pk", "name_ko", "valid_from"))
    names = RegionName.objects.count()
    assert told("import_regions", tmp_path / "districts.geojson", level="district").strip() == "no change"
    assert list(Region.objects.order_by("pk").values_list("pk", "name_ko", "valid_from")) == before
    assert RegionName.objects.count() == names


def test_a_rehearsal_changes_nothing(db, tmp_path, told):
    path = boundary_file(tmp_path / "p.geojson", [feature(code="11", name="서울특별시")])
    assert "1 added" in told("import_regions", path, level="province", dry_run=True)
    assert not Region.objects.exists()


@pytest.mark.parametrize("entry", region_names.PROVINCES, ids=lambda entry: entry.code)
def test_every_name_of_every_province_is_known(entry):
    names = dict(region_names.names_of_province(entry.code))
    assert {entry.name_ko, *entry.short, *(name for name, _ in entry.former)} <= set(names)


@pytest.mark.parametrize(
    ("address", "province", "districts"),
    [
        ("서울시 강남구 보기로 1", "11", ("11680",)),
        ("세종 보기로 1", "36", ("36110",)),
        ("경기 화성시 만세구 보기로", "41", ("41590",)),
        ("경기도 부천시 보기로 1", "41", ("41192", "41194")),
        ("인천광역시 제물포구 보기로", "28", ("28110", "28140")),
        ("강원도 춘천시 보기로", "51", ("51110",)),
        ("경기도 없는시 보기로", "41", ()),
        ("전남광주통합특별시 어딘가", "", ()),
        ("어딘가", "", ()),
        ("", "", ()),
    ],
)
def test_addresses_name_one_place_several_or_none(regions, address, province, districts):
    assert Gazetteer().place(address) == (province, districts)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not GeoJSON in UTF-8"),
        (b"\xff\xfe{}", "is not GeoJSON in UTF-8"),
        (b"[" * 100_000, "is not GeoJSON in UTF-8"),
        (b"{}", "not a GeoJSON FeatureCollection"),
        (json.dumps({"type": "FeatureCollection", "features": [3]}).encode(), "no properties"),
    ],
)
def test_a_file_that_is_no_geojson_is_one_sentence(tmp_path, told, content, sentence):
    path = tmp_path / "p.geojson"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence) as fault:
        told("import_regions", path, level="province")
    assert fault.value.returncode == 2


@pytest.mark.parametrize(
    ("properties", "sentence"),
    [
        ({"code": "1168", "name": "강남구"}, "no code of a district"),
        ({"code": "99999", "name": "강남구"}, "belongs to no province"),
        ({"code": "11680", "name": ""}, "name is missing"),
        ({"code": "11680", "name": "강남구", "geometry": None}, "cannot be read"),
        (
            {"code": "11680", "name": "강남구", "geometry": {"type": "Point", "coordinates": [127, 37]}},
            "a Point",
        ),
        ({"code": "11680", "name": "강남구", "geometry": square(37.5, 127.0)}, "outside Korea"),
        ({"code": "11680", "name": "강남구"}, "import the provinces first"),
    ],
)
def test_a_feature_that_is_no_region_is_one_sentence(tmp_path, told, properties, sentence):
    path = boundary_file(tmp_path / "d.geojson", [feature(**properties)])
    with pytest.raises(CommandError, match=sentence):
        told("import_regions", path, level="district")
    assert not Region.objects.exists()


def test_one_code_twice_is_refused(tmp_path, told):
    path = boundary_file(tmp_path / "p.geojson", [feature(code="11", name="서울특별시")] * 2)
    with pytest.raises(CommandError, match="features 1 and 2 have the same code"):
        told("import_regions", path, level="province")
