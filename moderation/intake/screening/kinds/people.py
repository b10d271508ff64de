"""What identifies one pupil without a name: class and seat, birthday, masked name, initials."""

import re
from collections.abc import Iterator

from moderation.intake.screening.findings import Hit
from moderation.intake.screening.normalise import View

_N = r"(?:\d{1,2}|일|이|삼|사|오|육|칠|팔|구|십|십일|십이|십삼|십사|십오|한|두|세|네)"
_SEAT = r"(?:[\s,]*(?:출석번호\s?)?\d{1,2}\s?번(?!째|이나|씩|\s?정도)|\s?(?:부?반장|부?회장))?"
_CLASS = (
    rf"(?:(?:초등|중등|고등|초|중|고)\s?)?{_N}\s?학년\s?(?:의\s?)?{_N}\s?반{_SEAT}",
    rf"(?<![가-힣])[초중고]\s?[1-6]\s?(?:학년\s?)?{_N}\s?반{_SEAT}",
    rf"(?<![\d.\-])[1-6]\s?[-–/]\s?1?\d\s?반{_SEAT}",
    rf"(?<!\d)\d{{1,2}}\s?반(?!복|응|영|포|년|값|나절|신|품|입|출|전|사|대|\s?정도|\s?개){_SEAT}",
    r"학번\s?(?:은|는|이|:)?\s?\d{4,9}|(?<!\d)\d{4,6}\s?(?:번\s?)?학번",
    r"출석\s?번호\s?(?:는|은|:)?\s?\d{1,2}\s?번?",
    r"(?<!\d)[1-6]\s?학년\s?\d{1,2}\s?번(?!째)",
)
_CLASS_EN = (
    r"(?:grade|year)\s?\d{1,2}\s?,?\s?(?:class|room|homeroom)\s?\d{1,2}(?:\s?,?\s?(?:number|no\.?|seat|#)\s?\d{1,2})?",
    r"(?:class|homeroom|room)\s?\d\s?-\s?\d{1,2}(?:\s?,?\s?(?:number|no\.?|seat|#)\s?\d{1,2})?",
    r"\d(?:st|nd|rd|th)[\s-]grade,?\s?(?:class|homeroom)\s?\d{1,2}(?:\s?,?\s?(?:number|no\.?|seat|#)\s?\d{1,2})?",
    r"\b(?:class|homeroom)\s(?:number\s)?\d{1,2}\b(?!\s?(?:students|pupils|photos|people))",
    r"\b(?:student|seat|attendance)\s(?:number|no\.?)\s?\d{1,5}",
)
_CLASSES = [re.compile(pattern) for pattern in _CLASS] + [re.compile(p, re.IGNORECASE) for p in _CLASS_EN]
# "2-9 이서윤": grade and class with nothing else; a range such as "2-3주" has a counting word after it.
_BARE_CLASS = re.compile(
    r"(?<![\d.\-/A-Za-z제조])[1-6]-(?:1[0-9]|[1-9])(?![\d.\-~/]|\s?(?:명|주|일|번|개|시간|시|분|년|월|차|회|학년|배|점|장|층|호|만|천|백|달|교시|살|세|위|대|곳|건|가지|차례|인|조|항|기|탄|화|부|편|of\b))"
)
_CLASS_COMPANY = re.compile(
    r"\s?(?:반|학생|애|담임|여자|남자|여학생|남학생|교실|출신|[가-힣]{2,4}(?:\s|$|이|가|,))"
)

