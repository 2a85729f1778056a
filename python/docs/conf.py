"""Sphinx's settings. The package is documented as installed: `sphinx-build -W docs OUT`."""

import paidan

project = "paidan"
version = release = paidan.__version__
extensions = ["sphinx.ext.autodoc", "numpydoc"]
html_theme = "furo"
html_title = f"paidan {release}"
autodoc_typehints = "none"
autodoc_default_options = {"members": True}
numpydoc_show_class_members = False
exclude_patterns = ["_build"]
nitpicky = False
