"""The ways in which people state name, sex, age, family, origin, belief, body and contact, as patterns.

Patterns read a text folded by `search.text.protected`: lower case, half width, simplified, one character
for one. Each match is blanked from end to end. No repeat is open, so the time grows with the length alone;
each pattern begins with plain letters or a class, and is tried only where its key stands in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

#: Marks that set a word apart, as the inside of a class.
MARKS = r"\s,、;。:|/·•()\[\]【】<>《》!?\"'“”*~–—_+=.#\-"


@dataclass(frozen=True)
class Statement:
    """One way to state something.

    Attributes:
        key: a Chinese character, a sign or an English word without which the pattern cannot match.
        source: the pattern of what is blanked.
        is_word: in capitals it is an abbreviation (HIS, HER, MR) and stays.
    """

    key: str
    source: str
    is_word: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled; all of them at once take a third of a second, and a text needs few."""
        return re.compile(self.source, re.ASCII)


_S = r" {0,6}"
_HAN = r"\u3007\u3400-\u9fff"
_H = rf"[{_HAN}]"
_WORD = "a-z0-9_"
#: The word ends, or a mark follows.
_APART = rf"(?![^{MARKS}])"
_BEFORE = rf"^{MARKS}"
# 男 may follow 28岁, 已婚, 汉族 or another field without a mark between.
_BEFORE_OR_STATED = rf"^{MARKS}\d男女岁族婚育生员"
#: The same in English, where one space ends nothing and two end a field.
_ENDED = r"(?=  | ?(?:[^\w \-]|\n|\Z))"
#: From a label to any value: a colon, a bar or blanks.
_TO = rf"{_S}(?:[:|]{_S}\n?{_S}|(?<= ))"
#: From a label to a value that is known: any of these, or nothing.
_ON = rf"{_S}[:|]?{_S}\n?{_S}"
#: From a label that is also an ordinary word: a colon or a bar.
_SAYS = rf"{_S}[:|]{_S}\n?{_S}"

_NATION = (
    "汉|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西"
    "|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂"
    "|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
_PLACE = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川"
    "|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|杭州|宁波|温州|嘉兴|湖州|绍兴|金华|衢州"
    "|舟山|台州|丽水|本地|外地|中国"
)
_PEOPLE = (
    "chinese|american|british|indian|japanese|korean|german|french|russian|australian|canadian|singaporean"
    "|malaysian|vietnamese|pakistani|brazilian|italian|spanish|ukrainian"
)
_FAITH = "christian|muslim|buddhist|catholic|protestant|hindu|jewish|atheist|sikh"

