"""The benchmarks' sources, made by script: the same bytes wherever the same ffmpeg runs."""

import subprocess
import sys
from pathlib import Path

import imageio_ffmpeg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import media  # noqa: E402  # from tools/

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
FPS = 30
SIZE = (1920, 1080)
GOP = 60


def make(folder: Path, seconds: float) -> dict[str, Path]:
    """Write every source that is not there yet; return them by name.

    Two videos with camera movement and grain (H.264, closed GOPs of 2 s), three photographs, a
    logo with transparency, music.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}-{seconds:g}.mp4" for name in ("a", "b")}
    for number, path in enumerate(paths.values()):
        if not path.exists():
            still = media.write_image(folder / f"wide{number}.png", (2400, 1350), seed=number + 1)
            _film(still, path, seconds, speed=0.5 + 0.2 * number)
    for number in range(3):
        path = folder / f"photo{number}.png"
        paths[f"photo{number}"] = path
        if not path.exists():
            media.write_image(path, (2400, 1600), seed=number + 7)
    paths["logo"] = folder / "logo.png"
    if not paths["logo"].exists():
        media.write_image(paths["logo"], (240, 120), alpha=True)
    paths["music"] = folder / f"music-{seconds:g}.wav"
    if not paths["music"].exists():
        media.write_music(paths["music"], seconds)
    return paths


def _film(still: Path, target: Path, seconds: float, *, speed: float) -> None:
    """Move a camera over a picture, with grain."""
    move = f"crop=1920:1080:240+230*sin({speed}*t):135+130*cos({speed}*1.3*t)"
    colors = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    command = [FFMPEG, "-v", "error", "-y", "-loop", "1", "-framerate", str(FPS)]
    command += ["-i", str(still), "-t", f"{seconds:g}"]
    command += ["-vf", f"{move},noise=alls=5:allf=t:all_seed=7,{colors}"]
    command += ["-c:v", "libx264", "-preset", "fast", "-crf", "18", "-g", str(GOP)]
    command += ["-x264-params", f"open-gop=0:keyint={GOP}:scenecut=0:threads=1"]
    command += ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    command += ["-color_range", "tv", "-movflags", "+faststart", str(target)]
    subprocess.run(command, check=True)
