"""Ensembles of random networks.

Memory. Networks that are computed side by side share a stream: which of its numbers a network gets
depends on how many there are. So a batch is never divided when memory runs out, which would give
other networks; its size is fixed by the shape of the networks instead (`independent_weights`,
`networks_at_once` and the like), such that it takes little. Counted tensor by tensor, the most that any
computation holds at the sizes of the three papers is 630 MiB (smooth weights, 50 networks of 1000
layers of 40 neurons); fractional weights take 310 MiB, all others at most 620 MiB. One network of
2 L d² weights is the least that a batch can be: 8 L d² bytes.
"""
