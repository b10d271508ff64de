"""The invented cases on which a new member practises: what they show, the reference answer, and which rule it teaches.

A new one is a row more here, and its Korean sentences in the catalogue.
"""

from django.utils.translation import gettext_lazy as _

from geo.record.vocabulary import PublisherKind
from moderation.intake.vocabulary import HowKnown, VerdictReason
from moderation.review.vocabulary import EvidenceGrade as Grade
from moderation.review.vocabulary import GroupedBy
from moderation.training.pieces import Answer, Area, Evidence, Exercise, Group, Publisher, School, report
from moderation.training.vocabulary import Shown, Step

_PROVINCE = Area("보기도", "Example Province")
_EAST = Area("보기동구", "Example East", _PROVINCE)
_WEST = Area("보기서구", "Example West", _PROVINCE)
_HILLS = Area("보기산군", "Example Hills", _PROVINCE)
_POLICE = Publisher("보기경찰청", "Example Police", PublisherKind.POLICE)
_OFFICE = Publisher("보기교육지원청", "Example Office of Education", PublisherKind.EDUCATION_OFFICE)
_SCHOOL = Publisher("보기누리고등학교 누리집", "Website of Bogi Nuri High School", PublisherKind.SCHOOL)

HEARSAY = Exercise(
    code="hearsay",
    title=_("Three reports, and nobody has seen it"),
    school=School(
        "X9P0000001", "보기가람중학교", "Bogi Garam Middle School", _EAST, "보기동구 가람길 1", 620
    ),
    told=_("You look for a notice of the police, the education office or the school, and find none."),
    groups=(
        Group(1, (report(_("A friend of my cousin says that it happened there."), HowKnown.HEARSAY),)),
        Group(2, (report(_("Everybody on the bus was talking about it."), HowKnown.HEARSAY, minute=50),)),
        Group(3, (report(_("I read in a chat that it was this school."), HowKnown.HEARSAY, minute=95),)),
    ),
    answer=Answer(
        (Step.REJECT, Step.INFORMATION), (Grade.E,), (VerdictReason.WEAK_EVIDENCE,), (Shown.NOTHING,)
    ),
    why=_(
        "Three people who repeat the same story are one source that nobody knows. Hearsay is grade E, and grade E is"
        " never published, however many send it. The number of reports decides nothing."
    ),
    rule="B3",
)
CHORUS = Exercise(
    code="chorus",
    title=_("Five voices, one text"),
    school=School(
        "X9P0000002", "보기다솜중학교", "Bogi Dasom Middle School", _EAST, "보기동구 다솜로 12", 540
    ),
    told=_(
        "Each of the five says that it happened to them. A colleague thinks that five victims are enough for grade D."
    ),
    groups=(
        Group(
            1,
            (
                report(_("It happened to me in class, please put the school on the map."), HowKnown.VICTIM),
                report(
                    _("It happened to me in class! Please put this school on the map"),
                    HowKnown.VICTIM,
                    minute=2,
                    grouped_by=GroupedBy.TEXT,
                ),
                report(
                    _("it happened to me in class, put the school on the map please"),
                    HowKnown.VICTIM,
                    minute=4,
                    grouped_by=GroupedBy.NETWORK,
                ),
            ),
            more=2,
        ),
    ),
    answer=Answer(
        (Step.REJECT, Step.INFORMATION), (Grade.E,), (VerdictReason.NOT_INDEPENDENT,), (Shown.NOTHING,)
    ),
    why=_(
        "Nearly the same words within minutes, partly from one network, count once: it may be one person, or a group"
        " that agreed on a text. Grade D needs two first-hand reporters who are independent, and a document that a"
        " reviewer saw. Nobody says that they lie; nothing shows that they are two."
    ),
    rule="B4",
)
NAMES = Exercise(
    code="names",
    title=_("The page names a pupil"),
    school=School(
        "X9P0000003", "보기누리고등학교", "Bogi Nuri High School", _WEST, "보기서구 누리로 3", 810, "high"
    ),
    told=_(
        "You open the linked page. It is the school's own notice, and it says what happened. Its third line holds the full"
        " name of a pupil. The report holds a name too (here ○○○), which the screening missed."
    ),
    groups=(
        Group(1, (report(_("○○○ of my year made the pictures, everybody knows it."), HowKnown.FRIEND),)),
    ),
    evidence=(Evidence(Grade.B, _SCHOOL, "20260812"),),
    answer=Answer(
        (Step.INFORMATION, Step.REJECT), (Grade.B,), (VerdictReason.NAMES_A_PERSON,), (Shown.NOTHING,)
    ),
    why=_(
        "The notice is good evidence, grade B. But this draft would lead every reader to a page that names somebody:"
        " “names nobody” was ticked wrongly. Prepare it again without the link; publisher and month are enough. The name"
        " in the report goes nowhere: do not copy it, do not look it up, do not judge by it."
    ),
    rule="A2",
)
SAME_NAME = Exercise(
    code="same_name",
    title=_("Which of the two?"),
    school=School(
        "X9P0000004", "보기한빛중학교", "Bogi Hanbit Middle School", _EAST, "보기동구 한빛길 40", 700
    ),
    told=_(
        "You read the police notice. It names 보기한빛중학교 and gives its place as Example West, Hanbit-ro 7. Both reports"
        " chose the school in Example East; it came first in the search."
    ),
    groups=(
        Group(1, (report(_("It is in the police notice."), HowKnown.HEARSAY),)),
        Group(
            2,
            (report(_("My child goes to a school nearby and was told of it."), HowKnown.HEARSAY, minute=30),),
        ),
    ),
    evidence=(Evidence(Grade.A, _POLICE, "20260820"),),
    look_alikes=(
        School("X9P0000005", "보기한빛중학교", "Bogi Hanbit Middle School", _WEST, "보기서구 한빛로 7", 655),
    ),
    answer=Answer(
        (Step.REJECT, Step.INFORMATION), (Grade.E,), (VerdictReason.WRONG_SCHOOL,), (Shown.NOTHING,)
    ),
    why=_(
        "The act names a school, and it is the other one. For this school it is no evidence at all, so what is left is"
        " grade E. More than a fifth of all schools share their name; district and address decide, which is why you choose"
        " the district again with every verdict. A report about the other school makes a case of its own."
    ),
    rule="B2",
)
SMALL = Exercise(
    code="small",
    title=_("A school of 64 pupils"),
    school=School(
        "X9P0000006", "보기솔뫼중학교", "Bogi Solmoe Middle School", _HILLS, "보기산군 솔뫼길 5", 64
    ),
    told=_("You read the statement of the education office. It names the school and no person."),
    groups=(Group(1, (report(_("The education office has said so."), HowKnown.STAFF),)),),
    evidence=(Evidence(Grade.A, _OFFICE, "20260825"),),
    answer=Answer((Step.APPROVE,), (Grade.A,), (VerdictReason.SUFFICIENT,), (Shown.REGION,)),
    why=_(
        "The evidence is the best there is, so it is approved. But with 64 pupils the school's name would point at few"
        " people, and so at the victim. Below 100 pupils only a region with enough such schools is shown, in the monthly"
        " batch. Nobody has to choose that: the database does it."
    ),
    rule="C2",
)
RUMOUR = Exercise(
    code="rumour",
    title=_("A name from the list"),
    school=School(
        "X9P0000007", "보기미르중학교", "Bogi Mireu Middle School", _WEST, "보기서구 미르로 21", 930
    ),
    told=_(
        "All seven reports link the same list, which goes round in chats and holds every school of the town. The education"
        " office says on its page that it has asked the school and found no victim."
    ),
    groups=(
        Group(
            1,
            (
                report(_("It is on the list: see the link."), HowKnown.HEARSAY),
                report(
                    _("Why is this school missing on your map? Link"),
                    HowKnown.WITNESS,
                    minute=7,
                    grouped_by=GroupedBy.LINK,
                ),
            ),
            more=5,
        ),
    ),
    answer=Answer(
        (Step.REJECT,),
        (Grade.E,),
        (VerdictReason.WEAK_EVIDENCE, VerdictReason.NOT_INDEPENDENT),
        (Shown.NOTHING,),
    ),
    why=_(
        "A list without a source is one source, and it cannot be asked. In 2024 such lists held schools at which nothing had"
        " happened, and one that did not exist. Seven links to it are one report; an authority that looked and found"
        " nothing weighs more than all of them."
    ),
    rule="B3",
)
TIE = Exercise(
    code="tie",
    title=_("Where your sister teaches"),
    school=School(
        "X9P0000008", "보기새롬고등학교", "Bogi Saerom High School", _EAST, "보기동구 새롬로 9", 760, "high"
    ),
    told=_(
        "Your sister teaches at this school. You have not spoken about it, and you are sure that you can be fair."
    ),
    groups=(Group(1, (report(_("The police have been at the school."), HowKnown.STAFF),)),),
    evidence=(Evidence(Grade.A, _POLICE, "20260830"),),
    answer=Answer((Step.TIE,)),
    why=_(
        "Whether you would be fair is not the question: nobody outside could know it, and the school could not either."
        " Declare the tie under Team. The case leaves your queue, a verdict that you gave counts no more, and nobody asks"
        " for details."
    ),
    rule="B6",
)
OFFICIAL = Exercise(
    code="official",
    title=_("The police say so"),
    school=School(
        "X9P0000009", "보기하늘고등학교", "Bogi Haneul High School", _WEST, "보기서구 하늘길 2", 1105, "high"
    ),
    told=_("You open the police notice. It names the school with its district, the month, and no person."),
    groups=(Group(1, (report(_("I was asked as a witness."), HowKnown.WITNESS),)),),
    evidence=(Evidence(Grade.A, _POLICE, "20260902"),),
    answer=Answer((Step.APPROVE,), (Grade.A,), (VerdictReason.SUFFICIENT,), (Shown.SCHOOL,)),
    why=_(
        "An official act that names this very school is grade A, and it is enough by itself: one report, or none, changes"
        " nothing. The school is large enough to be named, the page names nobody, and no other school has its name. To hold"
        " back what is proven would also be a mistake."
    ),
    rule="B3",
)

EXERCISES: dict[str, Exercise] = {
    each.code: each for each in (OFFICIAL, HEARSAY, CHORUS, SAME_NAME, NAMES, SMALL, RUMOUR, TIE)
}
