"""What speaks for and against a candidate: its syllables, the words around it, and the words it may be part of.

Training and screening call the same `features`; a change here needs a new training run.
"""

from moderation.intake.screening.tagger import cues
from moderation.intake.screening.tagger.lexicon import FREQUENT, USUAL, Lexicon
from moderation.intake.screening.tagger.reading import LONGEST_WORD, Candidate, Reading

# What may follow a name inside its run of Hangul, longest first; the class says how much it tells.
# P: follows people; W: follows any noun; C: makes a sentence of it; T: a title or a kin word.
_AFTER: dict[str, str] = {
    **dict.fromkeys("한테 한테서 에게 에게서 이한테 이랑 랑 이네 네 야 아 이가 이는 이를 이도 이의 이와 이하고 이라는 라는 이란 란 이라고 라고 이라며 라며 이라던 라던 께 께서 이에게 이랑은 한테는 에게는 한테만 이한테는 이도요 이만 이었던 였던 이네요 네요 이요 요".split(), "P"),
    **dict.fromkeys("이 가 은 는 을 를 의 와 과 도 만 로 으로 하고 에 에서 부터 까지 보다 처럼 마저 조차 밖에 이나 나 이든 든 에는 에서는 에도 와는 과는 만이 만은".split(), "W"),
    **dict.fromkeys("임 이다 다 이고 고 이며 며 입니다 이에요 예요 이예요 에요 인데 인데요 이라 라 이래 래 이래요 래요 이라서 라서 이었 였 이였 인듯 인가 인지 이라니 맞 이던데 던데 이지 지 이죠 죠 이랬 랬 이었고 였고 이었다 였다 이구 구 이거든 이잖아 잖아 일 인 이면 면 이니까 니까".split(), "C"),
    **dict.fromkeys("학생 군 양 씨 님 선배 후배 언니 오빠 형 누나 쌤 샘 선생님 선생 교사 교감 교장 담임 반장 회장 엄마 어머니 아빠 아버지 부모 동생 친구 선수 대표 위원 부장 기자 강사 코치 팀장 사장 원장 교수 학부모 어머님 아버님 부모님 보호자 할머니 누님 이모 삼촌 조교 실장 과장 걔 얘 쟤 그새끼 새끼 놈 년".split(), "T"),
}  # fmt: skip
_LONGEST_AFTER = max(map(len, _AFTER))
# Particles that need a closed syllable before them, and those that need an open one.
_CLOSED = frozenset(
    "이 은 을 과 이랑 아 이가 이는 이한테 이라고 이라는 이고 이며 이에요 이다 이네 이래 이었 으로 이나 이든 이라 이라서 이란 이죠 이지".split()
)
_OPEN = frozenset("가 는 를 와 랑 야 라고 라는 고 며 예요 다 네 래 였 나 든 라 라서 란 죠 지 요 면".split())


def _surname(name: str) -> str:
    if len(name) > 1:
        return "D"
    return "f" if name in FREQUENT else "u" if name in USUAL else "r"


def _after(text: str, start: int, end: int) -> str:
    """The longest known ending that begins at `start` within the run that stops at `end`."""
    for size in range(min(_LONGEST_AFTER, end - start), 0, -1):
        if text[start : start + size] in _AFTER:
            return text[start : start + size]
    return ""


def _outside(text: str, place: int) -> str:
    """The class of a character that is no Hangul, or of the text's edge."""
    if not 0 <= place < len(text):
        return "^"
    sign = text[place]
    if sign == " ":
        return "_"
    if sign.isspace():
        return "^"
    if sign.isdigit():
        return "0"
    if sign.isascii() and sign.isalpha():
        return "a"
    return sign if sign in ",.()/:@#\"'·-!?[]&+=~" else "ㅋ" if "ㄱ" <= sign <= "ㅣ" else "?"


def _word_before(reading: Reading, place: int) -> tuple[str, str]:
    """The run of letters before `place` (behind one sign or blank), and the tag of its last word."""
    text = reading.text
    last = place - 1
    while last >= 0 and not text[last].isalnum():
        if text[last] == "\n":
            return "", ""
        last -= 1
    if last < 0:
        return "", ""
    start = last
    while start > 0 and text[start - 1].isalnum() and last - start < 7:
        start -= 1
    index = reading.at[last]
    return text[start : last + 1], reading.words[index].tag if index >= 0 else ""


