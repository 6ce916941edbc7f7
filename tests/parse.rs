//! The parser from outside: what it says about mistakes, precedence, places, printing, and that no text harms it.

use durum::ast::{Expr, ExprKind, Item, Module, StmtKind};
use durum::base::{Diagnostic, SourceId, Span};
use durum::parse::{parse, parse_expression};
use proptest::prelude::*;

/// One error as `line:column: message [note] hint: …`; labels as `(line:column text)`.
fn render(text: &str, error: &Diagnostic) -> String {
    let (line, column) = error.span.line_column(text);
    let mut out = format!("{line}:{column}: {}", error.message);
    if !error.note.is_empty() {
        out += &format!(" [{}]", error.note);
    }
    for label in &error.labels {
        let (line, column) = label.span.line_column(text);
        out += &format!(" ({line}:{column} {})", label.text);
    }
    error.hints.iter().for_each(|hint| out += &format!(" hint: {hint}"));
    out
}

fn errors(text: &str) -> Vec<String> {
    parse(SourceId::USER, text).errors.iter().map(|error| render(text, error)).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(errors(text), expected, "\n{text}");
}

/// The same inside a function, whose header is line 1.
#[track_caller]
fn check_body(body: &str, expected: &[&str]) {
    let lines: String = body.lines().map(|line| format!(" {line}\n")).collect();
    check(&format!("def f(x, n):\n{lines}"), expected);
}

#[track_caller]
fn module(text: &str) -> Module {
    let parsed = parse(SourceId::USER, text);
    assert!(parsed.errors.is_empty(), "{:?}\n{text}", errors(text));
    parsed.module
}

