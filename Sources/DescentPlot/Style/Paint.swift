/// A colour of the picture's scheme: its value on light paper and on dark paper, and the CSS variable through which a page can set another.
///
/// The ten series colours are told apart with any of the common forms of colour blindness (any two are at least 0.055 apart in OKLab as seen with
/// protanopia, deuteranopia and tritanopia: Machado, Oliveira and Fernandes 2009) and stand out from the paper by a contrast of at least 3 to 1 in
/// both schemes; the inks by 4.5 to 1. Marks that share a chart differ in dashes and markers too, so that a black-and-white print is legible.
package struct Paint: Sendable, Hashable {
    let name: String
    package let light: String
    package let dark: String

    var variable: String { "var(--plot-" + name + ")" }

    package static let paper = Paint(name: "paper", light: "#ffffff", dark: "#14181d")
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

    package static let series: [Paint] = [
        Paint(name: "1", light: "#0d69cd", dark: "#69b9f5"),
        Paint(name: "2", light: "#cd691e", dark: "#ee904b"),
        Paint(name: "3", light: "#265b4a", dark: "#72eeaa"),
        Paint(name: "4", light: "#a51893", dark: "#fb539d"),
        Paint(name: "5", light: "#855c0a", dark: "#ffcb15"),
        Paint(name: "6", light: "#1d326e", dark: "#8e7dfd"),
        Paint(name: "7", light: "#757473", dark: "#adbfc0"),
        Paint(name: "8", light: "#6e0b0e", dark: "#d7725f"),
        Paint(name: "9", light: "#1e94b2", dark: "#42a7c2"),
        Paint(name: "10", light: "#fa3ca4", dark: "#f9caea"),
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
