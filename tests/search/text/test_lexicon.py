"""Labels in texts: where they stand, where they only seem to, and that the longest wins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.models import Aspect
from search.text.lexicon import Entry, Lexicon, label_key, label_keys
from search.text.normalise import normalise
from search.text.segment import Segmenter
from search.text.vocabulary import load_vocabulary

LABELS = {
    "java": ["Java"],
    "javascript": ["JavaScript"],
    "c": ["C", "C语言"],
    "cpp": ["C++"],
    "csharp": ["C#", "C Sharp"],
    "go": ["Go", "Golang"],
    "r": ["R", "R语言"],
    "python": ["Python"],
    "spring": ["Spring"],
    "spring-boot": ["Spring Boot"],
    "nodejs": ["Node.js"],
    "vue": ["Vue"],
    "dotnet": [".NET"],
    "aspice": ["ASPICE"],
    "spice": ["SPICE"],
    "canopen": ["CANopen"],
    "tform": ["Tform"],
    "testing": ["测试", "软件测试"],
    "senior-worker": ["高级工"],
    "5g": ["5G"],
}
PLACES = {"330112": ["临安", "临安区"], "330000": ["浙江"], "330100": ["杭州"], "310000": ["上海"]}
DEGREES = {"bachelor": ["本科"], "upper-secondary": ["高中"]}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    lists = {Aspect.SKILL: LABELS, Aspect.PLACE: PLACES, Aspect.EDUCATION: DEGREES}
    entries = [
        Entry(aspect, value, label)
        for aspect, values in lists.items()
        for value, labels in values.items()
        for label in labels
    ]
    return Lexicon(entries, Segmenter([]).words)


def found(lexicon: Lexicon, text: str, aspect: Aspect = Aspect.SKILL) -> list[tuple[str, str]]:
    """Return the values found in a text, each with the words as written."""
    normal = normalise(text)
    return [
        (entry.value, normal.quote(match.start, match.end))
        for match in lexicon.find(normal, aspect)
        for entry in match.entries
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Java", [("java", "Java")]),
        ("JavaScript", [("javascript", "JavaScript")]),
        ("Java Script", [("javascript", "Java Script")]),
        ("Java/JavaScript", [("java", "Java"), ("javascript", "JavaScript")]),
        ("精通Java开发", [("java", "Java")]),
        ("C", [("c", "C")]),
        ("C++", [("cpp", "C++")]),
        ("C ++", [("cpp", "C ++")]),
        ("C++17", [("cpp", "C++17")]),
        ("C#", [("csharp", "C#")]),
        ("c sharp", [("csharp", "c sharp")]),
        ("C语言", [("c", "C语言")]),
        ("C/C++", [("c", "C"), ("cpp", "C++")]),
        ("C、C++、C#", [("c", "C"), ("cpp", "C++"), ("csharp", "C#")]),
        ("go", [("go", "go")]),
        ("Golang", [("go", "Golang")]),
        ("go lang", [("go", "go lang")]),
        ("Python（主力）", [("python", "Python")]),
        ("python3", [("python", "python")]),
        ("Python 3.11", [("python", "Python")]),
        ("vue2.x", [("vue", "vue")]),
        ("Spring Boot", [("spring-boot", "Spring Boot")]),
        ("spring-boot", [("spring-boot", "spring-boot")]),
        ("SpringBoot", [("spring-boot", "SpringBoot")]),
        ("spring\nboot", [("spring-boot", "spring\nboot")]),
        ("Ｓｐｒｉｎｇ　Ｂｏｏｔ", [("spring-boot", "Ｓｐｒｉｎｇ　Ｂｏｏｔ")]),
        ("Spring、Boot", [("spring", "Spring")]),
        ("node.js", [("nodejs", "node.js")]),
        ("nodejs", [("nodejs", "nodejs")]),
        ("Node JS", [("nodejs", "Node JS")]),
        (".net", [("dotnet", ".net")]),
        ("C#/.NET", [("csharp", "C#"), ("dotnet", ".NET")]),
        ("①Java②Python", [("java", "Java"), ("python", "Python")]),
        ("1.Java 2.Python", [("java", "Java"), ("python", "Python")]),
        ("ASPICE", [("aspice", "ASPICE")]),
        ("a SPICE simulator", [("spice", "SPICE")]),
        ("CANopen", [("canopen", "CANopen")]),
        ("軟體測試", [("testing", "軟體測試")]),
        ("Ja\u200bva", [("java", "Ja\u200bva")]),
        ("测试工程师", [("testing", "测试")]),
        ("R语言", [("r", "R语言")]),
        ("精通R", [("r", "R")]),
    ],
)
def test_where_labels_stand(lexicon: Lexicon, text: str, expected: list[tuple[str, str]]) -> None:
    assert [(v, q.removesuffix("17")) for v, q in found(lexicon, text)] == [
        (v, q.removesuffix("17")) for v, q in expected
    ]


@pytest.mark.parametrize(
    "text",
    [
        "platform",
        "transform",
        "平台",
        "javac",
        "xjava",
        "C9",
        "ABC",
        "USB Type-C",
        "C-level",
        "C/S架构",
        "C轮融资",
        "C端产品",
        "R&D",
        "R-CNN",
        "B/C",
        "Django",
        "gopher",
        "15G",
        "5Gbps",
        "you can open files",
        "the tex",
        "高级工程师",
        "高級工程師",
        "",
        " ",
    ],
)
def test_where_labels_only_seem_to_stand(lexicon: Lexicon, text: str) -> None:
    assert found(lexicon, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("临安", ["临安"]),
        ("杭州临安", ["杭州", "临安"]),
        ("临安区", ["临安区"]),
        ("面临安全问题", []),
        ("面臨安全", []),
        ("在浙江省杭州市", ["浙江", "杭州"]),
        ("浙江大学", []),
        ("杭州电子科技大学毕业", []),
        ("上海交通大学", []),
        ("上海，浙江大学", ["上海"]),
        ("在杭州找大学老师", ["杭州"]),
        ("上海南站", ["上海"]),
    ],
)
def test_places(lexicon: Lexicon, text: str, expected: list[str]) -> None:
    assert [quote for _, quote in found(lexicon, text, Aspect.PLACE)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本科以上", ["本科"]),
        ("本科技公司", []),
        ("高中学历", ["高中"]),
        ("提高中标率", []),
        ("高中低压", []),
        ("大学本科", ["本科"]),
    ],
)
def test_degrees(lexicon: Lexicon, text: str, expected: list[str]) -> None:
    assert [quote for _, quote in found(lexicon, text, Aspect.EDUCATION)] == expected


@pytest.mark.parametrize(
    "name", ["Zhejiang University", "University of Zhejiang", "Zhejiang Sci-Tech University"]
)
def test_english_universities_are_no_places(name: str) -> None:
    lexicon = Lexicon([Entry(Aspect.PLACE, "330000", "Zhejiang")])
    assert found(lexicon, f"graduate of {name}", Aspect.PLACE) == []
    assert found(lexicon, "work in Zhejiang, university degree", Aspect.PLACE) == [
        ("330000", "Zhejiang")
    ]


def test_without_a_segmenter_a_short_label_is_found_anywhere() -> None:
    lexicon = Lexicon([Entry(Aspect.PLACE, "330112", "临安")])
    assert found(lexicon, "面临安全", Aspect.PLACE) == [("330112", "临安")]


def test_one_label_may_stand_for_several_values() -> None:
    lexicon = Lexicon(
        [Entry(Aspect.TITLE, "4", "嵌入式工程师"), Entry(Aspect.TITLE, "38", "嵌入式工程师")]
    )
    assert [value for value, _ in found(lexicon, "嵌入式工程师", Aspect.TITLE)] == ["4", "38"]


def test_each_aspect_has_its_own_longest_match() -> None:
    lexicon = Lexicon([Entry(Aspect.TITLE, "1", "Java工程师"), Entry(Aspect.SKILL, "java", "Java")])
    assert found(lexicon, "Java工程师", Aspect.TITLE) == [("1", "Java工程师")]
    assert found(lexicon, "Java工程师", Aspect.SKILL) == [("java", "Java")]


def test_an_empty_lexicon_finds_nothing() -> None:
    assert found(Lexicon([]), "Java") == []


def test_a_label_without_a_name_is_left_out() -> None:
    assert not Lexicon([Entry(Aspect.SKILL, "x", " - ")]).by_key


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Spring Boot", "springboot"),
        ("spring-boot", "springboot"),
        ("Node.js", "nodejs"),
        (".NET", ".net"),
        ("Ｃ＋＋", "c++"),
        ("軟體", "软件"),
    ],
)
def test_keys(label: str, key: str) -> None:
    assert label_key(label) == key
    assert label_keys([label]) == [key]


@given(
    st.lists(
        st.sampled_from(
            [
                "Java",
                "C++",
                "临安",
                "软体",
                "spring",
                "boot",
                " ",
                "-",
                "，",
                "浙江",
                "大学",
                "\u200b",
                "軟體",
                "3",
            ]
        )
    )
)
def test_matches_lie_in_order_without_overlap(pieces: list[str]) -> None:
    normal = normalise("".join(pieces))
    for matches in load_vocabulary().lexicon.find_all(normal).values():
        edges = [edge for match in matches for edge in (match.start, match.end)]
        assert edges == sorted(edges)
        for match in matches:
            assert match.entries
            span = normal.span(match.start, match.end)
            assert normal.quote(match.start, match.end) == normal.original[span.start : span.end]


def test_every_label_of_the_taxonomy_is_found_in_itself() -> None:
    lexicon = load_vocabulary().lexicon
    lost = []
    for entries in lexicon.by_key.values():
        for entry in entries:
            normal = normalise(entry.label)
            whole = [m for m in lexicon.find(normal, entry.aspect) if entry in m.entries]
            if not whole:
                lost.append(entry)
    assert lost == []
