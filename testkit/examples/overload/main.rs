//! Draws what the policies for overload do to an overloaded server: the picture of `docs/guide/overload.md`.
//!
//! ```text
//! cargo run --release -p mainstay-testkit --example overload
//! ```

mod panel;
mod runs;

use std::{error::Error, fs, path::Path};

use panel::Panel;

const WIDTH: f64 = 860.0;

fn main() -> Result<(), Box<dyn Error>> {
    let panels = runs::panels()?;
    let height: f64 = panels.iter().map(Panel::height).sum();
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"title\">\n<title id=\"title\">Goodput, latency and limit of an overloaded server, simulated</title>\n{STYLE}\n"
    );
    let mut top = 0.0;
    for panel in &panels {
        svg.push_str(&panel.draw(top, WIDTH));
        top += panel.height();
    }
    svg.push_str("</svg>\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/pictures/overload.svg");
    fs::write(&path, svg)?;
    println!("{}", path.display());
    Ok(())
}

/// Colours that are told apart by all (Okabe and Ito), each a little lighter on a dark page.
const STYLE: &str = "<style>
text { font: 12px system-ui, sans-serif; fill: #333 }
.head { font-weight: 600; font-size: 14px }
.axis { stroke: #666; fill: none }
.grid { stroke: #8884; fill: none }
.line { fill: none; stroke-width: 2; stroke-linejoin: round }
.c0 { stroke: #0072b2 } .f0 { fill: #0072b2 }
.c1 { stroke: #d55e00 } .f1 { fill: #d55e00 }
.c2 { stroke: #8a5a9e; stroke-dasharray: 6 3 } .f2 { fill: #8a5a9e }
.c3 { stroke: #777; stroke-dasharray: 2 3 } .f3 { fill: #666 }
@media (prefers-color-scheme: dark) {
text { fill: #ddd } .axis { stroke: #999 }
.c0 { stroke: #56b4e9 } .f0 { fill: #56b4e9 }
.c1 { stroke: #ff8c42 } .f1 { fill: #ff8c42 }
.c2 { stroke: #cc99dd } .f2 { fill: #cc99dd }
.c3 { stroke: #aaa } .f3 { fill: #bbb }
}
</style>";
