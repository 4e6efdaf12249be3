import DescentCore
import DescentModels
import DescentTrain

/// The summary of a fit in lines: a table of coefficients, and the statistics of the whole.
enum ClassicalSummary {
    static func number(_ value: Double) -> String {
        if value.isNaN { return "-" }
        if value.isInfinite { return value < 0 ? "-infinity" : "infinity" }
        let size = Swift.abs(value)
        return size != 0 && (size < 1e-4 || size >= 1e7) ? scientific(value, 4) : fixed(value, size >= 1000 ? 2 : size < 0.01 && size != 0 ? 6 : 4)
    }

    private static func probability(_ value: Double) -> String { value.isNaN ? "-" : value < 1e-4 ? scientific(value, 2) : fixed(value, 4) }

    private static func heading(_ training: ClassicalTraining, columns: Int?) -> String {
        let title = training.kind.title
        let penalty = training.penalty == .none ? "" : ", penalty \(training.penalty.words)"
        let count = columns.map { ", \(grouped($0)) column\($0 == 1 ? "" : "s")" } ?? ""
        return "\(title.prefix(1).uppercased() + title.dropFirst()): \(grouped(training.split.train.count)) rows\(count)\(penalty)"
    }

    /// Estimates, a line each.
    private static func table(_ estimates: [Estimate], statistic: String, training: ClassicalTraining, isOdds: Bool = false) -> [String] {
        let share = shortNumber(training.settings.confidence * 100) + "%"
        let head = ["", "estimate", "std. error", statistic, "p", "lower \(share)", "upper \(share)"] + (isOdds ? ["odds ratio"] : [])
        return aligned(
            [head]
                + estimates.map {
                    [$0.name, number($0.value), number($0.standardError), $0.statistic.isFinite ? fixed($0.statistic, 3) : "-", probability($0.p), number($0.lower), number($0.upper)]
                        + (isOdds ? [number($0.oddsRatio)] : [])
                })
    }

