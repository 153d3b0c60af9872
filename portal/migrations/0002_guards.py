"""What the database itself holds of units, audit and locks: functions and triggers."""

from django.db import migrations

# `portal.lib.vietnamese.fold` as an immutable function, the same on every locale. The text is written out, for history
# does not change with the code: a changed fold is a new migration, and a test compares the two.
FOLD = r"""
CREATE OR REPLACE FUNCTION portal_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT normalize(translate(regexp_replace(normalize(value, NFD), '[\u0300-\u036f]', '', 'g'), 'ABCDEFGHIJKLMNOPQRSTUVWXYZĐđÐðƉɖ', 'abcdefghijklmnopqrstuvwxyzdddddd'), NFC)
$$;
"""

# `portal.lib.vietnamese.search_key`, written out like the fold: what searches compare.
SEARCH_KEY = r"""
CREATE OR REPLACE FUNCTION portal_search_key(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT btrim(regexp_replace(portal_fold(normalize(regexp_replace(value, '[\u0001-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]', '', 'g'), NFKC)), '[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u303f]+', ' ', 'g'))
$$;
"""

# Two user names that differ in capitals or marks alone are one: whoever signs in with either means the same account.
USER_NAMES = """
CREATE UNIQUE INDEX portal_user_username_folded ON portal_user (portal_fold(username));
"""

TREE = """
-- A unit's tree edge on a day: its version in force, or the last one it had when it has ended.
CREATE FUNCTION unit_edges(on_day date) RETURNS TABLE(unit_id bigint, parent_id bigint) LANGUAGE sql STABLE AS $$
  SELECT DISTINCT ON (v.unit_id) v.unit_id, v.parent_id FROM portal_unitversion v
  WHERE lower(v.valid) <= on_day ORDER BY v.unit_id, v.valid DESC
$$;

-- A unit and everything below it, strictly in the tree of the day.
CREATE FUNCTION unit_subtree(root bigint, on_day date) RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 100 AS $$
  WITH RECURSIVE below(unit_id) AS (
    SELECT root
    UNION
    SELECT v.unit_id FROM portal_unitversion v JOIN below b ON v.parent_id = b.unit_id WHERE v.valid @> on_day
  ) SELECT unit_id FROM below
$$;

-- A unit and everything above it on the day (of an ended unit: as it last stood).
CREATE FUNCTION unit_ancestors(leaf bigint, on_day date) RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 5 AS $$
  WITH RECURSIVE above(unit_id) AS (
    SELECT leaf
    UNION
    SELECT p.parent_id FROM above a CROSS JOIN LATERAL (
      SELECT v.parent_id FROM portal_unitversion v WHERE v.unit_id = a.unit_id AND lower(v.valid) <= on_day
      ORDER BY v.valid DESC LIMIT 1
    ) p WHERE p.parent_id IS NOT NULL
  ) SELECT unit_id FROM above
$$;

-- The units on which a person holds one of the roles: the subtrees of the postings in force, and the units that
-- those succeeded with all that hung under them (the successor files for the ended unit).
CREATE FUNCTION unit_scope(person bigint, roles text[], on_day date) RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 100 AS $$
  WITH RECURSIVE edges AS MATERIALIZED (SELECT * FROM unit_edges(on_day)),
  links AS MATERIALIZED (
    SELECT e.parent_id AS holder, e.unit_id AS held FROM edges e WHERE e.parent_id IS NOT NULL
    UNION ALL
    SELECT s.to_unit_id, s.from_unit_id FROM portal_unitsuccession s WHERE s.on_date <= on_day
  ),
  scope(unit_id) AS (
    SELECT p.unit_id FROM portal_posting p JOIN portal_user u ON u.id = p.user_id
    WHERE p.user_id = person AND p.role = ANY(roles) AND p.valid @> on_day AND u.is_active
    UNION
    SELECT l.held FROM links l JOIN scope s ON l.holder = s.unit_id
  ) SELECT unit_id FROM scope
$$;
"""

