"""The cast: officers with invented names who show what each desk may see and do.

A worker and a family member are no officers: they come in by the worker's door and are not listed here.
"""

from dataclasses import dataclass

HOST = "contoh.selaras.example"


@dataclass(frozen=True, slots=True)
class CastMember:
    """An officer of the demo: `office_key` is the key of an office of the tree."""

    key: str
    name: str
    email: str
    role: str
    office_key: str
    story_id: str
    story_en: str


def _member(key: str, name: str, role: str, office_key: str, story_id: str, story_en: str) -> CastMember:
    return CastMember(key, name, f"{key}@{HOST}", role, office_key, story_id, story_en)


CAST: list[CastMember] = [
    _member(
        "desa", "Warniti Desa Loyang", "village_officer", "desa-3212042003",
        "Perangkat Desa Loyang, Indramayu: mencatat calon, mengetahui surat izin keluarga, dan hanya melihat warga desanya.",
        "Village officer of Loyang, Indramayu: records candidates, acknowledges permission letters, sees her own village only.",
    ),
    _member(
        "ltsa", "Darkim Loket Cirebon", "desk_officer", "ltsa-cirebon",
        "Petugas LTSA dan pusat layanan migran Cirebon: melayani antrean hari ini dan mencari orang di Kabupaten Cirebon.",
        "Desk officer of the one-roof service in Cirebon: serves today's queue and finds people of Cirebon regency.",
    ),
    _member(
        "dinas", "Turinih Dinas Indramayu", "dinas_officer", "kabkota-3212",
        "Dinas tenaga kerja Indramayu: memeriksa lima syarat dan delapan dokumen bagi seluruh kabupaten.",
        "Labour office of Indramayu: verifies the five conditions and eight documents for the whole regency.",
    ),
    _member(
        "bp3mi", "Asep Balai Jawa Barat", "bp3mi_officer", "bp3mi-jawa-barat",
        "BP3MI Jawa Barat: memutus kelayakan berangkat dan melihat seluruh provinsi.",
        "Regional office of West Java: decides at the departure gate and sees the whole province.",
    ),
    _member(
        "taipei", "Mei Atase Taipei", "mission_officer", "kdei-taipei",
        "Bidang tenaga kerja KDEI Taipei: melihat pekerja di Taiwan, lowongan, dan kasus yang ditanganinya.",
        "Labour section of the trade office in Taipei: sees workers in Taiwan, job orders, and its own cases.",
    ),
    _member(
        "hongkong", "Ketut Konsul Hong Kong", "mission_officer", "kjri-hong-kong",
        "KJRI Hong Kong: melihat warga di Hong Kong dan Makau beserta kasusnya.",
        "Consulate General in Hong Kong: sees citizens in Hong Kong and Macao, and their cases.",
    ),
    _member(
        "tawau", "Baso Konsul Tawau", "mission_officer", "kri-tawau",
        "KRI Tawau: melihat pekerja kebun di wilayah Tawau, bukan seluruh Malaysia.",
        "Consulate in Tawau: sees plantation workers of the Tawau district, not the whole of Malaysia.",
    ),
    _member(
        "penelaah", "Lestari Penelaah Satu", "reviewer", "kp2mi",
        "Penelaah KP2MI: menilai pasangan data yang meragukan; melihat seluruh negeri, hanya data yang perlu dibandingkan.",
        "Reviewer at the ministry (KP2MI): judges doubtful pairs; national reach, only the fields that are compared.",
    ),
    _member(
        "penelaah2", "Wahyu Penelaah Dua", "reviewer", "kp2mi",
        "Penelaah kedua KP2MI: mata kedua untuk keputusan yang tidak boleh diambil sendiri.",
        "Second reviewer at the ministry: the second pair of eyes for what nobody decides alone.",
    ),
    _member(
        "kemlu", "Fransiska Data Kemlu", "data_officer", "kemlu",
        "Petugas data Kemlu: mengirim ekspor Peduli WNI dan melihat baris yang ditolak dari kirimannya.",
        "Data officer of the foreign ministry: delivers the Peduli WNI export and sees the rejected rows of her own delivery.",
    ),
    _member(
        "p3mi", "Hotman Agensi Arunika", "agency_officer", "p3mi-arunika-wistara",
        "Petugas P3MI PT Arunika Wistara: hanya melihat orang yang ditempatkan perusahaannya.",
        "Officer of the agency PT Arunika Wistara: sees only the people whom his agency places.",
    ),
    _member(
        "bank", "Sulastri Bank Lokaraya", "lender_officer", "bank-lokaraya",
        "Petugas bank penyalur KUR: menjawab permohonan kepada banknya dalam lima hari kerja; data lain tidak terlihat.",
        "Officer of a bank that lends (KUR): answers the requests made to her bank within five working days; sees nothing else.",
    ),
    _member(
        "izin", "Retno Perizinan KP2MI", "licensing_officer", "kp2mi",
        "Petugas perizinan KP2MI: memberi izin P3MI dan SIP2MI, mengawasi deposito, menetapkan negara yang terbuka.",
        "Licensing officer of the ministry (KP2MI): licences agencies, issues permits to recruit, says which country is open.",
    ),
    _member(
        "kemenko", "Ayu Pengarah Kemenko", "steering", "kemenko-pm",
        "Pengarah di Kemenko: melihat angka nasional dan janji yang belum berbukti, bukan nama orang.",
        "Steering at the coordinating ministry: sees national figures and promises without evidence, no names.",
    ),
    _member(
        "auditor", "Zulkifli Auditor Jejak", "auditor", "audit",
        "Auditor: membaca buku jejak dan membuktikan bahwa tidak ada baris yang diubah; tidak mengubah apa pun.",
        "Auditor: reads the ledger and proves that no line was changed; changes nothing.",
    ),
    _member(
        "admin", "Yohanes Admin Sistem", "administrator", "selaras",
        "Administrator sistem: mengelola akun, kantor, dan peran; tidak membuka data pekerja.",
        "System administrator: keeps accounts, offices and roles; does not open workers' records.",
    ),
]  # fmt: skip
