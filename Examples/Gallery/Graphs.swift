import Descent

/// Computational graphs with values and gradients.
func graphPictures(_ gallery: Gallery) throws {
    gallery.section("Computational graphs")
    let formulas = "L = -(y*log(s) + (1-y)*log(1-s)); s = sigmoid(w2*sigmoid(w1*x + b1) + b2)"
    let values = "x=0.5, y=1, w1=0.8, b1=-0.1, w2=1.5, b2=0.2"
    let network = try Explanation(formulas, at: values, wrt: ["w1", "b1", "w2", "b2"])
    try gallery.add(
        network.picture("Cross-entropy of a network of two neurons"), file: "graph-two-neurons", width: 1100,
        caption: "Values forward above the arrows, gradients back below them. `s` and `y` are used twice: what comes back is summed.",
        code: "descent explain \"\(formulas)\" --at \"\(values)\" --wrt w1,b1,w2,b2 --svg graph.svg")
    let fanOut = try Explanation("f = (x*y + z) * max(y, z)", at: "x=3, y=-1, z=2")
    try gallery.add(
        fanOut.picture("Fan-out: a value used twice"), file: "graph-fan-out",
        caption: "`y` and `z` are each used twice. Their gradients are the sums of what both uses send; `max` sends all of its gradient to the larger one.")
    let matrices = try Explanation("L = sum((W @ x - t)^2)", at: "W=[[1,2],[3,4]], x=[0.5,-1], t=[1,1]", wrt: ["W"])
    try gallery.add(matrices.picture("Least squares with a matrix"), file: "graph-matrix", caption: "The same with a matrix and vectors.")
}
