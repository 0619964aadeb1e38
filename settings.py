"""Every setting of the project: one frozen table, flags over environment.

It must not know what a setting is used for; secrets have a variable and no flag, as a command line is public.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    ValidationError,
    model_validator,
)

CHECKOUT: Final = Path(__file__).resolve().parent
SHORTEST_SECRET: Final = 32  # bytes, as HS256 needs (RFC 7518, 3.2)


class SettingsError(Exception):
    """A setting that cannot be used; the message names its variable and flag."""


class Setting(NamedTuple):
    """Where a setting comes from and what it means, in both languages."""

    variable: str
    zh: str
    en: str
    flag: str | None = None


class Row(NamedTuple):
    """One line of the table as documentation shows it."""

    variable: str
    flag: str | None
    default: str
    zh: str
    en: str


class Pair(NamedTuple):
    """A limit of officials and the one of everybody else, written `15/10`."""

    official: int
    public: int

    def __str__(self) -> str:
        return f"{self.official}/{self.public}"


def _pair(value: object) -> object:
    if isinstance(value, Pair):
        return value
    parts = str(value).split("/")
    if len(parts) > 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError("写作 15/10 · write 15/10: officials/public")
    return Pair(int(parts[0]), int(parts[-1]))


Limit = Annotated[Pair, BeforeValidator(_pair), PlainSerializer(str)]


class Settings(BaseModel):
    """What one process runs with; made once at the edge and handed down."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: Annotated[str, Setting("CREDITGRAPH_HOST", "监听地址", "address to listen on", "--host")] = "127.0.0.1"
    port: Annotated[
        int, Setting("CREDITGRAPH_PORT", "监听端口", "port to listen on", "--port"), Field(ge=1, le=65535)
    ] = 8000
    home: Annotated[
        Path, Setting("CREDITGRAPH_HOME", "数据目录:图、密钥", "folder of the graph and its keys", "--home")
    ] = CHECKOUT / ".creditgraph"
    workers: Annotated[
        int, Setting("CREDITGRAPH_WORKERS", "工作进程数", "worker processes", "--workers"), Field(ge=1, le=64)
    ] = 1
    demo: Annotated[
        Literal["small", "none"],
        Setting("DEMO", "启动时载入的示范世界", "demo world loaded at start: small or none", "--demo"),
    ] = "small"
    auth: Annotated[
        Literal["demo", "jwt"],
        Setting(
            "CREDITGRAPH_AUTH",
            "demo 用本机密钥并打印各角色令牌;jwt 只认下列密钥",
            "demo: a secret of this home, a token per role is printed; jwt: the keys below only",
            "--auth",
        ),
    ] = "demo"
    mode: Annotated[
        Literal["development", "production"],
        Setting(
            "CREDITGRAPH_MODE",
            "production 无 GraphiQL,GET 只接受受信文档",
            "production: no GraphiQL, trusted documents only by GET",
            "--mode",
        ),
    ] = "development"
    documents: Annotated[
        Path | None,
        Setting("CREDITGRAPH_DOCUMENTS", "受信文档的目录或清单", "trusted documents: a folder or a manifest"),
    ] = None
    trusted_only: Annotated[
        bool, Setting("CREDITGRAPH_TRUSTED_ONLY", "公众只可用受信文档", "the public asks trusted documents only")
    ] = False
    jwt_secret: Annotated[
        SecretStr | None, Setting("CREDITGRAPH_JWT_SECRET", "HS256 共享密钥,至少 32 字节", "shared secret, ≥ 32 bytes")
    ] = None
    jwt_jwks: Annotated[
        str | None,
        Setting("CREDITGRAPH_JWT_JWKS", "JWKS 地址(RS256、ES256)", "address of the JWKS (RS256, ES256)"),
        Field(pattern="^https?://"),
    ] = None
    jwt_issuer: Annotated[str, Setting("CREDITGRAPH_JWT_ISSUER", "令牌的 iss", "the tokens' iss")] = "creditgraph"
    jwt_audience: Annotated[str, Setting("CREDITGRAPH_JWT_AUDIENCE", "令牌的 aud", "the tokens' aud")] = "creditgraph"
    public_introspection: Annotated[
        bool, Setting("CREDITGRAPH_PUBLIC_INTROSPECTION", "公众可读取 __schema", "the public may ask for __schema")
    ] = False
    neo4j_uri: Annotated[
        str | None,
        Setting("NEO4J_URI", "外部 Neo4j;不设则用内置", "an external Neo4j; unset: the embedded one"),
        Field(pattern=r"^(bolt|neo4j)(\+s|\+ssc)?://"),
    ] = None
    neo4j_username: Annotated[str, Setting("NEO4J_USERNAME", "其用户名", "its user")] = "neo4j"
    neo4j_password: Annotated[str, Setting("NEO4J_PASSWORD", "其口令", "its password"), Field(repr=False)] = ""
    neo4j_database: Annotated[str, Setting("NEO4J_DATABASE", "其数据库", "its database")] = "neo4j"
    reads: Annotated[
        Literal["near", "driver"],
        Setting(
            "CREDITGRAPH_READS",
            "near 以自有连接读取本机的数据库;driver 一律用官方驱动",
            "near: a server on this machine is read through connections of our own; driver: all through the driver",
        ),
    ] = "near"
    heap_megabytes: Annotated[
        int | None,
        Setting("CREDITGRAPH_HEAP_MB", "内置库的堆,默认按内存", "heap of the embedded server; unset: by memory"),
        Field(ge=256),
    ] = None
    home_free_megabytes: Annotated[
        int,
        Setting(
            "CREDITGRAPH_HOME_FREE_MB",
            "内置库初次启动须有的空闲 MB,其后须有四分之一",
            "MB free for the embedded server to start in a new home; in a used one a quarter",
        ),
        Field(ge=0),
    ] = 1_024
    start_seconds: Annotated[
        int,
        Setting("CREDITGRAPH_START_SECONDS", "等待内置库启动的秒数", "seconds the embedded server has to start"),
        Field(ge=1, le=3_600),
    ] = 60
    long_lived: Annotated[
        bool,
        Setting(
            "CREDITGRAPH_LONG_LIVED",
            "false 则内置库少编译,起停快一半,宜数分钟之用",
            "false: the embedded server compiles less and starts with half the work: for a use of some minutes",
        ),
    ] = True
    cache: Annotated[
        Path | None, Setting("CREDITGRAPH_CACHE", "jar 的存放处", "folder of the jars; unset: the user's cache folder")
    ] = None
    catalog: Annotated[
        Path | None,
        Setting("CREDITGRAPH_CATALOG", "采集目录的增补(.toml)", "further items of the catalogue: a folder of .toml"),
    ] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Setting("CREDITGRAPH_LOG", "日志级别", "level of the log")
    ] = "warning"
    derived_nodes: Annotated[
        int,
        Setting(
            "CREDITGRAPH_DERIVED_NODES",
            "载入触及的节点不逾此数则随即推导措施,逾则须 python -m graph derive",
            "a load that touched at most so many nodes derives their measures itself; more: python -m graph derive",
        ),
        Field(ge=0),
    ] = 100_000
    body_bytes: Annotated[
        int, Setting("CREDITGRAPH_BODY_BYTES", "请求体上限", "largest request body"), Field(ge=1000)
    ] = 1_000_000
    concurrent: Annotated[
        int,
        Setting("CREDITGRAPH_CONCURRENT", "每个进程同时执行的操作数", "operations a worker runs at once"),
        Field(ge=1, le=1000),
    ] = 32
    waiting: Annotated[
        int,
        Setting("CREDITGRAPH_WAITING", "排队的操作数,再多则 503", "operations that may wait; more are told 503"),
        Field(ge=0, le=10_000),
    ] = 64
    arriving_bytes: Annotated[
        int,
        Setting(
            "CREDITGRAPH_ARRIVING_BYTES",
            "每个进程未答复的请求体字节数合计,再多则 503;16 kB 以内的不计",
            "bytes of bodies a worker holds unanswered; more are told 503; those up to 16 kB do not count",
        ),
        Field(ge=1_000_000),
    ] = 32_000_000
    plan_bytes: Annotated[
        int,
        Setting(
            "CREDITGRAPH_PLAN_BYTES",
            "每个进程所存语句的字节数,逾则先去久未用者",
            "bytes of the statements a worker keeps; beyond it those longest unused go first",
        ),
        Field(ge=1_000_000),
    ] = 64_000_000
    drain_seconds: Annotated[
        int,
        Setting(
            "CREDITGRAPH_DRAIN_SECONDS", "停止时等待在途请求的秒数", "seconds a stopping worker lets requests finish"
        ),
        Field(ge=1, le=600),
    ] = 20
    depth: Annotated[
        Limit, Setting("CREDITGRAPH_DEPTH", "嵌套深度,政府/公众", "depth of an operation, officials/public")
    ] = Pair(15, 10)
    list_depth: Annotated[Limit, Setting("CREDITGRAPH_LIST_DEPTH", "列表嵌套深度", "lists within lists")] = Pair(4, 3)
    aliases: Annotated[Limit, Setting("CREDITGRAPH_ALIASES", "别名数", "aliases")] = Pair(50, 15)
    root_fields: Annotated[Limit, Setting("CREDITGRAPH_ROOT_FIELDS", "根字段数", "root fields")] = Pair(50, 10)
    tokens: Annotated[Limit, Setting("CREDITGRAPH_TOKENS", "词法单元数", "tokens of a document")] = Pair(5_000, 2_000)
    characters: Annotated[Limit, Setting("CREDITGRAPH_CHARACTERS", "字符数", "characters of a document")] = Pair(
        100_000, 15_000
    )
    directives: Annotated[Limit, Setting("CREDITGRAPH_DIRECTIVES", "指令数", "directives")] = Pair(50, 50)
    ids: Annotated[Limit, Setting("CREDITGRAPH_IDS", "每个参数的标识数", "ids per argument")] = Pair(100, 100)
    cost: Annotated[Limit, Setting("CREDITGRAPH_COST", "成本", "cost")] = Pair(20_000, 5_000)
    answer_bytes: Annotated[Limit, Setting("CREDITGRAPH_ANSWER_BYTES", "响应字节数", "bytes of an answer")] = Pair(
        10_000_000, 10_000_000
    )
    network_parties: Annotated[
        Limit,
        Setting(
            "CREDITGRAPH_NETWORK_PARTIES", "计算股权时一个主体周围的各方数", "parties around one subject's ownership"
        ),
    ] = Pair(20_000, 20_000)
    network_stakes: Annotated[Limit, Setting("CREDITGRAPH_NETWORK_STAKES", "其间的持股数", "holdings among them")] = (
        Pair(60_000, 60_000)
    )
    statement_seconds: Annotated[
        int, Setting("CREDITGRAPH_STATEMENT_SECONDS", "单条语句秒数", "seconds of a statement"), Field(ge=1, le=600)
    ] = 10
    plan_seconds: Annotated[
        int,
        Setting("CREDITGRAPH_PLAN_SECONDS", "首次执行的语句另加的秒数", "seconds more for a statement that is new"),
        Field(ge=0, le=600),
    ] = 20
    link_milliseconds: Annotated[
        int,
        Setting("CREDITGRAPH_LINK_MILLISECONDS", "关联查询的毫秒数", "milliseconds that reading for links may take"),
        Field(ge=1, le=600_000),
    ] = 1_000

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.jwt_secret is not None and len(self.jwt_secret.get_secret_value().encode()) < SHORTEST_SECRET:
            raise ValueError("CREDITGRAPH_JWT_SECRET: 至少 32 字节 · at least 32 bytes")
        if self.auth == "jwt" and self.jwt_secret is None and self.jwt_jwks is None:
            raise ValueError(
                "CREDITGRAPH_AUTH=jwt: 需要 CREDITGRAPH_JWT_SECRET 或 CREDITGRAPH_JWT_JWKS · needs one of these keys"
            )
        if self.trusted_only and self.documents is None:
            raise ValueError("CREDITGRAPH_TRUSTED_ONLY: 需要 CREDITGRAPH_DOCUMENTS · needs CREDITGRAPH_DOCUMENTS")
        return self

    @classmethod
    def load(cls, argv: Sequence[str], environ: Mapping[str, str]) -> Self:
        """Flags over `environ` over defaults; pure. SystemExit on an unknown flag, SettingsError on a bad value."""
        return cls.of(vars(add_flags(argparse.ArgumentParser(prog="server.py")).parse_args(argv)), environ)

    @classmethod
    def of(cls, flags: Mapping[str, object], environ: Mapping[str, str]) -> Self:
        """From parsed flags (None = not given, others are ignored) over the environment (empty = not given)."""
        given: dict[str, object] = {
            name: environ[setting.variable] for name, setting in SETTINGS.items() if environ.get(setting.variable)
        }
        given |= {name: value for name, value in flags.items() if name in SETTINGS and value is not None}
        try:
            return cls(**given)  # type: ignore[arg-type]  # pydantic coerces
        except ValidationError as error:
            raise SettingsError("; ".join(_complaint(each["loc"], each["msg"]) for each in error.errors())) from None

    @classmethod
    def from_environment(cls, **flags: object) -> Self:
        """Of this process; the keyword arguments stand for flags."""
        return cls.of(flags, os.environ)

    def environment(self) -> dict[str, str]:
        """The variables that make the same settings in a child process."""
        given: dict[str, str] = {}
        for name, setting in SETTINGS.items():
            value = getattr(self, name)
            if value is not None:
                given[setting.variable] = _written(value)
        return given


