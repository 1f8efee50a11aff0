"""One Meta-SGD meta-iteration in PyTorch, task after task, second order through autograd: what a person writes today.

    python3 pytorch_loop.py --program cropped --history nested --iterations 5 --threads 1

cropped   sequences padded to the longest of their batch, the state carried over padding: the well-written loop
notebook  every sequence padded to 50 steps, the state multiplied by the padding mask: the original notebook's loop

Prints one line of JSON with the milliseconds of each iteration.
"""

import argparse
import json
import os
import random
import sys
import time

# OpenBLAS has threads of its own, which torch.set_num_threads does not limit; it reads their number when torch is loaded.
_threads = sys.argv[sys.argv.index("--threads") + 1] if "--threads" in sys.argv else "1"
os.environ.setdefault("OPENBLAS_NUM_THREADS", _threads)

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

EMBEDDING, HIDDEN, PADDED = 64, 128, 50


def parameters(items):
    gru = torch.nn.GRU(EMBEDDING, HIDDEN, batch_first=True)
    fc = torch.nn.Linear(HIDDEN, items)
    return [
        torch.randn(items, EMBEDDING),
        *(p.detach().clone() for p in gru.parameters()),
        *(p.detach().clone() for p in fc.parameters()),
    ]


def forward(seq, lengths, params, steps, multiply):
    emb, w_ih, w_hh, b_ih, b_hh, fc_w, fc_b = params
    x = F.embedding(seq, emb)
    h = x.new_zeros(seq.size(0), HIDDEN)
    if not multiply:
        gates = F.linear(x, w_ih, b_ih)
    for t in range(steps):
        gi = F.linear(x[:, t], w_ih, b_ih) if multiply else gates[:, t]
        gh = F.linear(h, w_hh, b_hh)
        i_r, i_z, i_n = gi.chunk(3, 1)
        h_r, h_z, h_n = gh.chunk(3, 1)
        r = torch.sigmoid(i_r + h_r)
        z = torch.sigmoid(i_z + h_z)
        n = torch.tanh(i_n + r * h_n)
        new = (1 - z) * n + z * h
        mask = (t < lengths).float().unsqueeze(1)
        h = new * mask if multiply else mask * new + (1 - mask) * h
    return F.linear(h, fc_w, fc_b)


def batch(sequences, labels, program):
    steps = PADDED if program == "notebook" else max(map(len, sequences))
    seq = torch.zeros(len(sequences), steps, dtype=torch.long)
    for i, s in enumerate(sequences):
        seq[i, : len(s)] = torch.tensor(s)
    return seq, torch.tensor([len(s) for s in sequences]), torch.tensor(labels), steps


def person(items, history, program):
    if history == "nested":
        h = [random.randrange(items) for _ in range(16)]
        pairs = lambda a, b: ([h[:n] for n in range(a, b + 1)], [h[n] for n in range(a, b + 1)])
        support, query = pairs(1, 5), pairs(6, 15)
    else:
        draw = lambda n: ([[random.randrange(items) for _ in range(50)] for _ in range(n)], [random.randrange(items) for _ in range(n)])
        support, query = draw(5), draw(10)
    return batch(*support, program), batch(*query, program)


def meta_iteration(theta, alpha, optimiser, tasks, inner_steps, multiply):
    optimiser.zero_grad()
    total = 0.0
    for (s_seq, s_len, s_lab, s_steps), (q_seq, q_len, q_lab, q_steps) in tasks:
        fast = theta
        for _ in range(inner_steps):
            loss = F.cross_entropy(forward(s_seq, s_len, fast, s_steps, multiply), s_lab)
            grads = torch.autograd.grad(loss, fast, create_graph=True)
            fast = [p - a * g for p, a, g in zip(fast, alpha, grads)]
        loss = F.cross_entropy(forward(q_seq, q_len, fast, q_steps, multiply), q_lab) / len(tasks)
        loss.backward()
        total += loss.item()
    optimiser.step()
    with torch.no_grad():
        for a in alpha:
            a.clamp_(1e-4, 0.1)
    return total


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", choices=["cropped", "notebook"], default="cropped")
    parser.add_argument("--history", choices=["nested", "long"], default="nested")
    parser.add_argument("--items", type=int, default=343)
    parser.add_argument("--tasks", type=int, default=32)
    parser.add_argument("--inner-steps", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(7)
    random.seed(7)
    theta = [p.requires_grad_() for p in parameters(args.items)]
    alpha = [torch.full_like(p, 0.01).requires_grad_() for p in theta]
    optimiser = torch.optim.Adam([*theta, *alpha], lr=1e-4)
    tasks = [person(args.items, args.history, args.program) for _ in range(args.tasks)]
    times, processor = [], []
    for i in range(args.iterations + 1):
        start, used = time.perf_counter(), time.process_time()
        meta_iteration(theta, alpha, optimiser, tasks, args.inner_steps, args.program == "notebook")
        if i > 0:
            times.append(1000 * (time.perf_counter() - start))
            processor.append(1000 * (time.process_time() - used))
    figures = {"milliseconds": times, "processorMilliseconds": processor}
    print(json.dumps({"program": args.program, "threads": args.threads, "version": f"PyTorch {torch.__version__}", **figures}))