#[track_caller]
fn expression(text: &str) -> Expr {
    parse_expression(SourceId::USER, text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

// ---- mistakes ---------------------------------------------------------------------------------------

#[test]
fn conditions_and_headers() {
    check_body("if x = 1:\n    pass", &["2:7: expected `:`, found `=` hint: `==` compares, `=` assigns"]);
    check_body(
        "while x == 1\n    pass",
        &["2:14: expected `:`, found the end of the line hint: the line of `while` ends with `:`"],
    );
    check_body(
        "if x:\n    pass\nelse if n:\n    pass",
        &["4:7: expected `:`, found `if` hint: write `elif`"],
    );
    check_body("if x {", &["2:7: `{` is never closed [opened here] hint: close it with `}`"]);
    check_body(
        "if x {}",
        &["2:7: expected `:`, found `{` hint: a block is indented and follows `:`; it has no braces"],
    );
    check_body(
        "for (i = 0; i < n; i++):\n    pass",
        &["2:9: expected `,` or `)`, found `=` hint: a counting loop is `for i in range(n):`"],
    );
    check_body("for i range(n):\n    pass", &["2:8: expected `in`, found `range`"]);
    check(
        "def f:\n    pass",
        &["1:6: expected `(`, found `:` hint: write `def f():`, with the parameters in the parentheses"],
    );
    check(
        "def f(x)\n    return x",
        &["1:9: expected `:`, found the end of the line hint: the line of `def` ends with `:`"],
    );
}

#[test]
fn words_of_other_languages() {
    check_body("x++", &["2:5: expected an expression, found the end of the line hint: write `x += 1`"]);
    check_body("n--", &["2:5: expected an expression, found the end of the line hint: write `n -= 1`"]);
    check_body("y = x && n", &["2:9: expected an expression, found `&` hint: write `and`"]);
    check_body("y = x || n", &["2:9: expected an expression, found `|` hint: write `or`"]);
    check_body(
        "y = !x",
        &["2:6: `!` means nothing here hint: write `not` for a negation, `!=` for \"differs from\""],
    );
    check_body(
        "y = x ? 1 : 2",
        &["2:8: `?` means nothing here hint: a choice is written `a if condition else b`"],
    );
    check_body("y = x <> n", &["2:9: expected an expression, found `>` hint: write `!=`"]);
    check_body("y = x => n", &["2:9: expected an expression, found `>` hint: write `>=`"]);
    check_body(
        "print x",
        &[
            "2:8: expected an operator or the end of the line, found `x` hint: `print` is a function: write `print(…)`",
        ],
    );
    check_body(
        "let y = x",
        &[
            "2:6: expected an operator or the end of the line, found `y` hint: remove `let`: a name is declared by assigning to it",
        ],
    );
    check_body(
        "int y = 1",
        &[
            "2:6: expected an operator or the end of the line, found `y` hint: remove `int`, or write `y: int = …`",
        ],
    );
    check(
        "function f(x):\n    return x",
        &["1:10: expected an operator or the end of the line, found `f` hint: write `def`"],
    );
    check("import sqrt from math", &["1:13: unexpected `from` hint: write `from math import sqrt`"]);
}

#[test]
fn tokens_out_of_place() {
    check_body("y = x $ n", &["2:8: `$` means nothing here hint: remove it"]);
    check_body(
        "y = 1__0",
        &["2:6: `1__0` is not a number [underscores stand between two digits] hint: write `10`"],
    );
    check_body(
        "y = 0123",
        &[
            "2:6: `0123` is not a number [an integer has no leading zeros] hint: write `123`, or `0o123` for octal",
        ],
    );
    check_body("y = 0x1g", &["2:6: `0x1g` is not a number [hexadecimal digits are 0–9 and a–f]"]);
    check_body("y = 2i", &["2:6: `2i` is not a number hint: an imaginary number is written `2j`"]);
    check_body(
        "y = 'abc",
        &[
            "2:6: this string has no closing quote on its line hint: close it with the quote that opens it, or use triple quotes for several lines",
        ],
    );
    check(
        "x = '''abc\n\n",
        &["1:5: this triple-quoted string is never closed hint: close it with the three quotes that open it"],
    );
    check_body("y = x ≤ n", &["2:8: `≤` means nothing here hint: write `<=`"]);
    check_body("y = x \\ n", &["2:8: `\\` joins lines only as the last character of a line hint: remove it"]);
    check_body(
        "y = x\u{a0}+ n",
        &["2:7: the character U+00A0 means nothing here hint: use an ordinary space"],
    );
}

#[test]
fn brackets() {
    check_body(
        "y = (x + n\nz = 1\nreturn y",
        &["2:6: `(` is never closed [opened here] hint: close it with `)`"],
    );
    check_body("y = x[1)", &["2:9: `)` does not close `[` (2:7 `[` is opened here) hint: close it with `]`"]);
    check_body("y = x)", &["2:7: `)` closes nothing hint: remove it"]);
    check_body("y = [1 2]", &["2:9: expected `,` or `]`, found `2` hint: put `,` between two elements"]);
    check_body("y = f(x n)", &["2:10: expected `,` or `)`, found `n` hint: put `,` between two elements"]);
    check_body(
        "y = f(x.a = 1)",
        &[
            "2:12: expected `,` or `)`, found `=` hint: `==` compares; an argument is given by name as `name=value`",
        ],
    );
}

#[test]
fn blocks() {
    check(
        "def f(x):\n",
        &["1:1: `def` needs an indented block hint: indent the lines that belong to it; `pass` does nothing"],
    );
    check(
        "def f(x):\nreturn x\n",
        &[
            "1:1: `def` needs an indented block hint: indent the lines that belong to it; `pass` does nothing",
            "2:1: `return` outside a function hint: only a `def` can return",
        ],
    );
    check_body(
        "y = 1\n  z = 2",
        &[
            "3:4: unexpected indent [nothing before this line opens a block] hint: align it with the line before it",
        ],
    );
    check(
        "  x = 1",
        &[
            "1:3: unexpected indent [nothing before this line opens a block] hint: align it with the line before it",
        ],
    );
    check(
        "def f(x):\n    if x:\n            y = 1\n        z = 2\n    return x",
        &[
            "4:9: this line is indented less than the block before it, but not as an outer block hint: align it with the block that it belongs to",
        ],
    );
    check(
        "def f(x):\n\tif x:\n        y = 1\n",
        &[
            "2:2: `if` needs an indented block hint: indent the lines that belong to it; `pass` does nothing",
            "3:9: tabs and spaces are mixed in the indentation [how deep this line is depends on the width of a tab] hint: indent with spaces only",
        ],
    );
    check_body(
        "else:\n    pass",
        &[
            "2:2: `else` has no `if`, `for` or `while` before it hint: align it with the `if`, `for` or `while` that it belongs to",
        ],
    );
    check_body(
        "elif x:\n    pass",
        &["2:2: `elif` has no `if` before it hint: align it with the `if` that it belongs to"],
    );
    check(
        "@kernel\nx = 1",
        &["1:1: nothing is decorated hint: put the decorator on the line before a `def`"],
    );
}

#[test]
fn targets_and_places() {
    check_body(
        "f(x) = 1",
        &["2:2: cannot assign to a call hint: assign to elements with brackets: `a[i] = …`"],
    );
    check_body(
        "1 = x",
        &["2:2: cannot assign to a literal hint: assign to a name or to elements like `a[i]`; `==` compares"],
    );
    check_body(
        "x + 1 = n",
        &[
            "2:2: cannot assign to an operation hint: assign to a name or to elements like `a[i]`; `==` compares",
        ],
    );
    check_body(
        "x, (n, None) = 1",
        &["2:9: cannot assign to `None` hint: assign to a name or to elements like `a[i]`; `==` compares"],
    );
    check_body(
        "x, n += 1",
        &["2:2: cannot update several targets at once hint: write one statement for each"],
    );
    check_body(
        "for 1 in x:\n    pass",
        &["2:6: cannot assign to a literal hint: assign to a name or to elements like `a[i]`; `==` compares"],
    );
    check_body(
        "lambda = 3",
        &["2:9: expected a name, found `=` hint: `lambda` is a keyword: choose another name"],
    );
    check_body("break", &["2:2: `break` outside a loop hint: `return` leaves a function"]);
    check_body(
        "for i in x:\n    pass\nelse:\n    continue",
        &["5:6: `continue` outside a loop hint: `pass` does nothing"],
    );
    check("return 1", &["1:1: `return` outside a function hint: only a `def` can return"]);
    check_body("y = x if n", &["2:12: expected `else`, found the end of the line"]);
    check_body("y =", &["2:5: expected an expression, found the end of the line"]);
    check_body(
        "y = x.if",
        &["2:8: expected a name, found `if` hint: `if` is a keyword: choose another name"],
    );
}

#[test]
fn arguments_and_parameters() {
    check_body(
        "f(x=1, 2)",
        &[
            "2:9: a positional argument stands after a keyword argument hint: put positional arguments first, or name this one too",
        ],
    );
    check_body("f(x=1, x=2)", &["2:9: the argument `x` is given twice (2:4 first given here)"]);
    check(
        "def f(a, a): pass",
        &["1:10: two parameters are called `a` (1:7 the first is here) hint: rename one of them"],
    );
    check(
        "def f(a=1, b): pass",
        &[
            "1:12: `b` has no default but `a` before it has one (1:7 this one has a default) hint: give it a default, or move it to the front",
        ],
    );
    check("def f(a, *): pass", &["1:10: no named parameter follows `*` hint: remove the `*`"]);
    check("def f(/, a): pass", &["1:7: no parameter stands before `/` hint: remove it"]);
    check(
        "def f(**k, a): pass",
        &["1:12: nothing may follow `**` in the parameters hint: move it before the `**`"],
    );
}

#[test]
fn each_bad_line_is_one_error_and_the_rest_is_read() {
    let text =
        "def f(x):\n    y = = 1\n    for i in:\n        z = )\n    return y +\n\ndef g(x):\n    return x\n";
    check(
        text,
        &[
            "2:9: expected an expression, found `=`",
            "3:13: expected an expression, found `:`",
            "4:13: `)` closes nothing hint: remove it",
            "5:15: expected an expression, found the end of the line",
        ],
    );
    let names: Vec<_> = parse(SourceId::USER, text).module.items.iter().map(describe).collect();
    assert_eq!(names, ["def f", "def g"]);
}

#[test]
fn errors_are_capped() {
    let errors = errors(&"x = )\n".repeat(1000));
    assert_eq!(errors.len(), 101);
    assert_eq!(
        errors[100],
        "101:5: more than 100 errors: the others are not shown hint: mend the first ones and try again"
    );
}

#[test]
fn a_lone_expression() {
    let error = |text: &str| render(text, &parse_expression(SourceId::USER, text).unwrap_err()[0]);
    assert_eq!(error(""), "1:1: expected an expression, found nothing");
    assert_eq!(error("1 +"), "1:4: expected an expression, found the end of the line");
    assert_eq!(error("x = 1"), "1:3: expected an operator or the end of the line, found `=`");
    assert_eq!(error("(1"), "1:1: `(` is never closed [opened here] hint: close it with `)`");
    assert_eq!(expression(" np.linspace(0, 1,\n 9)\n").to_string(), "np.linspace(0, 1, 9)");
    assert_eq!(expression("1, 2").to_string(), "(1, 2)");
}

// ---- the tree ---------------------------------------------------------------------------------------

/// Fully parenthesised, so that precedence shows.
fn shape(expr: &Expr) -> String {
    let all = |items: &[Expr], between: &str| items.iter().map(shape).collect::<Vec<_>>().join(between);
    match &expr.kind {
        ExprKind::Unary { op, operand } => format!("({op:?} {})", shape(operand)),
        ExprKind::Binary { op, left, right } => format!("({} {} {})", shape(left), op.symbol(), shape(right)),
        ExprKind::Compare { operands, ops } => {
            let rest = operands[1..]
                .iter()
                .zip(ops)
                .map(|(operand, op)| format!(" {} {}", op.symbol(), shape(operand)));
            format!("({}{})", shape(&operands[0]), rest.collect::<String>())
        }
        ExprKind::Logical { op, operands } => format!("({})", all(operands, &format!(" {op:?} "))),
        ExprKind::Ternary { condition, then, otherwise } => {
            format!("({} ? {} : {})", shape(condition), shape(then), shape(otherwise))
        }
        ExprKind::Index { value, items } => format!("{}[{}]", shape(value), all(items, "; ")),
        ExprKind::Tuple(items) => format!("<{}>", all(items, ", ")),
        _ => expr.to_string(),
    }
}

#[track_caller]
fn check_shape(text: &str, expected: &str) {
    assert_eq!(shape(&expression(text)), expected, "{text}");
}

/// Expectations from CPython's `ast`.
#[test]
fn precedence_is_pythons() {
    check_shape("a + b * c", "(a + (b * c))");
    check_shape("a - b - c", "((a - b) - c)");
    check_shape("a / b * c // d % e @ f", "(((((a / b) * c) // d) % e) @ f)");
    check_shape("-a ** b", "(Minus (a ** b))");
    check_shape("a ** -b ** c", "(a ** (Minus (b ** c)))");
    check_shape("a ** b ** c", "(a ** (b ** c))");
    check_shape("-a * b", "((Minus a) * b)");
    check_shape("~a[0].b(c) ** 2", "(Invert (a[0].b(c) ** 2))");
    check_shape("a | b ^ c & d << e + f", "(a | (b ^ (c & (d << (e + f)))))");
    check_shape("a << b >> c", "((a << b) >> c)");
    check_shape("not a == b", "(Not (a == b))");
    check_shape("not a in b", "(Not (a in b))");
    check_shape("a not in b is not c", "(a not in b is not c)");
    check_shape("a < b | c <= d", "(a < (b | c) <= d)");
    check_shape("a < (b < c)", "(a < (b < c))");
    check_shape("a or b and not c or d", "(a Or (b And (Not c)) Or d)");
    check_shape("a and (b and c)", "(a And (b And c))");
    check_shape("a if b else c if d else e", "(b ? a : (d ? c : e))");
    check_shape("a or b if c or d else e", "((c Or d) ? (a Or b) : e)");
    check_shape("a == b if c else d", "(c ? (a == b) : d)");
    check_shape("a & b == c", "((a & b) == c)");
    check_shape("a, b if c else d", "<a, (c ? b : d)>");
    check_shape("a[i, j]", "a[i; j]");
    check_shape("a[(i, j)]", "a[<i, j>]");
    check_shape("a[i,]", "a[<i>]");
    check_shape("a[1:, ::2, :n:-1, ...]", "a[1:; ::2; :n:-1; ...]");
    check_shape("()", "<>");
    check_shape("(a,)", "<a>");
}

#[test]
fn places_are_exact() {
    let text = "def f(x: f64[:], n=1) -> int:\n    y = (x + n) * g(x, k=2)[1:n].T\n    return -y\n";
    let found = module(text);
    let Item::Function(function) = &found.items[0] else { panic!() };
    let slice = |span: Span| &text[span.range()];
    assert_eq!(slice(function.header), "def f(x: f64[:], n=1) -> int:");
    assert_eq!(slice(function.span), text.trim_end());
    assert_eq!(slice(function.name.span), "f");
    assert_eq!(slice(function.params[0].annotation.as_ref().unwrap().span), "f64[:]");
    assert_eq!(slice(function.body[0].span), "y = (x + n) * g(x, k=2)[1:n].T");
    let StmtKind::Assign { value, .. } = &function.body[0].kind else { panic!() };
    assert_eq!(slice(value.span), "(x + n) * g(x, k=2)[1:n].T");
    let ExprKind::Binary { left, right, .. } = &value.kind else { panic!() };
    assert_eq!((slice(left.span), slice(right.span)), ("x + n", "g(x, k=2)[1:n].T"));
    let ExprKind::Attribute { value: index, name } = &right.kind else { panic!() };
    assert_eq!((slice(index.span), slice(name.span)), ("g(x, k=2)[1:n]", "T"));
    let ExprKind::Index { value: call, items } = &index.kind else { panic!() };
    assert_eq!((slice(call.span), slice(items[0].span)), ("g(x, k=2)", "1:n"));
}

fn describe(item: &Item) -> String {
    match item {
        Item::Function(function) => format!("def {}", function.name.text),
        Item::Constant { name, value } => format!("{} = {value}", name.text),
        Item::Import(import) => format!("{} {:?} {}", import.module, import.member, import.bound.text),
        Item::Unsupported { keyword, names, .. } => format!("{keyword} {}", names.join(" ")),
    }
}

#[test]
fn the_top_level() {
    let text = "\u{feff}'''doc'''\r\nimport numpy as np, os.path\nfrom math import (sqrt, pi as π,)\nfrom . import *\n\
        A = B = 1\nC: int = 2\nD, E = 1, 2\nF[0] += A\nprint(A)\npass\nx: int\n\
        @a\n@b(1)\ndef f(): return 1\n@a\nclass K(object):\n    def g(self): $\n\
        try:\n    Q = 1\nexcept E as e:\n    import r\nfinally:\n    s.t = u[v] = 1\n\
        if __name__ == '__main__':\n    for i, j in x: y = 1\n    def h(): z = 1\nelse:\n    w = 1\n\
        with open(f) as g, h as k: pass\nmatch A:\n    case 1: B2 = 2\nmatch = 3\ntype T = int\nasync def co(): await x\n";
    let found = module(text);
    assert_eq!(found.docstring.as_deref(), Some("doc"));
    let items: Vec<_> = found.items.iter().map(describe).collect();
    assert_eq!(
        items,
        [
            "numpy None np",
            "os.path None os",
            "math Some(\"sqrt\") sqrt",
            "math Some(\"pi\") π",
            ". Some(\"*\") *",
            "A = 1",
            "B = 1",
            "C = 2",
            "assignment D E",
            "augmented assignment F",
            "expression ",
            "annotation ",
            "def f",
            "class K",
            "try Q e r s u",
            "if i j y h w",
            "with g k",
            "match B2",
            "match = 3",
            "type T",
            "async co",
        ]
    );
}

#[test]
fn statements_outside_the_language_are_kept_by_name() {
    let text = "def f(x):\n    'doc'\n    class A:\n        $\n    del x\n    import os\n    @d\n    def g(): ?\n    try:\n        pass\n    except E:\n        pass\n    else:\n        pass\n    x = {1: 2}, [i for i in x], f'{x}', *x\n    return (y := x)\n";
    let found = module(text);
    let Item::Function(function) = &found.items[0] else { panic!() };
    assert_eq!(function.docstring.as_deref(), Some("doc"));
    let keyword = |kind: &StmtKind| match kind {
        StmtKind::Unsupported { keyword } => keyword.clone(),
        kind => format!("{kind:?}").chars().take(6).collect(),
    };
    let keywords: Vec<_> = function.body.iter().map(|stmt| keyword(&stmt.kind)).collect();
    assert_eq!(keywords, ["class", "del", "import", "nested def", "try", "Assign", "Return"]);
}

// ---- printing ---------------------------------------------------------------------------------------

#[track_caller]
fn check_round_trip(text: &str) {
    let once = module(text).to_string();
    assert_eq!(module(&once).to_string(), once, "\n{text}");
}

#[test]
fn printing_is_stable() {
    let text = "'doc\\n\"x\"'\nA = (1,)\ndef f(a: f64[:, ::1], /, b=-1, *, c: int = 2, **k) -> None:\n  'd'\n  \
        if a: x = 1; y = 2\n  elif b: pass\n  else:\n    while a < b <= c: break\n    else: continue_ = 1\n  \
        for i, (j, k) in zip(a, b): x[i, 1:j:2] **= ~(a + b) * -c ** (-d) ** e\n  \
        assert (a, b), 'm'\n  raise ValueError('x') from y\n  raise (a, b)\n  return a if (b if c else d) else lambda *a, b=1: (a, b)\n\
        def g(*args): return (not a) + (a and (b and c)) or 1 .real + 1.5j + 1e999 + f(*x, **y, z=1)[i,][(j, k)], ...\n";
    check_round_trip(text);
    let text = "class A: pass\nimport a.b as c\nfrom ..a import b as c, d\ntry: x = 1\nfinally: y = 2\nasync def f(): pass\n\
        a, b = c\na.b += 1\n{1}, {1: 2}, [a for a in b], f'', b''\ndel a, b\n(f[g := 1]): int\nmatch a:\n  case 1: x = 2\nx: int\ndef f():\n  global a\n  \
        with a: pass\n  x = *a, (b := 1), await c, {a for a in b}, (yield), (a for a in b)\n";
    check_round_trip(text);
    assert_eq!(expression("(a + (b * c)) ** (2)").to_string(), "(a + b * c) ** 2");
}

#[test]
fn kernels_parse_and_print() {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("kernels")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "py") {
                let text = std::fs::read_to_string(&path).expect("a kernel is UTF-8");
                check_round_trip(&text);
            }
        }
    }
}

