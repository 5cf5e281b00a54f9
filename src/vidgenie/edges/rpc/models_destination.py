"""What the calls take and give by which accounts say where copies of their files go."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vidgenie.edges.rpc.models import Name, ObjectId, Request, View

Text = Annotated[str, Field(min_length=1, max_length=2048)]


class S3Bucket(Request):
    """A bucket of Amazon S3, or of a store that speaks like it, and keys that may write to it."""

    bucket: Annotated[str, Field(min_length=1, max_length=255)]
    region: Annotated[str, Field(min_length=1, max_length=64)]
    access_key_id: Text
    secret_access_key: Text
    session_token: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    endpoint: Text | None = Field(None, description="Scheme and host; without it, Amazon's.")
    prefix: Annotated[str, Field(max_length=500)] = Field("", description="Stands before names.")
    path_style: bool | None = Field(
        None, description="The bucket stands in the path; the rule with an `endpoint`."
    )


class HttpAddress(Request):
    """An address below which files are PUT; its query and the headers are kept secret."""

    url: Text
    headers: Annotated[dict[str, str], Field(max_length=10)] = Field(
        default_factory=dict, description="Sent with every file, as `authorization`."
    )


class CreateDestination(Request):
    """A name, and either a bucket or an address."""

    name: Name
    s3: S3Bucket | None = None
    http: HttpAddress | None = None

    @model_validator(mode="after")
    def _check_one(self) -> "CreateDestination":
        if (self.s3 is None) == (self.http is None):
            raise ValueError("give either `s3`, a bucket, or `http`, an address")
        return self


class UpdateDestination(Request):
    """A new name, or a new place with all its credentials: the old ones are not for it."""

    id: ObjectId
    name: Name | None = None
    s3: S3Bucket | None = None
    http: HttpAddress | None = None

    @model_validator(mode="after")
    def _check_one(self) -> "UpdateDestination":
        if self.s3 is not None and self.http is not None:
            raise ValueError("give either `s3`, a bucket, or `http`, an address")
        return self


class S3BucketView(View):
    """A bucket; of its keys only the ends of the one that is no secret."""

    bucket: str
    region: str
    endpoint: str | None
    prefix: str
    path_style: bool
    access_key_id: str


class HttpAddressView(View):
    """An address without its query; of the headers the names."""

    url: str
    has_query: bool
    headers: list[str]


class DestinationView(View):
    """A destination; `secret`, with which requests to an address are signed, is shown once."""

    id: str
    name: str
    provider: Literal["s3", "http"]
    s3: S3BucketView | None
    http: HttpAddressView | None
    created_at: str
    updated_at: str
    secret: str | None = None


class TriedView(View):
    """What became of the test file: `error` in words where it was not taken."""

    delivered: bool
    url: str
    status: int | None
    ms: int
    error: str | None
