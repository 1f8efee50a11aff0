#!/usr/bin/env python3
"""Golden values from PyTorch in float64, by double backward through the whole inner loop.

    python3 tooling/golden/generate.py --seed 7 --out tooling/golden/out/small.json
    python3 tooling/golden/generate.py --preset notebook --out tooling/golden/out/notebook.json

The file has the schema of @kshot/contract's goldenSchema. Nothing here is shared with the TypeScript code: derivatives
come from torch.autograd.grad(create_graph=True), Adam is torch.optim.Adam, and the forward pass is checked against
nn.GRU on packed sequences. Needs PyTorch 1.13 or later.
"""
import argparse
import json
import os

import torch
import torch.nn as nn
import torch.nn.functional as F

PRESETS = {
    "small": dict(items=17, embedding_dim=6, hidden_dim=10, layers=1, max_seq_len=8, inner_steps=5, outer_steps=4),
    # The notebook's model: 140,695 parameters.
    "notebook": dict(items=343, embedding_dim=64, hidden_dim=128, layers=1, max_seq_len=50, inner_steps=5, outer_steps=6),
}


def shapes(o):
    """Names and shapes in the order of the notebook's state_dict."""
    yield "embedding.weight", [o.items, o.embedding_dim]
    for layer in range(o.layers):
        width = o.embedding_dim if layer == 0 else o.hidden_dim
        yield f"gru.weight_ih_l{layer}", [3 * o.hidden_dim, width]
        yield f"gru.weight_hh_l{layer}", [3 * o.hidden_dim, o.hidden_dim]
        yield f"gru.bias_ih_l{layer}", [3 * o.hidden_dim]
        yield f"gru.bias_hh_l{layer}", [3 * o.hidden_dim]
    yield "fc.weight", [o.items, o.hidden_dim]
    yield "fc.bias", [o.items]


def starting_values(o):
    """PyTorch's own distributions, or normal values of one standard deviation for all."""
    bound = o.hidden_dim**-0.5
    theta = {}
    for name, shape in shapes(o):
        if o.init == "normal":
            theta[name] = 0.3 * torch.randn(shape)
        elif name == "embedding.weight":
            theta[name] = torch.randn(shape)
        else:
            theta[name] = (2 * torch.rand(shape) - 1) * bound
    return theta


def integers(low, high, size):
    return torch.randint(low, high + 1, (size,)).tolist()


def make_task(kind, o, low, high):
    """One learner whose items lie in [low, high]; see --tasks."""
    n = o.k + o.q
    sequences, labels = [], []
    if kind == "nested":
        history = integers(low, high, n + 1)
        sequences = [history[: i + 1] for i in range(n)]
        labels = history[1:]
    elif kind == "sessions":
        while len(labels) < n:
            session = integers(low, high, integers(2, 6, 1)[0])
            for i in range(1, len(session)):
                sequences.append(session[:i])
                labels.append(session[i])
        sequences, labels = sequences[:n], labels[:n]
    elif kind in ("unrelated", "long"):
        for i in range(n):
            longest = kind == "long" or i in (o.k - 1, n - 1)  # at least one of each side is cut to max_seq_len
            length = o.max_seq_len + 3 if longest else integers(1, min(12, o.max_seq_len), 1)[0]
            sequences.append(integers(low, high, length))
            labels.append(integers(low, high, 1)[0])
    else:
        raise SystemExit(f"--tasks: unknown kind {kind!r}; nested, sessions, unrelated or long")
    part = lambda a, b: {"sequences": sequences[a:b], "labels": labels[a:b]}
    return {"support": part(0, o.k), "query": part(o.k, n)}


