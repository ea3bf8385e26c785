"""Settings of figures of many networks with Gaussian iid weights, from two samplers."""

from study.points import Point, PointSettings

#: What a layer of the sampler "lengths" costs, in neurons of the joint one (measured).
_LAYER_OF_LENGTHS = 3


class GaussianSamples(PointSettings):
    """Points name their sampler: "lengths" gives outputs alone, "joint" gradients too."""

    def job_of(self, point: Point) -> str:
        return {"lengths": "outputs", "joint": "gradients"}[point["sampler"]]

    def work(self) -> float:
        """Return neurons of the joint sampler, what the fast one costs among them."""
        total = 0.0
        for point in self.grid_points():
            layer = _LAYER_OF_LENGTHS if point["sampler"] == "lengths" else point["width"]
            total += point["networks"] * point["depth"] * layer
        return total