_YEAR = r"(?:19[3-9]\d|20[01]\d)"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_SEP = r"\s?[.\-/년]\s?"
_MONTHS_EN = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_FULL_DATE = rf"(?<!\d){_YEAR}{_SEP}{_MONTH}\s?[.\-/월]\s?{_DAY}(?:일|\.)?(?!\d)"
_SHORT_DATE = rf"(?<!\d)\d{{2}}{_SEP}{_MONTH}\s?[.\-/월]\s?{_DAY}일?(?!\d)"
_SIX = r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\d\-])"
_EIGHT = rf"(?<!\d){_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\d_\-])"
_MONTH_DAY = rf"(?<!\d){_MONTH}\s?월\s?{_DAY}\s?일"
_DATE_EN = rf"\b{_DAY}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTHS_EN},?\s(?:{_YEAR})\b|\b{_MONTHS_EN}\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}\b"
_ANY_DATE = re.compile("|".join((_FULL_DATE, _SHORT_DATE, _EIGHT, _SIX, _MONTH_DAY, _DATE_EN)), re.IGNORECASE)
_OLD_DATE = re.compile("|".join((_FULL_DATE, _DATE_EN, _EIGHT)), re.IGNORECASE)
_SIX_ALONE = re.compile(_SIX)
_ABOUT_BIRTH = re.compile(r"생일|생년월일|생월일|출생|태어|생년|\bDOB\b|birth|born", re.IGNORECASE)
_BORN_AFTER = re.compile(r"\s?생(?!각|활|기|겨|긴|리|존|명|물|산|방|일\b)")

# The commonest family names; the rest reach us through the name detectors.
SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염여추도소"
    "석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용예경봉사부가복태목형계피두감음빈동온호범좌팽승간견당"
)
_PLACEHOLDER = r"○◯●◇◆□■△▲☆★*＊◎♡♥"
_PERSON_AFTER = r"(?:\s?(?:학생|군|양|씨|선배|후배|언니|오빠|형|누나|쌤|샘|선생|교사|교수|교장|담임|님|이가|이는|이랑|라는|라고|이라|가|이|은|는|을|를|의|와|과|랑|한테|에게|임|\(|,|\.|$|\s))"
_MASKED = (
    rf"(?<![가-힣])[{SURNAMES}]\s?[{_PLACEHOLDER}]{{1,3}}[가-힣]?",  # 김○○
    rf"[{SURNAMES}][{_PLACEHOLDER}]{{2}}(?={_PERSON_AFTER})",
    rf"(?<![가-힣])[{SURNAMES}][{_PLACEHOLDER}OoX0x_][가-힣](?![가-힣]{{2}})",  # 이*영, 신X우
    rf"(?<![가-힣])[{SURNAMES}][가-힣][{_PLACEHOLDER}](?!\w)",  # 김민*
    rf"(?<![가-힣])[{SURNAMES}](?:OO|oo|XX|xx|00|__|ㅇㅇ|ㅁㅁ|ㅇ(?=\s|군|양)|땡땡|모모|씨\s?성)(?={_PERSON_AFTER})",
    rf"(?<![가-힣])[{SURNAMES}]\s?모\s?(?:군|양|씨|학생|교사|선생|교수)",  # 김모군
    rf"(?<![가-힣])[{SURNAMES}]모\s?\(\d{{1,2}}",
    rf"(?<![ㄱ-ㅎ가-힣])[ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅌㅍㅎ][{SURNAMES}가-힣]{{2}}(?=\s|이|가|은|는|랑|$)",  # ㄱ민수
    rf"(?<![가-힣])[{SURNAMES}]\s?[ㄱ-ㅎ]{{2}}(?={_PERSON_AFTER})(?!\s?[ㅋㅎㅠㅜ])",  # 김ㅁㅅ
    rf"(?<![가-힣])[{SURNAMES}](?:쌤|샘)(?=[이가은는을를도한께]|\s|,|$)",
    rf"(?<![가-힣])[{SURNAMES}]씨(?=가|는|의|를|와|랑|한테|\s)",
    r"(?<![A-Za-z])[F-Z](?:\.[A-Z]\.?)?\s?(?:군|양|씨|모\s?(?:군|양|씨))(?![가-힣]{2})",  # K군; A군, B양 are only letters
    r"(?<![A-Za-z])[A-Z]\s?모\s?(?:군|양|씨)",
    r"(?<![A-Za-z.])(?:[A-Z]\.){2,3}(?=\s?(?:학생|군|양|씨|선배|쌤))",
)
_MASKED_NAMES = [re.compile(pattern) for pattern in _MASKED]
_NOT_MASKED = re.compile(r"이(?:OO|oo|00)|하\*|여XX")
_INITIALS = re.compile(r"(?<![ㄱ-ㅎㅏ-ㅣ가-힣\d])[ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅌㅍㅎ]{3}(?![ㄱ-ㅎㅏ-ㅣ])")
_SPACED_INITIALS = re.compile(r"(?<![ㄱ-ㅎㅏ-ㅣ가-힣])[ㄱ-ㅎ](?:[.\-·/ ][ㄱ-ㅎ]){2}(?![ㄱ-ㅎㅏ-ㅣ.])")
_TWO_INITIALS = re.compile(
    r"(?<![ㄱ-ㅎㅏ-ㅣ가-힣])[ㄱ-ㅎ]{2}(?=\s?(?:학생|군|양|씨|선배|후배|언니|오빠|형|누나|쌤)(?![가-힣]{2}))"
)
_INITIALS_IN_COMPANY = re.compile(
    r"\s?(?:이|가|은|는|을|를|랑|와|과|한테|에게|의|임|라고|이라고|이라는|라는|학생|군|양|씨|선배|후배|언니|오빠|형|누나|쌤|샘|선생)"
)
_SLANG = frozenset(
    "ㄱㄱㄱ ㄱㄷㄱ ㄱㅁㅇ ㄱㅅㅇ ㄱㅊㅇ ㄴㄴㄴ ㄴㅇㄱ ㄷㄱㄷ ㄷㄷㄷ ㄹㅇㄴ ㄹㅇㅁ ㄹㅈㄷ ㅁㄹㅇ ㅁㅇㅁ ㅁㅊㄴ ㅁㅊㄷ ㅁㅊㅅ ㅁㅊㅇ ㅂㄷㄷ ㅂㄷㅂ "
    "ㅂㅂㅂ ㅂㅅㄴ ㅅㄱㅇ ㅅㅂㄴ ㅅㅅㅅ ㅅㅌㅊ ㅅㅍㅈ ㅇㄱㄷ ㅇㄱㄹ ㅇㄴㅇ ㅇㄷㅇ ㅇㅁㅇ ㅇㅅㅇ ㅇㅇㄴ ㅇㅇㅇ ㅇㅈㄹ ㅇㅎㅇ ㅈㄹㄴ ㅈㅅㅇ ㅈㅈㅈ "
    "ㅊㅊㅊ ㅌㅌㅌ ㅎㄷㄷ ㅎㅅㅎ ㅎㅌㅊ ㅎㅎㅎ".split()
)


