"""Spellings of countries in Indonesian registers → ISO 3166 alpha-3; an unknown spelling is None, never a guess."""

import re
import unicodedata
from functools import lru_cache

import pycountry

_NAMES = """
AFG Afganistan|ALB Albania|DZA Aljazair|AND Andora|ARG Argentina|ARM Armenia|AUS Australia|AUT Austria|AZE Azerbaijan
BHS Bahama|BHR Bahrain,Bahrein|BGD Bangladesh|BRB Barbados|BLR Belarusia,Belarus|BEL Belgia|BLZ Belize|BEN Benin
BTN Bhutan|BOL Bolivia|BIH Bosnia,Bosnia dan Herzegovina,Bosnia Herzegovina|BWA Botswana|BRA Brasil,Brazil
BRN Brunei,Brunei Darussalam,Brunai|BGR Bulgaria|BFA Burkina Faso|BDI Burundi|KHM Kamboja,Kampuchea|CMR Kamerun
CAN Kanada|CPV Tanjung Verde|CAF Afrika Tengah|TCD Chad|CHL Chili,Cile|COL Kolombia|COM Komoro
COG Kongo,Kongo (Brazzaville),Congo (Brazzaville)
COD Republik Demokratik Kongo,Kongo (Kinshasa),Congo (Kinshasa)|CRI Kosta Rika|CIV Pantai Gading|HRV Kroasia
CUB Kuba|CYP Siprus|CZE Ceko,Ceska,Czech Republic
CHN Tiongkok,RRT,RRC,Cina,China,PRC,Republik Rakyat Tiongkok,Republik Rakyat Cina,China Mainland|DNK Denmark
DJI Djibouti
DOM Dominika,Republik Dominika|ECU Ekuador|EGY Mesir|SLV El Salvador|ERI Eritrea|EST Estonia|SWZ Eswatini
ETH Etiopia|FJI Fiji|FIN Finlandia|FRA Prancis,Perancis|GAB Gabon|GMB Gambia|GEO Georgia
DEU Jerman,Germany,Republik Federal Jerman
GHA Ghana|GRC Yunani|GTM Guatemala|GIN Guinea|GUY Guyana|HTI Haiti|HND Honduras
HKG Hong Kong,Hongkong,Hong Kong SAR,Hong Kong (China),HK,Hong Kong RRT,HKSAR|HUN Hungaria,Hongaria
ISL Islandia|IND India
IDN Indonesia,Republik Indonesia,RI|IRN Iran|IRQ Irak|IRL Irlandia|ISR Israel|ITA Italia|JAM Jamaika
JPN Jepang,JPG,Japan|JOR Yordania,Jordania|KAZ Kazakstan,Kazakhstan|KEN Kenya|KGZ Kirgistan,Kirgizstan
KOR Korea Selatan,Republik Korea,South Korea,Korea,Korsel,Korea (Selatan),ROK|PRK Korea Utara,Korut|KWT Kuwait,Quwait
LAO Laos|LVA Latvia|LBN Lebanon,Libanon|LBR Liberia|LBY Libya,Libia|LIE Liechtenstein|LTU Lituania,Lithuania
LUX Luksemburg
MAC Makau,Macau,Makao,Macau SAR|MDG Madagaskar|MWI Malawi
MYS Malaysia,MLY,Mly,MAS,Malasia,Semenanjung Malaysia,Sabah,Sarawak,Malaysia Timur,Malaysia Barat
MDV Maladewa,Maldives|MLI Mali|MLT Malta|MRT Mauritania|MUS Mauritius|MEX Meksiko|MDA Moldova|MCO Monako|MNG Mongolia
MNE Montenegro|MAR Maroko|MOZ Mozambik|MMR Myanmar,Burma,Birma|NAM Namibia|NPL Nepal
NLD Belanda,Holland,Negeri Belanda
NCL Kaledonia Baru|NZL Selandia Baru|NIC Nikaragua|NER Niger|NGA Nigeria|MKD Makedonia,Makedonia Utara|NOR Norwegia
OMN Oman,Kesultanan Oman|PAK Pakistan|PLW Palau|PSE Palestina|PAN Panama|PNG Papua Nugini,Papua New Guinea,PNG
PRY Paraguay|PER Peru
PHL Filipina,Pilipina,Philipina,Filipine|POL Polandia|PRT Portugal|QAT Qatar,Katar|ROU Rumania
RUS Rusia,Federasi Rusia,Russia|RWA Rwanda
SAU Arab Saudi,Saudi Arabia,Saudi,KSA,Kerajaan Arab Saudi,Arab Saudia|SEN Senegal|SRB Serbia
SYC Seychelles,Seychelle,Seisel
SLE Sierra Leone|SGP Singapura,Singapore,SIN,Singapur|SVK Slowakia,Slovakia|SVN Slovenia|SLB Kepulauan Solomon,Solomon
SOM Somalia|ZAF Afrika Selatan,Afsel|SSD Sudan Selatan|ESP Spanyol|LKA Sri Lanka,Srilanka|SDN Sudan|SUR Suriname
SWE Swedia|CHE Swiss,Swis,Switzerland|SYR Suriah,Syria,Siria
TWN Taiwan,Chinese Taipei,Taiwan (China),ROC,Taipei,Taiwan ROC,Taiwan RRT
TJK Tajikistan|TZA Tanzania|THA Thailand,Muangthai|TLS Timor Leste,Timor-Leste,East Timor|TGO Togo|TON Tonga
TTO Trinidad dan Tobago|TUN Tunisia|TUR Turki,Turkiye,Turkey|TKM Turkmenistan|UGA Uganda|UKR Ukraina
ARE Uni Emirat Arab,UEA,UAE,Uni Emirates Arab,Emirat Arab,United Arab Emirates,Dubai,Abu Dhabi,Persatuan Emirat Arab
GBR Inggris,Britania Raya,United Kingdom,UK,England,Great Britain,Inggris Raya,Kerajaan Inggris
USA Amerika Serikat,AS,USA,US,Amerika,United States of America,Amerika Serikat (AS)|URY Uruguay|UZB Uzbekistan
VUT Vanuatu
VAT Vatikan|VEN Venezuela|VNM Vietnam,Viet Nam|YEM Yaman|ZMB Zambia|ZWE Zimbabwe
"""
_NOT_WORD = re.compile(r"[^A-Z0-9]+")


def _plain(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.upper()) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", bare).strip()


def _spellings() -> dict[str, str]:
    table: dict[str, str] = {}
    for country in pycountry.countries:
        for field in ("name", "official_name", "common_name", "alpha_3", "alpha_2"):
            if spelt := getattr(country, field, None):
                table[_plain(spelt)] = country.alpha_3
    for entry in _NAMES.replace("\n", "|").split("|"):
        iso3, _, names = entry.strip().partition(" ")
        for spelt in names.split(","):
            if spelt:
                table[_plain(spelt)] = iso3
    return table


SPELLINGS = _spellings()


@lru_cache(maxsize=1 << 14)
def country_iso3(text: str | None) -> str | None:
    """ISO3 code of a country as spelt, or None when the spelling is unknown or missing."""
    if not text:
        return None
    plain = _plain(text)
    if plain in SPELLINGS:
        return SPELLINGS[plain]
    for prefix in ("NEGARA ", "REPUBLIK ", "REPUBLIC OF ", "THE ", "KERAJAAN "):
        if plain.startswith(prefix) and plain[len(prefix) :] in SPELLINGS:
            return SPELLINGS[plain[len(prefix) :]]
    return SPELLINGS.get(plain.replace(" ", ""))
