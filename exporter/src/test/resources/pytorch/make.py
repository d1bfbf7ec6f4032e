"""Writes the files beside it: a gate and two experts as PyTorch's two exporters write them, rows, and
what PyTorch itself says of the rows. Run with PyTorch 2.13.0, onnx 1.23.1 and onnxscript; the weights
are random."""
import numpy
import onnx
import torch
from torch import nn

torch.manual_seed(5)


class Expert(nn.Module):
    """Returns logits, and its hidden layer as exports for other purposes often do."""

    def __init__(self, view):
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3, padding=1)
        self.norm = nn.BatchNorm2d(3)
        self.drop = nn.Dropout(0.3)
        self.hidden = nn.Linear(3 * 4 * 4, 8)
        self.layer_norm = nn.LayerNorm(8)
        self.head = nn.Linear(8, 4)
        self.view = view

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.norm(self.conv(x))), 2)
        x = x.view(x.size(0), -1) if self.view else torch.flatten(x, 1)
        hidden = nn.functional.gelu(self.layer_norm(self.hidden(self.drop(x))))
        return 4 * self.head(hidden), hidden


gate = nn.Sequential(nn.Flatten(), nn.Linear(64, 6), nn.ReLU(), nn.Linear(6, 2), nn.Softmax(dim=-1)).eval()
experts = [Expert(view).eval() for view in (True, False)]
for expert in experts:
    expert.norm.running_mean.uniform_(-0.5, 0.5)
    expert.norm.running_var.uniform_(0.5, 2)

x = torch.randn(4, 1, 8, 8)
batch = ({0: torch.export.Dim("batch")},)
torch.onnx.export(gate, (x,), "gate.onnx", opset_version=18, dynamo=True, dynamic_shapes=batch,
                  external_data=False, verbose=False)
torch.onnx.export(experts[0], (x,), "first.onnx", opset_version=17, dynamo=False, input_names=["x"],
                  output_names=["logits", "hidden"],
                  dynamic_axes={"x": {0: "n"}, "logits": {0: "n"}, "hidden": {0: "n"}})
torch.onnx.export(experts[1], (x,), "second.onnx", opset_version=21, dynamo=True, dynamic_shapes=batch,
                  external_data=False, verbose=False)
torch.onnx.export(experts[1], (x[:1],), "second-one-row.onnx", opset_version=13, dynamo=False)

# The newer exporter notes where on the disk each line of the model lies.
for name in ("gate.onnx", "second.onnx"):
    model = onnx.load(name)
    for node in model.graph.node:
        for note in node.metadata_props:
            if note.key == "pkg.torch.onnx.stack_trace":
                note.value = "File \"model.py\", line 1, in forward"
    onnx.save(model, name)

rows = torch.randn(60, 1, 8, 8)
with torch.no_grad():
    chosen = gate(rows).argmax(-1)
    answers = torch.stack([torch.softmax(expert(rows)[0], -1) for expert in experts], 1)
    answers = answers[torch.arange(60), chosen]
numpy.save("rows.npy", rows.numpy())
numpy.save("labels.npy", answers.argmax(-1).numpy())
numpy.save("answers.npy", answers.numpy())
