import DescentCore
import Foundation
import Testing

/// docs/FROM_NUMPY.md holds what its rows say, each row runs, and no function of the Array API standard is missing.
@Suite struct NumPyTableTests {
    private static let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    private let table: NumPyTable

    init() throws {
        var table = try NumPyTable(source: Self.here + "/NumPyTableRows.swift")
        table.fill()
        self.table = table
    }

    @Test func eachRowRuns() {
        for row in table.rows {
            guard let code = row.code else { continue }
            #expect(throws: Never.self, "\(row.text)") {
                try catchingFaults {
                    switch code() {
                    case let tensor as Tensor: evaluate(tensor)
                    case let tensors as [Tensor]: evaluate(tensors)
                    default: break
                    }
                }
            }
        }
    }

    /// With DESCENT_WRITE_TABLES=1 the page is written.
    @Test func thePageIsMadeOfTheRows() throws {
        let path = Self.here + "/../../docs/FROM_NUMPY.md"
        if ProcessInfo.processInfo.environment["DESCENT_WRITE_TABLES"] == "1" { try table.page.write(toFile: path, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == table.page, "Run this test with DESCENT_WRITE_TABLES=1 to write docs/FROM_NUMPY.md anew.")
    }

    /// The functions of the Array API standard 2024.12, but for complex numbers and Fourier transforms.
    private static let standard: [String] = """
        arange asarray empty empty_like eye from_dlpack full full_like linspace meshgrid ones ones_like tril triu zeros zeros_like
        astype can_cast finfo iinfo isdtype result_type
        abs acos acosh add asin asinh atan atan2 atanh bitwise_and bitwise_left_shift bitwise_invert bitwise_or bitwise_right_shift bitwise_xor ceil clip copysign cos cosh
        divide equal exp expm1 floor floor_divide greater greater_equal hypot isfinite isinf isnan less less_equal log log1p log2 log10 logaddexp logical_and logical_not
        logical_or logical_xor maximum minimum multiply negative nextafter not_equal positive pow reciprocal remainder round sign signbit sin sinh square sqrt subtract tan tanh
        trunc take take_along_axis cholesky cross det diagonal eigh eigvalsh inv matmul matrix_norm matrix_power matrix_rank matrix_transpose outer pinv qr slogdet solve svd
        svdvals tensordot trace vecdot vector_norm broadcast_arrays broadcast_to concat expand_dims flip moveaxis permute_dims repeat reshape roll squeeze stack tile unstack
        argmax argmin count_nonzero nonzero searchsorted where unique_all unique_counts unique_inverse unique_values argsort sort
        cumulative_prod cumulative_sum max mean min prod std sum var all any diff
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    @Test func theStandardIsComplete() {
        let words = Set(table.rows.flatMap { $0.numPy.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init) })
        for name in Self.standard { #expect(words.contains(name), "\(name)") }
    }
}
