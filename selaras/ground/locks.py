"""The second lock: row-level security and privileges, made from the same paths that the managers declare.

Applied by the owner after every migration (`selaras migrate`), all in one transaction, idempotent. The app's role owns nothing, so
it can neither drop a policy nor switch it off.
"""

from collections.abc import Sequence
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from selaras.ground.models.ledger import LedgerLine, LedgerSubject, Seal
from selaras.ground.scope import NATION, PARTY, ScopedManager, scoped_models

# Tables of others that are read before anybody acts, or that hold nothing about a person. Our own tables say it on the model
# (`unscoped = "why"`). A test compares both lists with what is in the database.
UNSCOPED: dict[str, str] = {
    "django_session": "sessions",
    "django_content_type": "Django's own",
    "auth_permission": "Django's own",
    "auth_group": "Django's own",
    "auth_group_permissions": "Django's own",
    "django_migrations": "Django's own",
    "account_emailaddress": "accounts",
    "account_emailconfirmation": "accounts",
    "mfa_authenticator": "accounts",
    "socialaccount_socialaccount": "accounts",
    "socialaccount_socialapp": "accounts",
    "socialaccount_socialtoken": "accounts",
    "selaras_cache": "rate limits",
    "procrastinate_jobs": "queue: ids only",
    "procrastinate_events": "queue",
    "procrastinate_periodic_defers": "queue",
    "procrastinate_workers": "queue",
}

REACH_FUNCTION = """
create or replace function selaras_reach() returns text[] language sql stable parallel safe
as $$ select string_to_array(nullif(current_setting('selaras.reach', true), ''), ',') $$
"""

# The keys of the parties for which somebody acts who sees nothing else; null for everybody else, and for nobody.
PARTIES_FUNCTION = f"""
create or replace function selaras_own_parties() returns text[] language sql stable parallel safe
as $$ select case when bool_and(starts_with(code, '{PARTY}')) then array_agg(substr(code, {len(PARTY) + 1})) end
      from unnest(selaras_reach()) code $$
"""

ACTOR_FUNCTION = """
create or replace function selaras_actor_of(officer uuid, day date)
returns table (role varchar, code varchar, office_id uuid, office varchar)
language sql stable security definer set search_path = public, pg_temp
as $$
  select p.role, r.code, o.id, o.name
  from ground_posting p join ground_office o on o.id = p.office_id
  left join ground_officereach r on r.office_id = o.id and r.since <= day and (r.until is null or r.until >= day)
  where p.officer_id = officer and p.since <= day and (p.until is null or p.until >= day)
  order by p.since, p.id
$$
"""

LEDGER_RULES = [
    "alter table ground_ledgerline enable row level security",
    "drop policy if exists reading on ground_ledgerline",
    # One's own lines, the lines about a subject just opened within reach, or all for those who audit.
    """create policy reading on ground_ledgerline for select to {app} using (
         (select current_setting('selaras.ledger', true)) = 'on'
         or actor = (select nullif(current_setting('selaras.actor', true), ''))
         or subject = (select nullif(current_setting('selaras.subject', true), '')::uuid)
         or id in (select s.line_id from ground_ledgersubject s
                   where s.subject = (select nullif(current_setting('selaras.subject', true), '')::uuid)))""",
    "drop policy if exists writing on ground_ledgerline",
    """create policy writing on ground_ledgerline for insert to {app}
       with check (actor = (select nullif(current_setting('selaras.actor', true), '')))""",
    "drop policy if exists writing_apart on ground_ledgerline",
    "create policy writing_apart on ground_ledgerline for insert to {ledger} with check (true)",
    "alter table ground_ledgersubject enable row level security",
    "drop policy if exists reading on ground_ledgersubject",
    """create policy reading on ground_ledgersubject for select to {app} using (
         (select current_setting('selaras.ledger', true)) = 'on'
         or subject = (select nullif(current_setting('selaras.subject', true), '')::uuid))""",
    "drop policy if exists writing on ground_ledgersubject",
    "create policy writing on ground_ledgersubject for insert to {app} with check ((select current_setting('selaras.actor', true)) <> '')",
    "alter table ground_seal enable row level security",
    "drop policy if exists reading on ground_seal",
    "create policy reading on ground_seal for select to {app} using ((select current_setting('selaras.ledger', true)) = 'on')",
    "drop policy if exists writing on ground_seal",
    "create policy writing on ground_seal for insert to {app} with check ((select current_setting('selaras.ledger', true)) = 'on')",
]

