"""A journey can end with her death, and who died signs in no more."""

from django.db import migrations, models

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
  -- the record that stands for her today knows it
  and not exists (
    with recursive stands as (
      select q.id, q.merged_into_id, q.died_on from people_person q where q.id = a.person_id
      union select q.id, q.merged_into_id, q.died_on from people_person q join stands s on q.id = s.merged_into_id)
    select 1 from stands where stands.merged_into_id is null and stands.died_on is not null)
$$;
"""


class Migration(migrations.Migration):

    dependencies = [("people", "0007_known_devices")]

    operations = [
        migrations.AlterField(
            model_name="journey",
            name="state",
            field=models.CharField(choices=[('open', 'Open'), ('finished', 'Finished'), ('withdrawn', 'Withdrawn'), ('refused', 'Refused'), ('failed', 'Failed'), ('expired', 'Expired'), ('died', 'Died')], default='open', max_length=9),
        ),
        migrations.RunSQL(FUNCTION, migrations.RunSQL.noop),
    ]