// ---- limits -----------------------------------------------------------------------------------------

/// Parses, prints and drops on a test thread's small stack, and gives the first error.
fn first_error(text: &str) -> String {
    let parsed = parse(SourceId::USER, text);
    let printed = parsed.module.to_string();
    let errors = errors(text);
    assert!(errors.len() <= 101);
    if errors.is_empty() {
        assert_eq!(module(&printed).to_string(), printed);
    }
    errors.first().cloned().unwrap_or_default()
}

#[test]
fn deep_expressions_are_refused() {
    let shapes: [(&str, &str, &str); 12] = [
        ("-", "x", ""),
        ("not ", "x", ""),
        ("x**", "x", ""),
        ("x + ", "x", ""),
        ("x if y else ", "x", ""),
        ("lambda: ", "x", ""),
        ("", "f", "()"),
        ("", "f", ".a"),
        ("", "f", "[0]"),
        ("", "f", "(x)"),
        ("", "x", " if x else x"),
        ("~", "x", "()"),
    ];
    for (before, middle, after) in shapes {
        for count in [400, 998, 1000, 1001, 20_000] {
            let text = format!("y = {}{middle}{}", before.repeat(count), after.repeat(count));
            let error = first_error(&text);
            match count {
                400 => assert_eq!(error, "", "{before} {after}"),
                1001.. => {
                    assert!(error.contains("nested deeper than 1000 levels"), "{before} {after}: {error}")
                }
                _ => {}
            }
        }
    }
}

