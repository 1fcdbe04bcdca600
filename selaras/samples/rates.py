"""How often the registers are wrong: every fault has a rate, and its default is an assumption, not a measurement."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class NameRates:
    """Share of rows whose name suffers each fault (a row may suffer several)."""

    spelling: float
    typo: float
    shorter: float
    initial: float
    joined: float
    split: float
    swapped: float
    cut: float
    title: float
    father: float
    upper: float
    title_case: float


@dataclass(frozen=True, slots=True)
class NumberRates:
    """Share of rows whose NIK suffers each fault; at most one per row."""

    blank: float
    placeholder: float
    second: float
    family_card: float
    other_person: float
    excel: float
    typo: float
    swapped: float
    fifteen: float
    seventeen: float


@dataclass(frozen=True, slots=True)
class RegisterRates:
    """All faults of one register's rows."""

    name: NameRates
    nik: NumberRates
    blank: dict[str, float]
    passport_typo: float
    passport_spaced: float
    passport_lower: float
    passport_old: float
    passport_new: float
    day_month: float
    first_january: float
    date_typo: float
    year_1900: float
    false_age: float
    place_other: float
    place_typo: float
    mother_fault: float
    phone_agency: float
    phone_abroad: float
    phone_typo: float
    phone_lost_zero: float
    country_variant: float
    junk: float


def _placement_register() -> RegisterRates:
    """Defaults of the placement register: typed from identity cards by agencies and desks."""
    return RegisterRates(
        name=NameRates(0.055, 0.030, 0.012, 0.008, 0.008, 0.006, 0.006, 0.008, 0.004, 0.006, 0.965, 0.030),
        nik=NumberRates(0.040, 0.006, 0.35, 0.004, 0.005, 0.006, 0.012, 0.004, 0.0016, 0.0010),
        blank={
            "birth_place": 0.010,
            "birth_date": 0.005,
            "sex": 0.002,
            "mother": 0.25,
            "passport": 0.061,
            "phone": 0.12,
            "regency": 0.010,
            "village": 0.08,
        },
        passport_typo=0.012,
        passport_spaced=0.010,
        passport_lower=0.010,
        passport_old=0.05,
        passport_new=0.0,
        day_month=0.006,
        first_january=0.010,
        date_typo=0.012,
        year_1900=0.0008,
        false_age=0.45,
        place_other=0.16,
        place_typo=0.012,
        mother_fault=0.10,
        phone_agency=0.04,
        phone_abroad=0.0,
        phone_typo=0.010,
        phone_lost_zero=0.02,
        country_variant=0.14,
        junk=0.0,
    )


def _citizens_register() -> RegisterRates:
    """Defaults of the citizens' register abroad: typed by the citizens themselves, mostly on a telephone."""
    return RegisterRates(
        name=NameRates(0.088, 0.050, 0.038, 0.020, 0.018, 0.010, 0.022, 0.010, 0.012, 0.030, 0.57, 0.335),
        nik=NumberRates(0.410, 0.009, 0.30, 0.012, 0.009, 0.012, 0.020, 0.007, 0.0045, 0.0026),
        blank={
            "birth_place": 0.050,
            "birth_date": 0.014,
            "sex": 0.027,
            "mother": 0.62,
            "passport": 0.069,
            "phone": 0.11,
            "regency": 0.36,
            "village": 0.70,
            "city": 0.015,
            "status": 0.008,
        },
        passport_typo=0.020,
        passport_spaced=0.045,
        passport_lower=0.060,
        passport_old=0.06,
        passport_new=0.36,
        day_month=0.018,
        first_january=0.018,
        date_typo=0.020,
        year_1900=0.003,
        false_age=0.90,
        place_other=0.24,
        place_typo=0.022,
        mother_fault=0.16,
        phone_agency=0.004,
        phone_abroad=0.74,
        phone_typo=0.012,
        phone_lost_zero=0.03,
        country_variant=0.30,
        junk=0.015,
    )


def _members_register() -> RegisterRates:
    """Defaults of the social security's list: typed by agencies from cards and contracts."""
    usual = _placement_register()
    return replace(
        usual,
        name=replace(usual.name, spelling=0.070, typo=0.040, shorter=0.030, initial=0.015),
        nik=replace(usual.nik, blank=0.015, placeholder=0.004, typo=0.022, swapped=0.006),
        blank=usual.blank | {"mother": 0.45, "phone": 0.30},
        date_typo=0.018,
    )


def _roster() -> RegisterRates:
    """Defaults of the government's own placements: few rows, read twice."""
    usual = _placement_register()
    tidy = NameRates(0.008, 0.004, 0.002, 0.0, 0.002, 0.001, 0.001, 0.0, 0.0, 0.0, 1.0, 0.0)
    return replace(
        usual,
        name=tidy,
        nik=NumberRates(0.002, 0.0, 0.10, 0.0, 0.0, 0.0, 0.002, 0.0, 0.0, 0.0),
        blank=dict.fromkeys(usual.blank, 0.0) | {"passport": 0.01},
        passport_typo=0.002, passport_spaced=0.0, passport_lower=0.0, passport_old=0.01,
        day_month=0.001, first_january=0.001, date_typo=0.002, year_1900=0.0,
    )  # fmt: skip


def _population() -> RegisterRates:
    """Defaults of the population register: the source of the NIK and the birth date, spelt as on the identity card."""
    tidy = NameRates(0.004, 0.002, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    usual = _placement_register()
    return replace(
        usual,
        name=tidy,
        nik=NumberRates(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        blank=dict.fromkeys(usual.blank, 0.0) | {"mother": 0.03},
        day_month=0.0, first_january=0.0, date_typo=0.0005, year_1900=0.0, false_age=0.0,
        place_other=0.10, place_typo=0.002, mother_fault=0.01,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FurtherRates:
    """What the further registers cover, and their faults; strangers are people of whom neither of the two registers knows."""

    members: RegisterRates = field(default_factory=_members_register)
    roster: RegisterRates = field(default_factory=_roster)
    population: RegisterRates = field(default_factory=_population)
    strangers: float = 0.10
    crossings_recorded: float = 0.85
    visits_home_a_year: float = 0.15
    machine_misread: float = 0.012
    machine_width: int = 20
    members_covered: float = 0.70
    population_covered: float = 0.80
    died_at_home: float = 0.006


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates of the whole nation; a register's `second` and `false_age` hold for persons who have such a thing."""

    placement: RegisterRates = field(default_factory=_placement_register)
    citizens: RegisterRates = field(default_factory=_citizens_register)
    persons_with_second_nik: float = 0.018
    workers_with_false_age: float = 0.030
    passports_with_fathers_name: float = 0.06
    twins: float = 0.006
    siblings: float = 0.10
    couples: float = 0.08
    mothers_known: float = 0.02
    namesakes: float = 0.006
    renewals_counted_twice: float = 0.028
    returns_reported: float = 0.45
    further: FurtherRates = field(default_factory=FurtherRates)
