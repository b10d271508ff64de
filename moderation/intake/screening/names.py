"""Personal names. One detector so far: rules over family names, given-name syllables and what follows.

A detector is a function from a view to hits of kind PERSON. To add one (a trained tagger, a dictionary),
write it in a module of its own and list it in `DETECTORS`; two detectors that agree make a find certain.
"""

import re
from collections.abc import Callable, Iterator

from moderation.intake.screening.findings import Hit
from moderation.intake.screening.kinds.people import SURNAMES
from moderation.intake.screening.name_words import ALSO_WORDS, COMMON, ORDINARY, ORDINARY_PAIR
from moderation.intake.screening.normalise import View

Detector = Callable[[View], Iterator[Hit]]

# Syllables that given names are made of; ordinary words made of two such syllables are listed below.
_FIRST = "가강건경규기나남누다단대도동라로루리마명문미민바병보봄빛상새서선성세소솔수슬승시신아안연영예온용우원유윤율은의이인일자재정제종주준중지진찬창채철초춘충치태하한해향현형혜호홍화환효훈휘희"
_SECOND = "가강건걸결경곤광교구국권규균근기길나남늘담덕도동라란람랑래련령로록론룡루름리린림마만명모문미민배백범별병보복봄빈빛산상새서석선설섭성세소솔송수숙순슬승식신아안애연열영예옥온완용우욱운웅원월유윤율은을의이인일임자재정제조종주준중지진찬창채천철초춘충태택하학한해헌혁현형혜호홍화환효후훈휘흠희"
_TITLE = "학생|군|양|씨|선배|후배|언니|오빠|형|누나|쌤|샘|선생님|선생|교사|교감|교장|담임|반장|회장|엄마|어머니|아빠|아버지|부모|동생|친구|님"
# Particles that follow people rather than things; what any noun may carry says little.
_PARTICLE = r"이가|이는|이랑|이한테|이네|이라고|이라는|이란|임(?![가-힣])|라고|라는|한테|에게|랑(?![가-힣])|야(?![가-힣])|아(?![가-힣])"
_WEAK = r"이|가|은|는|을|를|의|와|과|도|로|으로|만|고|이고|이며|에요|이에요|예요|이예요|입니다|인데|이다"
_DOUBLE = "남궁|황보|제갈|독고|선우|사공|동방|서문|망절|어금"  # family names of two syllables
_FULL = re.compile(
    rf"(?<![가-힣])(?P<name>(?:[{SURNAMES}]|{_DOUBLE})(?P<given>[{_FIRST}][{_SECOND}]))"
    rf"(?:\s?(?P<title>{_TITLE})|(?P<particle>{_PARTICLE})|(?P<weak>{_WEAK})(?![가-힣])|(?=[^가-힣]|$))"
)
# A common given name settles where the name lies even inside a run without blanks ("어제윤시우가").
_INSIDE = re.compile(
    rf"(?=(?P<name>(?:[{SURNAMES}]|{_DOUBLE})(?P<given>{'|'.join(sorted(COMMON))}))(?P<after>{_PARTICLE}|이|가|은|는|도|을))"
)
_SHORT = re.compile(
    rf"(?<![가-힣])(?P<name>[{SURNAMES}][{_FIRST}{_SECOND}]|(?:{_DOUBLE})[{_SECOND}])\s?(?P<title>학생|쌤|선생님|군(?![가-힣])|양(?![가-힣])|선배|언니|오빠)"
)
_AFTER_ROLE = re.compile(
    rf"(?:학부모|보호자|신고인|제보자|이름은?|성명|본명|실명|예금주|피해자는?|가해자는?|범인은?|유포자는?|담임|방장은?|반장|딸|아들|반|저는|제가|학생은)[\s:,(]{{1,2}}"
    rf"(?P<name>(?:[{SURNAMES}]|{_DOUBLE})[{_FIRST}][{_SECOND}]|{_DOUBLE}[{_SECOND}])(?=(?:{_WEAK}|임)(?![가-힣])|[^가-힣]|$)"
)
_GIVEN = re.compile(
    rf"(?<![가-힣])([{_FIRST}][{_SECOND}])(?:(?:이가|이는|이랑|이한테|이네|이도|이의|이(?![가-힣])|네(?![가-힣])|야(?![가-힣])|아(?![가-힣])|랑(?![가-힣])|한테|,)|\s?(?P<title>언니|오빠|형(?![가-힣])|누나|쌤|군(?![가-힣])|양(?![가-힣])|선배))"
)
_ROMAN_SURNAME = "Kim|Lee|Yi|Park|Bak|Choi|Choe|Jung|Jeong|Chung|Kang|Gang|Cho|Jo|Yoon|Yun|Jang|Chang|Lim|Im|Rim|Han|Oh|Seo|Suh|Shin|Sin|Kwon|Gwon|Hwang|Ahn|An|Song|Jeon|Jun|Hong|Yoo|Yu|Ryu|Ko|Go|Koh|Moon|Mun|Yang|Son|Sohn|Bae|Pae|Baek|Paik|Heo|Hur|Nam|Shim|Sim|Noh|No|Roh|Ha|Kwak|Sung|Seong|Cha|Joo|Ju|Woo|Koo|Gu|Min|Na|Jin|Ji|Eom|Um|Chae|Won|Cheon|Bang|Gong|Kong|Hyun|Ham"
_ROMAN_SYLLABLE = "ji|jee|min|soo|su|woo|u|hyun|hyeon|seo|yun|yoon|jun|joon|ha|eun|un|young|yeong|yong|kyung|kyeong|hye|hee|hui|jin|ye|na|da|in|ah|a|ra|chae|won|jae|dong|do|tae|hwan|ho|hoon|hun|sung|seong|sang|seok|suk|gun|geon|gyu|kyu|bin|yul|yeol|yu|yoo|si|shi|so|sol|sun|seon|ju|joo|ki|gi|han|kang|an|ahn|rin|ri|yeon|chan|chang|cheol|bo|mi|mo|byung|il|nam|kyo|myung|myeong|jeong|jung|jong|on|se|te|o|eo|hwa|yi|kyun|gyun|rim|lim|ryeo|seul|gi|ga|sik|sook|ok|ja|hwi|wan|hyuk|hyeok|hyo"
_ROMAN_GIVEN = rf"(?:{_ROMAN_SYLLABLE})(?:[-\s]?(?:{_ROMAN_SYLLABLE}))"
_ROMAN = re.compile(
    rf"\b(?:{_ROMAN_SURNAME})[\s,]+(?:{_ROMAN_GIVEN}|[A-Z]\.\s?[A-Z]\.)(?![a-z])|\b{_ROMAN_GIVEN}\s(?:{_ROMAN_SURNAME})\b",
    re.IGNORECASE,
)
_ROMAN_CASE = re.compile(r"[A-Z][a-z]+(?:-[a-z]+)?[\s,]|[A-Z]{2,}\s")
_INSTITUTION = re.compile(
    r"(?:초|중|고|여중|여고|대|역|동|구|시|군|도|읍|면)(?:등|학교|[^가-힣]|에|의|는|은|가|이|도|로|$)"
)