def _word_after(reading: Reading, place: int) -> str:
    text = reading.text
    size = len(text)
    while place < size and not text[place].isalnum():
        if text[place] == "\n":
            return ""
        place += 1
    end = place
    while end < size and text[end].isalnum() and end - place < 6:
        end += 1
    return text[place:end]


def _parse_of_run(reading: Reading, begin: int, stop: int, start: int) -> str:
    """mecab's reading of the run: tag and length of up to five words, from two before the candidate on."""
    first = max(reading.at[begin], reading.at[start] - 2)
    last = min(reading.at[stop - 1], first + 4)
    parts = [f"{word.tag}{min(word.end - word.start, 4)}" for word in reading.words[first : last + 1]]
    return f"{start - reading.words[first].start}{'^' if reading.words[first].start == begin else '-'}{' '.join(parts)}"


def _deed(reading: Reading, end: int) -> str:
    """The first verb within five words behind the candidate: its first two syllables."""
    index = reading.at[end - 1]
    for word in reading.words[index + 1 : index + 6] if index >= 0 else ():
        if word.tag.startswith(("VV", "VA", "VX", "VC")) and word.start >= end:
            return reading.text[word.start : min(word.end, word.start + 2)]
    return ""


def _dictionary(
    known: Lexicon, text: str, candidate: Candidate, begin: int, stop: int
) -> tuple[str, str, str, str, str]:
    """Ordinary words that compete: the longest that begins with the candidate (and how it ends against the
    candidate's end), one that begins inside and runs past the end, one from the left that reaches in, the
    given name itself; and that longest word as it is written, with whether a particle fills up the rest.
    """
    start, _, end, _ = candidate
    words = known.words
    own = inner = left = spelled = ""
    for size in range(min(LONGEST_WORD, stop - start), 1, -1):
        found = words.get(text[start : start + size])
        if found:
            where = "=" if start + size == end else "<" if start + size < end else ">"
            own = f"{where}{found}"
            spelled = text[start : start + size] + where + ("p" if text[start + size : end] in _AFTER else "")
            break
    for place in range(start + 1, end):
        for size in range(min(LONGEST_WORD, stop - place), max(end - place, 1), -1):
            found = words.get(text[place : place + size])
            if found and found > inner:
                inner = found
    for place in range(max(begin, start - 3), start):
        for size in range(min(LONGEST_WORD, stop - place), start - place, -1):
            found = words.get(text[place : place + size])
            if found:
                left = f"{'>' if place + size >= end else '<'}{found}"
                break
        if left:
            break
    return own, inner, left, words.get(text[candidate.given : end], ""), spelled


