"""What `workflow/cli.py benchmark` measures, and how."""
