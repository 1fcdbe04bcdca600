"""Which commands there are, where each stands, and which of them need Django and whose database role."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its module, the click object in it, what must be set up before it, and one line of help."""

    module: str
    name: str
    needs: str  # nothing | app | owner
    help: str


def _of(module: str, name: str, needs: str, text: str) -> Command:
    return Command(f"selaras.doors.cli.{module}", name, needs, text)


COMMANDS: dict[str, Command] = {
    "assets": _of("assets", "assets", "nothing", "Bring in the front-end packages and the area tables."),
    "backup": Command(
        "selaras.config.backup", "backup", "owner", "Write database, files and keys into one sealed archive."
    ),
    "db": Command("selaras.config.db", "db", "nothing", "Start, stop or look at the embedded database."),
    "demo": Command("selaras.config.demo", "demo", "owner", "Two registers become one, then the portal."),
    "django": _of("django", "django", "owner", "Run a command of Django, such as makemigrations."),
    "encode": _of("encode", "encode", "nothing", "Encode a register with a key, to be linked by who may not read it."),
    "keys": _of("keys", "keys", "nothing", "Make and check key rings."),
    "law": _of("law", "law_group", "nothing", "Check the law tables, write them as a page, weigh a draft."),
    "ledger": _of("ledger", "ledger", "app", "Seal and verify the ledger."),
    "link": _of("link", "link", "nothing", "Link files with the engine only: files in, files out, no database."),
    "messages": _of("messages", "messages", "nothing", "Compile and check the catalogues."),
    "migrate": _of("migrate", "migrate", "owner", "Bring the database to this version and put on both locks."),
    "pass": _of("passes", "pass_group", "nothing", "Verify a worker's card with no network; keep the keys that sign cards."),
    "reconcile": _of(
        "reconcile", "reconcile", "app", "Take registers in, link them, count: into the register of persons."
    ),
    "reseal": _of("reseal", "reseal", "app", "Turn the data key: seal everything again under a new one."),
    "restore": Command("selaras.config.backup", "restore", "owner", "Bring a backup back."),
    "samples": _of("samples", "samples", "nothing", "Invent a nation to try everything on."),
    "serve": Command("selaras.config.serve", "serve", "app", "Run the portal: web server and workers."),
    "worker": _of("worker", "worker", "app", "Run the queue's worker."),
}
