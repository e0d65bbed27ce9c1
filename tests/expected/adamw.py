"""Prints what tests/training/optimizer.test.ts expects of AdamW. Needs torch (2.6 was used)."""
import torch

w = torch.nn.Parameter(torch.tensor([[0.5, -0.25], [1.0, 2.0]]))
g = torch.nn.Parameter(torch.tensor([1.0, -1.0]))
groups = [{"params": [w], "weight_decay": 0.1}, {"params": [g], "weight_decay": 0.0}]
optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-8)
norms = []
for step in (1, 2, 3):
    w.grad = torch.tensor([[0.3, -0.4], [float(step), 0.1]])
    g.grad = torch.tensor([-float(step), 0.2])
    norms.append(torch.nn.utils.clip_grad_norm_([w, g], 1.0).item())
    for group in optimizer.param_groups:
        group["lr"] = 0.01 * step
    optimizer.step()
print("norms", norms)
print("w", w.detach().flatten().tolist())
print("g", g.detach().flatten().tolist())
