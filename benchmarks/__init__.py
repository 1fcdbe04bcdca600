"""What is measured, one file a question; `python -m benchmarks` names them."""
