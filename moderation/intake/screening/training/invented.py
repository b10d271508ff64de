"""Names for training: family names by their share of the people, given names old, new, native and made up.

Written down from general knowledge; no list of real people stands behind them.
"""

from random import Random

from moderation.intake.screening.tagger.lexicon import DOUBLE, FREQUENT, RARE, USUAL

# Common among today's pupils and their parents' generation.
POPULAR = sorted(
    set(
        "민준 서준 도윤 예준 시우 하준 주원 지호 지후 준우 준서 도현 건우 현우 우진 지훈 선우 서진 유준 연우 은우 정우 승우 승현 시윤 준혁 "
        "민재 현준 지환 윤우 동현 지한 승민 유찬 시후 민성 수호 준영 재윤 지원 태윤 은찬 한결 윤호 시온 재원 민우 이안 정민 성민 민호 태민 "
        "현서 준호 동하 재민 성준 우빈 지완 태양 하람 하진 규민 건호 준수 상현 승준 현수 재현 성현 민규 태현 영훈 정훈 성훈 상훈 재훈 동훈 "
        "서연 서윤 지우 서현 하은 하윤 민서 지유 윤서 채원 수아 지아 지윤 은서 다은 예은 수빈 소율 예린 예원 지민 소윤 하린 시은 유진 채은 "
        "가은 서영 수민 유나 서아 아린 다인 연서 나은 예나 수현 시아 윤아 민지 지은 서하 나윤 예서 세아 지안 소은 다연 나연 혜원 은채 아윤 "
        "주아 서우 채윤 하율 유주 규리 소연 현지 예진 수진 은지 지현 민경 은영 혜진 유리 보미 나래 다솜 초롬 하늘 아름 슬기 가람 이슬 한솔 "
        "영희 철수 영수 영호 영숙 정숙 미숙 은주 미경 현정 은정 미정 경희 정희 순희 영미 명희 지영 소영 미영 선영 진영 은경 수경 혜경 윤경 "
        "현주 민주 성호 진우 상우 경민 종현 민수 진수 병철 영철 상철 기태 태준 병욱 재욱 동욱 성욱 진욱 현욱 정은 혜정 태호 용준 진호 경호 "
        "보라 소라 유라 미나 지나 은별 새롬 한별 시현 도영 도하 하영 은성 주은 예지 예빈 유빈 은빈 다빈 주연 도연 채린 채영 아영 이든 이솔 "
        "나영 가영 하연 재하 재영 재희 윤희 진희 선희 은희 시연 유림 진서 은결 태율 준상 길동 가온 세은 다현 재은 정현 진솔 윤지 민채 은수 "
        "현진 유정 소정 수정 민정 윤정 희정 연정 경진 승호 승주 승희 태희 다희 지수 은호 찬영 찬우 찬호 현빈 원빈 성빈 도훈 시훈 세훈 윤슬 "
        "동민 동우 동건 종민 종수 종훈 기현 기훈 규현 규진 나현 다영 다혜 지혜 은혜 미혜 성혜 인혜 혜린 혜인 아인 세인 서인 재인 유인 리안 "
        "태오 다온 로운 루아 소담 슬찬 해솔 이솜 예나 서율 라온 시율 지율 은율 하솔 예솔 다솔 은솔 지솔 유이 로아 리아 이나 아라 태경 도경".split()
    )
)
NATIVE = sorted(set(
    "가람 가온 가을 겨울 고운 고은 그린 글샘 기쁨 꽃님 나길 나라 나래 나루 나리 나린 나봄 나빛 나예 나온 나은 난새 너울 노을 누리 누림 느루 늘봄 늘솔 다경 다나 다니 다담 다래 다비 다빈 다솔 다솜 다온 다올 다움 다은 다인 단비 단아 달래 달님 도담 도란 도래 도리 도솔 도아 도이 도울 동녘 두나 두리 두솔 든솔 들샘 라라 라미 라별 라엘 라연 라온 라율 라희 로건 로빈 로사 로아 로움 로운 로이 로하 루나 루다 루리 루미 루빈 루아 루안 루이 리나 리사 리솔 리아 리안 리엘 리오 리온 리원 리율 리하 마루 마리 모아 모란 미르 미리 미소 미솔 바다 바람 바름 바울 반디 버들 벼리 별님 별빛 별하 별이 보나 보늬 보담 보라 보람 보름 보리 보미 보배 보슬 봄이 봄빛 봄솔 빛나 빛솔 빛찬 사라 사랑 산들 산하 새결 새나 새날 새람 새미 새밀 새봄 새별 새빛 새아 새얀 새온 새움 새찬 새힘 샛별 서리 선샘 설아 설화 세나 세라 세론 세린 세빈 세빛 세이 세찬 소나 소담 소라 소란 소리 소미 소울 소이 솔미 솔비 솔빈 솔빛 솔아 솔잎 솔찬 송이 수려 수리 수아 수이 수지 슬기 슬비 슬빛 슬아 슬옹 슬찬 승아 시내 시온 시원 아라 아람 아랑 아련 아로 아론 아롬 아름 아리 아린 아미 아사 아솔 아온 아윤 아이 아진 알찬 여름 여울 연두 예나 예다 예닮 예담 예랑 예리 예솔 예슬 예온 예찬 예하 오름 온새 온유 온결 온달 온별 온샘 온솔 온율 완들 외솔 우람 우리 우솔 우주 운솔 유나 유니 유라 유리 유이 윤슬 으뜸 으람 은가 은솔 은별 은비 은빛 은새 은샘 은슬 이나 이다 이든 이레 이루 이룸 이르 이린 이본 이봄 이새 이솔 이솜 이슬 이안 이엘 이온 이음 이진 이찬 이채 이한 이환 자람 자온 잔디 잔별 정다 제나 제니 조아 주나 주리 주하 지나 지니 지란 지로 지솔 지슬 지안 지오 지온 지율 지음 진달 진솔 차니 차온 찬들 찬들 찬미 찬별 찬빛 찬샘 찬솔 참솔 참이 채비 채아 채이 초롬 초롱 초아 큰솔 클로 키움 태오 태이 테오 토리 파란 파랑 포근 푸름 푸른 푸른 하나 하난 하늘 하니 하라 하람 하랑 하루 하리 하림 하미 하비 하빛 하솔 하솜 하슬 하얀 하엘 하온 하율 하은 하이 하제 하진 한길 한나 한누 한들 한라 한비 한빛 한별 한새 한샘 한선 한설 한솔 한슬 한음 한결 한울 해강 해나 해누 해늘 해니 해든 해디 해람 해랑 해리 해림 해맑 해빈 해빛 해사 해솔 해슬 해온 해봄 해율 해인 해찬 햇살 헤나 헤라 호산 환희 희나 희라 희망 희슬 히나".split()
))  # fmt: skip
ONE = frozenset(
    "가강건걸검결겸경고곤공관광교구국군권귀규균근금기길나낙난남늘단달담대덕도돌동두들란람랑래련렬령록룡루룬류륜률륭름리린림립만명모목무묵문미민바반방백범벼별병보복봄봉부분비빈빛사산삼상새샘서석선설섬섭성세소솔솜송수숙순슬승시식신실심아안암애양언엄여연열염엽영예오옥온올옹완용우욱운울웅원월위유육윤율융은음의이익인일임잎자장재전정제조종주준중지진찬참창채천철청초촌추춘충치탁탄태택튼평표풍필하학한해향허헌혁현협형혜호홍화환활황회효후훈훤휘휴흔흠흥희흰힘"
)
# Syllables of names given since about 2005; recombined they make names that no list holds.
_FIRST = "가강건규기나다단담도동라라로루리마민바별보봄빈사상새서선설성세소솔수슬승시아안연영예온우원유윤율은이인재정제조주준지진찬채초태하한해현형혜호휘희"
_SECOND = "강건결겸경규균기나담도라람랑로루름리린림민별보봄빈빛산새서석설성세솔수슬승아안연열영예오온완우욱운웅원유윤율은음의이인일재정제주준지진찬채철태하한해헌혁현형혜호환후훈휘휼희"
_OLD = "갑개경계광구국귀근금기길남덕동두락만말명무문미민배백범병복봉분삼상석선성송수숙순승애양여연영옥완외용우운원월윤은을응의익인일임자장재점정제종주준중지진창천철춘충치칠태택팔평필학한항해향혁현형호홍화환회효훈희"
MODERN = sorted({a + b for a in _FIRST for b in _SECOND})
THREE = "빛나라 아름별 새로나 초롱별 하늘별 하늘빛 우리별 한아름 고우리 나래솔 다온별 보름달 은하수 해오름 푸르름 봄누리 온누리 별하늘 슬기찬 이루다".split()

