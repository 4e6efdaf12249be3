import Testing

/// Graphs of ../shared/cases/cases.json (kind graph), written as formulas: values and gradients by hand-written rules in Python.
struct GraphCase: Sendable, CustomTestStringConvertible {
    let name, formulas, values, output: String
    let forward, backward: [String: Double]
    var testDescription: String { name }

    static let all = [
        GraphCase(
            name: "node-mul", formulas: "z = x * y", values: "x=3.0, y=-2.0", output: "z",
            forward: ["x": 3.0, "y": -2.0, "z": -6.0],
            backward: ["x": -2.0, "y": 3.0, "z": 1.0]),
        GraphCase(
            name: "node-add", formulas: "z = x + y", values: "x=3.0, y=-2.0", output: "z",
            forward: ["x": 3.0, "y": -2.0, "z": 1.0],
            backward: ["x": 1.0, "y": 1.0, "z": 1.0]),
        GraphCase(
            name: "node-copy", formulas: "c1 = x; c2 = x; p = c1 * y; q = c2^2; z = p + q", values: "x=3.0, y=-2.0", output: "z",
            forward: ["x": 3.0, "y": -2.0, "c1": 3.0, "c2": 3.0, "p": -6.0, "q": 9.0, "z": 3.0],
            backward: ["x": 4.0, "y": 3.0, "c1": -2.0, "c2": 6.0, "p": 1.0, "q": 1.0, "z": 1.0]),
        GraphCase(
            name: "node-scale", formulas: "z = 2.5*x", values: "x=3.0", output: "z",
            forward: ["x": 3.0, "z": 7.5],
            backward: ["x": 2.5, "z": 1.0]),
        GraphCase(
            name: "node-max-gt", formulas: "m = max(x, y); z = 2.0*m", values: "x=3.0, y=-2.0", output: "z",
            forward: ["x": 3.0, "y": -2.0, "m": 3.0, "z": 6.0],
            backward: ["x": 2.0, "y": 0.0, "m": 2.0, "z": 1.0]),
        GraphCase(
            name: "node-max-lt", formulas: "m = max(x, y); z = 2.0*m", values: "x=-4.0, y=1.5", output: "z",
            forward: ["x": -4.0, "y": 1.5, "m": 1.5, "z": 3.0],
            backward: ["x": 0.0, "y": 2.0, "m": 2.0, "z": 1.0]),
        GraphCase(
            name: "node-max-tie", formulas: "m = max(x, y); z = 2.0*m", values: "x=1.25, y=1.25", output: "z",
            forward: ["x": 1.25, "y": 1.25, "m": 1.25, "z": 2.5],
            backward: ["x": 1.0, "y": 1.0, "m": 2.0, "z": 1.0]),
        GraphCase(
            name: "node-min-gt", formulas: "m = min(x, y); z = 2.0*m", values: "x=3.0, y=-2.0", output: "z",
            forward: ["x": 3.0, "y": -2.0, "m": -2.0, "z": -4.0],
            backward: ["x": 0.0, "y": 2.0, "m": 2.0, "z": 1.0]),
        GraphCase(
            name: "node-min-lt", formulas: "m = min(x, y); z = 2.0*m", values: "x=-4.0, y=1.5", output: "z",
            forward: ["x": -4.0, "y": 1.5, "m": -4.0, "z": -8.0],
            backward: ["x": 2.0, "y": 0.0, "m": 2.0, "z": 1.0]),
        GraphCase(
            name: "node-min-tie", formulas: "m = min(x, y); z = 2.0*m", values: "x=1.25, y=1.25", output: "z",
            forward: ["x": 1.25, "y": 1.25, "m": 1.25, "z": 2.5],
            backward: ["x": 1.0, "y": 1.0, "m": 2.0, "z": 1.0]),
        GraphCase(
            name: "graph-1", formulas: "p = x * y; s = p + z; m = max(y, z); f = s * m", values: "x=3.0, y=-1.0, z=2.0", output: "f",
            forward: ["x": 3.0, "y": -1.0, "z": 2.0, "p": -3.0, "s": -1.0, "m": 2.0, "f": -2.0],
            backward: ["x": -2.0, "y": 6.0, "z": 1.0, "p": 2.0, "s": 2.0, "m": -1.0, "f": 1.0]),
        GraphCase(
            name: "graph-2", formulas: "a = w0 * x0; b = w1 * x1; s = a + b; t = s + w2; y = sigmoid(t)", values: "w0=2.0, x0=-1.0, w1=-3.0, x1=-2.0, w2=-3.0", output: "y",
            forward: ["w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0, "a": -2.0, "b": 6.0, "s": 4.0, "t": 1.0, "y": 0.7310585786300049],
            backward: [
                "w0": -0.19661193324148185, "x0": 0.3932238664829637, "w1": -0.3932238664829637, "x1": -0.5898357997244456, "w2": 0.19661193324148185, "a": 0.19661193324148185,
                "b": 0.19661193324148185, "s": 0.19661193324148185, "t": 0.19661193324148185, "y": 1.0,
            ]),
        GraphCase(
            name: "graph-3", formulas: "u = w1 * x; z = tanh(u); v = w2 * z; yhat = tanh(v); d = y - yhat; E = d^2", values: "x=0.8, w1=0.5, w2=-1.3, y=0.4", output: "E",
            forward: [
                "x": 0.8, "w1": 0.5, "w2": -1.3, "y": 0.4, "u": 0.4, "z": 0.3799489622552249, "v": -0.49393365093179237, "yhat": -0.45733293756597165, "d": 0.8573329375659717, "E": 0.7350197658354983,
            ],
            backward: [
                "x": 0.7541809659068602, "w1": 1.2066895454509765, "w2": -0.5152250980568633, "y": 1.7146658751319435, "u": 1.5083619318137205, "z": 1.7628489455486378, "v": -1.356037650422029,
                "yhat": -1.7146658751319435, "d": 1.7146658751319435, "E": 1.0,
            ]),
        GraphCase(
            name: "graph-4", formulas: "a = x * x; mx = max(x, y); mn = min(x, y); p = mx * mn; f = a + p", values: "x=1.5, y=-0.5", output: "f",
            forward: ["x": 1.5, "y": -0.5, "a": 2.25, "mx": 1.5, "mn": -0.5, "p": -0.75, "f": 1.5],
            backward: ["x": 2.5, "y": 1.5, "a": 1.0, "mx": -0.5, "mn": 1.5, "p": 1.0, "f": 1.0]),
        GraphCase(
            name: "graph-5", formulas: "m = max(x, x)", values: "x=0.7", output: "m",
            forward: ["x": 0.7, "m": 0.7],
            backward: ["x": 1.0, "m": 1.0]),
        GraphCase(
            name: "graph-6", formulas: "p = w * x; z = p + b; h = sigmoid(z); l = log(h); L = -l", values: "w=0.4, x=1.5, b=-0.2", output: "L",
            forward: ["w": 0.4, "x": 1.5, "b": -0.2, "p": 0.6000000000000001, "z": 0.4, "h": 0.598687660112452, "l": -0.5130152523999526, "L": 0.5130152523999526],
            backward: ["w": -0.601968509831322, "x": -0.1605249359550192, "b": -0.401312339887548, "p": -0.401312339887548, "z": -0.401312339887548, "h": -1.6703200460356393, "l": -1.0, "L": 1.0]),
    ]
}
