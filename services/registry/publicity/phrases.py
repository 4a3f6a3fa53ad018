"""The claims that publicity may not make without authorization (OP-37), as patterns over folded text.

The clause names three: guided by the Ministry of Education, guided by its Vocational Department, designated; "and so on".
Of its near variants two more are taken as the same claim: 监制 (made under supervision), which is printed on state papers and
on no TEO's material in truth, and "appointed by", which says 指定 in other English words. 主办, 认定, 推荐 and "supervised by"
are not: the Ministry does hold contests, recognise bases and supervise the pilot, and whoever writes so may tell the truth.

A pattern's groups are words: `who` is the authority, `what` the claim. Between words a sentence may end, within them not.
"""

import re

MINISTRY_GUIDANCE, DEPARTMENT_GUIDANCE, DESIGNATION = CLAIMS = (
    "ministry_guidance",
    "department_guidance",
    "designation",
)

SAID_AS = {
    MINISTRY_GUIDANCE: "教育部指导 · guided by the Ministry of Education",
    DEPARTMENT_GUIDANCE: "职成司指导 · guided by the Vocational Department",
    DESIGNATION: "指定 · designated",
}

# --- in Chinese ---
_MINISTRY_ZH = "教育部"
_DEPARTMENT_ZH = "职成司|职教司|职成教司|职业教育(?:与|和|及)?成人教育司|职业教育司"
_WHO_ZH = f"{_MINISTRY_ZH}|{_DEPARTMENT_ZH}"
# What is put between the authority and the claim without changing either.
_BETWEEN_ZH = (
    "的|等|部门|部委|[二两三四五六]部|有关|相关|司局|办公厅|办公室|直接|具体|亲自|大力|全程|全面|统一|统筹|权威|官方|联合|共同|负责|予以|给予|进行|提供"
    "|授权|委托|认可|批准|核准|推荐|支持|主管|独家|唯一|特别|正式|重点|和|与|及|并|下|人社部|财政部|发改委"
)
_AUTHORITY_ZH = f"(?P<who>{_WHO_ZH})(?:{_WHO_ZH}|{_BETWEEN_ZH}){{0,6}}"
_NATIONAL_ZH = f"(?P<who>{_WHO_ZH}|国家|官方|政府|国务院|部委|唯一|独家)(?:{_WHO_ZH}|{_BETWEEN_ZH}){{0,6}}"

GUIDED_ZH = re.compile(f"{_AUTHORITY_ZH}(?P<what>指导|监制)")
GUIDE_NAMED_ZH = re.compile(
    f"(?P<what>指导|监制)(?P<noun>单位|机构|部门|方|者)?(?:为|是|由|系)?(?:中华人民共和国|国家)?(?P<who>{_WHO_ZH})"
)
DESIGNATED_BY_ZH = re.compile(f"{_NATIONAL_ZH}(?P<what>指定)")
DESIGNATED_ZH = re.compile("(?P<what>指定)")

# --- in English, whose words the folding has run together ---
_COUNTRY = "(?:ofthepeoplesrepublicofchina|oftheprc|ofprc|ofchina|china|prc)?"
_MINISTRY_EN = f"(?:ministryofeducation|educationministry|moe){_COUNTRY}"
_DEPARTMENT_EN = (
    "(?:(?:department|dept)of(?:the)?vocational(?:andadult)?(?:education)?(?:and(?:adult|continuing)(?:education|learning)?)?"
    "|vocational(?:andadult)?(?:education)?(?:andadulteducation)?(?:department|dept))"
)
_WHO_EN = (
    "(?:the)?(?:chinese|chinas|national|prcs?|states?)?"
    f"(?P<who>{_DEPARTMENT_EN}(?:(?:of|at|in|under)?(?:the)?(?:chinese|chinas)?{_MINISTRY_EN})?|{_MINISTRY_EN}(?:s?{_DEPARTMENT_EN})?)"
)
_HOW = (
    "(?:direct|official|expert|professional|joint|close|unified|full|careful|personal|general|overall|strategic|kind)*"
)
_HOW_LY = "(?:directly|officially|jointly|personally|closely|fully|formally|duly|exclusively)*"
_AND_MORE = "(?:and(?:supported|approved|supervised|endorsed|recogni[sz]ed|support|supervision|leadership|approval))*"
_GOVERNMENT = "(?:the)?(?:chinese|central|national|state)*(?:government|state|statecouncil|authorities)"

GUIDED_EN = re.compile(f"(?P<what>guided){_AND_MORE}{_HOW_LY}by{_WHO_EN}")
GUIDANCE_OF_EN = re.compile(f"{_HOW}(?P<what>guidance){_AND_MORE}(?:of|from|by|providedby|givenby){_WHO_EN}")
WHO_GUIDED_EN = re.compile(f"{_WHO_EN}s?{_HOW_LY}(?P<what>guided)")
WHO_GUIDANCE_EN = re.compile(f"{_WHO_EN}s?{_HOW}(?P<what>guidance)")
GUIDE_NAMED_EN = re.compile(
    "(?P<what>guid(?:ing|ance|ed))(?P<noun>body|unit|organi[sz]ation|authority|institution|department|agency)?(?:isthe|is)?"
    + _WHO_EN
)
DESIGNATED_BY_EN = re.compile(
    f"(?P<what>designated|appointed|designation){_AND_MORE}{_HOW_LY}by(?:{_WHO_EN}|(?P<state>{_GOVERNMENT}))"
)
WHO_DESIGNATED_EN = re.compile(
    f"{_WHO_EN}s?(?:has|have|had)?{_HOW_LY}(?P<what>designated|appointed(?!by))"
    "|(?P<state>officially|nationally|governments?|(?<!united)states?)(?P<said>designated)"
)
DESIGNATED_EN = re.compile("(?P<what>designated)")

DEPARTMENT = re.compile(f"{_DEPARTMENT_ZH}|{_DEPARTMENT_EN}")
