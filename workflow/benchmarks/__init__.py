"""What `workflow/benchmark.py` measures, and how."""
