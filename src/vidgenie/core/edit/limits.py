"""Every limit of an edit, each with its reason. Checked before anything costs time."""

JSON_DEPTH_MAX = 64  # a real edit nests 12 deep; deeper only exhausts the reader's stack
TRACKS_MAX = 100  # painting costs grow with tracks; three times the largest real edit seen
CLIPS_MAX = 2_000  # validating costs 4 µs a clip: one request must not hold the server
TEXT_MAX = 5_000  # characters of one text: more cannot be read in any frame
SRC_MAX = 4_096  # characters of an address: what servers and proxies take
SIDE_MAX = 4_096  # pixels: the schema's own bound; H.264 level 5.2 ends there
FRAME_AREA_MAX = 3840 * 2160  # pixels: a worker's memory is planned for 4k
DURATION_MAX_S = 3 * 3600  # seconds: the longest render that is planned for
TIME_MAX_S = 36_000  # seconds: no time inside an edit is later than ten hours
METADATA_MAX = 16_384  # characters of `metadata` as JSON: it is for your ids, not for your data
PROBLEMS_MAX = 100  # problems told at once: nobody reads more, and the answer stays small

FRAME_RATES = (12, 15, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60)