TAKEN_RULES = [
    "alter table ground_takenform enable row level security",
    "drop policy if exists own on ground_takenform",
    """create policy own on ground_takenform to {app}
       using (actor = (select nullif(current_setting('selaras.actor', true), '')))
       with check (actor = (select nullif(current_setting('selaras.actor', true), '')))""",
]

APPEND_ONLY = (LedgerLine, LedgerSubject, Seal)


def condition(model: type[models.Model], path: str, alias: str) -> str:
    """Give the SQL condition of a path: the reach column itself, or the existence of the row that carries it."""
    head, _, rest = path.partition("__")
    field = model._meta.get_field(head)
    column = f'{alias}."{cast(Any, field).column}"'
    if not rest:
        return f"{column} && (select selaras_reach())"
    target = cast(type[models.Model], field.related_model)
    inner = f"{alias}_{head}"
    key = cast(Any, target._meta.pk).column
    guarding = f'exists (select 1 from {target._meta.db_table} {inner} where {inner}."{key}" = {column} and {condition(target, rest, inner)})'
    # The national token first: asked once a statement, it spares the look at each row's owner, and it lets a row
    # that has no owner yet be seen by the national reach, and by nobody else.
    return f"((select '{NATION}' = any (selaras_reach())) or {guarding})"


def naming(model: type[models.Model], path: str, alias: str) -> str:
    """Give the SQL condition under which a row names a party of one's own: its key in a column, or in the row to which the path leads."""
    head, _, rest = path.partition("__")
    field = model._meta.get_field(head)
    column = f'{alias}."{cast(Any, field).column}"'
    if not rest:
        return f"{column} = any ((select selaras_own_parties())::text[])"
    target = cast(type[models.Model], field.related_model)
    inner = f"{alias}_{head}"
    key = cast(Any, target._meta.pk).column
    return f'exists (select 1 from {target._meta.db_table} {inner} where {inner}."{key}" = {column} and {naming(target, rest, inner)})'


def policy_of(model: type[models.Model]) -> list[str]:
    """Give the statements that put one scoped table behind its policy."""
    table = model._meta.db_table
    manager = cast(ScopedManager[Any], cast(Any, model).objects)
    rule = condition(model, manager.path, table)
    if manager.party:
        rule = f"{rule} and ((select selaras_own_parties()) is null or {naming(model, manager.party, table)})"
    return [
        f"alter table {table} enable row level security",
        f"drop policy if exists reach on {table}",
        f"create policy reach on {table} using ({rule}) with check ({rule})",
    ]


def statements(app: str, ledger: str) -> list[str]:
    """Give every statement, in order, for the names of the two roles."""
    append_only = ", ".join(m._meta.db_table for m in APPEND_ONLY)
    out = [
        REACH_FUNCTION,
        PARTIES_FUNCTION,
        ACTOR_FUNCTION,
        "revoke all on schema public from public",
        f"grant usage on schema public to {app}, {ledger}",
        f"grant select, insert, update, delete on all tables in schema public to {app}",
        f"grant usage, select on all sequences in schema public to {app}",
        f"grant execute on all functions in schema public to {app}",
        f"revoke insert, update, delete, truncate on django_migrations from {app}",
        f"revoke update, delete, truncate on {append_only} from {app}",
        "revoke execute on function selaras_actor_of(uuid, date) from public",
        f"grant execute on function selaras_actor_of(uuid, date) to {app}",
        f"grant insert on ground_ledgerline to {ledger}",
        f"grant execute on function selaras_reach() to {app}",
        f"grant execute on function selaras_own_parties() to {app}",
    ]
    out += [rule.format(app=app, ledger=ledger) for rule in (*LEDGER_RULES, *TAKEN_RULES)]
    for model in scoped_models():
        out += policy_of(model)
    return out


def apply(connection: BaseDatabaseWrapper, *, app: str, ledger: str) -> None:
    """Apply both locks' database side with the owner's connection."""
    quoted = [connection.ops.quote_name(name) for name in (app, ledger)]
    with connection.cursor() as cursor:
        for statement in statements(*quoted):
            cursor.execute(statement)


def tables() -> Sequence[str]:
    """List every table that this product's models name."""
    return sorted({m._meta.db_table for m in apps.get_models(include_auto_created=True)})
