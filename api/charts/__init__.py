"""Charts as SVG, drawn by the server: no scripts, no inline styles, every figure written out."""
