"""Every limit of an edit, each with its reason. Checked before anything costs time.

The size of a request's body is no matter of the document: `edges/rpc/body.py` limits it.
"""

from typing import Literal

JSON_DEPTH_MAX = 64  # a real edit nests 12 deep; deeper only exhausts the reader's stack
VALUES_MAX = 200_000  # values, lists and objects of a merged edit: a hundred for every clip
MERGED_TEXT_MAX = 4 << 20  # characters made by filling placeholders: as many as a body may bring
TRACKS_MAX = 100  # painting costs grow with tracks; three times the largest real edit seen
CLIPS_MAX = 2_000  # validating costs 30 µs a clip: one request must not hold the server
TWEENS_MAX = 100  # of one property: what one clip can show in its time
TWEEN_OVERLAP_S = 0.02  # seconds: ends rounded to hundredths meet; more is a second opinion
TEXT_MAX = 5_000  # characters of one text: more cannot be read in any frame
NAME_MAX = 200  # characters of a name (family, id, alias): longer ones are no names
SRC_MAX = 4_096  # characters of an address: what servers and proxies take
METADATA_MAX = 16_384  # characters of `metadata` as JSON: it is for your ids, not for your data
BATCH_CLIPS_MAX = 400_000  # clips × variants of a batch: 30 µs each, while the caller waits
SIDE_MAX = 4_096  # pixels: the schema's own bound; H.264 level 5.2 ends there
FRAME_AREA_MAX = 3840 * 2160  # pixels: a worker's memory is planned for 4k
PIXELS_MAX = 8_192.0  # of one length (a radius, a margin): twice the largest side
NUMBER_MAX = 1e9  # of numbers without a unit: what lies beyond is a mistake
FONT_SIZE_MAX = 2_000.0  # pixels: a letter as high as the largest frame
TURN_MAX = 36_000.0  # degrees of a tween or keyframe: a hundred turns
GAIN_MAX = 10.0  # times: 20 dB; what is made louder than that is noise
SPEED_MAX = 10.0  # times: the schema's own bound
PROMPT_MAX = 4_000  # characters: the schema's own bound
CAPTION_MAX = 50_000  # characters of a clip's caption: an hour of reading
MARKUP_MAX = 500_000  # characters of HTML, CSS or SVG: the schema's own bound
SVG_DEPTH_MAX = 200  # levels, uses of others counted: its painter calls itself for each
SVG_ELEMENTS_MAX = 20_000  # drawn, uses of others counted: a second of painting
HTML_NODES_MAX = 20_000  # elements and texts of a page: more than a frame has letters
HTML_DEPTH_MAX = 100  # levels: a page in a frame nests ten deep; its layout calls itself
HTML5_MAX = 1_000_000  # characters of an HTML5 page: the schema's own bound
WORDS_MAX = 50_000  # words of captions: three hours of speech are 30,000
CAPTION_FILE_MAX = 16 << 20  # bytes of a caption file: fifty times a long film's
CUES_MAX = 20_000  # cues of a caption file: ten hours of speech
CUE_MAX = 2_000  # characters of a cue: more cannot be read in any frame
STOPS_MAX = 100  # colours of a gradient: more than the eye can tell
FONTS_MAX = 50  # fonts of an edit: each is fetched and parsed
DESTINATIONS_MAX = 10  # copies of the files: each is an upload
DESTINATION_PATH_MAX = 500  # S3 takes 1,024 bytes, of which the destination's own prefix has some
RENDITIONS_MAX = 10  # further outputs: each is an encoding
COMPOSITIONS_MAX = 5  # timelines within timelines: each level is painted into the one above
SCALE_MAX = 100.0  # times: one pixel of the source then covers a whole letter
OFFSET_MAX = 10.0  # frames to either side: the schema's own bound
DURATION_MAX_S = 3 * 3600  # seconds: the longest render that is planned for
TIME_MAX_S = 36_000  # seconds: no time inside an edit is later than ten hours
PROBLEMS_MAX = 100  # problems told at once: nobody reads more, and the answer stays small

FRAME_RATES = (12, 15, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60)
"""What `output.fps` may be: the schema's own list."""

Format = Literal["mp4", "gif", "mp3", "jpg", "png", "bmp", "webm", "mov", "webp", "wav"]
Quality = Literal["verylow", "low", "medium", "high", "veryhigh"]
"""What an edit chooses from, here and not with the models: a renderer's child, which reads no
document, needs to know them too."""
