//! Brackets, lines and dots: NumPy's `array2string`.

use super::super::view::{Element, View};
use super::element::Format;

/// Columns of a line, `np.get_printoptions()["linewidth"]`.
pub const WIDTH: usize = 75;
/// Arrays of more elements are summarised.
pub const THRESHOLD: usize = 1000;
/// Items at each end of an axis that a summary shows.
const EDGE: usize = 3;

/// An array between what surrounds it: `prefix` columns before its first line, `suffix` columns after its last.
pub fn array_text(view: &View, separator: &str, prefix: usize, suffix: usize) -> String {
    if view.len() == 0 {
        return "[]".to_string();
    }
    let summary = view.len() > THRESHOLD;
    let mut shown = vec![];
    visit(view, summary, &mut vec![], &mut |index| shown.push(view.at(index)));
    let format = Format::of(&shown, view.shape.is_empty());
    let layout = Layout { view, separator, summary, format };
    layout.axis(&mut vec![], &" ".repeat(prefix + 1), WIDTH - suffix)
}

struct Layout<'a> {
    view: &'a View<'a>,
    separator: &'a str,
    summary: bool,
    format: Format,
}

/// Text with its last line apart, because that one still grows.
struct Lines<'a> {
    done: String,
    line: String,
    indent: &'a str,
    width: usize,
}

impl Layout<'_> {
    fn axis(&self, index: &mut Vec<usize>, indent: &str, width: usize) -> String {
        let left = self.view.shape.len() - index.len();
        if left == 0 {
            return self.format.format(self.view.at(index));
        }
        let text =
            if left == 1 { self.row(index, indent, width) } else { self.block(index, indent, width, left) };
        format!("[{}]", &text[indent.len()..])
    }

    /// The last axis: wrapped where the line is full.
    fn row(&self, index: &mut Vec<usize>, indent: &str, width: usize) -> String {
        let taken = self.separator.trim_end().len().max("]".len());
        let mut lines = Lines { done: String::new(), line: indent.to_string(), indent, width: width - taken };
        let extent = self.view.shape[index.len()];
        for position in positions(extent, self.summary) {
            match position {
                Some(position) => {
                    index.push(position);
                    lines.word(&self.format.format(self.view.at(index)));
                    index.pop();
                }
                None => lines.word("..."),
            }
            if position != Some(extent - 1) {
                lines.line.push_str(self.separator);
            }
        }
        lines.done + &lines.line
    }

    fn block(&self, index: &mut Vec<usize>, indent: &str, width: usize, left: usize) -> String {
        let mut text = String::new();
        let extent = self.view.shape[index.len()];
        for position in positions(extent, self.summary) {
            text.push_str(indent);
            match position {
                Some(position) => {
                    index.push(position);
                    text.push_str(&self.axis(index, &format!("{indent} "), width - 1));
                    index.pop();
                }
                None => text.push_str("..."),
            }
            if position != Some(extent - 1) {
                text.push_str(self.separator.trim_end());
                text.push_str(&"\n".repeat(left - 1));
            }
        }
        text
    }
}

impl Lines<'_> {
    fn word(&mut self, word: &str) {
        // A new line must help.
        if self.line.len() + word.len() > self.width && self.line.len() > self.indent.len() {
            self.done.push_str(self.line.trim_end());
            self.done.push('\n');
            self.line = self.indent.to_string();
        }
        self.line.push_str(word);
    }
}

/// The positions shown of an axis; None stands for those left out.
fn positions(extent: usize, summary: bool) -> impl Iterator<Item = Option<usize>> {
    let edges = summary && extent > 2 * EDGE;
    let (head, tail) = if edges { (EDGE, extent - EDGE) } else { (extent, extent) };
    (0..head).map(Some).chain(edges.then_some(None)).chain((tail..extent).map(Some))
}

/// Every index that is shown.
fn visit(view: &View, summary: bool, index: &mut Vec<usize>, f: &mut impl FnMut(&[usize])) {
    let Some(&extent) = view.shape.get(index.len()) else { return f(index) };
    for position in positions(extent, summary).flatten() {
        index.push(position);
        visit(view, summary, index, f);
        index.pop();
    }
}

/// The element of an array of rank 0.
pub fn only(view: &View) -> Element {
    view.at(&[])
}
