import Descent

extension CaseKind {
    /// Two-dimensional convolutions.
    static let convolution = [
        CaseKind("conv2d", convolutionLayer),
        CaseKind("conv_sizes", sizesOfConvolutions),
        CaseKind("conv_null_filters", nullFilters),
    ]
}

/// All that a kernel sees, [kernel elements, output rows, output columns] of an image [height, width]: a filter for each element that picks it.
private func windows(of image: Tensor, kernel: (Int, Int), stride: Int) -> Tensor {
    let filters = Tensor.eye(kernel.0 * kernel.1, dtype: image.dtype).reshaped(kernel.0 * kernel.1, 1, kernel.0, kernel.1)
    return image.expanded(axis: 0).convolved(with: filters, stride: SpatialSizes(integerLiteral: stride))
}

/// An input that must be at least so large.
private func size(_ inputs: CaseInputs, _ name: String, atLeast low: Int) throws -> Int {
    let value = try inputs.int(name)
    if value < low { throw inputs.error(name, "is \(value); it must be at least \(low)") }
    return value
}

@Sendable private func convolutionLayer(_ inputs: CaseInputs) throws -> Answers {
    let image = try inputs.tensor("image", [nil, nil, nil]), filters = try inputs.tensor("filters", [nil, image.shape[0], nil, nil])
    let bias = try inputs.vector("bias", filters.shape[0])
    let stride = try size(inputs, "stride", atLeast: 1), padding = try size(inputs, "padding", atLeast: 0)
    let isFlipped = try inputs.flag("flip"), strides = SpatialSizes(integerLiteral: stride)
    let convolution = { (image: Tensor, filters: Tensor, bias: Tensor) -> Tensor in
        isFlipped
            ? image.trueConvolved(with: filters, bias: bias, stride: strides, padding: .zeros(padding))
            : image.convolved(with: filters, bias: bias, stride: strides, padding: .zeros(padding))
    }
    let output = convolution(image, filters, bias)
    var answers: Answers = [
        "output": output, "output_shape": output.shape, "weights": filters.count, "parameters": filters.count + bias.count,
    ]
    if inputs.has("upstream") {
        let upstream = try inputs.tensor("upstream", output.shape)
        let (value, slopes) = valueWithGradient(at: image, filters, bias) { (convolution($0, $1, $2) * upstream).sum() }
        answers["L"] = value
        (answers["dX"], answers["dW"], answers["db"]) = (slopes.0, slopes.1, slopes.2)
    }
    return answers
}

@Sendable private func sizesOfConvolutions(_ inputs: CaseInputs) throws -> Answers {
    let height = try size(inputs, "H", atLeast: 0), width = try size(inputs, "W", atLeast: 0)
    let kernel = (try size(inputs, "kh", atLeast: 1), try size(inputs, "kw", atLeast: 1))
    let wanted = try inputs.ints("wanted")
    var sizes: [[Int]] = [], matches: [[Int]] = []
    for entry in try inputs.reader["settings"].elements() {
        let setting = try CaseInputs.ints(entry)
        guard setting.count == 2, setting[0] >= 1, setting[1] >= 0 else { throw entry.error("must be a stride of at least 1 and a padding") }
        let fits = kernel.0 <= height + 2 * setting[1] && kernel.1 <= width + 2 * setting[1]
        let output = { Tensor.zeros([1, height, width]).convolved(with: .zeros([1, 1, kernel.0, kernel.1]), stride: SpatialSizes(integerLiteral: setting[0]), padding: .zeros(setting[1])) }
        let shape = fits ? Array(output().shape[1...]) : [0, 0]
        sizes.append(shape)
        if shape == wanted { matches.append(setting) }
    }
    return ["sizes": sizes, "matches": matches]
}

@Sendable private func nullFilters(_ inputs: CaseInputs) throws -> Answers {
    let image = try inputs.matrix("image")
    let kernel = (try size(inputs, "kh", atLeast: 1), try size(inputs, "kw", atLeast: 1)), count = kernel.0 * kernel.1
    let all = windows(of: image, kernel: kernel, stride: try size(inputs, "stride", atLeast: 1))
    let matrix = all.reshaped(count, all.count / count).transposed()
    let rank = matrix.matrixRank()
    let precision = inputs.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
    var isZero: [Bool] = []
    for entry in try inputs.reader["candidates"].elements() {
        let filter = try inputs.tensor(entry, [kernel.0, kernel.1]).flattened()
        // Zero but for the rounding of the sum's terms.
        let slack = abs(matrix).matmul(abs(filter)) * (Double(count) * precision)
        isZero.append((abs(matrix.matmul(filter)) .<= slack).all().bools[0])
    }
    return ["rank": rank, "nullity": Double(count) - rank, "zero_output": isZero]
}
