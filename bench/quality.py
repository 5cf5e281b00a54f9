"""How near a video is to the reference: PSNR and SSIM of all planes, by ffmpeg's filters."""

import re
import subprocess
from pathlib import Path

from sources import FFMPEG


def quality(path: Path, reference: Path, *, step: int, seconds: float) -> dict[str, float]:
    """Return `psnr_db` (average over the film) and `ssim` of every `step`-th frame."""
    pick = f"framestep={step}"
    graph = (
        f"[0:v]{pick},settb=1/1000,setpts=N,split[a][b];"
        f"[1:v]{pick},settb=1/1000,setpts=N,split[c][d];"
        "[a][c]psnr=shortest=1;[b][d]ssim=shortest=1"
    )
    command = [FFMPEG, "-hide_banner", "-nostdin", "-t", f"{seconds:g}", "-i", str(path)]
    command += ["-i", str(reference), "-lavfi", graph, "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    psnr = re.search(r"PSNR .*average:(\S+)", said)
    ssim = re.search(r"SSIM .*All:(\S+)", said)
    assert psnr is not None, said
    assert ssim is not None, said
    return {"psnr_db": round(float(psnr[1]), 2), "ssim": round(float(ssim[1]), 4)}
