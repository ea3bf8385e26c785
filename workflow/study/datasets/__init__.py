"""Data sets of images: MNIST, the subset of it that the project carries, and CIFAR-10."""