def forward(theta, pairs, o):
    """Logits [B, items]; the state is carried over padding."""
    sequences = [s[-o.max_seq_len :] for s in pairs["sequences"]]
    lengths = torch.tensor([len(s) for s in sequences])
    longest = int(lengths.max())
    items = torch.tensor([s + [0] * (longest - len(s)) for s in sequences])
    inputs = F.embedding(items, theta["embedding.weight"])
    for layer in range(o.layers):
        w_ih, w_hh = theta[f"gru.weight_ih_l{layer}"], theta[f"gru.weight_hh_l{layer}"]
        b_ih, b_hh = theta[f"gru.bias_ih_l{layer}"], theta[f"gru.bias_hh_l{layer}"]
        h = torch.zeros(len(sequences), o.hidden_dim)
        states = []
        for t in range(longest):
            i_r, i_z, i_n = F.linear(inputs[:, t], w_ih, b_ih).chunk(3, 1)
            h_r, h_z, h_n = F.linear(h, w_hh, b_hh).chunk(3, 1)
            r, z = torch.sigmoid(i_r + h_r), torch.sigmoid(i_z + h_z)
            n = torch.tanh(i_n + r * h_n)
            h = torch.where((t < lengths).unsqueeze(1), (1 - z) * n + z * h, h)
            states.append(h)
        inputs = torch.stack(states, 1)
    return F.linear(h, theta["fc.weight"], theta["fc.bias"])


def check_forward(theta, pairs, o):
    """The hand-written forward pass against nn.GRU on packed sequences."""
    gru = nn.GRU(o.embedding_dim, o.hidden_dim, o.layers, batch_first=True)
    gru.load_state_dict({name[4:]: value for name, value in theta.items() if name.startswith("gru.")})
    sequences = [torch.tensor(s[-o.max_seq_len :]) for s in pairs["sequences"]]
    lengths = torch.tensor([len(s) for s in sequences])
    padded = nn.utils.rnn.pad_sequence(sequences, batch_first=True)
    packed = nn.utils.rnn.pack_padded_sequence(
        F.embedding(padded, theta["embedding.weight"]), lengths, batch_first=True, enforce_sorted=False
    )
    with torch.no_grad():
        expected = F.linear(gru(packed)[1][-1], theta["fc.weight"], theta["fc.bias"])
        error = (forward(theta, pairs, o) - expected).abs().max().item()
    if error > 1e-11:
        raise SystemExit(f"forward pass differs from nn.GRU by {error}")
    return error


def loss_of(theta, pairs, o):
    return F.cross_entropy(forward(theta, pairs, o), torch.tensor(pairs["labels"]))


def adapt(theta, alpha, support, steps, o, second_order):
    for _ in range(steps):
        gradients = torch.autograd.grad(loss_of(theta, support, o), list(theta.values()), create_graph=second_order)
        theta = {name: value - alpha[name] * g for (name, value), g in zip(theta.items(), gradients)}
    return theta


def meta_gradient(theta, alpha, tasks, o, second_order=True):
    theta, alpha = leaves(theta), leaves(alpha)
    losses, total = [], {}
    for task in tasks:  # one task at a time, so that one graph is alive at a time
        loss = loss_of(adapt(theta, alpha, task["support"], o.inner_steps, o, second_order), task["query"], o)
        variables = list(theta.values()) + list(alpha.values())
        for i, g in enumerate(torch.autograd.grad(loss / len(tasks), variables)):
            total[i] = g if i not in total else total[i] + g
        losses.append(loss.item())
    values = list(total.values())
    d_theta = dict(zip(theta, values[: len(theta)]))
    d_alpha = dict(zip(alpha, values[len(theta) :]))
    return {"loss": sum(losses) / len(losses), "taskLosses": losses, "dTheta": d_theta, "dAlpha": d_alpha}


def leaves(parameters):
    return {name: value.detach().clone().requires_grad_() for name, value in parameters.items()}


def flat(value):
    """Tensors by name → flat lists; everything else as it is."""
    if isinstance(value, torch.Tensor):
        return value.detach().reshape(-1).tolist()
    if isinstance(value, dict):
        return {key: flat(entry) for key, entry in value.items()}
    return value


