import DescentData
import DescentFormats

extension TabularSettings {
    /// To be stored with a run.
    public func toJSON() -> JSON {
        func whole(_ value: Int?) -> JSON { value.map { .integer(Int64($0)) } ?? nil }
        var kinds = JSON.Object()
        for name in columns.keys.sorted() { kinds[name] = .string(columns[name]!.rawValue) }
        return [
            "columns": .object(kinds), "task": task.map { .string($0.rawValue) } ?? nil, "oddCells": .string(oddCells.rawValue), "testFraction": .number(testFraction),
            "hidden": .array(hidden.map { .integer(Int64($0)) }), "activation": .string(activation), "dropout": .number(dropout),
            "learningRate": .number(learningRate), "weightDecay": .number(weightDecay), "epochs": whole(epochs), "steps": whole(steps),
            "batchSize": whole(batchSize), "validationFraction": .number(validationFraction), "patience": whole(patience),
            "minimumImprovement": .number(minimumImprovement), "clipNorm": clipNorm.map(JSON.number) ?? nil, "members": whole(members),
            "reduceOnPlateau": whole(reduceOnPlateau), "seed": whole(seed),
        ]
    }

    /// Settings that were stored.
    ///
    /// - Throws: `FormatError` that names the place in the document. That the settings can be used is for `validate` to say.
    public init(json: JSONReader) throws(FormatError) {
        func whole(_ reader: JSONReader) throws(FormatError) -> Int? { reader.exists ? try reader.int() : nil }
        if json["task"].exists {
            guard let known = PredictionTask(rawValue: try json["task"].string()) else { throw json["task"].error("is no task that is known") }
            task = known
        }
        // Runs of earlier versions say nothing of columns.
        if json["columns"].exists {
            for (name, kind) in try json["columns"].members() {
                guard let known = ColumnKind(rawValue: try kind.string()) else { throw kind.error("is no kind of column that is known") }
                columns[name] = known
            }
        }
        guard let known = OddCells(rawValue: try json["oddCells"].string()) else { throw json["oddCells"].error("is neither reject nor missing") }
        oddCells = known
        testFraction = try json["testFraction"].double()
        hidden = []
        for size in try json["hidden"].elements() { hidden.append(try size.int()) }
        activation = try json["activation"].string()
        dropout = try json["dropout"].double()
        learningRate = try json["learningRate"].double()
        weightDecay = try json["weightDecay"].double()
        epochs = try whole(json["epochs"])
        steps = try whole(json["steps"])
        batchSize = try whole(json["batchSize"])
        validationFraction = try json["validationFraction"].double()
        patience = try whole(json["patience"])
        minimumImprovement = try json["minimumImprovement"].double()
        clipNorm = json["clipNorm"].exists ? try json["clipNorm"].double() : nil
        members = try whole(json["members"])
        reduceOnPlateau = try whole(json["reduceOnPlateau"])
        seed = try json["seed"].int()
    }

    /// Settings that may have been chosen by what the data is: where data changed, these may differ for that reason alone.
    private static let chosenByData: Set<String> = ["task", "epochs", "batchSize", "members"]

    /// Why a run with these settings would not go on to the same bits as the one with those stored: the first setting that differs, and how:
    /// "hidden is [64], and [128,128] in the checkpoint". `nil` if it would.
    ///
    /// - Parameter chosenByData: Whether to look at those settings that may have been chosen by the data, or at the others.
    func difference(from stored: TabularSettings, chosenByData: Bool) -> String? {
        guard case .object(let mine) = toJSON(), case .object(let theirs) = stored.toJSON() else { return nil }
        for key in mine.keys where mine[key] != theirs[key] && Self.chosenByData.contains(key) == chosenByData {
            let texts = [mine[key], theirs[key]].map { value in value.flatMap { try? $0.text() } ?? "null" }
            return "\(key) is \(texts[0]), and \(texts[1]) in the checkpoint"
        }
        return nil
    }
}