# The usual ones six times as often as the rest.
_ONE_USUAL: list[str] = [
    *sorted(ONE),
    *(
        "준민현훈건율빈린솔별산찬수진철호윤결연은희영원우혁욱웅석환성선건휘린결겸온담단봄슬유이재주하예채윤환"
        * 6
    ),
]


# What stands before or behind a native name of two syllables in a given name of three.
_LED, _TRAILED = "한새온해별꽃빛참큰늘", "별솔빛찬솜샘봄아나라울람온랑결슬빈이미"


def three(random: Random) -> str:
    """A given name of three syllables: listed, or a native word with one more syllable."""
    way = random.random()
    if way < 0.2:
        return random.choice(THREE)
    if way < 0.7:
        return random.choice(NATIVE) + random.choice(_TRAILED)
    return random.choice(_LED) + random.choice(NATIVE)


def is_held_out(name: str) -> bool:
    """Whether training never sees this given name: one in eight, by its code points."""
    return sum(map(ord, name)) * 2654435761 % 2**32 < 2**29


def given(random: Random, listed: list[str]) -> str:
    """A given name: popular, from the dictionary, native, recombined, old, one syllable, three syllables."""
    way = random.random()
    if way < 0.27:
        return random.choice(POPULAR)
    if way < 0.42:
        return random.choice(listed)
    if way < 0.55:
        return random.choice(NATIVE)
    if way < 0.74:
        return random.choice(MODERN)
    if way < 0.79:
        return random.choice(_OLD) + random.choice(_OLD)
    if way < 0.98:
        return random.choice(_ONE_USUAL)
    return three(random)


def family(random: Random) -> str:
    """A family name; half of all are among the ten commonest, and one in twenty-five has two syllables."""
    way = random.random()
    if way < 0.04:
        return random.choice(sorted(DOUBLE))
    if way < 0.50:
        return random.choice("김김김김이이이박박" + FREQUENT)
    return random.choice(USUAL if way < 0.85 else RARE)
