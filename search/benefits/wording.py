"""What is said of a screened measure, in Chinese and English: never more than the text allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search.benefits.standing import Standing
from search.benefits.verdicts import Truth
from taxonomies.benefits import Amount, AmountKind, Benefit, StatusValue
from taxonomies.facts import Label

_STATUS_NAME = {
    StatusValue.PLANNED: Label(zh="计划中的措施", en="planned"),
    StatusValue.ENCOURAGED: Label(zh="鼓励性表述", en="encouraged"),
}

_DISCRETION = {
    "may": Label(zh="“可予以”：由主管部门酌定", en="at the authority's discretion"),
    "case_by_case": Label(zh="“一事一议”：逐案决定", en="decided case by case"),
    "as_regulated": Label(
        zh="另按有关规定或认定办理，该规定不在来源文件中",
        en="under further rules or recognition that are not in the sources",
    ),
    "as_agreed": Label(zh="依协议和绩效确定", en="as agreed and by performance"),
}

_KIND = {
    AmountKind.CAP: Label(zh="{}（上限，不是应得额）", en="up to {} (a cap, not an entitlement)"),
    AmountKind.LOAN_CAP: Label(
        zh="{}（贷款额度上限，须偿还，不是补贴）",
        en="a loan of up to {}, to be repaid; not a subsidy",
    ),
    AmountKind.POT: Label(
        zh="{}（资金总额，不是每家所得）", en="{} for all together, not for each applicant"
    ),
    AmountKind.FUND: Label(zh="{}（基金规模，不是补贴）", en="a fund of {}; not a subsidy"),
    AmountKind.FIXED: Label(zh="{}", en="{}"),
    AmountKind.PERCENT: Label(zh="{}", en="{}"),
    AmountKind.FULL: Label(zh="{}", en="{} in full"),
    AmountKind.NONE: Label(zh="{}（不涉及资金）", en="no money passes"),
}

_NOT_STATED = Label(zh="金额：原文未写", en="amount not stated")
_PERIOD_NOT_STATED = Label(zh="原文未写有效期", en="period not stated")
_NO_SUCCESSOR = Label(zh="来源文件中未见后续政策", en="no successor in the sources")


def amount_text(benefit: Benefit) -> Label:
    """Return what the text gives (in Chinese in its own words), or that it gives no figure."""
    amounts = benefit.stated_amounts
    if not amounts:
        return _NOT_STATED
    return _joined([_amount(amount) for amount in amounts], "；", "; ")


def describe(
    benefit: Benefit,
    standing: Standing,
    in_force: Truth,
    opened: Sequence[Label],
    failed: Sequence[Label],
) -> Label:
    """Return one sentence on a measure for a standing.

    Args:
        benefit: the measure.
        standing: how it stands.
        in_force: whether it is in force on the date asked for.
        opened: conditions that the known facts leave open.
        failed: conditions that the known facts contradict.
    """
    match standing:
        case Standing.DOES_NOT_APPLY:
            reasons = _joined(failed, "；", "; ")
            return Label(
                zh=f"不适用，不满足：{reasons.zh}", en=f"does not apply; not met: {reasons.en}"
            )
        case Standing.ENDED:
            return _joined([_ended(benefit), *_then(benefit)], "；", "; ")
        case Standing.NOT_YET_IN_FORCE:
            start = benefit.period.start
            parts = [
                Label(zh=f"尚未开始（自{_day_zh(start)}起）", en=f"not yet in force (from {start})")
            ]
            return _joined([*parts, *_then(benefit)], "；", "; ")
        case Standing.PLANNED_ONLY | Standing.ENCOURAGED_ONLY:
            return _joined([_no_claim(benefit), *_caveats(benefit, in_force)], "；", "; ")
        case Standing.APPLIES | Standing.APPLIES_IF_OPEN:
            return _joined([_may_apply(opened), *_caveats(benefit, in_force)], "。", "; ")


def _may_apply(opened: Sequence[Label]) -> Label:
    if not opened:
        return Label(
            zh="所列条件按已知事实均已满足，以主管部门认定为准",
            en="the listed conditions are met by the known facts; the authority decides",
        )
    conditions = _joined(opened, "；", "; ")
    return Label(zh=f"可能适用，若：{conditions.zh}", en=f"may apply, if: {conditions.en}")


def _no_claim(benefit: Benefit) -> Label:
    name, word = _STATUS_NAME[benefit.status.value], benefit.status.word
    return Label(
        zh=f"仅为{name.zh}（“{word}”），不能据此申领",
        en=f"{name.en} only (“{word}”); nothing can be claimed on it",
    )


def _then(benefit: Benefit) -> Iterable[Label]:
    name = _STATUS_NAME.get(benefit.status.value)
    if name:
        word = benefit.status.word
        yield Label(zh=f"且仅为{name.zh}（“{word}”）", en=f"and {name.en} only (“{word}”)")


def _ended(benefit: Benefit) -> Label:
    end = benefit.period.end
    zh, en = ("规划期", "plan period") if benefit.period.basis == "plan" else ("期限", "period")
    return Label(
        zh=f"已到期（{zh}至{_day_zh(end)}），{_NO_SUCCESSOR.zh}",
        en=f"ended ({en} until {end}); {_NO_SUCCESSOR.en}",
    )


def _caveats(benefit: Benefit, in_force: Truth) -> Iterable[Label]:
    if benefit.discretion.value != "none":
        yield _DISCRETION[benefit.discretion.value]
    if in_force is Truth.UNKNOWN:
        yield _PERIOD_NOT_STATED


def _amount(amount: Amount) -> Label:
    if amount.unit == "yuan":
        figure = f"CNY {amount.value:,}"
    else:
        figure = f"{amount.value}%" if amount.unit == "percent" else ""
    if amount.of:
        figure = f"{figure} of {amount.of.en}" if figure else amount.of.en
    frame = _KIND[amount.kind]
    english = frame.en.format(figure)
    if amount.per:
        english += f", {amount.per.en}"
    if amount.duration:
        english += f", for {amount.duration.value} {amount.duration.unit}(s)"
    chinese = frame.zh.format(amount.quote)
    if amount.duration and amount.duration.quote not in amount.quote:
        chinese = f"{amount.duration.quote}，{chinese}"
    return Label(zh=chinese, en=english)


def _day_zh(day: str) -> str:
    """Return a date to its printed precision: 2022年, 2022年12月 or 2022年12月31日."""
    parts = zip((str(int(part)) for part in day.split("-")), "年月日", strict=False)
    return "".join(number + unit for number, unit in parts)


def _joined(labels: Sequence[Label], zh: str, en: str) -> Label:
    return Label(zh=zh.join(one.zh for one in labels), en=en.join(one.en for one in labels))
