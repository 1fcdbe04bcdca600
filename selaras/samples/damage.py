"""Writes names, numbers, dates and places as wrongly as people and offices do."""

from collections.abc import Callable

import numpy as np
import polars as pl

from selaras.samples.rates import NameRates

# whole words that are written in several ways, and letters of old spelling and of Arabic names
WORDS = {
    "MUHAMMAD": ("MOHAMMAD", "MOHAMAD", "MUHAMAD", "MOCHAMAD", "MUH", "MOH", "M", "MUH.", "MUHAMED"),
    "MOHAMMAD": ("MUHAMMAD", "MOHAMAD", "MOH", "MUHAMAD"),
    "MOHAMAD": ("MUHAMMAD", "MOHAMMAD", "MOH"),
    "MUHAMAD": ("MUHAMMAD", "MOHAMAD", "MUH"),
    "MOH": ("MOHAMMAD", "MUHAMMAD", "MOH."),
    "SITI": ("ST", "SITTI", "ST.", "SITY", "STI"),
    "NUR": ("NOER", "NOR", "NOOR"),
    "ABDUL": ("ABD", "ABDOEL", "ABD.", "ABDL"),
    "AHMAD": ("AKHMAD", "ACHMAD", "AHMED", "AMAD"),
    "NYOMAN": ("NYM", "NENGAH"),
    "WAYAN": ("WYN", "WAYN"),
    "KETUT": ("KT", "KTUT"),
    "KOMANG": ("KMG", "KOMNG"),
    "MADE": ("MD",),
    "DEWI": ("DEWY", "DEVI"),
    "SRI": ("SERI",),
    "MARIA": ("MARYA", "MARIYA"),
    "YOHANES": ("JOHANES", "YOHANIS", "JOHANNES"),
    "FRANSISKUS": ("FRANSISCUS", "FRANS"),
    "ANTONIUS": ("ANTON", "ANTHONIUS"),
}
LETTERS = (
    ("U", "OE"), ("J", "DJ"), ("IYAH", "IAH"), ("IYA", "IA"), ("Y", "J"), ("SY", "S"), ("KH", "H"), ("F", "P"),
    ("V", "F"), ("Z", "J"), ("DH", "D"), ("Q", "K"), ("TH", "T"), ("AE", "AI"), ("UDDIN", "UDIN"), ("UDIN", "UDDIN"),
    ("AH", "A"), ("I", "Y"), ("O", "A"), ("U", "O"), ("SH", "S"), ("NN", "N"), ("LL", "L"), ("RR", "R"), ("T", "TH"), ("K", "C"),
    ("ROH", "RAH"), ("SOL", "SHOL"), ("AT", "AD"), ("EK", "IK"), ("E", "I"), ("AI", "AE"), ("W", "V"), ("H", ""),
)  # fmt: skip
TITLES = ("HJ. ", "H. ", "NY. ", "TN. ", "NN. ", "HJ ", "SDRI ")
NEIGHBOURS = {
    "A": "SQZ", "B": "VNH", "C": "XVD", "D": "SFE", "E": "WRD", "F": "DGR", "G": "FHT", "H": "GJY", "I": "UOK",
    "J": "HKU", "K": "JLI", "L": "KO", "M": "NJ", "N": "BMH", "O": "IPL", "P": "OL", "Q": "WA", "R": "ETF", "S": "ADW",
    "T": "RYG", "U": "YIJ", "V": "CBF", "W": "QES", "X": "ZCS", "Y": "TUH", "Z": "XA",
}  # fmt: skip
PLACEHOLDERS = (
    "0000000000000000", "1234567890123456", "9999999999999999", "-", "TIDAK ADA", "3201000000000000",
    "1111111111111111", "0",
)  # fmt: skip
NAME_WIDTH = 15

Edit = Callable[[str, int], str]


def edit(rng: np.random.Generator, text: pl.Series, share: float, change: Edit) -> pl.Series:
    """Change a random share of the texts that are there; `change` gets the text and a random whole number."""
    rows = np.flatnonzero(rng.random(len(text)) < share)
    return edit_rows(rng, text, rows, change)


def edit_rows(rng: np.random.Generator, text: pl.Series, rows: np.ndarray, change: Edit) -> pl.Series:
    """Change the given rows of a column; empty cells stay empty."""
    if not len(rows):
        return text
    seeds = rng.integers(0, 2**31, len(rows)).tolist()
    old = text.gather(rows.astype(np.uint32)).to_list()
    return text.scatter(
        rows, [value if value is None else change(value, seed) for value, seed in zip(old, seeds, strict=True)]
    )


