"""Every measure's docstring has a formula, a source and a worked example that holds."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

from search.audit import measures

MODULES = sorted(entry.name for entry in pkgutil.iter_modules(measures.__path__))


@pytest.mark.parametrize("name", [f"measures.{name}" for name in MODULES] + ["places"])
def test_worked_examples_hold(name: str) -> None:
    module = importlib.import_module(f"search.audit.{name}")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_every_measure_has_a_source_and_an_example(name: str) -> None:
    module = importlib.import_module(f"search.audit.measures.{name}")
    functions = [
        function
        for label, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not label.startswith("_")
    ]
    bare = [function.__name__ for function in functions if ">>>" not in (function.__doc__ or "")]
    assert not bare, f"give a worked example to {', '.join(bare)}"
