import Descent

/// The workload `csv_load`: reads the table given by `--data` once, and tells how long it took and the most memory held.
/// Run anew for each measurement, since memory held once counts to the end.
func loadTable(_ arguments: Arguments) {
    guard let path = arguments.data else { fail("--workload csv_load wants --data and a CSV file") }
    do {
        let start = ContinuousClock.now
        let table = try Table(path: path, options: Table.Options(threads: arguments.threads))
        let time = seconds(ContinuousClock.now - start)
        // What was read is used: the sum of the last column.
        var sum = 0.0
        for row in 0..<table.rowCount { sum += table.number(row: row, column: table.columnCount - 1) ?? 0 }
        print(
            "{\"framework\": \"descent\", \"workload\": \"csv_load\", \"threads\": \(arguments.threads), \"seconds\": \(time), "
                + "\"peak_rss_mb\": \(peakMegabytes()), \"rows\": \(table.rowCount), \"columns\": \(table.columnCount), \"sum\": \(sum)}")
    } catch {
        fail("\(error)")
    }
}
