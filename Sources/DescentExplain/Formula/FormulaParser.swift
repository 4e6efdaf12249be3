/// Reads model formulas: the left side and what is computed from columns by the rules of `ExpressionParser`, sums of terms by those of R.
struct FormulaParser {
    private var parser: ExpressionParser
    private let columns: [String]
    private let known: Set<String>
    private let characters: [Character]
    /// The columns of the left side, which `.` leaves out.
    private var predicted: Set<String> = []
    /// A term that goes on until the next one.
    private var ellipsis: Range<Int>?

    init(_ source: String, columns: [String]) throws(ExpressionError) {
        parser = try ExpressionParser(source)
        (self.columns, known, characters) = (columns, Set(columns), Array(source))
    }

    /// The terms of a part of a formula.
    private init(part source: String, like other: FormulaParser) throws(ExpressionError) {
        try self.init(source, columns: other.columns)
        predicted = other.predicted
    }

    private func text(_ place: Range<Int>) -> String { String(characters[place]) }

    /// What is predicted, and from what.
    mutating func formula(target: String?) throws(ExpressionError) -> (Expression, ModelFormula.Content) {
        if parser.tokens.count == 1 { throw parser.error("the formula is empty; it says what is predicted from what: y ~ x1 + x2", at: 0..<0) }
        let response: Expression
        if let tilde = parser.tokens.firstIndex(where: { $0.kind == .symbol("~") }) {
            if tilde == 0, target != nil {
                response = try Expression(FormulaTerm.written(target!))
                parser.next = 1
            } else {
                let node = try parser.sum()
                guard parser.take("~") != nil else { throw parser.unexpected() }
                response = try Expression(text(node.place))
            }
        } else if let target {
            response = try Expression(FormulaTerm.written(target))
        } else {
            throw parser.error("the formula does not say what is predicted; write y ~ before it, or use --target", at: 0..<characters.count)
        }
        for name in response.names { try requireColumn(name) }
        if response.names.isEmpty { throw parser.error("what is predicted is no column; there are \(Self.list(columns))", at: 0..<1) }
        predicted = Set(response.names)
        let start = parser.next
        let strangers = strangers()
        if strangers.isEmpty {
            let terms = try sum(isWhole: true)
            guard parser.token.kind == .end else { throw parser.unexpected() }
            return (response, .linear(terms))
        }
        try requireNonlinear(strangers)
        parser.next = start
        let node = try parser.sum()
        guard parser.token.kind == .end else { throw linearOnly() ?? parser.unexpected() }
        if let inner = node.names.first(where: predicted.contains) {
            throw parser.error("\(inner) is predicted, so it can't stand on the right", at: node.place(of: inner) ?? node.place)
        }
        let expression = try Expression(text(node.place))
        return (response, .nonlinear(expression, parameters: expression.names.filter { !known.contains($0) }))
    }

    // MARK: - Names that are no columns

    /// Names to the right that are no columns, functions or constants, with their tokens.
    private func strangers() -> [(name: String, token: Int)] {
        parser.tokens.indices[parser.next...].compactMap { place in
            guard case .name(let name) = parser.tokens[place].kind, !known.contains(name), Expression.constants[name] == nil else { return nil }
            // A call's name, and an argument by name.
            let follower = parser.tokens[place + 1].kind
            return follower == .symbol("(") || follower == .symbol("=") ? nil : (name, place)
        }
    }

    /// Refuses a formula whose strangers are most likely misspelled columns: each a whole term.
    private func requireNonlinear(_ strangers: [(name: String, token: Int)]) throws(ExpressionError) {
        let tokens = parser.tokens
        let isLinear = tokens.indices[parser.next...].contains { place in
            switch tokens[place].kind {
            case .symbol(":"), .symbol("..."): true
            case .name("C"), .name("I"): tokens[place + 1].kind == .symbol("(")
            default: false
            }
        }
        let areTerms = strangers.allSatisfy { isTerm($0.token) }
        for (name, place) in strangers {
            let nearest = known.first { $0.lowercased() == name.lowercased() }
            guard isLinear || areTerms || nearest != nil else { continue }
            let hint = nearest.map { " Did you mean \($0)?" } ?? ""
            throw parser.error(
                "\(name) is no column.\(hint) There are \(Self.list(columns)). (In a nonlinear model such as b*exp(x) a name that is no column is a parameter.)",
                at: tokens[place].place)
        }
    }

