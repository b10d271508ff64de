"""A desk to attack: a team, cases and races on real connections of the staff role, and what must always be true.

Everything is done by `moderation.review.actions` as `mapsite_staff`; what is asserted is read by the owner from the
rows themselves, with none of the functions that the rules are made of (SAFEGUARDS B5, TWO_PEOPLE).
"""

import contextlib
import datetime as dt
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from geo.record.refusals import Refused
from moderation.review import actions
from moderation.review.models import Case, Member, Proposal
from moderation.review.transitions import NotAllowed
from tests import casework, stack

REFUSALS = (Refused, NotAllowed, actions.Stale)
ENTRIES = (
    "published",
    "hidden",
    "hide_ended",
    "lapsed",
)  # audit events that come with an entry of the public log
REASONS = {"publish": "confirmed", "restore": "checked", "correct": "wrong_facts", "withdraw": "identifying"}


@dataclass
class Team:
    """Ten people; who may not decide, and who may not decide with whom, is written down here once more."""

    people: list[Member]
    pairs: set[frozenset[int]]  # inviter and invitee
    others: set[int]  # registrars, auditors, people who left

    @classmethod
    def gather(cls) -> "Team":
        seniors = casework.member("senior"), casework.member("senior")
        reviewers = [casework.member() for _ in range(4)]
        invited = casework.member(inviters=seniors)
        others = [casework.member("auditor"), casework.member("registrar"), casework.member()]
        Member.objects.filter(pk=others[2].pk).update(active=False)
        return cls(
            people=[*seniors, *reviewers, invited, *others],
            pairs={frozenset({senior.pk, invited.pk}) for senior in seniors},
            others={member.pk for member in others},
        )


@contextlib.contextmanager
def as_staff(database: str) -> Iterator[psycopg.Connection]:
    """Django works as `mapsite_staff` inside; the value is the owner's connection."""
    usual = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict["USER"] = "mapsite_staff"
    secret = settings.SECRETS / "db-mapsite_staff"
    connection.settings_dict["PASSWORD"] = secret.read_text(encoding="ascii").strip()
    try:
        with stack.connect("mapsite_owner", database) as owner:
            # thousands of commits, of which none has to outlive a power cut
            owner.execute(
                sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(database))
            )
            owner.execute("SET synchronous_commit = off")
            yield owner
    finally:
        connection.close()
        connection.settings_dict.update(usual)
        _wait_until_left(database)


