//! Which compressed form a client gets: the first of ours that its `Accept-Encoding` does not rule out.

/// Coding and the ending of its files, best first.
pub const SIBLINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Whether the header allows the coding. `*` stands for what is not named; a weight of 0 forbids.
pub fn accepts(header: &str, coding: &str) -> bool {
    let mut star = false;
    for part in header.split(',') {
        let mut words = part.split(';').map(str::trim);
        let name = words.next().unwrap_or_default();
        let forbidden = words.any(|w| w.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32)));
        if name.eq_ignore_ascii_case(coding) {
            return !forbidden;
        }
        star |= name == "*" && !forbidden;
    }
    star
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_accepted() {
        for (header, br, gzip) in [
            ("", false, false),
            ("gzip, deflate, br, zstd", true, true),
            ("gzip;q=1.0, br;q=0", false, true),
            ("*", true, true),
            ("br;q=0.0, *", false, true),
            ("identity", false, false),
            ("GZIP", false, true),
        ] {
            assert_eq!((accepts(header, "br"), accepts(header, "gzip")), (br, gzip), "{header}");
        }
    }
}
