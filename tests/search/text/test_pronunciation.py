"""Pinyin: the table agrees with the dictionary, and every reading of a character counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text.pronunciation import build_table, is_spoken_as, readings, sounds_alike

HAN = st.sampled_from("前端开发数据库工程师量子密钥分发行长重乐单")


def test_the_table_holds_what_the_dictionary_says():
    for character in "前段行重乐单":
        assert f"{character} {' '.join(readings(character))}\n" == build_table(character)


@pytest.mark.parametrize(
    ("text", "sound"),
    [("前端", "qianduan"), ("银行", "yinhang"), ("行业", "hangye"), ("web前端", "webqianduan")],
)
def test_a_text_is_spoken_as_its_pinyin(text, sound):
    assert is_spoken_as(text, sound)
    assert not is_spoken_as(text, sound + "a")
    assert not is_spoken_as(text, sound[:-1])


@given(st.lists(HAN, min_size=1, max_size=6), st.data())
def test_every_choice_of_readings_is_understood(characters, data):
    sound = "".join(data.draw(st.sampled_from(readings(character))) for character in characters)
    assert is_spoken_as("".join(characters), sound)


@pytest.mark.parametrize(
    ("one", "other"), [("前段", "前端"), ("嵌入试", "嵌入式"), ("功程师", "工程师")]
)
def test_homophones_sound_alike(one, other):
    assert sounds_alike(one, other)


def test_other_words_do_not_sound_alike():
    assert not sounds_alike("前端", "后端")
    assert not sounds_alike("前端", "前端开发")


def test_a_rare_character_is_looked_up():
    assert readings("\U00020bb7") != ()
