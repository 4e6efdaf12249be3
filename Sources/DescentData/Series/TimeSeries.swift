import DescentFormats

/// Numbers at equal distances in time.
public struct TimeSeries: Sendable {
    /// The file's name, for errors.
    public let file: String
    /// The column of the numbers.
    public let name: String
    /// The column of the dates, nil where there is none.
    public let dateName: String?
    /// What the columns that name the series say of it; empty where a file has one series.
    public let identity: [String]
    /// The numbers, those that were filled in among them.
    public let values: [Double]
    /// A sentence on filled-in values and their places; nil if there are none.
    public let gapNote: String?
    /// How many numbers were filled in.
    public let filledCount: Int
    /// What else was done to the rows, in sentences: sorted, put together.
    public let notes: [String]
    /// The numbers of each input column of the file beside the values, from the first one on; of those known ahead, as far as they are known.
    public let inputs: [[Double]]
    package let step: SeriesStep
    /// The place of the first number.
    package let first: Int

    /// Takes a series from a table. Rows are sorted by date.
    ///
    /// Where dates are missing between others, or cells are empty, and few are, their numbers are put in on a straight line between the
    /// neighbours'. Empty cells before the first number and after the last one are left out.
    ///
    /// - Parameters:
    ///   - target: the column of the numbers.
    ///   - date: the column of the dates; nil to look for one, "none" to count rows.
    ///   - duplicates: what becomes of rows of one date; nil to refuse them.
    /// - Throws: `DataError` for a cell that is no number, for dates that stand twice or at odd distances, and for more gaps than can be
    ///   filled in: it names them.
    public init(_ table: Table, target: String, date: String? = nil, duplicates: DuplicateDates? = nil) throws(DataError) {
        let column = try table.column(target)
        let dates = try SeriesDates.find(table, named: date, except: [column])
        let rows = SeriesRows(table, rows: Array(0..<table.rowCount), target: column, dates: dates, duplicates: duplicates)
        try self.init(rows, step: rows.step, identity: [])
    }

    init(_ rows: SeriesRows, step: SeriesStep, identity: [String], inputs columns: [SeriesInputColumn] = []) throws(DataError) {
        let table = rows.table
        let ordered = try rows.ordered(step: step)
        let filled = try SeriesFilling(ordered.places, ordered.numbers, step: step, file: table.file)
        (file, name, dateName, self.identity) = (table.file, table.names[rows.target], rows.dates.map { table.names[$0.column] }, identity)
        (values, gapNote, filledCount) = (filled.values, filled.note, filled.count)
        (notes, self.step, first) = (ordered.notes + filled.endNotes, step, filled.first)
        var inputs: [[Double]] = []
        let places = columns.isEmpty ? [] : rows.places(step: step)
        for column in columns {
            inputs.append(try column.numbers(table, rows: rows.rows, places: places, first: filled.first, count: filled.values.count, step: step))
        }
        self.inputs = inputs
    }

    /// The label of an index, also beyond the end: a date as the file writes dates, or a row's number.
    public func label(_ index: Int) -> String { step.label(first + index * step.count) }

    /// The distance between rows in words: "a month".
    public var distance: String { step.words }
}
