"""Addresses on the network: mail, social handles, links and invitations to chats."""

import re
from collections.abc import Iterator

from moderation.intake.screening.findings import Hit
from moderation.intake.screening.normalise import View

_DOT = r"(?:\s?\.\s?|\s?[\[({<]\s?(?:\.|dot|닷|점)\s?[\])}>]\s?|\s(?:dot|닷|쩜|점)\s?|(?<=[가-힣])\s?(?:닷|쩜)\s?|닷|쩜)"
_AT = r"(?:@\s?|[\[({<]a[\])}>]|\s?골뱅\s|\s@\s|\s@(?=[a-z0-9\-]+\.(?:com|net|org|kr|co|edu|me)\b)|\s?[\[({<]\s?(?:@|at|앳|골뱅이)\s?[\])}>]\s?|\s?(?:골뱅이|앳)\s?|\s{1,2}at\s{1,2}(?=\S+\s?(?:dot|\[|\()))"
_TOP = (
    "com|net|org|kr|co|me|io|gg|us|app|link|xyz|to|ly|tv|be|info|site|shop|club|ru|cc|cn|jp|page|dev|ai|biz|"
    "im|chat|online|live|top|pro|ws|sh|uk|de|onion"
)
_MAIL_HOSTS = "네이버|지메일|다음|한메일|네이트|카카오|핫메일|아웃룩|구글|naver|gmail|daum|hanmail|nate|kakao|hotmail|outlook|icloud"

_MAIL = re.compile(
    rf"(?<![a-z0-9._%+\-])[a-z0-9][a-z0-9._%+\-]{{0,63}}{_AT}[a-z0-9\-]{{1,63}}(?:{_DOT}[a-z0-9\-]{{1,63}}){{0,4}}{_DOT}(?:[a-z]{{2,}}|컴|넷|케이알)"
    rf"|(?<![a-z0-9._%+\-])[a-z0-9][a-z0-9._%+\-]{{1,63}}{_AT}(?:{_MAIL_HOSTS})(?:{_DOT}(?:com|net|컴|넷))?",
    re.IGNORECASE,
)

_PATH = r"(?:[/?#][^\s가-힣<>\"')\]}]*)?"
_SCHEME = re.compile(
    r"\b(?:h\s?(?:tt|xx|\*\*)\s?ps?|tg|discord|kakaotalk|ftp)\s?(?::|\[:\])\s?/\s?/[^\s가-힣<>\"')\]]+",
    re.IGNORECASE,
)
_HOST = re.compile(
    rf"(?<![a-z0-9@._\-])(?:www{_DOT})?(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?(?:\.|\[\.\]|\(\.\)|\s?\[dot\]\s?|\s?\(dot\)\s?|\sdot\s|\s?닷\s?))+"
    rf"(?P<top>{_TOP})(?![a-z0-9\-])(?::\d{{2,5}})?(?P<path>{_PATH})",
    re.IGNORECASE,
)
_INVITE = re.compile(
    r"\b(?:t\s?\.\s?me|telegram\s?\.\s?me|open\s?\.\s?kakao\s?\.\s?com|discord\s?\.\s?gg|line\s?\.\s?me|band\s?\.\s?us)"
    r"(?:\s?/\s?[^\s가-힣<>\"')\]]+)+",
    re.IGNORECASE,
)
_INVITE_SPOKEN = re.compile(
    r"(?:(?:\bt|티)\s?(?:닷|점|쩜|[.,]|[\[(]\s?(?:\.|dot)\s?[\])]|dot)\s?(?:me\b|미)|\btme(?=/)|(?:open\s?kakao|오픈\s?카카오|오픈\s?카톡)(?:\s?\.?\s?com)?(?:(?=/)|\s(?=o/))|"
    r"(?:discord|디스코드|디코)\s?\.?\s?gg)\s?(?:슬래시|슬래쉬|slash\b|/|(?<=gg)\s)?\s?[a-z0-9_+\-/]{4,}"
    r"|(?:초대|입장|참여|서버)\s?(?:코드|링크|주소)\s?(?:는|은|가|:)?\s?(?=[a-z]*[\dA-Z+_])\+?[A-Za-z0-9_\-]{6,}",
    re.IGNORECASE,
)
# Two-letter endings that are English words need a path: "it was not.me" is a typing slip, not a link.
_WORDS = {
    "me",
    "us",
    "to",
    "be",
    "co",
    "io",
    "im",
    "ws",
    "tv",
    "de",
    "live",
    "top",
    "pro",
    "page",
    "chat",
    "link",
    "online",
    "app",
    "site",
    "info",
}