#: Where the next field of a form begins: a value ends before it.
_NEXT = (
    rf"(?:姓{_S}名|性{_S}别|年{_S}龄|民{_S}族|籍{_S}贯|出{_S}生|生{_S}日|婚{_S}[姻育否]|政治面|户{_S}[籍口]|国{_S}籍(?!贯)|身{_S}[高份]"
    rf"|体{_S}重|健{_S}康|学{_S}历|专{_S}业|毕业|电{_S}话|手{_S}机|联系|邮{_S}箱|电子|工作|求职|现居|所在|住{_S}址|地{_S}址|应聘"
    rf"|期望|技能|照{_S}片|宗教|血{_S}型|微信|qq)"
)
_NEXT_EN = (
    r"(?:(?:full )?name|surname|pronouns|children|place of|wechat|political|citizenship|gender|sex|age|date of|dob"
    r"|birth|marital|nationality|ethnicity|hometown|phone|tel|mobile|e-?mail|address|height|weight|health|religion"
    r"|photo|title|position|skills|education|experience)\b"
)
# 浙江, 浙江杭州 or 浙江 杭州市.
_WORDS_ZH = rf"(?:(?!{_NEXT}){_H})"
_PLACE_ZH = rf"{_WORDS_ZH}{{1,12}}(?: {{1,3}}{_H}{{1,6}}[省市县区州乡镇村])?"
_WORD_EN = rf"(?!{_NEXT_EN})(?:[a-z]\.|[a-z\u00c0-\u024f][a-z\u00c0-\u024f'\-]{{0,20}})"
# "Hangzhou, Zhejiang", and not "Hangzhou, Java".
_REGION_EN = (
    r"(?:, (?:zhejiang|jiangsu|anhui|fujian|jiangxi|shandong|henan|hubei|hunan|guangdong|hainan|sichuan|guizhou|yunnan"
    r"|shaanxi|shanxi|gansu|qinghai|hebei|liaoning|jilin|heilongjiang|guangxi|tibet|ningxia|xinjiang|inner mongolia"
    r"|p\.?r\.? ?china|china|taiwan|hong kong|macau|usa|u\.s\.a?|united states|uk|united kingdom|england|india|germany"
    r"|france|japan|korea|singapore|malaysia|canada|australia|russia|brazil|italy|spain|vietnam|pakistan|ukraine)\b){0,2}"
)
# Up to four words where the field ends after them, otherwise two at most.
_WORDS_EN = (
    rf"(?:{_WORD_EN}(?: {_WORD_EN}){{0,3}}(?= {{0,6}}(?:[^\w ]|\n|\Z|{_NEXT_EN})| {{2,6}})"
    rf"|{_WORD_EN}(?: {_WORD_EN})?)"
)
# An age of 15 to 79; neither an end of a range nor a part of a longer number.
_YEARS = r"[1-7]\d(?<!1[0-4])(?<!\d{3})(?<![-~–—至到.]\d\d)(?<!\d[-~–—至到] \d\d)(?<!\d [-~–—至到] \d\d)(?<!to \d\d)"
# What makes an age that of others: users, children, a limit, a range.
_OTHERS_AGE = (
    r"(?:的?(?:年轻|女性|男性)?(?:用户|人群|客户|客群|儿童|少儿|幼儿|婴|宝宝|孩|小朋友|大?学生|学员|青少年|老人|老年"
    r"|患者|群体|受众|市场|产品|年龄段|会员|读者|玩家)|(?:周岁)?及?(?:以[上下内]|之间)|\s{0,3}[-~–—至到]\s{0,2}\d)"
)
_OTHERS_AGE_EN = (
    r"(?: ?(?:compan(?:y|ies)|code(?:base)?|system|legacy|firm|brand|house|plants?|buildings?|bridge|monolith"
    r"|app(?:lication)?|platform|business|enterprise|start-?up|machine|equipment|software|product|organi[sz]ation"
    r"|institution|infrastructure|network|database|site|school|university|project|tradition|children|kids|users?"
    r"|customers?|students?|patients?|players?)\b| (?:and|or) (?:over|above|older|under|below|up)\b)"
)
_DAY = (
    rf"(?:{_S}年(?:{_S}\d{{1,2}}{_S}月(?:{_S}\d{{1,2}}{_S}日?)?)?"
    rf"|{_S}[./\-]{_S}\d{{1,2}}(?:{_S}[./\-]{_S}\d{{1,2}})?)"
)
_DATE = rf"(?:(?:19|20)\d\d{_DAY}|(?:19|20)\d\d(?:\d{{4}}|\d\d)?|\d\d年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?)(?!\d)"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE_EN = (
    r"(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)? )?{_MONTH} (?:\d{{1,2}}(?:st|nd|rd|th)?,? )?(?:19|20)\d\d"
    r"|(?:19|20)\d\d(?:[-/.]\d{1,2})?)(?!\d)"
)
_KIN = r"(?:children|child|kids?|sons?|daughters?)\b"
_FEW = r"(?:an?|one|two|three|four|five|no|[1-9])"
_FEW_ZH = r"(?:[一二两三四1-4]个?)"


def statements() -> tuple[Statement, ...]:
    """Return every way to state something."""
    return tuple(
        statement
        for group in (_names, _sexes, _ages, _births, _families, _origins, _beliefs, _bodies, _contacts, _ids)
        for statement in group()
    )  # fmt: skip


def _said(beginning: str, rest: str, *, left: str = "", key: str = "") -> Statement:
    """Return a statement that begins with plain words.

    Args:
        beginning: the words; the key is their first Chinese character, or their longest English word.
        rest: the pattern of what follows.
        left: which characters may not stand before, as the inside of a class.
        key: another key.
    """
    guard = rf"(?<![{left}]{re.escape(beginning)})" if left else ""
    words = re.findall("[a-z]+", beginning)
    return Statement(
        key or (max(words, key=len) if words else beginning[0]),
        re.escape(beginning) + guard + rest,
    )


