//! The result as JSON, which `--compare` reads back.

use super::super::json::Json;
use super::ceilings::{Peaks, Rates};
use super::session::{Measured, Row, Session};
use super::statistics::{CONFIDENCE, Estimate};

/// Changes when readers of older files would misread newer ones.
pub const FORMAT: i64 = 1;

pub fn json(session: &Session) -> Json {
    let Session { machine, arguments, .. } = session;
    let arguments = arguments.iter().map(|(name, value)| (name.clone(), Json::text(value))).collect();
    Json::object([
        ("durum_bench", Json::number(FORMAT)),
        ("version", Json::text(env!("CARGO_PKG_VERSION"))),
        ("optimised_build", Json::Bool(!cfg!(debug_assertions))),
        ("file", Json::text(&session.file)),
        ("kernel", Json::text(&session.kernel)),
        ("arguments", Json::Object(arguments)),
        ("size_name", session.size.as_ref().map_or(Json::Null, Json::text)),
        (
            "machine",
            Json::object([
                ("cpu", Json::text(&machine.cpu)),
                ("processors", Json::number(machine.processors)),
                ("cache_bytes", Json::List(machine.caches.iter().map(Json::number).collect())),
            ]),
        ),
        ("threads", Json::number(session.threads)),
        (
            "method",
            Json::object([
                ("time_per_configuration_s", Json::number(session.time)),
                ("estimate", Json::text("median over turns; a turn is the median of its calls")),
                ("interval", Json::text("order statistics of the turns")),
                ("confidence", Json::number(CONFIDENCE)),
                ("restored_before_each_call", Json::List(session.restored.iter().map(Json::text).collect())),
            ]),
        ),
        ("peak_flops_per_s", session.peaks.as_ref().map_or(Json::Null, peaks)),
        ("sizes", Json::List(session.measured.iter().map(|measured| size(session, measured)).collect())),
    ])
}

fn peaks(peaks: &Peaks) -> Json {
    Json::object([("f64", rates(&peaks.f64)), ("f32", rates(&peaks.f32))])
}

fn rates(rates: &Rates) -> Json {
    Json::object([("one_thread", Json::number(rates.one)), ("all_threads", Json::number(rates.all))])
}

fn size(session: &Session, measured: &Measured) -> Json {
    let load = &measured.load;
    let operations = |pick: fn(&super::work::Operations) -> f64| {
        load.operations.as_ref().map_or(Json::Null, |operations| Json::number(pick(operations)))
    };
    let bandwidth = measured.bandwidth.as_ref().map_or(Json::Null, |bandwidth| {
        Json::object([("read", rates(&bandwidth.read)), ("triad", rates(&bandwidth.triad))])
    });
    let sentences = super::table::sentences(session, measured);
    Json::object([
        ("n", measured.n.map_or(Json::Null, Json::number)),
        (
            "work_per_call",
            Json::object([
                ("bytes_read", Json::number(load.bytes_read)),
                ("bytes_written", Json::number(load.bytes_written)),
                ("f64_operations", operations(|operations| operations.f64)),
                ("f32_operations", operations(|operations| operations.f32)),
                ("source", Json::text(load.source.name())),
            ]),
        ),
        ("level", session.machine.level(load.bytes() as u64).map_or(Json::Null, Json::text)),
        ("bandwidth_bytes_per_s", bandwidth),
        (
            "configurations",
            Json::List(measured.rows.iter().map(|row| self::row(session, measured, row)).collect()),
        ),
        ("sentences", Json::List(sentences.into_iter().map(Json::text).collect())),
    ])
}

fn row(session: &Session, measured: &Measured, row: &Row) -> Json {
    let configuration = row.configuration;
    let time = row.sample.time();
    let load = &measured.load;
    let position = measured.position(row, session.peaks.as_ref());
    let speedup = measured.speedup(row, measured.rows[0].configuration);
    let efficiency = measured.efficiency(row, session.threads);
    Json::object([
        ("fused", Json::Bool(configuration.fused)),
        ("parallel", Json::Bool(configuration.parallel)),
        ("lanes", Json::Bool(configuration.lanes)),
        ("same_code_as", row.same_as.map_or(Json::Null, |same| Json::text(same.to_string()))),
        ("seconds", estimate(&time)),
        ("turn_seconds", Json::List(row.sample.turns.iter().map(Json::number).collect())),
        ("calls", Json::number(row.sample.calls)),
        ("bytes_per_s", Json::number(load.bytes() / time.median)),
        (
            "flops_per_s",
            load.operations.map_or(Json::Null, |operations| Json::number(operations.total() / time.median)),
        ),
        (
            "roofline",
            position.map_or(Json::Null, |position| {
                Json::object([
                    ("limit", Json::text(position.limit.name())),
                    ("fraction", Json::number(position.fraction)),
                ])
            }),
        ),
        ("speedup", speedup.as_ref().map_or(Json::Null, estimate)),
        ("parallel_efficiency", efficiency.map_or(Json::Null, Json::number)),
    ])
}

fn estimate(estimate: &Estimate) -> Json {
    Json::object([
        ("median", Json::number(estimate.median)),
        ("low", Json::number(estimate.low)),
        ("high", Json::number(estimate.high)),
    ])
}
