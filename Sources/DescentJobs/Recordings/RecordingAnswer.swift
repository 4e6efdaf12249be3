import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// What a model of recordings answers: a class or a number for each recording, or a class for each step.
package enum RecordingAnswer: Equatable, Sendable {
    case classes([String])
    case stepClasses([String])
    /// A number, with the mean and the deviation by which it was scaled.
    case number(mean: Double, deviation: Double)

    /// - Parameter rows: The recordings that are learned from, which a number is scaled by.
    /// - Throws: `DataError` where nothing is known of the recordings, or all have the same answer.
    package init(_ recordings: Recordings, rows: [Int]) throws(DataError) {
        switch recordings.target {
        case .none: throw DataError(file: recordings.file, "the recordings have no classes or numbers to learn; a .ts file gives them last in each line, after @classLabel true")
        case .classes(let names, _): self = .classes(names)
        case .stepClasses(let names, _):
            if names.count < 2 { throw DataError(file: recordings.file, "all steps are of the class \(quoted(names[0])); there must be at least two classes") }
            self = .stepClasses(names)
        case .numbers(let all):
            let mean = rows.reduce(0) { $0 + all[$1] } / Double(rows.count)
            let deviation = (rows.reduce(0) { $0 + (all[$1] - mean) * (all[$1] - mean) } / Double(rows.count)).squareRoot()
            if deviation == 0 { throw DataError(file: recordings.file, "the number to be predicted is \(mean) in all training recordings, so there is nothing to learn") }
            self = .number(mean: mean, deviation: deviation)
        }
    }

    /// The classes' names; empty for a number.
    package var classes: [String] {
        switch self {
        case .classes(let names), .stepClasses(let names): names
        case .number: []
        }
    }

    var isNumber: Bool { if case .number = self { true } else { false } }
    var isOfSteps: Bool { if case .stepClasses = self { true } else { false } }
    /// The numbers that the network gives.
    var outputs: Int { isNumber ? 1 : classes.count }

    /// What is asked, in words.
    var question: String {
        switch self {
        case .classes(let names): "\(names.count) classes: \(listed(names, limit: 20))"
        case .stepClasses(let names): "a class for every step, of \(names.count): \(listed(names, limit: 20))"
        case .number(let mean, let deviation): "a number for each, mean \(Metric.text(mean)), standard deviation \(Metric.text(deviation))"
        }
    }

    /// The mean loss of a batch.
    func loss(_ outputs: Tensor, _ truth: Tensor) -> Tensor {
        switch self {
        case .classes: softmaxCrossEntropy(outputs, truth)
        case .stepClasses: softmaxCrossEntropy(outputs, truth, ignoring: -1)
        case .number: meanSquaredError(outputs, truth)
        }
    }

    /// The true answers of some recordings, as batches have them.
    func truth(_ target: RecordingTarget, rows: [Int]) -> RecordingBatches.Answers {
        switch (self, target) {
        case (.number(let mean, let deviation), .numbers(let all)): .numbers(rows.map { Float((all[$0] - mean) / deviation) })
        case (_, .stepClasses(_, let labels)): .stepLabels(rows.map { labels[$0] })
        case (_, .classes(_, let labels)): .labels(rows.map { labels[$0] })
        default: stop("RecordingAnswer: the recordings' answers are of another kind than the model's.")
        }
    }

    /// The class that most recordings have, or most steps; nil for a number.
    func frequentClass(_ target: RecordingTarget, rows: [Int]) -> Int? {
        var counts = [Int](repeating: 0, count: classes.count)
        switch target {
        case .classes(_, let labels): for row in rows { counts[Int(labels[row])] += 1 }
        case .stepClasses(_, let labels): for row in rows { for label in labels[row] { counts[Int(label)] += 1 } }
        case .numbers, .none: return nil
        }
        return counts.indices.max { counts[$0] < counts[$1] }
    }

    /// What recordings say, with their classes counted as the model counts them.
    ///
    /// - Throws: `DataError` for a class that the model does not know, and for answers of another kind.
    package func matched(_ recordings: Recordings) throws(DataError) -> RecordingTarget {
        func numbers(_ names: [String]) throws(DataError) -> [Int32] {
            var numbers: [Int32] = []
            for name in names {
                guard let place = classes.firstIndex(of: name) else {
                    throw DataError(file: recordings.file, "the class \(quoted(name)) is not one of the model's: \(listed(classes))")
                }
                numbers.append(Int32(place))
            }
            return numbers
        }
        switch (self, recordings.target) {
        case (.classes, .classes(let names, let labels)):
            let own = try numbers(names)
            return .classes(classes, labels.map { own[Int($0)] })
        case (.stepClasses, .stepClasses(let names, let labels)):
            let own = try numbers(names)
            return .stepClasses(classes, labels.map { $0.map { own[Int($0)] } })
        case (.number, .numbers): return recordings.target
        case (_, .none): throw DataError(file: recordings.file, "its recordings have no answers to compare the model's with; `descent predict` answers without them")
        case (.number, _): throw DataError(file: recordings.file, "its recordings have classes, and the model predicts a number")
        case (.classes, _): throw DataError(file: recordings.file, "the model predicts a class for each recording, one of \(listed(classes)); the file has other answers")
        case (.stepClasses, _): throw DataError(file: recordings.file, "the model predicts a class for each step, one of \(listed(classes)); the file has other answers")
        }
    }

    // MARK: - In model cards

    var json: JSON {
        var object = JSON.Object()
        switch self {
        case .classes(let names): object["classes"] = JSON(names)
        case .stepClasses(let names):
            object["classes"] = JSON(names)
            object["ofSteps"] = .bool(true)
        case .number(let mean, let deviation):
            object["mean"] = .number(mean)
            object["deviation"] = .number(deviation)
        }
        return .object(object)
    }

    init(_ json: JSONReader) throws(FormatError) {
        guard json["classes"].exists else {
            self = .number(mean: try json["mean"].double(), deviation: try json["deviation"].double())
            return
        }
        let names = try json["classes"].strings()
        if names.count < 2 || Set(names).count != names.count { throw json["classes"].error("must be at least two different names") }
        self = json["ofSteps"].exists ? .stepClasses(names) : .classes(names)
    }
}
