#!/usr/bin/env python3
"""Works this dossier out again with the standard library alone: python3 -I replay.py [FOLDER | DOSSIER.zip]"""

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    home = Path(__file__).resolve().parent
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(home))
    sys.exit(importlib.import_module("replaying.run").main(sys.argv[1:], home))