def _field(label: str, rest: str, value: str, *, left: str = "") -> Iterator[Statement]:
    """Yield a labelled value on the same line, and below a label that has its line to itself."""
    yield _said(label, rf"{rest}{_TO}{value}", left=left)
    yield _said(label, rf"{rest}{_S}\n{_S}{value}", left=r"^\n")


def _pattern(key: str, pattern: str) -> Statement:
    return Statement(key, pattern)


def _names() -> Iterator[Statement]:
    # 张 三 is often padded; 阿依古丽·买买提 is long.
    name = rf"(?:{_H} {{1,4}}{_H}(?!{_H})|(?:(?!{_NEXT})[{_HAN}·]){{1,15}}|{_WORDS_EN})"
    yield from _field("姓", rf"{_S}名", name, left="户患者工员用")
    for label in ("英文名", "中文名", "曾用名", "联系人", "紧急联系人"):
        yield from _field(label, "字?", name)
    yield _said("名字", rf"(?:{_SAYS}|[是叫]){name}", left=_HAN)
    yield _said("我叫", rf"{_H}{{2,4}}{_APART}")
    # "Project name:" and "class name:" name no person: no other word may stand before.
    colon = rf"{_S}:{_S}\n?{_S}"
    yield _said("name", rf"(?<![a-z] name){colon}{name}", left=_WORD + r".\-")
    yield _said("name", rf"{_S}\|{_S}{name}", left=r"^\n")
    for which in ("full", "first", "last", "given", "family", "chinese", "english", "preferred"):
        yield _said(f"{which} name", colon + name, left=_WORD)
    yield _said("surname", colon + name, left=_WORD)
    yield _said("my name is ", rf"{_WORD_EN}(?: {_WORD_EN})?", left=_WORD, key="name")


def _sexes() -> Iterator[Statement]:
    goods = "(?![装鞋童款裤男女])"
    yield _said("性", rf"{_S}别{_ON}[男女](?:性|士|生)?(?:/[男女])?{goods}")
    onward = (
        rf"(?:{_APART}|(?=[1-7]\d{_S}岁|已婚|未婚|单身|[汉回满蒙藏壮]族|中共|党员|本科|硕士|博士))"
    )
    listed = "[、/,和与及或&]"
    # 男、女 and male/female side by side name no person's sex.
    for sex, other in ("男女", "女男"):
        yield _said(
            sex,
            rf"(?<!{other}{listed}{sex})(?:性|生|孩)?{onward}(?! {{0,2}}{listed} {{0,2}}(?:{other}|童|中性))",
            left=_BEFORE_OR_STATED,
        )
        for said in ("本人", "我是", "一名", "一位", "一个", "一枚"):
            yield _said(sex, rf"(?<={said}{sex})(?:性|生|孩子?)?{goods}")
        yield _said(sex, "(?=程序员)", left=_HAN)
        # A birth date or an age without a word beside it: "男，1992年8月，", "女 28".
        number = rf"(?:(?:19[4-9]\d|200\d){_DAY}?|[1-7]\d)"
        yield _said(
            sex,
            rf"[、,|/ ]{{1,5}}{number}{_APART}(?!\s{{0,3}}[-~–—至到%+])(?!\s{{0,3}}[/|]?\s{{0,3}}\d)",
            left=_BEFORE_OR_STATED,
        )
    for title in ("先生", "女士", "小姐"):
        yield _said(title, _APART)
    values = r"(?:male|female|man|woman|m|f)\b(?: {0,2}/ {0,2}(?:male|female|m|f)\b)?"
    yield _said("gender", _ON + values, left=_WORD)
    yield _said("sex", _ON + values, left=_WORD)
    pronoun = r"(?:he|him|his|she|hers?|they|them|theirs?)\b"
    yield _said("pronouns", rf"{_ON}{pronoun}(?:{_S}/{_S}{pronoun}){{0,2}}", left=_WORD)
    more = r"(?=  | ?(?:[^\w \-]|\n|\Z|- |\d\d|(?:and )?(?:single|married|unmarried)\b|chinese\b))"
    for sex, other in (("male", "female"), ("female", "male")):
        alone = rf"(?<![a-z] {sex})(?<!\b{other}[/,&]{sex})(?<!\b{other}[/,] {sex})"
        listed = rf"(?! {{0,2}}(?:[/&,]|or\b|and\b)? {{0,2}}{other})"
        yield _said(sex, rf"{alone}[,|/ ]{{1,4}}[1-7]\d(?![\d%+\-]){_ENDED}", left=_WORD + r"\-")
        yield _said(sex, alone + listed + more, left=_WORD + r"\-")
        for said in ("am a ", "i'm a ", "as a ", "is a ", "i am ", "i'm "):
            yield _said(sex, rf"(?<=\b{said}{sex})\b(?! (?:connector|header|pin|plug))")
    for person in ("man", "woman", "boy", "girl"):
        for said in ("i am a ", "i'm a ", "as a "):
            yield _said(person, rf"(?<=\b{said}{person})\b")
    yield _said("ms.", rf"(?<!\d ms\.) (?={_WORD_EN})", left=_WORD, key="ms")
    for word, rest in (
        ("he", r"(?:'s|'ll|'d)?\b(?!-ne\b| leak|/ne)"), ("she", r"(?:'s|'ll|'d)?\b"), ("his", r"\b"), ("her", r"\b"),
        ("him", r"\b"), ("hers", r"\b"), ("himself", r"\b"), ("herself", r"\b"),
        ("mr", rf"\.? (?={_WORD_EN})"), ("mrs", rf"\.? (?={_WORD_EN})"),
    ):  # fmt: skip
        pronoun_or_title = _said(word, rest, left=_WORD + r"'\-")
        yield Statement(pronoun_or_title.key, pronoun_or_title.source, is_word=True)
    yield _said("她", "(?!经济|力量|消费|时代|们)")
    yield _said("他", "(?!们|人|国|山|乡|日|杀|方|项|处|行|地|校|家)", left="其吉排利维由")


