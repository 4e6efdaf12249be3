import Descent

/// A numeric case: a computation with its inputs and what must come out, to be checked through the public API.
public struct NumericCase: Sendable {
    /// "logistic-1"
    public let id: String
    /// The name of the computation; the file's `kinds` defines it.
    public let kind: String
    /// Whether it is checked in float32 too.
    public let isFloat32: Bool
    let inputs: JSONReader
    let expected: JSON.Object
    let tolerance: Tolerance
}

/// How far a value may be from the expected one.
struct Tolerance: Sendable {
    let relative: Double, absolute: Double

    /// What the format prescribes for float32.
    static let float32 = Tolerance(relative: 1e-4, absolute: 1e-5)

    func allows(_ value: Double, expected: Double) -> Bool {
        value == expected || Swift.abs(value - expected) <= absolute + relative * Swift.abs(expected)
    }
}

extension NumericCase {
    /// The cases of a document in the format of `cases.json`: an object with `format` 1 and `cases`, each with `id`, `kind`, `inputs`,
    /// `expected`, `tolerance` (`rel`, `abs`) and `float32`.
    ///
    /// - Parameter file: the name that errors begin with.
    /// - Throws: `FormatError` where the document is no JSON, or a part is missing or of the wrong kind; with its place.
    public static func list(parsing bytes: [UInt8], file: String) throws(FormatError) -> [NumericCase] {
        let document = JSONReader(try JSON(parsing: bytes, file: file), file: file)
        let format = try document["format"].int()
        if format != 1 { throw document["format"].error("is \(format); this program reads format 1") }
        var cases: [NumericCase] = []
        for entry in try document["cases"].elements() {
            guard case .object(let expected)? = entry["expected"].json else { throw entry["expected"].error("is missing, or not an object") }
            guard case .object? = entry["inputs"].json else { throw entry["inputs"].error("is missing, or not an object") }
            let tolerance = Tolerance(relative: try entry["tolerance"]["rel"].double(), absolute: try entry["tolerance"]["abs"].double())
            cases.append(
                NumericCase(
                    id: try entry["id"].string(), kind: try entry["kind"].string(), isFloat32: try entry["float32"].bool(),
                    inputs: entry["inputs"], expected: expected, tolerance: tolerance))
        }
        return cases
    }
}
