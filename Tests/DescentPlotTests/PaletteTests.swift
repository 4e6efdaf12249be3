import DescentPlot
import Testing
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The colours of series are told apart by every reader.
@Suite struct PaletteTests {
    /// Linear RGB as seen with each kind of dichromacy: Machado, Oliveira and Fernandes 2009, severity 1.
    static let visions: [(name: String, matrix: [[Double]])] = [
        ("normal", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
        ("protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
        ("deuteranopia", [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
        ("tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
    ]

    private func linear(_ hex: String) -> [Double] {
        let digits = Array(hex.dropFirst())
        return (0..<3).map { index in
            let value = Double(Int(String(digits[(2 * index)...(2 * index + 1)]), radix: 16)!) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
    }

    private func times(_ matrix: [[Double]], _ vector: [Double]) -> [Double] { matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } } }

    /// Ottosson 2020.
    private func okLab(_ rgb: [Double]) -> [Double] {
        let cones = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], rgb.map { min(max($0, 0), 1) })
        return times([[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]], cones.map { cbrt($0) })
    }

    private func luminance(_ hex: String) -> Double { zip(linear(hex), [0.2126, 0.7152, 0.0722]).reduce(0) { $0 + $1.0 * $1.1 } }

    @Test("any two of the ten differ, with each kind of colour blindness, on light paper and on dark", arguments: visions.map(\.name), [true, false])
    func apart(vision: String, isLight: Bool) {
        let matrix = Self.visions.first { $0.name == vision }!.matrix
        let colors = Paint.series.map { okLab(times(matrix, linear(isLight ? $0.light : $0.dark))) }
        #expect(colors.count == 10)
        for (index, color) in colors.enumerated() {
            for (other, second) in colors.enumerated().dropFirst(index + 1) {
                let distance = zip(color, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                #expect(distance > 0.055, "\(index + 1) and \(other + 1)")
            }
        }
    }

    @Test("each stands out from the paper by 3 to 1")
    func contrast() {
        for paint in Paint.series {
            #expect(1.05 / (luminance(paint.light) + 0.05) >= 3, "\(paint.light)")
            #expect((luminance(paint.dark) + 0.05) / (luminance(Paint.paper.dark) + 0.05) >= 3, "\(paint.dark)")
        }
    }
}