def _ages() -> Iterator[Statement]:
    pair = r"[1-7]\d(?<!1[0-4])(?!\d)"
    yield _said(
        "年",
        rf"{_S}龄{_ON}约?{pair}{_S}(?:周?岁)?(?![%年天个+])(?!\s{{0,3}}[-~–—至到]\s{{0,2}}\d)(?!{_OTHERS_AGE})",
        left="均户者群",
    )
    yield _pattern(
        "岁", rf"{_YEARS}{_S}周?岁半?(?!{_OTHERS_AGE})(?:的?[男女](?:性|生|士)?(?![装鞋童款]))?"
    )
    yield _pattern(
        "岁",
        rf"[二三四五六]十(?:(?<![{_HAN}]..)|(?<=[今现]年..)|(?<=本人..))[一二三四五六七八九]?周?岁(?!{_OTHERS_AGE})",
    )
    for label in ("生肖", "属相", "星座"):
        yield from _field(label, "", rf"{_H}{{1,4}}")
    yield _said("属", rf"[鼠牛虎兔龙蛇马羊猴鸡狗猪]{_APART}", left=_BEFORE)
    said = "|".join(rf"(?<={said}..)" for said in ("本人", "我是", "一名", "一枚"))
    for half in "05":
        yield _pattern(f"{half}后", rf"[05-9]{half}(?:(?<![^{MARKS}]..)后{_APART}|(?:{said})后)")
    more = (
        r"(?!\d)(?! ?(?:[%+~–\-]|to\b|days?\b|weeks?\b|months?\b|hours?\b|minutes?\b)"
        r"| (?:and|or) (?:over|above|older|under))"
    )
    for label in ("age", "aged"):
        yield _said(
            label,
            rf"(?<![a-z] {label}){_ON}{pair}{more}(?:{_S}(?:years?|yrs?)(?: old)?\b)?",
            left=_WORD + r"\-",
        )
        yield _said(label, rf"(?<=am {label}) {pair}{more}")
    yield _pattern(
        "old", rf"{_YEARS}[ -]?(?:years?|yrs?)[ -]old\b(?!{_OTHERS_AGE_EN})(?: (?:fe)?male\b)?"
    )
    yield _pattern("y/o", rf"{_YEARS} ?y/o\b")


