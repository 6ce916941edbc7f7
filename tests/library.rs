//! The library as an embedder uses it: views of any strides, typed handles, threads, pools, tokens, errors.

use durum::{CancelToken, Engine, Error, In, InOut, Kernel, Limits, Module, Pool, Settings, Value, args};
use ndarray::{Array1, Array2, s};
use std::sync::Arc;

const AXPY: &str = "def axpy(a, x, y):\n    for i in prange(len(x)):\n        y[i] = a * x[i] + y[i]\n";

fn module(text: &str) -> Module {
    Engine::default().module(text).expect("parses")
}

#[test]
fn handles_go_between_threads() {
    fn shared<T: Clone + Send + Sync>() {}
    shared::<Kernel>();
    shared::<Module>();
    shared::<Engine>();
    let kernel = module(AXPY).kernel("axpy").expect("found");
    std::thread::scope(|scope| {
        for k in 0..8 {
            let kernel = kernel.clone();
            scope.spawn(move || {
                let x = Array1::from_elem(1000 + k, 2.0);
                let mut y = Array1::from_elem(1000 + k, 1.0);
                kernel.call(&args![3.0, x.view(), y.view_mut()]).expect("runs");
                assert!(y.iter().all(|y| *y == 7.0));
            });
        }
    });
}

#[test]
fn views_of_any_strides_are_read_and_written_in_place() {
    let text = "def double(x, out):\n    for i in range(x.shape[0]):\n        for j in range(x.shape[1]):\n            out[i, j] = 2.0 * x[i, j]\n";
    let kernel = module(text).kernel("double").expect("found");
    let x = Array2::from_shape_fn((9, 14), |(i, j)| (10 * i + j) as f64);
    let mut out = Array2::<f64>::zeros((14, 9));
    let view = x.slice(s![..;-2, 1..;3]);
    let mut target = out.slice_mut(s![..view.ncols();1, ..view.nrows()]).reversed_axes();
    target.fill(-1.0);
    let shape = (view.nrows(), view.ncols());
    kernel.call(&args![view, target.view_mut()]).expect("runs");
    for i in 0..shape.0 {
        for j in 0..shape.1 {
            assert_eq!(out[[j, i]], 2.0 * x[[8 - 2 * i, 1 + 3 * j]]);
        }
    }
    assert_eq!(out[[13, 8]], 0.0);
}

#[test]
fn typed_calls_check_types_once_and_follow_layouts() {
    let module = module(AXPY);
    let axpy = module.typed::<(f64, In<f64, 1>, InOut<f64, 1>), ()>("axpy").expect("compiles");
    let long = Array1::<f64>::ones(20);
    let mut y = Array1::<f64>::zeros(20);
    axpy.call((2.0, long.view(), y.view_mut())).expect("runs");
    axpy.call((2.0, long.slice(s![..;2]), y.slice_mut(s![..;2]))).expect("runs");
    assert_eq!(y.sum(), 60.0);
    assert!(matches!(module.typed::<(f64,), ()>("axpy"), Err(Error::Usage(_))));
    assert!(matches!(module.typed::<(f64, f64, f64), ()>("axpy"), Err(Error::Program(_))));
    let wrong = module.typed::<(f64, In<f64, 1>, InOut<f64, 1>), f64>("axpy").expect("compiles");
    assert!(matches!(wrong.call((1.0, long.view(), y.view_mut())), Err(Error::Usage(_))));
}

#[test]
fn results_come_back_as_values_and_rust_types() {
    let text = "def f(x):\n    return np.sum(x), len(x), x + 1.0\n";
    let x = Array1::<f64>::linspace(0.0, 1.0, 5);
    let value = module(text).kernel("f").and_then(|kernel| kernel.call(&args![x.view()])).expect("runs");
    let Value::Tuple(items) = value else { panic!("a tuple") };
    assert_eq!(items[1].as_scalar().map(|scalar| scalar.as_i64()), Some(5));
    assert_eq!(items[2].to_ndarray::<f64>().expect("f64").sum(), 7.5);
    let f = module(text).typed::<(In<f64, 1>,), (f64, i64, Array1<f64>)>("f").expect("compiles");
    let (sum, len, shifted) = f.call((x.view(),)).expect("runs");
    assert_eq!((sum, len, shifted[4]), (2.5, 5, 2.0));
}

