"""A package, so that what its tests share, fixtures of `scope="package"`, ends with the last of them."""
