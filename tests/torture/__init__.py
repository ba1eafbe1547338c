"""What must hold when everything goes wrong: a harness for each promise of docs/reliability.md.

    python -m tests.torture kill --moments 200 --seed 1
    python -m tests.torture all --short

Each harness is a module with a `run` that returns figures and raises `Broken` at the first promise that is not kept.
The short versions are tests; `make torture` runs the long ones. Nothing here is part of the package.
"""
