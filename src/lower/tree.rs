//! Elementwise operations on the results of others: first the operands and the shapes of all, then a nest for each.
//!
//! ```text
//! x * y + z      →      check that x, y and z broadcast
//!                       if all have one shape { nest { s = x * y }; nest { t = s + z } }
//!                       else                  { the same over stretched operands }
//! ```
//!
//! So the question whether operands are stretched ([`super::broadcast`]) is asked once for the whole expression, and what is on either side
//! of it can become one loop. Where no operand can be stretched there is no branch.

use super::Builder;
use super::array::{Leaf, Operand, is_elementwise};
use super::broadcast::{Common, Shape};
use crate::base::{ArrayType, Dtype, Span};
use crate::hir::{self, ExprKind};
use crate::loops::{If, Stmt, Value};

/// Operations in the order in which they are computed; the last one is the result. Each other one is used once.
pub(super) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    /// Whether no operand is stretched anywhere. None: always.
    pub equal: Option<Value>,
}

struct Node<'a> {
    data: &'a hir::ExprData,
    inputs: Vec<Input>,
    common: Common,
}

enum Input {
    Leaf(Leaf),
    /// An operation before, converted as it is loaded, if to another dtype.
    Node(usize, Dtype),
}

impl<'a> Tree<'a> {
    pub fn common(&self) -> &Common {
        &self.nodes.last().expect("an operation").common
    }

    /// The operands of the result that are no operations themselves, by their number.
    pub fn direct_leaves(&self) -> impl Iterator<Item = (usize, Leaf)> {
        let inputs = &self.nodes.last().expect("an operation").inputs;
        inputs.iter().enumerate().filter_map(|(k, input)| match input {
            Input::Leaf(leaf) => Some((k, *leaf)),
            Input::Node(..) => None,
        })
    }

    fn data(&self) -> &'a hir::ExprData {
        self.nodes.last().expect("an operation").data
    }
}

impl<'a> Builder<'_, 'a> {
    /// Evaluates the operands of an elementwise expression and checks that they broadcast.
    pub(super) fn tree(&mut self, data: &'a hir::ExprData) -> Tree<'a> {
        let mut tree = Tree { nodes: vec![], equal: None };
        let deep = data.kind.operands().into_iter().all(|operand| self.is_quiet(operand));
        self.add_node(data, deep, &mut tree);
        tree
    }

    fn add_node(&mut self, data: &'a hir::ExprData, deep: bool, tree: &mut Tree<'a>) {
        let operands = data.kind.operands();
        let inputs: Vec<Input> = operands.iter().map(|operand| self.input(*operand, deep, tree)).collect();
        let shapes: Vec<Shape> = inputs.iter().filter_map(|input| self.input_shape(input, tree)).collect();
        let common = self.common_shape(&shapes, data.span);
        if let Some(equal) = common.equal {
            self.and_also(&mut tree.equal, equal);
        }
        tree.nodes.push(Node { data, inputs, common });
    }

    fn input(&mut self, operand: hir::Expr, deep: bool, tree: &mut Tree<'a>) -> Input {
        let mut data = self.data(operand);
        let Some(dtype) = data.ty.array().map(|array| array.dtype) else {
            return Input::Leaf(self.leaf(operand));
        };
        if let ExprKind::Convert(source) = data.kind {
            data = self.data(source);
        }
        let converts = matches!(data.kind, ExprKind::Convert(_));
        if !deep || converts || !is_elementwise(&data.kind) || self.faults_late(data) {
            return Input::Leaf(self.leaf(operand));
        }
        self.add_node(data, deep, tree);
        Input::Node(tree.nodes.len() - 1, dtype)
    }

    fn input_shape(&mut self, input: &Input, tree: &Tree<'a>) -> Option<Shape> {
        match input {
            Input::Leaf(leaf) => self.leaf_shape(*leaf),
            Input::Node(node, _) => Some(tree.nodes[*node].common.shape()),
        }
    }

    /// Whether evaluating an expression changes nothing that another one could read: it calls no function of the program.
    fn is_quiet(&mut self, expr: hir::Expr) -> bool {
        let data = self.data(expr);
        !matches!(data.kind, ExprKind::Call { .. })
            && data.kind.operands().into_iter().all(|operand| self.is_quiet(operand))
    }

    /// Computes the tree into a new array.
    pub(super) fn tree_into_new(&mut self, tree: &Tree<'a>) -> Operand {
        let (common, dtype) = (tree.common(), tree.data().ty.dtype().expect("elements"));
        let target = self.new_of_shape(common, dtype, tree.data().span);
        self.tree_into(tree, target, tree.equal, tree.data().span);
        target
    }

    /// Computes the tree into `target`, whose shape is the tree's where `equal` holds.
    pub(super) fn tree_into(&mut self, tree: &Tree<'a>, target: Operand, equal: Option<Value>, span: Span) {
        match equal {
            None => self.nests(tree, target, false, span),
            Some(condition) => {
                let then = self.nested(|this| this.nests(tree, target, false, span));
                let otherwise = self.nested(|this| this.nests(tree, target, true, span));
                self.emit(Stmt::If(If { condition, then, otherwise }));
            }
        }
    }

    fn new_of_shape(&mut self, common: &Common, dtype: Dtype, span: Span) -> Operand {
        let ty = ArrayType { unit: common.unit, ..ArrayType::contiguous(dtype, common.extents.len()) };
        self.new_array(ty, common.extents.clone(), span)
    }

    /// One nest for each operation.
    fn nests(&mut self, tree: &Tree<'a>, target: Operand, stretched: bool, span: Span) {
        let mut results: Vec<Operand> = vec![];
        for (k, node) in tree.nodes.iter().enumerate() {
            let is_last = k + 1 == tree.nodes.len();
            let result = if is_last {
                target
            } else {
                self.new_of_shape(&node.common, node.data.ty.dtype().expect("elements"), node.data.span)
            };
            let leaf = |input: &Input| match input {
                Input::Leaf(leaf) => *leaf,
                Input::Node(before, dtype) => Leaf::Array(results[*before], *dtype),
            };
            let mut leaves: Vec<Leaf> = node.inputs.iter().map(leaf).collect();
            if stretched {
                leaves = leaves.into_iter().map(|leaf| self.stretch(leaf, result)).collect();
            }
            let compute = |this: &mut Builder, values: &[Value]| this.element(node.data, values);
            self.nest(result, &leaves, if is_last { span } else { node.data.span }, &compute);
            for input in &node.inputs {
                if let Input::Node(before, _) = input {
                    self.release_operand(results[*before]);
                }
            }
            results.push(result);
        }
    }

    pub(super) fn release_leaves(&mut self, tree: &Tree<'a>) {
        for input in tree.nodes.iter().flat_map(|node| &node.inputs) {
            if let Input::Leaf(leaf) = input {
                self.release_leaf(*leaf);
            }
        }
    }
}
