#!/usr/bin/env python3
"""What needs real training, statistics or a clock: one line a criterion, `ok` or `MISS`, figure and bar.

    accept.py quick|all build/nearfar [NAME ...]

quick is what fits in five minutes; names run just those. Exit 1 on a miss."""
import csv
import filecmp
import json
import math
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

CRITERIA = []
FASHION = "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz"


def criterion(quick):
    def add(f):
        CRITERIA.append((f.__name__.replace("_", "-"), quick, f))
        return f

    return add


class Judge:
    """Collects figures; a figure that misses its bar is said and kept."""

    def __init__(self):
        self.missed = 0

    def line(self, fine, what, figure, bar):
        self.missed += not fine
        print(f"{'ok  ' if fine else 'MISS'}  {what:<58} {figure:>12}   bar {bar}", flush=True)

    def at_least(self, what, figure, bar):
        self.line(figure >= bar, what, f"{figure:.4g}", f">= {bar}")

    def at_most(self, what, figure, bar):
        self.line(figure <= bar, what, f"{figure:.4g}", f"<= {bar}")


def train(program, data, folder, *options):
    """Runs `nearfar train`; the JSON of its last line, with the seconds of the whole process added."""
    start = time.monotonic()
    done = subprocess.run([program, "train", data, "-o", folder, "--json", *options], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"nearfar train {data} {' '.join(options)}: exit {done.returncode}: {done.stderr.strip()}")
    result = json.loads(done.stdout.strip().splitlines()[-1])
    result["wall"] = time.monotonic() - start
    return result


@criterion(quick=True)
def tiles_shape_in_thirty_seconds(judge, program, folder):
    r = train(program, "tiles", folder + "/run", "--seed", "1", "--seconds", "20")
    judge.at_most("train tiles: seconds, all told", r["wall"], 30)
    judge.at_least("shape kNN in h, held-out identities", r["knn"]["shape"], 0.90)
    judge.at_most("shape kNN of raw pixels", r["knn_pixels"]["shape"], 0.80)
    judge.at_most("shape kNN of the untrained net", r["knn_untrained"]["shape"], 0.80)
    judge.at_least("shape kNN on the 2-D map, class axes", r["knn_map"]["shape"], 0.60)


def methods_of(program):
    """Every method's name, as the refusal of a wrong one lists them."""
    done = subprocess.run([program, "train", "tiles", "--method", "?", "-o", "unused"], capture_output=True, text=True)
    return re.search(r"there (?:is|are) ([a-z0-9, -]+)", done.stderr).group(1).replace(" and ", ", ").split(", ")


@criterion(quick=False)
def every_method_lifts_shape(judge, program, folder):
    for name in methods_of(program):
        r = train(program, "tiles", f"{folder}/{name}", "--seed", "1", "--method", name)
        base = max(r["knn_pixels"]["shape"], r["knn_untrained"]["shape"])
        judge.at_least(f"{name}: shape kNN over pixels and untrained", r["knn"]["shape"] - base, 0.05)
        judge.at_most(f"{name}: seconds, all told", r["wall"], 120)


def colour_shortcut(judge, program, folder, seed):
    default = train(program, "tiles", f"{folder}/a{seed}", "--seed", str(seed))
    plain = train(program, "tiles", f"{folder}/b{seed}", "--seed", str(seed), "--set", "jitter=0")
    judge.at_least(f"seed {seed}, jitter=0: hue kNN", plain["knn"]["hue"], 0.95)
    judge.at_least(f"seed {seed}: shape kNN lost without jitter", default["knn"]["shape"] - plain["knn"]["shape"], 0.25)


@criterion(quick=True)
def colour_shortcut_seed_1(judge, program, folder):
    colour_shortcut(judge, program, folder, 1)


@criterion(quick=False)
def colour_shortcut_seeds_2_and_3(judge, program, folder):
    for seed in (2, 3):
        colour_shortcut(judge, program, folder, seed)


def rows_of_npy(path):
    """A float32 matrix written by the program, as lists of numbers of length 1."""
    with open(path, "rb") as f:
        data = f.read()
    start = 10 + struct.unpack("<H", data[8:10])[0]
    shape = re.search(rb"'shape': \((\d+), (\d+)\)", data[:start])
    n, d = int(shape[1]), int(shape[2])
    flat = struct.unpack(f"<{n * d}f", data[start : start + 4 * n * d])
    rows = [flat[i * d : (i + 1) * d] for i in range(n)]
    return [[x / (math.sqrt(sum(y * y for y in row)) or 1) for x in row] for row in rows]


