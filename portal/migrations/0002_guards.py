"""What the database itself holds of units, audit and closings: functions and triggers."""

from django.db import migrations

# `portal.lib.vietnamese.fold` as an immutable function, the same on every locale. The text is written out, for history
# does not change with the code: a changed fold is a new migration, and a test compares the two.
FOLD = r"""
CREATE OR REPLACE FUNCTION portal_fold(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  value := lower(translate(normalize(value, NFD), 'ĐđÐðƉɖ'
    || U&'\0300\0301\0303\0309\0323\0302\0306\031B', 'dddddd') COLLATE "C");
  IF octet_length(value) = length(value) THEN RETURN value; END IF;
  RETURN normalize(regexp_replace(value, '[\u0300-\u036f]', '', 'g'), NFC);
END
$$;
"""

# `portal.lib.vietnamese.search_key`, written out like the fold: what searches compare.
SEARCH_KEY = r"""
CREATE OR REPLACE FUNCTION portal_search_key(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF value ~ '[\u0001-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]' THEN value := regexp_replace(value, '[\u0001-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]', '', 'g'); END IF;
  IF value IS NOT NFKC NORMALIZED THEN value := normalize(value, NFKC); END IF;
  value := btrim(portal_fold(value));
  IF value ~ '^[a-z0-9]+( [a-z0-9]+)*$' THEN RETURN value; END IF;
  RETURN btrim(regexp_replace(value, '[\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u303f]+', ' ', 'g'));
END
$$;
"""

# Two user names that differ in capitals or marks alone are one: whoever signs in with either means the same account.
USER_NAMES = """
CREATE UNIQUE INDEX portal_user_username_folded ON portal_user (portal_fold(username));
"""

# What walks the tree or asks whether a half-year is closed is PL/pgSQL, also where one query says it all: its plan is
# kept for the connection, whereas a function in SQL is planned at every call (twenty half-years: 2 ms, not 100).
TREE = """
-- A unit and everything below it, strictly in the tree of the day.
CREATE FUNCTION unit_subtree(root bigint, on_day date) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 100 AS $$
BEGIN RETURN QUERY
  WITH RECURSIVE below(unit_id) AS (
    SELECT root
    UNION
    SELECT v.unit_id FROM portal_unitversion v JOIN below b ON v.parent_id = b.unit_id WHERE v.valid @> on_day
  ) SELECT b.unit_id FROM below b;
END $$;

-- A unit and everything above it on the day (of an ended unit: as it last stood).
CREATE FUNCTION unit_ancestors(leaf bigint, on_day date) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 5 AS $$
BEGIN RETURN QUERY
  WITH RECURSIVE above(unit_id) AS (
    SELECT leaf
    UNION
    SELECT p.parent_id FROM above a CROSS JOIN LATERAL (
      SELECT v.parent_id FROM portal_unitversion v WHERE v.unit_id = a.unit_id AND lower(v.valid) <= on_day
      ORDER BY v.valid DESC LIMIT 1
    ) p WHERE p.parent_id IS NOT NULL
  ) SELECT a.unit_id FROM above a;
END $$;

-- Units, everything below them, and the units that those succeeded with all that hung under them. Below the one unit
-- that ever stood without another above it is all that has begun; of any other each step is looked up, so that of
-- 10,000 units no more is read than it has.
CREATE FUNCTION unit_holdings(starts bigint[], on_day date) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 100 AS $$
DECLARE roots bigint[] := ARRAY(SELECT DISTINCT v.unit_id FROM portal_unitversion v WHERE v.parent_id IS NULL);
BEGIN
  IF cardinality(roots) = 1 AND roots <@ starts THEN
    RETURN QUERY SELECT u.id FROM portal_unit u WHERE u.id = ANY(starts)
      OR EXISTS (SELECT FROM portal_unitversion v WHERE v.unit_id = u.id AND lower(v.valid) <= on_day);
  ELSE
    RETURN QUERY WITH RECURSIVE reach(unit_id) AS (
      SELECT unnest(starts)
      UNION
      SELECT h.held FROM reach r CROSS JOIN LATERAL (
        SELECT v.unit_id AS held FROM portal_unitversion v WHERE v.parent_id = r.unit_id AND lower(v.valid) <= on_day
        AND NOT EXISTS (SELECT FROM portal_unitversion n
          WHERE n.unit_id = v.unit_id AND n.valid > v.valid AND lower(n.valid) <= on_day)
        UNION ALL
        SELECT s.from_unit_id FROM portal_unitsuccession s WHERE s.to_unit_id = r.unit_id AND s.on_date <= on_day
      ) h
    ) SELECT r.unit_id FROM reach r;
  END IF;
END $$;

-- The units on which a person holds one of the roles: what the postings in force reach (the successor files for the
-- ended unit).
CREATE FUNCTION unit_scope(person bigint, roles text[], on_day date) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 100 AS $$
BEGIN RETURN QUERY
  SELECT * FROM unit_holdings(ARRAY(
    SELECT p.unit_id FROM portal_posting p JOIN portal_user u ON u.id = p.user_id
    WHERE p.user_id = person AND p.role = ANY(roles) AND p.valid @> on_day AND u.is_active
      AND (u.locked_from IS NULL OR u.locked_from > on_day)
  ), on_day);
END $$;

-- What `unit_scope` gives to a posting on a unit. By this a list is narrowed to a unit.
CREATE FUNCTION unit_reach(root bigint, on_day date) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 100 AS $$
BEGIN RETURN QUERY
  SELECT * FROM unit_holdings(ARRAY[root], on_day);
END $$;
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

-- What searches compare stands beside the name.
CREATE FUNCTION unit_version_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.search_name := portal_search_key(NEW.name); RETURN NEW; END $$;
CREATE TRIGGER unit_version_named BEFORE INSERT OR UPDATE OF name, search_name ON portal_unitversion
  FOR EACH ROW EXECUTE FUNCTION unit_version_named();
"""

