//! scratch
use durum::base::SourceId;
#[test]
fn shapes() {
    let n = 1_000_000;
    let rep = |s: &str| s.repeat(n / s.len());
    let shapes: Vec<(&str, String)> = vec![
        ("(", rep("(")), ("[", rep("[")), (")", rep(")")), ("-", rep("-")), ("not ", rep("not ")), ("a**", rep("a**")),
        ("x if c else ", rep("x if c else ")), ("f()", format!("f{}", rep("()"))), (".a", format!("f{}", rep(".a"))),
        ("a+", rep("a+")), ("lambda:", rep("lambda:")), ("1,", rep("1,")), ("[1,..]", format!("x = [{}]", rep("1,"))),
        ("x=", rep("x=")), ("x;", rep("x;")), ("$\\n", rep("$\n")), ("x=\\n", rep("x=\n")), (")\\n", rep(")\n")), ("(\\n", rep("(\n")),
        ("x = 1\\n", rep("x = 1\n")), ("a<", rep("a<")), ("a and ", rep("a and ")), ("\\n", rep("\n")), ("f'{'", rep("f'{'")), ("f'''{'''", rep("f'''{'''")),
        ("f\"\"\"{\"'\"", rep("f'''{\"'")), ("'", rep("'")), ("'''", rep("''''")), ("long name", rep("a")), ("digits", rep("1")), ("elif", format!("def f(x):\n if x: pass\n{}", rep(" elif x: pass\n"))),
        ("indent", (0..1400).map(|i| format!("{}if x:\n", " ".repeat(i))).collect()), ("dedent", (0..1400).rev().map(|i| format!("{}x\n", " ".repeat(i))).collect()),
        ("zigzag", rep("if x:\n    y\n  z\n")), ("def", rep("def f(x):\n    return x\n")), ("class", rep("class A:\n    x\n")), ("@", rep("@a\n")), ("tabs", rep("if x:\n\ty\n        z\n")),
        ("1__0", rep("1__0")), ("str cat", rep("'a' ")), ("f(x=1, ", rep("f(x=1, ")), ("args", format!("f({})", (0..100000).map(|i| format!("a{i}=1,")).collect::<String>())),
        ("params", format!("def f({}): pass", (0..100000).map(|i| format!("a{i}=1,")).collect::<String>())), ("\\\\n", rep("\\\n")), ("comment", rep("# x\n")), ("else:", rep("else:\n")), ("(\\ndef", rep("(\ndef\n")), ("{", rep("{a:")), ("import", rep("import a\n")), ("import.", format!("import a{}", rep(".a"))), ("from", format!("from {} import a", rep("."))), ("try", rep("try:\n x\nexcept:\n y\n")), ("nul", rep("\0")), ("*", rep("*a,")), ("await", rep("await ")), ("yield", rep("yield ")), ("x:", rep("x:")), ("for", rep("for x in ")), ("[x for", rep("[x for x in x if ")), ("A=..", format!("{}1", rep("x = "))), ("A=[..]", format!("{}[{}]", "x = ".repeat(20000), "1,".repeat(20000)))
    ];
    for (name, text) in shapes {
        let t = std::time::Instant::now();
        let parsed = durum::parse::parse(SourceId::USER, &text);
        let p = t.elapsed();
        let s = parsed.module.to_string();
        let q = t.elapsed() - p;
        let items = parsed.module.items.len();
        let e = parsed.errors.first().map(|e| e.message.clone());
        let ne = parsed.errors.len();
        drop(parsed);
        println!("{:>10} {:>7.0?} print {:>7.0?} {items} items {} bytes, {ne} errors: {e:?}", name, p, q, s.len());
    }
}
