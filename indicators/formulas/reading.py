"""The text of a formula made into a tree, or refused with a Vietnamese sentence.

Formulas are written with row keys in square brackets::

    percent([1.2.b], [1.2.a])
    [1.5.b] + [1.5.c] + [1.5.d] = [1.5.a]
    if(chosen([1.6], "0"), [1.6.a] = 0)
    [5.3.b] >= previous([5.3.b])

Nothing but what is written here is ever run: there are no names, no powers, no attributes.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from indicators.formulas.tree import (
    COMPARISONS,
    Call,
    Check,
    Children,
    Choose,
    Chosen,
    Either,
    Elsewhere,
    Every,
    Given,
    Node,
    Not,
    Number,
    Percent,
    Product,
    Provided,
    Ref,
    Sum,
    Test,
    When,
)

# Longer than any rule of a form; what is longer is a slip, and takes long to walk.
LONGEST = 800
# Brackets in brackets beyond this are a slip, and would exhaust whatever walks the tree.
DEEPEST = 20
# As many digits as a figure may have.
MOST_DIGITS = 15
# As many as a spreadsheet takes, and more than anybody reads.
MOST_ARGUMENTS = 100
LONGEST_SHOWN = 400
_END = "hết công thức"
TOKEN = re.compile(
    r"""\s*(?:
        \[(?P<key>[^\[\]]+)\]
      | ["“”](?P<text>[^"“”]*)["“”]
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?![.\w]|,[0-9]))
      | (?P<word>[A-Za-z_]+(?![.\w]))
      | (?P<sign><=|>=|<>|!=|[-+*/×÷−(),<>=≤≥≠])
    )""",
    re.VERBOSE,
)
_ONE_SIGN = {"≤": "<=", "≥": ">=", "≠": "<>", "!=": "<>", "×": "*", "÷": "/", "−": "-"}
# "1.000" is a thousand to whoever writes Vietnamese, and one to whoever writes formulas.
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_IN_BRACKETS = "; khóa của dòng đặt trong ngoặc vuông, ví dụ [1.2.a]"
# Words before a bracket that say which figure, or which answer, is meant.
_FIGURES = ("children", "previous", "last_year", "year_to_date", "elsewhere", "chosen", "given")
_CALLED = ("percent", "abs", "min", "max", "if", "not", *_FIGURES)
_JOINS = ("and", "or")
_WORDS = (
    f"; các phép, viết chữ thường, là {', '.join(_CALLED)};"
    f" {', '.join(_JOINS)} đặt giữa hai phép so sánh"
)
# What cannot be read, and what was most likely meant by it; the first that fits is told.
_SLIPS = (
    (
        re.compile(r"[0-9]+,[0-9]"),
        "; số lẻ viết dấu chấm, ví dụ 0.5; hai số cách nhau bằng dấu phẩy và dấu cách",
    ),
    (
        re.compile(r"[0-9]{1,3}(\.[0-9]{3}){2,}(?![.\w])"),
        "; hàng nghìn viết liền, không có dấu chấm; khóa của dòng đặt trong ngoặc vuông",
    ),
    (re.compile(r"[^\W\d]\w*\s*\("), _WORDS),
    (re.compile(r"\.?\w"), _IN_BRACKETS),
    (re.compile(r"['‘’\"“”]"), '; mã lựa chọn đặt trong ngoặc kép, ví dụ "1"'),
    (re.compile(r"\["), "; giữa hai ngoặc vuông là khóa của một dòng, ví dụ [1.2.a]"),
)
_Tree = Node | Test


class BadFormula(ValueError):
    """The text is not a formula; the message is a Vietnamese sentence."""


def parse(text: str) -> Node:
    """Return the number that ``text`` describes; raise BadFormula with a sentence.

    >>> parse("percent([b], [a])")
    Percent(part=Ref(key='b', when=<When.NOW: ''>), whole=Ref(key='a', when=<When.NOW: ''>))
    >>> parse("[a] + [b] - [c]").signs
    (1, 1, -1)
    >>> parse("2 × [a] ÷ 3").powers
    (1, 1, -1)
    """
    parser = _Parser(text)
    node = parser.number()
    parser.expect("")
    return node


def parse_check(text: str) -> Test:
    """Return the test written in ``text``; raise BadFormula with a sentence.

    >>> parse_check("[b] <= 3")
    Check(left=Ref(key='b', when=<When.NOW: ''>), sign='<=', right=Number(value=Decimal('3')))
    """
    parser = _Parser(text)
    test = parser.test()
    parser.expect("")
    return test


class _Parser:
    """One pass over the text; each method reads what it is named for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        self.depth = 0
        position, end = 0, len(text.rstrip())
        if end > LONGEST:
            raise self.bad(f"dài {end} ký tự; nhiều nhất {LONGEST}")
        while position < end:
            match = TOKEN.match(text, position)
            if match is None:
                rest = text[position:].strip()
                hints = (hint for slip, hint in _SLIPS if slip.match(rest))
                raise self.bad(f"không đọc được từ «{rest[:20]}»{next(hints, '')}")
            kind = match.lastgroup or ""
            token = match[kind] if kind == "text" else match[kind].strip()
            if kind == "key" and not token:
                raise self.bad(f"ngoặc vuông trống{_IN_BRACKETS}")
            self.tokens.append((kind, _ONE_SIGN.get(token, token) if kind == "sign" else token))
            position = match.end()
        self.tokens.append(("end", ""))

    # What stands where

    def bad(self, why: str) -> BadFormula:
        shown = self.text if len(self.text) <= LONGEST_SHOWN else f"{self.text[:LONGEST_SHOWN]}…"
        return BadFormula(f"Công thức «{shown}»: {why}.")

    def met(self, kind: str, token: str, why: str) -> BadFormula:
        """Say what stands at the wrong place; a word is most often a key without its brackets."""
        hint = _IN_BRACKETS if kind in {"word", "number"} and not self.next_is("(") else ""
        if kind == "word" and token.lower() in _JOINS:
            hint = f"; «{token.lower()}» viết chữ thường, đặt giữa hai phép so sánh"
        return self.bad(f"{why}{hint}")

    def next_is(self, *signs: str) -> bool:
        kind, token = self.tokens[0] if self.tokens else ("end", "")
        return kind in {"sign", "word"} and token in signs

    def expect(self, token: str) -> None:
        kind, found = self.tokens.pop(0)
        if kind not in {"sign", "end"} or found != token:
            raise self.met(kind, found, f"chờ «{token or _END}» nhưng gặp «{found or _END}»")

    def taken(self, kind: str, what: str) -> str:
        found, token = self.tokens.pop(0)
        if found != kind:
            why = f"chờ {what} nhưng gặp «{token or _END}»"
            raise self.met(found if kind == "key" else "", token, why)
        return token

    # Numbers and tests

    def number(self) -> Node:
        tree = self.either()
        if isinstance(tree, Test):
            raise self.bad("chờ một số nhưng gặp một phép so sánh")
        return tree

    def test(self) -> Test:
        tree = self.either()
        if not isinstance(tree, Test):
            kind, token = self.tokens.pop(0)
            signs = " ".join(COMPARISONS)
            raise self.met(kind, token, f"chờ dấu so sánh {signs} nhưng gặp «{token or _END}»")
        return tree

    def either(self) -> _Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.bad("ngoặc lồng nhau quá nhiều lớp")
        found = self.joined("or", Either, lambda: self.joined("and", Every, self.comparison))
        self.depth -= 1
        return found

    def joined(
        self, word: str, join: Callable[[tuple[Test, ...]], Test], read: Callable[[], _Tree]
    ) -> _Tree:
        found = [read()]
        while self.next_is(word):
            self.tokens.pop(0)
            found.append(read())
        if len(found) == 1:
            return found[0]
        tests = tuple(tree for tree in found if isinstance(tree, Test))
        if len(tests) < len(found):
            raise self.bad(f"hai bên chữ «{word}» phải là phép so sánh")
        return join(tests)

    def comparison(self) -> _Tree:
        left = self.sum()
        if not self.next_is(*COMPARISONS):
            return left
        _, sign = self.tokens.pop(0)
        right = self.sum()
        if isinstance(left, Test) or isinstance(right, Test):
            raise self.bad(f"hai bên dấu «{sign}» phải là số")
        if self.next_is(*COMPARISONS):
            _, more = self.tokens[0]
            raise self.bad(
                f"«{more}» đứng sau một phép so sánh; nối hai phép so sánh bằng and, ví dụ"
                " 0 <= [1.2.a] and [1.2.a] <= 100"
            )
        return Check(left, sign, right)

    def sum(self) -> _Tree:
        first = -1 if self.next_is("-") else 1
        if first < 0:
            self.tokens.pop(0)
        found, signs = [self.product()], [first]
        while self.next_is("+", "-"):
            signs.append(1 if self.tokens.pop(0)[1] == "+" else -1)
            found.append(self.product())
        if signs == [1]:
            return found[0]
        return Sum(self.numbers(found, "+ -"), tuple(signs))

    def product(self) -> _Tree:
        found, powers = [self.factor()], [1]
        while self.next_is("*", "/"):
            powers.append(1 if self.tokens.pop(0)[1] == "*" else -1)
            found.append(self.factor())
        if len(found) == 1:
            return found[0]
        factors = self.numbers(found, "× ÷")
        for factor, power in zip(factors, powers, strict=True):
            if power < 0 and isinstance(factor, Number) and not factor.value:
                raise self.bad("chia cho 0")
        return Product(factors, tuple(powers))

    def numbers(self, found: list[_Tree], signs: str) -> tuple[Node, ...]:
        numbers = tuple(tree for tree in found if not isinstance(tree, Test))
        if len(numbers) < len(found):
            raise self.bad(f"hai bên dấu {signs} phải là số")
        return numbers

    def factor(self) -> _Tree:
        kind, token = self.tokens.pop(0)
        if kind == "key":
            return Ref(token)
        if kind == "number":
            if len(token.replace(".", "")) > MOST_DIGITS:
                raise self.bad(f"số «{token}» có quá {MOST_DIGITS} chữ số")
            if _THOUSANDS.fullmatch(token):
                raise self.bad(
                    f"«{token}» có thể là hàng nghìn hoặc số lẻ; hàng nghìn viết"
                    f" {token.replace('.', '')}, số lẻ viết {token}0"
                )
            return Number(Decimal(token))
        if (kind, token) == ("sign", "("):
            inner = self.either()
            self.expect(")")
            return inner
        if kind == "word" and (token in _CALLED or self.next_is("(")):
            self.expect("(")
            found = self.call(token)
            self.expect(")")
            return found
        why = f"«{token or _END}» không phải dòng [khóa], số hay phép tính"
        raise self.met(kind, token, why)

    def call(self, word: str) -> _Tree:
        """Read what stands between the brackets after ``word``."""
        if word in _FIGURES:
            return self.figure(word)
        match word:
            case "percent":
                part = self.number()
                self.expect(",")
                return Percent(part, self.whole())
            case "abs":
                return Call(word, (self.number(),))
            case "min" | "max":
                return Call(word, self.several(word))
            case "if":
                return self.conditional()
            case "not":
                return Not(self.test())
            case _:
                raise self.bad(f"không có phép «{word}»{_WORDS}")

    def figure(self, word: str) -> _Tree:
        """Read which figure is meant, where it is not simply a row's."""
        if word == "elsewhere":
            return self.elsewhere()
        key = self.key()
        if word == "chosen":
            self.expect(",")
            return Chosen(key, self.taken("text", 'mã lựa chọn trong ngoặc kép, ví dụ "1",'))
        if word == "given":
            return Given(key)
        return Children(key) if word == "children" else Ref(key, When(word))

    def key(self) -> str:
        return self.taken("key", "một dòng [khóa]")

    def whole(self) -> Node:
        found = self.number()
        if isinstance(found, Number) and not found.value:
            raise self.bad("chia cho 0")
        return found

    def several(self, word: str) -> tuple[Node, ...]:
        found = [self.number()]
        while self.next_is(","):
            self.tokens.pop(0)
            found.append(self.number())
        if len(found) > MOST_ARGUMENTS:
            raise self.bad(f"{word}(…) có {len(found)} số; nhiều nhất {MOST_ARGUMENTS}")
        if len(found) < 2:
            raise self.bad(f"{word}(…) cần ít nhất hai số")
        return tuple(found)

    def conditional(self) -> _Tree:
        test = self.test()
        self.expect(",")
        then = self.either()
        otherwise = None
        if self.next_is(","):
            self.tokens.pop(0)
            otherwise = self.either()
        if isinstance(then, Test):
            if otherwise is None or isinstance(otherwise, Test):
                return Provided(test, then, otherwise)
        elif otherwise is not None and not isinstance(otherwise, Test):
            return Choose(test, then, otherwise)
        raise self.bad(
            "if(…) là if(điều kiện, phép so sánh), có thể thêm phép so sánh khi điều kiện sai, hoặc"
            " if(điều kiện, số, số)"
        )

    def elsewhere(self) -> Elsewhere:
        form, _, indicator = (part.strip() for part in self.key().partition(":"))
        if not (form and indicator):
            raise self.bad(
                "elsewhere(…) cần mã biểu và mã chỉ tiêu, ví dụ elsewhere([PL2-KH:tthc.cong_bo])"
            )
        return Elsewhere(form, indicator)