#[test]
fn a_pool_of_the_user_runs_the_loops() {
    let rayon = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads"));
    let settings = Settings { pool: Pool::from_rayon(rayon.clone()), ..Settings::default() };
    let kernel = Engine::new(settings).module(AXPY).and_then(|module| module.kernel("axpy")).expect("found");
    let x = Array1::<f64>::ones(1_000_000);
    let mut y = Array1::<f64>::zeros(1_000_000);
    kernel.call(&args![1.0, x.view(), y.view_mut()]).expect("runs");
    // Also from inside that pool.
    rayon.install(|| kernel.call(&args![1.0, x.view(), y.view_mut()])).expect("runs");
    assert_eq!(y.sum(), 2_000_000.0);
}

#[test]
fn errors_say_whose_business_they_are() {
    assert!(matches!(Engine::default().module("def f(:\n"), Err(Error::Program(_))));
    assert!(
        matches!(module(AXPY).kernel("axpi"), Err(Error::Usage(message)) if message.contains("did you mean `axpy`"))
    );
    let kernel = module(AXPY).kernel("axpy").expect("found");
    let x = Array1::<f64>::ones(4);
    let mut short = Array1::<f64>::ones(3);
    assert!(matches!(kernel.call(&args![1.0, x.view(), short.view_mut()]), Err(Error::Fault(_))));
    assert!(matches!(kernel.call(&args![1.0, x.view(), x.view()]), Err(Error::Usage(_))));
    assert!(matches!(kernel.call(&args![1.0]), Err(Error::Usage(_))));
    let token = CancelToken::new();
    token.cancel();
    let limits = Limits { cancel: Some(token), ..Limits::default() };
    let cancelled = kernel.call_within(&args![1.0, x.view(), short.view_mut()], &limits);
    assert!(matches!(cancelled, Err(Error::Limit(_))));
}

/// What a call does is counted from the program and its data: operations spelled out, elements touched.
#[test]
fn work_is_counted() {
    let text = "
def dot(x, y):
    return np.sum(x * y)

def axpy(a, x, y):
    for i in prange(len(x)):
        y[i] += a * x[i]

def twice(x, out):
    for k in range(2):
        for i in range(len(x)):
            out[i] = x[i] + math.sqrt(x[i])

def single(x):
    return x * x + x

def integers(k):
    return k * k

def cumulated(x):
    return np.cumsum(x)

def positive(x):
    count = 0
    for i in range(len(x)):
        if x[i] > 0.5:
            count += 1
    return count
";
    let module = Engine::default().module(text).unwrap();
    let count = |name: &str, args: &[durum::Arg]| {
        let work = module.kernel(name).unwrap().count(args, &Limits::default()).unwrap();
        (work.f64_operations, work.f32_operations, work.bytes_read, work.bytes_written)
    };
    let x = Array1::<f64>::ones(100);
    let mut y = Array1::<f64>::ones(100);
    assert_eq!(count("dot", &args![x.view(), x.view()]), (199, 0, 800, 0));
    assert_eq!(count("axpy", &args![2.0, x.view(), y.view_mut()]), (200, 0, 1600, 800));
    assert_eq!(y[0], 3.0);
    assert_eq!(count("twice", &args![x.view(), y.view_mut()]), (400, 0, 800, 800));
    assert_eq!(count("single", &args![Array1::<f32>::ones(10).view()]), (0, 20, 40, 40));
    assert_eq!(count("integers", &args![Array1::<i64>::ones(10).view()]), (0, 0, 80, 80));
    assert_eq!(count("cumulated", &args![x.view()]), (99, 0, 800, 800));
    assert_eq!(count("positive", &args![x.view()]), (0, 0, 800, 0));
    let broken = module.kernel("dot").unwrap().count(&args![x.view()], &Limits::default());
    assert!(matches!(broken, Err(Error::Usage(_))));
}
