"""render, frame, explain, validate, probe: an edit on this machine, without server or database."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidgenie.errors import EditInvalid, RequestInvalid

if TYPE_CHECKING:
    from vidgenie.engine.kept import KeptChunks
    from vidgenie.services.local.render import LocalJob

EditFile = Annotated[Path, typer.Argument(help="The edit (JSON), or - for standard input.")]
Merge = Annotated[
    list[str] | None, typer.Option("--merge", help="Fill a placeholder: NAME=VALUE. May repeat.")
]
Sources = Annotated[
    Path | None,
    typer.Option(help="JSON object: source URL, or a glob of URLs, to a local file."),
]
AllowNetworks = Annotated[
    str, typer.Option(help="Private networks that sources may be in (CIDR, …).")
]


def add_commands(app: typer.Typer) -> None:
    """Add the local commands."""

    @app.command()
    def render(
        edit: EditFile,
        output: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
        merge: Merge = None,
        sources: Sources = None,
        output_format: Annotated[
            str | None,
            typer.Option("--format", help="Another format than the edit's `output.format`."),
        ] = None,
        poster: Annotated[
            float | None,
            typer.Option(min=0, help="Seconds: also write that picture, NAME-poster.jpg."),
        ] = None,
        thumbnail: Annotated[
            float | None,
            typer.Option(min=0, help="Seconds: also write a quarter of it, NAME-thumb.jpg."),
        ] = None,
        stats: Annotated[
            Path | None, typer.Option(help="Write figures of the work (JSON).")
        ] = None,
        frames_hash: Annotated[
            bool,
            typer.Option(help="Decode what was made, for `frames_sha256` in --stats."),
        ] = True,
        workers: Annotated[
            int, typer.Option(min=0, max=64, help="Processes; 0: one per core.")
        ] = 0,
        cache: Annotated[
            Path | None,
            typer.Option(help="Where chunks are kept. [default: ~/.cache/vidgenie/chunks]"),
        ] = None,
        no_cache: Annotated[
            bool, typer.Option("--no-cache", help="Neither use nor keep chunks of other renders.")
        ] = False,
        allow_networks: AllowNetworks = "",
    ) -> None:
        """Render an edit to a file. What an earlier render made is reused.

        What is written is what the edit's `output.format` says, or --format. A name that ends in
        another format (out.webm for an mp4) is an error, and nothing is rendered.

        Example: vidgenie render edit.json -o out.mp4 --merge NAME=Ada
        """
        from vidgenie.edges.cli.bar import Bar
        from vidgenie.services.local import render as local
        from vidgenie.services.local.parts import kept_folder, open_kept

        document = with_output(read_document(edit), output_format, poster, thumbnail)
        kept = None if no_cache else open_kept(kept_folder(cache))
        job = loaded(document, edit, merge, sources, allow_networks, kept=kept)
        with Bar(job.frames) as bar:
            done = local.render(
                job, output,
                workers=workers, kept=kept, note=bar.note,
                hash_frames=frames_hash and stats is not None,
            )  # fmt: skip
        if stats is not None:
            stats.write_text(json.dumps(done.figures, indent=2))
        print(done, file=sys.stderr)

    @app.command()
    def frame(
        edit: EditFile,
        output: Annotated[Path, typer.Option("-o", "--output", help="The PNG to write.")],
        time: Annotated[float, typer.Option("--time", min=0, help="Seconds from the start.")] = 0.0,
        merge: Merge = None,
        sources: Sources = None,
        allow_networks: AllowNetworks = "",
    ) -> None:
        """Write one frame of an edit as a PNG.

        Example: vidgenie frame edit.json --time 1.5 -o frame.png
        """
        from vidgenie.services.local.render import frame_at

        job = loaded(read_document(edit), edit, merge, sources, allow_networks)
        number, data = frame_at(job, time)
        output.write_bytes(data)
        print(f"{output}  frame {number}  {job.plan.timeline.size}", file=sys.stderr)

    @app.command()
    def explain(
        edit: EditFile,
        merge: Merge = None,
        sources: Sources = None,
        as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
        allow_networks: AllowNetworks = "",
    ) -> None:
        """Print how an edit would be made: spans, recipes, chunks, cost.

        Costs are in encoded 1080p frames; "naive" is what painting and encoding every frame costs.

        Example: vidgenie explain edit.json
        """
        from vidgenie.core.plan.explain import explain as words
        from vidgenie.core.plan.outline import outline
        from vidgenie.edges.cli.app import print_json

        job = loaded(read_document(edit), edit, merge, sources, allow_networks)
        if as_json:
            print_json({**outline(job.plan), "warnings": job.warnings})
        else:
            print(words(job.plan))

    @app.command()
    def validate(
        edit: EditFile,
        merge: Merge = None,
        as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    ) -> None:
        """Check an edit without fetching anything; every problem is told.

        Example: vidgenie validate edit.json
        """
        from vidgenie.core.edit.parse import parse
        from vidgenie.edges.cli.app import print_json

        problems: list[dict[str, str]] = []
        message = ""
        try:
            parse(with_merge(read_document(edit), merge), allow_local=True)
        except EditInvalid as error:
            message = error.message
            problems = [
                {"path": p.path, "code": p.code, "message": p.message} for p in error.problems
            ]
        if as_json:
            print_json({"ok": not message, "problems": problems})
        elif not message:
            print("the edit is valid")
        if message:
            if not as_json:
                for problem in problems:
                    print(f"{problem['path'] or '/'}: {problem['message']}", file=sys.stderr)
            raise typer.Exit(1)

    @app.command()
    def probe(file: Annotated[Path, typer.Argument(help="A media file.")]) -> None:
        """Print what a media file holds, as JSON.

        Example: vidgenie probe clip.mp4
        """
        from vidgenie.edges.cli.app import print_json
        from vidgenie.engine import sandbox
        from vidgenie.engine.tasks import facts_to_json

        if not file.is_file():
            raise RequestInvalid(f"There is no file {file}.")
        limits = sandbox.SandboxLimits(wall_s=120)
        print_json(facts_to_json(sandbox.run("probe", (file.absolute(),), limits=limits)))


def loaded(
    document: dict[str, Any],
    path: Path,
    merge: list[str] | None,
    sources: Path | None,
    allow_networks: str,
    *,
    kept: "KeptChunks | None" = None,
) -> "LocalJob":
    """Return an edit of the command line, ready to be rendered; print its warnings."""
    from vidgenie.services.local.render import load

    filled = with_merge(document, merge)
    job = load(filled, base_of(path), sources=sources, allow_networks=allow_networks, kept=kept)
    for warning in job.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return job


def read_document(path: Path) -> dict[str, Any]:
    """Return an edit's JSON. Raises: RequestInvalid with line and column."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RequestInvalid(f"There is no file {path}.") from None
    except OSError as error:
        raise RequestInvalid(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise RequestInvalid(f"{path} is no UTF-8 text at byte {error.start}") from None
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise RequestInvalid(
            f"{path} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise RequestInvalid(f"{path} is nested too deeply to be read") from None
    if not isinstance(value, dict):
        raise RequestInvalid(f"{path} holds no object: an edit is an object with `timeline`")
    return value


def base_of(path: Path) -> Path:
    """Return the folder that relative sources start from."""
    return Path.cwd() if str(path) == "-" else path.absolute().parent


def with_merge(document: dict[str, Any], pairs: list[str] | None) -> dict[str, Any]:
    """Return the document with `NAME=VALUE` pairs added to its merge fields; JSON where it is."""
    if not pairs:
        return document
    from vidgenie.core.edit.merge import merge_values

    values = merge_values(document.get("merge"))
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise RequestInvalid(f"--merge {pair}: write NAME=VALUE")
        values[name.strip()] = _value(text)
    return {**document, "merge": values}


def with_output(
    document: dict[str, Any],
    output_format: str | None,
    poster: float | None,
    thumbnail: float | None,
) -> dict[str, Any]:
    """Return the document with what the flags say of its output."""
    said: dict[str, Any] = {}
    if output_format is not None:
        said["format"] = output_format
    if poster is not None:
        said["poster"] = {"capture": poster}
    if thumbnail is not None:
        said["thumbnail"] = {"capture": thumbnail, "scale": 0.25}
    output = document.get("output")
    return (
        {**document, "output": {**output, **said}}
        if said and isinstance(output, dict)
        else document
    )


def _value(text: str) -> Any:
    """Read numbers and true, false, null as such; everything else is a text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(value, dict | list | str) else value