def classes(view: View) -> Iterator[Hit]:
    for pattern in _CLASSES:
        for match in pattern.finditer(view.text):
            yield Hit(*match.span(), "CLASS")
    for match in _BARE_CLASS.finditer(view.text):
        yield Hit(*match.span(), "CLASS", certain=bool(_CLASS_COMPANY.match(view.text, match.end())))


def birthdays(view: View) -> Iterator[Hit]:
    for match in _ANY_DATE.finditer(view.text):
        spoken = _ABOUT_BIRTH.search(view.text, max(0, match.start() - 16), match.end() + 10)
        if spoken or _BORN_AFTER.match(view.text, match.end()):
            yield Hit(*match.span(), "DOB")
    for match in _OLD_DATE.finditer(view.text):
        yield Hit(*match.span(), "DOB", certain=False)
    for match in _SIX_ALONE.finditer(view.text):
        if "04" <= match[0][:2] <= "19":  # the years in which today's pupils were born
            yield Hit(*match.span(), "DOB", certain=False)


def masked_names(view: View) -> Iterator[Hit]:
    for pattern in _MASKED_NAMES:
        for match in pattern.finditer(view.text):
            if not _NOT_MASKED.fullmatch(match[0]):
                yield Hit(match.start(), match.start() + len(match[0].rstrip("( ")), "PERSON")
    for pattern in (_INITIALS, _SPACED_INITIALS):
        for match in pattern.finditer(view.text):
            letters = re.sub(r"[^ㄱ-ㅎ]", "", match[0])
            if letters not in _SLANG and len(set(letters)) > 1:
                company = bool(_INITIALS_IN_COMPANY.match(view.text, match.end()))
                yield Hit(*match.span(), "PERSON", certain=company)
    for match in _TWO_INITIALS.finditer(view.text):
        yield Hit(*match.span(), "PERSON", certain=False)
