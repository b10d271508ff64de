"""Words that say "a person is named beside me": roles and kin before a name, belongings and pronouns after it.

Classes rather than words reach the model, so that what it learns of `담임` holds for `교감` as well.
"""

from moderation.intake.screening.tagger.lexicon import SINGLE, Lexicon


def _classes(**words: str) -> dict[str, str]:
    return {word: name for name, listed in words.items() for word in listed.split()}


# R a role or kin; I "the name is"; U whose circle; K a class or grade; S how somebody got known.
BEFORE = _classes(
    R="가해자 피해자 범인 방장 유포자 주범 공범 제작자 운영자 판매자 구매자 제보자 목격자 신고자 신고인 작성자 보호자 학부모 예금주 담임 부담임 교감 교장 교사 "
    "강사 선생님 선생 쌤 샘 학생 여학생 남학생 선배 후배 친구 짝꿍 언니 오빠 누나 형 동생 아들 딸 조카 손자 손녀 첫째 둘째 막내 큰애 작은애 반장 부반장 회장 부회장 총무 전학생 "
    "졸업생 재학생 신입생 복학생 동창 관리자 담당자 책임자 주인 대표 코치 감독 원장 관장 이사장 실장 부장 주무관 경위 경사 형사 수사관 변호사 기자 위원 교수 조교 용의자 피의자 피고인 "
    "참고인 증인 대리인 당사자 가해학생 피해학생 참여자 주동자 조력자 부원 팀원 조장 멤버 남친 여친 남자친구 여자친구 전남친 전여친 사촌 이웃 애 놈 새끼 아이 사람 사람들 애들 이들",
    I="이름 본명 실명 성명 성함 명찰 이름표 닉네임 별명 명단 목록 아이디 계정주 서명 발신자 보낸이 받는이",
    U="우리 저희 제 내 울 우리반 저희반 옆반 앞반 같은반 우리학교 저희학교 옆학교 동네 같은학교",
    K="반 학년 학교 여고 남고 여중 남중 초 중 고 대 과 동아리 부 학원",
    S="알고보니 결국 바로 혹시 특히 사실 근데 그리고 아니 솔직히 일단 어제 오늘 아까 방금 지난주 작년 또 및 또는 아니면 하고 이랑 랑 와 과",
)  # fmt: skip
# P a pronoun or insult that takes the name up; T a title; O what people own; N how many; V a name's own verb.
AFTER = _classes(
    P="얘 걔 쟤 이애 그애 저애 이놈 그놈 저놈 이새끼 그새끼 저새끼 이자식 너 니 네가 니가 당신 본인 자신 자기 이사람 그사람 이친구 그친구 새끼 놈 년 같은",
    T="학생 군 양 씨 님 선배 후배 언니 오빠 형 누나 쌤 샘 선생님 선생 교사 교감 교장 담임 반장 회장 부회장 부장 엄마 어머니 아빠 아버지 부모 동생 친구 선수 대표 위원 위원장 기자 강사 "
    "코치 팀장 사장 원장 교수 학부모 어머님 아버님 보호자 할머니 할아버지 이모 삼촌 고모 조교 실장 과장 경위 경사 경감 순경 형사 수사관 조사관 장학사 장학관 변호사 주무관 의원 감독 관장 "
    "목사 전도사 집사 상담사 주임 간사 국장 사무관 판사 검사 아저씨 아줌마 여사 이사 이사장 팀원 조장 부원 사감 계장",
    O="폰 휴대폰 핸드폰 노트북 사진 얼굴 이름 집 계정 부계 번호 영상 폴더 아이디 인스타 카톡 텔레 디코 페북 목소리 프사 프로필 생일 남친 여친 남자친구 여자친구 무리 패거리 일당 때문 덕분 편 말 짓 탓 책상 "
    "자리 사물함 가방 부모님 가족 담당 관련 건 명의",
    N="외 등 둘 셋 넷 둘이 셋이 두 세 네 모두 전부 둘다 다섯 이렇게 랑 이랑 하고 및 그리고",
    V="드림 올림 배상 귀하 입니다 이라고 라고 이라는 라는",
)  # fmt: skip
_LONGEST = 5
# Particles that stand between a cue and the name behind it.
_PARTICLES = (
    "한테서",
    "에게서",
    "들은",
    "들이",
    "인",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "도",
    "들",
    "에",
    "께",
    "님",
    "로",
)


def before(text: str, begin: int, place: int) -> str:
    """The class of the longest cue that ends at `place` (or before one particle) and begins at `begin` or later."""
    for stop in (place, *(place - len(p) for p in _PARTICLES if text.endswith(p, begin, place))):
        for size in range(min(_LONGEST, stop - begin), 0, -1):
            found = BEFORE.get(text[stop - size : stop])
            if found and (size > 1 or stop - size == begin or found == "K"):
                return found if stop == place else found + "."
    return ""


def after(text: str, place: int, stop: int) -> str:
    """The class of the longest cue that begins at `place` and ends at `stop` or earlier."""
    for size in range(min(_LONGEST, stop - place), 0, -1):
        found = AFTER.get(text[place : place + size])
        if found:
            return found
    return ""


_JOINTS = ("이랑", "랑", "하고", "와", "과", "이하고", "")


def _full_name(known: Lexicon, text: str, start: int, end: int) -> bool:
    name = text[start:end]
    return (
        len(name) == 3 and name[0] in SINGLE and known.given.get(name[1:], 0) >= 2 and name not in known.words
    )


def in_company(text: str, run_start: list[int], known: Lexicon, start: int, end: int, stop: int) -> str:
    """`<` or `>` where a likely full name is listed right before or after the candidate (`김서율·한별`)."""
    sides, last = "", start
    while last > 0 and text[last - 1] in " ,·/&|+":
        last -= 1
    if 0 < start - last < 4:
        begin = run_start[last - 1]
        for joint in _JOINTS:
            if text.endswith(joint, begin, last) and _full_name(known, text, begin, last - len(joint)):
                sides += "<" + text[last] + ("+" if joint else "")
                break
    for joint in _JOINTS:
        if not text.startswith(joint, end, stop):
            continue
        first = end + len(joint)
        while first < len(text) and text[first] in " ,·/&|+":
            first += 1
        gap = first - end - len(joint)
        if gap < 4 and (gap or joint) and _full_name(known, text, first, first + 3):
            sides += ">" + (text[end + len(joint)] if gap else "") + ("+" if joint else "")
            break
    return sides