    /// Whether a name is a whole term.
    private func isTerm(_ place: Int) -> Bool {
        let ends: [ExpressionToken.Kind] = [.symbol("+"), .symbol("-"), .symbol("~"), .symbol(":"), .end]
        return (place == 0 || ends.contains(parser.tokens[place - 1].kind)) && ends.contains(parser.tokens[place + 1].kind)
    }

    private func linearOnly() -> ExpressionError? {
        switch parser.token.kind {
        case .symbol(":"), .symbol("..."):
            parser.error("this belongs to linear formulas, and the names that are no columns make this one nonlinear", at: parser.token.place)
        default: nil
        }
    }

    private func requireColumn(_ name: String) throws(ExpressionError) {
        if known.contains(name) { return }
        let hint = known.first { $0.lowercased() == name.lowercased() }.map { " Did you mean \($0)?" } ?? ""
        let place = parser.tokens.first { $0.kind == .name(name) }?.place ?? 0..<1
        throw parser.error("\(name) is no column.\(hint) There are \(Self.list(columns))", at: place)
    }

    private static func list(_ names: [String]) -> String { names.prefix(30).joined(separator: ", ") + (names.count > 30 ? ", ..." : "") }

    // MARK: - Terms

    /// Terms with signs between them.
    ///
    /// - Parameter isWhole: Whether it is the whole right side, which has an intercept unless that is taken out.
    private mutating func sum(isWhole: Bool) throws(ExpressionError) -> [FormulaTerm] {
        var found: [FormulaTerm] = isWhole ? [.intercept] : []
        var seen: Set<Set<FormulaTerm.Factor>> = isWhole ? [[]] : []
        var last: Range<Int>?, sign = parser.take("+", "-") ?? "+"
        while true {
            if case .symbol("...") = parser.token.kind {
                guard sign == "+", let last else { throw parser.error("before ... stands the term that goes on: x1 + ... + x6", at: parser.token.place) }
                ellipsis = last
                parser.next += 1
                guard parser.take("+") != nil else { throw parser.error("after ... stands the last term: x1 + ... + x6", at: parser.token.place) }
            }
            let start = parser.token.place.lowerBound, isZero = parser.token.kind == .number(0)
            var terms = try crossed()
            let place = start..<parser.tokens[parser.next - 1].place.upperBound
            if let first = ellipsis {
                terms = try between(first, place) + terms
                ellipsis = nil
            }
            for term in terms {
                let key = Set(term.factors)
                if (sign == "+") != isZero {
                    if seen.insert(key).inserted { found.append(term) }
                } else if seen.remove(key) != nil {
                    found.removeAll { Set($0.factors) == key }
                } else if term != .intercept {
                    throw parser.error("\(term) is not among the terms before, so it can't be taken out", at: place)
                }
            }
            last = place
            guard let next = parser.take("+", "-") else { break }
            sign = next
        }
        return found
    }

    /// The terms between two that differ in one whole number.
    private func between(_ first: Range<Int>, _ last: Range<Int>) throws(ExpressionError) -> [FormulaTerm] {
        func pieces(_ text: String) -> (head: String, number: Int?) {
            let compact = text.filter { !$0.isWhitespace }.replacing("**", with: "^")
            let digits = String(compact.reversed().prefix { $0.isNumber }.reversed())
            return (String(compact.dropLast(digits.count)), Int(digits))
        }
        let (from, to) = (pieces(text(first)), pieces(text(last)))
        let start = from.head == to.head ? from.number : pieces(text(first) + "^0").head == to.head ? 1 : nil
        guard let start, let end = to.number, start < end, end - start <= 100_000 else {
            throw parser.error(
                "\(text(first)) and \(text(last)) don't say how ... goes on; as in x1 + ... + x6 or x + x^2 + ... + x^5 they must differ in one whole number", at: first.lowerBound..<last.upperBound)
        }
        var terms: [FormulaTerm] = []
        for number in start + 1..<Swift.max(end, start + 1) {
            var part = try FormulaParser(part: to.head + "\(number)", like: self)
            let strangers = part.strangers()
            if let stranger = strangers.first { throw parser.error("... stands for \(stranger.name), which is no column", at: first.lowerBound..<last.upperBound) }
            terms += try part.sum(isWhole: false)
        }
        return terms
    }