def precision_at_5(program, run, folder):
    """Over the 48 texts of a shape and a hue: share of the 5 nearest held-out pictures that have both."""
    with open(run + "/items.csv", newline="") as f:
        held_out = list(csv.DictReader(f))
    kinds = sorted({(item["hue"], item["shape"]) for item in held_out})
    with open(folder + "/texts", "w") as f:
        f.writelines(f"a {hue} {shape}\n" for hue, shape in kinds)
    embed = [program, "embed", run, "tiles", "-o"]
    subprocess.run([*embed, folder + "/z.npy", "--space", "z"], check=True)
    subprocess.run([*embed, folder + "/t.npy", "--texts", folder + "/texts"], check=True)
    z, texts = rows_of_npy(folder + "/z.npy"), rows_of_npy(folder + "/t.npy")
    right = 0
    for kind, text in zip(kinds, texts):
        near = sorted(held_out, key=lambda item: -sum(a * b for a, b in zip(text, z[int(item["id"])])))[:5]
        right += sum((item["hue"], item["shape"]) == kind for item in near)
    return len(kinds), right / (5 * len(kinds))


@criterion(quick=True)
def clip_finds_pictures_by_words(judge, program, folder):
    options = ("--seed", "1", "--method", "clip", "--set", "query=2000")
    r = train(program, "tiles", folder + "/run", *options, "--steps", "400")
    train(program, "tiles", folder + "/raw", *options, "--steps", "0")
    judge.at_most("clip, 400 steps: seconds, all told", r["wall"], 120)
    judge.at_least("clip: zero-shot shape, held-out identities", r["zero_shot"]["shape"], 0.85)
    n, precision = precision_at_5(program, folder + "/run", folder)
    judge.at_least("texts of a shape and a hue", n, 48)
    judge.at_least("precision at 5 of those texts", precision, 0.80)
    judge.at_most("the same of the untrained net", precision_at_5(program, folder + "/raw", folder)[1], 0.30)


@criterion(quick=True)
def same_bytes_for_any_threads(judge, program, folder):
    options = ("--seed", "5", "--steps", "60", "--every", "20")
    for threads in "123":
        train(program, "tiles", folder + "/" + threads, *options, "--threads", threads)
    for name in ("metrics.csv", "checkpoint.safetensors"):
        same = all(filecmp.cmp(f"{folder}/1/{name}", f"{folder}/{t}/{name}", shallow=False) for t in "23")
        judge.line(same, f"{name}: --threads 1, 2, 3", "same" if same else "different", "same bytes")


@criterion(quick=True)
def resume_is_exact(judge, program, folder):
    options = ("--seed", "5", "--every", "20")
    train(program, "tiles", folder + "/whole", *options, "--steps", "60")
    train(program, "tiles", folder + "/parts", *options, "--steps", "60", "--stop-at", "37")
    done = subprocess.run([program, "train", "--resume", folder + "/parts", "--steps", "60"], capture_output=True, text=True)
    judge.line(done.returncode == 0, "train --resume", f"exit {done.returncode}", "exit 0")
    for name in ("metrics.csv", "checkpoint.safetensors"):
        same = filecmp.cmp(f"{folder}/whole/{name}", f"{folder}/parts/{name}", shallow=False)
        judge.line(same, f"{name}: resumed against uninterrupted", "same" if same else "different", "same bytes")


@criterion(quick=False)
def fashion_mnist_beats_pixels(judge, program, folder):
    if not os.path.exists(FASHION):
        print("skip  fashion-mnist: apt-get install dataset-fashion-mnist")
        return
    r = train(program, "fashion-mnist", folder + "/run", "--epochs", "3", "--seed", "1")
    judge.at_least("fashion-mnist, 3 epochs: label kNN less raw pixels'", r["knn"]["label"] - r["knn_pixels"]["label"], 0)
    judge.at_least("the same on moved probes", r["knn_moved"]["label"] - r["knn_moved_pixels"]["label"], 0.05)


@criterion(quick=False)
def training_speed(judge, program, folder):
    done = subprocess.run([program, "bench", "train", "--threads", "2", "--json"], capture_output=True, text=True)
    r = json.loads(done.stdout.strip().splitlines()[-1])
    judge.at_least("bench train, 2 threads: share of the sgemm peak", r["peak_share"], 0.65)


@criterion(quick=False)
def screen_latency(judge, program, folder):
    bench = "build/tests/bench/bench_latency"
    done = subprocess.run([bench, program], capture_output=True, text=True)
    r = json.loads(done.stdout.strip().splitlines()[-1])
    judge.at_most("key to screen, training on all cores: p99 ms", r["p99_ms"], 30)
    judge.at_most("through 1 MB/s and 50 ms: p99 ms", r["slow_p99_ms"], 150)
    judge.at_most("the screen's cost to training, %", r["screen_cost_percent"], 5)
    judge.at_most("bytes of a still screen", r["still_bytes"], 0)
    judge.at_most("first frame, s", r["first_frame_s"], 0.3)
    judge.at_most("first trained frame, s", r["first_trained_frame_s"], 1.0)


