//! scratch
use durum::base::SourceId;
#[test]
fn stdlib() {
    let Ok(root) = std::env::var("PYROOT") else { return };
    let mut bad = 0;
    let mut n = 0;
    let mut bytes = 0;
    let list = std::fs::read_to_string(root).unwrap();
    for path in list.lines() {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        n += 1;
        bytes += text.len();
        let parsed = durum::parse::parse(SourceId::USER, &text);
        if let Some(e) = parsed.errors.first() {
            bad += 1;
            let (l, c) = e.span.line_column(&text);
            println!("{path}:{l}:{c}: {} {:?}", e.message, e.hints);
        }
        let once = parsed.module.to_string();
        let again = durum::parse::parse(SourceId::USER, &once);
        if let Some(e) = again.errors.first() {
            let (l, c) = e.span.line_column(&once);
            println!("again {path}:{l}:{c}: {} {:?}", e.message, once.lines().nth(l - 1));
        }
        if again.module.to_string() != once {
            println!("differs {path}");
            for (a, b) in once.lines().zip(again.module.to_string().lines()) {
                if a != b {
                    println!("{a}\n{b}");
                    break;
                }
            }
        }
    }
    println!("{bad} of {n}, {bytes} bytes");
}