    /// `a*b`, which is `a + b + a:b`.
    private mutating func crossed() throws(ExpressionError) -> [FormulaTerm] {
        var left = try joined()
        while parser.take("*") != nil {
            let right = try joined()
            left += right + left.flatMap { a in right.map { a.times($0) } }
        }
        if case .symbol("/") = parser.token.kind { throw parser.error("a quotient of columns stands in I(...): I(a/b)", at: parser.token.place) }
        if case .symbol("@") = parser.token.kind { throw parser.error("@ has no meaning among terms", at: parser.token.place) }
        return left
    }

    /// `a:b`.
    private mutating func joined() throws(ExpressionError) -> [FormulaTerm] {
        var left = try power()
        while parser.take(":") != nil {
            let right = try power()
            left = left.flatMap { a in right.map { a.times($0) } }
        }
        return left
    }

    /// A power of a column or of something computed, or all products of that many terms in parentheses.
    private mutating func power() throws(ExpressionError) -> [FormulaTerm] {
        let start = parser.token.place, isSum = parser.token.kind == .symbol("(")
        let base = try atom()
        guard parser.take("**") != nil else { return base }
        let place = parser.token.place
        guard let exponent = try parser.wholeNumber(), (1...100).contains(exponent) else {
            throw parser.error("an exponent among terms is a whole number from 1 to 100; others stand in I(...): I(x^0.5)", at: place)
        }
        if isSum {
            return (1..<exponent).reduce(base) { all, _ in
                all.reduce(into: all) { grown, term in
                    for other in base where !grown.contains(where: { $0.isSame(as: term.times(other)) }) { grown.append(term.times(other)) }
                }
            }
        }
        switch base.first?.factors.first {
        case .column(let name)? where base.count == 1: return exponent == 1 ? base : [FormulaTerm([.power(name, exponent)])]
        case .computed(let inner)? where base.count == 1: return [FormulaTerm([.computed("(\(inner))^\(exponent)")])]
        default: throw parser.error("this has no power", at: start)
        }
    }

    private mutating func atom() throws(ExpressionError) -> [FormulaTerm] {
        let token = parser.token
        if token.kind != .end { parser.next += 1 }
        switch token.kind {
        case .number(0), .number(1): return [.intercept]
        case .symbol("."):
            return columns.filter { !predicted.contains($0) }.map { FormulaTerm([.column($0)]) }
        case .symbol("("):
            let terms = try sum(isWhole: false)
            guard parser.take(")") != nil else { throw parser.unclosed(token.place, "(", ")") }
            return terms
        case .name(let name):
            guard parser.token.kind == .symbol("(") else {
                if predicted.contains(name) { throw parser.error("\(name) is predicted, so it can't stand on the right", at: token.place) }
                try requireColumn(name)
                return [FormulaTerm([.column(name)])]
            }
            let computed: Range<Int>
            switch name {
            case "C":
                parser.next += 1
                guard case .name(let column) = parser.token.kind else { throw parser.error("C(...) takes a column", at: parser.token.place) }
                try requireColumn(column)
                parser.next += 1
                guard parser.take(")") != nil else { throw parser.error("C(...) takes one column; --reference \(column)=LEVEL chooses its reference level", at: parser.token.place) }
                return [FormulaTerm([.category(column)])]
            case "I":
                parser.next += 1
                computed = try parser.sum().place
                guard parser.take(")") != nil else { throw parser.unexpected() }
            default: computed = try parser.call(name, token.place).place
            }
            let expression = try Expression(text(computed))
            for inner in expression.names {
                if predicted.contains(inner) { throw parser.error("\(inner) is predicted, so it can't stand on the right", at: computed) }
            }
            if expression.names.isEmpty { throw parser.error("this is the same in every row", at: computed) }
            return [FormulaTerm([.computed(expression.source)])]
        case .number: throw parser.error("a number stands only in I(...) or in a function: I(2*x)", at: token.place)
        case .symbol(let symbol): throw parser.error("a column, a function or ( is missing before \"\(symbol)\"", at: token.place)
        case .end: throw parser.error("the formula ends where a column should be", at: token.place)
        }
    }
}
