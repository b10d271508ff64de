"""The desk's pages of schools' requests: whoever acts on an outdated one is told, and no list asks more for more rows."""

from typing import Any

import pytest
from django.utils import timezone

from moderation.corrections import actions
from moderation.corrections.inbox import actions as asking
from moderation.corrections.inbox.vocabulary import State
from moderation.corrections.models import Proof
from moderation.review.models import Member
from tests import casework, correctionwork, desk
from tests.correctionwork import PASSPHRASE, at_state, state
from tests.stack import staff_client

pytestmark = pytest.mark.django_db
LIST_QUERIES = 9
REQUEST_QUERIES = 17  # besides the functions of the database, which are not counted


def seat() -> tuple[Member, Any]:
    person = casework.member()
    return person, desk.seat(staff_client(headers={"accept-language": "en"}), person)


def post(client: Any, correction: Any, step: str, *, seen: int, **typed: str) -> Any:
    return client.post(
        f"/corrections/{correction.pk}/{step}/",
        {"passphrase": PASSPHRASE, "seen": seen, "untied": "on", **typed},
    )


def test_who_acts_on_an_outdated_page_is_told_and_loses_nothing() -> None:
    """A second code would end the first one, which a colleague has just read out to the school."""
    correction, fingerprint = at_state(State.ACKNOWLEDGED)
    other = casework.member()
    _person, client = seat()
    page = client.get(f"/corrections/{correction.pk}/")
    code = actions.call_back(correction=correction.pk, by=other, passphrase=PASSPHRASE)
    refused = post(client, correction, "call", seen=page.context["seen"])
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "since you opened the page" in text
    assert "made a code for a call" in text.split("Since you opened the page")[1].split("</ul>")[0]
    asking.type_code(fingerprint=fingerprint, code=code)
    assert Proof.objects.get(correction=correction).matched_at, "the colleague's code still works"
    for forged in ("", "-1", "9" * 30, "x"):
        assert post(client, correction, "notify", seen=forged, channel="fax").status_code == 409  # type: ignore[arg-type]
    again = refused.context["seen"]  # the page that came back can be sent again
    assert post(client, correction, "confirm", seen=again, kind="callback").status_code == 302


def test_what_was_chosen_stands_there_when_the_request_is_over() -> None:
    correction, _fingerprint = at_state(State.NOTIFIED)
    other = casework.member()
    _person, client = seat()
    seen = client.get(f"/corrections/{correction.pk}/").context["seen"]
    actions.object_to(correction=correction.pk, by=other, passphrase=PASSPHRASE)
    answer = post(client, correction, "judge", seen=seen, verdict="no", reason="other_record")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "noted the school&#x27;s objection" in page
    assert 'value="other_record" selected' in page
    assert "not possible any more" in page
    assert "Judge it</button>" not in page
    assert state(correction) == State.REFUSED


def test_a_colleagues_judgement_or_reading_makes_no_page_old() -> None:
    correction, _fingerprint = at_state(State.NOTIFIED)
    other = casework.member()
    _person, client = seat()
    seen = client.get(f"/corrections/{correction.pk}/").context["seen"]
    correctionwork.judge(correction, by=other)
    actions.reveal(correction=correction, part="text", by=other)
    answer = post(client, correction, "judge", seen=seen, verdict="yes", reason="substantiated")
    assert answer.status_code == 302
    assert state(correction) == State.DISPUTED


def test_a_claim_that_somebody_can_be_recognised_heads_the_queue_until_it_is_judged() -> None:
    _person, client = seat()
    assert "can be recognised" not in client.get("/queue/").content.decode()
    claims = [at_state(State.RECEIVED, kind="identifying")[0], at_state(State.PROVED, kind="identifying")[0]]
    page = client.get("/queue/").content.decode()
    assert "2 requests say that a person can be recognised" in page
    assert page.index("can be recognised") < page.index("Views of the queue")
    person, tied = seat()
    person.ties.create(kind="worked", school=claims[0].school)
    assert "1 request says that a person can be recognised" in tied.get("/queue/").content.decode()
    correctionwork.notify(claims[1], by=casework.member())
    correctionwork.judged(claims[1], verdict="no")
    assert "1 request says" in client.get("/queue/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_for_more_requests(django_assert_num_queries: Any, count: int) -> None:
    _person, client = seat()
    for _ in range(count):
        at_state(State.ACKNOWLEDGED)
    client.get("/corrections/")
    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get("/corrections/").context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_a_request_asks_the_same_with_more_proofs_and_events(
    django_assert_num_queries: Any, count: int
) -> None:
    _person, client = seat()
    correction, _fingerprint = at_state(State.ACKNOWLEDGED)
    worker = casework.member()
    for kind in ("callback", "mail", "document")[:count]:
        correction.proofs.create(kind=kind, made_by=worker, made_at=timezone.now())
        actions.reveal(correction=correction, part="text", by=worker)
    client.get(f"/corrections/{correction.pk}/")
    with django_assert_num_queries(REQUEST_QUERIES):
        client.get(f"/corrections/{correction.pk}/")
