"""The ten days of a request (Enforcement Decree of the Personal Information Protection Act, articles 41 and 43)."""

import datetime as dt

from moderation.corrections.inbox.clocks import DAY, SEOUL, works

DAYS = 10
SOON = 3 * DAY  # before the end, the team on duty is reminded


def due(received_at: dt.datetime) -> dt.datetime:
    """The last second in which it is answered in time.

    Calendar days, the day of arrival not counted (Civil Act, article 157); where the tenth is no working day, the next
    one (article 161).
    """
    day = received_at.astimezone(SEOUL).date() + DAYS * DAY
    while not works(day):
        day += DAY
    return dt.datetime.combine(day, dt.time(23, 59, 59), SEOUL)
