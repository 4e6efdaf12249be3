extension ExpressionParser {
    /// A call: the arguments, then options by name.
    mutating func call(_ name: String, _ place: Range<Int>) throws(ExpressionError) -> Expression.Node {
        guard let function = ExpressionFunction.all[name] else {
            let known = ExpressionFunction.all.keys.sorted().joined(separator: ", ")
            throw error("no function is called \"\(name)\"; there are \(known). (A product needs its *.)", at: place)
        }
        let opening = token.place
        next += 1
        var members: [Expression.Node] = [], options = ExpressionOptions()
        if take(")") == nil {
            repeat {
                if case .name(let keyword) = token.kind, tokens[next + 1].kind == .symbol("=") {
                    try option(keyword, of: function, into: &options)
                } else if !options.isEmpty {
                    throw error("arguments without a name stand before those with one", at: token.place)
                } else if function.takesSizes, !members.isEmpty {
                    options.sizes += try sizes()
                } else {
                    members.append(try sum())
                }
            } while take(",") != nil
            guard take(")") != nil else { throw unclosed(opening, "(", ")") }
        }
        let whole = place.lowerBound..<tokens[next - 1].place.upperBound
        let chosen = options.isEmpty && options.sizes.isEmpty ? function : function.with(options)
        guard chosen.arguments.contains(members.count) else {
            let hint = function.keywords.contains("axis") && members.count > 1 ? " (an axis is written axis=0)" : ""
            throw error("\(name) \(options.isEmpty ? "" : "with \(options.texts.map(\.keyword).joined(separator: ", ")) ")takes \(chosen.argumentsInWords), not \(members.count)\(hint)", at: whole)
        }
        if function.takesSizes, options.sizes.isEmpty { throw error("\(name) takes a value and the sizes of its new axes: \(name)(x, 2, 3)", at: whole) }
        return Expression.Node(form: .call(chosen, members), place: whole)
    }

    /// `axis=0`, `axis=(0, 1)`, `keepdims=true`, `ord=inf`, `ddof=1`, `stride=2`, `padding=1`.
    private mutating func option(_ keyword: String, of function: ExpressionFunction, into options: inout ExpressionOptions) throws(ExpressionError) {
        let start = token.place
        guard function.keywords.contains(keyword) else {
            let known = function.keywords.joined(separator: function.keywords.count == 2 ? " and " : ", ")
            throw error(known.isEmpty ? "\(function.name) takes no arguments by name" : "\(function.name) has no argument named \(keyword); it has \(known)", at: start)
        }
        if options.texts.contains(where: { $0.keyword == keyword }) { throw error("\(keyword) is given twice", at: start) }
        next += 2
        let value = token.place
        switch keyword {
        case "axis":
            if token.kind == .name("None") { next += 1 } else { options.axes = try wholeNumbers("an axis is a whole number such as 0 or -1, or several in parentheses") }
        case "keepdims":
            switch token.kind {
            case .name("true"), .name("True"), .number(1): options.keepsAxes = true
            case .name("false"), .name("False"), .number(0): options.keepsAxes = false
            default: throw error("keepdims is true or false", at: value)
            }
            next += 1
        case "ord":
            switch token.kind {
            case .number(let power): options.order = .power(power)
            case .name("inf"): options.order = .infinity
            case .name("fro"): options.order = .frobenius
            case .name("nuc"): options.order = .nuclear
            default: throw error("ord is a number such as 1 or 2, inf, or of a matrix fro or nuc", at: value)
            }
            next += 1
        case "stride":
            guard let number = try wholeNumber(), number >= 1 else { throw error("stride is a whole number from 1", at: value) }
            options.stride = number
        case "padding":
            guard let number = try wholeNumber(), number >= 0 else { throw error("padding is a whole number from 0", at: value) }
            options.padding = number
        default:
            guard let number = try wholeNumber(), number >= 0 else { throw error("\(keyword) is a whole number, 0 or 1", at: value) }
            options.correction = number
        }
        let place = start.lowerBound..<tokens[next - 1].place.upperBound
        let text = String(Array(source)[value.lowerBound..<place.upperBound].filter { !$0.isWhitespace })
        options.texts.append((keyword, text.replacing(",", with: ", "), place))
    }

    /// Sizes of axes one after another, or several in parentheses or brackets.
    private mutating func sizes() throws(ExpressionError) -> [Int] {
        let start = token.place
        let numbers = try wholeNumbers("the size of an axis is a whole number from 1, or -1 for what is left")
        if let wrong = numbers.first(where: { $0 < -1 || $0 == 0 }) {
            throw error("the size of an axis is a whole number from 1, or -1 for what is left, not \(wrong)", at: start.lowerBound..<tokens[next - 1].place.upperBound)
        }
        return numbers
    }

    private mutating func wholeNumbers(_ reason: String) throws(ExpressionError) -> [Int] {
        let start = token.place
        let closing = token.kind == .symbol("(") ? ")" : token.kind == .symbol("[") ? "]" : nil
        if closing != nil { next += 1 }
        var found: [Int] = []
        repeat {
            if closing != nil, !found.isEmpty, token.kind == .symbol(closing!) { break }
            guard let number = try wholeNumber() else { throw error(reason, at: token.place) }
            found.append(number)
        } while closing != nil && take(",") != nil
        if let closing, take(closing) == nil { throw unclosed(start, closing == ")" ? "(" : "[", closing) }
        return found
    }

    /// A whole number with its sign, if one stands here.
    ///
    /// - Throws: `ExpressionError` for a number that is not whole.
    mutating func wholeNumber() throws(ExpressionError) -> Int? {
        let start = next
        let sign = take("-", "+")
        guard case .number(let value) = token.kind else {
            next = start
            return nil
        }
        guard let number = Int(exactly: value) else { throw error("\(short(value)) is not a whole number", at: token.place) }
        next += 1
        return sign == "-" ? -number : number
    }
}
