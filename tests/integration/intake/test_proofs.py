"""Proof of work, the two lanes, and what a flooded school and a used-up network cost."""

import base64
import html
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import altcha
import pytest
from django.db import connection
from django.test import RequestFactory

from moderation.intake import actions, form_tokens, limits, proofs
from moderation.intake.models import SpentChallenge, Submission
from moderation.intake.vocabulary import HowKnown, Kind
from tests.integration.intake.conftest import Reporter, fill_register, receipt_words

EAST, WEST = "X900000001", "X900000002"


@pytest.fixture(autouse=True)
def cheap(settings):
    settings.INTAKE_PROOF_COST = 1


def challenge_of(page):
    return html.unescape(re.search(r'data-challenge="([^"]+)"', page.content.decode())[1])


def solved(challenge):
    """What the page's script would send."""
    asked = altcha.Challenge.from_dict(json.loads(challenge))
    return altcha.Payload(asked, altcha.solve_challenge(asked)).to_base64()


def level_of(page):
    return json.loads(challenge_of(page))["parameters"]["data"]["level"]


def changed(payload, change):
    content = json.loads(base64.b64decode(payload))
    change(content)
    return base64.b64encode(json.dumps(content).encode()).decode()


def test_a_right_answer_is_taken_once_whatever_it_is_written_like():
    payload = solved(proofs.issue(EAST, level=2))
    proof = proofs.read(payload, school_id=EAST)
    assert proof.level == 2
    assert len(proof.id) == 32
    respelled = changed(payload, lambda p: p["solution"].update(took=1))
    assert proofs.read(respelled, school_id=EAST).id == proof.id
    assert proofs.read(payload, school_id=WEST) is None


def wrong():
    payload = solved(proofs.issue(EAST, level=0))
    parameters = lambda **new: lambda p: p["challenge"]["parameters"].update(new)  # noqa: E731
    yield ""
    yield "x"
    yield "%%%"
    yield base64.b64encode(b"[]").decode()
    yield base64.b64encode(b'{"challenge": 1, "solution": null}').decode()
    yield base64.b64encode(b'{"challenge": {"parameters": []}, "solution": {}}').decode()
    yield base64.b64encode(b"[" * 900).decode()
    yield "A" * 5000
    yield changed(payload, parameters(cost=0))
    yield changed(payload, parameters(keyPrefix=""))
    yield changed(payload, parameters(data={"school": EAST, "level": 5}))
    yield changed(payload, parameters(expiresAt=None))
    yield changed(payload, lambda p: p["challenge"].update(signature=""))
    yield changed(payload, lambda p: p["challenge"].pop("signature"))
    yield changed(payload, lambda p: p["solution"].update(counter=p["solution"]["counter"] + 1))
    yield changed(payload, lambda p: p["solution"].update(counter=True))
    yield changed(payload, lambda p: p["solution"].update(derivedKey="00"))


@pytest.mark.parametrize("which", range(17))
def test_wrong_answers_are_no_proof(which):
    assert proofs.read(list(wrong())[which], school_id=EAST) is None


def test_an_old_answer_is_no_proof(settings):
    settings.INTAKE_PROOF_LIFETIME = -1
    assert proofs.read(solved(proofs.issue(EAST, level=0)), school_id=EAST) is None


def test_each_level_doubles_the_work():
    costs = [json.loads(proofs.issue(EAST, level=n))["parameters"]["cost"] for n in proofs.LEVELS]
    assert costs == [1, 2, 4, 8, 16, 32]


def test_a_proof_skips_the_slow_lane_and_is_spent(reporter, settings):
    settings.INTAKE_SLOW_DELAY = 3600
    payload = solved(challenge_of(reporter.fetch()))
    answer = reporter.send(proof=payload)
    assert answer.status_code == 200
    receipt_words(answer)
    assert SpentChallenge.objects.count() == 1
    reporter.fetch()
    again = reporter.send(proof=payload, text="다시 보내는 글")
    assert again.status_code == 422
    assert "다시 보내는 글" in again.content.decode()
    assert challenge_of(again) != challenge_of(reporter.fetch())
    assert (Submission.objects.count(), SpentChallenge.objects.count()) == (1, 1)


def test_a_refused_report_spends_no_proof(reporter):
    payload = solved(challenge_of(reporter.fetch()))
    assert reporter.send(proof=payload, kind=None).status_code == 422
    assert SpentChallenge.objects.count() == 0
    assert reporter.send(proof=payload).status_code == 200


