"""How telling a token is: inverse document frequency over the taxonomy's own texts.

A fixed table, so that a score does not change when records are added. Words that every posting holds
are filler: they are rare in the taxonomy, and still say nothing.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from search.text.segment import Segmenter

#: Weight of a filler word relative to a word never seen.
_FILLER_SHARE = 0.1

FILLER = frozenset(
    "负责 熟悉 经验 工作 公司 团队 相关 具有 具备 良好 能力 以上 以下 优先 要求 岗位 职责 任职 参与 进行 以及 根据 完成 "
    "能够 使用 了解 掌握 精通 熟练 一定 较强 沟通 协作 责任心 责任 任职要求 岗位职责 薪资 待遇 五险 一金 五险一金 双休 福利 年终奖 "
    "招聘 诚聘 急聘 工程师 人员 专业 学历 本科 大专 硕士 博士 年 月 元 做 过 想 找 会 能 懂 需要 希望 有人 人 请 谁 主要 方面 "
    "做过 有过 从事 从业 行业 领域 项目 方向 工资 面议 毕业 应届 简历 求职 应聘 应聘者 候选人 个人 自己 喜欢 热爱 独立 完整 "
    "experi work year team compani role job posit respons requir skill abl abil strong good excel knowledg famili "
    "candid look hire seek want need someon who person peopl engin develop senior junior lead "
    "use using build built make made help includ across within plus must will would can could should all any our".split()
)


class Frequencies:
    """Token weights.

    Args:
        idf: token to weight; a token that is not there gets the largest.
    """

    def __init__(self, idf: Mapping[str, float]) -> None:
        self._idf = idf
        self._unseen = max(idf.values(), default=1.0)

    def weight(self, token: str) -> float:
        """Return how telling a token is, from near 0 (filler) up."""
        if token in FILLER:
            return _FILLER_SHARE * self._unseen
        return self._idf.get(token, self._unseen)

    def save(self, path: Path) -> None:
        """Write the table."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(self._idf, ensure_ascii=False), encoding="utf-8")
        temporary.replace(path)

    @classmethod
    def load(cls, path: Path) -> Frequencies:
        """Open a table written by `save`."""
        return cls(json.loads(path.read_text(encoding="utf-8")))


def fit(segmenter: Segmenter, texts: Iterable[str]) -> Frequencies:
    """Count the tokens of the texts: idf(t) = ln(1 + N / df(t))."""
    bags = [set(segmenter.tokens(text)) for text in texts]
    df = Counter(token for bag in bags for token in bag)
    return Frequencies({token: math.log(1 + len(bags) / count) for token, count in sorted(df.items())})
