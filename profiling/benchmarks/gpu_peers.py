#!/usr/bin/env python3
"""Measures PyTorch on the same GPU and compares it with what gpu-run.sh measured: gpu_peers.py [--quick] [--cpu] RESULTS_FOLDER.

Writes torch.json (torch._int_mm, a copy on the device, and MobileNetV2 and MiniLM in fp16, compiled with CUDA graphs, at
batch 1 and 32) and summary.json (each goal with what was reached). Without PyTorch or a GPU it says so and still writes the
summary of the rest. Networks have random weights: only their speed is compared. --cpu runs the same code on the processor,
in fp32 and uncompiled: it shows that the code is sound, and its times are left out of the summary.
"""

import json
import pathlib
import statistics
import sys
import time

ROUNDS = 51
WARM_UPS = 10
TOKENS = 128

# Dense INT8 peak in TOPS, NVIDIA's figures for the SXM boards.
INT8_PEAK = {"H100": 1979.0, "H200": 1979.0, "A100": 624.0, "B200": 4500.0}


def load_torch(cpu):
    try:
        import torch
    except ImportError as fault:
        return None, f"PyTorch cannot be loaded ({fault}): pip install torch; nothing is compared with it"
    if not cpu and not torch.cuda.is_available():
        return None, "PyTorch sees no CUDA device; nothing is compared with it"
    return torch, None


class Bench:
    """Times calls on one device."""

    def __init__(self, torch, cpu, quick):
        self.torch = torch
        self.device = "cpu" if cpu else "cuda"
        self.rounds = 3 if quick else ROUNDS
        self.warm_ups = 1 if quick else WARM_UPS

    def wait(self):
        if self.device == "cuda":
            self.torch.cuda.synchronize()

    def wall_nanos(self, run):
        """Host time of a call, as Octet's bench measures."""
        nanos = []
        for index in range(self.warm_ups + self.rounds):
            self.wait()
            start = time.perf_counter_ns()
            run()
            self.wait()
            if index >= self.warm_ups:
                nanos.append(time.perf_counter_ns() - start)
        return statistics.median(nanos)

    def device_nanos(self, run):
        """The device's own time of a call."""
        if self.device == "cpu":
            return self.wall_nanos(run)
        for _ in range(self.warm_ups):
            run()
        nanos = []
        for _ in range(self.rounds):
            start = self.torch.cuda.Event(enable_timing=True)
            end = self.torch.cuda.Event(enable_timing=True)
            start.record()
            run()
            end.record()
            end.synchronize()
            nanos.append(start.elapsed_time(end) * 1e6)
        return statistics.median(nanos)

    def host(self, tensor):
        return tensor.pin_memory() if self.device == "cuda" else tensor


def int_mm(bench, sizes):
    torch = bench.torch
    entries = []
    for size in sizes:
        x = torch.randint(-128, 128, (size, size), dtype=torch.int8, device=bench.device)
        w = torch.randint(-128, 128, (size, size), dtype=torch.int8, device=bench.device)
        nanos = bench.device_nanos(lambda: torch._int_mm(x, w.t()))
        entries.append({"size": size, "medianNanos": nanos, "tops": 2 * size**3 / nanos / 1000})
    return entries


def copy(bench, size_bytes):
    source = bench.torch.randint(0, 256, (size_bytes,), dtype=bench.torch.uint8, device=bench.device)
    target = bench.torch.empty_like(source)
    nanos = bench.device_nanos(lambda: target.copy_(source))
    return {"bytes": 2 * size_bytes, "medianNanos": nanos, "gbs": 2 * size_bytes / nanos}


def mobilenet_v2(torch):
    nn = torch.nn

    def conv(inputs, outputs, kernel, stride=1, groups=1, activation=True):
        layers = [
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs),
        ]
        return nn.Sequential(*layers, *([nn.ReLU6()] if activation else []))

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride, expansion):
            super().__init__()
            hidden = inputs * expansion
            layers = [conv(inputs, hidden, 1)] if expansion != 1 else []
            layers += [conv(hidden, hidden, 3, stride, hidden), conv(hidden, outputs, 1, activation=False)]
            self.layers = nn.Sequential(*layers)
            self.residual = stride == 1 and inputs == outputs

        def forward(self, x):
            return x + self.layers(x) if self.residual else self.layers(x)

    layers, inputs = [conv(3, 32, 3, 2)], 32
    stages = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for expansion, outputs, count, stride in stages:
        for index in range(count):
            layers.append(Block(inputs, outputs, stride if index == 0 else 1, expansion))
            inputs = outputs
    layers += [conv(inputs, 1280, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1280, 1000)]
    return nn.Sequential(*layers)


