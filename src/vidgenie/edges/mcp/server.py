"""The tools and resources as an assistant sees them, over standard input and output."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from mcp.server.mcpserver import Context, Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from vidgenie import __version__
from vidgenie.edges.mcp import knowledge
from vidgenie.edges.mcp.tools import EditGiven, Progress, Workshop, words_of
from vidgenie.errors import VidGenieError

INSTRUCTIONS = """\
VidGenie makes videos from a JSON edit: tracks of clips (text, shapes, pictures, video, sound) in, \
a finished file out, on this machine. Read the primer first (tool `primer`): it has an example and \
the rules. Then write the edit, `validate` it, look at it with `preview_frame` at two or three \
times, and `render` it. `describe` tells every field of a part; files stand in {folder}."""

Edit = Annotated[
    EditGiven,
    Field(
        description="The edit: {timeline, output, merge?}; or the name of a JSON file holding it."
    ),
]
Merge = Annotated[
    dict[str, Any] | None,
    Field(description="Values of the edit's {{placeholders}}, by name; they go before its own."),
]
LOOKS = ToolAnnotations(read_only_hint=True, open_world_hint=True)


def make_server(folder: Path, *, allow_networks: str = "") -> MCPServer[Any]:
    """Return the server; it reads and writes files of `folder` only."""
    workshop = Workshop(folder.resolve(), allow_networks)
    server: MCPServer[Any] = MCPServer(
        "vidgenie",
        title="VidGenie",
        instructions=INSTRUCTIONS.format(folder=workshop.folder),
        version=__version__,
        log_level="WARNING",
    )
    _add_knowledge(server)
    _add_looks(server, workshop)
    _add_render(server, workshop)
    return server


def _add_knowledge(server: MCPServer[Any]) -> None:
    pages: tuple[tuple[str, str, str, Callable[[], str]], ...] = (
        ("primer", "How to write an edit, with an example.", "text/markdown", knowledge.primer),
        ("schema", "The JSON Schema of an edit.", "application/schema+json", knowledge.schema),
        ("fonts", "Font families here, with weights.", "application/json", knowledge.fonts),
    )
    for name, words, kind, read in pages:
        server.resource(f"vidgenie://{name}", name=name, description=words, mime_type=kind)(read)

    @server.tool(annotations=LOOKS, structured_output=False)
    def primer() -> str:
        """Read how to write an edit: one page with a whole example. Begin here."""
        return knowledge.primer()

    @server.tool(annotations=LOOKS, structured_output=False)
    def fonts() -> str:
        """List the font families of this machine, their weights, and what stands in for others."""
        return knowledge.fonts()

    @server.tool(annotations=LOOKS, structured_output=False)
    def describe(
        part: Annotated[str, Field(description="Such as Clip, TextAsset, Output, Transition.")],
    ) -> str:
        """Tell every field of one part of an edit: types, values, limits (JSON Schema).

        A part that does not exist is answered with the names of all parts.
        """
        with _told():
            return knowledge.describe(part)


def _add_looks(server: MCPServer[Any], workshop: Workshop) -> None:
    @server.tool(annotations=LOOKS)
    def validate(edit: Edit, merge: Merge = None) -> dict[str, Any]:
        """Check an edit without fetching anything. Every problem comes at once.

        Each has the path of the field, what was found and what is accepted.
        """
        with _told():
            return workshop.validate(edit, merge)

    @server.tool(annotations=LOOKS, structured_output=False)
    def explain(edit: Edit, merge: Merge = None) -> str:
        """Tell how an edit will be made: length, size, spans of frames, cost, sound, warnings.

        Its sources are fetched and looked into; one that cannot be used is told.
        """
        with _told():
            return workshop.explain(edit, merge)

    @server.tool(annotations=LOOKS, structured_output=False)
    def preview_frame(
        edit: Edit,
        time: Annotated[float, Field(ge=0, description="Seconds from the start.")] = 0.0,
        width: Annotated[
            int, Field(ge=64, le=1920, description="Of the picture; larger edits are made smaller.")
        ] = 640,
        merge: Merge = None,
    ) -> list[Any]:
        """Look at an edit: the picture that is shown at a time, as it will be rendered.

        Quick; use it to judge layout, text and colours before you render.
        """
        with _told():
            data, words = workshop.preview(edit, merge, time=time, width=width)
        return [Image(data=data, format="jpeg"), words]


def _add_render(server: MCPServer[Any], workshop: Workshop) -> None:
    @server.tool(annotations=ToolAnnotations(destructive_hint=True, open_world_hint=True))
    async def render(
        edit: Edit,
        name: Annotated[
            str, Field(description="The file to write, ending as output.format: intro.mp4.")
        ],
        context: Context[Any, Any],
        merge: Merge = None,
        overwrite: Annotated[bool, Field(description="Replace a file of that name.")] = False,
    ) -> dict[str, Any]:
        """Render an edit to a file in the folder; answers with its path when it is finished.

        Takes about as long as the video plays, much less where pictures stand still. What an
        earlier render made is used again.
        """
        loop = asyncio.get_running_loop()

        def tell(done: int, total: int) -> None:
            asyncio.run_coroutine_threadsafe(context.report_progress(done, total), loop)

        def make() -> dict[str, Any]:
            note = Progress(tell)
            return workshop.render(edit, merge, name=name, overwrite=overwrite, note=note)

        with _told():
            return await asyncio.to_thread(make)


@contextmanager
def _told() -> Iterator[None]:
    """Tell our errors as a tool's: an assistant reads them, and mends its edit."""
    try:
        yield
    except VidGenieError as error:
        raise ToolError(words_of(error)) from error
