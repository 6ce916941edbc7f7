//! The result as a picture: with several sizes a line for each configuration, time of a call over size, else a bar for each.

use super::super::failure::{Failure, reason};
use super::canvas::Pixels;
use super::configuration::Configuration;
use super::session::{Measured, Session};
use super::table::{interval, seconds};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::path::Path;

const SIZE: (u32, u32) = (1000, 640);

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Format {
    Svg,
    Png,
}

/// The format that a file name asks for.
pub fn format(path: &Path) -> Result<Format, Failure> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("svg") => Ok(Format::Svg),
        Some("png") => Ok(Format::Png),
        _ => Err(Failure::usage(format!("`{}` is no name for a plot", path.display()))
            .hint("plots end in .svg or .png")),
    }
}

pub fn write(session: &Session, path: &Path) -> Result<(), Failure> {
    let fail = |message: String| Failure::data(path.display(), format!("cannot be written: {message}"));
    let bytes = match format(path)? {
        Format::Svg => {
            let mut text = String::new();
            draw(session, &SVGBackend::with_string(&mut text, SIZE).into_drawing_area()).map_err(fail)?;
            text.into_bytes()
        }
        Format::Png => {
            let mut pixels = Pixels::new(SIZE.0, SIZE.1);
            draw(session, &pixels.canvas().into_drawing_area()).map_err(fail)?;
            pixels.png().map_err(|error| fail(error.to_string()))?
        }
    };
    std::fs::write(path, bytes).map_err(|error| fail(reason(&error)))
}

type Area<B> = DrawingArea<B, Shift>;

fn draw<B: DrawingBackend>(session: &Session, area: &Area<B>) -> Result<(), String> {
    area.fill(&WHITE).map_err(|error| error.to_string())?;
    let title = format!("{} ({} threads)", session.kernel, session.threads);
    let area = area.titled(&title, text(20)).map_err(|error| error.to_string())?;
    let drawn = match &session.measured[..] {
        [only] => bars(only, &area),
        measured => lines(session, measured, &area),
    };
    drawn.and_then(|()| area.present()).map_err(|error| error.to_string())
}

type Drawn<B> = Result<(), DrawingAreaErrorKind<<B as DrawingBackend>::ErrorType>>;

/// Time over size, both logarithmic, with the interval as a vertical stroke.
fn lines<B: DrawingBackend>(session: &Session, measured: &[Measured], area: &Area<B>) -> Drawn<B> {
    let sizes = measured.iter().filter_map(|measured| measured.n).map(|n| n as f64);
    let (least, most) = range(sizes);
    let (fastest, slowest) =
        range(measured.iter().flat_map(|measured| &measured.rows).map(|row| row.sample.time().median));
    let mut chart =
        ChartBuilder::on(area).margin(15).x_label_area_size(45).y_label_area_size(80).build_cartesian_2d(
            (least / 1.2..most * 1.2).log_scale(),
            (fastest / 2.0..slowest * 2.0).log_scale(),
        )?;
    chart
        .configure_mesh()
        .x_label_formatter(&|n| power(*n))
        .y_label_formatter(&|time| seconds(*time))
        .x_desc(format!("{} (time of a call)", session.size.as_deref().unwrap_or("n")))
        .label_style(text(16))
        .light_line_style(RGBColor(240, 240, 240))
        .draw()?;
    let first = &measured[0].rows;
    for row in first.iter().filter(|row| row.same_as.is_none()) {
        let configuration = row.configuration;
        let style = ShapeStyle { color: colour(configuration).to_rgba(), filled: true, stroke_width: 2 };
        let points: Vec<_> = measured
            .iter()
            .filter_map(|measured| Some((measured.n? as f64, measured.row(configuration)?.sample.time())))
            .collect();
        chart
            .draw_series(LineSeries::new(points.iter().map(|(n, time)| (*n, time.median)), style))?
            .label(configuration.to_string())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], style));
        chart.draw_series(
            points.iter().map(|(n, time)| PathElement::new([(*n, time.low), (*n, time.high)], style)),
        )?;
        chart.draw_series(points.iter().map(|(n, time)| Circle::new((*n, time.median), 3, style)))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .label_font(text(16))
        .background_style(WHITE.mix(0.85))
        .border_style(RGBColor(200, 200, 200))
        .draw()
}

/// One bar per configuration, its interval in figures behind it.
fn bars<B: DrawingBackend>(measured: &Measured, area: &Area<B>) -> Drawn<B> {
    const LEFT: i32 = 240;
    let rows: Vec<_> = measured.rows.iter().filter(|row| row.same_as.is_none()).collect();
    let (width, height) = area.dim_in_pixel();
    let slowest = rows.iter().map(|row| row.sample.time().median).fold(f64::MIN_POSITIVE, f64::max);
    let most = f64::from(width as i32 - LEFT - 320);
    let step = (height as i32 - 40) / rows.len() as i32;
    let thickness = (step * 3 / 5).min(60);
    for (number, row) in rows.iter().enumerate() {
        let time = row.sample.time();
        let middle = 20 + step * number as i32 + step / 2;
        let end = LEFT + (most * time.median / slowest).round() as i32;
        let corners = [(LEFT, middle - thickness / 2), (end.max(LEFT + 1), middle + thickness / 2)];
        area.draw(&Rectangle::new(corners, colour(row.configuration).filled()))?;
        let name = text(16).pos(Pos::new(HPos::Right, VPos::Center));
        area.draw(&Text::new(row.configuration.to_string(), (LEFT - 10, middle), name))?;
        let figures = format!("{} ({})", seconds(time.median), interval(&time).replace('…', "-"));
        area.draw(&Text::new(figures, (end + 10, middle), text(16).pos(Pos::new(HPos::Left, VPos::Center))))?;
    }
    Ok(())
}

fn text(size: u32) -> TextStyle<'static> {
    TextStyle::from(("sans-serif", size).into_font()).color(&RGBColor(40, 40, 40))
}

fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, 0.0), |(least, most), value| (least.min(value), most.max(value)))
}

/// `1e6` for a power of ten, else all digits.
fn power(n: f64) -> String {
    let exponential = format!("{n:e}");
    if n >= 1e4 && exponential.starts_with("1e") { exponential } else { format!("{n}") }
}

/// Warm with lanes, cold without; dark when parallel, and darker when fused.
fn colour(configuration: Configuration) -> RGBColor {
    match (configuration.lanes, configuration.parallel, configuration.fused) {
        (false, false, false) => RGBColor(158, 202, 225),
        (false, false, true) => RGBColor(66, 146, 198),
        (false, true, false) => RGBColor(116, 196, 118),
        (false, true, true) => RGBColor(35, 139, 69),
        (true, false, false) => RGBColor(253, 190, 133),
        (true, false, true) => RGBColor(241, 105, 19),
        (true, true, false) => RGBColor(188, 128, 189),
        (true, true, true) => RGBColor(165, 15, 21),
    }
}
