import DescentCore
import DescentPlot
import DescentTrain

/// A classifier's answers compared with the truth, as a report shows them: confusion matrix, calibration, metrics by class.
package struct ClassAnswers {
    /// All figures of the answers.
    let evaluation: AnswerEvaluation
    /// What was answered: "rows".
    let noun: String

    package init(evaluation: AnswerEvaluation, noun: String) { (self.evaluation, self.noun) = (evaluation, noun) }

    /// More classes than this have no matrix that could be read.
    static let matrixLimit = 30
    /// Largest number of classes whose matrix is readable at half the page's width.
    private static let narrowMatrix = 5
    /// From this many classes on, the most confused pairs are listed.
    private static let pairsFrom = 6
    private static let pairsLimit = 12

    private var classes: [String] { evaluation.shownClasses }

    /// The confusion matrix, the calibration and a table of the classes.
    package var blocks: [ReportBlock] {
        var blocks: [ReportBlock] = []
        switch (matrixChart, calibrationChart) {
        case (let matrix?, let calibration?) where classes.count <= Self.narrowMatrix: blocks.append(.pictures([matrix, calibration]))
        case (let matrix, let calibration): blocks += [matrix, calibration].compactMap { $0 }.map { .picture($0) }
        }
        if matrixChart != nil { blocks.append(.text("Rows of the confusion matrix are true classes, columns predicted classes; percentages are of the row.")) }
        if calibrationChart != nil { blocks.append(.text("Below the diagonal of the calibration the model is overconfident; small points stand for few \(noun) and are noisy.")) }
        if let matrix = evaluation.matrix {
            if classes.count >= Self.pairsFrom, let pairs = pairs(matrix) { blocks.append(.details("Most frequent confusions", [.table(pairs)])) }
            let figure = { (value: Double?) in value.map { fixed($0, 3) } ?? "–" }
            let rows = classes.indices.map {
                [classes[$0], figure(matrix.precision(of: $0)), figure(matrix.recall(of: $0)), figure(matrix.f1(of: $0)), grouped(Int(matrix.support($0)))]
            }
            blocks.append(.details("Metrics by class", [.table(ReportTable(columns: ["class", "precision", "recall", "F1", noun], rows: rows))]))
        }
        if calibrationChart != nil {
            let rows = bins.map { [fixed($0.meanProbability, 3), fixed($0.shareOfPositives, 3), grouped($0.count)] }
            blocks.append(
                .details("\(noun.prefix(1).uppercased() + noun.dropFirst()) by calibration bin", [.table(ReportTable(columns: ["mean probability", "observed frequency", noun], rows: rows))]))
        }
        return blocks
    }

    private var matrixChart: Chart? {
        guard let matrix = evaluation.matrix, matrix.classes <= Self.matrixLimit else { return nil }
        let counts = (0..<matrix.classes).map { row in (0..<matrix.classes).map { Int(matrix[label: row, predicted: $0]) } }
        return Chart.confusionMatrix(counts, classes: classes)
    }

    private var bins: [Calibration.Bin] { evaluation.calibration?.bins.filter { $0.count > 0 } ?? [] }

    private var calibrationChart: Chart? {
        if bins.count < 2 { return nil }
        return evaluation.calibration?.chart(of: classes.count == 2 ? classes[1] : "the answer")
    }

    /// The most frequent mistakes; nil where there are none.
    private func pairs(_ matrix: ConfusionMatrix) -> ReportTable? {
        let all = classes.indices.flatMap { row in classes.indices.filter { $0 != row }.map { (truth: row, answer: $0, count: matrix[label: row, predicted: $0]) } }
        let wrong = all.filter { $0.count > 0 }.sorted { ($1.count, $0.truth, $0.answer) < ($0.count, $1.truth, $1.answer) }
        if wrong.isEmpty { return nil }
        return ReportTable(
            columns: ["true", "predicted", noun, "fraction of the class"],
            rows: wrong.prefix(Self.pairsLimit).map {
                [classes[$0.truth], classes[$0.answer], grouped(Int($0.count)), fixed($0.count / matrix.support($0.truth) * 100, 1) + "%"]
            })
    }
}
