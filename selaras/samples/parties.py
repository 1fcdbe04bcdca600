"""Invented agencies, employers, lenders and training bodies: plain rows, for the ground to create with its own verbs.

Every name is made of words coined for this project, so that it is no firm's name on purpose.
"""

from dataclasses import dataclass
from datetime import date

# coined words; the first 30 pairs are the agencies with papers, all 424 appear in the placement register
_FIRST = (
    "ARUNIKA", "LOKAWIRA", "SANDIKARA", "MERTANUSA", "KALANTARA", "BUMIRAKSA", "TIRTADELA", "WANASIDHA", "NAYAKARSA", "SAGARAYU",
    "PRADIPALA", "LENTERAJA", "MUSTIKALA", "CAKRADANA", "ANJANGSANA", "DWIPALOKA", "GIRIWASTU", "HARSAKARYA", "INDRALAYA",
    "JAYASEMBADA", "KENCARAMA",
)  # fmt: skip
_SECOND = (
    "WISTARA", "DAMANTRA", "SENTANU", "PERTALA", "MANDALIKU", "RAHARSI", "UTAMARA", "BINAKARSA", "GEMILANTI", "SETIALOKA",
    "NUSARAKA", "PANDUKARA", "SEJATIRA", "ADILOKA", "MAKMURTI", "LESTARANI", "BAKTIRAKSA", "CITAMAJA", "PURNAJASA", "SANTIKARA",
    "TALENTARA",
)  # fmt: skip
AGENCIES = 424  # licensed agencies in April 2024


@dataclass(frozen=True, slots=True)
class Agency:
    """A licensed placement agency (P3MI): licence (SIP3MI), seat, deposit in rupiah, destinations."""

    key: str
    name: str
    licence: str
    licensed: date
    expires: date
    regency: str
    deposit: int
    capital: int
    countries: tuple[str, ...]
    status: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Employer:
    """An employer abroad, or the agency there that answers for households (mitra usaha)."""

    key: str
    name: str
    kind: str
    iso3: str
    district: str
    town: str
    sector: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class TrainingBody:
    """A training centre at home (LPK, BLK): where, and for which jobs and languages."""

    key: str
    name: str
    regency: str
    teaches: tuple[str, ...]
    seats: int


@dataclass(frozen=True, slots=True)
class Lender:
    """A bank that gives placement credits (KUR)."""

    key: str
    name: str


def agency_names() -> list[str]:
    """Names of all invented agencies, the ones with papers first."""
    n = len(_FIRST)
    return [f"PT {_FIRST[i % n]} {_SECOND[(i + i // n) % n]}" for i in range(AGENCIES)]


# regency of the seat, day of the licence, destinations, status
_PAPERS = (
    ("3171", date(2022, 3, 14), "HKG TWN SGP", "active", ""),
    ("3212", date(2023, 6, 5), "TWN HKG", "active", ""),
    ("3209", date(2021, 12, 20), "TWN MYS SAU", "active", "izin berakhir dalam sebulan"),
    ("3175", date(2024, 2, 8), "HKG TWN", "active", ""),
    ("3275", date(2023, 9, 19), "MYS BRN", "active", ""),
    ("3174", date(2022, 11, 2), "JPN KOR DEU", "active", ""),
    ("3301", date(2024, 5, 27), "HKG SGP TWN", "active", ""),
    ("3324", date(2022, 8, 15), "TWN SGP", "active", ""),
    ("3507", date(2023, 1, 23), "HKG TWN", "active", ""),
    ("3505", date(2024, 7, 11), "HKG TWN MYS", "active", ""),
    ("3502", date(2022, 4, 4), "TWN HKG KOR", "active", ""),
    ("3578", date(2025, 1, 13), "TWN HKG SGP", "active", ""),
    ("3510", date(2023, 10, 30), "HKG", "active", ""),
    ("5203", date(2024, 3, 18), "MYS", "active", ""),
    ("5202", date(2022, 9, 26), "MYS SAU", "suspended", "merekrut untuk negara yang ditutup"),
    ("5171", date(2023, 5, 9), "ITA TUR POL", "active", ""),
    ("1271", date(2022, 6, 21), "MYS", "active", ""),
    ("1807", date(2025, 4, 7), "TWN HKG SGP", "active", ""),
    ("3603", date(2021, 10, 12), "SAU ARE QAT", "expired", "izin berakhir dan tidak diperpanjang"),
    ("3173", date(2023, 3, 28), "SAU ARE KWT", "active", ""),
    ("3216", date(2024, 9, 3), "JPN", "active", ""),
    ("3273", date(2022, 12, 6), "JPN TWN", "active", ""),
    ("3374", date(2025, 6, 16), "POL HUN SVK", "active", ""),
    ("3519", date(2023, 8, 1), "TWN HKG", "suspended", "deposito dicairkan dan belum ditambah"),
    ("3172", date(2024, 11, 25), "TWN USA FJI", "active", "crew"),
    ("3328", date(2022, 2, 17), "TWN ESP CHN", "active", "crew"),
    ("3209", date(2025, 8, 20), "TWN", "active", ""),
    ("3210", date(2023, 11, 14), "MYS SGP", "active", ""),
    ("5371", date(2024, 6, 10), "MYS", "active", ""),
    ("3525", date(2020, 5, 18), "MYS SAU", "revoked", "placed workers without a recruitment permit"),
)
MINIMUM_DEPOSIT = 1_500_000_000
MINIMUM_CAPITAL = 5_000_000_000