@pytest.mark.parametrize("proof", [None, "wrong"])
def test_without_a_proof_the_lane_is_slow_and_narrow(reporter, settings, proof):
    settings.INTAKE_SLOW_DELAY = 60
    settings.INTAKE_LIMITS = {**settings.INTAKE_LIMITS, "slow": "2/h"}
    reporter.fetch()
    early = reporter.send(proof=proof, text="천천히 적는 글")
    assert early.status_code == 422
    assert "60" in early.content.decode()
    assert "천천히 적는 글" in early.content.decode()
    settings.INTAKE_SLOW_DELAY = 0
    assert reporter.send(proof=proof).status_code == 200
    assert reporter.send(proof=proof).status_code == 429
    reporter.fields["token"] = form_tokens.issue(EAST)
    assert reporter.send(proof=solved(proofs.issue(EAST, level=0))).status_code == 200


def test_a_flooded_school_costs_more_and_refuses_nobody(public_client, register, settings):
    settings.INTAKE_FLOOD = 4
    reporter = Reporter(public_client, register["east"])
    levels = []
    for _ in range(20):
        levels.append(level_of(reporter.fetch()))
        assert reporter.send(proof=solved(challenge_of(reporter.fetch()))).status_code == 200
    assert levels == [0] * 4 + [1] * 4 + [2] * 8 + [3] * 4
    assert Submission.objects.count() == 20
    assert level_of(Reporter(public_client, register["west"]).fetch()) == 0


def test_a_cheap_answer_is_asked_to_work_again_and_keeps_what_was_typed(reporter, settings):
    payload = solved(challenge_of(reporter.fetch()))
    settings.INTAKE_FLOOD = 1
    limits.note(school=EAST)
    answer = reporter.send(proof=payload, text="잃어버리면 안 되는 글")
    assert answer.status_code == 422
    assert "잃어버리면 안 되는 글" in answer.content.decode()
    assert level_of(answer) == 1
    assert reporter.send(proof=solved(challenge_of(answer))).status_code == 200


def test_a_flooded_school_lets_the_slow_lane_wait_longer(reporter, settings):
    settings.INTAKE_FLOOD, settings.INTAKE_SLOW_DELAY = 1, 1
    for _ in range(9):
        limits.note(school=EAST)
    reporter.fetch()
    time.sleep(1.1)
    answer = reporter.send()
    assert answer.status_code == 422
    assert "16" in answer.content.decode()


def test_a_network_that_somebody_used_up_still_reports_with_dear_work(public_client, register, settings):
    """One address of a whole school: whoever spends its budget on other schools silences nobody."""
    settings.INTAKE_LIMITS = {**settings.INTAKE_LIMITS, "network": "3/h"}
    attacker = Reporter(public_client, register["west"])
    for _ in range(3):
        attacker.send(kind=None)
    pupil = Reporter(public_client, register["east"])
    page = pupil.fetch()
    assert level_of(page) == 3  # eight times the work
    assert pupil.send(proof=solved(challenge_of(page))).status_code == 200
    slow = pupil.send(text="그래도 남는 글", proof=None)
    assert slow.status_code == 429
    assert int(slow["Retry-After"]) > 0
    assert "그래도 남는 글" in slow.content.decode()


def test_the_pair_of_network_and_school_ends_in_a_refusal(public_client, register, settings):
    settings.INTAKE_LIMITS = {**settings.INTAKE_LIMITS, "school": "2/h"}
    reporter = Reporter(public_client, register["east"])
    codes = []
    for _ in range(4):
        payload = solved(challenge_of(reporter.fetch()))
        codes.append(reporter.send(proof=payload).status_code)
    assert codes == [200, 200, 429, 429]
    elsewhere = Reporter(public_client, register["east"])
    page = elsewhere.fetch()
    data = {**elsewhere.fields, "proof": solved(challenge_of(page))}
    assert elsewhere.post(data, REMOTE_ADDR="203.0.113.99").status_code == 200


def test_reading_goes_on_without_redis(reporter, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"unix://{settings.RUN}/nobody-listens-here.sock",
        }
    }
    assert level_of(reporter.fetch()) == 0
    limits.note(school=EAST)  # a report that was stored stays stored


def test_one_proof_makes_one_submission_however_many_send_it_at_once(committed_db, keys_of_this_test):
    school = fill_register()["east"]
    proof = proofs.read(solved(proofs.issue(EAST, level=0)), school_id=EAST)
    month = actions.Report(Kind.PUPILS, date(2026, 8, 1), HowKnown.FAMILY, "", "")
    tokens = [form_tokens.read(form_tokens.issue(EAST), school_id=EAST, delay=0) for _ in range(40)]

    def send(token):
        try:
            actions.submit(
                school=school, report=month, token=token, network=b"n" * 16, language="ko", proof=proof
            )
        except actions.ProofSpent:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(send, tokens)) == 1
    assert (Submission.objects.count(), SpentChallenge.objects.count()) == (1, 1)


def test_levels_without_a_budget_or_load():
    assert limits.level(RequestFactory().get("/", REMOTE_ADDR="203.0.113.50"), school=EAST) == 0