def _births() -> Iterator[Statement]:
    yield _said("出", rf"{_S}生{_S}(?:年{_S}月{_S}日?|日{_S}期|时间|日|于)?{_ON}{_DATE}")
    yield _said("生", rf"{_S}日{_ON}(?:{_DATE}|\d{{1,2}}月\d{{1,2}}日)", left="今当")
    yield _said("生于", rf"{_ON}{_DATE}(?:于?(?:{_PLACE})(?:省|市)?{_APART})?")
    born = rf"(?:出生(?!率|人口|缺陷|队列|证|登记)|生(?=于|人|[{MARKS}]|\Z))(?:人(?!员|才|数))?"
    yield _pattern("生", rf"[12][09]\d\d(?<!\d{{5}}){_DAY}{_S}{born}")
    yield _pattern("生", rf"[05-9]\d(?<!\d{{3}})年(?:\d{{1,2}}月(?:\d{{1,2}}日)?)?{born}")
    on = rf"{_S}(?:[:|]|in\b|on\b)?{_S}\n?{_S}"
    for label in ("date of birth", "birth date", "birthdate", "birthday", "dob", "d.o.b."):
        yield _said(label, on + _DATE_EN, left=_WORD, key="o" if label == "d.o.b." else "")
    yield _said("date of birth", rf"{on}{_DATE}", left=_WORD)
    yield _said("born", rf" (?:in |on )?{_DATE_EN}(?: in {_WORD_EN})?", left=_WORD + r"\-")
    yield _said(
        "born",
        rf" (?:and (?:raised|bred) )?in (?!the\b|an?\b|\d){_WORD_EN}{_REGION_EN}",
        left=_WORD + r"\-",
    )


def _families() -> Iterator[Statement]:
    known = (
        "(?:已婚已育|未婚未育|已婚未育|已婚|未婚|离异|离婚|丧偶|再婚|初婚|单身|保密|已育|未育|有子女|无子女"
        "|已|未|否|是)"
    )
    yield _said(
        "婚",
        rf"{_S}[姻育否恋]?{_S}(?:状{_S}[况态]|情况|状)?{_ON}{known}(?:{_S}[,、]?{_S}(?:已育|未育))?{_APART}",
    )
    children = "(?:个?(?:孩子|小孩|子女|宝宝|儿子|女儿)|[子女儿孩])"
    for word in ("已婚", "未婚", "离异", "离婚", "丧偶", "单身", "已育", "未育"):
        also = rf"(?:{_S}[,、]?{_S}(?:已育|未育|育?有{_FEW_ZH}?{children}|无孩|无子女))?"
        yield _said(word, also + _APART, left=_BEFORE_OR_STATED + "我现前是且人")
    for word in ("育有", "已有", "有"):
        yield _said(
            word,
            rf"{_FEW_ZH}{children}(?:一?[子女])?{_APART}",
            left=_BEFORE_OR_STATED + "我家并且",
            key="有",
        )
    yield _pattern(
        "孩",
        rf"[一二两三四1-4](?<![{_HAN}\d].)个?(?:孩子?|宝宝)的?(?:妈妈|爸爸|母亲|父亲|妈|爸){_APART}",
    )
    for word in ("单身狗", "宝妈", "宝爸", "二孩妈妈", "二胎妈妈", "奶爸"):
        yield _said(word, _APART, left=_BEFORE + "人是名位个枚")
    yield _said("子女", rf"(?:情况|状况)?{_SAYS}(?:有|无|{_FEW_ZH}|\d)?{_H}{{0,3}}")
    also = rf"(?:(?:,| and| with) {_FEW} {_KIN})?"
    for label in ("marital status", "marital state", "civil status", "family status", "marital"):
        yield _said(label, rf"{_SAYS}[a-z]{{3,12}}{also}", left=_WORD)
        yield _said(
            label, rf" {{1,4}}(?:single|married|unmarried|divorced|widowed)\b{also}", left=_WORD
        )
    more = (
        r"(?=  | ?(?:[^\w \-]|\n|\Z|- |and (?:\d|have\b|has\b|i\b)|(?:fe)?male\b))"
        r"(?!,? {0,2}(?:/ ?|or |and )?(?:multi|double|dual|triple|family|twin|shared|unified|reusable|common))"
    )
    for word in ("married", "unmarried", "divorced", "widowed", "single"):
        before = "|".join(
            rf"(?<={said} {word})" for said in ("am", "i'm", "is", "happily", "currently", "and")
        )
        yield _said(
            word,
            rf"\b(?:(?<![a-z] {word})|{before})(?: with {_FEW} {_KIN})?{more}",
            left=_WORD + r"'\-",
        )
    for kin in ("child", "children", "kid", "kids", "son", "sons", "daughter", "daughters"):
        # The number comes first, so that is where the search begins.
        yield _pattern(
            kin,
            rf"[aofnt1-9](?<![a-z0-9_\-].)(?:(?<![a-z] .)|(?<=with .)|(?<=have .)|(?<=has .)|(?<=and .))"
            rf"(?:n|ne|wo|hree|our|ive|o)? {kin}\b{_ENDED}",
        )
        yield _said(kin, rf"(?<![a-z] {kin}){_S}[:|]{_S}(?:\d|none|no|one|two|three)\b", left=_WORD)
    for kin in ("son", "daughter", "child", "boy", "girl"):
        yield _pattern(kin, rf"\d(?<![\d.\-].)\d?[- ]years?[- ]old {kin}\b")
    for parent in ("mother", "father", "mum", "mom", "dad", "parent"):
        yield _said(parent, rf" of {_FEW}\b(?: {_KIN})?", left=_WORD)


