"""Loads one CSV file of numbers with descent, pandas and polars in turn, each in a process of its own.

    python csv_load.py path/to/descent-bench [--rows 1000000] [--columns 20] [--format %.6f] [--threads 2] [--repeats 5]

Prints the median time from the file to columns of numbers, and the most memory of the process (interpreter included)
over the size of the file. Needs numpy, pandas, polars.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

PEER = """
import json, resource, sys, time
kind, path = sys.argv[1:]
if kind == "polars":
    import polars
    start = time.perf_counter(); frame = polars.read_csv(path); seconds = time.perf_counter() - start
    total = frame[:, -1].sum()
else:
    import pandas
    engine = {"pandas": {}, "pandas (exact)": {"float_precision": "round_trip"}}[kind]
    start = time.perf_counter(); frame = pandas.read_csv(path, **engine); seconds = time.perf_counter() - start
    total = float(frame.iloc[:, -1].sum())
print(json.dumps({"seconds": seconds, "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "sum": total}))
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bench")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=20)
    parser.add_argument("--format", default="%.6f", help="how numbers are written; %%r writes all digits")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    environment = dict(os.environ, POLARS_MAX_THREADS=str(arguments.threads))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table.csv")
        write(path, arguments)
        megabytes = os.path.getsize(path) / 1048576
        print(f"{arguments.rows} x {arguments.columns}, {arguments.format}: {megabytes:.0f} MB, {arguments.threads} threads")
        commands = {
            "descent": [arguments.bench, "--workload", "csv_load", "--threads", str(arguments.threads), "--data", path],
            "polars": [sys.executable, "-c", PEER, "polars", path],
            "pandas": [sys.executable, "-c", PEER, "pandas", path],
            "pandas (exact)": [sys.executable, "-c", PEER, "pandas (exact)", path],
        }
        results = {name: [] for name in commands}
        for _ in range(arguments.repeats):
            for name, command in commands.items():
                results[name].append(json.loads(subprocess.run(command, env=environment, check=True, capture_output=True).stdout))
        for name, runs in results.items():
            seconds = statistics.median(run["seconds"] for run in runs)
            memory = statistics.median(run["peak_rss_mb"] for run in runs)
            print(f"{name:15} {seconds:6.2f} s  {memory:6.0f} MB ({memory / megabytes:.2f} times the file)  sum {runs[0]['sum']!r}")


def write(path, arguments):
    import numpy

    random = numpy.random.default_rng(1)
    with open(path, "w") as file:
        file.write(",".join(f"x{column}" for column in range(arguments.columns)) + "\n")
        for first in range(0, arguments.rows, 10_000):
            values = random.standard_normal((min(10_000, arguments.rows - first), arguments.columns)).tolist()
            file.writelines(",".join(arguments.format % value for value in row) + "\n" for row in values)


main()
