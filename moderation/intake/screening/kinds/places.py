"""Home addresses and vehicle numbers."""

import re
from collections.abc import Iterator

from moderation.intake.screening.findings import Hit
from moderation.intake.screening.normalise import View

PROVINCES = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주|충청북|충청남|전라북|전라남|경상북|경상남"
_PROVINCE = rf"(?:(?:{PROVINCES})(?:특별자치시|특별자치도|특별시|광역시|도|시)?\s*)"
_DISTRICT = (
    r"(?:(?<![가-힣])(?!(?:친|식|입|출|가|도|누|연|요|기)구|(?:다|역|잠|즉|일|혹|동|감|무|당|임|정)시)[가-힣]{1,4}(?:시|군|구)"
    r"(?:\s+|(?=[가-힣]{1,6}(?:구|동|읍|면|리|로|길)[\s\d])))"
)
_WARD = r"(?:[가-힣]{1,5}\d{0,2}(?:동|읍|면|리|\d가)\s*)"
_ROAD = r"(?:[가-힣]{1,10}\d{0,3}(?:대로|로|길)\s?(?:\d{1,4}\s?번?길\s?)?\d{1,4}(?:-\d{1,4})?(?:번지)?(?!\d|\s?(?:년|월|일|시간|분|명|개|학년|반|주|번(?!지|길)|차|장|원|살|회|건|배|점|곳|위|만|천|백|교시|퍼|%)))"
_LOT = r"(?:[가-힣]{1,5}\d{0,2}(?:동|읍|면|리|\d가)\s?(?:산\s?)?\d{1,4}(?:-\d{1,4})?(?:번지)?(?!\d|\s?(?:년|월|일|시|분|명|개|학년|반|주|번(?!지)|차|장|원|살|회|건|배|점|곳|위|만|천|백|호)))"
_BUILDING = r"(?:[가-힣A-Za-z0-9]{0,10}\s?(?:아파트|빌라|빌|맨션|주택|오피스텔|원룸|투룸|고시원|하우스|타워|연립|단지|자이|래미안|푸르지오|힐스테이트|타운|마을|빌딩|팰리스|캐슬)\s?)"
_UNIT = r"(?:(?:(?:\d{1,4}|[가-하A-Z])\s?동\s?)?\d{1,4}\s?호|지층\s?\d{0,3}호?|지하\s?\d?층?|\d{1,2}층|(?:\d{1,4}|[가-하A-Z])동(?![가-힣]))"
_TAIL = rf"(?:[\s,(]{{0,3}}(?:\d{{1,2}}단지\s?|{_BUILDING}|{_UNIT}))*\)?"

_FULL = re.compile(rf"{_PROVINCE}?{_DISTRICT}{{0,2}}{_WARD}?(?:{_ROAD}|{_LOT})(?P<tail>{_TAIL})")
_HOME = re.compile(
    rf"{_PROVINCE}?{_DISTRICT}{{0,2}}{_WARD}?{_BUILDING}(?:\d{{1,2}}단지\s?)?"
    r"(?:(?:\d{1,4}|[가-하A-Z])\s?동\s?(?:\d{1,4}\s?호)?|\d{2,4}\s?호)"
)
_BLOCK_AND_DOOR = re.compile(r"(?<![\d가-힣])\d{2,4}\s?동\s?\d{2,4}\s?호(?!실|차|선|관)")
_DOOR = re.compile(r"(?<![\d\-])\d{2,4}\s?-\s?\d{3,4}\s?호(?!실|차|선|관)")
_SLASHED = re.compile(r"(?:아파트|빌라|맨션|단지|집|주소)\D{0,6}(\d{2,4}\s?[-/]\s?\d{3,4})(?!\d|-)")
_REGION = re.compile(rf"{_PROVINCE}|{_DISTRICT}|번길")
_ABOUT_HOME = re.compile(r"집|주소|살|사는|거주|우편|택배|찾아|번지|아파트|빌라|호(?!선|차)|층")
_ENGLISH = re.compile(
    r"(?:(?:unit|apt\.?|apartment|room|no\.?)\s?#?\d+[\s,]*)?(?:\d+(?:-\d+)?[\s,]+)?[A-Z][A-Za-z]+(?:-?\d+)?-?(?:ro|gil|daero)\b"
    r"(?:\s?\d+(?:beon-gil)?(?:-\d+)?)?(?:[\s,]+[A-Z][a-z]+-(?:dong|gu|si|gun|do|myeon|eup))*(?:[\s,]+(?:Seoul|Busan|Daegu|Incheon|Gwangju|Daejeon|Ulsan|Suwon|[A-Z][a-z]+))?"
    r"(?:[\s,]+(?:apt\.?|unit|apartment)\s?#?\d+)?",
    re.IGNORECASE,
)

# Ordinary words that end like a village or a ward, before a number ("동아리 1-2기", "화면 3-4").
_NOT_A_PLACE = re.compile(
    r"(?:동아|머|자|거|소|정|처|관|수|승|유|우)리\s?\d|(?:운|활|행|아|이|자|감|변)동\s\d|(?:방|장|화|측|이|내)면\s?\d"
)

_PLATE_SYLLABLES = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호배바사아자"
_PLATE = re.compile(
    rf"(?<!\d)(?:(?:{PROVINCES})\s?)?(\d{{2,3}})\s?[{_PLATE_SYLLABLES}]\s?(\d{{4}})(?!\d|\s?(?:년|원|명|번지|만|건))"
)
_HELP_LINES = {"110", "112", "117", "118", "119", "182", "1366", "1377", "1388", "1332"}


def addresses(view: View) -> Iterator[Hit]:
    for match in _FULL.finditer(view.text):
        named_region = bool(
            _REGION.match(match[0]) or "번길" in match[0] or re.search(r"[시군구]\s", match[0])
        )
        numbered = bool(re.search(r"\d-\d|번지|\d번?길", match[0]))
        unit = bool(re.search(r"\d\s?(?:호|층|동)|아파트|빌", match["tail"]))
        if _NOT_A_PLACE.match(match[0]):
            continue
        if named_region or numbered or unit:
            yield Hit(match.start(), match.start() + len(match[0].rstrip()), "ADDRESS")
        elif _ABOUT_HOME.search(view.text, max(0, match.start() - 12), min(len(view.text), match.end() + 12)):
            yield Hit(match.start(), match.start() + len(match[0].rstrip()), "ADDRESS", certain=False)
    for pattern in (_HOME, _BLOCK_AND_DOOR, _DOOR):
        for match in pattern.finditer(view.text):
            yield Hit(*match.span(), "ADDRESS")
    for match in _SLASHED.finditer(view.text):
        yield Hit(*match.span(1), "ADDRESS")
    for match in _ENGLISH.finditer(view.text):
        if (
            re.search(r"\d", match[0])
            and re.search(r"[A-Za-z]-?(?:ro|gil|daero)\b", match[0])
            and re.search(r"-|\d+[\s,]+[A-Z]", match[0])
        ):
            yield Hit(match.start(), match.start() + len(match[0].rstrip(" ,")), "ADDRESS")


def vehicles(view: View) -> Iterator[Hit]:
    for match in _PLATE.finditer(view.text):
        if not {match[1], match[2]} <= _HELP_LINES:
            yield Hit(*match.span(), "VEHICLE")
