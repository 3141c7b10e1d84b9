"""What a profile names and does not claim."""

from __future__ import annotations

import pytest

from search.text.claims import is_denied


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("不会Go，Python会改", "Go"),
        ("React 了解语法，没有在项目里用过", "React"),
        ("没有做过大模型", "大模型"),
        ("（没用过UVM）", "UVM"),
        ("C/C++ 不写，Rust 刚开始", "C++"),
        ("C/C++ 不写，Rust 刚开始", "Rust"),
        ("CANoe没有用过，调试用国产CAN卡", "CANoe"),
        ("深度学习没做过", "深度学习"),
        ("很想转Java", "Java"),
        ("正在学习Kubernetes", "Kubernetes"),
        ("没有 Spring 项目经验", "Spring"),
        ("整车CAN接触不多", "CAN"),
        ("没有ASIC流片经历，很想转", "流片"),
        ("RTL 不写，Verilog 只看网表", "Verilog"),
        ("Spring Boot + Vue，前端是别人写的", "Vue"),
        ("Never used Vue or Angular at work.", "Vue"),
        ("Never used Vue or Angular at work.", "Angular"),
        ("I have not worked with Kubernetes", "Kubernetes"),
        ("no experience with Go", "Go"),
        ("would love to learn Rust", "Rust"),
        ("currently learning Terraform", "Terraform"),
        ("Kafka is new to me", "Kafka"),
    ],
)
def test_denied(text, named):
    at = text.index(named)
    assert is_denied(text, at, at + len(named))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("不会Go，Python会改", "Python"),
        ("没有单位推荐，Java写了五年", "Java"),
        ("精通Java，没有什么是查不出来的", "Java"),
        ("Docker、K8s 用了四年", "K8s"),
        ("用 Python 写脚本。没有做过前端", "Python"),
        ("不只会 Java，还会 Go", "Java"),
        ("Kafka used daily, never a lost message", "Kafka"),
        ("I have not only used Java but Go", "Java"),
        ("five years of Java; want to move to Hangzhou", "Java"),
        ("React项目做了三年，没有离职打算", "React"),
    ],
)
def test_claimed(text, named):
    at = text.index(named)
    assert not is_denied(text, at, at + len(named))


def test_it_ends_soon_on_any_text():
    text = "没有" * 20_000 + "Java" + "，但" * 20_000
    at = text.index("Java")
    is_denied(text, at, at + 4)
