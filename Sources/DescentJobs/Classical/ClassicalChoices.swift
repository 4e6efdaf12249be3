import DescentData
import DescentExplain
import DescentFormats
import DescentModels
import DescentTrain

/// What is chosen before a fit, and refused.
extension ClassicalTraining {
    /// The task that is told, or that the model and the formula tell.
    static func task(_ table: Table, _ predicted: String, settings: ClassicalSettings, isFormula: Bool, isComputed: Bool) throws -> PredictionTask? {
        if let task = settings.table.task { return task }
        if isComputed || settings.kind == .nonlinear { return .regression }
        // Few whole numbers are guessed to be classes, and may be asked for as numbers.
        guard settings.kind?.isRegression == true || (isFormula && settings.kind == nil) else { return nil }
        let classes = try TargetEncoder(fitting: table, column: predicted).classes
        guard !classes.isEmpty, classes.allSatisfy({ Double($0) != nil }) else { return nil }
        // To a formula numbers are numbers, but yes and no are none.
        return settings.kind == nil && classes == ["0", "1"] ? nil : .regression
    }

    static func check(_ kind: ClassicalKind, _ task: PredictionTask, _ target: TargetEncoder) throws(SettingsError) {
        if kind.isRegression, task != .regression {
            throw SettingsError("a \(kind.title) says numbers, and a \(task.rawValue) answer is asked for; use --model \(ClassicalKind.usual(for: task).rawValue)")
        }
        if !kind.isRegression, task == .regression {
            throw SettingsError("a \(kind.title) tells classes apart, and \(quoted(target.name)) holds numbers; use --model linear, or --task multiclass")
        }
        if [.perceptron, .logistic].contains(kind), task == .multiclass {
            throw SettingsError("a \(kind.title) tells two classes apart, and \(quoted(target.name)) has \(target.classes.count); use --model softmax or one-vs-rest")
        }
    }

    /// Refuses starts and bounds of parameters that there are not.
    static func checkStart(_ settings: ClassicalSettings, _ parameters: [String]) throws(SettingsError) {
        let list = parameters.joined(separator: ", ")
        for (option, names) in [("--start", settings.start.keys.sorted()), ("--bounds", settings.bounds.keys.sorted())] {
            if let name = names.first(where: { !parameters.contains($0) }) { throw SettingsError("\(option) names \(quoted(name)), which is no parameter of the formula; there are \(list)") }
        }
        let missing = parameters.filter { settings.start[$0] == nil }
        if !settings.start.isEmpty, !missing.isEmpty {
            throw SettingsError("--start lacks \(missing.joined(separator: ", ")); it gives all parameters a value, or none")
        }
        for name in parameters {
            if let value = settings.start[name], let bound = settings.bounds[name], !bound.contains(value) {
                throw SettingsError("--start \(name)=\(shortNumber(value)) is outside of its bounds, \(shortNumber(bound.lowerBound)) to \(shortNumber(bound.upperBound))")
            }
        }
    }

    /// The columns of a factor.
    static func columns(_ factor: FormulaTerm.Factor) -> [String] {
        switch factor {
        case .column(let name), .category(let name), .power(let name, _): [name]
        case .computed(let text): (try? Expression(text).names) ?? []
        }
    }

    static func isCategoryTerm(_ column: String, _ formula: ModelFormula?) -> Bool {
        guard case .linear(let terms)? = formula?.content else { return false }
        return terms.contains { $0.factors.contains(.category(column)) }
    }

    /// A term for each usable column, transformed where that is asked for.
    static func allTerms(_ columns: [String], _ fitted: FittedColumns, _ settings: ClassicalSettings, _ table: Table) throws -> [FormulaTerm] {
        var transforms: [String: String] = [:]
        for (column, name) in settings.transforms {
            let known = table.names[try table.column(column)]
            guard fitted.numeric.contains(known) else { throw SettingsError("--transform \(name):\(column): \(quoted(column)) is no column of numbers that is used") }
            transforms[known] = name
        }
        return columns.filter { fitted.numeric.contains($0) || fitted.categories[$0] != nil }.map { column in
            guard let name = transforms[column], let written = ClassicalSettings.transformNames[name] else { return FormulaTerm([.column(column)]) }
            return FormulaTerm([.computed(written(FormulaTerm.written(column)))])
        }
    }

    // MARK: - Rows that lack something, columns that say nothing

    static func missing(_ columns: [String], _ table: Table, _ rows: [Int]) throws(DataError) -> [String?] {
        var places: [(String, Int)] = []
        for name in columns { places.append((name, try table.column(name))) }
        return rows.map { row in places.first { table.number(row: row, column: $0.1) == nil }?.0 }
    }

    /// How many rows lack what, in words: "177 of 891 rows are left out, since a used cell is missing: Age (177)"; nil for none.
    static func leftOut(_ lacking: [String?]) -> String? {
        var counts: [String: Int] = [:]
        for name in lacking { if let name { counts[name, default: 0] += 1 } }
        if counts.isEmpty { return nil }
        let count = counts.values.reduce(0, +)
        let list = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) (\(grouped($0.value)))" }
        return "\(grouped(count)) of \(grouped(lacking.count)) rows \(count == 1 ? "is" : "are") left out, since a cell that is used is missing: \(list.joined(separator: ", "))"
    }

    /// Columns that are constant or, where the answer must be one alone, exact combinations of those before them.
    static func useless(_ columns: [DesignColumn], hasIntercept: Bool, isExact: Bool) -> [Collinearity] {
        if isExact { return Collinearity.exact(columns, intercept: hasIntercept) }
        return columns.filter { column in column.values.allSatisfy { $0 == column.values[0] } }.map { Collinearity(column: $0.name, combines: []) }
    }

    static func noteDropped(_ dropped: [Collinearity]) -> [String] {
        let constant = dropped.filter { $0.combines.isEmpty }.map(\.column)
        var notes = constant.isEmpty ? [] : ["Left out, since they are the same in all of these rows: \(listed(constant))."]
        notes += dropped.filter { !$0.combines.isEmpty }.prefix(10).map { "Left out: \($0.column) is a combination of \(listed($0.combines)), so its coefficient can't be told from theirs." }
        let more = dropped.count { !$0.combines.isEmpty } - 10
        if more > 0 { notes.append("Left out likewise: \(more) more columns.") }
        return notes
    }

    private static func listed(_ names: [String]) -> String { names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", ..." : "") }

    /// What is done with each column, in lines.
    static func describe(_ names: [String], _ fitted: FittedColumns, _ design: DesignMatrix, _ table: Table, rows: [Int]) -> [String] {
        let used = Set(design.requiredColumns)
        return names.compactMap { name in
            if let reason = fitted.ignored.first(where: { $0.name == name })?.reason { return "\(name): ignored (\(reason))" }
            guard used.contains(name) else { return nil }
            if let category = fitted.categories[name] {
                let list = category.levels.prefix(6).joined(separator: ", ") + (category.levels.count > 6 ? ", ... (\(category.levels.count))" : "")
                return "\(name): category: \(list)" + (design.isFull ? "" : "; the reference is \(category.levels[0])")
            }
            let computed = design.terms.flatMap(\.factors).compactMap { factor in
                if case .computed(let text) = factor, columns(factor).contains(name) { text } else { nil }
            }
            return "\(name): numeric" + (computed.isEmpty ? "" : ", as \(Array(Set(computed)).sorted().joined(separator: ", "))")
        }
    }
}
