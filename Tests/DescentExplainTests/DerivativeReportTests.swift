import DescentCore
import DescentExplain
import Testing

/// Jacobians, Hessians, checks and steps: the cases' numbers (kinds jacobian and hessian), and formulas by hand.
@Suite struct DerivativeReportTests {
    @Test(
        "kind hessian",
        arguments: [
            ("0.5*dot(v, A @ v) + dot(b, v)", "v=[0.5,-0.5], A=[[3,1],[1,2]], b=[-1,2]", "v", [3.0, 1, 1, 2], [1.381966011250105, 3.618033988749895], [0.8, -1.4], "minimum"),
            (
                "0.5*dot(v, A @ v) + dot(b, v)", "v=[0.1,0.2,0.3], A=[[2,1,0],[3,4,-1],[0,1,5]], b=[1,0,-1]", "v", [2, 2, 0, 2, 4, 0, 0, 0, 5],
                [0.7639320225002103, 5, 5.23606797749979], [-1, 0.5, 0.2], "minimum"
            ),
            ("(1-x)^2 + 100*(y-x^2)^2", "x=1, y=1", "x,y", [802, -400, -400, 200], [0.39936076748763305, 1001.6006392325123], [1, 1], "minimum"),
            ("(1-x)^2 + 100*(y-x^2)^2", "x=-1.2, y=1", "x,y", [1330, 480, 480, 200], [23.633019348716875, 1506.366980651283], [-1.1752808988764045, 1.3806741573033707], "minimum"),
            ("x^2 - y^2", "x=0.3, y=0.4", "x,y", [2, 0, 0, -2], [-2, 2], [0, 0], "saddle"),
            ("x^2 + 10*y^2", "x=1, y=1", "x,y", [2, 0, 0, 20], [2, 20], [0, 0], "minimum"),
        ])
    func hessians(formula: String, values: String, names: String, matrix: [Double], eigenvalues: [Double], newton: [Double], curvature: String) throws {
        let variables = names.split(separator: ",").map(String.init)
        let hessian = try Explanation(formula, at: values, wrt: variables).hessian()
        func agree(_ found: [Double], _ expected: [Double]) -> Bool {
            found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-10 + 1e-9 * abs($1) }
        }
        #expect(agree(hessian.value.doubles, matrix))
        #expect(agree(hessian.eigenvalues.doubles, eigenvalues))
        #expect(agree(try #require(hessian.newtonPoint).doubles, newton))
        #expect(hessian.curvature.rawValue == curvature)
    }

    @Test func whatEigenvaluesSay() throws {
        let minimum = try Explanation("(1-x)^2 + 100*(y-x^2)^2", at: "x=1, y=1").hessian()
        #expect(minimum.words.contains("A minimum: the gradient is 0 and all eigenvalues are above 0."))
        #expect(minimum.words.contains { $0.hasPrefix("Ill-conditioned: the condition number is 2508.") })
        #expect(try Explanation("x^2 - y^2", at: "x=0, y=0").hessian().words.contains("A saddle point: the gradient is 0, and 1 of 2 directions bends downwards."))
        #expect(try Explanation("-x^2 - y^2", at: "x=0, y=0").hessian().curvature == .maximum)
        let flat = try Explanation("x^2 + 0*y", at: "x=1, y=1").hessian()
        #expect(flat.curvature == .flat)
        #expect(flat.newtonPoint == nil)
        #expect(flat.words == ["Flat in 1 of 2 directions (eigenvalue 0); the gradient is not 0 here.", "Singular: the condition number is infinite, and Newton's method has no step."])
        #expect(try Explanation("x + y", at: "x=1, y=1").hessian().words == ["Flat in every direction: all second derivatives are 0 here, the gradient is not."])
        #expect(try Explanation("x^4", at: "x=0").hessian().words == ["Flat in every direction: all second derivatives are 0 here, and so is the gradient."])
        // A small function is not a flat one: the gradient 2e-9 is not 0 beside this curvature.
        #expect(try Explanation("1e-9*x^2", at: "x=1").hessian().words[0].hasSuffix("the gradient is not 0 here."))
        #expect(
            try Explanation("x^2*y", at: "x=1, y=0.3").hessian().words.last == "Newton's method goes to x = 0.5, y = 0.15, to the saddle point of the parabola that touches here, not to a minimum.")
    }

    @Test("kind jacobian")
    func jacobians() throws {
        let explanation = try Explanation("f = x**2*y; g = 5*x + sin(y)", at: "x=1.5, y=-0.7")
        let found = explanation.jacobians().map { $0.value.item() }
        for (value, expected) in zip(found, [-2.1, 2.25, 5, 0.7648421872844885]) { #expect(abs(value - expected) < 1e-10) }
        let list = try Explanation("[exp(x)*cos(y), x*y, x**2 - y**3]", at: "x=0.3, y=1.1")
        let columns = list.jacobians().map(\.value)
        #expect(columns.map(\.shape) == [[3], [3]])
        for (value, expected) in zip(columns.flatMap(\.doubles), [0.6122907195886297, 1.1, 0.6, -1.2030041043554869, 0.3, -3.63]) {
            #expect(abs(value - expected) < 1e-10)
        }
    }

    @Test func jacobianOfAVectorByAMatrixHasThreeAxes() throws {
        let found = try Explanation("y = W @ x", at: "W=[[1,2],[3,4]], x=[5,6]").jacobians()
        #expect(found[0].value.shape == [2, 2, 2])
        #expect(found[0].value.doubles == [5, 6, 0, 0, 0, 0, 5, 6])
        #expect(
            found[0].text() == """
                dy_i/dW_jk: [2] x [2, 2], rank 3
                  i = 0:
                    5  6
                    0  0
                  i = 1:
                    0  0
                    5  6
                """)
        #expect(found[1].text() == "dy_i/dx_j: [2] x [2], a matrix\n  1  2\n  3  4")
    }

    @Test func finiteDifferencesAgreeOrSaySo() throws {
        let check = try Explanation("L = sum(softmax(W @ x) * log(1 + x^2))", at: "W=[[1,2],[3,4]], x=[0.5,-1]").check()
        #expect(check.agrees)
        #expect(check.entries.map(\.name) == ["W[0, 0]", "W[0, 1]", "W[1, 0]", "W[1, 1]", "x[0]", "x[1]"])
        #expect(check.entries.allSatisfy { $0.error < 1e-8 })
        // At the kink the difference from both sides is 1/2, the derivative by convention 0.
        let kink = try Explanation("relu(x)", at: "x=0").check()
        #expect(!kink.agrees)
        #expect(kink.text().contains("They differ at x, by 0.5: a kink"))
        let power = try Explanation("x**y", at: "x=-2, y=2").check()
        #expect(!power.agrees)
        #expect(power.text().hasSuffix("At y the gradient is NaN: there is no derivative."))
    }

    @Test func aStepGoesDownOrSaysThatItIsTooLong() throws {
        let step = try Explanation("x^2 + 10*y^2", at: "x=1, y=1").step(0.05)
        #expect(step.before == 11)
        #expect(abs(step.after - 0.81) < 1e-15)  // (1 - 0.1)² + 10 (1 - 1)²
        let long = try Explanation("x^2 + 10*y^2", at: "x=1, y=1", wrt: ["y"]).step(0.2)
        #expect(long.after == 91)  // 1 + 10 (1 - 4)²
        #expect(long.text().contains("A step of 0.2 is too long: f rises by 80."))
        #expect(throws: ExplanationError("gradient descent is on a single number, and f has the shape [2]. Take sum(...) of it.")) {
            try Explanation("[x, x]", at: "x=1").step(0.1)
        }
    }
}
