#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Generalised linear models of sparse rows with an L2 penalty: least squares, logistic and multinomial logistic regression.
///
/// Minimises `sum of losses + penalty / 2 * |w|²`; intercepts are not penalised. The problem is convex, and solved by Newton's method, each step by
/// conjugate gradients that see the matrix of second derivatives only through its products (truncated Newton; Lin, Weng and Keerthi 2008). Nothing of
/// the size columns x columns is made, and nothing is random.
package struct SparseRegression {
    /// What is predicted from the scores.
    package enum Loss: Equatable, Sendable {
        /// Half the squared error: least squares.
        case squared
        /// The cross-entropy of a sigmoid of each score: the targets are 0 and 1.
        case logistic
        /// The cross-entropy of the softmax of all scores: one target is 1, the others 0.
        case softmax
    }

    private let rows: SparseRows
    private let targets: [Float]
    private let outputs: Int
    private let loss: Loss
    private let penalty: Double
    /// What each column's number is multiplied by for each output: [width, outputs], and 1 for the intercepts.
    private let scales: [Double]

    /// Parameters are weights by column, then the intercepts: [width + 1, outputs].
    private var size: Int { (rows.width + 1) * outputs }

    /// - Parameters:
    ///   - targets: Row-major, [rows, outputs].
    ///   - scales: What each column's number is multiplied by for each output before it is learned from: a column with a larger factor is penalised less.
    ///     Row-major, [width, outputs].
    ///   - penalty: The factor of the squared weights, above 0; its inverse is what scikit-learn calls C.
    package init(_ rows: SparseRows, targets: [Float], outputs: Int, loss: Loss, scales: [Float], penalty: Double) {
        precondition(targets.count == rows.count * outputs && scales.count == rows.width * outputs && penalty > 0)
        (self.rows, self.targets, self.outputs, self.loss, self.penalty) = (rows, targets, outputs, loss, penalty)
        self.scales = scales.map(Double.init) + [Double](repeating: 1, count: outputs)
    }

    /// A minimum: the parameters of the scaled columns, from which a search for another penalty may start, and the scores of the columns as they are.
    package struct Solution {
        package let parameters: [Double]
        package let scores: LinearScores
    }

    /// The minimum, to where the gradient's norm is this fraction of the first one.
    ///
    /// - Parameter start: The parameters to begin with, those for another penalty; `nil` for zeros.
    package func solution(from start: [Double]? = nil, tolerance: Double = 1e-4) -> Solution {
        var parameters = start ?? [Double](repeating: 0, count: size)
        var scores = product(parameters)
        var value = objective(scores, parameters)
        let scale = norm(gradient(at: [Double](repeating: 0, count: rows.count * outputs), [Double](repeating: 0, count: size)))
        for _ in 0..<Self.stepLimit {
            let slope = gradient(at: scores, parameters), length = norm(slope)
            if length <= tolerance * scale || scale == 0 { break }
            let direction = newtonDirection(slope, at: scores, tolerance: Swift.min(0.1, (length / scale).squareRoot()))
            let change = product(direction), descent = dot(slope, direction)
            var step = 1.0, isLower = false
            // The quadratic model may reach too far at first; each half of the step is closer to the slope, which leads down.
            while step > 1e-10, !isLower {
                let (newScores, newParameters) = (sum(scores, change, step), sum(parameters, direction, step))
                let newValue = objective(newScores, newParameters)
                isLower = newValue <= value + 1e-4 * step * descent
                if isLower { (scores, parameters, value) = (newScores, newParameters, newValue) } else { step /= 2 }
            }
            if !isLower { break }
        }
        let own = scaled(parameters).map { Float($0) }, cut = rows.width * outputs
        return Solution(parameters: parameters, scores: LinearScores(outputs: outputs, weights: Array(own[..<cut]), intercepts: Array(own[cut...])))
    }

    private static let stepLimit = 50, conjugateLimit = 100
    /// Keeps the curvature of the intercepts, which nothing penalises, above zero where scores are shifted together.
    private static let interceptCurvature = 1e-8

    // MARK: - The objective and its derivatives

    private func objective(_ scores: [Double], _ parameters: [Double]) -> Double {
        var total = 0.0
        for row in 0..<rows.count {
            let place = row * outputs..<(row + 1) * outputs
            switch loss {
            case .squared: for index in place { total += 0.5 * (scores[index] - Double(targets[index])) * (scores[index] - Double(targets[index])) }
            // log(1 + e^s) - y s, without overflow.
            case .logistic: for index in place { total += Swift.max(scores[index], 0) + log1p(exp(-Swift.abs(scores[index]))) - Double(targets[index]) * scores[index] }
            case .softmax:
                let highest = scores[place].max()!
                var sum = 0.0, right = 0.0
                for index in place {
                    sum += exp(scores[index] - highest)
                    right += Double(targets[index]) * scores[index]
                }
                total += highest + log(sum) - right
            }
        }
        var squares = 0.0
        for index in 0..<rows.width * outputs { squares += parameters[index] * parameters[index] }
        return total + 0.5 * penalty * squares
    }

    /// What the model says at some scores: the probabilities, or the scores themselves.
    private func means(_ scores: [Double]) -> [Double] {
        switch loss {
        case .squared: return scores
        case .logistic: return scores.map { 1 / (1 + exp(-$0)) }
        case .softmax:
            var result = scores
            for row in 0..<rows.count {
                let place = row * outputs..<(row + 1) * outputs, highest = scores[place].max()!
                var sum = 0.0
                for index in place {
                    result[index] = exp(scores[index] - highest)
                    sum += result[index]
                }
                for index in place { result[index] /= sum }
            }
            return result
        }
    }

    private func gradient(at scores: [Double], _ parameters: [Double]) -> [Double] {
        var errors = means(scores)
        for index in errors.indices { errors[index] -= Double(targets[index]) }
        var result = transposedProduct(errors)
        for index in 0..<rows.width * outputs { result[index] += penalty * parameters[index] }
        return result
    }

    /// Solves `H d = -slope` approximately, by conjugate gradients.
    private func newtonDirection(_ slope: [Double], at scores: [Double], tolerance: Double) -> [Double] {
        let means = means(scores)
        var direction = [Double](repeating: 0, count: size), residual = slope.map { -$0 }
        var search = residual, squared = dot(residual, residual)
        let goal = squared * tolerance * tolerance
        for _ in 0..<Self.conjugateLimit where squared > goal {
            let curved = curvature(search, means), bend = dot(search, curved)
            if bend <= 0 { break }
            let step = squared / bend
            for index in 0..<size {
                direction[index] += step * search[index]
                residual[index] -= step * curved[index]
            }
            let next = dot(residual, residual)
            for index in 0..<size { search[index] = residual[index] + next / squared * search[index] }
            squared = next
        }
        return direction
    }

    /// The product of the second derivatives with a direction.
    private func curvature(_ direction: [Double], _ means: [Double]) -> [Double] {
        var change = product(direction)
        for row in 0..<rows.count {
            let place = row * outputs..<(row + 1) * outputs
            switch loss {
            case .squared: break
            case .logistic: for index in place { change[index] *= means[index] * (1 - means[index]) }
            case .softmax:
                var mean = 0.0
                for index in place { mean += means[index] * change[index] }
                for index in place { change[index] = means[index] * (change[index] - mean) }
            }
        }
        var result = transposedProduct(change)
        for index in 0..<rows.width * outputs { result[index] += penalty * direction[index] }
        for index in rows.width * outputs..<size { result[index] += Self.interceptCurvature * direction[index] }
        return result
    }

    // MARK: - Products

    /// The scores of all rows: [rows, outputs].
    private func product(_ parameters: [Double]) -> [Double] {
        let parameters = scaled(parameters)
        var result = [Double](repeating: 0, count: rows.count * outputs)
        parameters.withUnsafeBufferPointer { parameters in
            rows.columns.withUnsafeBufferPointer { columns in
                rows.values.withUnsafeBufferPointer { values in
                    result.withUnsafeMutableBufferPointer { result in
                        for row in 0..<rows.count {
                            for output in 0..<outputs { result[row * outputs + output] = parameters[rows.width * outputs + output] }
                            for place in rows.starts[row]..<rows.starts[row + 1] {
                                let start = Int(columns[place]) * outputs, value = Double(values[place])
                                for output in 0..<outputs { result[row * outputs + output] += value * parameters[start + output] }
                            }
                        }
                    }
                }
            }
        }
        return result
    }

    /// The sums over rows of a row's numbers times what it has for each output: [width + 1, outputs].
    private func transposedProduct(_ factors: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: size)
        factors.withUnsafeBufferPointer { factors in
            rows.columns.withUnsafeBufferPointer { columns in
                rows.values.withUnsafeBufferPointer { values in
                    result.withUnsafeMutableBufferPointer { result in
                        for row in 0..<rows.count {
                            for output in 0..<outputs { result[rows.width * outputs + output] += factors[row * outputs + output] }
                            for place in rows.starts[row]..<rows.starts[row + 1] {
                                let start = Int(columns[place]) * outputs, value = Double(values[place])
                                for output in 0..<outputs { result[start + output] += value * factors[row * outputs + output] }
                            }
                        }
                    }
                }
            }
        }
        return scaled(result)
    }

    private func scaled(_ parameters: [Double]) -> [Double] {
        var result = parameters
        for index in result.indices { result[index] *= scales[index] }
        return result
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var total = 0.0
                for index in 0..<a.count { total += a[index] * b[index] }
                return total
            }
        }
    }

    private func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }

    private func sum(_ a: [Double], _ b: [Double], _ factor: Double) -> [Double] {
        var result = a
        for index in result.indices { result[index] += factor * b[index] }
        return result
    }
}