def features(reading: Reading, known: Lexicon, candidate: Candidate, *, hidden: bool = False) -> list[str]:
    """The candidate's attributes. `hidden` withholds what the lexicon knows of the given name (training)."""
    text = reading.text
    start, given_at, end, shape = candidate
    given = text[given_at:end]
    begin, stop = reading.run_start[start], reading.run_end[end - 1]
    seen = 0 if hidden else known.given.get(given, 0)
    rank = "0" if not seen else "1" if seen == 1 else "2" if seen < 4 else "3" if seen < 8 else "4"
    first, second = known.first.get(given[0], 0), known.second.get(given[-1], 0)
    odds = f"{first}{second}"
    family = _surname(text[start:given_at].strip()) if shape != "g" else "g"

    # Around it
    inside = start > begin
    before = "h" if inside else _outside(text, start - 1)
    previous, previous_tag = ("", "") if inside else _word_before(reading, start)
    ending = _after(text, end, stop)
    kind = _AFTER[ending] if ending else "0" if end == stop else "N"
    rest = text[end + len(ending) : end + len(ending) + 2] if end + len(ending) < stop else ""
    closed = (ord(text[end - 1]) - 0xAC00) % 28 > 0
    fits = (
        "-"
        if ending not in _CLOSED and ending not in _OPEN
        else "y"
        if (ending in _CLOSED) == closed
        else "n"
    )
    after = _outside(text, stop)
    following = _word_after(reading, stop) if not rest else ""

    # Who else is around it
    upto = end + len(ending)
    if inside:
        cue = cues.before(text, begin, start)
    else:
        cue = cues.before(previous, 0, len(previous)) if previous else ""
        cue += before if cue and before != "_" else ""
    taken_up = cues.after(text, upto, stop) if rest else cues.after(following, 0, len(following))
    taken_up += "" if rest or not taken_up else after
    company = cues.in_company(text, reading.run_start, known, start, end, stop)
    done = _deed(reading, end)

    # mecab's cut
    opening, last = reading.at[start], reading.at[end - 1]
    tags = [word.tag for word in reading.words[opening : last + 1]] if opening >= 0 else []
    cut = "".join(tag[:4] + ("*" if tag.endswith("*") else "") + "," for tag in tags)
    open_left = "(" if opening >= 0 and reading.words[opening].start == start else "<"
    open_right = ")" if last >= 0 and reading.words[last].end == end else ">"
    cut = f"{open_left}{cut}{open_right}"
    left_tag = reading.words[reading.at[start - 1]].tag if inside and reading.at[start - 1] >= 0 else ""
    next_tag = ""
    if rest and reading.at[end + len(ending)] >= 0:
        word = reading.words[reading.at[end + len(ending)]]
        next_tag = ("|" if word.start == end + len(ending) else "x") + word.tag
    own, inner, left, itself, spelled = _dictionary(known, text, candidate, begin, stop)
    parse = _parse_of_run(reading, begin, stop, start)
    strong = "".join(sign for sign in (own[:2], inner[:1], left[:2]))
    ends = f"{kind}{fits}{'+' if rest else ''}"
    name = f"{shape}{rank}"

    found = [
        f"k={shape}", f"s={text[start:given_at]}", f"f={family}{shape}", f"n={name}", f"o={odds}{shape}",
        f"a={given[0]}{shape}", f"b={given[-1]}{shape}", f"no={name}{odds}", f"nf={name}{family}",
        f"l={before}", f"e={ending}", f"E={ends}", f"r={rest}", f"R={rest[:1]}{kind}", f"t={after}{ends}",
        f"c={cut}", f"ck={cut}{shape}{kind}", f"cn={cut}{name}", f"x={open_left}{open_right}{next_tag}{shape}",
        f"w={own}{shape}", f"i={inner}{shape}", f"L={left}{shape}", f"g={itself}{shape}",
        f"wi={own}{inner}{left}", f"wn={strong}{name}", f"we={strong}{ends}", f"ww={own}{ending}", f"lE={before}{ends}{shape}",
        f"lEn={before[:1]}{kind}{name}{strong}", f"on={odds}{strong}", f"gE={itself}{ends}{shape}", f"nt={next_tag}{kind}",
        f"z={parse}{shape}", f"zn={parse}{name}",
        f"ho={odds}{kind}{before}{open_left}{open_right}",
        f"u={cue}{shape}", f"v={taken_up}{shape}{kind}", f"uv={cue}{taken_up}{shape}{kind}", f"ue={cue}{ends}{shape}",
        f"uw={cue}{own}{shape}", f"vw={taken_up}{own}{kind}", f"un={cue}{name}{strong}", f"vn={taken_up}{kind}{name}{strong}",
        f"m={company}{shape}", f"mw={company}{own[:2]}{kind}", f"d={done}{kind}", f"dn={done}{ends}{shape}{own[:2]}",
    ]  # fmt: skip
    if spelled:
        found.append(f"W={spelled}")
    if inside:
        found += [
            f"ls={text[start - 1]}",
            f"lb={text[max(begin, start - 2) : start]}",
            f"lt={left_tag}{open_left}",
            f"lr={text[max(begin, start - 4) : start]}",
            f"ltk={left_tag}{open_left}{kind}{shape}",
        ]
    else:
        found += [
            f"p={previous[-2:]}",
            f"pw={previous}",
            f"pt={previous_tag}{shape}",
            f"pE={previous[-2:]}{kind}",
        ]
    if not rest:
        found += [
            f"q={following[:2]}",
            f"qw={following}",
            f"qE={following[:2]}{ends}",
            f"pq={previous[-1:]}{following[:1]}{kind}",
        ]
    return found
