import Descent

extension CaseKind {
    /// Two-dimensional convolutions, as sums over shifted views of the image.
    static let convolution = [
        CaseKind("conv2d", convolutionLayer),
        CaseKind("conv_sizes", sizesOfConvolutions),
        CaseKind("conv_null_filters", nullFilters),
    ]
}

/// What one place of a kernel sees as the kernel moves: every `stride`-th of the last two axes, from `place`.
private func seen(_ image: Tensor, from place: (Int, Int), kernel: (Int, Int), stride: Int) -> Tensor {
    let (height, width) = (image.shape[image.rank - 2], image.shape[image.rank - 1])
    return image[
        .rest, .every(stride, from: place.0, to: max(place.0, height - kernel.0 + place.0 + 1)),
        .every(stride, from: place.1, to: max(place.1, width - kernel.1 + place.1 + 1))]
}

/// All that a kernel sees: [channels, kernel rows, kernel columns, output rows, output columns] of an image [channels, height, width].
private func windows(of image: Tensor, kernel: (Int, Int), stride: Int) -> Tensor {
    Tensor.stack(
        (0..<kernel.0).map { row in
            Tensor.stack((0..<kernel.1).map { seen(image, from: (row, $0), kernel: kernel, stride: stride) }, axis: 1)
        }, axis: 1)
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
    let kernel = (filters.shape[2], filters.shape[3]), isFlipped = try inputs.flag("flip")
    let convolution = { (image: Tensor, filters: Tensor, bias: Tensor) -> Tensor in
        let padded = image.padded([(0, 0), (padding, padding), (padding, padding)])
        let turned = isFlipped ? filters.flipped(axes: 2, 3) : filters
        return Tensor.einsum("cuvhw,ocuv->ohw", windows(of: padded, kernel: kernel, stride: stride), turned) + bias.reshaped(bias.count, 1, 1)
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
        let padded = Tensor.zeros([height + 2 * setting[1], width + 2 * setting[1]])
        let shape = seen(padded, from: (0, 0), kernel: kernel, stride: setting[0]).shape
        sizes.append(shape)
        if shape == wanted { matches.append(setting) }
    }
    return ["sizes": sizes, "matches": matches]
}

@Sendable private func nullFilters(_ inputs: CaseInputs) throws -> Answers {
    let image = try inputs.matrix("image")
    let kernel = (try size(inputs, "kh", atLeast: 1), try size(inputs, "kw", atLeast: 1)), count = kernel.0 * kernel.1
    let all = windows(of: image.expanded(axis: 0), kernel: kernel, stride: try size(inputs, "stride", atLeast: 1))
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
