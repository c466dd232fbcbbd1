"""The program's numbers beside those of numpy, scikit-learn and torch: what is compared, the largest difference, its
bar. A table with clusters, duplicates, ties and a row of zeros; what is not installed is not compared."""
import csv
import json
import math
import subprocess

import numpy as np

N, D, GROUPS = 300, 12, 3


def run(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True)
    if done.returncode > 1:
        raise SystemExit(f"nearfar {' '.join(arguments)}: exit {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def table():
    """Rows of identities of three in groups; every tenth row is the one before, every seventh a lattice point."""
    random = np.random.default_rng(7)
    identity = np.arange(N) // 3
    x = random.normal(size=(N // 3, D))[identity] + 0.9 * random.normal(size=(N, D))
    x[::7] = np.round(x[::7])
    x[10::10] = x[9:-1:10]
    x[5] = 0
    return x.astype(np.float32), identity, identity % GROUPS


def unit(x):
    length = np.linalg.norm(x, axis=1, keepdims=True)
    return np.divide(x, length, out=np.zeros_like(x), where=length > 0)


def neighbours(program, folder, x):
    alive = np.linalg.norm(x, axis=1) > 0
    for metric in "cosine", "euclidean":
        out = f"{folder}/{metric}.csv"
        run(program, "neighbours", f"{folder}/x.npy", "--k", "20", "--metric", metric, "-o", out)
        u = unit(x.astype(np.float64)) if metric == "cosine" else x.astype(np.float64)
        near = u @ u.T if metric == "cosine" else -np.sqrt(((u[:, None] - u[None]) ** 2).sum(2))
        usable = alive if metric == "cosine" else np.ones(N, bool)
        np.fill_diagonal(near, -np.inf)
        near[:, ~usable] = -np.inf
        off, last = 0, {}
        for row in csv.DictReader(open(out, encoding="utf-8")):
            query, other = int(row["query"]), int(row["neighbour"])
            got = float(row["similarity"]) if metric == "cosine" else -float(row["distance"])
            want = -np.sort(-near[query])[int(row["rank"]) - 1]
            off = max(off, abs(got - want), abs(got - near[query, other]))
            last[query] = int(row["rank"])
        yield f"neighbours, {metric}: of numpy's", off, 1e-5
        yield f"neighbours, {metric}: rows without twenty", sum(last.get(i) != 20 for i in range(N) if usable[i]), 0


def project(program, folder, x):
    told = json.loads(run(program, "project", f"{folder}/x.npy", "--components", "5", "-o", f"{folder}/xy.npy", "--json"))
    centred = x.astype(np.float64) - x.mean(0, dtype=np.float64)
    _, s, v = np.linalg.svd(centred, full_matrices=False)
    axes = v[:5] * np.sign(v[np.arange(5), np.abs(v[:5]).argmax(1)])[:, None]
    yield "project: coordinates, of numpy's", np.abs(np.load(f"{folder}/xy.npy") - centred @ axes.T).max(), 1e-4
    share = s[:5] ** 2 / (s**2).sum()
    yield "project: shares of the variance", np.abs(np.array(told["explained_variance_ratio"]) - share).max(), 1e-6


def audit(program, folder, x, identity, group):
    from sklearn.metrics import roc_auc_score, roc_curve, silhouette_score

    with open(f"{folder}/x.csv", "w", encoding="utf-8") as items:
        items.write("identity,group\n" + "".join(f"{i},g{g}\n" for i, g in zip(identity, group)))
    run(program, "audit", f"{folder}/x.npy", "--items", f"{folder}/x.csv", "--group", "group", "--relation", "identity",
        "--threshold", "0.5", "-o", f"{folder}/audit", "--inconclusive", "pass")
    with open(f"{folder}/audit/audit.json", encoding="utf-8") as file:
        told = {v["metric"]: v["value"] for v in reversed(json.load(file)["values"]) if v["cell"] == "all"}
    alive = np.linalg.norm(x, axis=1) > 0
    u, who = unit(x.astype(np.float64))[alive], identity[alive]
    i, j = np.triu_indices(len(u), 1)
    score, same = (u[i] * u[j]).sum(1), who[i] == who[j]
    fpr, tpr, _ = roc_curve(same, score)
    best = np.argmin(np.abs(fpr - (1 - tpr)))
    spread = math.sqrt((score[same].var() + score[~same].var()) / 2)
    wanted = {"auc": (roc_auc_score(same, score), 1e-4),
              "eer": ((fpr[best] + 1 - tpr[best]) / 2, 1e-3),
              "dprime": (abs(score[same].mean() - score[~same].mean()) / spread, 1e-5),
              "fmr": ((score[~same] >= 0.5).mean(), 1e-4), "fnmr": ((score[same] < 0.5).mean(), 1e-2),
              "silhouette": (silhouette_score(u, group[alive], metric="cosine"), 1e-5)}
    for metric, (want, bar) in wanted.items():
        yield f"audit: {metric}, of scikit-learn's", abs(told[metric] - want), bar


def objectives():
    """name, options, its value of a and b in torch."""
    import torch
    import torch.nn.functional as F

    def views(a, b, tau):
        u = F.normalize(torch.cat([a, b]), dim=1)
        return (u @ u.T / tau).fill_diagonal_(-1e300)

    def ntxent(a, b, labels, tau=0.2):
        n = len(a)
        return F.cross_entropy(views(a, b, tau), torch.arange(2 * n).roll(n))

    def supcon(a, b, labels, tau=0.1):
        s, y = views(a, b, tau), labels.repeat(2)
        mine = (y[:, None] == y[None]) & ~torch.eye(len(y), dtype=torch.bool)
        logs = s - s.logsumexp(1, keepdim=True)
        return -(logs.masked_fill(~mine, 0).sum(1) / mine.sum(1)).mean()

    def clip(a, b, labels):
        s = F.normalize(a, dim=1) @ F.normalize(b, dim=1).T / 0.07
        y = torch.arange(len(a))
        return (F.cross_entropy(s, y) + F.cross_entropy(s.T, y)) / 2

    def uniform(x):
        return torch.pdist(F.normalize(x, dim=1)).pow(2).mul(-2).exp().mean().log()

    def align_uniform(a, b, labels):
        apart = (F.normalize(a, dim=1) - F.normalize(b, dim=1)).pow(2).sum(1).mean()
        return apart + (uniform(a) + uniform(b)) / 2

    def barlow(a, b, labels):
        c = [(x - x.mean(0)) / (x.var(0, unbiased=False) + 1e-5).sqrt() for x in (a, b)]
        c = c[0].T @ c[1] / len(a)
        d = torch.diagonal(c)
        return ((d - 1) ** 2).sum() + 0.005 * ((c**2).sum() - (d**2).sum())

    def vicreg(a, b, labels):
        sum = 25 * F.mse_loss(a, b)
        for x in a, b:
            c = torch.cov(x.T)
            spread = F.relu(1 - (x.var(0) + 1e-4).sqrt()).mean()
            sum = sum + 12.5 * spread + ((c**2).sum() - (torch.diagonal(c) ** 2).sum()) / x.shape[1]
        return sum

    return [("ntxent", ["--set", "tau=0.2"], ntxent), ("supcon", ["--set", "tau=0.1"], supcon),
            ("clip", ["--set", "scale=14.285714285714286"], clip), ("align-uniform", [], align_uniform),
            ("barlow", ["--set", "lambda=0.005", "--set", "scale=1"], barlow), ("vicreg", [], vicreg)]


def losses(program, folder, x, group):
    import torch

    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    random = np.random.default_rng(8)
    rows = {"a": x[6:134], "b": (x[6:134] + 0.5 * random.normal(size=(128, D))).astype(np.float32)}
    for name, value in rows.items():
        np.save(f"{folder}/{name}.npy", value)
    np.save(f"{folder}/labels.npy", group[6:134].astype(np.float32))
    labels = torch.tensor(group[6:134])
    for name, options, value in objectives():
        extra = ["--labels", f"{folder}/labels.npy"] if name == "supcon" else []
        told = json.loads(run(program, "loss", name, f"{folder}/a.npy", f"{folder}/b.npy", *options, *extra, "--json",
                              "--grad-a", f"{folder}/ga.npy", "--grad-b", f"{folder}/gb.npy"))
        a, b = (torch.tensor(rows[k].astype(np.float64), requires_grad=True) for k in "ab")
        want = value(a, b, labels)
        grads = torch.autograd.grad(want, (a, b))
        off = max(np.abs(np.load(f"{folder}/g{k}.npy") - g.numpy()).max() / g.abs().max().item() for k, g in zip("ab", grads))
        yield f"loss {name}: of torch's, relative", abs(told["loss"] - want.item()) / abs(want.item()), 1e-5
        yield f"loss {name}: gradient, over its largest", off, 1e-4


def compare(program, folder):
    x, identity, group = table()
    np.save(f"{folder}/x.npy", x)
    yield from neighbours(program, folder, x)
    yield from project(program, folder, x)
    for part, arguments in (audit, (x, identity, group)), (losses, (x, group)):
        try:
            yield from part(program, folder, *arguments)
        except ImportError as missing:
            print(f"      not compared: {missing}")
