"""Telephone, resident registration and account numbers, in every spelling that carries the digits.

Finders get the view with spelled-out digits already turned into figures, and the plain view of the same
length where there is one, to tell a figure that was typed from a syllable that became one.
"""

import re
from collections.abc import Iterator

from moderation.intake.screening.findings import Hit
from moderation.intake.screening.normalise import BETWEEN, View

# Public help lines are what we ask people to call (data: each deployment confirms them on its help page).
PUBLIC_LINES = frozenset({"027358994", "0200001366"})
# Numbers of companies and agencies, shared by thousands of callers.
_SERVICE_PREFIX = re.compile(r"1[5-8]\d{6}|080\d{6,8}")

_B = BETWEEN
_HIDDEN = "*#xX●○◯■□ㅇ?"  # what people put over the digits they hide
_D = rf"{_B}\d"
_D_OR_HIDDEN = rf"{_B}[\d{re.escape(_HIDDEN)}]"

_MOBILE = re.compile(
    rf"(?:(?:\+|00)?\s?8{_B}2{_B}\(?)?(?:0{_B})1{_B}[016789](?:{_D}){{8}}"
    rf"|(?:\+?\s?8{_B}2{_B}\(?)?(?:0{_B})1{_B}[16789](?:{_D}){{7}}"
    rf"|(?:\+|00\s?)?8{_B}2{_B}1{_B}[016789](?:{_D}){{7,8}}"
    rf"|1[016789][\-. ]\d{{4}}[\-. ]\d{{4}}"
)
_MOBILE_HIDDEN = re.compile(
    rf"0{_B}1{_B}[016789](?:{_D}){{3,4}}(?:{_D_OR_HIDDEN}){{4}}|01[016789][\-. ](?:{_D_OR_HIDDEN}){{4}}(?:{_D}){{4}}"
)
_LANDLINE = re.compile(rf"(?:\+?82{_B})?\(?0(?:2|[3-6][1-5]|70|50\d|80){_B}\d{{3,4}}[\s\-./·)]{{0,3}}\d{{4}}")
_FOREIGN = re.compile(r"\+(?!82)\d{1,3}[\s\-.()]{0,2}(?:\d[\s\-.()]{0,2}){6,11}\d")
_EIGHT = re.compile(r"\d{4}[\s\-.]{1,3}\d{4}")
_ABOUT_PHONES = re.compile(
    r"번호|폰|핸폰|전번|전화|연락|문자|010|뒷자리|phone|call|text|number", re.IGNORECASE
)

# Year, month, day with at most a blank or a dot inside; the month and day must exist.
_DATE = r"\d[\s.]?\d[\s.]?(?:0[\s.]?[1-9]|1[\s.]?[0-2])[\s.]?(?:0[\s.]?[1-9]|[12][\s.]?\d|3[\s.]?[01])"
_RRN = re.compile(rf"{_DATE}{_B}[0-9](?:{_D_OR_HIDDEN}){{6}}")
_RRN_SHORTENED = re.compile(
    rf"{_DATE}\s?[-–]\s?[1-8](?:[\d{re.escape(_HIDDEN)}]{{0,5}})|{_DATE}\s?-\s?[{re.escape(_HIDDEN)}]{{2,7}}"
)
_RRN_HIDDEN = re.compile(r"\d{6}\s?-\s?\d?[#*xX●○ㅇ]{1,7}")
_ABOUT_RRN = re.compile(r"주민|민번|민증|등록번호|외국인|resident|RRN|\bID\b", re.IGNORECASE)
_PASSPORT = re.compile(r"(?:여권|passport)\D{0,12}([A-Z]\d{3}[A-Z0-9]\d{4})", re.IGNORECASE)

