"""Do the tests notice when a rule fails? Each ``..._seen_by`` in turn gives everything to everybody.

For each of them the tests of rules and of worlds must turn red; a rule whose loss goes unseen ends
this command with 1. The table of predicates and twins is left out: it would see it at once, and
what is asked here is whether a reader's pages show it, or a question to the rule alone where another
stands before it. A rule that gives everything to everybody as it is has nothing to lose: it is named,
not counted. Runs inside ``.venv``.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ground.console import ROOT, say
from ground.mutant import WHICH

TESTS = ("tests/rules", "tests/worlds")
_EVERY_ROW = re.compile(r"return select\(\w+\)")
LEFT_OUT = ("tests/rules/test_twins.py", "tests/rules/test_mutation.py")


def main(words: list[str]) -> int:
    """Make each rule blind in turn; 0 only if the tests are green without and red with each of them."""
    parser = argparse.ArgumentParser(prog="dev.py mutate")
    parser.add_argument("rules", nargs="*", help="only these, by the end of their name")
    parser.add_argument("--tests", nargs="+", default=list(TESTS), help="the tests that must turn red")
    asked = parser.parse_args(words)
    chosen = [rule for rule in rules() if not asked.rules or rule.endswith(tuple(asked.rules))]
    opened = [rule for rule in chosen if is_open(rule)]
    chosen = [rule for rule in chosen if rule not in opened]
    if opened:
        say(f"Open to everybody, nothing to lose: {', '.join(opened)}")
    say("With every rule as it is")
    if ended := run(asked.tests)[0]:
        say("The tests are red already: nothing can be said about the rules.")
        return ended
    survived = [rule for rule in chosen if not _noticed(rule, asked.tests)]
    print(f"{len(chosen) - len(survived)} of {len(chosen)} rules are missed when they fail", flush=True)
    return 1 if survived or not chosen else 0


def rules(folder: Path = ROOT / "community") -> list[str]:
    """Every rule that says what somebody sees, as "module:name"; found by its name, not from a list."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        module = ".".join(path.relative_to(folder.parent).with_suffix("").parts).removesuffix(".__init__")
        found += [f"{module}:{name}" for name in _named_in(ast.parse(path.read_text("utf-8")))]
    return found


def is_open(rule: str) -> bool:
    """Whether this rule is one line that gives every row to everybody: it has no condition to lose."""
    module, _, name = rule.partition(":")
    path = ROOT / Path(*module.split(".")).with_suffix(".py")
    tree = ast.parse((path if path.exists() else path.with_suffix("") / "__init__.py").read_text("utf-8"))
    found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name.split(".")[-1]]
    return (
        len(found) == 1 and bool(_EVERY_ROW.fullmatch(ast.unparse(found[0].body[-1]))) and _is_short(found[0])
    )


def _is_short(node: ast.FunctionDef) -> bool:
    """A docstring at most beside its last line."""
    return all(isinstance(line, ast.Expr) for line in node.body[:-1])


def run(tests: list[str], mutant: str = "") -> tuple[int, str]:
    """Run these tests until the first is red; give pytest's exit code and the last lines it printed."""
    command = [sys.executable, "-m", "pytest", "-x", "-p", "ground.mutant", "--tb=line", *tests]
    command += [f"--ignore={path}" for path in LEFT_OUT]
    environment: Mapping[str, str] = {**os.environ, WHICH: mutant}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode and not mutant:
        say(done.stdout)
    return done.returncode, done.stdout


def _noticed(rule: str, tests: list[str]) -> bool:
    code, printed = run(tests, rule)
    # 1: a test failed. Anything else is a run that did not come about, and proves nothing.
    red = [line for line in printed.splitlines() if line.startswith(("FAILED", "ERROR"))]
    say(f"{rule}: " + (red[0][:160] if code == 1 and red else f"NOT NOTICED (pytest ended with {code})"))
    if code not in {0, 1}:
        say(printed)
    return code == 1 and bool(red)


def _named_in(tree: ast.AST, inside: str = "") -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _named_in(node, f"{inside}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and _is_rule(node, inside):
            yield inside + node.name


def _is_rule(node: ast.FunctionDef, inside: str) -> bool:
    """``..._seen_by``, or ``seen_by`` of a class that does it; a promise without a body is none."""
    if not (node.name.endswith("_seen_by") or (inside and node.name == "seen_by")):
        return False
    last = node.body[-1]
    return not (isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
