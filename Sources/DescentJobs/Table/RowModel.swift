import DescentData
import DescentTrain

/// A model that answers to rows of tables, one by one: what a stream of predictions needs of it.
protocol RowModel {
    /// What is predicted.
    var target: TargetEncoder { get }
    /// Whether the training file named its columns.
    var hasHeader: Bool { get }
    /// The options to read another file with.
    var tableOptions: Table.Options { get }
    /// All columns of the training file but the target, used or not.
    var columnNames: [String] { get }
    /// The columns that a table must have, by name.
    var requiredColumns: [String] { get }
    /// How columns write their numbers, by name, where not plainly.
    var spellings: [String: NumberSpelling] { get }
    /// A counter of categories that have no feature of their own.
    var unseenCategories: UnseenCategories { get }

    /// The interval about each answer, where the model has one.
    var interval: PredictionInterval? { get }

    /// Looks whether a table has the columns.
    ///
    /// - Throws: `DataError` that names those that are missing.
    func check(_ table: Table) throws(DataError)

    /// The answers for rows of a table.
    ///
    /// - Throws: `DataError` with the line of a row that cannot be used.
    func predict(_ table: Table, rows: [Int]?) throws(DataError) -> [Prediction]
}

extension RowModel {
    var interval: PredictionInterval? { nil }
}

extension TabularModel: RowModel {
    var hasHeader: Bool { encoder.hasHeader }
    var tableOptions: Table.Options { encoder.tableOptions }
    var columnNames: [String] { encoder.columnNames }
    var requiredColumns: [String] { encoder.requiredColumns }
    var spellings: [String: NumberSpelling] { encoder.spellings }
    var unseenCategories: UnseenCategories { UnseenCategories(encoder) }
    func check(_ table: Table) throws(DataError) { _ = try encoder.transform(table, rows: []) }
}
