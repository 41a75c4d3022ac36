"""What is measured, as ratios of one run on one machine; `make bench` prints it and writes bench/results.json."""
