"""How Indonesian names are spelt: one word in, its canonical spelling, its sound and its consonants out.

The tables are language knowledge (old spelling of before 1972, Arabic transliterations, titles, Balinese and Muslim
abbreviations); none of them was read from a register.
"""

import re
import unicodedata
from functools import lru_cache


def words_of(text: str) -> frozenset[str]:
    """A set of words from one text, so that long tables stay readable."""
    return frozenset(text.split())


TITLES = words_of(
    "HAJI HAJAH HAJJAH HJ HJH DR DRG DRS DRA IR PROF KH TGH TGK USTADZ USTADZAH USTAD USTAZ UST NY TN NYONYA TUAN BPK"
    " BAPAK IBU SDR SDRI ALM ALMH ALMARHUM ALMARHUMAH MR MRS MS MISS RADEN RD RR"
)
DEGREES = words_of(
    "SE SH SPD SPDI SAG SIP SKM SKOM SKEP SSI SSOS SPT SST AMD AMDKEB AMK MM MH MSI MPD MKES MT MBA PHD SPI STR"
)
FATHER_MARKS = words_of("BIN BINTI BINTE BTE BT BNTI BENTI BNT")

_VARIANTS = {
    "MUHAMMAD": "MUHAMAD MOHAMAD MOHAMMAD MOHAMED MOHAMMED MUHAMED MUHAMMED MOCHAMAD MOCHAMMAD MUCHAMAD MUCHAMMAD"
    " MOKHAMAD MOKHAMMAD MUKHAMAD MUKHAMMAD MUCHAMED MOCHAMED MUH MOH MOHD MUHD MHD MUCH MOCH MOKH MUKH MOHAMAT",
    "SITI": "SITTI STI SITY SHITI SITIE",
    "ABDUL": "ABD ABDOEL ABDL ABDEL",
    "AHMAD": "ACHMAD AKHMAD AHMED AHMAT ACHMAT AKHMAT ACHMED",
    "NUR": "NOOR NOER NOR NUUR",
    "WAYAN": "WYN",
    "KETUT": "KT KTUT",
    "NYOMAN": "NYM",
    "KOMANG": "KMG",
    "GUSTI": "GST IGST",
    "GEDE": "GD",
    "KADEK": "KDK",
    "DEWA": "DW",
    "BAGUS": "BGS",
}
VARIANTS = {short: full for full, shorts in _VARIANTS.items() for short in shorts.split()}

# Words whose meaning depends on where they stand; `names.resolve` decides.
POSITIONAL = words_of("M MD ST H I NI PT R")
SPECIAL = TITLES | DEGREES | FATHER_MARKS | POSITIONAL

# So common that the word alone names hundreds of thousands of people: never a search key of its own.
COMMON = words_of(
    "MUHAMMAD SITI ABDUL AHMAD NUR SRI DEWI PUTRI SARI AYU EKA DWI TRI AGUS BUDI ANI WATI YANI YANTI NINGSIH LESTARI"
    " RAHAYU AMINAH FATIMAH KHOTIMAH AISYAH ROHMAH JAMILAH ZAINAB MARYAM SUSANTI HANDAYANI WAHYUNI INDAH RATNA YULI"
    " ENDANG ASEP DEDI RUDI HENDRA EKO JOKO BAMBANG SLAMET SUPRIYADI WAHYU SETIAWAN SAPUTRA PUTRA HIDAYAT KURNIAWAN"
    " RAHMAN RAHMAT HASAN HUSEN IBRAHIM ISMAIL YUSUF UMAR ALI USMAN MADE WAYAN KETUT NYOMAN PUTU KADEK KOMANG LUH"
    " MARIA YOHANES FRANSISKA BAIQ LALU INAQ AMAQ ANDI DAENG MUSLIMAH KARTINI SUMIATI SUPARTI SULASTRI WIDODO SANTOSO"
    " JUNAIDI SAPUTRI ANGGRAINI PERTIWI UTAMI PRATIWI WULANDARI PURNOMO SURYANI NURHAYATI"
)

