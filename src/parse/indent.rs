//! Logical lines → a tree of lines: each line owns the deeper lines that follow it.
//!
//! Whether a line may own a suite is the business of `suites`; here only the columns count. Tabs
//! advance to multiples of eight, and, as in CPython, a file that means something else with tabs of another
//! width is refused.

use super::errors::Errors;
use super::logical::Logical;
use super::tokens::{Lexeme, Token};
use crate::base::{Diagnostic, SourceId, Span};

/// The deepest nesting of suites, as in CPython.
pub const MAX_INDENTS: usize = 100;

/// A logical line and its suite.
pub struct Line<'a> {
    /// Not empty. Line ends inside brackets are among them.
    pub tokens: &'a [Lexeme<'a>],
    pub suite: Vec<Line<'a>>,
    /// Reported already: it cannot be parsed, but its suite can.
    pub broken: bool,
}

impl Line<'_> {
    pub fn first(&self) -> &Lexeme<'_> {
        &self.tokens[0]
    }

    pub fn last(&self) -> &Lexeme<'_> {
        &self.tokens[self.tokens.len() - 1]
    }

    /// The end of the last line of its suite.
    pub fn end(&self) -> usize {
        self.suite.last().map_or(self.last().end, Line::end)
    }
}

/// The line tree of a text. Errors of columns go into `errors`.
pub fn line_tree<'a>(
    source: SourceId,
    text: &str,
    logical: &[Logical<'a>],
    errors: &mut Errors,
) -> Vec<Line<'a>> {
    let mut nesting = Nesting { source, errors, levels: vec![Level::default()], too_deep: false };
    for &line in logical {
        nesting.add(line, Indent::of(text, line.tokens[0].start));
    }
    nesting.finish()
}

/// The width of a line's leading space, with tabs of eight columns and with tabs of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Indent {
    wide: usize,
    narrow: usize,
}

impl Indent {
    fn of(text: &str, start: usize) -> Indent {
        let line = &text[text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1)..start];
        let mut indent = Indent::default();
        for character in line.chars() {
            match character {
                '\t' => indent = Indent { wide: indent.wide / 8 * 8 + 8, narrow: indent.narrow + 1 },
                ' ' => indent = Indent { wide: indent.wide + 1, narrow: indent.narrow + 1 },
                '\x0c' => indent = Indent::default(),
                _ => {}
            }
        }
        indent
    }

    /// Whether both widths agree about which of two lines is deeper.
    fn consistent(self, other: Indent) -> bool {
        self.wide.cmp(&other.wide) == self.narrow.cmp(&other.narrow)
    }
}

#[derive(Default)]
struct Level<'a> {
    indent: Indent,
    lines: Vec<Line<'a>>,
}

struct Nesting<'a, 'e> {
    source: SourceId,
    errors: &'e mut Errors,
    /// Never empty; the first is the file.
    levels: Vec<Level<'a>>,
    /// Said once is enough.
    too_deep: bool,
}

impl<'a> Nesting<'a, '_> {
    fn add(&mut self, logical: Logical<'a>, indent: Indent) {
        let span = Span::new(self.source, logical.tokens[0].start, logical.tokens[0].end);
        self.close_deeper(indent);
        let top = self.top().indent;
        if !indent.consistent(top) {
            self.errors.push(
                Diagnostic::error(span, "tabs and spaces are mixed in the indentation")
                    .note("how deep this line is depends on the width of a tab")
                    .hint("indent with spaces only"),
            );
        } else if indent.wide < top.wide {
            self.unmatched(span);
        } else if indent.wide > top.wide && self.levels.len() > MAX_INDENTS {
            self.deep(span);
            return;
        }
        if indent.wide > 0
            && self.levels.len() == 1
            && top == Indent::default()
            && self.top().lines.is_empty()
        {
            self.errors.push(unexpected_indent(span));
        }
        let Logical { tokens, broken } = logical;
        let line = Line { tokens, suite: vec![], broken };
        if indent.wide > top.wide && !self.top().lines.is_empty() {
            self.levels.push(Level { indent, lines: vec![line] });
        } else {
            let top = self.top();
            top.indent = indent;
            top.lines.push(line);
        }
    }

    fn top(&mut self) -> &mut Level<'a> {
        self.levels.last_mut().expect("the level of the file stays")
    }

    /// Closes the levels that end before a line of this indent. One whose start was deeper but whose
    /// parent is shallower stays open: the line is taken as belonging to it.
    fn close_deeper(&mut self, indent: Indent) {
        while let [.., parent, _] = self.levels.as_slice()
            && parent.indent.wide >= indent.wide
        {
            self.close();
        }
    }

    fn close(&mut self) {
        let closed = self.levels.pop().expect("more than one level");
        let owner = self.top().lines.last_mut().expect("a level opens after a line");
        owner.suite = closed.lines;
    }

    fn unmatched(&mut self, span: Span) {
        // The file's own level has only an unexpected indent at its start, which is reported as such.
        if self.levels.len() > 1 {
            self.errors.push(
                Diagnostic::error(
                    span,
                    "this line is indented less than the block before it, but not as an outer block",
                )
                .hint("align it with the block that it belongs to"),
            );
        }
    }

    fn deep(&mut self, span: Span) {
        // Its suite is missing, but that is not its fault.
        if let Some(owner) = self.top().lines.last_mut() {
            owner.broken = true;
        }
        if !self.too_deep {
            self.too_deep = true;
            self.errors.push(
                Diagnostic::error(span, format!("more than {MAX_INDENTS} levels of indentation"))
                    .hint("move inner blocks to functions of their own"),
            );
        }
    }

    fn finish(mut self) -> Vec<Line<'a>> {
        while self.levels.len() > 1 {
            self.close();
        }
        self.levels.pop().expect("the level of the file stays").lines
    }
}

/// A line that is deeper than the one before it, which opens no block.
pub fn unexpected_indent(span: Span) -> Diagnostic {
    Diagnostic::error(span, "unexpected indent")
        .note("nothing before this line opens a block")
        .hint("align it with the line before it")
}

/// The tokens of a line without the line ends inside its brackets.
pub fn significant<'a>(tokens: &'a [Lexeme<'a>]) -> impl Iterator<Item = &'a Lexeme<'a>> {
    tokens.iter().filter(|lexeme| lexeme.token != Token::Newline)
}
