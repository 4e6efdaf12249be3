import DescentJobs
import DescentReports
import DescentTrain
import Testing

/// Charts of what is measured.
@Suite struct InsightChartTests {
    @Test func calibrationHasAPointForEachBin() {
        let calibration = Calibration([0.1, 0.15, 0.2, 0.55, 0.9, 0.95], [false, false, true, true, true, true])
        let svg = calibration.chart(of: "rain").svg(width: 500)
        #expect(svg.contains("predicted probability of rain"))
        // Bins of a tenth: 0.1; 0.15 and 0.2; 0.55; 0.9; 0.95, as far off as 0.1, 0.325, 0.45, 0.1, 0.05.
        #expect(calibration.bins.count == 5)
        #expect(svg.contains("Expected calibration error 0.225."), "\(calibration.expectedError)")
        #expect(svg.contains("Points: 5 points."))
    }
}
