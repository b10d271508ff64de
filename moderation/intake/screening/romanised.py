"""Korean names in Latin letters: Kim Minjun, Minjun Kim, KIM MIN-JUN, Oh T.Y., and Western given names."""

import re
from collections.abc import Iterator

from moderation.intake.screening.findings import Hit
from moderation.intake.screening.normalise import View

# Spellings of the commonest family names; those that are English words as well stand apart.
_TELLING = "kim|gim|lee|rhee|park|bak|choi|choe|jung|jeong|chung|cheong|kang|gang|cho|yoon|yun|jang|chang|lim|rim|seo|suh|shin|kwon|gwon|hwang|ahn|jeon|jun|yoo|yu|ryu|ryoo|koh|moon|mun|yang|sohn|bae|baek|paik|baik|heo|hur|nam|shim|sim|noh|roh|kwak|gwak|sung|seong|cha|joo|ju|woo|koo|min|jin|eom|um|chae|cheon|chun|bang|gong|kong|hyun|hyeon|ham|byun|byeon|yeom|choo|chu|doh|seok|suk|sul|seol|ma|gil|wi|pyo|myung|ki|ban|wang|ok|yuk|maeng|tak|eun|yong|ye|bong|namgung|namkung|hwangbo|jegal|sunwoo|seonwoo|dokgo|sagong"
_WORDLIKE = "an|go|ko|gu|ha|han|ho|hong|im|in|jo|ji|na|no|oh|son|song|so|won|yi|do|sin"
_SYLLABLE = (
    "ji|jee|min|soo|su|woo|u|hyun|hyeon|seo|suh|yun|yoon|jun|joon|ha|eun|un|young|yeong|yong|kyung|kyeong|gyeong|hye|hee|hui|heui|jin|ye|yea|na|da|in|ah|a|ra|la|chae|won|jae|jai|"
    "dong|do|tae|tai|hwan|ho|hoon|hun|sung|seong|sang|seok|suk|sok|gun|geon|keon|gyu|kyu|bin|been|yul|ryul|yeol|yu|yoo|si|shi|see|so|sol|sun|seon|seung|ju|joo|ki|gi|han|kang|gang|an|ahn|rin|lin|ri|ree|lee|yeon|youn|yon|"
    "chan|chang|cheol|chul|bo|bom|mi|mee|mo|moo|mu|byung|byeong|il|nam|kyo|gyo|myung|myeong|jeong|jung|chung|jong|on|se|sae|te|o|oh|eo|hwa|yi|kyun|gyun|kyoon|rim|lim|ryeo|seul|ga|ka|sik|shik|sook|ok|oak|ja|hwi|whi|wan|hyuk|hyeok|hyo|"
    "dam|de|di|dae|deok|duk|eul|el|ae|bae|baek|bi|byul|byeol|go|gwang|kwang|guk|kuk|gil|kil|hae|hak|heon|hong|im|jo|jou|joe|ram|ran|rang|ro|roo|ru|sa|san|saem|seol|sul|shin|sin|song|sin|som|ul|un|um|eum|wol|yang|yo|ya|yeo|young|yool|ryang|rae|rok|re|li|lia|luna|ian|eden|ion|oi|hyung|hyeong|kun|keun|geun|gyung|nae|ne|no|nu|pil|pyo|rea|roon|sool|teo|tal|ung|woong|ung|wook|uk|wuk|ook|yoel|yeop|yup|zi|zin|zun"
)
_GIVEN = rf"(?:(?:{_SYLLABLE})[-\s]?(?:{_SYLLABLE}))"
_TIGHT = rf"(?:(?:{_SYLLABLE})-?(?:{_SYLLABLE}))"
_INITIALS = r"[A-Z]\.\s?-?(?:[A-Z]\.)?"
# A capital tells a name from words; without one only a telling family name beside a whole given name counts.
_PATTERNS = (
    re.compile(rf"\b(?:{_TELLING}|{_WORDLIKE})(?:,\s?|\s){_GIVEN}(?![a-z])", re.IGNORECASE),
    re.compile(rf"\b{_TIGHT}\s(?:{_TELLING}|{_WORDLIKE})\b", re.IGNORECASE),
    re.compile(rf"\b(?:{_SYLLABLE})\s(?:{_SYLLABLE})\s(?:{_TELLING})\b", re.IGNORECASE),
)
_CAPITAL = re.compile(r"[A-Z][a-z]*(?:-?[A-Za-z]+)*(?:,\s?|\s)[A-Z]|[A-Z]{2,}")
_LOWER = (
    re.compile(rf"\b(?:{_TELLING})\s(?:{_SYLLABLE})-?(?:{_SYLLABLE})(?![a-z])"),
    re.compile(
        rf"\b(?:{_SYLLABLE})-?(?:{_SYLLABLE})\s(?:kim|lee|park|choi|jung|jeong|kang|yoon|jang|lim|seo|shin|kwon|hwang|ahn|jeon|ryu|yoo|moon|yang|bae|baek|heo|hur|nam|noh)\b"
    ),
)
_SHORT_FORMS = (
    re.compile(rf"\b(?i:{_TELLING}|{_WORDLIKE})\s{_INITIALS}(?:\s?[A-Z][a-z]+)?"),
    re.compile(rf"\b[A-Z]\.\s?-?(?:[A-Z]\.)?\s?(?i:{_TELLING}|hong|song|han|oh|son|ko|go)\b"),
    re.compile(rf"\b(?i:{_TELLING}|{_WORDLIKE})\s[A-Z]\.\s?(?i:{_SYLLABLE})\b"),
    re.compile(rf"\b(?:Mr|Ms|Mrs|Miss|Teacher|Principal|Coach|Dr)\.?\s(?i:{_TELLING}|Hong|Song|Han|Oh|Son|Ko|Go|Im|An|Ha)\b(?:\s[A-Z][a-z]+(?:-[a-z]+)?)?"),
)  # fmt: skip
_WESTERN = "John|James|David|Michael|Daniel|Kevin|Brian|Eric|Andrew|Ryan|Justin|Jason|Chris|Christopher|Joseph|Joshua|Matthew|William|Robert|Thomas|Richard|Charles|Mark|Paul|Steven|Peter|Sam|Samuel|Alex|Alexander|Jack|Henry|Harry|George|Edward|Leo|Lucas|Noah|Ethan|Liam|Oliver|Benjamin|Emily|Emma|Olivia|Sophia|Sophie|Grace|Jessica|Jennifer|Sarah|Sara|Anna|Amy|Alice|Lucy|Julia|Jane|Mary|Maria|Kate|Katie|Rachel|Hannah|Chloe|Claire|Ella|Lily|Mia|Ava|Isabella|Elizabeth|Laura|Linda|Lisa|Michelle|Nancy|Susan|Stephanie|Victoria|Zoe|Jenny|Angela|Ashley|Nicole|Rebecca"
_WESTERN_NAME = re.compile(
    rf"\b(?:{_WESTERN})\s(?!(?:Middle|High|Elementary|Street|School|University|Day|Hall|Center|Centre)\b)[A-Z][a-z]{{2,}}\b"
)
# What follows an English word that looks like a family name, or a first word that ends a phrase.
_WORDS = frozenset("so in no song do go an ha oh son ho ji no".split())
_NOT_GIVEN = frozenset(
    "to see so do go no on in an a la il do so bin been ban den el da de di me the i in on song sun moon chan la the oh ja ya yo ye un um hong kong hongkong seoul busan jeju online asian union union indian china china ian eden iran japan jinju suwon inchon incheon gangnam oneul younger moon sea singing".split()
)