@criterion(quick=True)
def audit_intervals_cover(judge, program, folder):
    done = subprocess.run(["build/tests/accept/coverage"], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        r = json.loads(line)
        judge.at_least(f"95 % intervals that hold the truth, {r['population']}", r["coverage"], 0.92)
        judge.at_most("  per pair, for comparison", r["per_pair"], 0.60)


def audit(program, table, items):
    """The exit code of an audit of light by identity, with gates on both ratios."""
    command = [program, "audit", table, "--items", items, "--relation", "identity", "--group", "light", "--target",
               "fmr=1e-2", "--fail-if", "fmr_ratio>1.25", "--fail-if", "fnmr_ratio>1.25"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 2:
        sys.exit(f"nearfar audit: {done.stderr.strip()}")
    return done.returncode


def embed(program, run, data, folder):
    """Everything in a trained space: the paths of its table and items."""
    table, items = folder + "/all.npy", folder + "/all.csv"
    subprocess.run([program, "embed", run, data, "-o", table, "--items", items], check=True)
    return table, items


@criterion(quick=True)
def numbers_are_those_of_others(judge, program, folder):
    try:
        import others
    except ImportError as missing:
        print(f"      not compared: {missing}")
        return
    for what, off, bar in others.compare(program, folder):
        judge.at_most(what, off, bar)


@criterion(quick=True)
def audit_finds_planted_unfairness(judge, program, folder):
    train(program, "tiles", folder + "/run", "--seed", "1")
    code = audit(program, *embed(program, folder + "/run", "tiles", folder))
    judge.line(code == 1, "tiles: light by identity at FMR 1 %, ratio > 1.25", f"exit {code}", "exit 1")


@criterion(quick=False)
def audit_finds_nothing_in_chance(judge, program, folder):
    train(program, "tiles:light-effect=0", folder + "/run", "--seed", "1")
    table, items = embed(program, folder + "/run", "tiles:light-effect=0", folder)
    rows = [line.split(",") for line in open(items, encoding="utf-8").read().splitlines()]
    identity, light = rows[0].index("identity"), rows[0].index("light")
    found = 0
    for seed in range(40):
        draw = random.Random(seed)
        dim = {name: draw.random() < 0.15 for name in sorted({row[identity] for row in rows[1:]})}
        for row in rows[1:]:
            row[light] = "dim" if dim[row[identity]] else "bright"
        with open(items, "w", encoding="utf-8") as out:
            out.write("".join(",".join(row) + "\n" for row in rows))
        found += audit(program, table, items) == 1
    judge.at_most("light dealt at random, 40 times: audits that exit 1", found, 5)


@criterion(quick=False)
def sensitivity_finds_the_colour_jitter(judge, program, folder):
    start = time.monotonic()
    subprocess.run([program, "audit", "tiles", "--sensitivity", "--quick", "--group", "light", "--relation", "identity",
                    "-o", folder + "/s"], check=True, capture_output=True)
    judge.at_most("audit --sensitivity --quick on tiles, seconds", time.monotonic() - start, 180)
    with open(folder + "/s/sensitivity.json", encoding="utf-8") as file:
        report = json.load(file)
    jitter = next(row for row in report["rows"] if row["what"] == "without jitter")
    judge.at_least("without jitter: matches changed over the most that a seed changes",
                   jitter["match_churn"] / report["floor"]["match_churn_most"], 1.1)


@criterion(quick=False)
def score_engine_speed(judge, program, folder):
    done = subprocess.run([program, "bench", "pairs", "audit", "--threads", "2", "--json"], capture_output=True, text=True)
    pairs, whole, *look_ups = (json.loads(line) for line in done.stdout.strip().splitlines())
    judge.at_least("bench pairs, 2 threads: share of the sgemm peak", pairs["peak_share"], 0.60)
    judge.at_most("bench audit / bench pairs", whole["seconds"] / pairs["seconds"], 2.5)
    for look_up in look_ups:
        judge.at_most("a threshold moved, %d groups, where it takes longest: ms" % look_up["groups"],
                      look_up["slowest_ms"], 16)


def main():
    which, program, names = sys.argv[1], os.path.abspath(sys.argv[2]), sys.argv[3:]
    judge = Judge()
    for name, quick, f in CRITERIA:
        if name in names or (not names and (quick or which == "all")):
            print(f"-- {name}", flush=True)
            folder = tempfile.mkdtemp(prefix="nearfar-accept-")
            f(judge, program, folder)
            shutil.rmtree(folder)
    print(f"{judge.missed} missed")
    sys.exit(judge.missed > 0)


main()