_PLATFORM = (
    "인스타그램|인스타|insta(?:gram)?|텔레그램|텔레|텔|telegram|카카오톡|카톡|kakao(?:talk)?|라인|line|디스코드|디코|discord|"
    "트위터|twitter|엑스|틱톡|tiktok|스냅챗|스냅|snapchat|snap|페이스북|페북|페메|facebook|fb|유튜브|youtube|에스크|asked|"
    "(?<![a-z])ig(?![a-z])|당근|위챗|wechat|왓츠앱|whatsapp|스레드|threads|밴드|롤|배그|로블록스|스팀|위버스|깃허브"
)
_NAMED = r"아이디|아디|(?<![a-z])id(?![a-z])|계정명|계정|닉네임|닉넴|닉|부계정|부계|본계|비계|대화명|활동명|유저네임|유저명|username|user\s?name|handle|nick(?:name)?|account|검색명"
_LINKING = r"(?:\s?(?:이름|주소))?\s?(?:은|는|이|가|도|로는|:|=|-|is|was)?\s{0,3}[\"'“<(\[]?"
_NICK = r"[a-z0-9_][a-z0-9_.\-]{2,31}(?<![.\-])"
_AT_SIGN = re.compile(
    r"(?<![a-z0-9._%+\-])(?:@|골뱅이)\s?(?:[a-z0-9_][a-z0-9_.\-]{1,31}(?<![.\-])|[가-힣]{2,8}\d*)|@\s?[a-z0-9_][a-z0-9_.]{2,31}(?<=\w)",
    re.IGNORECASE,
)
_DISCORD_TAG = re.compile(r"(?<![\w#])[\w.]{2,32}#\d{4}(?!\d)")
_AFTER_NAMED = re.compile(rf"(?:{_NAMED}){_LINKING}({_NICK})", re.IGNORECASE)
_AFTER_PLATFORM = re.compile(rf"(?:{_PLATFORM}){_LINKING}({_NICK})", re.IGNORECASE)
_ENGLISH_IS = re.compile(
    rf"\b(?:insta(?:gram)?|telegram|discord|kakao(?:talk)?|twitter|snap(?:chat)?|tiktok|ig|line|facebook)\s(?:is|was)\s({_NICK})(?![a-z])",
    re.IGNORECASE,
)
_SAID_OF_APPS = frozenset(
    "private public blocked banned down gone closed deleted scary safe full still just really very being used using known where what now also dead fake real more less here there dangerous anonymous encrypted based hard easy slow fast open empty disabled suspended hacked reported removed always never only so too much full".split()
)
_MIXED_NICK = re.compile(
    rf"(?:{_NAMED}){_LINKING}([a-z0-9_.]*[가-힣]{{1,8}}[a-z_][a-z0-9_]*|[a-z0-9_.]+_[가-힣]{{1,8}})",
    re.IGNORECASE,
)
_BEFORE_NAMED = re.compile(
    rf"(?<![\w.@/\-])({_NICK})\s?(?:(?:이)?라는|이란|란|쓰는|인)?\s?(?:계정|아이디|아디|닉네임|닉(?![가-힣])|부계|account)",
    re.IGNORECASE,
)
_MOVED_TO = re.compile(rf"(?<![\w.@/\-])({_NICK})\s?(?:에서|->|→)\s?({_NICK})", re.IGNORECASE)
_HANGUL_NICK = re.compile(
    r"(?:아이디|아디|닉네임|닉넴|닉|대화명|활동명|유저명|페북\s?이름|방장\s?이름|게임\s?이름)\s?(?:은|는|이|가|:|=)?\s{0,3}[\"'“<(\[]?"
    r"(?P<nick>[가-힣]{2,10}?\d{0,4}|[가-힣]{1,8}_?[가-힣a-z0-9]{1,10}\d{1,4}|[A-Za-z][A-Za-z]+ [A-Z][A-Za-z]+)[\"'”>)\]]?\s?"
    r"(?P<after>이고|였고|이였|이었|였|인데|임|이에요|이예요|예요|입니다|이래|래요|이라고|라고|이라는|라는|로\s?활동|(?:이|라는)?\s?(?:사람|분|애|놈|새끼)|쓰는|씀|$|[.,!\n]|전번|번호)"
)
_LATIN_NICK_HANGUL_DIGITS = re.compile(
    r"(?:아이디|아디|닉네임|닉넴|닉|대화명|활동명)\s?(?:은|는|이|가|:|=)?\s?([가-힣]{2,8}\d{1,6})"
)
_LOOSE = re.compile(
    r"(?<![\w./@\-])(?:[a-z][a-z0-9.]*_[a-z0-9_.]*[a-z0-9_]|_+[a-z][a-z0-9_.]*[a-z0-9_]|[a-z]{3,}[._]?[a-z]*\d{2,6}(?!\w))(?!\.(?:jpg|jpeg|png|mp4|mov|zip|pdf)\b)"
)

