"""Plain Korean in any amount: verbs in their endings, nouns in their particles, sentences made of both.

Nothing is named here; the tagger learns from it what ordinary words look like when they are inflected.
"""

from random import Random

# Stem and infinitive (the form before -서, -요, -ㅆ다).
VERBS = [pair.split("/") for pair in (
    "나오/나와 나가/나가 나서/나서 나누/나눠 나빠지/나빠져 남/남아 남기/남겨 내/내 내리/내려 내보내/내보내 넘/넘어 넘기/넘겨 노리/노려 놀라/놀라 놓/놓아 놓치/놓쳐 느끼/느껴 늘/늘어 늦/늦어 늦추/늦춰 "
    "다니/다녀 다녀오/다녀와 다르/달라 다치/다쳐 닫/닫아 당하/당해 대/대 던지/던져 덮/덮어 데리/데려 도와주/도와줘 돌/돌아 돌리/돌려 돌아가/돌아가 돌아오/돌아와 되/돼 두/둬 드러나/드러나 드리/드려 듣/들어 들/들어 들어가/들어가 들어오/들어와 들키/들켜 따르/따라 떠나/떠나 떠돌/떠돌아 떨/떨어 떨어지/떨어져 뜨/떠 "
    "마시/마셔 마치/마쳐 막/막아 막히/막혀 만나/만나 만들/만들어 만지/만져 말리/말려 맞/맞아 맞추/맞춰 맡/맡아 맡기/맡겨 모르/몰라 모으/모아 모이/모여 모자라/모자라 몰/몰아 묻/물어 묻히/묻혀 물/물어 물어보/물어봐 미루/미뤄 믿/믿어 밀리/밀려 밝히/밝혀 받/받아 받아들이/받아들여 "
    "바꾸/바꿔 바뀌/바뀌어 바라/바라 바라보/바라봐 버리/버려 버티/버텨 번지/번져 벌/벌어 벌어지/벌어져 벗어나/벗어나 변하/변해 보/봐 보내/보내 보이/보여 부르/불러 부리/부려 부탁하/부탁해 붙/붙어 붙이/붙여 빌/빌어 빠지/빠져 빼/빼 뿌리/뿌려 "
    "사/사 사귀/사귀어 사라지/사라져 살/살아 살피/살펴 생기/생겨 서/서 서두르/서둘러 섞/섞어 속/속아 속이/속여 숨/숨어 숨기/숨겨 쉬/쉬어 시키/시켜 싣/실어 쓰/써 쓰이/쓰여 싸우/싸워 쌓이/쌓여 "
    "아니/아니어 알/알아 알리/알려 알려지/알려져 알아보/알아봐 알아차리/알아차려 앉/앉아 안되/안돼 어기/어겨 얻/얻어 없/없어 없애/없애 없어지/없어져 여기/여겨 연락하/연락해 열/열어 열리/열려 오/와 오가/오가 오르/올라 올라가/올라가 올라오/올라와 올리/올려 외면하/외면해 외치/외쳐 우기/우겨 울/울어 울리/울려 움직이/움직여 웃/웃어 원하/원해 위하/위해 유지하/유지해 의하/의해 이기/이겨 이루/이뤄 이루어지/이루어져 이르/일러 이어지/이어져 인하/인해 일어나/일어나 읽/읽어 잃/잃어 입/입어 잊/잊어 있/있어 "
    "자/자 자르/잘라 자라/자라 잠그/잠가 잡/잡아 잡히/잡혀 저지르/저질러 적/적어 적히/적혀 전하/전해 정하/정해 조르/졸라 조심하/조심해 주/줘 주고받/주고받아 죽/죽어 줄/줄어 줄이/줄여 지/져 지나/지나 지나가/지나가 지나치/지나쳐 지내/지내 지우/지워 지워지/지워져 지치/지쳐 지키/지켜 지켜보/지켜봐 집/집어 짓/지어 찍/찍어 찍히/찍혀 찾/찾아 찾아가/찾아가 찾아오/찾아와 차리/차려 참/참아 채우/채워 챙기/챙겨 치/쳐 치르/치러 치우/치워 "
    "커지/커져 켜/켜 크/커 키우/키워 타/타 털/털어 털리/털려 터지/터져 통하/통해 퍼지/퍼져 퍼뜨리/퍼뜨려 펴/펴 풀/풀어 풀리/풀려 피하/피해 하/해 합치/합쳐 향하/향해 헤어지/헤어져 힘들/힘들어 힘들어하/힘들어해 이상하/이상해 심하/심해 강하/강해 약하/약해 급하/급해 조용하/조용해 황당하/황당해 답답하/답답해 불안하/불안해 무섭/무서워 두렵/두려워 어렵/어려워 고맙/고마워 미안하/미안해 괜찮/괜찮아 좋/좋아 싫/싫어 많/많아 적/적어 같/같아 길/길어 짧/짧아 나쁘/나빠 바쁘/바빠 슬프/슬퍼 아프/아파 예쁘/예뻐 어리/어려 젊/젊어 여리/여려 흔하/흔해 진하/진해 편하/편해 위험하/위험해 안전하/안전해 유명하/유명해 구하/구해 반하/반해 가하/가해 취하/취해 임하/임해 피우/피워 마련하/마련해"
).split()]  # fmt: skip
# Nouns that become verbs with -하다 and -되다.
DOING = "신고 고소 고발 공유 공개 공지 공부 교육 구속 구성 권고 권유 금지 기대 기록 기억 기소 기다림 노력 노출 논의 단속 담당 답변 당부 대응 대처 도용 도움 동의 등교 등록 마련 면담 모집 목격 무시 문의 반대 반복 반성 발견 발생 발송 발표 방문 방지 방치 배정 배포 변경 변명 보고 보관 보도 보호 부인 부탁 분리 분석 비난 비방 사과 사용 사칭 삭제 상담 상의 생각 선고 선정 설득 설명 설치 성장 소개 소문 송금 수사 수정 숙지 승인 시도 시작 시행 신청 실시 실천 심의 안내 안심 양해 연결 연구 연기 연락 연루 연습 연출 열람 영향 예방 예상 예약 오해 완료 외면 요구 요청 용서 운영 위로 위반 위협 유도 유지 유출 유포 은폐 응답 의논 의뢰 의심 이동 이용 이해 인계 인식 인정 인지 입건 입학 자백 자퇴 작성 장난 저장 전달 전송 전파 전학 점검 접근 접속 접수 정리 정정 제공 제기 제보 제안 제작 제출 조사 조심 조작 조치 존중 졸업 종료 주의 주장 준비 중단 중지 지원 지적 지정 지지 진술 진행 질문 징계 차단 참고 참석 참여 처리 처벌 체포 촬영 추가 추적 추정 추천 출석 취소 취재 침묵 침해 캡처 탈퇴 토론 통보 통화 판단 판매 편집 평가 폐쇄 포기 포함 표시 피신 학습 합성 합의 항의 해결 해명 행동 허락 허용 협박 협의 협조 호소 홍보 확산 확인 회복 회부 회의 후회 훼손 희망".split()
NOUNS = "학교 학생 선생님 교사 친구 반 학년 아이 아들 딸 부모 학부모 엄마 아빠 언니 오빠 누나 동생 형 선배 후배 사람 여자 남자 경찰 교육청 사진 영상 얼굴 이름 파일 링크 방 채팅방 단톡방 계정 번호 전화 문자 메시지 글 댓글 게시물 화면 폰 휴대폰 컴퓨터 노트북 앨범 졸업앨범 축제 체육대회 수학여행 운동장 교실 급식실 교무실 상담실 복도 화장실 도서관 강당 체육관 기숙사 학원 집 동네 버스 지하철 길 아파트 편의점 카페 병원 사건 사고 사안 문제 이유 원인 결과 내용 이야기 말 소문 사실 증거 자료 기사 뉴스 방송 언론 기자 신문 인터넷 사이트 누리집 홈페이지 블로그 유튜브 인스타 텔레그램 트위터 디스코드 페이스북 공지 안내문 가정통신문 공문 설명회 회의 위원회 조사 수사 신고 상담 지원 처벌 징계 조치 대책 대응 예방 교육 수업 시험 성적 방학 개학 등교 하교 출석 결석 졸업 입학 전학 자퇴 오늘 어제 내일 지금 아까 나중 처음 마지막 요즘 최근 이번 저번 지난주 다음주 주말 평일 아침 점심 저녁 밤 새벽 오전 오후 하루 며칠 한달 작년 올해 시간 날짜 기간 순간 동안 이후 이전 때 곳 것 수 일 줄 정도 모두 전부 전체 일부 나머지 하나 둘 셋 여럿 다수 소수 우리 저희 자기 서로 누구 어디 무엇 언제 여기 거기 저기 이쪽 저쪽 그쪽 이것 그것 이거 그거 마음 기분 생각 용기 걱정 불안 두려움 분노 눈물 상처 고통 책임 권리 의무 법 규칙 형량 피해 피해자 가해 가해자 유포자 방장 목격자 제보자 보호자 담당자 관리자 운영자 변호사 판사 검사 형사 의사 간호사 상담사 장학사 교장 교감 담임 반장 회장 임원 위원 국가 정부 국회 지역 도시 시골 마을 주민 이웃 어른 청소년 미성년자 성인 남학생 여학생 고등학생 중학생 초등학생 대학생 졸업생 신입생 전교생 재학생 전학생 개인정보 사생활 초상권 명예 인권 성범죄 딥페이크 합성물 불법 촬영물 협박 도용 사칭 삭제 차단 신상 주소 주민번호 비밀번호 아이디 프로필 사과 반성 용서 합의 소송 고소장 진술서 경위서 탄원서 서류 도장 서명 신분증 통장 계좌 송금 현금 상품권 돈 만원 장비 카메라 마이크 화질 배경 교복 명찰 체육복 모자 안경 마스크 가방 신발 머리 손 눈 목소리 표정 행동 태도 장난 농담 욕설 비난 따돌림 괴롭힘 폭력 위험 안전 도움 위로 관심 무관심 침묵 은폐 축소 과장 허위 거짓말 진실 의견 제안 부탁 요청 질문 답변 연락 소식 정보 통계 비율 숫자 조건 기준 절차 과정 방법 방식 형태 종류 사례 경우 상황 상태 수준 규모 범위 대상 조직 단체 기관 센터 부서 담당 창구 현장 현실 미래 과거 역사 국어 수학 영어 과학 사회 음악 미술 체육 한문 도덕 정보 기술 가정 진로 특별활동 동아리 방송부 도서부 선도부 학생회 밴드부 댄스부 축구부 야구부 농구부 기말고사 중간고사 모의고사 수능 내신 원서 면접 대학 고등학교 중학교 초등학교 유치원 어린이집 특수학교 국제학교 공립 사립 남녀공학 여고 남고 여중 남중".split()
_PARTICLES = "이 은 을 의 도 만 에 에서 으로 과 까지 부터 에게 한테 처럼 보다 마다 조차 뿐 이나 이라도 이라 이라서 이라고 이라는 이라면 이고 이며 이지만 인데 인지 인 입니다 이에요 이었어요 였는데 들 들이 들은 들을 들의 들도 들한테 들에게 들끼리 에는 에도 에서는 에서도 에게는 으로도 으로서 으로는 만큼 밖에 적 적으로 적인 적이 쪽 쪽에 쪽이 쯤 째 님 분 분들 하고 이랑 이네 이래요 이던데 이잖아 별로 상 중 중에 중이라 내 외 측 측에서 용 급 번 때 때문에 같은 같아요 없이 있는 없는 관련 대로 주변 전체 담당 문제 얼굴 이름 사진".split()
_PLAIN = "고 지 게 거나 던 는 는데 네요 네 더라 더라고요 더니 도록 자 잖아요 지만 지도 지는 지 기 기가 기를 기도 기는 기로 기까지 기만 기에 기 때문에 겠다 겠어요 겠습니다 고도 고서 고서야 고요 게끔 게도 는지 는지도 는걸 는거 는거면 는건 는게 는중 냐고 나요 나 구나 거든요 고는 고만 고나서 다가 다고 다는 다면".split()
_SOFT = "면 면서 며 니 니까 려고 려는 려면 러 라고 라는 라 라며 시고 시는 시기 시면 신 셨어요 십니다 실 세요 시라고 시지".split()
_INFINITIVE = [
    "",
    *"서 서야 서도 도 도요 야 야만 야지 야죠 요 라 라도 주세요 주시기 주시면 주지 줬어요 달라고 달래요 드릴 드려요 보니 본 봤는데 버려서 버렸어요 놓고 놓은 두었 있어요 있는 있던 가는 가지고 오는 왔어요 지고 져서 졌어요 보여요".split(),
]
_PAST = "다 어요 습니다 는데 는데도 고 으며 으니 으면 지만 던 던데 을 을까 을지 더니 대요 다고 다는 다며 음 네요 거든요 나요 었는데 었던 기 기에 냐고 어도 는지".split()


