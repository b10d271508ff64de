"""Generated sequences over (state × person × conflict × concurrency); `make bench` runs 10,000 of them."""

from geo.record.models import BrakeLimit
from tests import casework, machine
from tests.two_people import Team, as_staff

SEQUENCES = 5  # from each start


def test_no_sequence_breaks_a_promise(committed_db: str) -> None:
    BrakeLimit.objects.all().delete()  # each sequence publishes in the same district
    casework.school()
    team, publisher = Team.gather(), casework.publisher().pk
    with as_staff(committed_db) as owner:
        machine.run(owner, team, publisher, sequences=SEQUENCES, fixed=True)
        published = owner.execute("SELECT count(*) FROM record_impactrecord").fetchone()
        kinds = owner.execute("SELECT array_agg(DISTINCT action::text) FROM record_logentry").fetchone()
    assert published
    surely = len(machine.STARTS) - machine.STARTS.index("published")
    assert published[0] >= surely * SEQUENCES, "sequences that never publish show nothing"
    assert kinds
    assert {"published", "hidden", "restored"} <= set(kinds[0])
