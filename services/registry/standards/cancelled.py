"""Professional qualifications that the State Council cancelled, and how a name is compared with them (PP-16).

Examples of each decision; the operator adds further ones (`POST /cancelled-qualifications`), and what is added here is
planted at the next migration. Seven decisions of 2014 to 2016 cancelled 434 in all.
"""

from onex.chassis.pii import fold

CANCELLED = (
    ("房地产经纪人", "国发〔2014〕27号"),
    ("注册税务师", "国发〔2014〕27号"),
    ("注册资产评估师", "国发〔2014〕27号"),
    ("企业培训师", "国发〔2014〕50号"),
    ("招标师", "国发〔2016〕35号"),
    ("物业管理师", "国发〔2016〕35号"),
    ("市场管理员", "国发〔2016〕35号"),
    ("插花员", "国发〔2016〕35号"),
    ("临时导游", "国发〔2016〕68号"),
    ("餐厅服务员", "国发〔2016〕68号"),
    ("保洁员", "国发〔2016〕68号"),
)

# What a certificate's name says beside the qualification itself.
_ENDINGS = ("证书", "职业技能等级", "职业资格", "执业资格", "专业技术资格", "水平评价")


def normalized(name: str) -> str:
    """One spelling of a qualification: without white space, width, case, brackets and the words for "certificate"."""
    text = "".join(character for character in fold(name) if character.isalnum())
    shortened = True
    while shortened:
        shortened = False
        for ending in _ENDINGS:
            if text.endswith(ending) and text != ending:
                text, shortened = text.removesuffix(ending), True
    return text
