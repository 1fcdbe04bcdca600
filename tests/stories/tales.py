"""The stories, one for each scheme: from the village to departure and home again, each with one thing going wrong and being mended."""

from tests.stories.telling import AGENCY, PAGE, PEOPLE, Hero, Tale, article, written

SEEN = "Semua baris dan dokumen aslinya dilihat bersama pekerja"


def p_to_p() -> Tale:
    """A passport without its last day, a receipt without an amount; held because nobody had verified the visa."""
    tale = Tale(
        "p_to_p", Hero("Siti Rohaeti", "F", "17-05-1995", 1), "Siti wants to work in a factory in Taiwan, through an agency.",
        "at the gate nobody has verified her visa, so she is held; a second officer confirms that she may leave. Two small things before that: "
        "a passport without its last day, and a receipt without an amount.",
        "taipei", "The agency PT Contoh Jaya is licensed, and its agreement with the employer Yuehai Precision was verified by the mission.",
    )  # fmt: skip
    tale.tell(
        f"{_first('agency')} of the agency PT Contoh Jaya asks the mission to attest a job order of five places.", "asks_order",
        ("Asked. The mission decides now.",), who="agency",
    )  # fmt: skip
    tale.tell(
        f"{_first('taipei')} of the mission in Taipei has looked at the employer, and attests it.", "attests", ("Attested.",),
        who="taipei", number="JO/TPE/7",
    )  # fmt: skip
    tale.tell(
        f"{_first('agency')} asks for the permit to recruit (SIP2MI): nobody may be recruited before it is issued.", "asks_permit",
        ("Asked. The ministry decides now.",), who="agency",
    )  # fmt: skip
    tale.tell(
        f"{_first('licensing')} of licensing at the ministry issues it.", "issues", ("Issued.",), who="licensing", number="SIP2MI/TPE/7"
    )
    tale.registers("village")
    tale.begins("village", country="TWN", agency=AGENCY, job_order="JO/TPE/7")
    tale.does("village", "record")
    tale.does("village", "inform")
    tale.does("village", "letters")
    tale.verifies("dinas", "marital_letter")
    tale.verifies("dinas", "permission_letter")
    tale.does("dinas", "register")
    tale.does("agency", "selection")
    tale.does("agency", "health")
    tale.verifies("dinas", "health_result")
    tale.does("agency", "placement_agreement")
    tale.verifies("dinas", "placement_agreement")
    tale.brings(
        "agency", "passport", "Agus brings the passport, and leaves out its last day. The page does not take it:",
        ("Write the last day on which this paper is valid: it stands on the paper.",), kept=False, valid_until="",
    )  # fmt: skip
    tale.mends("agency", "Agus reads the day from the passport and writes it.", ("The paper is kept.",), valid_until="in five years")
    tale.does("agency", "passport")
    tale.verifies("dinas", "passport")
    tale.tell(
        "Siti paid for the passport herself. Indra writes it down with the photograph of the receipt, but without the amount:", "pays",
        (
            "The receipt is here, but no amount. Read it from the receipt, or ask the worker, and write it down.",
            "Choose the file again: a browser does not keep it.",
        ),
        who="dinas",
    )  # fmt: skip
    tale.mends("dinas", "Indra reads the amount from the receipt.", ("The cost is written down.", "350,000 IDR"), amount="350.000")
    tale.goes_on("credit")
    tale.leaves_out("dinas", "credit", "Siti tidak memerlukan pinjaman.", "Siti needs no loan")
    tale.goes_on("gate", unverified=("visa",))
    tale.holds(
        "bp3mi", "Visa belum diperiksa keasliannya", (f"Work visa: It is there, but nobody has verified it yet. {article('UU18:13f')}",)
    )
    tale.verifies("bp3mi", "visa", words="Visa dilihat di sistem imigrasi")
    tale.proposes("bp3mi", "Visa kini sudah diperiksa")
    tale.confirms("colleague", "Visa dan semua baris dilihat sendiri")
    tale.comes_home()
    return tale


