"""Schools and regions as the official registers have them (SAFEGUARDS B1, B2)."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db.models import F, Q


class Region(models.Model):
    """A province or a district, valid from a date: boundaries and names change."""

    class Level(models.TextChoices):
        PROVINCE = "province"
        DISTRICT = "district"

    code = models.CharField(max_length=10, primary_key=True)  # official administrative code
    level = models.CharField(max_length=8, choices=Level)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="districts")
    name_ko = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    boundary = models.MultiPolygonField(srid=4326, null=True)  # lon, lat
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)  # first day on which it is no longer valid
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="predecessors")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="region_level_and_parent_agree",
                condition=Q(level="province", parent=None) | Q(level="district", parent__isnull=False),
            ),
            models.CheckConstraint(
                name="region_level_known", condition=Q(level__in=["province", "district"])
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RegionName(models.Model):
    """Every name that an address may use for a region, old and new."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=60)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="region_name_once"),
        ]
        indexes = [models.Index(fields=["name"], name="region_name")]


class School(models.Model):
    """One school or campus of an official register; the official id is the key."""

    class Level(models.TextChoices):
        ELEMENTARY = "elementary"
        MIDDLE = "middle"
        HIGH = "high"
        SPECIAL = "special"
        OTHER = "other"
        UNIVERSITY = "university"

    class Register(models.TextChoices):
        """The official file that a school lives in; only that file's importer may say it left."""

        STANDARD = "standard"  # 전국초중등학교위치표준데이터
        NEIS = "neis"  # 학교기본정보
        UNIVERSITY = "university"  # 대학 캠퍼스

    class Founding(models.TextChoices):
        NATIONAL = "national"
        PUBLIC = "public"
        PRIVATE = "private"

    class Status(models.TextChoices):
        OPERATING = "operating"
        SUSPENDED = "suspended"
        CLOSED = "closed"

    class Branch(models.TextChoices):
        MAIN = "main"
        BRANCH = "branch"

    class Located(models.TextChoices):
        """Where the point comes from; an unknown or ambiguous place is a result, not a guess."""

        REGISTER = "register"
        GEOCODED = "geocoded"
        AMBIGUOUS = "ambiguous"
        UNKNOWN = "unknown"

    id = models.CharField(max_length=20, primary_key=True)
    register = models.CharField(max_length=10, choices=Register, default=Register.STANDARD)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160, blank=True)
    level = models.CharField(max_length=10, choices=Level)
    founding = models.CharField(max_length=8, choices=Founding)
    status = models.CharField(max_length=9, choices=Status)
    branch = models.CharField(max_length=6, choices=Branch)
    established_on = models.DateField(null=True)
    address_road = models.CharField(max_length=200, blank=True)
    address_lot = models.CharField(max_length=200, blank=True)
    office = models.CharField(max_length=60, blank=True)  # education office in charge
    district_office = models.CharField(max_length=60, blank=True)
    region = models.ForeignKey(
        Region, null=True, on_delete=models.PROTECT, related_name="schools", db_index=False
    )  # a district; a province where the address names no district; its indexes are below
    point = models.PointField(srid=4326, null=True)  # lon, lat
    located = models.CharField(max_length=9, choices=Located)
    pupils = models.PositiveIntegerField(null=True)  # unknown counts as small (SAFEGUARDS C2)
    phone = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    homepage = models.CharField(max_length=200, blank=True)
    register_date = models.DateField()  # the date of the file that the entry was last taken over from
    left_register_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)  # grows when name, place, status or size class change
    # Search keys, written by the importers alone (geo.directory.keys). Collation C makes one B-tree
    # serve both the prefix search and its order.
    name_key = models.CharField(max_length=80, default="", db_collation="C")
    initials = models.CharField(max_length=80, default="", db_collation="C")
    name_en_key = models.CharField(max_length=160, default="", blank=True, db_collation="C")
    grams = ArrayField(models.CharField(max_length=12), default=list)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["name_key", "id"], name="school_name"),
            models.Index(fields=["initials", "id"], name="school_initials"),
            models.Index(fields=["name_en_key", "id"], name="school_english", condition=~Q(name_en_key="")),
            models.Index(fields=["region", "name_key", "id"], name="school_region_name"),
            models.Index(fields=["region", "initials", "id"], name="school_region_initials"),
            models.Index(fields=["level", "name_key", "id"], name="school_level_name"),
            GinIndex(fields=["grams"], name="school_grams"),
        ]

    def __str__(self) -> str:
        return self.id


class Succession(models.Model):
    """What became of a school that closed or left its register; nothing moves with it, pages link it.

    Written by `register_confirm` alone (moderation/register/sql/changes.sql), which asks for two people.
    """

    class How(models.TextChoices):
        MERGED = "merged"  # its pupils and its name went into another school
        RENUMBERED = "renumbered"  # the same school, to which the register gave another id

    school = models.OneToOneField(School, primary_key=True, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How)
    since = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="succession_to_another", condition=~Q(school=F("successor"))),
            models.CheckConstraint(
                name="succession_how_known", condition=Q(how__in=["merged", "renumbered"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_id} → {self.successor_id}"


class SchoolIdentifier(models.Model):
    """The cross-walk: one school's ids in the other official registers."""

    class System(models.TextChoices):
        NEIS = "neis"  # 행정표준코드
        DISCLOSURE = "disclosure"  # 정보공시 학교코드
        UNIVERSITY = "university"

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="identifiers")
    system = models.CharField(max_length=10, choices=System)
    value = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "value"], name="identifier_once"),
            models.UniqueConstraint(fields=["school", "system"], name="identifier_per_school"),
        ]


class NotSame(models.Model):
    """Two look-alikes that somebody told apart once: "A is not B", so that nobody has to ask again."""

    low = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    high = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    noted_on = models.DateField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="not_same_once"),
            models.CheckConstraint(name="not_same_ordered", condition=Q(low__lt=F("high"))),
        ]


class GeocodeAnswer(models.Model):
    """What the geocoder said about one address, kept so that it is asked once."""

    address = models.CharField(max_length=200, unique=True)
    asked_at = models.DateTimeField()
    located = models.CharField(max_length=9, choices=School.Located)
    point = models.PointField(srid=4326, null=True)  # lon, lat; only when the answer was one place

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="geocode_point_when_found",
                condition=Q(located="geocoded", point__isnull=False)
                | Q(located__in=["ambiguous", "unknown"], point=None),
            )
        ]


class Import(models.Model):
    """One accepted file; the newest id is the directory's version (SAFEGUARDS F1)."""

    class Kind(models.TextChoices):
        SCHOOLS = "schools"
        ENROLMENT = "enrolment"
        CONTACTS = "contacts"
        UNIVERSITIES = "universities"
        PROVINCES = "provinces"
        DISTRICTS = "districts"
        GEOCODING = "geocoding"

    kind = models.CharField(max_length=12, choices=Kind)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the file, hexadecimal
    finished_at = models.DateTimeField()
    counts = models.JSONField(default=dict)  # report kind → number of rows

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="import_latest")]
