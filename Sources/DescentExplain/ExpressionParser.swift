/// Reads a formula by recursive descent: sums of products of signed powers.
struct ExpressionParser {
    private let source: String
    private let characters: [Character]
    private var tokens: [Token] = []
    private var next = 0
    private var depth = 0

    /// How deep parentheses, calls and signs may nest.
    private static let depthLimit = 200

    private struct Token {
        enum Kind: Equatable { case number(Double), name(String), symbol(String), end }
        let kind: Kind
        let place: Range<Int>
    }

    init(_ source: String) throws(ExpressionError) {
        self.source = source
        characters = Array(source)
        try scan()
    }

    mutating func formula() throws(ExpressionError) -> Expression.Node {
        if tokens.count == 1 { throw error("the formula is empty", at: 0..<0) }
        let node = try sum()
        switch token.kind {
        case .end: return node
        case .symbol(")"): throw error("there is no ( for this )", at: token.place)
        case .symbol(","): throw error("a comma stands only between the arguments of a function", at: token.place)
        default: throw error("an operator is missing before this: + - * / or **", at: token.place)
        }
    }

    // MARK: Characters to tokens

    private mutating func scan() throws(ExpressionError) {
        var place = 0
        while place < characters.count {
            let first = characters[place]
            let start = place
            if first.isWhitespace {
                place += 1
            } else if first.isASCII, first.isNumber || (first == "." && isDigit(place + 1)) {
                place = numberEnd(from: place)
                let text = String(characters[start..<place])
                guard let value = Double(text), value.isFinite else { throw error("\(text) is not a number that 64 bits hold", at: start..<place) }
                tokens.append(Token(kind: .number(value), place: start..<place))
            } else if first.isLetter || first == "_" {
                while place < characters.count, characters[place].isLetter || characters[place].isNumber || characters[place] == "_" { place += 1 }
                tokens.append(Token(kind: .name(String(characters[start..<place])), place: start..<place))
            } else if first == "*", place + 1 < characters.count, characters[place + 1] == "*" {
                place += 2
                tokens.append(Token(kind: .symbol("**"), place: start..<place))
            } else if "+-*/^(),".contains(first) {
                place += 1
                tokens.append(Token(kind: .symbol(first == "^" ? "**" : String(first)), place: start..<place))
            } else {
                throw error("\"\(first)\" has no meaning in a formula", at: start..<(start + 1))
            }
        }
        tokens.append(Token(kind: .end, place: place..<place))
    }

    private func isDigit(_ place: Int) -> Bool { place < characters.count && characters[place].isASCII && characters[place].isNumber }

    private func numberEnd(from start: Int) -> Int {
        var place = start
        while isDigit(place) { place += 1 }
        if place < characters.count, characters[place] == "." {
            place += 1
            while isDigit(place) { place += 1 }
        }
        // An exponent only where digits follow: in "2e" the e is a name, and its missing operator is reported.
        if place < characters.count, characters[place] == "e" || characters[place] == "E" {
            let sign = place + 1 < characters.count && "+-".contains(characters[place + 1]) ? 1 : 0
            if isDigit(place + 1 + sign) {
                place += 1 + sign
                while isDigit(place) { place += 1 }
            }
        }
        return place
    }

    // MARK: Tokens to parts

    private var token: Token { tokens[next] }

    private mutating func take(_ symbols: String...) -> String? {
        guard case .symbol(let symbol) = token.kind, symbols.contains(symbol) else { return nil }
        next += 1
        return symbol
    }

    private mutating func sum() throws(ExpressionError) -> Expression.Node {
        var left = try product()
        while let symbol = take("+", "-") { left = joined(symbol, left, try product()) }
        return left
    }

    private mutating func product() throws(ExpressionError) -> Expression.Node {
        var left = try signed()
        while let symbol = take("*", "/") { left = joined(symbol, left, try signed()) }
        return left
    }

    private mutating func signed() throws(ExpressionError) -> Expression.Node {
        let start = token.place
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { throw error("the formula is nested more than \(Self.depthLimit) deep", at: start) }
        guard let symbol = take("+", "-") else { return try power() }
        let inner = try signed()
        return symbol == "+" ? inner : Expression.Node(form: .negation(inner), place: start.lowerBound..<inner.place.upperBound)
    }

    private mutating func power() throws(ExpressionError) -> Expression.Node {
        let base = try atom()
        // From the right, and a sign may stand in the exponent: 2**-x**2 is 2**(-(x**2)).
        guard take("**") != nil else { return base }
        return joined("**", base, try signed())
    }

    private mutating func atom() throws(ExpressionError) -> Expression.Node {
        let start = token
        next += 1
        switch start.kind {
        case .number(let value): return Expression.Node(form: .number(value), place: start.place)
        case .name(let name):
            if case .symbol("(") = token.kind { return try call(name, start.place) }
            return Expression.Node(form: .name(name), place: start.place)
        case .symbol("("):
            let inner = try sum()
            guard take(")") != nil else { throw unclosed(start.place) }
            return Expression.Node(form: inner.form, place: start.place.lowerBound..<tokens[next - 1].place.upperBound)
        case .symbol(let symbol): throw error("a number, a name or ( is missing before \"\(symbol)\"", at: start.place)
        case .end: throw error("the formula ends where a number, a name or ( should be", at: start.place)
        }
    }

    private mutating func call(_ name: String, _ place: Range<Int>) throws(ExpressionError) -> Expression.Node {
        guard let function = ExpressionFunction.all[name] else {
            let known = ExpressionFunction.all.keys.sorted().joined(separator: ", ")
            throw error("no function is called \"\(name)\"; there are \(known). (A product needs its *.)", at: place)
        }
        let opening = token.place
        next += 1
        var arguments: [Expression.Node] = []
        if take(")") == nil {
            repeat { arguments.append(try sum()) } while take(",") != nil
            guard take(")") != nil else { throw unclosed(opening) }
        }
        let whole = place.lowerBound..<tokens[next - 1].place.upperBound
        guard function.arguments.contains(arguments.count) else {
            throw error("\(name) takes \(function.argumentsInWords), not \(arguments.count)", at: whole)
        }
        return Expression.Node(form: .call(function, arguments), place: whole)
    }

    private func unclosed(_ opening: Range<Int>) -> ExpressionError {
        token.kind == .end
            ? error("the ) of this ( is missing", at: opening) : error("an operator or ) is missing before this", at: token.place)
    }

    private func joined(_ symbol: String, _ left: Expression.Node, _ right: Expression.Node) -> Expression.Node {
        Expression.Node(form: .operation(Expression.Operation(rawValue: symbol)!, left, right), place: left.place.lowerBound..<right.place.upperBound)
    }

    private func error(_ reason: String, at place: Range<Int>) -> ExpressionError { ExpressionError(source: source, place: place, reason: reason) }
}