def minilm(torch):
    """The encoder of MiniLM-L6: 6 layers of width 384, 12 heads, inner width 1536, norms behind the sums."""
    nn = torch.nn
    width, heads, inner, depth = 384, 12, 1536, 6

    class Layer(nn.Module):
        def __init__(self):
            super().__init__()
            self.qkv = nn.Linear(width, 3 * width)
            self.out = nn.Linear(width, width)
            self.up = nn.Linear(width, inner)
            self.down = nn.Linear(inner, width)
            self.first = nn.LayerNorm(width)
            self.second = nn.LayerNorm(width)

        def forward(self, x):
            batch, length, _ = x.shape
            split = self.qkv(x).view(batch, length, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
            mixed = nn.functional.scaled_dot_product_attention(split[0], split[1], split[2])
            x = self.first(x + self.out(mixed.transpose(1, 2).reshape(batch, length, width)))
            return self.second(x + self.down(nn.functional.gelu(self.up(x))))

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = nn.Embedding(30522, width)
            self.places = nn.Embedding(512, width)
            self.norm = nn.LayerNorm(width)
            self.layers = nn.Sequential(*[Layer() for _ in range(depth)])

        def forward(self, tokens):
            places = torch.arange(tokens.shape[1], device=tokens.device)
            return self.layers(self.norm(self.words(tokens) + self.places(places)))

    return Encoder()


def network(bench, name, make, batch):
    torch = bench.torch
    model = make(torch).eval().to(bench.device)
    images = name == "mobilenetv2"
    real = torch.float32 if bench.device == "cpu" else torch.float16
    model = model.to(real)
    if images:
        model = model.to(memory_format=torch.channels_last)
        host = bench.host(torch.randn(batch, 3, 224, 224, dtype=real).contiguous(memory_format=torch.channels_last))
    else:
        host = bench.host(torch.randint(0, 30000, (batch, TOKENS)))
    compiled = model
    if bench.device == "cuda":
        # Each network and batch is compiled anew for its one shape: a second shape would make extents symbolic, and
        # symbolic extents are not captured in CUDA graphs.
        torch._dynamo.reset()
        compiled = torch.compile(model, mode="reduce-overhead", dynamic=False)

    def run(tensor):
        if bench.device == "cuda":
            torch.compiler.cudagraph_mark_step_begin()
        return compiled(tensor)

    resident = host.to(bench.device)
    with torch.inference_mode():
        return {
            "model": name,
            "batch": batch,
            "deviceMedianNanos": bench.device_nanos(lambda: run(resident)),
            "medianNanos": bench.wall_nanos(lambda: run(host.to(bench.device, non_blocking=True)).cpu()),
        }


def networks(bench, quick):
    bench.torch.manual_seed(7)
    return [
        network(bench, name, make, batch)
        for name, make in (("mobilenetv2", mobilenet_v2), ("minilm", minilm))
        for batch in (1, 2 if quick else 32)
    ]


def read(folder, name):
    file = folder / name
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return None


def goal(name, reached, wanted, unit):
    met = None if reached is None else (reached <= wanted if unit == "us" else reached >= wanted)
    return {"goal": name, "reached": reached, "wanted": wanted, "unit": unit, "met": met}


def listed(report, part):
    value = (report or {}).get(part)
    return value if isinstance(value, list) else []


def product_goals(bench, torch_report):
    goals = []
    peak = next((tops for name, tops in INT8_PEAK.items() if name in (bench or {}).get("device", {}).get("name", "")), None)
    for entry in listed(bench, "cublasLt"):
        peer = next((p for p in torch_report.get("intMm", []) if p["size"] == entry["size"]), None)
        ratio = entry["tops"] / peer["tops"] if peer else None
        goals.append(goal(f"cuBLASLt over torch._int_mm, {entry['size']} cubed", ratio, 1.0, "ratio"))
        share = entry["tops"] / peak if peak else None
        goals.append(goal(f"cuBLASLt share of the INT8 peak, {entry['size']} cubed", share, 0.7, "share"))
    by_shape = {}
    for entry in listed(bench, "products"):
        shape = f"{entry['rows']}x{entry['columns']}x{entry['depth']}"
        by_shape.setdefault(shape, {})[entry["mode"]] = entry["timing"]["medianNanos"]
    for shape, modes in by_shape.items():
        ratio = modes["cublaslt"] / modes["own"] if "own" in modes and "cublaslt" in modes else None
        goals.append(goal(f"own fused product over cuBLASLt and requantize, {shape}", ratio, 1.0, "ratio"))
    return goals


def other_goals(folder, bench, torch_report):
    goals = []
    for entry in listed(bench, "bandwidth"):
        if entry["what"] != "copy":
            goals.append(goal(f"{entry['what']}, share of a copy's bandwidth", entry["shareOfCopy"], 0.85, "share"))
    replay = (bench or {}).get("replay") or {}
    if "addedNanos" in replay:
        goals.append(goal("what a session adds to a graph replay", replay["addedNanos"] / 1000, 10.0, "us"))
    for file in sorted(folder.glob("model-*.json")):
        report = read(folder, file.name) or {}
        name, _, batch = file.stem[len("model-") :].rpartition("-")
        ours = next((run["medianNanos"] for run in report.get("runs", [])), None)
        key = "minilm" if "minilm" in name.lower() else "mobilenetv2"
        if key == "mobilenetv2" and not any(word in name.lower() for word in ("mobilenet", "mb2")):
            continue
        peers = torch_report.get("networks", [])
        peer = next((p for p in peers if p["model"] == key and str(p["batch"]) == batch), None)
        ratio = peer["medianNanos"] / ours if peer and ours else None
        goals.append(goal(f"{name} INT8 over torch fp16, batch {batch}", ratio, 1.5, "ratio"))
    return goals


def measure_torch(torch, cpu, quick):
    bench = Bench(torch, cpu, quick)
    report = {
        "torch": torch.__version__,
        "device": "cpu" if cpu else torch.cuda.get_device_name(0),
        "deviceIsGpu": not cpu,
    }
    parts = {
        "copy": lambda: copy(bench, 1 << 16 if quick else 1 << 29),
        "intMm": lambda: int_mm(bench, [64] if quick else [4096, 8192]),
        "networks": lambda: networks(bench, quick),
    }
    for part, measure in parts.items():
        try:
            report[part] = measure()
        except Exception as fault:  # One part must not take the others down; its reason is kept.
            report[part + "Error"] = f"{type(fault).__name__}: {fault}"
            print(report[part + "Error"], file=sys.stderr)
    return report


def main(arguments):
    quick = "--quick" in arguments
    cpu = "--cpu" in arguments
    names = [argument for argument in arguments if argument not in ("--quick", "--cpu")]
    if len(names) != 1:
        print("usage: gpu_peers.py [--quick] [--cpu] RESULTS_FOLDER", file=sys.stderr)
        return 2
    folder = pathlib.Path(names[0])
    torch, reason = load_torch(cpu)
    if torch is None:
        print(reason, file=sys.stderr)
        report = {"error": reason}
    else:
        report = measure_torch(torch, cpu, quick)
    (folder / "torch.json").write_text(json.dumps(report, indent=2) + "\n")
    bench = read(folder, "gpu-bench.json")
    peers = {} if cpu else report
    goals = product_goals(bench, peers) + other_goals(folder, bench, peers)
    summary = {"simulated": bool((bench or {}).get("simulated")), "quick": quick, "goals": goals}
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    for entry in goals:
        reached = "not measured" if entry["reached"] is None else f"{entry['reached']:.3g}"
        verdict = "" if entry["met"] is None or summary["simulated"] else ("  met" if entry["met"] else "  NOT met")
        print(f"{entry['goal']}: {reached} (wanted {entry['wanted']} {entry['unit']}){verdict}")
    if summary["simulated"]:
        print("measured on a simulated device: these figures mean nothing")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
