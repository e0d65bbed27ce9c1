"""Converts executed notebooks to HTML pages that ask nothing of the network.

python export_notebook.py PLOTLY TARGET FILE...   writes TARGET/NAME.html for each

PLOTLY is the address of plotly's script as the pages name it, relative to them: figures are interactive. An empty one
leaves each figure as the picture that its output holds, for printing.
"""
import os
import sys

import nbformat
from nbconvert import HTMLExporter
from traitlets.config import Config

PLOTLY = "application/vnd.plotly.v1+json"


def main(plotly, target, files):
    # The richest form first: without plotly's script the SVG beside it stands in.
    kinds = HTMLExporter().default_config.NbConvertBase.display_data_priority
    kinds = [PLOTLY] * bool(plotly) + [kind for kind in kinds if kind != PLOTLY]
    exporter = HTMLExporter(
        config=Config(NbConvertBase={"display_data_priority": kinds}),
        extra_template_basedirs=[os.path.join(os.path.dirname(__file__), "templates")],
        template_name="agentbank",
    )
    os.makedirs(target, exist_ok=True)
    for file in files:
        notebook = nbformat.read(file, as_version=4)
        name = os.path.splitext(os.path.basename(file))[0]
        resources = {"metadata": {"name": name}, "plotly": plotly}
        page, _ = exporter.from_notebook_node(notebook, resources)
        with open(os.path.join(target, f"{name}.html"), "w", encoding="utf-8") as out:
            out.write(page)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
