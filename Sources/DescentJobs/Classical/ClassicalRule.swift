import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentModels
import DescentTrain

/// How a fitted classical model answers: all of it that is stored.
enum ClassicalRule {
    /// The coefficients of one number that the model says: a prediction, log-odds, or a class's score.
    struct Output: Equatable {
        /// The class, or the target.
        let name: String
        let coefficients: [Double]
        let intercept: Double

        /// The difference of two scores.
        func minus(_ other: Output) -> Output {
            Output(name: name, coefficients: zip(coefficients, other.coefficients).map { $0 - $1 }, intercept: intercept - other.intercept)
        }

        /// The numbers that it says.
        func values(_ columns: [DesignColumn], count: Int) -> [Double] {
            var sums = [DoubleDouble](repeating: DoubleDouble(intercept), count: count)
            for (column, weight) in zip(columns, coefficients) where weight != 0 {
                for row in sums.indices { sums[row] = sums[row] + column[row] * DoubleDouble(weight) }
            }
            return sums.map(\.high)
        }
    }

    /// Scores that are linear in the design's columns.
    case scores([Output])
    /// Log-odds of the second class of each pair; the class with the most votes is the answer.
    case votes([(first: Int, second: Int, output: Output)])
    /// A formula of columns and parameters.
    case formula(Expression, [(name: String, value: Double)])

    /// A factor of the scores of models that give only a side, so that the sigmoid is 0 or 1.
    private static let certainty = 1e4

    /// The answers to rows.
    func answers(_ kind: ClassicalKind, classes: [String], _ columns: [DesignColumn], count: Int) -> [Prediction] {
        switch self {
        case .formula: stop("ClassicalRule: a formula answers to cells, not to columns of a design.")
        case .votes(let pairs):
            let scores = pairs.map { $0.output.values(columns, count: count) }
            return (0..<count).map { row in
                var votes = [Int](repeating: 0, count: classes.count), margins = [Double](repeating: 0, count: classes.count)
                for (pair, values) in zip(pairs, scores) {
                    votes[values[row] > 0 ? pair.second : pair.first] += 1
                    margins[pair.second] += values[row]
                    margins[pair.first] -= values[row]
                }
                // Of equally many votes the larger sum of log-odds counts.
                let label = classes.indices.max { (votes[$0], margins[$0], -$0) < (votes[$1], margins[$1], -$1) }!
                return .label(label, probabilities: classes.indices.map { $0 == label ? 1 : 0 })
            }
        case .scores(let outputs):
            let columns = outputs.map { $0.values(columns, count: count) }
            if kind.isRegression { return columns[0].map { .value($0) } }
            let factor = kind.hasProbabilities ? 1 : Self.certainty
            return (0..<count).map { row in
                var scores = columns.map { $0[row] * factor }
                if scores.count == 1 { scores.insert(0, at: 0) }
                let highest = scores.max()!
                let parts = scores.map { exponential($0 - highest) }
                let sum = parts.reduce(0, +)
                // Of a tie of two classes the first is the answer.
                let label = columns.count == 1 ? (columns[0][row] > 0 ? 1 : 0) : scores.firstIndex(of: highest)!
                return .label(label, probabilities: parts.map { Float($0 / sum) })
            }
        }
    }
}

extension ClassicalRule {
    /// To be stored with a model.
    func toJSON() -> JSON {
        func json(_ output: Output) -> JSON {
            ["name": .string(output.name), "intercept": .number(output.intercept), "coefficients": .array(output.coefficients.map(JSON.number))]
        }
        return switch self {
        case .scores(let outputs): ["scores": .array(outputs.map(json))]
        case .votes(let pairs): ["votes": .array(pairs.map { ["first": .integer(Int64($0.first)), "second": .integer(Int64($0.second)), "output": json($0.output)] })]
        case .formula(let expression, let parameters):
            ["formula": .string(expression.source), "parameters": .array(parameters.map { ["name": .string($0.name), "value": .number($0.value)] })]
        }
    }

    /// One that was stored.
    ///
    /// - Parameters:
    ///   - columns: The number of the design's columns.
    ///   - classes: The number of the target's classes.
    init(json: JSONReader, columns: Int, classes: Int) throws(FormatError) {
        func output(_ json: JSONReader) throws(FormatError) -> Output {
            let coefficients = try json["coefficients"].doubles()
            if coefficients.count != columns { throw json["coefficients"].error("has \(coefficients.count) numbers, and the design has \(columns) columns") }
            return Output(name: try json["name"].string(), coefficients: coefficients, intercept: try json["intercept"].double())
        }
        if json["formula"].exists {
            var parameters: [(name: String, value: Double)] = []
            for entry in try json["parameters"].elements() { parameters.append((try entry["name"].string(), try entry["value"].double())) }
            let text = try json["formula"].string()
            do throws(ExpressionError) { self = .formula(try Expression(text), parameters) } catch { throw json["formula"].error("cannot be read: \(error.reason)") }
        } else if json["votes"].exists {
            var pairs: [(first: Int, second: Int, output: Output)] = []
            for entry in try json["votes"].elements() {
                pairs.append((try entry["first"].int(in: 0...Swift.max(classes - 1, 0)), try entry["second"].int(in: 0...Swift.max(classes - 1, 0)), try output(entry["output"])))
            }
            self = .votes(pairs)
        } else {
            var outputs: [Output] = []
            for entry in try json["scores"].elements() { outputs.append(try output(entry)) }
            let expected = classes > 2 ? classes : 1
            if outputs.count != expected { throw json["scores"].error("has \(outputs.count) outputs, and the target needs \(expected)") }
            self = .scores(outputs)
        }
    }
}