def _wait_until_left(database: str) -> None:
    """The owner, who drops the database next, may not end the staff role's sessions; they end a moment after close."""
    with stack.connect("mapsite_owner", "postgres") as owner:
        for _ in range(100):
            left = owner.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usename = 'mapsite_staff'",
                [database],
            ).fetchone()
            if left == (0,):
                return
            time.sleep(0.05)


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """Calls all of them at the same time, each on a connection of its own; what each returned, or its refusal."""
    start, end = threading.Barrier(len(doings)), threading.Barrier(len(doings))

    def alone(doing: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait()
            return doing()
        except REFUSALS as refusal:
            return refusal
        finally:
            end.wait()  # so that no thread takes two of them
            connection.close()

    with ThreadPoolExecutor(len(doings)) as threads:
        return [future.result() for future in [threads.submit(alone, doing) for doing in doings]]


@dataclass
class Subject:
    """One school and its cases, with the little that a model of it has to remember."""

    owner: psycopg.Connection
    team: Team
    publisher: str
    school: str = ""
    case: uuid.UUID = field(default_factory=uuid.uuid4)
    tied: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)
    entries: int = 0  # how many entries the public log should hold about this school
    judged: set[str] = field(default_factory=set)  # publications that were found in order

    def open(self, *, entered: Member | None = None) -> None:
        self.school = f"X9R{uuid.uuid4().hex[:7]}"
        self.owner.execute(
            "INSERT INTO directory_school SELECT (jsonb_populate_record(s, jsonb_build_object('id', %s::text))).*"
            " FROM directory_school s WHERE s.id LIKE 'X9T%%' LIMIT 1",
            [self.school],
        )
        self.owner.execute(
            "INSERT INTO review_case (id, school_id, month, state, entered_by_id, revision)"
            " VALUES (%s, %s, '2026-08-01', 'open', %s, 1)",
            [self.case, self.school, entered.pk if entered else None],
        )

    # --- what people do ------------------------------------------------------------------------------

    def revision(self) -> int:
        return int(Case.objects.values_list("revision", flat=True).get(pk=self.case))

    def evidence(self, by: Member, grade: str) -> None:
        actions.add_evidence(
            case=self.case,
            grade=grade,
            publisher=casework.Publisher.objects.get(pk=self.publisher) if grade == "A" else None,
            article="20260801" if grade == "A" else "",
            names_nobody=True,
            by=by,
            revision=self.revision(),
        )

    def propose(self, by: Member, kind: str) -> Proposal:
        return actions.propose(
            case=self.case,
            kind=kind,
            month=casework.MONTH,
            reason=REASONS[kind],
            by=by,
            passphrase=casework.PASSPHRASE,
            revision=self.revision(),
        )

    def draft(self, back: int = 0) -> Proposal | None:
        drafts = Proposal.objects.filter(case=self.case).order_by("-created_at")
        return drafts[back : back + 1].first()

    def decide(
        self, draft: Proposal, by: Member, verdict: str = "approve", *, shown: bytes | None = None
    ) -> str:
        """The case's state afterwards."""
        decided = actions.decide(
            proposal=draft.pk,
            shown=shown or bytes(draft.hash),
            by=by,
            passphrase=casework.PASSPHRASE,
            verdict=verdict,
            reason="sufficient" if verdict == "approve" else "weak_evidence",
            district="11680",
        )
        return str(decided.state)

    def record(self) -> uuid.UUID | None:
        row = self.owner.execute(
            "SELECT record FROM review_case WHERE school_id = %s AND record IS NOT NULL LIMIT 1",
            [self.school],
        ).fetchone()
        return row[0] if row else None

    # --- what must be true ---------------------------------------------------------------------------

    def check(self) -> None:
        """Asks every promise of the rows as they are now."""
        rows = self._rows()
        approvals, proposals = rows["approvals"], {p["id"]: p for p in rows["proposals"]}
        for made in rows["published"]:
            if made["proposal"] not in self.judged:
                self._judge(proposals[made["proposal"]], approvals)
                self.judged.add(made["proposal"])
        assert len(rows["log"]) == self.entries == rows["told"], (
            "one log entry for each public event, and an audit event"
        )
        said = sorted((a["proposal_id"], a["member_id"]) for a in approvals)
        assert said == sorted((e["proposal"], e["member"]) for e in rows["decided"]), (
            "every verdict is in the audit"
        )
        assert sorted(proposals) == sorted(rows["proposed"]), "every draft is in the audit"
        assert len(rows["records"]) <= 1, "one school, one month, one record"
        for record in rows["records"]:
            self._judge_record(record, rows, proposals)

    def _judge(self, draft: dict[str, Any], approvals: list[dict[str, Any]]) -> None:
        """Two distinct people without ties, neither entered the case, over the hash of exactly this content."""
        assert hash_of(draft) == draft["hash"], "the hash covers the draft"
        for_it = {
            a["member_id"]
            for a in approvals
            if a["proposal_id"] == draft["id"] and a["verdict"] == "approve" and a["hash"] == draft["hash"]
        }
        sound = for_it - self.tied - self.left - self.team.others
        entered = self.owner.execute(
            "SELECT entered_by_id FROM review_case WHERE id = %s", [draft["case_id"]]
        ).fetchone()
        assert entered
        sound -= {entered[0]}
        assert any(frozenset({a, b}) not in self.team.pairs for a in sound for b in sound if a < b), (
            f"published without two people: {sound} of {for_it}"
        )

    def _judge_record(self, record: dict[str, Any], rows: dict[str, Any], proposals: dict[str, Any]) -> None:
        newest = proposals[rows["published"][-1]["proposal"]]
        assert newest["id"] in self.judged
        last = [entry for entry in rows["log"] if entry["version"] == record["version"]][-1]
        if record["status"] == "withdrawn":
            assert newest["kind"] == "withdraw"
            assert not record["visible"]
            assert last["commitment"] == hashlib.sha256(b'{"status":"withdrawn"}').hexdigest()
            return
        content = content_of(newest)
        assert (
            last["commitment"] == hashlib.sha256(bytes.fromhex(record["salt"]) + content.encode()).hexdigest()
        )
        assert (record["month"], record["grade"]) == (newest["month"], newest["grade"])
        assert record["school_id"] == self.school
        assert [list(pair) for pair in record["sources"]] == newest["sources"]
        assert newest["grade"] != "E", "hearsay is never public"
        assert record["visible"] == (not record["hidden"] and not record["lapsed"])

    def _rows(self) -> dict[str, Any]:
        row = self.owner.execute(ROWS, {"school": self.school}).fetchone()
        assert row
        found: dict[str, Any] = row[0]
        for record in found["records"]:
            record["visible"] = self._visible(record["public_id"])
        return found

    def _visible(self, record: str) -> bool:
        from geo.record.models import ImpactRecord

        return ImpactRecord.objects.visible(at=dt.datetime.now(dt.UTC)).filter(pk=record).exists()


