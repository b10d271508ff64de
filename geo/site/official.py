"""Official national figures, as they were published, by whom and when; none of them is ours."""

import datetime as dt
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

REPORTED = dt.date(2024, 9, 1)  # the day on which the press reported all of these
POLICE = _("Korean National Police Agency")
SEOUL = _("Seoul Metropolitan Police Agency")


class Share(NamedTuple):
    """Teenagers among those charged with deepfake sexual crimes."""

    period: Any  # text, translated when it is shown
    percent: float


class Fact(NamedTuple):
    number: str
    says: Any
    by: Any


TEENAGERS_CHARGED = (
    Share("2021", 65.4),
    Share("2023", 75.8),
    Share(_("January–July 2024"), 73.6),
)
FACTS = (
    Fact("59.8 %", _("of the 527 victims of 2021 to 2023 were teenagers"), POLICE),
    Fact("1,374", _("schools were reached by the Seoul police's alert"), SEOUL),
    Fact("780,000", _("parents were reached by the same alert"), SEOUL),
)
