"""Schools and regions as the official registers have them (SAFEGUARDS B1, B2)."""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q


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


class School(models.Model):
    """One school or campus of an official register; the official id is the key."""

    class Level(models.TextChoices):
        ELEMENTARY = "elementary"
        MIDDLE = "middle"
        HIGH = "high"
        SPECIAL = "special"
        OTHER = "other"
        UNIVERSITY = "university"

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
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="schools")
    point = models.PointField(srid=4326, null=True)  # lon, lat
    located = models.CharField(max_length=9, choices=Located)
    pupils = models.PositiveIntegerField(null=True)  # unknown counts as small (SAFEGUARDS C2)
    phone = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    homepage = models.CharField(max_length=200, blank=True)
    register_date = models.DateField()  # the date of the file that last named it
    left_register_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)  # grows when name, place, status or size class change
    # Search keys, written by the importers alone (geo.directory.keys)
    name_key = models.CharField(max_length=80, default="")
    initials = models.CharField(max_length=80, default="")
    grams = ArrayField(models.CharField(max_length=12), default=list)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.id


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