# How often a word stands in the entries decides whether a search walks the newest or the index: it must be known well.
SEARCH = """
ALTER TABLE portal_searchentry ALTER COLUMN words SET STATISTICS 1000, ALTER COLUMN title_words SET STATISTICS 1000;
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

# Half-years by their codes, which sort as time does.
HALVES = """
CREATE FUNCTION half_of(day date) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT lpad(extract(year FROM day)::int::text, 4, '0') || CASE WHEN extract(month FROM day) <= 6 THEN '-H1' ELSE '-H2' END
$$;
CREATE FUNCTION half_first_day(half text) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT make_date(left(half, 4)::int, CASE right(half, 1) WHEN '1' THEN 1 ELSE 7 END, 1)
$$;
CREATE FUNCTION half_after(half text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT half_of((half_first_day(half) + interval '6 months')::date)
$$;
CREATE FUNCTION half_last_day(half text) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT half_first_day(half_after(half)) - 1
$$;
"""

# What is closed. A closing of a unit closes for every unit whose facts count in it, in the tree of the fact's half-year
# or of the closing's own: the parent of a unit in force, the heirs of an ended one (without any: where it last hung),
# where a unit will hang that begins later. Payments and other facts take the half-year's advisory lock shared, a
# closing takes it alone: it waits for what is under way, and what comes later sees it.
CLOSINGS = """
CREATE FUNCTION unit_counted_in(leaf bigint, on_day date) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 5 AS $$
BEGIN RETURN QUERY
  WITH RECURSIVE up(unit_id) AS (
    SELECT leaf
    UNION
    SELECT n.unit_id FROM up u
    CROSS JOIN LATERAL (
      SELECT v.parent_id, v.valid @> on_day OR lower(v.valid) > on_day AS stands FROM portal_unitversion v
      WHERE v.unit_id = u.unit_id
      ORDER BY lower(v.valid) <= on_day DESC, abs(on_day - lower(v.valid)) LIMIT 1
    ) p
    CROSS JOIN LATERAL (
      SELECT s.to_unit_id AS unit_id FROM portal_unitsuccession s
      WHERE s.from_unit_id = u.unit_id AND s.on_date <= on_day AND NOT p.stands
      UNION ALL
      SELECT p.parent_id WHERE p.stands OR NOT EXISTS (
        SELECT 1 FROM portal_unitsuccession s WHERE s.from_unit_id = u.unit_id AND s.on_date <= on_day)
    ) n WHERE n.unit_id IS NOT NULL
  ) SELECT u.unit_id FROM up u;
END $$;

-- A half-year approved before its last day is closed from the day after it: until then money may come.
CREATE FUNCTION closing_holds(from_day date, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT from_day IS NULL OR from_day <= (least(at, now()) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
$$;

-- The rule, without exceptions, by the closings known at a moment.
CREATE FUNCTION closed_by_rule(of_unit bigint, of_half text, at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM portal_closing c WHERE c.half >= of_half) THEN RETURN false; END IF;
  RETURN EXISTS (
    SELECT 1 FROM portal_closing c JOIN unit_counted_in(of_unit, half_last_day(of_half)) a(unit_id) USING (unit_id)
    WHERE c.closed_at <= at AND closing_holds(c.from_day, at)
      AND (c.half = of_half OR (c.scope = 'through' AND c.half > of_half))
  ) OR EXISTS (
    SELECT 1 FROM (SELECT DISTINCT half FROM portal_closing WHERE scope = 'through' AND half > of_half) h
    CROSS JOIN LATERAL unit_counted_in(of_unit, half_last_day(h.half)) a(unit_id)
    JOIN portal_closing c ON c.half = h.half AND c.unit_id = a.unit_id AND c.scope = 'through'
    WHERE c.closed_at <= at
  );
END $$;

-- Who acts: set for the transaction by `portal.services.refusals`, in one place; nobody for raw SQL.
CREATE FUNCTION acting_person() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('portal.actor', true), '')::bigint
$$;

-- Whether facts of the half-year are refused to the people (and to who acts): an exception is for its person alone.
CREATE FUNCTION period_is_closed(of_unit bigint, of_half text, people bigint[] DEFAULT '{}') RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN closed_by_rule(of_unit, of_half, 'infinity') AND NOT EXISTS (
    SELECT 1 FROM portal_closingexception e
    WHERE e.half = of_half AND e.person_id = ANY (people || acting_person()) AND e.until > now() AND e.ended_at IS NULL
      AND e.unit_id IN (SELECT unit_counted_in(of_unit, half_last_day(of_half))));
END $$;

-- The half-year itself while it is open, else the first after everything that is closed for the unit: never a gap.
CREATE FUNCTION first_open_half(of_unit bigint, of_half text, people bigint[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE found text;
BEGIN
  IF NOT period_is_closed(of_unit, of_half, people) THEN RETURN of_half; END IF;
  SELECT half_after(greatest(of_half, max(c.half))) INTO found
  FROM (SELECT DISTINCT half FROM portal_closing WHERE half >= of_half) h
  CROSS JOIN LATERAL unit_counted_in(of_unit, half_last_day(h.half)) a(unit_id)
  JOIN portal_closing c ON c.half = h.half AND c.unit_id = a.unit_id AND closing_holds(c.from_day, 'infinity');
  found := coalesce(found, half_after(of_half));
  WHILE closed_by_rule(of_unit, found, 'infinity') LOOP found := half_after(found); END LOOP;
  RETURN found;
END $$;

CREATE FUNCTION period_key(half text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT hashtextextended('period:' || greatest(half, '2000-H1'), 0)  -- what is older shares one key
$$;

-- What every trigger on facts asks: the half-year stays open until the transaction ends, or the fact is refused.
CREATE FUNCTION demand_open(of_unit bigint, of_half text, people bigint[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(period_key(of_half));
  IF period_is_closed(of_unit, of_half, people) THEN
    RAISE EXCEPTION 'period_closed' USING ERRCODE = 'check_violation', DETAIL = of_half; END IF;
END $$;

-- The same of facts that are changed; tells whether the half-year is closed, and open to who acts by exception alone.
CREATE FUNCTION open_by_exception(of_unit bigint, of_half text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM demand_open(of_unit, of_half);
  RETURN closed_by_rule(of_unit, of_half, 'infinity');
END $$;

CREATE FUNCTION closing_alone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE at_half text := CASE NEW.scope WHEN 'through' THEN '2000-H1' ELSE NEW.half END;
BEGIN
  LOOP
    PERFORM pg_advisory_xact_lock(period_key(at_half));
    EXIT WHEN at_half >= NEW.half;
    at_half := half_after(at_half);
  END LOOP;
  NEW.closed_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER closing_alone BEFORE INSERT ON portal_closing FOR EACH ROW EXECUTE FUNCTION closing_alone();
CREATE TRIGGER closing_no_change BEFORE UPDATE OR DELETE ON portal_closing FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER closing_no_truncate BEFORE TRUNCATE ON portal_closing FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An exception changes in nothing but its early end, once.
CREATE FUNCTION closing_exception_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
     OR (to_jsonb(NEW) - 'ended_at') IS DISTINCT FROM (to_jsonb(OLD) - 'ended_at') THEN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER closing_exception_guard BEFORE UPDATE OR DELETE ON portal_closingexception
  FOR EACH ROW EXECUTE FUNCTION closing_exception_guard();
-- It begins by the agreement of two persons to exactly this; without a proposal only the server itself opens.
CREATE FUNCTION closing_exception_two_persons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ended_at IS NOT NULL OR NOT (CASE WHEN NEW.proposal_id IS NULL
      THEN EXISTS (SELECT 1 FROM portal_user u WHERE u.id = NEW.granted_by_id AND u.username = 'system')
      ELSE EXISTS (SELECT 1 FROM portal_proposedchange p WHERE p.id = NEW.proposal_id AND p.state = 'accepted'
        AND p.act = 'closing_exception' AND p.proposed_by_id = NEW.granted_by_id
        AND p.decided_by_id = NEW.agreed_by_id AND p.unit_id = NEW.unit_id AND p.after->>'half' = NEW.half
        AND (p.after->>'person_id')::bigint = NEW.person_id
        AND (p.after->>'until')::timestamptz = NEW.until) END) THEN
    RAISE EXCEPTION 'closing_exception_two_persons' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER closing_exception_two_persons BEFORE INSERT ON portal_closingexception
  FOR EACH ROW EXECUTE FUNCTION closing_exception_two_persons();
CREATE TRIGGER closing_exception_no_truncate BEFORE TRUNCATE ON portal_closingexception
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# Versions and successions place facts: what would move facts of a closed half-year is refused. A unit that is new has
# none, whenever it begins; the rule closes the half-years behind it.
TREE_CLOSED = """
CREATE FUNCTION unit_version_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched datemultirange; units bigint[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT 1 FROM portal_unitversion v WHERE v.unit_id = NEW.unit_id) THEN RETURN NEW; END IF;
    touched := datemultirange(NEW.valid); units := ARRAY[NEW.unit_id, NEW.parent_id];
  ELSIF TG_OP = 'DELETE' THEN
    touched := datemultirange(OLD.valid); units := ARRAY[OLD.unit_id];
  ELSE
    touched := datemultirange(OLD.valid) + datemultirange(NEW.valid);
    IF NEW.unit_id = OLD.unit_id AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id THEN
      touched := touched - datemultirange(OLD.valid * NEW.valid); END IF;
    units := ARRAY[OLD.unit_id, NEW.unit_id, NEW.parent_id];
  END IF;
  IF NOT isempty(touched) AND EXISTS (
    SELECT 1 FROM (SELECT DISTINCT half, scope FROM portal_closing) h
    CROSS JOIN unnest(units) u(unit_id)
    CROSS JOIN LATERAL unit_counted_in(u.unit_id, half_last_day(h.half)) a(unit_id)
    JOIN portal_closing c ON c.half = h.half AND c.scope = h.scope AND c.unit_id = a.unit_id
      AND closing_holds(c.from_day, 'infinity')
    WHERE touched && daterange(CASE h.scope WHEN 'half' THEN half_first_day(h.half) END, half_last_day(h.half), '[]')
  ) THEN RAISE EXCEPTION 'unit_version_closed' USING ERRCODE = 'check_violation'; END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER unit_version_closed BEFORE INSERT OR UPDATE OR DELETE ON portal_unitversion
  FOR EACH ROW EXECUTE FUNCTION unit_version_closed();

CREATE FUNCTION unit_succession_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (TG_OP <> 'INSERT' AND (closed_by_rule(OLD.from_unit_id, half_of(OLD.on_date), 'infinity')
        OR closed_by_rule(OLD.to_unit_id, half_of(OLD.on_date), 'infinity')))
     OR (TG_OP <> 'DELETE' AND (closed_by_rule(NEW.from_unit_id, half_of(NEW.on_date), 'infinity')
        OR closed_by_rule(NEW.to_unit_id, half_of(NEW.on_date), 'infinity'))) THEN
    RAISE EXCEPTION 'unit_version_closed' USING ERRCODE = 'check_violation'; END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER unit_succession_closed BEFORE INSERT OR UPDATE OR DELETE ON portal_unitsuccession
  FOR EACH ROW EXECUTE FUNCTION unit_succession_closed();

-- An heir begins no later than the day after its predecessor ends: between the two, facts would count nowhere.
CREATE FUNCTION unit_succession_joins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := ARRAY[]::bigint[];
BEGIN
  IF TG_TABLE_NAME = 'portal_unitversion' THEN
    IF TG_OP <> 'DELETE' THEN touched := touched || NEW.unit_id; END IF;
    IF TG_OP <> 'INSERT' THEN touched := touched || OLD.unit_id; END IF;
  ELSE touched := ARRAY[NEW.from_unit_id]; END IF;
  IF EXISTS (
    SELECT 1 FROM portal_unitsuccession s
    CROSS JOIN LATERAL (SELECT max(coalesce(upper(v.valid), 'infinity'::date)) AS ends FROM portal_unitversion v
                        WHERE v.unit_id = s.from_unit_id) f
    CROSS JOIN LATERAL (SELECT min(lower(v.valid)) AS begins FROM portal_unitversion v WHERE v.unit_id = s.to_unit_id) t
    WHERE (s.from_unit_id = ANY(touched) OR s.to_unit_id = ANY(touched))
      AND (t.begins IS NULL OR f.ends IS NULL OR t.begins > CASE f.ends WHEN 'infinity' THEN s.on_date ELSE f.ends END)
  ) THEN RAISE EXCEPTION 'unit_succession_joins' USING ERRCODE = 'check_violation',
    HINT = 'An heir begins no later than the day after its predecessor ends.'; END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER unit_succession_joins AFTER INSERT OR UPDATE ON portal_unitsuccession
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION unit_succession_joins();
CREATE CONSTRAINT TRIGGER unit_succession_joins_versions AFTER UPDATE OR DELETE ON portal_unitversion
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION unit_succession_joins();

-- A reorganisation stays as it was decided; that it was undone is written once.
CREATE FUNCTION reorganisation_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
     OR (to_jsonb(NEW) - '{undone_at,undone_by_id}'::text[]) IS DISTINCT FROM (to_jsonb(OLD) - '{undone_at,undone_by_id}'::text[]) THEN
    RAISE EXCEPTION 'reorganisation_kept' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reorganisation_kept BEFORE UPDATE OR DELETE ON portal_reorganisation
  FOR EACH ROW EXECUTE FUNCTION reorganisation_kept();
CREATE TRIGGER reorganisation_no_truncate BEFORE TRUNCATE ON portal_reorganisation
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A level's rank changes only where no unit would stand below one of its own rank or a lower one.
CREATE FUNCTION level_rank_upside_down() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM portal_unitversion c JOIN portal_level cl ON cl.id = c.level_id
    JOIN portal_unitversion p ON p.unit_id = c.parent_id AND p.valid && c.valid JOIN portal_level pl ON pl.id = p.level_id
    WHERE NEW.id IN (c.level_id, p.level_id) AND pl.rank >= cl.rank
  ) THEN RAISE EXCEPTION 'level_rank_upside_down' USING ERRCODE = 'check_violation'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER level_rank_upside_down AFTER UPDATE OF rank ON portal_level
  FOR EACH ROW EXECUTE FUNCTION level_rank_upside_down();
CREATE FUNCTION name_correction_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'name_correction_kept' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER name_correction_kept BEFORE UPDATE OR DELETE ON portal_namecorrection
  FOR EACH ROW EXECUTE FUNCTION name_correction_kept();
CREATE TRIGGER name_correction_no_truncate BEFORE TRUNCATE ON portal_namecorrection
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whether a day lies in a unit's days.
CREATE FUNCTION unit_exists_on(of_unit bigint, on_day date) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM portal_unitversion v WHERE v.unit_id = of_unit AND v.valid @> on_day);
END $$;
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
DROP TRIGGER IF EXISTS level_rank_upside_down ON portal_level;
DROP FUNCTION IF EXISTS level_rank_upside_down();
DROP TRIGGER IF EXISTS name_correction_no_truncate ON portal_namecorrection;
DROP TRIGGER IF EXISTS name_correction_kept ON portal_namecorrection;
DROP FUNCTION IF EXISTS name_correction_kept();
DROP TRIGGER IF EXISTS reorganisation_no_truncate ON portal_reorganisation;
DROP TRIGGER IF EXISTS reorganisation_kept ON portal_reorganisation;
DROP FUNCTION IF EXISTS reorganisation_kept();
DROP TRIGGER IF EXISTS unit_succession_joins_versions ON portal_unitversion;
DROP TRIGGER IF EXISTS unit_succession_joins ON portal_unitsuccession;
DROP TRIGGER IF EXISTS unit_succession_closed ON portal_unitsuccession;
DROP TRIGGER IF EXISTS unit_version_closed ON portal_unitversion;
DROP TRIGGER IF EXISTS closing_exception_no_truncate ON portal_closingexception;
DROP TRIGGER IF EXISTS closing_exception_two_persons ON portal_closingexception;
DROP TRIGGER IF EXISTS closing_exception_guard ON portal_closingexception;
DROP TRIGGER IF EXISTS closing_no_truncate ON portal_closing;
DROP TRIGGER IF EXISTS closing_no_change ON portal_closing;
DROP TRIGGER IF EXISTS closing_alone ON portal_closing;
DROP TRIGGER IF EXISTS audit_no_truncate ON portal_auditentry;
DROP TRIGGER IF EXISTS audit_no_change ON portal_auditentry;
DROP TRIGGER IF EXISTS unit_version_parent ON portal_unitversion;
DROP TRIGGER IF EXISTS unit_version_named ON portal_unitversion;
DROP FUNCTION IF EXISTS unit_exists_on(bigint, date), unit_succession_joins(), unit_succession_closed(),
  unit_version_closed(), closing_exception_two_persons(), closing_exception_guard(), closing_alone(), open_by_exception(bigint, text), demand_open(bigint, text, bigint[]),
  period_key(text), first_open_half(bigint, text, bigint[]), period_is_closed(bigint, text, bigint[]), acting_person(),
  closed_by_rule(bigint, text, timestamptz), closing_holds(date, timestamptz), unit_counted_in(bigint, date), half_last_day(text), half_after(text),
  half_first_day(text), half_of(date), refuse_change(),
  unit_version_parent(), unit_version_named(), unit_scope(bigint, text[], date), unit_reach(bigint, date),
  unit_holdings(bigint[], date), unit_ancestors(bigint, date), unit_subtree(bigint, date),
  portal_search_key(text), portal_fold(text);
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
            FOLD
            + SEARCH_KEY
            + USER_NAMES
            + TREE
            + PARENT_IN_FORCE
            + SEARCH
            + APPEND_ONLY
            + TWO_PERSONS
            + HALVES
            + CLOSINGS
            + TREE_CLOSED,
            UNDO,
        ),
        migrations.RunPython(make_system_account, migrations.RunPython.noop),
    ]
