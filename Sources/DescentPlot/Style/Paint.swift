/// A colour of the picture's scheme: its value on light paper and on dark paper, and the CSS variable through which a page can set another.
///
/// The series colours are told apart with any of the common forms of colour blindness and stand out from the paper by a contrast of at least 3 to 1
/// in both schemes; the inks by 4.5 to 1. Marks that share a chart differ in dashes and markers too, so that a black-and-white print is legible.
struct Paint: Sendable, Hashable {
    let name: String
    let light: String
    let dark: String

    var variable: String { "var(--plot-" + name + ")" }

    static let paper = Paint(name: "paper", light: "#ffffff", dark: "#14181d")
    static let ink = Paint(name: "ink", light: "#1b242e", dark: "#e6eaee")
    static let soft = Paint(name: "soft", light: "#56616d", dark: "#a3adb8")
    static let axis = Paint(name: "axis", light: "#8d97a2", dark: "#6b7683")
    static let grid = Paint(name: "grid", light: "#e4e8ec", dark: "#2a3139")
    static let panel = Paint(name: "panel", light: "#f5f7f9", dark: "#1c2229")
    static let accent = Paint(name: "accent", light: "#0a559e", dark: "#8cc4ff")
    static let warm = Paint(name: "warm", light: "#a8400a", dark: "#ffa873")
    /// Text upon a strong cell, and upon a weak one.
    static let onStrong = Paint(name: "on-strong", light: "#ffffff", dark: "#000000")
    static let onWeak = Paint(name: "on-weak", light: "#000000", dark: "#ffffff")

    static let series: [Paint] = [
        Paint(name: "1", light: "#0a6ab8", dark: "#5fb2f2"),
        Paint(name: "2", light: "#cf4f08", dark: "#ff9350"),
        Paint(name: "3", light: "#00866a", dark: "#2fd0a5"),
        Paint(name: "4", light: "#a33f86", dark: "#e893cb"),
        Paint(name: "5", light: "#8a6d00", dark: "#e6c84b"),
        Paint(name: "6", light: "#3f3f9e", dark: "#a9a6ff"),
        Paint(name: "7", light: "#5d6670", dark: "#b4bdc7"),
        Paint(name: "8", light: "#8c2f1b", dark: "#ff7d6b"),
    ]

    static let all = [paper, ink, soft, axis, grid, panel, accent, warm, onStrong, onWeak] + series

    /// The variables for both schemes, as a style sheet. `:where` gives it no weight, so that any rule of a page comes before it; dark colours
    /// are for screens only, since nobody prints on black.
    static let styleSheet: String = {
        let light = all.map { "--plot-\($0.name):\($0.light)" }.joined(separator: ";")
        let dark = all.map { "--plot-\($0.name):\($0.dark)" }.joined(separator: ";")
        return ":where(.descent-plot){" + light + "}@media screen and (prefers-color-scheme:dark){:where(.descent-plot){" + dark + "}}"
    }()
}