def g_to_g_korea() -> Tale:
    """A place on the Korean roster that runs out."""
    tale = Tale(
        "g_to_g_korea", Hero("Wartono", "M", "30-01-2001", 2), "Wartono wants to work in a Korean factory, through the government's programme.",
        "no employer chooses him within two years, so his place on the roster runs out and the journey ends by itself. It is begun again; "
        "what is about him still holds, but the language certificate has run out, too.",
        "seoul",
    )  # fmt: skip
    tale.registers("village")
    tale.begins("village")
    tale.goes_on("slc")
    tale.looks("dinas", "Indra sees on the page how long the place holds:", ("The place in the queue holds until …",))
    tale.tell("Twenty-five months pass.", "time_passes", months=25)
    tale.tell(
        "In the night the portal ends what waited too long. Indra opens the page of the journey:", "night",
        ("Wartono: the place in the queue was over", "The journey ended here: the place in the queue was over."), who="dinas",
    )  # fmt: skip
    tale.tell("Indra begins again; the new journey points to the one before.", "restarts", ("The journey before this one",), who="dinas")
    tale.done.clear()
    tale.brought.clear()
    tale.goes_on("language")
    tale.looks(
        "bp3mi", "The exam lies more than two years back. Bima sees it at the step **Ujian EPS-TOPIK dan uji warna**:",
        (f"EPS-TOPIK certificate ended on …. {article('EPS:ujian')}",),
    )  # fmt: skip
    tale.brings("bp3mi", "eps_topik", "Wartono passes the exam once more, and Bima brings the new certificate.", ("The paper is kept.",))
    tale.verifies("bp3mi", "eps_topik")
    tale.does("bp3mi", "language")
    tale.goes_on("gate")
    tale.allows("bp3mi", SEEN)
    tale.comes_home()
    return tale


def g_to_g_japan() -> Tale:
    """A step out of order: the passport before the match."""
    tale = Tale(
        "g_to_g_japan", Hero("Yuniarti", "F", "12-03-1998", 3), "Yuniarti is a nurse and wants to work in Japan, through the government's programme.",
        "her passport is to be written down before the match, which in this programme comes first.", "tokyo",
    )  # fmt: skip
    tale.registers("village")
    tale.begins("village")
    tale.goes_on("match")
    tale.tries(
        "dinas", "passport", "Indra tries the step **Paspor, baru sesudah matching** at once. The page says no:",
        ("This step is not possible yet", f"“Selection and matching” comes first. {article('IJEPA:matching')}"),
    )  # fmt: skip
    tale.does("bp3mi", "match")
    tale.does("dinas", "passport")
    tale.verifies("dinas", "passport")
    tale.goes_on("gate")
    tale.allows("bp3mi", SEEN)
    tale.comes_home()
    return tale


def g_to_g_germany() -> Tale:
    """Held for a torn passport, and an appeal."""
    tale = Tale(
        "g_to_g_germany", Hero("Rizki Maulana", "M", "08-09-1996", 4), "Rizki is a nurse and wants to work in Germany, through the government's programme.",
        "at the gate his passport is found torn, and he is held. He objects, brings a new one, and the hold is set aside by somebody who did not decide.",
        "berlin",
    )  # fmt: skip
    tale.registers("village")
    tale.begins("village")
    tale.goes_on("gate")
    tale.verifies("bp3mi", "passport", "refused", "Halaman foto robek")
    tale.holds(
        "bp3mi", "Paspor robek pada halaman foto",
        (f"Passport: It was looked at and does not count. {article('UU18:13e')}",),
    )  # fmt: skip
    tale.objects(
        "village", "Kantor imigrasi sudah memberi paspor baru kemarin", "the immigration office gave him a new passport yesterday."
    )
    tale.renews("dinas", "passport", "Indra of the labour office of Indramayu puts the new passport in the place of the torn one.", number="C7700444")
    tale.verifies("dinas", "passport")
    tale.grants("colleague", "Paspor baru sudah dilihat")
    tale.proposes("bp3mi", "Paspor baru sah")
    tale.confirms("colleague", "Paspor baru dilihat sendiri")
    tale.comes_home()
    return tale


def ssw_agency() -> Tale:
    """The agency is suspended while the worker stands before the gate."""
    tale = Tale(
        "ssw_agency", Hero("Dewi Lestari", "F", "21-11-1997", 5), "Dewi wants to work in a care home in Japan as a specified skilled worker, through an agency.",
        "the ministry suspends the agency, so the gate holds her until that is lifted.", "tokyo",
        "The agency has a job order for Japan, attested by the embassy in Tokyo, and the permit to recruit for it.",
    )  # fmt: skip
    tale.registers("village")
    tale.begins("village", agency=AGENCY, job_order="JO/TYO/1")
    tale.goes_on("gate")
    tale.tell(
        "Lina of licensing at the ministry suspends the agency: its workers in another country were not helped.", "suspends",
        ("Suspended.", "suspended since"), who="licensing",
    )  # fmt: skip
    tale.holds("bp3mi", "Izin P3MI sedang dihentikan sementara", (f"PT Contoh Jaya is suspended since …. {article('UU18:51')}",))
    tale.tell("The agency does its duty, and Lina lifts the suspension.", "lifts", ("Lifted.", "licensed until"), who="licensing")
    tale.proposes("bp3mi", "Penghentian sementara sudah dicabut")
    tale.confirms("colleague", "Izin dilihat pada daftar Kementerian")
    tale.comes_home()
    return tale


