"""Features stay between 0 and 1, and more evidence never lowers one."""

from hypothesis import given
from hypothesis import strategies as st

from search.ranking.features import compute
from search.ranking.intent import Intent
from search.ranking.profile import Profile, padded
from taxonomies.skills import load_skills

SKILLS = st.dictionaries(
    st.sampled_from(sorted(load_skills())[:300]), st.floats(0.1, 1.0), max_size=6
)
TOKENS = st.dictionaries(
    st.sampled_from(["java", "版图", "流片", "网络", "测试", "数据"]), st.floats(0.1, 5.0)
)


def intent(skills=None, tokens=None, roles=None, text="x"):
    return Intent(tokens or {}, skills or {}, roles or {}, text, len(text))


def profile(skills=None, tokens=(), roles=()):
    text = padded(*tokens)
    return Profile(frozenset(roles), skills or {}, text, text, dict.fromkeys(tokens, 1.0))


@given(SKILLS, SKILLS, TOKENS, st.floats(0, 1))
def test_every_feature_lies_between_0_and_1(wanted, held, tokens, cosine):
    features = compute(intent(wanted, tokens), profile(held, list(tokens)[:2]), cosine)
    assert all(0 <= value <= 1 + 1e-9 for value in features.as_mapping().values())


@given(SKILLS, SKILLS, st.sampled_from(sorted(load_skills())[:300]))
def test_one_more_skill_never_lowers_the_skill_feature(wanted, held, extra):
    before = compute(intent(wanted), profile(held), 0.0).skill
    after = compute(intent(wanted), profile({**held, extra: 1.0}), 0.0).skill
    assert after >= before - 1e-9


def test_java_is_not_javascript():
    features = compute(intent({"java": 1.0}), profile({"javascript": 1.0}), 0.0)
    assert features.skill == 0


def test_a_named_role_counts_by_the_weight_of_its_mention():
    assert compute(intent(roles={"9": 0.8}), profile(roles=["9"]), 0.0).title == 0.8
    assert compute(intent(roles={"9": 0.8}), profile(roles=["8"]), 0.0).title == 0


def test_parts_of_words_count_in_part():
    features = compute(intent(tokens={"焊工": 1.0}), profile(tokens=["焊接", "技术"]), 0.0)
    assert features.lexical == 0
    assert 0 < features.partial < 1
    features = compute(intent(tokens={"tester": 1.0}), profile(tokens=["testing"]), 0.0)
    assert 0 < features.partial < 1
    assert compute(intent(tokens={"java": 1.0}), profile(tokens=["java"]), 0.0).partial == 1


def test_a_title_that_was_asked_for_in_part_is_covered_in_part():
    features = compute(intent(tokens={"测试": 1.0}), profile(tokens=["网络", "测试"]), 0.0)
    assert features.heading == 0.5
