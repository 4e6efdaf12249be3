import Descent

/// Times one array operation, compiled, call by call, as the peers' side does: a call to trace and plan, then calls for `seconds`, at least
/// three. Each makes fresh results. Prints the median and the fastest in milliseconds.
func runOperation(_ name: String, threads: Int, for limit: Double) {
    Threads.count = threads
    let operation = Operation.all[name]!
    let inputs = operation.inputs(Generator())
    evaluate(inputs)
    let function = compile(operation.body)
    let clock = ContinuousClock()
    evaluate(function(inputs))
    var times: [Double] = []
    let begin = clock.now
    while times.count < 3 || seconds(clock.now - begin) < limit {
        let start = clock.now
        let results = function(inputs)
        evaluate(results)
        times.append(seconds(clock.now - start) * 1000)
    }
    print(
        "{\"framework\": \"descent\", \"operation\": \"\(name)\", \"threads\": \(threads), "
            + "\"median_ms\": \(median(times)), \"min_ms\": \(times.min()!), \"calls\": \(times.count)}")
}