#[test]
fn brackets_and_indents_are_limited() {
    for (open, close) in
        [("(", ")"), ("[", "]"), ("f(", ")"), ("x[", "]"), ("-(", ")"), ("{", "}"), ("(1, ", ")")]
    {
        let nested = |count: usize| format!("y = {}1{}", open.repeat(count), close.repeat(count));
        assert_eq!(first_error(&nested(200)), "", "{open}");
        assert!(first_error(&nested(201)).contains("more than 200 brackets"), "{open}");
        assert!(first_error(&nested(50_000)).contains("more than 200 brackets"), "{open}");
    }
    let indented = |count: usize| {
        let ifs: String = (0..count).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
        format!("{ifs}{}pass\n", " ".repeat(count))
    };
    assert_eq!(first_error(&indented(100)), "");
    assert!(first_error(&indented(101)).contains("more than 100 levels of indentation"));
    first_error(&indented(1000));
    let chain = |count: usize| format!("def f(x):\n if x: pass\n{}", " elif x: pass\n".repeat(count));
    assert_eq!(first_error(&chain(450)), "");
    assert!(first_error(&chain(600)).contains("more than 500 statements are nested"));
}

#[test]
fn the_deepest_tree_prints_and_drops() {
    let tail: String = (0..96).map(|depth| format!("{}if x:\n", " ".repeat(depth + 1))).collect();
    let deep = format!("{}return {}x\n", " ".repeat(97), "-".repeat(999));
    assert_eq!(first_error(&format!("def f(x):\n{tail}{deep}")), "");
}

