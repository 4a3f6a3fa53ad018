"""Where the banned words stand and make no claim (OP-37): titles of documents, places and times, denials, and the ban itself.

Every exception is narrow, and stands right beside the words it excuses: in doubt a phrase is a claim, and a person may look.
"""

import re

# --- right after the words ---
# 教育部指导意见, 教学指导委员会: documents and bodies. 教育部指导各地: what a ministry does.
AFTER_GUIDE_ZH = re.compile("性?意见|思想|性文件|精神|方针|纲要|原则|委员会|各地|各省|地方|省级|全国")
AFTER_GUIDANCE_EN = re.compile(
    "note|document|opinion|letter|paper|material|leaflet|on|about|regarding|for|that|says|requires|states|published|issued|no[0-9]|20[0-9]{2}"
)
# 指定地点: everyday uses, for which nobody needs authorization. 指定教材, 指定考点, 指定机构 are claims.
AFTER_DESIGNATED_ZH = re.compile(
    "的?(?:时间|时段|日期|地点|位置|场所|区域|地方|考场|候考|座位|机位|教室|房间|入口|出口|窗口|通道|账户|账号|银行|邮箱|网址|网站|页面"
    "|链接|格式|文件夹|路径|电话|人员|专人|专门|一名|两名|[1-9]名|联系人|联络员|负责人|代表|监护人|代理人|存放)"
)
AFTER_DESIGNATED_EN = re.compile(
    "(?:assessment|exam|examination|test|waiting|training|parking|storage|registration|safety|smoking|emergency|reading|entry|quiet"
    "|contact|bank|email|web|office|candidate|practical|written)*"
    "(?:times?|dates?|days?|hours?|period|seats?|rooms?|areas?|places?|zones?|desks?|computers?|workstations?|venues?|locations?|lockers?"
    "|entrances?|exits?|doors?|windows?|account|mailbox|address|contacts?|persons?|drivers?|pages?|website|link|folder|format|fields?"
    "|spaces?|spots?|lanes?|session|phone|number)"
    "|bythe(?:college|school|site|organi[sz]er|invigilator|examiner|teo|candidate|student|testcent(?:re|er)|principal)"
    "|(?:an?|one|two|three|its|their|our)(?!official)[a-z]{0,24}?(?:contacts?|persons?|teachers?|liaison|representatives?|coordinators?)"
)

# --- right before the words ---
_FORBIDDEN_ZH = (
    "(?:不得|严禁|禁止|不准|不应|不可|不能|切勿|请勿|不会)(?:擅自|违规|私自|以任何形式|以任何方式|在宣传中|在宣传材料中|在材料中|再)*"
    "(?:标注|标示|标明|使用|出现|冠以|打着|宣称|声称|自称|称|写|印|含有|带有|打出)(?:有|着|为|未经授权的|虚假的|所谓|的)*"
)
_FORBIDDEN_EN = (
    "(?:no(?:organi[sz]ation|body|one|teo|college|institution)(?:may|shall)|maynot|mustnot|shallnot|shouldnot|willnot|donot|doesnot|dont|cannot|never|forbidden|prohibited)"
    "(?:touse|to|use|uses|claims?|say|print|write|state|display|call|describe|advertise|label|mark|itself|themselves|ourselves|it|as|being|be"
    "|is|are|that|we|they|the|any|words?|phrases?|terms?|such|like|withoutauthori[sz]ation|withoutpermission|wrongly|falsely)*"
)
FORBIDDEN = re.compile(f"(?:{_FORBIDDEN_ZH}|{_FORBIDDEN_EN})$")
DENIED = re.compile(
    "(?:并非|(?<!是)不是|(?<![莫除无并])非|未经|未被|从未|不属于|不等于|不代表)(?:由|受|是|获得|得到|经过|任何|经)*$"
    "|(?<!why)(?:not|never|nor|neither|isnt|arent|wasnt|werent)(?:been|being|tobe|yet|formally|any|an|a|the)*$"
)
ANOTHER_AFTER = re.compile("(?:或者|或|和|及|与|以及|or|and|nor)?")
# 学校的继续教育部 is a department of a college, not the Ministry.
ANOTHER_MINISTRY = re.compile("(?:继续|成人|国际|远程|网络|学前|通识|艺术)$")
BEFORE_DESIGNATED_ZH = re.compile(
    "(?:另行|自行|购买|采购|使用|推销|由(?:考点|学校|学院|院校|考场|监考员|班主任|企业|本校)(?:统一|另行|自行)?)$"
)
BEFORE_DESIGNATED_EN = re.compile("(?:purchase|buy|use)(?:the|any|of|a)?$")
# 到指定考点, "go to your designated test centre": who is told where to go is promised nothing. 本校为指定考点 is a claim.
WAY_THERE_ZH, PLACE_ZH = re.compile("(?:前往|到|赴|至|在)$"), re.compile("的?(?:考点|考站|站点)")
WAY_THERE_EN = re.compile("(?:to|at|in)(?:the|your|their|its)$")
PLACE_EN = re.compile("(?:test|testing|assessment|exam|examination)(?:cent(?:re|er)|site)")
# "in line with the guidance of": who follows a document claims nothing.
COMPLIES = re.compile(
    "(?:accordancewith|accordingto|inlinewith|following|follows?|followed|basedon|pursuantto|consistentwith|complywith|complieswith|per|read|see"
    "|observes?|implementing|implements?)(?:the|all)?(?:chinese|chinas|national)?$"
)
BADGE = re.compile("(?:under|with|through|receive[sd]?|receiving|enjoys?)(?:the)?(?:chinese|chinas|national)?$")
