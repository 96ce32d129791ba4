"""From the text of an expression to a function: the closed list of what an expression may hold.

Python's own parser reads the text, and the table ``NODES`` turns each node of the tree into a ``Term``. What stands in
no table cannot run: there is no ``eval``, no attribute, no subscript, no name but those that are given.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import e, inf, isfinite, nan, pi
from typing import Any

import numpy as np

from losscli.errors import UsageError, did_you_mean

LONGEST, DEEPEST, STEEPEST = 4096, 100, 1024
"""Characters of an expression, levels of its tree, and the largest exponent that is a plain number."""

DATA = ("y_true", "y_pred", "weight")
CONSTANTS = {"pi": pi, "e": e, "inf": inf, "nan": nan}
_UFUNCS = """
    abs exp exp2 expm1 log log1p log2 log10 logaddexp logaddexp2 sqrt cbrt square reciprocal hypot sign heaviside
    sin cos tan arcsin arccos arctan arctan2 sinh cosh tanh arcsinh arccosh arctanh
    minimum maximum floor ceil trunc isfinite isinf isnan
""".split()
FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    **{name: (getattr(np, name).nin, getattr(np, name)) for name in _UFUNCS},
    "min": (2, np.minimum),
    "max": (2, np.maximum),
    "round": (1, np.rint),
    "clip": (3, np.clip),
    "where": (3, np.where),
}
"""Each function: how many arguments it takes, and numpy's own."""
ARITHMETIC: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.FloorDiv: np.floor_divide,
    ast.Mod: np.remainder, ast.Pow: np.power, ast.USub: np.negative, ast.UAdd: np.positive,
}  # fmt: skip
LOGIC: dict[type[ast.AST], Callable[..., Any]] = {
    ast.And: np.logical_and, ast.Or: np.logical_or, ast.Not: np.logical_not,
    ast.BitAnd: np.logical_and, ast.BitOr: np.logical_or, ast.Invert: np.logical_not,
}  # fmt: skip
COMPARISONS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater, ast.GtE: np.greater_equal,
    ast.Eq: np.equal, ast.NotEq: np.not_equal,
}  # fmt: skip
ONLY = "an expression holds numbers, y_true, y_pred, weight, names set by --let, operators and functions such as abs(…)"
LIBRARIES = ("np", "numpy", "math")
NO_DOT = "write log(…), not np.log(…)"
ONE_BY_ONE = "an expression is computed for each sample; --reduction says what becomes of them all"
REDUCE = ("sum", "mean", "average", "std", "var", "median", "quantile", "len", "prod", "any", "all")