_BANK = (
    "국민|신한|우리|하나|농협|기업|카카오뱅크|카뱅|토스|토뱅|케이뱅크|케뱅|새마을|신협|우체국|수협|씨티|제일|산업|"
    r"부산은행|대구은행|광주은행|전북은행|경남은행|제주은행|은행|뱅크|\bKB\b|\bNH\b|\bIBK\b|\bSC\b|bank"
)
_ABOUT_MONEY = re.compile(
    rf"{_BANK}|계좌|입금|송금|이체|예금주|통장|account|카드번호|카드 번호", re.IGNORECASE
)
# A file or case has a number too, and it is nobody's.
_REFERENCE = re.compile(r"(?:접수|사건|문서|공문|관리|신고|민원|배당|등록)\s?번호\D{0,4}$")
_GROUPED = re.compile(r"\d{2,6}(?:[-\s·.]\d{1,7}){2,4}|\d{6}-\d{2}-\d{6}")
_LONG = re.compile(r"\d{10,16}")
_BANK_AND_NUMBER = re.compile(rf"(?:{_BANK})(?:은행)?\s?$", re.IGNORECASE)


def _stands_alone(view: View, typed: View, start: int, end: int) -> bool:
    """No typed figure touches the range; a spelled syllable after it ("…공이에요") is grammar, not a digit."""
    same = len(view.text) == len(typed.text)
    before = (typed if same else view).text[start - 1 : start]
    after = (typed if same else view).text[end : end + 1]
    return not (before.isdigit() or after.isdigit())


def _near(view: View, start: int, end: int, reach: int, about: re.Pattern[str]) -> bool:
    return bool(about.search(view.text, max(0, start - reach), min(len(view.text), end + reach)))


def phones(view: View, typed: View) -> Iterator[Hit]:
    for pattern in (_MOBILE, _MOBILE_HIDDEN, _LANDLINE, _FOREIGN):
        for match in pattern.finditer(view.text):
            figures = re.sub(r"\D", "", match[0])
            if figures in PUBLIC_LINES or _SERVICE_PREFIX.fullmatch(figures):
                continue
            if _stands_alone(view, typed, *match.span()):
                yield Hit(*match.span(), "PHONE")
    for match in _EIGHT.finditer(view.text):
        figures = re.sub(r"\D", "", match[0])
        hyphens = "-" in (view.text[match.end() : match.end() + 1], view.text[: match.start()][-1:])
        alone = not hyphens and _stands_alone(view, typed, *match.span())
        if alone and not _SERVICE_PREFIX.fullmatch(figures) and _near(view, *match.span(), 24, _ABOUT_PHONES):
            yield Hit(*match.span(), "PHONE")


def registration_numbers(view: View, typed: View) -> Iterator[Hit]:
    """주민등록번호 and 외국인등록번호, whole, shortened or with the tail hidden; and passports named as such."""
    for match in _RRN.finditer(view.text):
        if _stands_alone(view, typed, *match.span()):
            yield Hit(*match.span(), "RRN")
    for pattern in (_RRN_SHORTENED, _RRN_HIDDEN):
        for match in pattern.finditer(view.text):
            hidden = any(sign in match[0] for sign in _HIDDEN)
            if _stands_alone(view, typed, *match.span()) and (
                hidden or _near(view, *match.span(), 20, _ABOUT_RRN)
            ):
                yield Hit(*match.span(), "RRN")
    for match in _PASSPORT.finditer(view.text):
        yield Hit(*match.span(1), "RRN")


def accounts(view: View, typed: View) -> Iterator[Hit]:
    """Bank accounts and card numbers: three groups of figures, or a long run near a word about money."""
    for pattern in (_GROUPED, _LONG):
        for match in pattern.finditer(view.text):
            figures = re.sub(r"\D", "", match[0])
            if not 9 <= len(figures) <= 16 or not _stands_alone(view, typed, *match.span()):
                continue
            if _REFERENCE.search(view.text, max(0, match.start() - 10), match.start()):
                continue
            before = _BANK_AND_NUMBER.search(view.text, max(0, match.start() - 8), match.start())
            start = before.start() if before and pattern is _GROUPED else match.start()
            if _near(view, *match.span(), 16, _ABOUT_MONEY):
                yield Hit(start, match.end(), "ACCOUNT")
            elif pattern is _GROUPED and "-" in match[0] and len(figures) >= 10:
                yield Hit(*match.span(), "ACCOUNT")