def _agencies() -> list[Agency]:
    """Give papers to the first thirty names: a licence lasts five years; a used deposit is half gone."""
    out = []
    for i, (name, (regency, day, countries, status, note)) in enumerate(zip(agency_names(), _PAPERS, strict=False)):
        out.append(
            Agency(
                key=f"p3mi-{name.removeprefix('PT ').lower().replace(' ', '-')}",
                name=name,
                licence=f"CONTOH-SIP3MI/{i + 1:03d}/{day.year}",
                licensed=day,
                expires=date(day.year + 5, day.month, day.day),
                regency=regency,
                deposit=MINIMUM_DEPOSIT // 2 if "deposit" in note else MINIMUM_DEPOSIT + i % 4 * 250_000_000,
                capital=MINIMUM_CAPITAL + i % 5 * 1_000_000_000,
                countries=tuple(countries.split()),
                status=status,
                note=note,
            )
        )
    return out


PARTY_AGENCIES: list[Agency] = _agencies()

EMPLOYERS: list[Employer] = [
    Employer("hk-lantern", "Lantern Bay Employment Centre (Sample)", "partner", "HKG", "HKG-HONGKONG", "KOWLOON", "domestic"),
    Employer("hk-peakview", "Peakview Domestic Helpers (Sample)", "partner", "HKG", "HKG-HONGKONG", "SHA TIN", "domestic",
             "wage complaints in 2025"),
    Employer("tw-yuehai", "Yuehai Precision Works (Sample)", "company", "TWN", "TWN-TAIPEI", "TAOYUAN", "manufacturing"),
    Employer("tw-evergarden", "Evergarden Care Home (Sample)", "company", "TWN", "TWN-TAIPEI", "TAICHUNG", "health"),
    Employer("tw-northwharf", "North Wharf Fishery (Sample)", "principal", "TWN", "TWN-TAIPEI", "KEELUNG", "crew",
             "distant-water vessels"),
    Employer("tw-brightpath", "Brightpath Manpower (Sample)", "partner", "TWN", "TWN-TAIPEI", "NEW TAIPEI", "domestic"),
    Employer("my-serayu", "Ladang Serayu Utara (Contoh)", "company", "MYS", "MYS-TAWAU", "TAWAU", "plantation",
             "passports of workers were kept in 2024"),
    Employer("my-kinarut", "Ladang Kinarut Jaya (Contoh)", "company", "MYS", "MYS-KOTAKINABALU", "KOTA KINABALU", "plantation"),
    Employer("my-tebrau", "Tebrau Elektronik (Contoh)", "company", "MYS", "MYS-JOHORBAHRU", "JOHOR BAHRU", "manufacturing"),
    Employer("sg-merlionest", "Merlionest Home Services (Sample)", "partner", "SGP", "", "SINGAPURA", "domestic"),
    Employer("sa-nakhla", "Nakhla Home Services (Sample)", "partner", "SAU", "SAU-JEDDAH", "JEDDAH", "domestic"),
    Employer("jp-asagiri", "Asagiri Care Cooperative (Sample)", "company", "JPN", "JPN-TOKYO", "GUNMA", "health"),
    Employer("kr-hanbit", "Hanbit Castings (Sample)", "company", "KOR", "", "ANSAN", "manufacturing"),
    Employer("pl-wislana", "Wislana Foods (Sample)", "company", "POL", "", "POZNAN", "manufacturing"),
]  # fmt: skip

LENDERS: list[Lender] = [Lender("bank-lokaraya", "Bank Lokaraya (Contoh)")]

TRAINING_BODIES: list[TrainingBody] = [
    TrainingBody("lpk-carang-ilmu", "LPK Carang Ilmu (Contoh)", "3212", ("house_maid", "caregiver", "mandarin"), 120),
    TrainingBody("lpk-samudra-tutur", "LPK Samudra Tutur (Contoh)", "3209", ("caregiver", "japanese"), 80),
    TrainingBody("lpk-wijaya-basa", "LPK Wijaya Basa (Contoh)", "3301", ("japanese", "construction_worker"), 90),
    TrainingBody("lpk-sabda-karsa", "LPK Sabda Karsa (Contoh)", "3507", ("korean", "worker"), 150),
    TrainingBody("blk-rinjani-terampil", "BLK Rinjani Terampil (Contoh)", "5203", ("plantation_worker", "worker"), 200),
    TrainingBody(
        "lpk-krakatau-bahasa", "LPK Krakatau Bahasa (Contoh)", "1807", ("house_maid", "cantonese", "mandarin"), 100
    ),
    TrainingBody("lpk-dewata-layar", "LPK Dewata Layar (Contoh)", "5171", ("hospitality", "seafarer", "italian"), 110),
    TrainingBody("lpk-bahari-tegal", "LPK Bahari Tegal (Contoh)", "3328", ("fisher", "seafarer"), 140),
]