def _origins() -> Iterator[Statement]:
    yield _said("民", rf"{_S}族{_ON}(?:{_NATION})族?人?{_APART}", left=_HAN, key="族")
    yield _said("民", rf"{_S}族{_SAYS}{_WORDS_ZH}{{1,5}}", left=_HAN, key="族")
    for nation in (*_NATION.split("|"), "少数民"):
        yield _said(nation + "族", rf"人?{_APART}", left=_BEFORE_OR_STATED + "是", key="族")
    yield from _field("籍", rf"{_S}贯", _PLACE_ZH)
    yield _said("籍贯", rf"[在是为]?(?:{_PLACE}){_WORDS_ZH}{{0,8}}")
    yield from _field("户", rf"{_S}[籍口]{_S}(?:所在地|性质|类型|类别|地址|状况|地)?", _PLACE_ZH)
    yield from _field("国", rf"{_S}籍(?!贯)", rf"{_WORDS_ZH}{{1,8}}")
    for label in ("出生地", "生源地", "家乡", "老家", "故乡", "祖籍", "原籍"):
        yield from _field(label, "", _PLACE_ZH)
        yield _said(label, rf"[在是为]{_PLACE_ZH}")
    for place in _PLACE.split("|"):
        yield _said(
            place,
            rf"(?:省|市)?(?:农业|城镇)?(?:人|籍|户口|户籍){_APART}",
            left=_BEFORE_OR_STATED + "是",
        )
        yield _said("来自" + place, rf"(?:省|市)?{_APART}", key=place[0])
    value = rf"(?:{_WORDS_EN}{_REGION_EN}|{_H}{{1,12}})"
    for label in (
        "nationality", "citizenship", "ethnicity", "ethnic group", "ethnic origin", "place of birth", "birthplace",
        "native place", "place of origin", "hometown", "home town", "hukou", "household registration",
        "country of birth", "country of origin", "domicile", "race",
    ):  # fmt: skip
        yield _said(label, rf"(?: location)?{_SAYS}{value}", left=_WORD)
    for people in _PEOPLE.split("|"):
        yield _said("nationality", rf" {{1,4}}{people}\b", left=_WORD, key=people)
        yield _said(people, rf" (?:nationals?|citizens?)\b{_ENDED}", left=_WORD)
        yield _said(people, rf"(?<= am {people})\b{_ENDED}")
    yield _said("han", rf" (?:chinese|ethnicity|nationality)\b{_ENDED}", left=_WORD)
    for said in ("originally from", "native of", "i come from", "i am from"):
        yield _said(said, rf" {_WORD_EN}{_REGION_EN}", left=_WORD)