def _fits(text: str) -> bool:
    """Whether the words could be a name and no phrase: "no one", "so sad" and Hong Kong could not."""
    words = re.split(r"[\s,]+", text)
    lower = [word.lower() for word in words]
    if " ".join(lower) in ("hong kong", "moon jae", "so soo", "go on", "no one", "in song", "do so"):
        return False
    if any(word in _NOT_GIVEN for word in lower[1:]) and len(words) == 2:
        return False
    return not (lower[0] in _WORDS and not words[0][0].isupper())


# Where Latin letters stand: nothing is looked for elsewhere, and a particle in Hangul behind a name ends it.
_LATIN = re.compile(r"[A-Za-z][A-Za-z\s.,'-]*[A-Za-z.]")


def romanised_names(view: View) -> Iterator[Hit]:
    """Never certain: the letters of many names are the letters of words."""
    for stretch in _LATIN.finditer(view.text):
        for pattern in (*_PATTERNS, *_LOWER, *_SHORT_FORMS, _WESTERN_NAME):
            for match in pattern.finditer(view.text, *stretch.span()):
                if _is_name(pattern, match[0]):
                    yield Hit(match.start(), match.start() + len(match[0].rstrip()), "PERSON", certain=False)


def _is_name(pattern: re.Pattern[str], text: str) -> bool:
    if pattern in _PATTERNS:
        return bool(_CAPITAL.match(text)) and _fits(text)
    return pattern not in _LOWER or _fits(text)
