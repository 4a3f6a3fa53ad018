"""Who takes part in the demo: made-up organizations with codes that check, and the six real certificate types of 2019."""

from dataclasses import dataclass

from stdnum.cn import uscc

LEVELS = ("primary", "intermediate", "advanced")


def credit_code(division: str, serial: int) -> str:
    """A unified social credit code (GB 32100-2015) of a made-up body: a public institution (12) of this division."""
    body = f"12{division}{serial:09d}"
    return body + uscc.calc_check_digit(body)


@dataclass(frozen=True)
class Province:
    code: str
    division: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Teo:
    key: str
    code: str
    division: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class College:
    key: str
    code: str
    province: str
    division: str
    kind: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class CertificateType:
    code: str
    name_zh: str
    name_en: str
    field: str
    teo: str
    level: str
    credit_hundredths: int


PROVINCES = (
    Province("32", "320000", "江苏省教育厅", "Jiangsu Provincial Department of Education"),
    Province("33", "330000", "浙江省教育厅", "Zhejiang Provincial Department of Education"),
    Province("44", "440000", "广东省教育厅", "Guangdong Provincial Department of Education"),
)

TEOS = tuple(
    Teo(f"teo-{serial}", credit_code(division, 700 + serial), division, zh, en)
    for serial, (division, zh, en) in enumerate(
        (
            ("110108", "示例建筑信息技术评价中心", "Example Centre for Construction Informatics"),
            ("110105", "示例软件人才评价公司", "Example Software Skills Assessment"),
            ("310115", "示例物流与供应链评价中心", "Example Logistics and Supply Chain Centre"),
            ("440106", "示例健康养老职业评价公司", "Example Elderly Care Assessment"),
            ("420106", "示例智能汽车技术评价中心", "Example Intelligent Vehicle Centre"),
        ),
        start=1,
    )
)

_COLLEGES = (
    (
        "32",
        "320102",
        "higher_vocational",
        "示例南京信息职业技术学院",
        "Example Nanjing Vocational College of Informatics",
    ),
    ("32", "320506", "higher_vocational", "示例苏州工业职业技术学院", "Example Suzhou Industrial Vocational College"),
    ("32", "320206", "secondary_vocational", "示例无锡中等专业学校", "Example Wuxi Secondary Vocational School"),
    ("32", "320302", "higher_vocational", "示例徐州交通职业学院", "Example Xuzhou Vocational College of Transport"),
    ("33", "330106", "higher_vocational", "示例杭州健康职业学院", "Example Hangzhou Vocational College of Health"),
    ("33", "330203", "higher_vocational", "示例宁波物流职业学院", "Example Ningbo Vocational College of Logistics"),
    ("33", "330302", "secondary_vocational", "示例温州职业中等专业学校", "Example Wenzhou Secondary Vocational School"),
    ("33", "330702", "applied_university", "示例金华应用技术大学", "Example Jinhua University of Applied Technology"),
    (
        "44",
        "440106",
        "higher_vocational",
        "示例广州汽车职业学院",
        "Example Guangzhou Vocational College of Automobiles",
    ),
    ("44", "440305", "undergraduate_vocational", "示例深圳职业技术大学", "Example Shenzhen Vocational University"),
    ("44", "440402", "secondary_vocational", "示例珠海理工职业技术学校", "Example Zhuhai Polytechnic School"),
    ("44", "440604", "higher_vocational", "示例佛山建设职业学院", "Example Foshan Vocational College of Construction"),
)

COLLEGES = tuple(
    College(f"college-{serial}", credit_code(division, 100 + serial), province, division, kind, zh, en)
    for serial, (province, division, kind, zh, en) in enumerate(_COLLEGES, start=1)
)

# The first batch of 2019. Which body develops and assesses them is made up here.
TYPES = (
    CertificateType(
        "001", "建筑信息模型（BIM）", "Building Information Modelling", "construction", "teo-1", "primary", 300
    ),
    CertificateType("002", "Web前端开发", "Web Front-end Development", "software", "teo-2", "intermediate", 400),
    CertificateType("003", "物流管理", "Logistics Management", "logistics", "teo-3", "intermediate", 350),
    CertificateType("004", "老年照护", "Elderly Care", "health", "teo-4", "primary", 250),
    CertificateType(
        "005", "汽车运用与维修", "Automotive Use and Maintenance", "vehicles", "teo-5", "intermediate", 400
    ),
    CertificateType("006", "智能新能源汽车", "Intelligent New-energy Vehicles", "vehicles", "teo-5", "advanced", 500),
)


def colleges_of(certificate_type: CertificateType) -> tuple[College, College]:
    """The two colleges that take part in a certificate type: every college in one."""
    place = 2 * TYPES.index(certificate_type)
    return COLLEGES[place], COLLEGES[place + 1]