#[test]
fn long_and_odd_texts_end_soon() {
    let shapes = [
        ")",
        "(",
        "-",
        "a+",
        "a.",
        "1,",
        "x=",
        "x;",
        "$\n",
        "x=\n",
        "(\n",
        "f'{'",
        "f'''{'''",
        "'",
        "''''",
        "1__0",
        "'a' ",
        "if x:\n    y\n  z\n",
        "else:\n",
        "(\ndef ",
        "{a:",
        "try:\n x\nexcept:\n y\n",
        "\0",
        "*a,",
        "await ",
        "\\\n",
        "for x in ",
        "\t\n \n",
        "@a\n",
        "lambda:",
        "\r",
        "\u{feff}",
        "a:=",
        "a[",
        "b''",
        "match x:\n",
    ];
    for shape in shapes {
        first_error(&shape.repeat(20_000 / shape.len()));
    }
}

// ---- anything at all --------------------------------------------------------------------------------

const SOUP: &[&str] = &[
    "def",
    "if",
    "elif",
    "else",
    "for",
    "while",
    "in",
    "not",
    "is",
    "and",
    "or",
    "lambda",
    "return",
    "class",
    "try",
    "with",
    "async",
    "await",
    "yield",
    "match",
    "import",
    "from",
    "as",
    "del",
    "global",
    "pass",
    "break",
    "None",
    "True",
    "x",
    "f",
    "π",
    "1",
    "0123",
    "1.5e3",
    "2j",
    "'s'",
    "f'{x}'",
    "'''",
    "\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    ";",
    ".",
    "...",
    "=",
    ":=",
    "->",
    "+",
    "-",
    "*",
    "**",
    "/",
    "//",
    "%",
    "@",
    "|",
    "^",
    "&",
    "~",
    "<<",
    "==",
    "!=",
    "<",
    ">=",
    "+=",
    "**=",
    "$",
    "?",
    "!",
    "\\",
    "\n",
    "\n    ",
    "\n        ",
    "\n\t",
    "\r\n",
    "\r",
    "\x0c",
    "\0",
    "#c",
    "def f(x):\n    ",
    "if x:\n        ",
    "return x\n",
    "\\\n",
];