def by_rule(view: View) -> Iterator[Hit]:
    """Family name and two given-name syllables, a given name with a title, romanised names."""
    for match in _FULL.finditer(view.text):
        name, given = match["name"], match["given"]
        common = given in COMMON
        told = bool(match["title"] or match["particle"])
        if not (common or told) or name in ORDINARY:
            continue
        if not common and (name[:2] in ORDINARY_PAIR or given in ORDINARY_PAIR):
            continue
        if (common and match["weak"]) or not _INSTITUTION.match(view.text, match.end("name")):
            yield Hit(*match.span("name"), "PERSON", certain=common and told)
    for match in _INSIDE.finditer(view.text):
        yield Hit(*match.span("name"), "PERSON", certain=False)
    for match in _SHORT.finditer(view.text):
        if match["name"] not in ORDINARY_PAIR:
            yield Hit(*match.span("name"), "PERSON", certain=False)
    for match in _AFTER_ROLE.finditer(view.text):
        if match["name"] not in ORDINARY and match["name"][:2] not in ORDINARY_PAIR:
            yield Hit(*match.span("name"), "PERSON", certain=False)
    for match in _GIVEN.finditer(view.text):
        if (match[1] in COMMON and match[1] not in ALSO_WORDS) or (
            match["title"] and match[1] not in ORDINARY_PAIR
        ):
            yield Hit(*match.span(1), "PERSON", certain=False)
    for match in _ROMAN.finditer(view.text):
        if _ROMAN_CASE.match(match[0]):
            yield Hit(*match.span(), "PERSON", certain=False)


DETECTORS: tuple[Detector, ...] = (by_rule,)


def votes(view: View) -> Iterator[Hit]:
    """Every detector's finds; what two detectors found at the same place is certain."""
    seen: dict[tuple[int, int], int] = {}
    for detector in DETECTORS:
        for hit in detector(view):
            place = (hit.start, hit.end)
            seen[place] = seen.get(place, 0) + 1
            yield Hit(hit.start, hit.end, hit.kind, hit.certain or seen[place] > 1)
