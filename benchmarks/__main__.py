"""Everything that `make bench` measures, one after the other; each part can be run by itself."""

import subprocess
import sys

PARTS = ["descents", "sweeps", "build", "peers"]

if __name__ == "__main__":
    missed = []
    for part in PARTS:
        print(f"\n{part}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{part}"]).returncode != 0:
            missed.append(part)
    if missed:
        sys.exit(f"\nSome figures were missed, in {', '.join(missed)}; see above.")
    print("\nAll figures were met.")