_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧıİ‘’ʼ`´ʻ", "ABEKMHOPCTYXIJSABEZHIKMNOPTYXII''''''")
_ARABIC_PAIRS = (
    "ا=A ب=B ت=T ث=S ج=J ح=H خ=H د=D ذ=Z ر=R ز=Z س=S ش=S ص=S ض=D ط=T ظ=Z غ=G ف=F ق=K ك=K ل=L م=M ن=N ه=H و=W ي=Y"
    " ى=A ة=H ء= أ=A إ=I آ=A ؤ=U ئ=I ع= ک=K ی=I گ=G پ=P چ=C ڤ=P ـ="
)
_ARABIC = str.maketrans(
    {pair[0]: pair[2:] for pair in _ARABIC_PAIRS.split()} | {chr(mark): "" for mark in range(0x64B, 0x653)}
)
_DIGITS = str.maketrans("0153", "OISE")
_NOT_LETTER = re.compile(r"[^\w\s]|_")
_HAS_DIGIT = re.compile(r"\d")


def fold_letters(text: str) -> str:
    """Upper-case letters and single spaces only: accents, look-alikes, Arabic script, emoji and dots folded away."""
    if text.isascii():
        folded = text.upper()
    else:
        folded = unicodedata.normalize("NFKC", text).upper().translate(_LOOKALIKES).translate(_ARABIC)
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    folded = _NOT_LETTER.sub(" ", folded.replace("'", "").replace("`", ""))
    words = folded.split()
    if _HAS_DIGIT.search(folded):
        words = [_mend_digits(word) for word in words]
        words = [word for word in words if word]
    return " ".join(words)


def _mend_digits(word: str) -> str:
    """A digit typed for a letter (S1TI) becomes the letter; a word that is mostly digits is no name."""
    letters = sum(c.isalpha() for c in word)
    if letters * 2 <= len(word):
        return ""
    return "".join(c for c in word.translate(_DIGITS) if c.isalpha())


_OLD_MARK = re.compile("OE|TJ|DJ")
_OLD_Y = re.compile("(?<=[AIUEO])J(?=[AIUEO])")
_OLD = (("OE", "U"), ("TJ", "C"), ("DJ", "J"), ("NJ", "NY"), ("SJ", "SY"))
SOUNDS = (
    ("SY", "S"), ("SH", "S"), ("TS", "S"), ("KH", "H"), ("DZ", "Z"), ("DH", "D"), ("TH", "T"), ("GH", "G"), ("PH", "F"),
    ("CK", "K"), ("Q", "K"), ("V", "F"), ("F", "P"), ("X", "KS"), ("AIY", "E"), ("AI", "E"), ("AE", "E"), ("AY", "E"),
    ("EI", "E"), ("AU", "O"), ("AO", "O"), ("IY", "I"), ("UW", "U"), ("OW", "O"),
)  # fmt: skip
LAST_LETTERS = {"D": "T", "B": "P", "Z": "S", "G": "K"}
_VOWEL_CLASS = str.maketrans("EOY", "IUI")
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 18)
def canonical(word: str) -> str:
    """The word in today's spelling, with known abbreviations written out: TJIPTO → CIPTO, MOCHAMAD → MUHAMMAD."""
    if word in VARIANTS:
        return VARIANTS[word]
    if _OLD_MARK.search(word):
        word = _OLD_Y.sub("Y", word)  # a lone J of the old spelling is today's Y: SOEPRIJADI
    for old, new in _OLD:
        if old in word:
            word = word.replace(old, new)
    return VARIANTS.get(word, word)


@lru_cache(maxsize=1 << 18)
def sound(word: str) -> str:
    """How the word sounds, with three vowels left: equal for spellings that officers take for one another."""
    s = canonical(word)
    if not s.isascii():
        return s
    if "CH" in s:
        s = ("K" + s[2:] if s[2:3] == "R" else "C" + s[2:]) if s.startswith("CH") else s
        s = s.replace("CH", "H")
    for spelt, heard in SOUNDS:
        if spelt in s:
            s = s.replace(spelt, heard)
    s = s[:-1] + LAST_LETTERS.get(s[-1], s[-1]) if s[-1:] and not s.endswith("NG") else s
    s = s.replace("Z", "J")
    s = "J" + s[1:] if s.startswith("Y") else s
    s = _DOUBLED.sub(r"\1", s.translate(_VOWEL_CLASS))
    return s[:-1] if len(s) > 2 and s.endswith("H") else s


@lru_cache(maxsize=1 << 18)
def consonants(word: str) -> str:
    """The consonants of the sound, a leading vowel kept as A: SUPRIYADI and SUPRDI are both SPRDI without vowels."""
    s = sound(word)
    if not s.isascii():
        return s
    head = "A" if s[:1] in "AIU" else s[:1]
    return head + _DOUBLED.sub(r"\1", "".join(c for c in s[1:] if c not in "AIUH"))