def _beliefs() -> Iterator[Statement]:
    yield _said(
        "政治",
        rf"{_S}面{_S}[貌目](?:{_ON}(?:中共|共产)?(?:正式|预备)?(?:党员|团员|共青团员|群众){_APART}|{_TO}{_WORDS_ZH}{{1,7}})",
    )
    for member in (
        "党员", "团员", "共青团员", "中共党员", "共产党员", "预备党员", "中共预备党员", "中共正式党员",
    ):  # fmt: skip
        yield _said(member, _APART, left=_BEFORE_OR_STATED + "是名秀")
        yield _said("优秀" + member, _APART, left=_BEFORE)
    yield _said("入党积极分子", _APART)
    yield _said("宗教", rf"(?:信仰)?{_SAYS}{_WORDS_ZH}{{1,6}}")
    yield _said("信仰", rf"{_SAYS}{_WORDS_ZH}{{1,6}}")
    for word in ("佛教徒", "基督徒", "基督教徒", "天主教徒", "穆斯林", "道教徒", "无宗教信仰"):
        yield _said(word, _APART, left=_BEFORE + "是人名位个")
    for label in (
        "political status", "political affiliation", "religion", "religious belief", "religious beliefs",
        "religious affiliation",
    ):  # fmt: skip
        yield _said(label, _SAYS + _WORDS_EN, left=_WORD)
    for member in ("cpc member", "ccp member", "party member", "communist party member"):
        yield _said(
            member, rf"\b{_ENDED}(?:(?<![a-z] {member})|(?<= a {member}))", left=_WORD + r"\-"
        )
    yield _said(
        "member of the ", r"(?:communist party(?: of china)?|cpc|ccp)\b", left=_WORD, key="member"
    )
    for faith in _FAITH.split("|"):
        before = "|".join(
            rf"(?<={said} {faith})"
            for said in ("am a", "i'm a", "i am", "practicing", "practising")
        )
        yield _said(faith, rf"\b(?:(?<![a-z] {faith})|{before}){_ENDED}", left=_WORD + r"\-")


def _bodies() -> Iterator[Statement]:
    file = r"(?:[^\s,;|]{1,60}\.(?:jpe?g|png|gif|bmp|webp)|见附件|见附|附后|已附|略|无|attached|enclosed)"
    alone = r"(?<![^\n(\[【]{0})(?= {{0,4}}(?:[\n)\]】]|\Z))"
    for label in ("照片", "证件照", "个人照片"):
        yield _said(label, rf"{_S}:{_S}{file}", left=_BEFORE)
        yield _said(label, alone.format(label))
    yield _said("photo", rf"{_S}[:|]{_S}{file}", left=_WORD)
    tall = rf"(?:1[3-9]\d|2[01]\d|[12]\.\d{{1,2}}|[一1]米\S?){_S}(?:cm|厘米|公分|米|m\b)?"
    heavy = rf"\d{{2,3}}(?:\.\d)?{_S}(?:kgs?|公斤|千克|斤|lbs?)?"
    yield _said("身", rf"{_S}高{_S}(?:[/、]{_S}体重)?{_ON}{tall}(?:{_S}[/,、]{_S}{heavy})?(?!\d)")
    yield _said("体", rf"{_S}重{_ON}{heavy}(?!\d)")
    yield _said("血", rf"{_S}型{_ON}(?:ab|[abo]){_S}型?(?![a-z])")
    yield _pattern("cm", rf"1[4-9]\d(?<![\w.*].{{3}}){_S}cm{_S}[/,、]?{_S}\d{{2,3}}{_S}kg")
    yield _said(
        "height",
        rf"{_ON}(?:{tall}|\d'\s?\d{{1,2}}\"?|\d ?ft(?: ?\d{{1,2}} ?in)?)(?!\d)",
        left=_WORD,
    )
    yield _said("weight", rf"{_SAYS}{heavy}(?!\d)", left=_WORD)
    yield _said("blood type", rf"{_ON}(?:ab|[abo])\b[+-]?", left=_WORD)
    fit = "(?:良好|健康|优秀|很好|较好|一般|佳|优|好|无)"
    yield _said(
        "健",
        rf"{_S}康{_S}(?:状{_S}[况态]|情况)(?:{_SAYS}{_WORDS_ZH}{{1,8}}|{_ON}{fit}{_APART})",
        left="体亚",
    )
    yield _said("健康", rf"{_SAYS}{fit}{_APART}", left=_BEFORE)
    yield _said("身体", rf"(?:状况)?{_S}:?{_S}{fit}{_APART}", left=_BEFORE + "人我且")
    yield _said(
        "残疾", rf"(?:证|等级|类别|类型|情况|状况)?(?:编?号)?{_SAYS}[^\s,;|]{{1,30}}", left=_BEFORE
    )
    for word in ("肢体残疾", "听力残疾", "视力残疾", "言语残疾", "残疾"):
        yield _said(word, rf"(?:[一二三四]级)?人?{_APART}", left=_BEFORE + "名人是")
    state = "(?:very good|good|excellent|fine|healthy|fair|poor|normal|none|no|yes)"
    for label in ("health", "health status", "health condition", "disability"):
        yield _said(label, rf"(?<![a-z] {label}){_S}:{_S}{state}(?: health)?\b", left=_WORD + r"\-")
    yield _said("in good health", rf"\b{_ENDED}", left=_WORD)
    for word in ("disabled", "pregnant"):
        for said in ("i am", "i'm", "registered"):
            yield _said(word, rf"(?<={said} {word})\b{_ENDED}")


