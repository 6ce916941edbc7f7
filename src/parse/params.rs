//! Parameter lists: the grammar reads them as flat items; here `*`, `/` and the order of defaults get
//! their meaning.

use super::nodes::{Node, Refusal, refuse};
use crate::ast::{Name, Param, ParamKind};
use crate::base::{Diagnostic, Span};
use std::collections::HashMap;

/// A parameter or a separator, as written.
pub enum ParamItem {
    Param {
        param: Box<Param>,
        depth: u32,
    },
    /// A bare `*`.
    Star(Span),
    Slash(Span),
}

pub fn plain(name: Name, annotation: Option<Node>, default: Option<Node>) -> ParamItem {
    item(name, annotation, default, ParamKind::Plain)
}

pub fn args(name: Name, annotation: Option<Node>) -> ParamItem {
    item(name, annotation, None, ParamKind::Args)
}

pub fn kwargs(name: Name, annotation: Option<Node>) -> ParamItem {
    item(name, annotation, None, ParamKind::Kwargs)
}

fn item(name: Name, annotation: Option<Node>, default: Option<Node>, kind: ParamKind) -> ParamItem {
    let depth = [&annotation, &default].into_iter().flatten().map(|node| node.depth).max().unwrap_or(0);
    let expr = |node: Option<Node>| node.map(|node| *node.expr);
    let param = Param { name, annotation: expr(annotation), default: expr(default), kind };
    ParamItem::Param { param: Box::new(param), depth }
}

/// The deepest annotation or default.
pub fn depth(items: &[ParamItem]) -> u32 {
    let depths = items.iter().map(|item| match item {
        ParamItem::Param { depth, .. } => *depth,
        ParamItem::Star(_) | ParamItem::Slash(_) => 0,
    });
    depths.max().unwrap_or(0)
}

pub fn list<'a>(items: Vec<ParamItem>) -> Result<Vec<Param>, Refusal<'a>> {
    let mut list = List { params: vec![], slash: None, star: None };
    for item in items {
        match item {
            ParamItem::Slash(span) => list.slash(span)?,
            ParamItem::Star(span) => list.star(span)?,
            ParamItem::Param { param, .. } => list.param(*param)?,
        }
    }
    if let Some(star) = list.star
        && !list.params.iter().any(|param| param.kind == ParamKind::KeywordOnly)
        && !list.params.iter().any(|param| param.kind == ParamKind::Args)
    {
        return refuse(Diagnostic::error(star, "no named parameter follows `*`").hint("remove the `*`"));
    }
    check_names(&list.params)?;
    check_defaults(&list.params)?;
    Ok(list.params)
}

struct List {
    params: Vec<Param>,
    slash: Option<Span>,
    /// A bare `*`, or `*args`: parameters after it are passed by name only.
    star: Option<Span>,
}

impl List {
    fn slash<'a>(&mut self, span: Span) -> Result<(), Refusal<'a>> {
        let message = match () {
            _ if self.slash.is_some() => "`/` stands twice in the parameters",
            _ if self.star.is_some() => "`/` stands after `*` in the parameters",
            _ if self.params.is_empty() => "no parameter stands before `/`",
            _ if self.ended() => "nothing may follow `**` in the parameters",
            _ => {
                self.slash = Some(span);
                self.params.iter_mut().for_each(|param| param.kind = ParamKind::PositionalOnly);
                return Ok(());
            }
        };
        refuse(Diagnostic::error(span, message).hint("remove it"))
    }

    fn star<'a>(&mut self, span: Span) -> Result<(), Refusal<'a>> {
        let message = match () {
            _ if self.star.is_some() => "`*` stands twice in the parameters",
            _ if self.ended() => "nothing may follow `**` in the parameters",
            _ => {
                self.star = Some(span);
                return Ok(());
            }
        };
        refuse(Diagnostic::error(span, message).hint("remove it"))
    }

    fn param<'a>(&mut self, mut param: Param) -> Result<(), Refusal<'a>> {
        if self.ended() {
            let error = Diagnostic::error(param.name.span, "nothing may follow `**` in the parameters");
            return refuse(error.hint("move it before the `**`"));
        }
        if param.kind == ParamKind::Args {
            self.star(param.name.span)?;
        } else if param.kind == ParamKind::Plain && self.star.is_some() {
            param.kind = ParamKind::KeywordOnly;
        }
        self.params.push(param);
        Ok(())
    }

    fn ended(&self) -> bool {
        self.params.last().is_some_and(|param| param.kind == ParamKind::Kwargs)
    }
}

fn check_names<'a>(params: &[Param]) -> Result<(), Refusal<'a>> {
    let mut names = HashMap::new();
    for Param { name, .. } in params {
        if let Some(first) = names.insert(&name.text, name.span) {
            let error = Diagnostic::error(name.span, format!("two parameters are called `{}`", name.text));
            return refuse(error.label(first, "the first is here").hint("rename one of them"));
        }
    }
    Ok(())
}

fn check_defaults<'a>(params: &[Param]) -> Result<(), Refusal<'a>> {
    let mut defaulted: Option<&Name> = None;
    for param in params {
        let positional = matches!(param.kind, ParamKind::Plain | ParamKind::PositionalOnly);
        match (defaulted, &param.default) {
            (_, Some(_)) if positional => defaulted = Some(&param.name),
            (Some(first), None) if positional => {
                let message =
                    format!("`{}` has no default but `{}` before it has one", param.name.text, first.text);
                let error =
                    Diagnostic::error(param.name.span, message).label(first.span, "this one has a default");
                return refuse(error.hint("give it a default, or move it to the front"));
            }
            _ => {}
        }
    }
    Ok(())
}