Names = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an expression: how it is computed, whether it is a condition, and what names it uses."""

    value: Callable[[Names], Any]
    condition: bool = False
    names: frozenset[str] = frozenset()

    def as_number(self) -> Term:
        """Return a condition as 1 where it holds and 0 elsewhere."""
        return Term(lambda names: np.multiply(self.value(names), 1.0), names=self.names) if self.condition else self

    def as_condition(self) -> Term:
        """Return a number as the condition that it is not 0."""
        if self.condition:
            return self
        return Term(lambda names: np.not_equal(self.value(names), 0), condition=True, names=self.names)


def joined(function: Callable[..., Any], parts: Iterable[Term], *, condition: bool = False) -> Term:
    """Return a numpy function of some terms."""
    terms = tuple(parts)
    names = frozenset[str]().union(*(term.names for term in terms))
    return Term(lambda given: function(*(term.value(given) for term in terms)), condition, names)


class Compiler:
    """Turns the tree of one expression into a term. Raises UsageError naming the column of what it refuses."""

    def __init__(self, text: str, lets: Iterable[str]) -> None:
        self.text = text.strip()
        self.indent = len(text) - len(text.lstrip())
        self.lets = tuple(lets)
        self.depth = 0
        if len(text) > LONGEST:
            raise UsageError(f"the expression has {len(text)} characters", f"the longest allowed has {LONGEST}")
        try:
            self.tree = ast.parse(self.text, "expression", mode="eval")
        except SyntaxError as error:
            raise self.error((error.lineno or 1, error.offset or len(self.text) + 1), error.msg, ONLY) from None
        except (ValueError, MemoryError, RecursionError):
            raise UsageError("the expression cannot be parsed: it is nested too deeply or holds a null", ONLY) from None
        self.term = self.of(self.tree.body).as_number()

    def of(self, node: ast.expr) -> Term:
        """Return the term of a node."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.refused(node, "the expression is nested too deeply", f"at most {DEEPEST} levels")
        if type(node) not in NODES:
            raise self.refused(node, f"{_kind(node)} cannot stand in an expression", NO_DOT if _dot(node) else ONLY)
        term = NODES[type(node)](self, node)
        self.depth -= 1
        return term

    def refused(self, node: ast.expr | ast.keyword, message: str, hint: str) -> UsageError:
        """Return the error at the column of a node."""
        line = self.text.splitlines()[node.lineno - 1].encode()
        return self.error((node.lineno, len(line[: node.col_offset].decode()) + 1), message, hint)

    def error(self, place: tuple[int, int], message: str, hint: str) -> UsageError:
        """Return the error at a line and column of the expression."""
        line, column = place
        where = f"column {column + self.indent}" if line == 1 else f"line {line}, column {column}"
        return UsageError(f"expression, {where}: {message}", hint)

    def constant(self, node: ast.Constant) -> Term:
        """A number; a whole one is a float, too, so that nothing grows without bounds."""
        if isinstance(node.value, bool):
            truth = node.value
            return Term(lambda _: np.bool_(truth), condition=True)
        if not isinstance(node.value, (int, float)):
            raise self.refused(node, f"{node.value!r} is not a number", ONLY)
        try:
            number = float(node.value)
        except OverflowError:
            number = inf
        if not isfinite(number):
            raise self.refused(
                node, "the number is too large for a float64", "the largest is about 1.8e308; infinity is inf"
            )
        return Term(lambda _: number)

    def name(self, node: ast.Name) -> Term:
        """A name that is given."""
        word = node.id
        if word in CONSTANTS:
            return Term(lambda _: CONSTANTS[word])
        if word in (*DATA, *self.lets):
            return Term(lambda names: names[word], names=frozenset([word]))
        if word in FUNCTIONS:
            raise self.refused(node, f"{word} is a function", f"write {word}(…)")
        near = did_you_mean(word, [*DATA, *self.lets, *CONSTANTS])
        raise self.refused(node, f"no name {word!r}", near or f"a number of your own: --let {word}=1")

    def binary(self, node: ast.BinOp) -> Term:
        """An operation on two numbers, or on two conditions."""
        left, right = self.of(node.left), self.of(node.right)
        if type(node.op) in LOGIC:
            if not (left.condition and right.condition):
                raise self.refused(
                    node, "& and | join conditions", "put each in parentheses: (y_true > 0) & (y_pred > 0)"
                )
            return joined(LOGIC[type(node.op)], (left, right), condition=True)
        if type(node.op) not in ARITHMETIC:
            raise self.refused(node, f"the operator {type(node.op).__name__} cannot stand in an expression", ONLY)
        right = right.as_number()
        if isinstance(node.op, ast.Pow) and not right.names:
            with np.errstate(all="ignore"):
                exponent = float(right.value({}))
            if not abs(exponent) <= STEEPEST:
                raise self.refused(node.right, f"the exponent {exponent:g} is too large", f"the largest is {STEEPEST}")
        return joined(ARITHMETIC[type(node.op)], (left.as_number(), right))

    def unary(self, node: ast.UnaryOp) -> Term:
        """A sign, or the contrary of a condition."""
        term = self.of(node.operand)
        if type(node.op) in ARITHMETIC:
            return joined(ARITHMETIC[type(node.op)], (term.as_number(),))
        if isinstance(node.op, ast.Invert) and not term.condition:
            raise self.refused(node, "~ stands before a condition", "for example ~(y_true > 0)")
        return joined(LOGIC[type(node.op)], (term.as_condition(),), condition=True)

    def either(self, node: ast.BoolOp) -> Term:
        """``and`` and ``or``, row by row."""
        function = LOGIC[type(node.op)]
        terms = [self.of(value).as_condition() for value in node.values]
        return joined(lambda *values: reduce(function, values), terms, condition=True)

    def compare(self, node: ast.Compare) -> Term:
        """A comparison, or a chain of them that hold together."""
        for operator in node.ops:
            if type(operator) not in COMPARISONS:
                raise self.refused(
                    node, f"the comparison {type(operator).__name__} cannot stand in an expression", ONLY
                )
        terms = [self.of(one).as_number() for one in (node.left, *node.comparators)]
        functions = [COMPARISONS[type(operator)] for operator in node.ops]

        def holds(*values: Any) -> Any:  # noqa: ANN401  arrays or numbers
            pairs = zip(functions, values, values[1:], strict=False)
            return reduce(np.logical_and, [function(left, right) for function, left, right in pairs])

        return joined(holds, terms, condition=True)

    def choice(self, node: ast.IfExp) -> Term:
        """``a if c else b``, row by row."""
        return self.chosen(node.test, node.body, node.orelse)

    def chosen(self, test: ast.expr, then: ast.expr, otherwise: ast.expr) -> Term:
        """``where``: one of two terms, row by row."""
        terms = self.of(then), self.of(otherwise)
        condition = all(term.condition for term in terms)
        branches = terms if condition else [term.as_number() for term in terms]
        return joined(np.where, (self.of(test).as_condition(), *branches), condition=condition)

    def call(self, node: ast.Call) -> Term:
        """A function of the table."""
        word = node.func.id if isinstance(node.func, ast.Name) else ""
        if word not in FUNCTIONS:
            hint = NO_DOT if _dot(node.func) else ONE_BY_ONE if word in REDUCE else did_you_mean(word, list(FUNCTIONS))
            written = (ast.get_source_segment(self.text, node.func) or "")[:40]
            raise self.refused(node, f"no function {written!r}", hint or f"known are {', '.join(FUNCTIONS)}")
        if node.keywords:
            raise self.refused(node.keywords[0], f"{word} takes no named arguments", f"write {word}(a, b)")
        takes, function = FUNCTIONS[word]
        if len(node.args) != takes:
            arguments = ", ".join("abc"[:takes])
            raise self.refused(
                node, f"{word} takes {takes} values and received {len(node.args)}", f"{word}({arguments})"
            )
        if function is np.where:
            return self.chosen(*node.args)
        terms = [self.of(argument).as_number() for argument in node.args]
        return joined(function, terms, condition=function in (np.isfinite, np.isinf, np.isnan))


def _dot(node: ast.AST) -> bool:
    """Tell whether a name of a library is spelt out: np.log."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in LIBRARIES


def _kind(node: ast.AST) -> str:
    return KINDS.get(type(node), type(node).__name__)


KINDS: dict[type[ast.AST], str] = {
    ast.Attribute: "an attribute (a dot)",
    ast.Subscript: "a subscript",
    ast.Lambda: "a lambda",
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.JoinedStr: "an f-string",
    ast.NamedExpr: "an assignment",
    ast.Tuple: "a comma outside of a function",
    ast.Starred: "a star",
}
NODES: dict[type[ast.AST], Callable[[Compiler, Any], Term]] = {
    ast.Constant: Compiler.constant,
    ast.Name: Compiler.name,
    ast.BinOp: Compiler.binary,
    ast.UnaryOp: Compiler.unary,
    ast.BoolOp: Compiler.either,
    ast.Compare: Compiler.compare,
    ast.IfExp: Compiler.choice,
    ast.Call: Compiler.call,
}
"""All that an expression is made of."""
