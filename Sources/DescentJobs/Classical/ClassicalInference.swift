import DescentFormats
import DescentModels

/// What is inferred from a fit beside its coefficients, whichever model it is of.
enum ClassicalInference {
    case leastSquares(LeastSquaresFit)
    case logistic(LogisticFit, hasIntercept: Bool)
    case nonlinear(NonlinearFit)

    var estimates: [Estimate] {
        switch self {
        case .leastSquares(let fit): fit.estimates
        case .logistic(let fit, _): fit.estimates
        case .nonlinear(let fit): fit.estimates
        }
    }

    /// The model's values and the residuals for each row; of a logistic model probabilities and Pearson's residuals.
    var rows: (fitted: [Double], residuals: [Double], standardized: [Double], leverage: [Double], cooks: [Double]) {
        switch self {
        case .leastSquares(let fit): (fit.fitted, fit.residuals, fit.standardizedResiduals, fit.leverage, fit.cooksDistances)
        case .logistic(let fit, _):
            (fit.probabilities, fit.pearsonResiduals, zip(fit.pearsonResiduals, fit.leverage).map { $0 / (1 - $1).squareRoot() }, fit.leverage, fit.cooksDistances)
        case .nonlinear(let fit): (fit.fitted, fit.residuals, fit.standardizedResiduals, fit.leverage, fit.cooksDistances)
        }
    }

    /// The statistics of the whole fit, for machines; what has no value is left out.
    var statistics: [(name: String, value: Double)] {
        let all: [(String, Double?)] =
            switch self {
            case .leastSquares(let fit):
                [
                    ("rSquared", fit.rSquared), ("adjustedRSquared", fit.adjustedRSquared), ("residualStandardError", fit.residualStandardError),
                    ("residualSumOfSquares", fit.residualSquares), ("degreesOfFreedom", Double(fit.degreesOfFreedom)), ("fStatistic", fit.fTest?.statistic), ("fP", fit.fTest?.p),
                    ("logLikelihood", fit.logLikelihood), ("aic", fit.akaike), ("bic", fit.bayesian), ("conditionNumber", fit.conditionNumber),
                    ("scaledConditionNumber", fit.scaledConditionNumber),
                ]
            case .logistic(let fit, let hasIntercept):
                [
                    ("deviance", fit.deviance), ("nullDeviance", fit.nullDeviance), ("degreesOfFreedom", Double(fit.degreesOfFreedom)), ("pseudoRSquared", fit.pseudoRSquared),
                    ("likelihoodRatio", fit.likelihoodRatioTest(hasIntercept: hasIntercept)?.statistic), ("likelihoodRatioP", fit.likelihoodRatioTest(hasIntercept: hasIntercept)?.p),
                    ("logLikelihood", fit.logLikelihood), ("aic", fit.akaike), ("bic", fit.bayesian), ("conditionNumber", fit.conditionNumber),
                    ("scaledConditionNumber", fit.scaledConditionNumber),
                ]
            case .nonlinear(let fit):
                [
                    ("rSquared", fit.rSquared), ("residualStandardError", fit.residualStandardError), ("residualSumOfSquares", fit.residualSquares),
                    ("degreesOfFreedom", Double(fit.degreesOfFreedom)), ("logLikelihood", fit.logLikelihood), ("aic", fit.akaike), ("bic", fit.bayesian),
                    ("conditionNumber", fit.conditionNumber), ("scaledConditionNumber", fit.scaledConditionNumber),
                ]
            }
        return all.compactMap { name, value in value.flatMap { $0.isFinite ? (name, $0) : nil } }
    }
}

extension Estimate {
    /// For machines. What has no value is null.
    ///
    /// - Parameter isOdds: Whether its exponential is a ratio of odds.
    func toJSON(isOdds: Bool) -> JSON {
        func number(_ value: Double) -> JSON { value.isFinite ? .number(value) : .null }
        var object = JSON.Object()
        object["name"] = .string(name)
        object["estimate"] = number(value)
        object["standardError"] = number(standardError)
        object["statistic"] = number(statistic)
        object["p"] = number(p)
        object["lower"] = number(lower)
        object["upper"] = number(upper)
        if isOdds { object["oddsRatio"] = number(oddsRatio) }
        return .object(object)
    }
}