    /// Rows of words with columns under each other, the first to the left and the others to the right.
    static func aligned(_ rows: [[String]]) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + space : space + row[column]
            }.joined(separator: "  ")
        }
    }

    private static func condition(_ asGiven: Double, _ scaled: Double) -> String {
        "condition       \(number(asGiven)) as given, \(number(scaled)) with columns of length 1"
    }

    static func leastSquares(_ fit: LeastSquaresFit, _ training: ClassicalTraining) -> [String] {
        var lines = [heading(training, columns: fit.estimates.count - (fit.hasIntercept ? 1 : 0)), training.formula.source, ""]
        lines += table(fit.estimates, statistic: "t", training: training) + [""]
        if fit.isRobust { lines.append("Standard errors are HC3's, for errors of unequal variance.") }
        lines.append("R²              \(number(fit.rSquared))   (adjusted \(number(fit.adjustedRSquared)))")
        lines.append("residuals       standard error \(number(fit.residualStandardError)) on \(grouped(fit.degreesOfFreedom)) degrees of freedom, sum of squares \(number(fit.residualSquares))")
        if let test = fit.fTest { lines.append("F               \(number(test.statistic)) on \(test.numerator) and \(grouped(test.denominator)) degrees of freedom, p \(probability(test.p))") }
        lines.append("log-likelihood  \(number(fit.logLikelihood))   (AIC \(number(fit.akaike)), BIC \(number(fit.bayesian)))")
        lines.append(condition(fit.conditionNumber, fit.scaledConditionNumber))
        if !fit.hasIntercept { lines.append("Note: without an intercept R² compares with 0 instead of the mean.") }
        if fit.degreesOfFreedom == 0 { lines.append("Note: there are as many coefficients as rows, so nothing is left to tell their errors by.") }
        return lines + fit.dropped.map { "Note: \($0)" }
    }

    static func logistic(_ fit: LogisticFit, _ training: ClassicalTraining) -> [String] {
        let classes = training.target.classes, hasIntercept = training.design!.hasIntercept
        var lines = [heading(training, columns: fit.estimates.count - (hasIntercept ? 1 : 0)) + ", log-odds of \(classes[1]) against \(classes[0])", training.formula.source, ""]
        lines += table(fit.estimates, statistic: "z", training: training, isOdds: true) + [""]
        lines.append("deviance        \(number(fit.deviance)) on \(grouped(fit.degreesOfFreedom)) degrees of freedom   (null deviance \(number(fit.nullDeviance)))")
        if let test = fit.likelihoodRatioTest(hasIntercept: hasIntercept) {
            lines.append("chi-squared     \(number(test.statistic)) on \(test.freedom) degrees of freedom, p \(probability(test.p))")
        }
        lines.append("log-likelihood  \(number(fit.logLikelihood))   (AIC \(number(fit.akaike)), BIC \(number(fit.bayesian)))")
        lines.append("pseudo-R²       \(number(fit.pseudoRSquared))   (McFadden)")
        lines.append(condition(fit.conditionNumber, fit.scaledConditionNumber))
        return lines + fit.dropped.map { "Note: \($0)" }
    }

    static func nonlinear(_ fit: NonlinearFit, _ training: ClassicalTraining) -> [String] {
        var lines = [heading(training, columns: nil), training.formula.source, ""]
        lines += table(fit.estimates, statistic: "t", training: training) + [""]
        lines.append("R²              \(number(fit.rSquared))")
        lines.append("residuals       standard error \(number(fit.residualStandardError)) on \(grouped(fit.degreesOfFreedom)) degrees of freedom, sum of squares \(number(fit.residualSquares))")
        lines.append("log-likelihood  \(number(fit.logLikelihood))   (AIC \(number(fit.akaike)), BIC \(number(fit.bayesian)))")
        lines.append(condition(fit.conditionNumber, fit.scaledConditionNumber))
        if fit.startsTried > 0 {
            let reason = training.settings.start.isEmpty ? "No start was given" : "The search from the start that was given found no minimum"
            lines.append("Note: \(reason), so \(fit.startsTried) random ones were tried (--start NAME=VALUE,...; --seed tries others).")
        }
        if !fit.isConverged { lines.append("Note: the search did not end at a minimum; these are the best parameters that it found. Try another --start, or --bounds.") }
        if !fit.isDetermined { lines.append("Note: the rows don't determine all parameters: others give the same sum of squares. Leave one out, or fix it.") }
        if !fit.atBound.isEmpty { lines.append("Note: at a bound, so without a standard error: \(fit.atBound.joined(separator: ", ")).") }
        return lines
    }

    /// Coefficients without standard errors, a line for each column and a place for each output.
    static func plain(_ rule: ClassicalRule, _ training: ClassicalTraining, _ x: DescentCore.Tensor, _ notes: [String]) -> [String] {
        let classes = training.target.classes
        let meaning: String
        switch training.kind {
        case .perceptron: meaning = ", above 0 for \(classes[1]), else \(classes[0])"
        case .softmax: meaning = classes.count == 2 ? ", log-odds of \(classes[1]) against \(classes[0])" : ", a score for each class"
        case .logistic: meaning = ", log-odds of \(classes[1]) against \(classes[0])"
        case .gaussian: meaning = classes.count == 2 ? ", log-odds of \(classes[1]) against \(classes[0])" : ", a score for each class"
        case .oneVsRest: meaning = ", log-odds of each class against the rest"
        case .oneVsOne: meaning = ", log-odds of the second of each pair"
        case .linear, .ridge, .lasso, .elasticNet, .nonlinear: meaning = ""
        }
        let outputs: [ClassicalRule.Output] =
            switch rule {
            case .scores(let outputs): outputs
            case .votes(let pairs): pairs.map { pair in .init(name: "\(classes[pair.second])/\(classes[pair.first])", coefficients: pair.output.coefficients, intercept: pair.output.intercept) }
            case .formula: []
            }
        let names = training.featureNames
        let rows =
            [[""] + outputs.map(\.name), [LeastSquaresFit.interceptName] + outputs.map { number($0.intercept) }]
            + names.indices.map { place in [names[place]] + outputs.map { number($0.coefficients[place]) } }
        return [heading(training, columns: x.shape[1]) + meaning, ""] + aligned(rows) + (notes.isEmpty ? [] : [""] + notes)
    }
}
