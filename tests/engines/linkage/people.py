"""Invented persons and their rows in two registers, with the usual faults; seeded, small, for tests only."""

import random

import polars as pl

FIRST = [
    "SITI",
    "SRI",
    "NUR",
    "DEWI",
    "RINA",
    "YULI",
    "TUTI",
    "WATI",
    "EKA",
    "LINA",
    "AGUS",
    "BUDI",
    "JOKO",
    "EKO",
    "DEDI",
    "ASEP",
    "TONO",
    "RUDI",
    "HADI",
    "WAWAN",
]
LAST = [
    a + b
    for a in ["SU", "WI", "KAR", "TRI", "HAR", "PUR", "MAR", "SAS"]
    for b in ["YANTI", "NIGSIH", "TINI", "WATO", "DODO", "MANTO", "LASTRI"]
]
HOMES = {"3212": "INDRAMAYU", "3502": "PONOROGO", "5202": "LOMBOK TENGAH", "3301": "CILACAP", "3505": "BLITAR"}
COUNTRIES = ["MALAYSIA", "TAIWAN", "HONG KONG", "SINGAPURA", "ARAB SAUDI", "JEPANG"]


def persons(count, seed):
    """Persons with a number, a name, a birth date, kin and a home."""
    rng = random.Random(seed)
    people = []
    for n in range(count):
        code, home = rng.choice(sorted(HOMES.items()))
        woman = rng.random() < 0.6
        year, month, day = rng.randint(1965, 2003), rng.randint(1, 12), rng.randint(1, 28)
        people.append(
            {
                "n": n,
                "nik": f"{code}{rng.randint(1, 25):02}{day + 40 * woman:02}{month:02}{year % 100:02}{rng.randint(1, 9):04}",
                "name": " ".join(
                    [rng.choice(FIRST), rng.choice(LAST), *([rng.choice(LAST)] if rng.random() < 0.4 else [])]
                ),
                "birth_date": f"{year}-{month:02}-{day:02}",
                "sex": "P" if woman else "L",
                "mother": f"{rng.choice(FIRST)} {rng.choice(LAST)}",
                "passport": f"{rng.choice('ABCEX')}{rng.randint(1000000, 9999998)}",
                "phone": f"08{rng.randint(1000000000, 9999999999)}",
                "regency": home,
                "village": f"SUKA{rng.choice(LAST)}",
                "birth_place": home,
                "country": rng.choice(COUNTRIES),
            }
        )
    return people


def rows_of(person, kind, seed):
    """One or two rows of a person in register `kind` (S complete, P with gaps); the id carries the person's number."""
    rng = random.Random(f"{seed}{kind}{person['n']}")
    out = []
    for copy in range(1 + (rng.random() < 0.15)):
        row = {key: value for key, value in person.items() if key != "n"}
        row["row_id"] = f"{kind}{person['n']:05}{copy}"
        row["event_date"] = f"{rng.randint(2012, 2024)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        if kind == "P":
            for column, chance in (
                ("nik", 0.4),
                ("mother", 0.6),
                ("regency", 0.3),
                ("village", 0.7),
                ("passport", 0.1),
            ):
                if rng.random() < chance:
                    row[column] = None
            row["phone"] = f"+8869{rng.randint(10000000, 99999999)}"
        if rng.random() < 0.1:
            name = row["name"]
            at = rng.randrange(1, len(name))
            row["name"] = name[:at] + name[at + 1 :]
        out.append(row)
    return out


def table(rows):
    """Rows as a table in canonical columns, all text."""
    columns = [
        "row_id",
        "nik",
        "name",
        "birth_place",
        "birth_date",
        "sex",
        "mother",
        "passport",
        "phone",
        "regency",
        "village",
        "country",
        "city",
        "status",
        "agency",
        "sector",
        "event_date",
    ]
    return pl.DataFrame([{c: row.get(c) for c in columns} for row in rows], schema=dict.fromkeys(columns, pl.String))