def spelling(name: str, seed: int) -> str:
    """Write one word or sound of a name in another usual way."""
    words = name.split(" ")
    for k, word in enumerate(words):
        if word in WORDS and seed % 3:
            others = WORDS[word]
            words[k] = others[seed // 3 % len(others)]
            return " ".join(words)
    start = seed % len(LETTERS)
    for old, new in LETTERS[start:] + LETTERS[:start]:
        if old in name:
            # a word that is a single letter may vanish with it
            return " ".join(name.replace(old, new, 1).split()) or name
    return name


def typo(text: str, seed: int) -> str:
    """Leave out, double, swap or replace one character; spaces stay."""
    inner = [i for i in range(1, len(text) - 1) if text[i] != " " and text[i + 1] != " "]
    if not inner:
        return text
    at = inner[seed // 4 % len(inner)]
    kind = seed % 4
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    near = NEIGHBOURS.get(text[at], "AEI")
    return text[:at] + near[seed // 64 % len(near)] + text[at + 1 :]


def shorter(name: str, seed: int) -> str:
    """Leave out one word of a name."""
    words = name.split(" ")
    if len(words) == 1:
        return name
    del words[0 if seed % 5 < 2 else -1]
    return " ".join(words)


def initial(name: str, seed: int) -> str:
    """Write one word as its first letter: the last, or the first when it is a long one."""
    words = name.split(" ")
    if len(words) == 1:
        return name
    at = 0 if seed % 3 == 0 else -1
    words[at] = words[at][0] + ("." if seed % 7 == 0 else "")
    return " ".join(words)


def joined(name: str, seed: int) -> str:
    """Write two words as one."""
    words = name.split(" ")
    if len(words) == 1:
        return name
    at = seed % (len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def split(name: str, seed: int) -> str:
    """Write a long word as two, where a syllable ends."""
    for at in range(3 + seed % 2, len(name) - 2):
        if name[at - 1] in "AIUEO" and name[at] not in "AIUEO " and " " not in name[at - 3 : at + 2]:
            return name[:at] + " " + name[at:]
    return name


def swapped(name: str, seed: int) -> str:
    """Put the last word first."""
    words = name.split(" ")
    return " ".join([words[-1], *words[:-1]])


def cut(name: str, seed: int) -> str:
    """Cut a name at the width of a form's field."""
    return name[:NAME_WIDTH].rstrip()


def title(name: str, seed: int) -> str:
    """Put a form of address before a name."""
    return TITLES[seed % len(TITLES)] + name


def damage_names(rng: np.random.Generator, names: pl.Series, father: pl.Series, rates: NameRates) -> pl.Series:
    """Write a column of names as a register does, with all its faults; letters' case comes last."""
    for share, change in (
        (rates.spelling, spelling),
        (rates.shorter, shorter),
        (rates.swapped, swapped),
        (rates.initial, initial),
        (rates.joined, joined),
        (rates.split, split),
        (rates.typo, typo),
        (rates.title, title),
        (rates.cut, cut),
    ):
        names = edit(rng, names, share, change)
    rows = np.flatnonzero(rng.random(len(names)) < rates.father)
    names = add_father(rng, names, father, rows, with_bin=0.4)
    point = rng.random(len(names))
    frame = pl.DataFrame({"n": names, "u": point})
    return frame.select(
        pl.when(pl.col("u") < rates.upper)
        .then(pl.col("n"))
        .when(pl.col("u") < rates.upper + rates.title_case)
        .then(pl.col("n").str.to_titlecase())
        .otherwise(pl.col("n").str.to_lowercase())
        .alias("n")
    )["n"]


def add_father(
    rng: np.random.Generator, names: pl.Series, father: pl.Series, rows: np.ndarray, with_bin: float
) -> pl.Series:
    """Add the father's name to the given rows, now and then with BIN or BINTI (`father` holds `sex:name`)."""
    if not len(rows):
        return names
    own = names.gather(rows.astype(np.uint32)).to_list()
    fathers = father.gather(rows.astype(np.uint32)).to_list()
    link = rng.random(len(rows)) < with_bin
    new = []
    for name, given, linked in zip(own, fathers, link, strict=True):
        sex, _, word = given.partition(":")
        new.append(f"{name} {'BINTI ' if sex == 'P' else 'BIN '}{word}" if linked else f"{name} {word}")
    return names.scatter(rows, new)


def digit_typo(text: str, seed: int) -> str:
    """Mistype one digit."""
    at = [i for i, c in enumerate(text) if c.isdigit()]
    if not at:
        return text
    i = at[seed % len(at)]
    return text[:i] + str((int(text[i]) + 1 + seed // 32 % 9) % 10) + text[i + 1 :]


def digit_swap(text: str, seed: int) -> str:
    """Swap two neighbouring digits."""
    at = 1 + seed % max(len(text) - 2, 1)
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def fifteen(text: str, seed: int) -> str:
    """Lose one digit."""
    at = seed % len(text)
    return text[:at] + text[at + 1 :]


def seventeen(text: str, seed: int) -> str:
    """Type one digit twice."""
    at = seed % len(text)
    return text[:at] + text[at] + text[at:]


def excel(text: str, seed: int) -> str:
    """What a spreadsheet keeps of a sixteen-digit number: fifteen digits and a nought."""
    return text[:-1] + "0"


def placeholder(text: str, seed: int) -> str:
    """Type something so that the form lets one pass."""
    return PLACEHOLDERS[seed % len(PLACEHOLDERS)]


def date_typo(text: str, seed: int) -> str:
    """Be one year, one month or a few days off (`text` is an ISO date)."""
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    kind = seed % 5
    if kind < 2:
        year = min(max(year + (-1, 1, -10, 10)[seed // 5 % 4], 1), 9999)
    elif kind == 2:
        month = month % 12 + 1
    else:
        day = (day + 1 + seed // 5 % 9 - 1) % 28 + 1
    return f"{year:04d}-{month:02d}-{min(day, 28):02d}"


def day_month(text: str, seed: int) -> str:
    """Swap day and month where that gives a date."""
    return f"{text[:4]}-{text[8:10]}-{text[5:7]}" if int(text[8:10]) <= 12 else text


def first_january(text: str, seed: int) -> str:
    """Keep the year, forget the day."""
    return text[:4] + "-01-01"


def year_1900(text: str, seed: int) -> str:
    """The date that a form shows before anything is typed."""
    return "1900-01-01"
