/// A number with at most `digits` significant digits: "0.2358", "-12", "1.5e-07".
func short(_ value: Double, digits: Int = 6) -> String {
    guard value.isFinite, value != 0 else { return value.isNaN ? "NaN" : value == 0 ? "0" : value < 0 ? "-infinity" : "infinity" }
    var exponent = 0, size = Swift.abs(value)
    while size >= 10 { size /= 10; exponent += 1 }
    while size < 1 { size *= 10; exponent -= 1 }
    // Each power of ten up to 22 is exact in 64 bits, so that the quotient is the number nearest to the short decimal.
    func power(_ count: Int) -> Double { (0..<count).reduce(1.0) { product, _ in product * 10 } }
    let places = digits - 1 - exponent
    if Swift.abs(places) > 22 {
        let scale = power(Swift.abs(exponent))
        let mantissa = exponent > 0 ? value / scale : value * scale
        return short(mantissa, digits: digits) + "e" + (exponent < 0 ? "-" : "+") + "\(Swift.abs(exponent))"
    }
    let rounded = places >= 0 ? (value * power(places)).rounded() / power(places) : (value / power(-places)).rounded() * power(-places)
    let text = "\(rounded)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
