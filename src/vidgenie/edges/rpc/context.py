"""Everything the handlers work with; made once by the wiring."""

import asyncio
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from vidgenie.engine.sandbox import SandboxLimits
from vidgenie.services.accounts.model import AccountPolicy
from vidgenie.services.assets.fetch import Fetcher
from vidgenie.services.db.pool import Database
from vidgenie.services.limits.rate import Rate
from vidgenie.services.net.client import GuardedClient
from vidgenie.services.net.guard import AddressGuard
from vidgenie.services.renders.preview import Previews
from vidgenie.services.renders.watch import Watch
from vidgenie.services.storage import Storage, signing

LINK_TTL_S = 24 * 3600
"""Links to results are good for a day; `render.get` gives a fresh one."""

PROBES_MAX = 2
"""Files probed for clients at a time: each is a child process beside the calls."""

PROBE_S = 20.0


@dataclass(frozen=True, slots=True)
class Rates:
    """How often what may be called. Small bursts for guessing, generous ones for work."""

    register_by_address: Rate = Rate(burst=20, every_s=30.0)
    letter_by_email: Rate = Rate(burst=5, every_s=300.0)
    login_by_name: Rate = Rate(burst=10, every_s=6.0)
    login_by_address: Rate = Rate(burst=50, every_s=1.0)
    password_by_account: Rate = Rate(burst=10, every_s=6.0)
    verify_by_address: Rate = Rate(burst=30, every_s=2.0)
    webhook_tests: Rate = Rate(burst=10, every_s=6.0)
    key_calls: Rate = Rate(burst=2000, every_s=0.002)


@dataclass(frozen=True, slots=True)
class Context:
    """The services and the operator's decisions."""

    db: Database
    storage: Storage
    policy: AccountPolicy
    guard: AddressGuard
    client: GuardedClient
    upload_dir: Path
    fetcher: Fetcher
    previews: Previews
    watch: Watch
    upload_bytes_max: int = 2 << 30
    probe_limits: SandboxLimits = field(default_factory=lambda: SandboxLimits(wall_s=PROBE_S))
    probes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PROBES_MAX))
    rates: Rates = field(default_factory=Rates)
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    cors_origins: tuple[str, ...] = ()

    @property
    def public_url(self) -> str:
        """Where clients reach this server."""
        return self.policy.public_url

    def link(self, key: str) -> str:
        """Return a signed link to a stored object."""
        return signing.sign(self.policy.secret_key, self.public_url, key, LINK_TTL_S)
