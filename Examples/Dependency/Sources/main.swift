import Descent

print(gradient(at: Tensor([1, 2, 3])) { $0.squared.sum() })
