#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Mean, standard deviation and skewness of numbers, in two passes.
struct Moments {
    let mean: Double
    /// Of the population: divided by the count.
    let deviation: Double
    /// The third standardised moment; 0 for constant numbers.
    let skewness: Double

    init(_ values: [Double]) {
        let count = Double(max(values.count, 1))
        let mean = values.reduce(0, +) / count
        var second = 0.0
        var third = 0.0
        for value in values {
            let distance = value - mean
            second += distance * distance
            third += distance * distance * distance
        }
        self.mean = mean
        deviation = (second / count).squareRoot()
        skewness = deviation > 0 ? third / count / (deviation * deviation * deviation) : 0
    }
}

/// log(1 + x), exact for small x.
func logarithm1p(_ x: Double) -> Double { log1p(x) }
