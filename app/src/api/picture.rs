//! A text as a picture that a telephone's camera reads.

use qrcode::QrCode;
use qrcode::render::svg::Color;

/// SVG, without the declaration that stands before it in a file. None when the text is too long.
pub fn of(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    // Dark on light in both themes: many cameras read it in no other way.
    let drawn =
        code.render().min_dimensions(220, 220).dark_color(Color("#000")).light_color(Color("#fff")).build();
    Some(drawn.get(drawn.find("<svg")?..)?.to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_a_picture_in_a_page_that_allows_no_style() {
        let picture = super::of("otpauth://totp/Drover:ada%40internal?secret=ABC&issuer=Drover").unwrap();
        assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>"), "{picture:.60}");
        assert!(!picture.contains("style") && !picture.contains("<script"));
        assert!(super::of(&"x".repeat(5000)).is_none());
    }
}
