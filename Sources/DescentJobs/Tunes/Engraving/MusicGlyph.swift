/// A sign of music notation, drawn by paths of our own: no font is needed to read a picture.
///
/// Sizes are in staff spaces. Clefs stand on their line, accidentals and heads on the middle of theirs, rests on the middle line of the staff, digits on their middle, and
/// flags at the end of a stem.
package struct MusicGlyph: Sendable {
    /// Path data of SVG.
    package let path: String
    /// How far it reaches to the right.
    let width: Double

    private init(_ width: Double, _ parts: String...) { (self.width, path) = (width, parts.joined()) }

    /// The treble clef, on the line of G.
    package static let trebleClef = MusicGlyph(
        2.5,
        PenStroke.stroke([
            (1.42, 0.62, 0.02), (1.02, 0.42, 0.1), (0.98, 0, 0.16), (1.3, -0.42, 0.24), (1.85, -0.5, 0.34), (2.28, -0.12, 0.36), (2.3, 0.4, 0.3), (1.95, 0.88, 0.22), (1.35, 1.03, 0.2),
            (0.68, 0.78, 0.28), (0.28, 0.22, 0.36), (0.32, -0.55, 0.4), (0.75, -1.3, 0.38), (1.3, -1.9, 0.3), (1.72, -2.5, 0.26), (1.92, -3.15, 0.26), (1.86, -3.7, 0.26), (1.68, -4.02, 0.2),
            (1.42, -3.86, 0.16), (1.2, -3.3, 0.2), (1.14, -2.6, 0.2), (1.22, -1.9, 0.17), (1.42, -0.6, 0.15), (1.64, 0.7, 0.15), (1.78, 1.55, 0.17), (1.74, 2.12, 0.18), (1.4, 2.5, 0.16),
            (0.98, 2.42, 0.14), (0.78, 2.1, 0.1),
        ]),
        PenStroke.circle(1.02, 2.02, 0.34))
    /// The bass clef, on the line of F.
    package static let bassClef = MusicGlyph(
        2.7,
        PenStroke.stroke([
            (0.32, 0.02, 0.1), (0.3, -0.5, 0.2), (0.62, -0.92, 0.2), (1.15, -1, 0.22), (1.68, -0.68, 0.4), (1.86, -0.02, 0.5), (1.66, 0.75, 0.42), (1.15, 1.4, 0.26), (0.55, 1.88, 0.14),
            (0, 2.15, 0.03),
        ]),
        PenStroke.circle(0.52, -0.08, 0.34),
        PenStroke.circle(2.45, -0.5, 0.19),
        PenStroke.circle(2.45, 0.5, 0.19))
    package static let sharp = MusicGlyph(
        1, PenStroke.polygon([(0.27, -1.3), (0.37, -1.34), (0.37, 1.38), (0.27, 1.42)]),
        PenStroke.polygon([(0.63, -1.42), (0.73, -1.46), (0.73, 1.26), (0.63, 1.3)]),
        PenStroke.polygon([(0, -0.32), (1, -0.68), (1, -0.36), (0, 0)]),
        PenStroke.polygon([(0, 0.5), (1, 0.14), (1, 0.46), (0, 0.82)]))
    package static let flat = MusicGlyph(
        0.85, PenStroke.polygon([(0, -1.75), (0.12, -1.78), (0.12, 0.72), (0, 0.66)]),
        PenStroke.stroke([(0.06, -0.12, 0.1), (0.34, -0.42, 0.16), (0.66, -0.36, 0.26), (0.72, -0.02, 0.26), (0.5, 0.34, 0.18), (0.06, 0.68, 0.06)]))
    package static let natural = MusicGlyph(
        0.7, PenStroke.polygon([(0, -1.4), (0.11, -1.42), (0.11, 0.75), (0, 0.8)]),
        PenStroke.polygon([(0.57, -0.75), (0.68, -0.8), (0.68, 1.4), (0.57, 1.42)]),
        PenStroke.polygon([(0, -0.4), (0.68, -0.62), (0.68, -0.3), (0, -0.08)]),
        PenStroke.polygon([(0, 0.4), (0.68, 0.18), (0.68, 0.5), (0, 0.72)]))
    package static let doubleSharp = MusicGlyph(
        1, PenStroke.stroke([(0.1, -0.4, 0.14), (0.5, 0, 0.14), (0.9, 0.4, 0.14)]),
        PenStroke.stroke([(0.9, -0.4, 0.14), (0.5, 0, 0.14), (0.1, 0.4, 0.14)]),
        PenStroke.polygon([(-0.02, -0.49), (0.3, -0.52), (0.28, -0.2), (0, -0.23)]),
        PenStroke.polygon([(-0.02, 0.23), (0.3, 0.2), (0.28, 0.52), (0, 0.49)]),
        PenStroke.polygon([(0.7, -0.49), (1.02, -0.52), (1, -0.2), (0.72, -0.23)]),
        PenStroke.polygon([(0.7, 0.23), (1.02, 0.2), (1, 0.52), (0.72, 0.49)]))
    package static let quarterRest = MusicGlyph(
        1, PenStroke.stroke([(0.22, -1.45, 0.06), (0.5, -1.05, 0.22), (0.78, -0.68, 0.34), (0.62, -0.3, 0.44), (0.36, 0.02, 0.4), (0.5, 0.38, 0.3), (0.84, 0.72, 0.2), (0.98, 0.9, 0.04)]),
        PenStroke.stroke([(0.9, 0.86, 0.1), (0.55, 0.66, 0.26), (0.22, 0.74, 0.34), (0.18, 1.06, 0.26), (0.46, 1.5, 0.05)]))
    /// The rest of an eighth; shorter ones are several of them.
    package static let eighthRest = MusicGlyph(
        1, PenStroke.circle(0.26, -0.52, 0.27),
        PenStroke.stroke([(0.24, -0.3, 0.1), (0.5, -0.24, 0.13), (0.78, -0.42, 0.12), (0.96, -0.72, 0.08)]),
        PenStroke.stroke([(0.95, -0.72, 0.1), (0.72, 0.2, 0.13), (0.5, 1, 0.13)]))
    /// The flag of an upward stem.
    package static let flagUp = MusicGlyph(
        1, PenStroke.stroke([(0, 0.1, 0.14), (0.16, 0.75, 0.34), (0.62, 1.4, 0.3), (0.98, 2, 0.2), (0.98, 2.65, 0.12), (0.74, 3.25, 0.03)]))
    /// A flag below another one.
    package static let flagUpShort = MusicGlyph(
        1, PenStroke.stroke([(0, 0.1, 0.14), (0.18, 0.5, 0.3), (0.62, 0.9, 0.24), (0.92, 1.3, 0.16), (0.96, 1.75, 0.1), (0.84, 2.1, 0.03)]))
    /// The sign of common time.
    package static let common = MusicGlyph(
        1.6,
        PenStroke.stroke([(1.42, -0.5, 0.3), (1.28, -0.86, 0.16), (0.9, -0.96, 0.12), (0.5, -0.62, 0.32), (0.38, 0, 0.42), (0.5, 0.62, 0.32), (0.9, 0.96, 0.12), (1.3, 0.78, 0.12), (1.52, 0.38, 0.05)]
        ),
        PenStroke.circle(1.34, -0.48, 0.22))

    /// The digits of time signatures, two staff spaces high.
    package static let digits: [MusicGlyph] = [
        MusicGlyph(
            1.4,
            PenStroke.stroke([
                (0.75, -0.95, 0.1), (0.38, -0.62, 0.3), (0.26, 0, 0.38), (0.38, 0.62, 0.3), (0.75, 0.95, 0.1), (1.12, 0.62, 0.3), (1.24, 0, 0.38), (1.12, -0.62, 0.3), (0.75, -0.95, 0.1),
            ])),
        MusicGlyph(
            1.4, PenStroke.polygon([(0.5, -0.98), (0.86, -0.98), (0.86, 0.74), (1.1, 0.86), (1.1, 0.98), (0.26, 0.98), (0.26, 0.86), (0.5, 0.74)]),
            PenStroke.stroke([(0.62, -0.95, 0.14), (0.42, -0.66, 0.14), (0.16, -0.42, 0.06)])),
        MusicGlyph(
            1.4, PenStroke.stroke([(0.28, -0.5, 0.3), (0.42, -0.84, 0.14), (0.78, -0.92, 0.16), (1.12, -0.72, 0.34), (1.12, -0.3, 0.38), (0.76, 0.1, 0.3), (0.4, 0.46, 0.2), (0.16, 0.9, 0.1)]),
            PenStroke.stroke([(0.16, 0.9, 0.08), (0.42, 0.66, 0.28), (0.78, 0.78, 0.3), (1.08, 0.82, 0.22), (1.3, 0.5, 0.06)]),
            PenStroke.circle(0.34, -0.5, 0.2)),
        MusicGlyph(
            1.4, PenStroke.stroke([(0.3, -0.6, 0.26), (0.46, -0.86, 0.14), (0.8, -0.9, 0.16), (1.06, -0.62, 0.34), (0.98, -0.22, 0.26), (0.6, -0.06, 0.1)]),
            PenStroke.stroke([(0.6, -0.06, 0.1), (1.06, 0.12, 0.28), (1.16, 0.52, 0.38), (0.88, 0.88, 0.18), (0.5, 0.88, 0.14), (0.3, 0.6, 0.26)]),
            PenStroke.circle(0.34, -0.56, 0.19),
            PenStroke.circle(0.34, 0.56, 0.19)),
        MusicGlyph(
            1.4,
            PenStroke.polygon([
                (0.52, -0.98), (0.96, -0.98), (0.26, 0.3), (0.78, 0.3), (0.78, -0.12), (1.1, -0.42), (1.1, 0.3), (1.36, 0.3), (1.36, 0.46), (1.1, 0.46), (1.1, 0.76), (1.3, 0.88), (1.3, 0.98),
                (0.6, 0.98), (0.6, 0.88), (0.78, 0.76), (0.78, 0.46), (0.1, 0.46), (0.1, 0.34),
            ])),
        MusicGlyph(
            1.4, PenStroke.polygon([(0.3, -0.98), (1.14, -0.98), (1, -0.62), (0.42, -0.62), (0.42, -0.14), (0.3, -0.14)]),
            PenStroke.stroke([(0.34, -0.16, 0.06), (0.74, -0.26, 0.2), (1.1, 0.04, 0.34), (1.12, 0.5, 0.36), (0.84, 0.88, 0.18), (0.5, 0.88, 0.14), (0.28, 0.6, 0.26)]),
            PenStroke.circle(0.34, 0.56, 0.19)),
        MusicGlyph(
            1.4,
            PenStroke.stroke([
                (1.12, -0.6, 0.22), (0.98, -0.86, 0.12), (0.66, -0.84, 0.2), (0.36, -0.4, 0.36), (0.3, 0.14, 0.38), (0.42, 0.66, 0.3), (0.76, 0.92, 0.12), (1.08, 0.66, 0.28), (1.1, 0.3, 0.3),
                (0.8, 0.04, 0.12), (0.46, 0.18, 0.1),
            ]),
            PenStroke.circle(1.04, -0.56, 0.18)),
        MusicGlyph(
            1.4, PenStroke.polygon([(0.2, -0.98), (0.3, -0.98), (0.34, -0.9), (0.2, -0.4)]),
            PenStroke.stroke([(0.24, -0.6, 0.2), (0.5, -0.86, 0.26), (0.84, -0.66, 0.26), (1.24, -0.86, 0.08)]),
            PenStroke.stroke([(1.26, -0.92, 0.08), (1.06, -0.4, 0.18), (0.78, 0.1, 0.34), (0.66, 0.92, 0.42)])),
        MusicGlyph(
            1.4,
            PenStroke.stroke([
                (0.74, -0.92, 0.12), (0.42, -0.66, 0.22), (0.52, -0.28, 0.3), (0.86, 0.06, 0.36), (1.14, 0.46, 0.28), (0.76, 0.92, 0.12), (0.34, 0.54, 0.22), (0.5, 0.14, 0.16), (0.9, -0.18, 0.14),
                (1.06, -0.58, 0.22), (0.74, -0.92, 0.12),
            ])),
        MusicGlyph(
            1.4,
            PenStroke.stroke([
                (0.36, 0.6, 0.22), (0.5, 0.86, 0.12), (0.82, 0.84, 0.2), (1.12, 0.4, 0.36), (1.18, -0.14, 0.38), (1.06, -0.66, 0.3), (0.72, -0.92, 0.12), (0.4, -0.66, 0.28), (0.38, -0.3, 0.3),
                (0.68, -0.04, 0.12), (1.02, -0.18, 0.1),
            ]),
            PenStroke.circle(0.44, 0.56, 0.18)),
    ]

    package static let blackHead = MusicGlyph(1.18, PenStroke.ellipse(0.59, 0, long: 0.63, short: 0.43, degrees: -24, end: (0.576, -0.256)))
    package static let halfHead = MusicGlyph(
        1.18, PenStroke.ellipse(0.59, 0, long: 0.63, short: 0.43, degrees: -24, end: (0.576, -0.256)),
        PenStroke.ellipse(0.59, 0, long: 0.54, short: 0.22, degrees: -33, end: (0.453, -0.294), isHole: true))
    package static let wholeHead = MusicGlyph(
        1.68, PenStroke.ellipse(0.84, 0, long: 0.84, short: 0.48, degrees: 0, end: (0.84, 0)),
        PenStroke.ellipse(0.84, 0, long: 0.46, short: 0.3, degrees: 55, end: (0.264, 0.377), isHole: true))
    package static let wholeRest = MusicGlyph(1.2, PenStroke.polygon([(0, -1), (1.2, -1), (1.2, -0.48), (0, -0.48)]))
    package static let halfRest = MusicGlyph(1.2, PenStroke.polygon([(0, -0.52), (1.2, -0.52), (1.2, 0), (0, 0)]))
    package static let dot = MusicGlyph(0.4, PenStroke.circle(0.2, 0, 0.2))
}
