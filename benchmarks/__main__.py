"""Everything that `make bench` measures, one after the other; each part can be run by itself."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PARTS = ["descents.py", "sweeps.py", "build.py", "peers.py"]

if __name__ == "__main__":
    missed = []
    for part in PARTS:
        print(f"\n{part}", flush=True)
        if subprocess.run([sys.executable, HERE / part]).returncode != 0:
            missed.append(part)
    if missed:
        sys.exit(f"\nSome figures were missed, in {', '.join(missed)}; see above.")
    print("\nAll figures were met.")
