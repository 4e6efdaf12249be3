/// Handwritten digits, built in: 1797 images of 8 by 8 pixels, real data to try a network on within seconds.
///
/// The test set of "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak (1998), UCI Machine Learning
/// Repository, https://doi.org/10.24432/C50P49, licensed under CC BY 4.0.
public enum Digits {
    /// The number of images.
    public static let count = 1797
    /// Pixels along each side.
    public static let side = 8
    /// The value of a black pixel; 0 is white.
    public static let maximum: UInt8 = 16
    /// Who made the data and under which licence, to be shown where the data is.
    public static let attribution =
        "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak (1998), "
        + "UCI Machine Learning Repository, CC BY 4.0"

    /// The images and what they show.
    ///
    /// - Returns: `pixels`, [1797, 8, 8] row-major, each 0...16; `labels`, [1797], each 0...9.
    public static func load() -> (pixels: [UInt8], labels: [UInt8]) {
        let lineLength = 1 + side * side + 1
        var pixels: [UInt8] = []
        var labels: [UInt8] = []
        pixels.reserveCapacity(count * side * side)
        labels.reserveCapacity(count)
        text.withUTF8Buffer { bytes in
            for image in 0..<count {
                let start = image * lineLength
                labels.append(bytes[start] - UInt8(ascii: "0"))
                for pixel in bytes[(start + 1)..<(start + 1 + side * side)] { pixels.append(pixel - UInt8(ascii: "A")) }
            }
        }
        return (pixels, labels)
    }
}