PARENT_IN_FORCE = """
CREATE FUNCTION unit_version_parent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := ARRAY[]::bigint[];
BEGIN
  IF TG_OP <> 'DELETE' THEN touched := touched || NEW.unit_id; END IF;
  IF TG_OP <> 'INSERT' THEN touched := touched || OLD.unit_id; END IF;
  IF EXISTS (
    SELECT 1 FROM portal_unitversion c JOIN portal_level cl ON cl.id = c.level_id
    WHERE c.parent_id IS NOT NULL AND (c.unit_id = ANY(touched) OR c.parent_id = ANY(touched))
    AND NOT coalesce((
      SELECT range_agg(p.valid) @> c.valid FROM portal_unitversion p JOIN portal_level pl ON pl.id = p.level_id
      WHERE p.unit_id = c.parent_id AND pl.rank < cl.rank), false)
  ) THEN RAISE EXCEPTION 'unit_parent_not_in_force' USING ERRCODE = 'check_violation',
    HINT = 'The parent must exist on a higher level for the whole span of the child.'; END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER unit_version_parent AFTER INSERT OR UPDATE OR DELETE ON portal_unitversion
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION unit_version_parent();
"""

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON portal_auditentry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON portal_auditentry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Of two persons: a proposal is decided once and keeps what it said; a posting keeps what it gave and can only end.
TWO_PERSONS = """
CREATE FUNCTION proposal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'pending' OR NEW.state = 'pending' OR (NEW.state = 'accepted' AND OLD.expires_at <= now())
     OR (to_jsonb(NEW) - '{state,decided_by_id,decided_at,answer}'::text[])
        IS DISTINCT FROM (to_jsonb(OLD) - '{state,decided_by_id,decided_at,answer}'::text[]) THEN
    RAISE EXCEPTION 'proposal_decided_once' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proposal_guard BEFORE UPDATE ON portal_proposedchange FOR EACH ROW EXECUTE FUNCTION proposal_guard();
CREATE FUNCTION proposal_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state IS DISTINCT FROM 'pending' THEN
    RAISE EXCEPTION 'proposal_decided_once' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proposal_begins BEFORE INSERT ON portal_proposedchange FOR EACH ROW EXECUTE FUNCTION proposal_begins();
CREATE TRIGGER proposal_no_delete BEFORE DELETE ON portal_proposedchange FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER proposal_no_truncate BEFORE TRUNCATE ON portal_proposedchange
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION posting_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (to_jsonb(NEW) - 'valid') IS DISTINCT FROM (to_jsonb(OLD) - 'valid')
     OR lower(NEW.valid) IS DISTINCT FROM lower(OLD.valid) OR upper(NEW.valid) IS NULL
     OR (upper(OLD.valid) IS NOT NULL AND (upper(NEW.valid) >= upper(OLD.valid) OR upper(OLD.valid) <= current_date)) THEN
    RAISE EXCEPTION 'posting_only_ends' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER posting_guard BEFORE UPDATE ON portal_posting FOR EACH ROW EXECUTE FUNCTION posting_guard();
CREATE TRIGGER posting_no_delete BEFORE DELETE ON portal_posting FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_no_truncate BEFORE TRUNCATE ON portal_posting FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Closing a half-year waits for payments under way and later payments see the lock: both take the same advisory lock,
# the payments shared (in scholarships), the closing alone.
LOCKS = """
CREATE FUNCTION period_key(unit bigint, half text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT hashtextextended('period:' || unit || ':' || half, 0)
$$;
CREATE FUNCTION period_lock_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_advisory_xact_lock(period_key(NEW.unit_id, NEW.half)); RETURN NEW; END $$;
CREATE TRIGGER period_lock_alone BEFORE INSERT OR UPDATE ON portal_periodlock
  FOR EACH ROW EXECUTE FUNCTION period_lock_alone();
CREATE FUNCTION period_is_closed(of_unit bigint, of_half text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM portal_periodlock l WHERE l.unit_id = of_unit AND l.half = of_half
                 AND (l.open_until IS NULL OR l.open_until <= now()))
$$;
"""

UNDO = """
DROP INDEX IF EXISTS portal_user_username_folded;
DROP TRIGGER IF EXISTS posting_no_truncate ON portal_posting;
DROP TRIGGER IF EXISTS posting_no_delete ON portal_posting;
DROP TRIGGER IF EXISTS posting_guard ON portal_posting;
DROP TRIGGER IF EXISTS proposal_no_truncate ON portal_proposedchange;
DROP TRIGGER IF EXISTS proposal_no_delete ON portal_proposedchange;
DROP TRIGGER IF EXISTS proposal_begins ON portal_proposedchange;
DROP TRIGGER IF EXISTS proposal_guard ON portal_proposedchange;
DROP FUNCTION IF EXISTS posting_guard(), proposal_begins(), proposal_guard();
DROP TRIGGER IF EXISTS period_lock_alone ON portal_periodlock;
DROP TRIGGER IF EXISTS audit_no_truncate ON portal_auditentry;
DROP TRIGGER IF EXISTS audit_no_change ON portal_auditentry;
DROP TRIGGER IF EXISTS unit_version_parent ON portal_unitversion;
DROP FUNCTION IF EXISTS period_is_closed(bigint, text), period_lock_alone(), period_key(bigint, text), refuse_change(),
  unit_version_parent(), unit_scope(bigint, text[], date), unit_ancestors(bigint, date), unit_subtree(bigint, date),
  unit_edges(date), portal_search_key(text), portal_fold(text);
"""


def make_system_account(apps, schema_editor):  # type: ignore[no-untyped-def]  # historical models
    """The account that commands on the server act as; nobody can sign in with it."""
    user = apps.get_model("portal", "User")
    user.objects.get_or_create(
        username="system", defaults={"full_name": "Hệ thống", "password": "!", "is_active": False}
    )


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FOLD + SEARCH_KEY + USER_NAMES + TREE + PARENT_IN_FORCE + APPEND_ONLY + TWO_PERSONS + LOCKS, UNDO
        ),
        migrations.RunPython(make_system_account, migrations.RunPython.noop),
    ]
