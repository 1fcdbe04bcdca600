"""A card that is replaced opens on while the new one waits: its owner can come in and stop the new one."""

from django.db import migrations

FUNCTION = """
create or replace function selaras_account_of(account uuid, through uuid, at timestamptz)
returns table (kind varchar, person_id uuid, name varchar, locale varchar, sessions integer)
language sql stable security definer set search_path = public, pg_temp
as $$
  select a.kind, a.person_id, p.name, a.locale, a.sessions
  from people_account a join people_person p on p.id = a.person_id
  where a.id = account and a.ended_at is null and (
    exists (select 1 from people_signinphone s
            where s.id = through and s.account_id = a.id and s.since <= at and (s.until is null or s.until > at))
    or exists (select 1 from people_card c
               where c.id = through and c.account_id = a.id and c.since <= at and (c.ended_at is null or c.ended_at > at))
    or exists (select 1 from people_passkey k where k.id = through and k.account_id = a.id and k.ended_at is null))
$$;
"""


class Migration(migrations.Migration):

    dependencies = [("people", "0005_journeys")]

    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
