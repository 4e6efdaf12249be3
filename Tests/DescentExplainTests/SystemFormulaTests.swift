import DescentExplain
import Testing

/// The systems of a course as formulas: their values by NumPy's own functions at the same numbers, their gradients by finite differences.
@Suite struct SystemFormulaTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name, formulas, values: String
        let expected: Double
        init(_ name: String, _ formulas: String, _ values: String, _ expected: Double) {
            (self.name, self.formulas, self.values, self.expected) = (name, formulas, values, expected)
        }
        var testDescription: String { name }
    }

    @Test("values and gradients", arguments: Case.all)
    func system(_ item: Case) throws {
        let explanation = try Explanation(item.formulas, at: item.values)
        #expect(abs(explanation.value.item() - item.expected) <= 1e-13 * max(1, abs(item.expected)))
        let check = try explanation.check()
        #expect(check.agrees, "\(check.text())")
        #expect(check.entries.contains { $0.gradient != 0 })
    }
}

extension SystemFormulaTests.Case {
    static let all: [SystemFormulaTests.Case] = [
        .init(
            "binary cross-entropy of a batch", "L = -sum(y*log(p) + (1-y)*log(1-p)); p = sigmoid(X @ w + b)",
            "X=[[0.0, 0.3, -0.27], [-0.89, -0.45, -0.99], [0.06, 1.34, -0.49], [-0.62, 0.49, 0.36]], w=[0.11, -0.93, -0.03], b=0.3, y=[1, 0, 0, 1]", 2.9003424228680945),
        .init(
            "softmax regression", "L = -mean(sum(Y * log_softmax(X @ W.T + b, axis=1), axis=1))",
            "X=[[0.0, 0.3, -0.27], [-0.89, -0.45, -0.99], [0.06, 1.34, -0.49], [-0.62, 0.49, 0.36]], W=[[0.7, -1.34, -0.46], [-1.9, -1.29, -1.84], [-0.24, -1.27, 0.27]], b=[0.16, -0.19, -2.52], Y=[[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]",
            2.125352522720593),
        .init(
            "categorical cross-entropy of one example by its label", "L = -log(softmax(W @ x)[2])",
            "W=[[-0.54, -0.05, 0.11, -1.53], [-0.48, -0.98, -0.81, 1.06], [-0.81, -0.03, 0.88, -0.58]], x=[-0.11, 0.11, 0.06, -1.23]", 1.4060668737465025),
        .init(
            "two-layer regression network", "E = 0.5*sum((yhat - y)^2); yhat = Z @ v; Z = sigmoid(X @ W.T)",
            "X=[[0.0, 0.3, -0.27], [-0.89, -0.45, -0.99], [0.06, 1.34, -0.49], [-0.62, 0.49, 0.36]], W=[[0.08, 1.36, -1.55], [0.86, 0.12, -0.64], [2.0, 0.76, -1.2], [0.07, 0.58, -0.19], [0.68, -0.07, 0.67]], v=[1.44, -0.68, 0.2, -0.46, 0.13], y=[-1.19, -0.58, -0.2, 0.9]",
            2.839124800344481),
        .init(
            "two-layer classifier of several classes", "E = -sum(Y * log(P)); P = softmax(Z @ V.T, axis=1); Z = sigmoid(X @ W.T)",
            "X=[[0.0, 0.3, -0.27], [-0.89, -0.45, -0.99], [0.06, 1.34, -0.49], [-0.62, 0.49, 0.36]], W=[[1.15, -1.32, -0.79], [0.65, -1.99, -0.46]], V=[[-0.1, 1.26], [0.69, -0.33], [-0.37, -0.25]], Y=[[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]",
            4.593486923948248),
        .init(
            "two-layer binary classifier", "E = -sum(y*log(p) + (1-y)*log(1-p)); p = sigmoid(V @ sigmoid(W @ X.T))",
            "X=[[0.0, 0.3, -0.27], [-0.89, -0.45, -0.99], [0.06, 1.34, -0.49], [-0.62, 0.49, 0.36]], W=[[1.52, -0.43, -0.3], [0.35, -0.12, -0.2]], V=[-1.11, -0.01], y=[0, 1, 1, 0]", 2.8608702150332066
        ),
        .init(
            "RNN over three steps", "L = sum((h3 - t)^2); h1 = tanh(U @ h0 + W @ X[0] + b); h2 = tanh(U @ h1 + W @ X[1] + b); h3 = tanh(U @ h2 + W @ X[2] + b)",
            "X=[[-0.44, 1.17], [0.65, -0.02], [0.67, -0.34]], h0=[1.05, -0.01, 0.58], U=[[-1.29, 0.35, -1.69], [-2.04, -0.3, -0.9], [0.16, 2.24, -0.83]], W=[[-0.62, 0.21], [0.49, -0.18], [-0.21, 0.7]], b=[0.52, -1.03, -0.08], t=[0.04, -1.05, 0.26]",
            2.110331032755997),
        .init(
            "LSTM step", "L = sum(h); z = W @ concat(h0, x) + b; f = sigmoid(z[0:2]); i = sigmoid(z[2:4]); g = tanh(z[4:6]); o = sigmoid(z[6:8]); c = f*c0 + i*g; h = o*tanh(c)",
            "W=[[-0.86, 0.97, 0.19, 0.09, -0.59], [-0.12, -2.0, -1.13, 0.36, -2.13], [0.85, -1.75, 0.76, -0.85, 0.78], [0.13, -1.54, 1.25, 1.44, -0.07], [-0.27, -0.16, -0.98, 1.1, -0.54], [-0.05, -0.79, -0.63, -1.28, 1.26], [-0.15, 0.97, 0.01, -0.69, -0.33], [-0.56, 0.01, -0.38, -0.3, -1.38]], b=[-0.81, 1.65, -0.67, -1.05, 0.34, 1.41, -1.45, -0.21], h0=[-0.63, -1.76], c0=[0.73, -0.02], x=[0.07, -0.75, 0.45]",
            0.21809423325511346),
        .init(
            "GRU step", "L = sum(h^2); r = sigmoid(Wr @ concat(h0, x)); z = sigmoid(Wz @ concat(h0, x)); n = tanh(Wc @ concat(r*h0, x)); h = (1-z)*h0 + z*n",
            "Wr=[[-0.54, -0.14, -1.11, -1.22, 1.34], [-0.51, 0.29, -0.03, -0.44, -0.51]], Wz=[[0.63, -0.3, -0.15, 0.02, 1.18], [0.68, 0.38, -0.56, -1.38, 0.95]], Wc=[[0.97, -0.14, 0.54, 0.78, 0.83], [0.92, -0.46, 1.51, -1.25, 0.86]], h0=[0.49, 0.87], x=[1.88, 1.48, -1.15]",
            1.0048430780659945),
        .init(
            "batch norm", "L = sum(T * Y); Y = g*(X - mu)/sqrt(v + 1e-5) + b; mu = mean(X, axis=0); v = mean((X - mu)^2, axis=0)",
            "X=[[0.0, 0.3, -0.27], [-0.89, -0.45, -0.99], [0.06, 1.34, -0.49], [-0.62, 0.49, 0.36]], g=[-1.69, 0.82, -1.02], b=[-0.01, 0.84, -1.64], T=[[-2.11, 0.26, 0.04], [-0.25, 0.04, -0.86], [-1.51, -0.17, -0.97], [-1.64, 0.51, -0.06]]",
            5.561130970605176),
        .init(
            "layer norm", "L = sum(T * Y); Y = g*(X - mean(X, axis=-1, keepdims=true))/sqrt(var(X, axis=-1, keepdims=true) + 1e-5) + b",
            "X=[[0.0, 0.3, -0.27], [-0.89, -0.45, -0.99], [0.06, 1.34, -0.49], [-0.62, 0.49, 0.36]], g=[0.41, -0.99, -0.66], b=[-1.0, -0.89, 0.2], T=[[-0.78, 0.36, 0.34], [2.03, -1.39, 0.89], [-0.09, -0.01, -1.45], [-0.46, 0.74, -0.08]]",
            0.11402273943024335),
        .init(
            "elastic net", "J = 0.5*norm(y - X @ w)^2 + 0.1*norm(w, ord=1) + 0.05*norm(w, ord=2)^2",
            "X=[[0.0, 0.3, -0.27], [-0.89, -0.45, -0.99], [0.06, 1.34, -0.49], [-0.62, 0.49, 0.36]], w=[0.08, -0.29, 1.15], y=[-0.02, -2.2, -0.69, -1.97]", 3.3581907350000004),
        .init(
            "a residual block", "L = mean((x + W2 @ relu(W1 @ x))^2)",
            "W1=[[-3.25, -0.53, 1.33], [0.05, -1.17, -0.94], [1.13, 0.16, 0.05], [-0.05, 0.04, 0.81]], W2=[[0.55, 0.22, -1.04, 0.51], [-0.68, 1.09, -1.27, -0.14], [-0.01, -1.32, 1.72, 1.46]], x=[-0.46, 0.77, 0.38]",
            0.42931842115800006),
        .init("dropout with a mask", "L = sum((h*r/(1-p))^2)", "h=[-2.61, 0.25, -0.06, 0.08], r=[1, 0, 1, 1], p=0.25", 12.128177777777777),
    ]
}
