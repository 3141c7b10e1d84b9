from __future__ import annotations

import pytest

from search.evaluation.collections import CollectionError, read_collections


@pytest.fixture
def folder(tmp_path):
    titles = tmp_path / "titles"
    titles.mkdir()
    (titles / "queries.tsv").write_text("q1\twelder\nq2\tnurse\nq3\tnobody\n", encoding="utf-8")
    (titles / "corpus.tsv").write_text("a\t焊工\nb\t护士\nc\t电焊工\n", encoding="utf-8")
    (titles / "qrels.tsv").write_text("q1 0 a 1\nq1 0 c 1\nq2 0 b 1\nq2 0 a 0\n", encoding="utf-8")
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "queries.tsv").write_text("q\ttitle\twhat is asked\n", encoding="utf-8")
    (texts / "corpus.tsv").write_text("a\ttitle\tdefinition\ttasks\thierarchy\n", encoding="utf-8")
    (texts / "qrels.tsv").write_text("q 0 a 1\n", encoding="utf-8")
    return tmp_path


def test_collections_are_read_by_name(folder):
    texts, titles = read_collections(folder)
    assert (texts.name, titles.name) == ("texts", "titles")
    assert texts.queries == {"q": "what is asked"}
    assert texts.documents == {"a": ("title", "definition\ntasks")}
    assert titles.documents["a"] == ("焊工", "")


def test_a_query_without_an_answer_is_left_out(folder):
    _, titles = read_collections(folder)
    assert list(titles.queries) == ["q1", "q2"]
    assert titles.qrels == {"q1": {"a": 1, "c": 1}, "q2": {"b": 1}}


def test_many_answers_ask_for_the_whole_ranking(folder):
    texts, titles = read_collections(folder)
    assert (texts.measure, titles.measure) == ("R@1", "R@1")
    with (folder / "titles/qrels.tsv").open("a", encoding="utf-8") as file:
        file.write("q1 0 b 1\n")
    assert read_collections(folder)[1].measure == "MAP"


def test_a_sample_keeps_all_documents(folder):
    _, titles = read_collections(folder)
    assert list(titles.sample(1).queries) == ["q1"]
    assert titles.sample(1).documents == titles.documents
    assert titles.sample(5).queries == titles.queries


def test_what_is_no_collection_is_named(folder, tmp_path):
    with pytest.raises(CollectionError, match="no folder in it holds"):
        read_collections(folder / "titles")
    (folder / "titles/corpus.tsv").unlink()
    with pytest.raises(CollectionError, match=r"lacks corpus\.tsv"):
        read_collections(folder)


def test_a_line_without_text_is_named(folder):
    (folder / "titles/corpus.tsv").write_text("a\t焊工\nb\n", encoding="utf-8")
    with pytest.raises(CollectionError, match="line 2"):
        read_collections(folder)