def _written(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def _complaint(where: tuple[int | str, ...], message: str) -> str:
    setting = SETTINGS.get(str(where[0])) if where else None
    text = message.removeprefix("Value error, ")
    return text if setting is None else f"{setting.variable}: {setting.zh} / {setting.en}: {text}"


def _settings() -> Iterator[tuple[str, Setting]]:
    for name, field in Settings.model_fields.items():
        yield name, next(each for each in field.metadata if isinstance(each, Setting))


SETTINGS: Final[Mapping[str, Setting]] = dict(_settings())


def table() -> list[Row]:
    """Every setting with its default as documentation writes it."""
    rows = []
    for name, setting in SETTINGS.items():
        default: Any = Settings.model_fields[name].default
        if isinstance(default, Path):
            default = f"{default.relative_to(CHECKOUT)}/"
        elif default is None or isinstance(default, SecretStr):
            default = ""
        rows.append(Row(setting.variable, setting.flag, str(default), setting.zh, setting.en))
    return rows


def add_flags(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The settings that have a flag; values stay text until `Settings.of` reads them."""
    for name, setting in SETTINGS.items():
        if setting.flag is not None:
            parser.add_argument(setting.flag, dest=name, help=f"{setting.zh} / {setting.en} ({setting.variable})")
    return parser
