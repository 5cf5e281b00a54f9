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


def video(folder: Path, name: str, seconds: float) -> Path:
    """Return video `a` or `b`: camera movement and grain, H.264 in closed GOPs of 2 s.

    One that is long enough and there already is taken: its first frames are the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob(f"{name}-*.mp4"):
        if float(path.stem.removeprefix(f"{name}-")) >= seconds:
            return path
    number = ("a", "b").index(name)
    still = media.write_image(folder / f"wide{number}.png", (2400, 1350), seed=number + 1)
    path, part = folder / f"{name}-{seconds:g}.mp4", folder / f"part-{name}.mp4"
    _film(still, part, seconds, speed=0.5 + 0.2 * number)
    return part.replace(path)


def picture(folder: Path, name: str) -> Path:
    """Return one of three photographs, or a logo with transparency."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    if path.exists():
        return path
    if name == "logo":
        return media.write_image(path, (240, 120), alpha=True)
    return media.write_image(path, (2400, 1600), seed=int(name[-1]) + 7)


def music(folder: Path, seconds: float) -> Path:
    """Return music of this length."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"music-{seconds:g}.wav"
    return path if path.exists() else media.write_music(path, seconds)


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