/// Every place lies in the text, and printing what was read can be read again.
fn check_any(text: &str) {
    let parsed = parse(SourceId(7), text);
    let inside = |span: Span| {
        assert!(span.source == SourceId(7) && span.start <= span.end && span.end as usize <= text.len());
        assert!(text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize));
    };
    for error in &parsed.errors {
        inside(error.span);
        error.labels.iter().for_each(|label| inside(label.span));
    }
    assert!(parsed.errors.is_sorted_by_key(|error| error.span.start));
    let printed = parsed.module.to_string();
    let again = parse(SourceId::USER, &printed);
    assert_eq!(again.errors, [], "{text:?}\n{printed}");
    assert_eq!(again.module.to_string(), printed, "{text:?}");
    for part in spans(&format!("{:?}", parsed.module)) {
        inside(part);
    }
    let _ = parse_expression(SourceId(7), text).map(|expr| inside(expr.span));
}

/// The places in a tree, by way of its debug text: no visitor to keep in step.
fn spans(debug: &str) -> Vec<Span> {
    let number = |text: &str| -> usize {
        text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
    };
    let parts = debug.split("Span { source: SourceId(7), start: ").skip(1);
    parts
        .map(|part| {
            Span::new(SourceId(7), number(part), part.split_once("end: ").map_or(0, |(_, end)| number(end)))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in "\\PC{0,60}|(?s).{0,40}") {
        check_any(&text);
    }

    #[test]
    fn any_tokens_are_answered(tokens in proptest::collection::vec((proptest::sample::select(SOUP), any::<bool>()), 0..60)) {
        let text: String = tokens.iter().map(|(token, space)| format!("{token}{}", if *space { " " } else { "" })).collect();
        check_any(&text);
    }
}