_ORDINARY = frozenset(
    [
        "dm",
        "id",
        "pc",
        "sns",
        "app",
        "vip",
        "vpn",
        "bot",
        "cctv",
        "link",
        "story",
        "stories",
        "reels",
        "feed",
        "live",
        "room",
        "server",
        "channel",
        "chat",
        "group",
        "post",
        "posts",
        "photo",
        "photos",
        "profile",
        "message",
        "messages",
        "account",
        "accounts",
        "user",
        "users",
        "video",
        "videos",
        "page",
        "pages",
        "only",
        "and",
        "the",
        "was",
        "with",
        "from",
        "that",
        "this",
        "has",
        "have",
        "who",
        "which",
        "where",
        "there",
        "is",
        "are",
        "were",
        "too",
        "also",
        "for",
        "but",
        "not",
        "just",
        "like",
        "then",
        "they",
        "after",
        "before",
        "because",
        "about",
        "someone",
        "students",
        "telegram",
        "instagram",
        "discord",
        "twitter",
        "kakaotalk",
        "kakao",
        "facebook",
        "tiktok",
        "snapchat",
        "line",
        "youtube",
        "insta",
        "ott",
        "url",
        "web",
        "www",
        "http",
        "https",
        "com",
        "name",
        "names",
        "names'",
        "card",
        "cards",
        "number",
        "is's",
        "deepfake",
        "deepfakes",
        "admin",
        "ai",
        "img",
        "jpg",
        "png",
        "mp4",
        "pdf",
        "zip",
        "iphone",
        "android",
    ]
)
_NOT_A_NICK = re.compile(
    r"모름|몰라|모르|뭔지|뭐|무엇|누구|누군|기억|도용|비공개|공개|삭제|탈퇴|정지|변경|바꾸|바꿔|바뀌|있|없|여러|다른|같은|아무|확인|신고|차단|안$|못|저희|우리|학교|"
    r"이름|그대로|전부|모두|계속|이미|아직|진짜|가짜|익명|추적|해킹|사칭|사람|그|이|저"
)


def mails(view: View) -> Iterator[Hit]:
    for match in _MAIL.finditer(view.text):
        yield Hit(*match.span(), "EMAIL")


def _official(host: str) -> bool:
    """A government host, or the help centre that the site itself points to, without a path."""
    return host.endswith(".go.kr") or host in {"d4u.stop.or.kr", "stop.or.kr", "women1366.kr"}


def links(view: View) -> Iterator[Hit]:
    for pattern in (_SCHEME, _INVITE, _INVITE_SPOKEN):
        for match in pattern.finditer(view.text):
            bare = re.sub(r"^https?://", "", match[0].lower()).rstrip("/.")
            if pattern is _SCHEME and _official(bare):
                continue
            yield Hit(match.start(), match.end() - len(match[0]) + len(match[0].rstrip(".,)")), "URL")
    for match in _HOST.finditer(view.text):
        host = re.sub(
            r"[\[\](){}\s]|dot",
            lambda sign: "." if sign[0] == "dot" else "",
            match[0][: match.start("path") - match.start()].lower(),
        )
        if match["path"] in ("", "/") and (_official(host) or match["top"].lower() in _WORDS):
            continue
        if re.fullmatch(r"[\d.]+", host):
            continue
        yield Hit(*match.span(), "URL")


def _nickname(token: str) -> bool:
    return token.lower() not in _ORDINARY and not token.isdigit() and bool(re.search(r"[A-Za-z_]", token))


def handles(view: View) -> Iterator[Hit]:
    for pattern in (_AT_SIGN, _DISCORD_TAG):
        for match in pattern.finditer(view.text):
            yield Hit(*match.span(), "HANDLE")
    for match in _AFTER_NAMED.finditer(view.text):
        if _nickname(match[1]) and not (match[1].isalpha() and len(match[1]) < 4):
            yield Hit(*match.span(1), "HANDLE")
    for match in _AFTER_PLATFORM.finditer(view.text):
        token = match[1]
        marked = bool(re.search(r"[\d_.]", token)) or "이름" in match[0]
        told = bool(re.search(r"[:=]\s*$", view.text[match.start() : match.start(1)]))
        hangul_follows = told or bool(
            re.match(
                r"\s?(?:이고|예요|이에요|입니다|으?로|라고|이라고|한테|에게|임|인데|가\b)",
                view.text[match.end(1) :],
            )
        )
        if _nickname(token) and (marked or (len(token) >= 4 and hangul_follows)):
            yield Hit(*match.span(1), "HANDLE")
    for match in _ENGLISH_IS.finditer(view.text):
        if _nickname(match[1]) and match[1].lower() not in _SAID_OF_APPS:
            yield Hit(*match.span(1), "HANDLE", certain=False)
    for match in _MIXED_NICK.finditer(view.text):
        yield Hit(*match.span(1), "HANDLE")
    for match in _BEFORE_NAMED.finditer(view.text):
        if _nickname(match[1]) and (re.search(r"[\d_.]", match[1]) or "라는" in match[0]):
            yield Hit(*match.span(1), "HANDLE")
    for match in _MOVED_TO.finditer(view.text):
        if _nickname(match[1]) and re.search(r"[\d_]", match[1]):
            yield Hit(*match.span(1), "HANDLE")
            yield Hit(*match.span(2), "HANDLE")
    for match in _HANGUL_NICK.finditer(view.text):
        if not _NOT_A_NICK.match(match["nick"]):
            yield Hit(*match.span("nick"), "HANDLE")
    for match in _LATIN_NICK_HANGUL_DIGITS.finditer(view.text):
        yield Hit(*match.span(1), "HANDLE")
    for match in _LOOSE.finditer(view.text):
        if _nickname(match[0]):
            yield Hit(*match.span(), "HANDLE", certain=False)
