"""Groups of reports on the page of a case: reasons, splitting, joining, and a flood that does not fill the page."""

import secrets

import pytest

from moderation.audit.models import AuditEvent
from moderation.intake import sealing
from moderation.intake.models import Submission
from moderation.review.models import CaseSubmission, Role
from tests import casework

NETWORK = b"n" * 16


def two_of_one_network():
    at = casework.school()
    case = casework.case(at, network=NETWORK)
    casework.gathered(casework.submission(at, network=NETWORK))
    return case


def regroup(client, case, verb, **data):
    return client.post(
        f"/cases/{case.pk}/{verb}/", {"revision": casework.current(case).revision, **data}, follow=True
    )


def groups(case):
    return list(case.gathered.order_by("pk").values_list("group", "grouped_by"))


def test_the_page_says_why_reports_count_as_one(seated):
    _person, client = seated()
    page = client.get(f"/cases/{two_of_one_network().pk}/").content.decode()
    assert "2 reports that count as one: Same network on the same day" in page
    assert "No two first-hand reporters are independent" in page


def test_splitting_and_joining_through_the_page(seated):
    person, client = seated()
    case = two_of_one_network()
    last = case.gathered.last().submission_id
    assert regroup(client, case, "split", submissions=[last]).status_code == 200
    assert groups(case) == [(1, "first"), (2, "split")]
    page = regroup(client, case, "join", groups=[1, 2]).content.decode()
    assert groups(case) == [(1, "first"), (1, "joined")]
    assert "joined groups of reports" in page
    assert list(AuditEvent.objects.filter(member=person.pk).values_list("action", flat=True))[:2] == [
        "joined",
        "split",
    ]


@pytest.mark.parametrize(
    ("verb", "data", "sentence"),
    [
        ("split", {}, "Choose the reports to split off."),
        ("split", {"submissions": ["x"]}, "Choose from what the page shows."),
        ("join", {}, "Choose at least two groups to join."),
        ("join", {"groups": ["1", "one"]}, "Choose from what the page shows."),
    ],
)
def test_nothing_chosen_gives_the_page_back(seated, verb, data, sentence):
    _person, client = seated()
    case = two_of_one_network()
    answer = regroup(client, case, verb, **data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert groups(case) == [(1, "first"), (1, "network")]


def test_a_stale_page_changes_nothing(seated):
    _person, client = seated()
    case = two_of_one_network()
    answer = client.post(
        f"/cases/{case.pk}/split/", {"revision": 99, "submissions": [case.gathered.last().submission_id]}
    )
    assert answer.status_code == 409
    assert groups(case) == [(1, "first"), (1, "network")]


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.AUDITOR])
def test_other_roles_regroup_nothing(seated, role):
    _person, client = seated(role)
    case = two_of_one_network()
    assert regroup(client, case, "join", groups=[1, 2]).status_code == 403
    assert groups(case) == [(1, "first"), (1, "network")]


def test_a_flood_fills_neither_the_page_nor_the_number_of_questions(seated, django_assert_max_num_queries):
    _person, client = seated()
    case = two_of_one_network()
    text = sealing.seal("the three hundredth report", purpose="casework")
    many = Submission.objects.bulk_create(
        Submission(
            school=case.school,
            kind="pupils",
            month=casework.MONTH,
            how_known="witness",
            receipt_hash=secrets.token_bytes(32),
            language="ko",
            sealed_text=text,
        )
        for _ in range(600)
    )
    CaseSubmission.objects.bulk_create(
        CaseSubmission(case=case, submission=s, group=1 if n < 500 else n, grouped_by="text")
        for n, s in enumerate(many)
    )
    with django_assert_max_num_queries(45):
        page = client.get(f"/cases/{case.pk}/").content.decode()
    assert page.count('class="report"') == 4 + 19
    assert "and 498 more reports" in page
    assert "1 / 6" in page
    deep = many[300]
    answer = client.post(f"/cases/{case.pk}/reveal/", {"submission": deep.pk, "part": "text"})
    assert "the three hundredth report" in answer.content.decode()
    assert "1 / 6" in answer.content.decode()