def _with_tail(syllable: str, tail: int) -> str:
    """`syllable`, which is open, with a final consonant (its number in the Unicode table)."""
    return chr(ord(syllable) + tail)


def _is_open(word: str) -> bool:
    return (ord(word[-1]) - 0xAC00) % 28 == 0


def conjugated(random: Random, stem: str, infinitive: str) -> str:
    """One of some hundred forms of a verb."""
    way = random.random()
    if way < 0.36:
        return stem + random.choice(_PLAIN)
    if way < 0.52:
        link = "" if _is_open(stem) or (ord(stem[-1]) - 0xAC00) % 28 == 8 else "으"
        return stem + link + random.choice(_SOFT)
    if way < 0.62 and _is_open(stem):
        return (
            stem[:-1]
            + _with_tail(stem[-1], random.choice([4, 8]))
            + random.choice(
                ["", " 것", " 때", "다고", "지", "까", "까봐", "데", "대요", "다는데", "거", "건", "게"]
            )
        )
    if way < 0.82:
        return infinitive + random.choice(_INFINITIVE)
    past = _with_tail(infinitive[-1], 20) if _is_open(infinitive) else infinitive[-1] + "었"
    return infinitive[:-1] + past + random.choice(_PAST)


def verb(random: Random) -> str:
    return conjugated(random, *random.choice(VERBS))


