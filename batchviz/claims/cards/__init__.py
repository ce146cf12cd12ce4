"""The claims, one a module: to add one, add a file with a CLAIM. `batchviz.claims.registry` finds it."""
