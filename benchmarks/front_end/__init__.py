"""Programs from npm that judge pages: installed into a folder that git does not see."""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent.parent / ".front-end"


def installed() -> Path:
    """The folder with the programs of `package.json` in it and our scripts beside them. Needs node and npm, once the
    network. No package's own script is run: one of them would fetch from elsewhere."""
    FOLDER.mkdir(exist_ok=True)
    wanted = HERE / "package.json"
    has = FOLDER / "package.json"
    if not has.exists() or has.read_bytes() != wanted.read_bytes():
        shutil.copy(wanted, has)
        try:
            command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
            subprocess.run(command, cwd=FOLDER, check=True)
        except (OSError, subprocess.CalledProcessError):
            has.unlink()
            raise
    for script in HERE.glob("*.mjs"):
        shutil.copy(script, FOLDER)
    return FOLDER
