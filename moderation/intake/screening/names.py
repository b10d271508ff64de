"""Personal names. One detector so far: rules over family names, given-name syllables and what follows.

A detector is a function from a view to hits of kind PERSON. To add one (a trained tagger, a dictionary),
write it in a module of its own and list it in `DETECTORS`; two detectors that agree make a find certain.
"""

import re
from collections.abc import Callable, Iterator

from moderation.intake.screening.findings import Hit
from moderation.intake.screening.kinds.people import SURNAMES
from moderation.intake.screening.normalise import View

Detector = Callable[[View], Iterator[Hit]]

# Syllables that given names are made of; ordinary words made of two such syllables are listed below.
_FIRST = "가강건경규기나남누다단대도동라로루리마명문미민바병보봄빛상새서선성세소솔수슬승시신아안연영예온용우원유윤율은의이인일자재정제종주준중지진찬창채철초춘충치태하한해향현형혜호홍화환효훈휘희"
_SECOND = "가강건걸결경곤광교구국권규균근기길나남늘담덕도동라란람랑래련령로록론룡루름리린림마만명모문미민배백범별병보복봄빈빛산상새서석선설섭성세소솔송수숙순슬승식신아안애연열영예옥온완용우욱운웅원월유윤율은을의이인일임자재정제조종주준중지진찬창채천철초춘충태택하학한해헌혁현형혜호홍화환효후훈휘흠희"
_TITLE = "학생|군|양|씨|선배|후배|언니|오빠|형|누나|쌤|샘|선생님|선생|교사|교감|교장|담임|반장|회장|엄마|어머니|아빠|아버지|부모|동생|친구|님"
_PARTICLE = "이가|이는|이랑|이한테|이네|이를|이도|이의|이라고|이라는|이란|임(?![가-힣])|이고|이에요|이예요|입니다|라고|라는|한테|에게|랑|이 |가 |은 |는 |와 |과 |야 |아 "
_FULL = re.compile(
    rf"(?<![가-힣])([{SURNAMES}][{_FIRST}][{_SECOND}])(?:\s?(?P<title>{_TITLE})|(?P<particle>{_PARTICLE})|(?P<end>[\s,.!?()/:\"']|$))"
)
_GIVEN = re.compile(
    rf"(?<![가-힣])([{_FIRST}][{_SECOND}])(?:(?:이가|이는|이랑|이한테|이네|이도|이의|이 )|\s?(?P<title>언니|오빠|형(?![가-힣])|누나|쌤|군(?![가-힣])|양(?![가-힣])|선배))"
)
_ROMAN_SURNAME = "Kim|Lee|Yi|Park|Bak|Choi|Choe|Jung|Jeong|Chung|Kang|Gang|Cho|Jo|Yoon|Yun|Jang|Chang|Lim|Im|Rim|Han|Oh|Seo|Suh|Shin|Sin|Kwon|Gwon|Hwang|Ahn|An|Song|Jeon|Jun|Hong|Yoo|Yu|Ryu|Ko|Go|Koh|Moon|Mun|Yang|Son|Sohn|Bae|Pae|Baek|Paik|Heo|Hur|Nam|Shim|Sim|Noh|No|Roh|Ha|Kwak|Sung|Seong|Cha|Joo|Ju|Woo|Koo|Gu|Min|Na|Jin|Ji|Eom|Um|Chae|Won|Cheon|Bang|Gong|Kong|Hyun|Ham"
_ROMAN_SYLLABLE = "ji|jee|min|soo|su|woo|u|hyun|hyeon|seo|yun|yoon|jun|joon|ha|eun|un|young|yeong|yong|kyung|kyeong|hye|hee|hui|jin|ye|na|da|in|ah|a|ra|chae|won|jae|dong|do|tae|hwan|ho|hoon|hun|sung|seong|sang|seok|suk|gun|geon|gyu|kyu|bin|yul|yeol|yu|yoo|si|shi|so|sol|sun|seon|ju|joo|ki|gi|han|kang|an|ahn|rin|ri|yeon|chan|chang|cheol|bo|mi|mo|byung|il|nam|kyo|myung|myeong|jeong|jung|jong|on|se|te|o|eo|hwa|yi|kyun|gyun|rim|lim|ryeo|seul|gi|ga|sik|sook|ok|ja|hwi|wan|hyuk|hyeok|hyo"
_ROMAN_GIVEN = rf"(?:{_ROMAN_SYLLABLE})(?:[-\s]?(?:{_ROMAN_SYLLABLE}))"
_ROMAN = re.compile(
    rf"\b(?:{_ROMAN_SURNAME})[\s,]+(?:{_ROMAN_GIVEN}|[A-Z]\.\s?[A-Z]\.)(?![a-z])|\b{_ROMAN_GIVEN}\s(?:{_ROMAN_SURNAME})\b",
    re.IGNORECASE,
)
_ROMAN_CASE = re.compile(r"[A-Z][a-z]+[\s,]|[A-Z]{2,}\s")
_ORDINARY = frozenset(
    [
        "정말로",
        "이상한",
        "이상하",
        "전화로",
        "이동수",
        "신기하",
        "고민하",
        "문제가",
        "문의하",
        "신고하",
        "정보가",
        "이유가",
        "유사한",
        "주소가",
        "주변에",
        "여기서",
        "이제서",
        "어제서",
        "한동안",
        "지금은",
        "장소가",
        "이미지",
        "사이의",
        "우선은",
        "인원이",
        "임시로",
        "원본이",
        "전교생",
        "여학생",
        "남학생",
        "고등학",
        "유학생",
        "강사가",
        "교사가",
        "조사가",
        "조사한",
        "이용한",
        "사용한",
        "변호사",
        "장학사",
        "성인지",
        "성범죄",
        "정신과",
        "주민이",
        "도서관",
        "하교길",
        "오전에",
        "서로가",
        "최소한",
        "최대한",
        "안내문",
        "연수를",
        "연수가",
        "반장이",
        "선도부",
        "방송부",
        "한국인",
        "여성이",
        "남성이",
        "이수역",
        "신도림",
        "고양시",
        "하남시",
        "원주시",
        "양주시",
        "이천시",
        "구로구",
        "남양주",
        "전라도",
        "경기도",
        "강원도",
        "제주도",
        "성남시",
        "안양시",
        "공주시",
        "오산시",
        "인천시",
        "신입생",
        "진정서",
        "진술서",
        "전수조",
        "지역이",
        "전임교",
        "한학기",
        "여고생",
        "서명을",
        "사연이",
        "조용히",
        "공유가",
        "공유한",
        "유포가",
        "주의가",
        "공문이",
        "노원구",
        "동대문",
        "서대문",
        "영등포",
        "한의원",
        "원어민",
        "소문이",
        "수사가",
        "수사관",
        "서울시",
        "한양대",
        "이화여",
        "정지가",
        "정도가",
        "유명한",
        "표정이",
        "안정이",
        "방학이",
        "나중에",
        "도대체",
        "당연히",
        "하지만",
        "여기가",
        "거기가",
        "어디가",
        "소수의",
        "다수의",
        "전원이",
        "임원이",
        "위원이",
        "의원이",
        "기자가",
        "기사가",
        "이름이",
        "안경을",
        "주인이",
        "양주예",
        "하고서",
        "정신이",
        "문화상",
        "사진이",
        "사진은",
        "한도가",
        "기소가",
        "이민자",
        "안전한",
        "안전하",
        "구체적",
        "형사가",
        "진실이",
        "용기가",
        "우리가",
        "소리가",
        "조금만",
        "조사도",
        "연락이",
        "서로의",
        "고소가",
        "고소한",
        "원서를",
        "한마음",
        "인정한",
        "인정하",
        "강당에",
        "방문하",
    ]
)
_ORDINARY_PAIR = frozenset(
    [
        "이제",
        "여기",
        "거기",
        "어디",
        "사진",
        "소문",
        "우리",
        "정말",
        "문제",
        "신고",
        "주소",
        "이유",
        "지금",
        "서로",
        "언니",
        "남자",
        "여자",
        "인원",
        "교사",
        "조사",
        "기사",
        "기자",
        "주의",
        "정도",
        "수사",
        "진정",
        "정신",
        "하나",
        "전화",
        "영상",
        "명단",
        "지역",
        "기간",
        "원본",
        "마음",
        "동생",
        "사이",
        "주인",
        "안내",
        "인정",
        "정지",
        "자백",
        "유포",
        "도용",
        "소리",
        "용기",
        "진실",
        "상담",
        "아이",
        "시간",
        "이상",
        "이하",
        "미안",
        "제일",
        "아주",
        "사실",
        "나이",
        "사연",
        "주변",
        "방송",
        "해당",
        "담임",
        "의원",
        "지인",
        "성인",
        "한국",
        "재학",
        "중학",
        "고등",
        "대학",
        "수학",
        "영어",
        "국어",
        "체육",
        "미술",
        "음악",
        "과학",
        "보건",
        "교감",
        "교장",
        "학생",
        "친한",
        "다른",
        "이런",
        "그런",
        "아는",
        "수많",
        "전교",
        "가해",
        "피해",
        "자기",
        "하루",
        "시작",
        "다수",
        "소수",
    ]
)
_INSTITUTION = re.compile(
    r"(?:초|중|고|여중|여고|대|역|동|구|시|군|도|읍|면)(?:등|학교|[^가-힣]|에|의|는|은|가|이|도|로|$)"
)


def by_rule(view: View) -> Iterator[Hit]:
    """Family name and two given-name syllables, a given name with a title, romanised names."""
    for match in _FULL.finditer(view.text):
        name = match[1]
        if name in _ORDINARY or name[:2] in _ORDINARY_PAIR or name[1:] in _ORDINARY_PAIR:
            continue
        if _INSTITUTION.match(view.text, match.end(1)):
            continue
        yield Hit(*match.span(1), "PERSON", certain=bool(match["title"]))
    for match in _GIVEN.finditer(view.text):
        if match[1] not in _ORDINARY_PAIR:
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