def golden(o):
    torch.manual_seed(o.seed)
    theta = starting_values(o)
    alpha = {name: 0.005 + 0.095 * torch.rand(shape) for name, shape in shapes(o)}
    direction = {name: torch.randn(shape) for name, shape in shapes(o)}
    kinds = o.tasks.split(",")
    share = o.items // len(kinds)
    ranges = [(i * share, (i + 1) * share - 1) if o.disjoint else (0, o.items - 1) for i in range(len(kinds))]
    tasks = [make_task(kind, o, *ranges[i]) for i, kind in enumerate(kinds)]
    if o.batches:
        batches = json.loads(o.batches)
    elif o.disjoint:
        batches = [[i % len(tasks)] for i in range(o.outer_steps)]
    else:
        batches = [list(range(len(tasks)))] * o.outer_steps
    for task in tasks:
        for side in task.values():
            check_forward(theta, side, o)

    support = tasks[0]["support"]
    point = leaves(theta)
    loss = loss_of(point, support, o)
    gradient = torch.autograd.grad(loss, list(point.values()), create_graph=True)
    along = sum((g * direction[name]).sum() for name, g in zip(point, gradient))
    product = torch.autograd.grad(along, list(point.values()))
    adapted = {
        str(steps): adapt(leaves(theta), alpha, support, steps, o, False) for steps in sorted({1, o.inner_steps})
    }
    meta = {
        "secondOrder": meta_gradient(theta, alpha, tasks, o),
        "firstOrder": meta_gradient(theta, alpha, tasks, o, second_order=False),
    }

    low, high = o.alpha_clamp
    trained, rates, losses = leaves(theta), leaves(alpha), []
    adam = torch.optim.Adam([*trained.values(), *rates.values()], lr=o.outer_lr)
    for batch in batches:
        step = meta_gradient(trained, rates, [tasks[i] for i in batch], o)
        losses.append(step["loss"])
        for name in trained:
            trained[name].grad, rates[name].grad = step["dTheta"][name], step["dAlpha"][name]
        adam.step()
        with torch.no_grad():
            for rate in rates.values():
                rate.clamp_(low, high)

    return {
        "config": {
            "nItems": o.items,
            "embeddingDim": o.embedding_dim,
            "hiddenDim": o.hidden_dim,
            "numLayers": o.layers,
            "maxSeqLen": o.max_seq_len,
            "innerSteps": o.inner_steps,
        },
        "shapes": dict(shapes(o)),
        "theta": flat(theta),
        "alpha": flat(alpha),
        "tasks": tasks,
        "support0": {
            "logits": [row.tolist() for row in forward(theta, support, o)],
            "loss": loss.item(),
            "gradient": flat(dict(zip(point, gradient))),
            "direction": flat(direction),
            "hessianVectorProduct": flat(dict(zip(point, product))),
        },
        "adapted0": flat(adapted),
        "meta": flat(meta),
        "training": {
            "outerLr": o.outer_lr,
            "alphaClamp": [low, high],
            "batches": batches,
            "losses": losses,
            "theta": flat(trained),
            "alpha": flat(rates),
        },
    }


def options():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--preset", choices=sorted(PRESETS), default="small", help="sizes that no other option sets")
    for name in ("items", "embedding-dim", "hidden-dim", "layers", "max-seq-len", "inner-steps", "outer-steps"):
        p.add_argument(f"--{name}", type=int)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--k", type=int, default=5, help="support pairs of a task")
    p.add_argument("--q", type=int, default=10, help="query pairs of a task")
    p.add_argument("--init", choices=["pytorch", "normal"], default="pytorch")
    p.add_argument(
        "--tasks",
        default="nested,sessions,unrelated",
        help="comma list of: nested (prefixes of one history), sessions (several short histories), unrelated (one "
        "sequence on each side is longer than max-seq-len), long (all are)",
    )
    p.add_argument("--disjoint", action="store_true", help="no item in two tasks; each outer step sees one task")
    p.add_argument("--batches", help="task numbers of each outer step as JSON, [[0, 1], [2]]")
    p.add_argument("--outer-lr", type=float, default=1e-3)
    p.add_argument("--alpha-clamp", type=float, nargs=2, default=[1e-4, 0.1], metavar=("LOW", "HIGH"))
    p.add_argument("--out", required=True)
    o = p.parse_args()
    for key, value in PRESETS[o.preset].items():
        if getattr(o, key) is None:
            setattr(o, key, value)
    return o


def main():
    o = options()
    torch.set_default_dtype(torch.float64)
    values = golden(o)
    size = sum(len(v) for v in values["theta"].values())
    if o.preset == "notebook" and vars(o).items() >= PRESETS["notebook"].items():
        assert size == 140_695, size
    os.makedirs(os.path.dirname(os.path.abspath(o.out)), exist_ok=True)
    with open(o.out, "w", encoding="utf-8") as file:
        json.dump(values, file, separators=(",", ":"))
    print(f"{o.out}: {size:,} parameters, meta-loss {values['meta']['secondOrder']['loss']:.6f}")


if __name__ == "__main__":
    main()
