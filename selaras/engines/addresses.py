"""Whether an address says where somebody lives or works, or only where letters wait: post-office boxes in many languages."""

import re
import unicodedata

LEGAL_FORMS = frozenset(
    {
        "pt", "cv", "ltd", "limited", "co", "company", "corp", "corporation", "inc", "llc", "plc", "sdn", "bhd", "pte", "gmbh",
        "ag", "kk", "kabushiki", "kaisha", "tbk", "bv", "sa", "spa", "srl", "the",
    }
)  # fmt: skip

NUMBER = r"(?:\s*(?:no|nr|nomor|number|n|num|رقم|第)?\s*\d[\d\s-]*[號号호]?)"
END = r"(?![^\W\d])"  # no letter follows
# Post-office boxes: words that mean nothing else stand alone, short ones need their number.
BOX = re.compile(
    rf"""
    \b(?:
        p\s*o\s*box|[cg]\s*p\s*o\s*box|post(?:al)?\s*office\s*box|post\s*box|postal\s*box|private\s*bag|locked\s*bag|mail\s*box
        |kotak\s*pos|tromol\s*pos|peti\s*surat
        |boite\s*postale|case\s*postale|apartado\s*postal|apartado\s*de\s*correos|caixa\s*postal|casella\s*postale
        |postfach|postbus|postboks|skrytka\s*pocztowa|skr\s*poczt|posta\s*kutusu
    ){END}{NUMBER}?
    |\b(?:p\s*o\s*b|b\s*p|p\s*k|apartado|skrytka|ص\s*ب){END}{NUMBER}
    |صندوق\s*(?:ال)?بريد{NUMBER}?
    |第?\s*\d[\d\s-]*[號号]?\s*(?:郵政|邮政)?信箱
    |(?:信箱|郵箱|邮箱|私書箱|사서함|ตู้\s*ปณ|ตู้\s*ไปรษณีย์){NUMBER}?
    """,
    re.VERBOSE,
)
# What can be walked to: streets, buildings, ways of villages. Words that are also parts of town names need a number beside them.
STREET = re.compile(
    r"""
    \b(?:street|road|rd|avenue|ave|lane|drive|boulevard|blvd|building|bldg|tower|highway|crescent|terrace|square|plaza|wharf|house
        |jalan|jl|jln|gang|gg|lorong|lrg|kampung|dusun|persiaran|lebuh|perumahan|komplek|ruko|gedung|lantai
        |rue|avenida|calle|carrer|viale|piazza|chemin|straat|ulica|ul|aleja
        |sokak|sok|sk|cadde|caddesi|mahallesi|bulvar|bulvari)\b
    |[^\W\d]{2,}(?:strasse|gasse|platz|allee|straat|laan)\b
    |\b(?:ال)?(?:شارع|طريق|مبنى|بناية|فيلا|عمارة|برج)\b
    |[路街巷弄]|大道|大廈|大厦|丁目|番地|\d\s*[號号樓楼층번]|(?:로|길)(?=\s|\d|$)|ถนน|ซอย
    |\b(?:str|flat|unit|suite|villa|block|blk|floor|plot|lot|blok|zone|km|pier|rt|rw|estate|gate|berth|via|rua|al|os|cad|mah|حي|قطعة)
        \s+(?:no\s+)?[a-z]?\d
    |\b\d+[a-z]?\s+(?:[^\W\d]+\s+){0,3}(?:st|str|way|court|close|place|dr|ln|floor)\b
    """,
    re.VERBOSE,
)


def bare(text: str) -> str:
    """Give a name or address without marks, case, accents and legal forms, to be compared."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    words = re.sub(r"[\W_]+", " ", plain).split()
    return " ".join(word for word in words if word not in LEGAL_FORMS) or " ".join(words)


def _plain(text: str) -> str:
    """Digits of every script as ours, no accents on Latin letters, small letters, a space for every mark but the hyphen."""
    wide = unicodedata.normalize("NFKC", text)
    folded = "".join(_without_accent(letter) for letter in wide).casefold()
    return "".join(_kept(letter) for letter in folded)


def _kept(letter: str) -> str:
    if letter.isdigit():
        return str(unicodedata.digit(letter))
    return letter if letter == "-" or unicodedata.category(letter)[0] in "LM" else " "


def _without_accent(letter: str) -> str:
    """Take the accent off a Latin letter; in other scripts marks are part of the word."""
    parts = unicodedata.normalize("NFD", letter)
    return parts[0] if len(parts) > 1 and parts[0].isascii() else letter


def has_po_box(text: str) -> bool:
    """Say whether an address names a post-office box."""
    return BOX.search(_plain(text)) is not None


def po_box_only(text: str) -> bool:
    """Say whether an address is a post-office box and nothing that can be walked to."""
    plain = _plain(text)
    rest = BOX.sub(" ", plain)
    return rest != plain and STREET.search(rest) is None


def house_number(text: str) -> bool:
    """Say whether an address has any number beside a box's."""
    return re.search(r"\d", BOX.sub(" ", _plain(text))) is not None
