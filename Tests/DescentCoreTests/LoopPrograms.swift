/// The program of a cell written by hand, and of a step of its loop, before the passes and after: as docs/RECURRENT.md shows them.
enum LoopPrograms {
    static let before = """
        inputs: %0 float32[2, 3], %1 float32[5, 2, 4], %2 float32[4, 3], %3 float32[3, 3], %4 float32[3], %5 float32[3, 6]
          %6 float32[2, 3], %7 float32[5, 2, 6] = scan{5 steps, 1 carried, 1 sliced, 4 constant, 1 stacked, 0 summed}(%0, %1, %2, %3, %4, %5)
        outputs: %6, %7
        """
    static let bodyBefore = """
        inputs: %0 float32[2, 3], %1 float32[2, 4], %2 float32[4, 3], %4 float32[3, 3], %7 float32[3], %11 float32[3, 6]
          %3 float32[2, 3] = product{[1]·[0]}(%1, %2)
          %5 float32[2, 3] = product{[1]·[0]}(%0, %4)
          %6 float32[2, 3] = add(%3, %5)
          %8 float32[2, 3] = broadcast{[2, 3] from axes [1]}(%7)
          %9 float32[2, 3] = add(%6, %8)
          %10 float32[2, 3] = tanh(%9)
          %12 float32[2, 6] = product{[1]·[0]}(%10, %11)
          %13 float32[2, 6] = sigmoid(%12)
        outputs: %10, %13
        """
    static let after = """
        inputs: %7 float32[2, 3], %2 float32[5, 2, 4], %3 float32[4, 3], %8 float32[3, 3], %0 float32[3], %11 float32[3, 6]
          %4 float32[5, 2, 3] = product{[2]·[0]}(%2, %3)
          %14 float32[5, 2, 3] = broadcast{[5, 2, 3] from axes [2]}(%0)
          %6 float32[5, 2, 3] = add(%14, %4)
          %9 float32[2, 3], %10 float32[5, 2, 3] = scan{5 steps, 1 carried, 1 sliced, 1 constant, 1 stacked, 0 summed}(%7, %6, %8)
          %12 float32[5, 2, 6] = product{[2]·[0]}(%10, %11)
          %13 float32[5, 2, 6] = sigmoid(%12)
        outputs: %9, %13
        """
    static let bodyAfter = """
        inputs: %0 float32[2, 3], %2 float32[2, 3], %4 float32[3, 3]
          %7 float32[2, 3] = product{[1]·[0]}(%0, %4)
          %8 float32[2, 3] = add(%2, %7)
          %9 float32[2, 3] = tanh(%8)
        outputs: %9, %9
        """
}
