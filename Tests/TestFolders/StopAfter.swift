/// Says `true` when asked for the last of some times, and `false` before: for runs that are broken off after so many steps.
package func stopping(after count: Int) -> () -> Bool {
    var left = count
    return {
        left -= 1
        return left == 0
    }
}
