/// Small real tables to try things on, built in and known by name.
public enum BuiltInTable: String, CaseIterable, Sendable {
    /// 1797 handwritten digits of 8 by 8 pixels (`Digits`); the column `digit` says which.
    case digits
    /// 150 iris flowers, four measurements in centimetres each; the column `species` is one of three.
    case iris
    /// 442 diabetes patients, ten measurements each; the column `progression` says how far the disease went in a year.
    case diabetes

    /// The column that is to be predicted.
    public var target: String {
        switch self {
        case .digits: "digit"
        case .iris: "species"
        case .diabetes: "progression"
        }
    }

    /// Who made the data and under which licence, to be shown where the data is.
    public var attribution: String {
        switch self {
        case .digits: Digits.attribution
        case .iris: "Iris, R. A. Fisher (1936), UCI Machine Learning Repository, CC BY 4.0"
        case .diabetes:
            "Diabetes, B. Efron, T. Hastie, I. Johnstone and R. Tibshirani (2004), Least Angle Regression, Annals of Statistics 32"
        }
    }

    /// The table.
    public func table() -> Table {
        switch self {
        case .digits: Digits.table()
        case .iris: Self.parsed(Self.irisText, name: rawValue)
        case .diabetes: Self.parsed(Self.diabetesText, name: rawValue)
        }
    }

    private static func parsed(_ text: StaticString, name: String) -> Table {
        let bytes = text.withUTF8Buffer { Array($0) }
        do {
            return try Table(parsing: bytes, file: name, options: Table.Options(delimiter: .comma, header: .present))
        } catch {
            preconditionFailure("the built-in table \(name) is a table: \(error)")
        }
    }
}