def _contacts() -> Iterator[Statement]:
    digits = r"\+?(?:\(\d{1,5}\)|\d)(?:[ \-]?(?:\(\d{1,5}\)|\d)){5,19}"
    domain = r"@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4}"
    address = rf"[\w.+\-]{{1,64}}{domain}"
    yield _pattern("@", rf"[\w.+\-](?<![\w.+\-].)[\w.+\-]{{0,63}}+{domain}")
    # What stands before the sign may be of any length; the end is blanked all the same.
    yield _pattern("@", rf"@(?<=[\w.+\-]@){domain[1:]}")
    for label in ("邮", "电子邮"):
        yield _said(label, rf"{_S}[箱件]{_S}(?:地址)?{_ON}{address}", key="邮")
    for label in ("email", "e-mail", "mail"):
        yield _said(label, rf"(?: address)?{_ON}{address}", left=_WORD + r"\-")
    for one, two in ("电话", "手机", "座机", "联系", "移动"):
        yield _said(
            one, rf"{_S}{two}{_S}(?:电话|方式|手机)?{_S}(?:号{_S}码?)?{_ON}{digits}", key=two
        )
    for label in (
        "telephone", "tel", "phone", "mobile", "cell", "cellphone", "whatsapp", "contact",
    ):  # fmt: skip
        yield _said(label, rf"(?: (?:no|number|phone))?\.?{_ON}{digits}", left=_WORD)
    mobile = r"1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?![\d\-])"
    yield _pattern("1", rf"1(?<![\d.\-].)(?=[3-9]\d[ \-]?\d{{4}}){mobile[1:]}")
    for code in ("+86", "0086", "86"):
        yield _said(code, rf"[ \-]?{mobile}", left=r"\d.\-", key="8")
    yield _said("+", r"\d{1,3}[ \-](?:\(\d{1,5}\)|\d)(?:[ \-]?(?:\(\d{1,5}\)|\d)){5,13}(?!\d)")
    yield _said("0", r"\d{2,3}-\d{7,8}(?![\da-z\-])", left=r"\da-z.\-", key="-")
    yield _pattern("-", r"[2-9]\d\d(?<![\w.\-].{3})-\d{3}-\d{4}(?![\w\-])")
    yield _pattern("(", r"\(\d{3}\) ?\d{3}-\d{4}(?![\w\-])")
    yield _said("微", rf"{_S}信{_S}号?{_SAYS}(?:同手机号?|同号|[a-z][a-z0-9_\-]{{4,19}}|1\d{{10}})")
    for label in ("wechat", "weixin", "qq", "skype", "telegram"):
        yield _said(
            label,
            rf"(?: id| no\.?|号)?{_SAYS}[a-z0-9_.@\-]{{3,31}}[a-z0-9_\-]\b{_ENDED}",
            left=_WORD,
        )
    for label in ("家庭", "通讯", "通信", "联系"):
        yield from _field(label, "(?:住址|地址)", r"[^\n,;|]{2,60}")
    yield from _field("住", rf"{_S}址", r"[^\n,;|]{2,60}")
    for label in ("address", "home address", "mailing address", "postal address"):
        yield _said(
            label,
            rf"(?<![a-z0-9] {label}){_S}:{_S}\n?{_S}(?=[^\n|;\d]{{0,60}}\d)[^\n|;]{{4,60}}",
            left=_WORD + r":\-",
        )


def _ids() -> Iterator[Statement]:
    yield _said("身", rf"{_S}份{_S}证{_S}件?(?:号{_S}码?)?{_ON}\d{{14,17}}[\dx]")
    yield _said("护照", rf"(?:号码?)?{_ON}[a-z]{{1,2}}\d{{6,8}}")
    yield _said("passport", rf"(?: (?:no|number))?\.?{_SAYS}[a-z]{{1,2}}\d{{6,8}}", left=_WORD)
    # GB 11643: region, birth date, order, check digit.
    rest = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx](?![\da-z])"
    for century, key in (("19", "9"), ("20", "0")):
        yield _pattern(key, rf"[1-9](?<![\da-z].)\d{{5}}{century}{rest}")