def doing(random: Random) -> str:
    """A noun with a form of 하다 or 되다."""
    ending = conjugated(
        random,
        *random.choice(
            [("하", "해"), ("하", "해"), ("하", "하여"), ("되", "돼"), ("당하", "당해"), ("시키", "시켜")]
        ),
    )
    return random.choice(DOING) + ending


def ending(random: Random, before: str) -> str:
    """A particle, suffix or neighbour of a noun."""
    from moderation.intake.screening.training.sentences import fitted

    return fitted(before, random.choice(_PARTICLES))


def phrase(random: Random, rare: list[str]) -> str:
    """A noun, often a second one stuck to it, with a particle; `rare` are nouns of the dictionary."""
    noun = (
        random.choice(rare)
        if random.random() < 0.5
        else random.choice(NOUNS if random.random() < 0.8 else DOING)
    )
    if random.random() < 0.15:
        noun += random.choice(NOUNS)
    return noun + (ending(random, noun) if random.random() < 0.85 else "")


def sentence(random: Random, rare: list[str], adverbs: list[str], words: int) -> str:
    """`words` phrases and verbs in an order that Korean could have."""
    parts = []
    for _ in range(words):
        way = random.random()
        parts.append(
            phrase(random, rare)
            if way < 0.5
            else doing(random)
            if way < 0.68
            else verb(random)
            if way < 0.92
            else random.choice(adverbs)
        )
    return " ".join(parts)
