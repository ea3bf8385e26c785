"""One step of scaled residual networks on a GPU: one program a network, activations in registers (Triton).

The layer-by-layer way of `residual_batch` launches six kernels a layer, and each reads its operands
from memory and writes its result there. Here one program takes one network through all layers and
back: forward it reads every weight and writes every r_k = ReLU(h_k) once; backward it reads r_k, the
weights and both moments of Adam, and writes the weights and the moments. Nothing else moves.

No program reads what another one writes, and sums are taken in a fixed order: a network's numbers
do not depend on its company. Needs Triton, which comes with the CUDA builds of torch for Linux.
"""

import triton
import triton.language as tl


@triton.jit
def residual_kernel(
    h0,
    kept,
    weight,
    first,
    second,
    slopes,
    offsets,
    last,
    last_gradient,
    targets,
    logits,
    largest,
    networks,
    depth,
    width,
    number,
    one,
    TRAIN: tl.constexpr,
    PARTS: tl.constexpr,
    ROWS: tl.constexpr,
    COLUMNS: tl.constexpr,
    PADDED: tl.constexpr,
    CLASSES: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Take one network forward, and if TRAIN back again, with Adam's update of its hidden layers.

    Args:
        h0: h_0, (networks, PARTS · ROWS, COLUMNS); holds p_0 afterwards if TRAIN.
        kept: room for all r_k, (networks, depth, PARTS · ROWS, COLUMNS).
        weight: α Vᵀ, (depth, networks, COLUMNS, COLUMNS).
        first: first moments, shaped as the weights.
        second: second moments, likewise.
        slopes: Adam's c of each network, see `batched_adam`.
        offsets: Adam's e of each network.
        last: Bᵀ, (networks, COLUMNS, PADDED).
        last_gradient: where its gradient goes, likewise.
        targets: one-hot classes, (networks, PARTS · ROWS, CLASSES); zero for padded images.
        logits: where they go if not TRAIN, (networks, PARTS · ROWS, PADDED).
        largest: where the largest absolute logit goes if TRAIN, (networks,); NaN if one is.
        networks: how many there are.
        depth: L.
        width: d.
        number: images without padding, as a float.
        one: 1.0.
        TRAIN: whether to train, or only to return the logits.
        PARTS: tensors that the images are held in, so that the operands of a product fit into registers.
        ROWS: images of a part; a power of two.
        COLUMNS: neurons with padding; a power of two.
        PADDED: classes with padding; a power of two.
        CLASSES: classes.
        PRECISION: of products, "ieee" or "tf32x3" (three products of 11 binary digits each, which
            together have those of float32).
    """
    n = tl.program_id(0).to(tl.int64)
    rows, columns, classes = tl.arange(0, ROWS), tl.arange(0, COLUMNS), tl.arange(0, PADDED)
    tile = rows[:, None] * COLUMNS + columns[None, :]
    square = columns[:, None] * COLUMNS + columns[None, :]
    ends = columns[:, None] * PADDED + classes[None, :]
    true_class = classes[None, :] < CLASSES
    SIZE: tl.constexpr = ROWS * COLUMNS
    h0 += n * PARTS * SIZE
    kept += n * depth * PARTS * SIZE
    last += n * COLUMNS * PADDED
    weight += n * COLUMNS * COLUMNS
    layer = networks * COLUMNS * COLUMNS

    h = ()
    for part in tl.static_range(PARTS):
        h = h + (tl.load(h0 + part * SIZE + tile),)
    for _ in range(depth):
        w = tl.load(weight + square)
        above = ()
        for part in tl.static_range(PARTS):
            r = tl.where(h[part] > 0, h[part], 0.0)
            if TRAIN:
                tl.store(kept + part * SIZE + tile, r)
            # Times one, which Triton does not know: it would start the sum at h, which costs digits.
            above = above + (h[part] + tl.dot(r, w, input_precision=PRECISION) * one,)
        h = above
        kept += PARTS * SIZE
        weight += layer

    b = tl.load(last + ends)
    if TRAIN:
        first += n * COLUMNS * COLUMNS
        second += n * COLUMNS * COLUMNS
        slope, offset = tl.load(slopes + n), tl.load(offsets + n)
        # The loss: h_L becomes p_L.
        end = tl.zeros((COLUMNS, PADDED), tl.float32)
        most, bad, p = tl.zeros((ROWS,), tl.float32), tl.zeros((ROWS,), tl.float32), ()
        for part in tl.static_range(PARTS):
            z = tl.dot(h[part], b, input_precision=PRECISION)
            size = tl.where(true_class, tl.abs(z), 0.0)
            most = tl.maximum(most, tl.max(size, axis=1))
            # A maximum may forget a NaN.
            bad += tl.sum(tl.where(size == size, 0.0, 1.0), axis=1)
            image = (n * PARTS + part) * ROWS + rows[:, None]
            t = tl.load(targets + image * CLASSES + classes[None, :], mask=true_class, other=0.0)
            z = tl.where(true_class, z, float("-inf"))
            e = tl.exp(z - tl.max(z, axis=1)[:, None])
            # Padded images have no target, and the loss takes no notice of them.
            z = (e / tl.sum(e, axis=1)[:, None] - t) * tl.sum(t, axis=1)[:, None] / number
            end += tl.dot(tl.trans(h[part]), z, input_precision=PRECISION)
            p = p + (tl.dot(z, tl.trans(b), input_precision=PRECISION),)
        tl.store(largest + n, tl.where(tl.sum(bad, axis=0) > 0, float("nan"), tl.max(most, axis=0)))
        tl.store(
            last_gradient + n * COLUMNS * PADDED + ends,
            tl.where(columns[:, None] < width, end, 0.0),
        )
        # What other threads of this program have kept is read from here on.
        tl.debug_barrier()
        all_layers = tl.cast(depth, tl.int64) * layer
        first += all_layers
        second += all_layers
        for _ in range(depth):
            kept -= PARTS * SIZE
            weight -= layer
            first -= layer
            second -= layer
            w = tl.load(weight + square)
            # Without the row of the biases: column d of p, and what it adds to gradients, stays zero.
            up = tl.trans(tl.where(columns[:, None] < width, w, 0.0))
            g, below = tl.zeros((COLUMNS, COLUMNS), tl.float32), ()
            for part in tl.static_range(PARTS):
                r = tl.load(kept + part * SIZE + tile)
                g += tl.dot(tl.trans(r), p[part], input_precision=PRECISION)
                back = tl.dot(p[part], up, input_precision=PRECISION)
                below = below + (p[part] + tl.where(r > 0, back, 0.0),)
            p = below
            m, v = tl.load(first + square), tl.load(second + square)
            m += (g - m) * 0.1
            v = v * 0.999 + g * g * 0.001
            tl.store(first + square, m)
            tl.store(second + square, v)
            tl.store(weight + square, w - m / (tl.sqrt_rn(v) * slope + offset))
        for part in tl.static_range(PARTS):
            tl.store(h0 + part * SIZE + tile, p[part])
    else:
        for part in tl.static_range(PARTS):
            image = (n * PARTS + part) * ROWS + rows[:, None]
            z = tl.dot(h[part], b, input_precision=PRECISION)
            tl.store(logits + image * PADDED + classes[None, :], z)