def ssw_self() -> Tale:
    """A health letter that is too old."""
    tale = Tale(
        "ssw_self", Hero("Bagus Prasetyo", "M", "03-07-1999", 6), "Bagus found work on a farm in Japan himself, as a specified skilled worker.",
        "his health letter is more than three months old.", "tokyo", "The employer in Japan stands in the register as a legal entity.",
    )  # fmt: skip
    tale.registers("village")
    tale.begins("village")
    tale.leads("dinas", "Indra of the labour office of Indramayu writes down who the employer is.", country="JPN", employer="jp-mori")
    tale.goes_on("health")
    tale.brings("dinas", "health_result_fresh", "Indra brings a health letter of five months ago.", ("The paper is kept.",), issued_on="five months ago")
    tale.looks(
        "dinas", "Beside the step **Pemeriksaan kesehatan dan psikologi, paling lama tiga bulan** the page says why it cannot be done yet:",
        (f"Health letter at most three months old is older than 3 months. {article('SSW:MCU')}",),
    )  # fmt: skip
    tale.brings("dinas", "health_result_fresh", "Bagus is examined anew, and Indra brings the new letter.", ("The paper is kept.",))
    tale.verifies("bp3mi", "health_result_fresh")
    tale.does("dinas", "health")
    tale.goes_on("gate")
    tale.allows("bp3mi", SEEN)
    tale.comes_home()
    return tale


def ukps() -> Tale:
    """A contract without a term that the law asks for."""
    tale = Tale(
        "ukps", Hero("Andi Saputra", "M", "25-12-1990", 7), "Andi's own company sends him to its factory in Taiwan.",
        "the work contract says nothing of safety at work.", "taipei",
    )  # fmt: skip
    tale.registers("dinas")
    tale.begins("dinas", country="TWN")
    tale.goes_on("contract")
    tale.tell(
        "Bima of the regional office writes down what the signed contract says, term by term. Of safety it says nothing:", "writes_contract",
        (f"The contract must say this ({article('UU18:15(2)g')}). Ask for a contract that does.",), who="bp3mi", without="safety",
    )  # fmt: skip
    tale.mends(
        "bp3mi", "The company gives Andi a contract that does. Bima writes the term down.", ("Written down.", "29,500 TWD a month"),
        term_safety="Alat pelindung diri dan pelatihan keselamatan",
    )  # fmt: skip
    tale.does("bp3mi", "contract")
    tale.verifies("bp3mi", "contract")
    tale.goes_on("gate")
    tale.allows("bp3mi", SEEN)
    tale.comes_home()
    return tale


def self_placed() -> Tale:
    """Refused at the border, then on the lawful way."""
    tale = Tale(
        "self_placed", Hero("Kusnadi", "M", "17-03-1997", 8), "Kusnadi was promised work in a hotel in Hong Kong and went to the airport at once.",
        "he was refused at the border, since he had none of the papers. He goes the lawful way then, as a self-placed worker.", "hongkong",
        "The hotel stands in the register as a legal entity.",
    )  # fmt: skip
    tale.enters_refused(
        "bp3mi", "Tidak membawa satu pun dokumen penempatan", ("Entered. This is the record.", "refused at the border when leaving on …, written down by Bima")
    )  # fmt: skip
    tale.begins("village", country="HKG")
    tale.leads("dinas", "Indra of the labour office of Indramayu writes down who the employer is.", country="HKG", employer="hk-wing")
    tale.goes_on("gate")
    tale.allows("bp3mi", SEEN)
    tale.comes_home()
    return tale


