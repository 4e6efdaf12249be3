import Descent

/// Something computed that can be compared with an expected value of a file.
protocol CaseValue {
    var json: JSON { get }
}

/// What was computed, by name.
typealias Answers = [String: any CaseValue]

extension Tensor: CaseValue {
    /// Nested lists, row by row; a scalar as a number.
    var json: JSON {
        let leaves: [JSON] =
            switch dtype {
            case .bool: bools.map(JSON.bool)
            case _ where dtype.isInteger: ints.map { .integer(Int64($0)) }
            default: doubles.map(JSON.number)
            }
        var next = 0
        func nested(_ axis: Int) -> JSON {
            if axis == rank {
                next += 1
                return leaves[next - 1]
            }
            return .array((0..<shape[axis]).map { _ in nested(axis + 1) })
        }
        return nested(0)
    }
}

extension Double: CaseValue { var json: JSON { .number(self) } }
extension Int: CaseValue { var json: JSON { .integer(Int64(self)) } }
extension Bool: CaseValue { var json: JSON { .bool(self) } }
extension String: CaseValue { var json: JSON { .string(self) } }
extension Array: CaseValue where Element: CaseValue { var json: JSON { .array(map(\.json)) } }
extension Optional: CaseValue where Wrapped: CaseValue { var json: JSON { self?.json ?? .null } }
extension Dictionary: CaseValue where Key == String, Value == any CaseValue {
    var json: JSON {
        var object = JSON.Object()
        for key in keys.sorted() { object[key] = self[key]!.json }
        return .object(object)
    }
}

extension Tensor {
    /// The rows along the first axis.
    var rows: [Tensor] { (0..<shape[0]).map { self[$0] } }
    /// true as 1, false as 0.
    var asClass: Tensor { cast(to: .int64) }
}
