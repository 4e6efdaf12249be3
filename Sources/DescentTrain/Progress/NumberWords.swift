import DescentCore

/// A number as briefly as its size allows: 0.003, 1.0e+20.
package func shortNumber(_ value: Double) -> String {
    let magnitude = Swift.abs(value)
    guard value.isFinite, magnitude >= 1e-5, magnitude < 1e6 || value == 0 else { return value.isFinite && value != 0 ? scientific(value, 1) : value == 0 ? "0" : "\(value)" }
    var text = fixed(value, 6)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
}

/// A whole number with its thousands apart: 12,345.
package func grouped(_ value: Int) -> String {
    var text = "\(value.magnitude)"
    var place = text.index(text.endIndex, offsetBy: -3, limitedBy: text.startIndex) ?? text.startIndex
    while place > text.startIndex {
        text.insert(",", at: place)
        place = text.index(place, offsetBy: -3, limitedBy: text.startIndex) ?? text.startIndex
    }
    return value < 0 ? "-" + text : text
}

/// A time as a person would say it: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min.
package func spoken(_ seconds: Double) -> String {
    if seconds < 9.95 { return "\(fixed(seconds, 1)) s" }
    guard seconds < 1e9 else { return "long" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
}