def re_entry() -> Tale:
    """A passport that ended yesterday."""
    tale = Tale(
        "re_entry", Hero("Darnati", "F", "11-12-1991", 9), "Darnati works in Hong Kong, is at home on leave, and goes back.",
        "her passport ended while she was at home.", "hongkong",
    )  # fmt: skip
    tale.registers("village")
    tale.begins("village", country="HKG")
    tale.does("village", "leave")
    tale.verifies("bp3mi", "leave_letter")
    tale.verifies("bp3mi", "photo")
    tale.brings(
        "dinas", "passport", "Indra of the labour office of Indramayu writes her passport down. The page does not take it:",
        ("This paper is no longer valid: it ended on …. Bring a newer one.",), kept=False, valid_until="yesterday", issued_on="five years ago",
    )  # fmt: skip
    tale.mends(
        "dinas", "Darnati has a new passport made; Indra writes its number and days.", ("The paper is kept.",), number="C5500999",
        issued_on="today", valid_until="in five years",
    )  # fmt: skip
    tale.verifies("dinas", "passport")
    tale.goes_on("gate")
    tale.allows("bp3mi", SEEN)
    tale.comes_home()
    return tale


def crew_merchant() -> Tale:
    """A certificate with the number of somebody else's."""
    tale = Tale(
        "crew_merchant", Hero("Rudi Hartono", "M", "14-08-1994", 10), "Rudi goes to sea on a merchant ship of a foreign flag, through an agency.",
        "the number on his seafarer's certificate stands with another person already. It was read wrong.", "taipei",
        "The agency has a job order of the ship's principal, and the permit to recruit for it.",
    )  # fmt: skip
    tale.registers("village")
    tale.begins("village", country="TWN", agency=AGENCY, job_order="JO/SEA/1")
    tale.goes_on("certificates")
    tale.brings(
        "agency", "sea_certificates", "Agus of the agency PT Contoh Jaya brings the seafarer's certificate. The page keeps it, but it does not count:",
        (
            "The number of this paper stands with another record already, so it does not count. Compare the number with the paper.",
            "The number stands with another record already. The ministry's reviewers have been told.",
        ),
        kept=False, number="BST/2024/0077",
    )  # fmt: skip
    tale.renews("agency", "sea_certificates", "Agus reads the number again: it ends with 78, not with 77.", number="BST/2024/0078")
    tale.verifies("dinas", "sea_certificates")
    tale.does("agency", "certificates")
    tale.goes_on("gate")
    tale.brings("agency", "agency_agreement", "The gate looks at the agreement between agency and principal, too. Agus brings it.", ("The paper is kept.",))
    tale.verifies("bp3mi", "agency_agreement")
    tale.says_of("bp3mi", "visa_required", "Is a work visa asked for?", "Pelabuhan naik kapal tidak memintanya")
    tale.says_of("bp3mi", "seafarer_id_required", "Is a seafarer identity document asked for?", "Negara bendera tidak memintanya")
    tale.allows("bp3mi", SEEN)
    tale.comes_home()
    return tale


def crew_fishing() -> Tale:
    """Under eighteen, by a year that was written wrong."""
    tale = Tale(
        "crew_fishing", Hero("Slamet Riyadi", "M", "02-06-2001", 11), "Slamet goes to sea on a fishing boat of a foreign flag, through an agency.",
        "by the record he is under eighteen, and nothing can be begun. The year was written wrong: his identity card shows it.", "taipei",
        "The agency has a job order of the ship's principal, and the permit to recruit for it.",
    )  # fmt: skip
    tale.registers("village", birth="02-06-2010")
    tale.begins(
        "village", country="TWN", agency=AGENCY, job_order="JO/SEA/1", begun=False,
        says=("The person is too young: this scheme is for people of 18 years and more. Nothing can be begun before that birthday.",),
    )  # fmt: skip
    tale.corrects("village", "Slamet shows his identity card: he was born in 2001. Desi corrects the record.", birth="02-06-2001", reason="KTP ditunjukkan")
    tale.begins("village", country="TWN", agency=AGENCY, job_order="JO/SEA/1")
    tale.does("village", "record")
    tale.goes_on("gate")
    tale.brings("agency", "agency_agreement", "Agus brings the agreement between agency and principal, at which the gate looks, too.", ("The paper is kept.",))
    tale.verifies("bp3mi", "agency_agreement")
    tale.says_of("bp3mi", "visa_required", "Is a work visa asked for?", "Pelabuhan naik kapal tidak memintanya")
    tale.allows("bp3mi", SEEN)
    tale.comes_home()
    return tale


def _first(who: str) -> str:
    return PEOPLE[who].first


TALES = (p_to_p, g_to_g_korea, g_to_g_japan, g_to_g_germany, ssw_agency, ssw_self, ukps, self_placed, re_entry, crew_merchant, crew_fishing)


def page() -> str:
    """Give the page of all stories."""
    return written(tell() for tell in TALES)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