def race(owner: psycopg.Connection, team: Team, publisher: str) -> tuple[int, int]:
    """Two people give the second approval at the same moment.

    Returns:
        how many records and how many log entries came of it.
    """
    one, two, three = team.people[2:5]
    subject = Subject(owner, team, publisher)
    subject.open()
    subject.evidence(one, "A")
    draft = subject.propose(one, "publish")
    subject.decide(draft, one)
    answers = at_once(lambda: subject.decide(draft, two), lambda: subject.decide(draft, three))
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True], answers
    subject.entries = 1
    subject.check()
    row = owner.execute(
        "SELECT (SELECT count(*) FROM record_impactrecord WHERE school_id = %s),"
        " (SELECT count(*) FROM record_logentry WHERE record = %s)",
        [subject.school, draft.record],
    ).fetchone()
    assert row
    return int(row[0]), int(row[1])


def content_of(draft: dict[str, Any]) -> str:
    """What the log commits to, as RECIPES for verifiers have it: sorted keys, no spaces."""
    return json.dumps(
        {
            "grade": draft["grade"],
            "month": draft["month"][:7],
            "place": f"school:{draft['school_id']}",
            "sources": [f"{code}:{article}" for code, article in draft["sources"]],
            "status": "confirmed",
        },
        separators=(",", ":"),
    )


def hash_of(draft: dict[str, Any]) -> str:
    text = (
        f'{{"base":{draft["base_version"]},"content":{content_of(draft)},"kind":"{draft["kind"]}",'
        f'"reason":"{draft["reason"]}","record":"{draft["record"]}","school":"{draft["school_id"]}",'
        f'"school_version":{draft["school_version"]}}}'
    )
    return hashlib.sha256(text.encode()).hexdigest()


ROWS = """
WITH p AS (SELECT * FROM review_proposal WHERE school_id = %(school)s),
r AS (SELECT r.* FROM record_impactrecord r WHERE r.public_id IN (SELECT record FROM p)),
events AS MATERIALIZED (
  SELECT * FROM audit_auditevent e
   WHERE (e.subject = 'proposal' AND e.subject_id IN (SELECT id::text FROM p))
      OR (e.subject = 'record' AND e.subject_id IN (SELECT record::text FROM p)))
SELECT jsonb_build_object(
  'proposals', (SELECT coalesce(jsonb_agg(to_jsonb(p) - 'hash' || jsonb_build_object('hash', encode(p.hash, 'hex'))), '[]')
                  FROM p),
  'approvals', (SELECT coalesce(jsonb_agg(to_jsonb(a) - 'hash' || jsonb_build_object('hash', encode(a.hash, 'hex'))), '[]')
                  FROM review_approval a WHERE a.proposal_id IN (SELECT id FROM p)),
  'records', (SELECT coalesce(jsonb_agg(to_jsonb(r) - 'salt' || jsonb_build_object('salt', encode(r.salt, 'hex'),
                 'hidden', EXISTS (SELECT 1 FROM record_recordhide h
                                   WHERE h.record_id = r.public_id AND h.ends_at > clock_timestamp()),
                 'lapsed', r.review_due < (clock_timestamp() AT TIME ZONE 'UTC')::date,
                 'sources', (SELECT coalesce(jsonb_agg(jsonb_build_array(s.publisher_id, s.article) ORDER BY 1), '[]')
                               FROM record_recordsource s WHERE s.record_id = r.public_id))), '[]') FROM r),
  'log', (SELECT coalesce(jsonb_agg(jsonb_build_object('action', l.action, 'version', l.version, 'at', l.at,
                 'commitment', encode(l.commitment, 'hex')) ORDER BY l.index), '[]')
            FROM record_logentry l WHERE l.record IN (SELECT record FROM p)),
  'published', (SELECT coalesce(jsonb_agg(jsonb_build_object('proposal', e.detail ->> 'proposal') ORDER BY e.id), '[]')
                  FROM events e WHERE e.action = 'published'),
  'decided', (SELECT coalesce(jsonb_agg(jsonb_build_object('proposal', e.subject_id, 'member', e.member)), '[]')
                FROM events e WHERE e.action = 'decided'),
  'proposed', (SELECT coalesce(jsonb_agg(e.subject_id), '[]') FROM events e WHERE e.action = 'proposed'),
  'told', (SELECT count(*) FROM events e
            WHERE e.subject = 'record' AND e.action IN ('published', 'hidden', 'hide_ended', 'lapsed')))
"""
