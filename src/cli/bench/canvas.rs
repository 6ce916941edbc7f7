//! Pixels that plots are drawn on, with letters of their own, so that no font of the system is asked for; and the PNG file of them.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, RasterizedChar, get_raster, get_raster_width};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use std::convert::Infallible;

/// Red, green, blue, row by row.
pub struct Pixels {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

/// What plotters draws on.
pub struct Canvas<'a> {
    pixels: &'a mut Pixels,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

const LETTER: RasterHeight = RasterHeight::Size16;

impl Pixels {
    pub fn new(width: u32, height: u32) -> Pixels {
        Pixels { width, height, bytes: vec![255; (width * height * 3) as usize] }
    }

    pub fn canvas(&mut self) -> Canvas<'_> {
        Canvas { pixels: self }
    }

    pub fn png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = vec![];
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&self.bytes)?;
        Ok(file)
    }

    /// Lays a colour over a pixel; points outside are nowhere.
    fn blend(&mut self, (x, y): BackendCoord, (red, green, blue): (u8, u8, u8), alpha: f64) {
        let inside = (0..self.width as i32).contains(&x) && (0..self.height as i32).contains(&y);
        if !inside {
            return;
        }
        let at = 3 * (y as usize * self.width as usize + x as usize);
        for (byte, colour) in self.bytes[at..at + 3].iter_mut().zip([red, green, blue]) {
            *byte = (f64::from(*byte) * (1.0 - alpha) + f64::from(colour) * alpha).round() as u8;
        }
    }
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.pixels.width, self.pixels.height)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.pixels.blend(point, color.rgb, color.alpha);
        Ok(())
    }

    /// Upright letters only: the plots turn no text.
    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> Drawn {
        let (width, height) = extent(text);
        let left = match style.anchor().h_pos {
            HPos::Left => pos.0,
            HPos::Center => pos.0 - width / 2,
            HPos::Right => pos.0 - width,
        };
        let top = match style.anchor().v_pos {
            VPos::Top => pos.1,
            VPos::Center => pos.1 - height / 2,
            VPos::Bottom => pos.1 - height,
        };
        let color = BackendStyle::color(&style.color());
        for (number, letter) in text.chars().enumerate() {
            let left = left + number as i32 * letter_width();
            for (y, row) in raster(letter).rows().enumerate() {
                for (x, &darkness) in row.iter().enumerate() {
                    let alpha = color.alpha * f64::from(darkness) / 255.0;
                    self.pixels.blend((left + x as i32, top + y as i32), color.rgb, alpha);
                }
            }
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        _: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let (width, height) = extent(text);
        Ok((width as u32, height as u32))
    }
}

fn extent(text: &str) -> (i32, i32) {
    (text.chars().count() as i32 * letter_width(), LETTER.val() as i32)
}

fn letter_width() -> i32 {
    get_raster_width(FontWeight::Regular, LETTER) as i32
}

/// Letters that the font lacks are question marks.
fn raster(letter: char) -> RasterizedChar {
    get_raster(letter, FontWeight::Regular, LETTER)
        .or_else(|| get_raster('?', FontWeight::Regular, LETTER))
        .expect("the font has a question mark")
}
