use std::fmt::Write;

/// One diagram: lines over the same seconds.
pub(crate) struct Panel {
    pub(crate) title: &'static str,
    /// What the upright axis shows.
    pub(crate) unit: &'static str,
    /// Where that axis ends.
    pub(crate) most: f64,
    pub(crate) seconds: f64,
    pub(crate) curves: Vec<Curve>,
    /// What happens when.
    pub(crate) marks: Vec<(f64, &'static str)>,
}

/// A line of points: seconds and value.
pub(crate) struct Curve {
    pub(crate) name: &'static str,
    /// Which of the colours.
    pub(crate) colour: usize,
    pub(crate) points: Vec<(f64, f64)>,
}

const PLOT: f64 = 190.0;
const ABOVE: f64 = 52.0;
const BELOW: f64 = 44.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 16.0;

impl Panel {
    pub(crate) fn height(&self) -> f64 {
        ABOVE + PLOT + BELOW
    }

    pub(crate) fn draw(&self, top: f64, width: f64) -> String {
        let (zero, right) = (top + ABOVE + PLOT, width - RIGHT);
        let x = |second: f64| LEFT + second / self.seconds * (right - LEFT);
        let y = |value: f64| zero - (value / self.most).min(1.0) * PLOT;
        let mut svg = String::new();
        let mut put = |text: String| {
            let _ = writeln!(svg, "{text}");
        };
        put(format!("<text class=\"head\" x=\"{LEFT}\" y=\"{}\">{}</text>", top + 18.0, self.title));
        let mut at = LEFT;
        for Curve { name, colour, .. } in &self.curves {
            put(format!("<path class=\"line c{colour}\" d=\"M{at} {0}h22\"/>", top + 34.0));
            put(format!("<text class=\"f{colour}\" x=\"{}\" y=\"{}\">{name}</text>", at + 27.0, top + 38.0));
            at += 46.0 + 6.6 * name.chars().count() as f64;
        }
        for part in 0..=4 {
            let value = self.most * f64::from(part) / 4.0;
            let at = y(value);
            put(format!("<path class=\"grid\" d=\"M{LEFT} {at:.1}H{right}\"/>"));
            put(format!(
                "<text text-anchor=\"end\" x=\"{}\" y=\"{:.1}\">{value}</text>",
                LEFT - 6.0,
                at + 4.0
            ));
        }
        let mut second = 0.0;
        while second <= self.seconds {
            put(format!(
                "<text text-anchor=\"middle\" x=\"{:.1}\" y=\"{}\">{second}</text>",
                x(second),
                zero + 16.0
            ));
            second += 10.0;
        }
        put(format!("<path class=\"axis\" d=\"M{LEFT} {}V{zero}H{right}\"/>", top + ABOVE));
        let middle = (LEFT + right) / 2.0;
        put(format!("<text text-anchor=\"middle\" x=\"{middle}\" y=\"{}\">seconds</text>", zero + 32.0));
        let (across, up) = (14.0, zero - PLOT / 2.0);
        put(format!(
            "<text text-anchor=\"middle\" transform=\"translate({across} {up}) rotate(-90)\">{}</text>",
            self.unit
        ));
        for (second, what) in &self.marks {
            let at = x(*second);
            put(format!(
                "<path class=\"axis\" stroke-dasharray=\"3 3\" d=\"M{at:.1} {}V{zero}\"/>",
                top + ABOVE
            ));
            put(format!("<text x=\"{:.1}\" y=\"{}\">{what}</text>", at + 4.0, top + ABOVE + 11.0));
        }
        for Curve { colour, points, .. } in &self.curves {
            let mut path = String::new();
            for (index, (second, value)) in points.iter().enumerate() {
                let letter = if index == 0 { 'M' } else { 'L' };
                let _ = write!(path, "{letter}{:.1} {:.1}", x(*second), y(*value));
            }
            put(format!("<path class=\"line c{colour}\" d=\"{path}\"/>"));
        }
        svg
    }
}
