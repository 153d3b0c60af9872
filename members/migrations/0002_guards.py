"""What the database itself holds of members: joinings and leavings never move what a closed half-year counts."""

from django.db import migrations

MEMBERSHIPS = """
-- The half-year in which a beginning or an end counts is its own where none is said, and never an earlier one.
CREATE FUNCTION membership_halves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.half = '' THEN NEW.half := half_of(lower(NEW.valid)); END IF;
  IF upper(NEW.valid) IS NOT NULL AND NEW.left_half = '' THEN NEW.left_half := half_of(upper(NEW.valid)); END IF;
  IF NEW.half < half_of(lower(NEW.valid)) OR (NEW.left_half <> '' AND NEW.left_half < half_of(upper(NEW.valid))) THEN
    RAISE EXCEPTION 'membership_halves' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER membership_halves BEFORE INSERT OR UPDATE ON members_membership
  FOR EACH ROW EXECUTE FUNCTION membership_halves();

CREATE FUNCTION membership_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM demand_open(g.unit_id, g.half) FROM (
    SELECT unit_id, half FROM fresh UNION SELECT unit_id, left_half FROM fresh WHERE left_half <> '' ORDER BY 2, 1) g;
  RETURN NULL;
END $$;
CREATE TRIGGER membership_closed_insert AFTER INSERT ON members_membership
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION membership_closed_insert();
CREATE FUNCTION membership_closed_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- By exception neither: rows as of issue would lack it. A move of that time is followed by another one instead.
  IF EXISTS (SELECT FROM (
    SELECT unit_id, half FROM stale UNION SELECT unit_id, left_half FROM stale WHERE left_half <> '' ORDER BY 2, 1) g
    WHERE open_by_exception(g.unit_id, g.half)) THEN
    RAISE EXCEPTION 'period_closed' USING ERRCODE = 'check_violation'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER membership_closed_delete AFTER DELETE ON members_membership
  REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION membership_closed_delete();
-- What moves is asked on both sides: where it counted and where it would count.
CREATE FUNCTION membership_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE by_exception boolean;
BEGIN
  SELECT bool_or(open_by_exception(g.unit_id, g.half)) INTO by_exception FROM (SELECT DISTINCT half, unit_id FROM (
    (SELECT id, unit_id, member_id, half, is_transfer, 'in' AS side FROM fresh
     EXCEPT SELECT id, unit_id, member_id, half, is_transfer, 'in' FROM stale)
    UNION (SELECT id, unit_id, member_id, half, is_transfer, 'in' FROM stale
     EXCEPT SELECT id, unit_id, member_id, half, is_transfer, 'in' FROM fresh)
    UNION (SELECT id, unit_id, member_id, left_half, false, 'out' FROM fresh WHERE left_half <> ''
     EXCEPT SELECT id, unit_id, member_id, left_half, false, 'out' FROM stale)
    UNION (SELECT id, unit_id, member_id, left_half, false, 'out' FROM stale WHERE left_half <> ''
     EXCEPT SELECT id, unit_id, member_id, left_half, false, 'out' FROM fresh)
    UNION (SELECT id, unit_id, member_id, merged_half, false, 'one' FROM fresh WHERE merged_half <> ''
     EXCEPT SELECT id, unit_id, member_id, merged_half, false, 'one' FROM stale)
    UNION (SELECT id, unit_id, member_id, merged_half, false, 'one' FROM stale WHERE merged_half <> ''
     EXCEPT SELECT id, unit_id, member_id, merged_half, false, 'one' FROM fresh)
    ) d ORDER BY half, unit_id) g;
  IF by_exception THEN
    INSERT INTO members_membershipbefore (row_id, unit_id, half, left_half, merged_half, is_transfer, changed_at)
    SELECT s.id, s.unit_id, s.half, s.left_half, s.merged_half, s.is_transfer, clock_timestamp()
    FROM stale s JOIN fresh f ON f.id = s.id WHERE (s.unit_id, s.half, s.left_half, s.merged_half, s.is_transfer)
      IS DISTINCT FROM (f.unit_id, f.half, f.left_half, f.merged_half, f.is_transfer);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER membership_closed_update AFTER UPDATE ON members_membership
  REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION membership_closed_update();
CREATE TRIGGER membership_no_truncate BEFORE TRUNCATE ON members_membership
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER membership_before_kept BEFORE UPDATE OR DELETE ON members_membershipbefore
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER membership_before_no_truncate BEFORE TRUNCATE ON members_membershipbefore
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What a list asks of the member stands beside the unit; who is listed no more has neither key nor words there.
CREATE FUNCTION membership_listed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT m.sort_key, m.search_text INTO NEW.list_key, NEW.list_words FROM members_member m
  WHERE m.id = NEW.member_id AND m.erased_at IS NULL AND m.merged_into_id IS NULL;
  NEW.list_key := coalesce(NEW.list_key, ''); NEW.list_words := coalesce(NEW.list_words, '');
  RETURN NEW;
END $$;
CREATE TRIGGER membership_listed BEFORE INSERT OR UPDATE OF member_id, list_key, list_words ON members_membership
  FOR EACH ROW EXECUTE FUNCTION membership_listed();
CREATE FUNCTION member_listed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE members_membership SET list_key = '', list_words = '' WHERE member_id = NEW.id;  -- its trigger fills them in
  RETURN NULL;
END $$;
CREATE TRIGGER member_listed AFTER UPDATE OF sort_key, search_text, erased_at, merged_into_id ON members_member
  FOR EACH ROW WHEN ((OLD.sort_key, OLD.search_text, OLD.erased_at, OLD.merged_into_id)
    IS DISTINCT FROM (NEW.sort_key, NEW.search_text, NEW.erased_at, NEW.merged_into_id))
  EXECUTE FUNCTION member_listed();

-- Who was erased stays erased, and nothing is recorded of them again.
CREATE FUNCTION member_erased_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.erased_at IS NOT NULL AND (to_jsonb(NEW) - 'sort_key') IS DISTINCT FROM (to_jsonb(OLD) - 'sort_key') THEN
    RAISE EXCEPTION 'member_erased_for_ever' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER member_erased_for_ever BEFORE UPDATE ON members_member
  FOR EACH ROW EXECUTE FUNCTION member_erased_for_ever();

-- What was changed of somebody never changes; it goes with the person's data alone.
CREATE FUNCTION member_change_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM members_member m WHERE m.id = OLD.member_id AND m.erased_at IS NOT NULL)
  THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'member_change_kept' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER member_change_kept BEFORE UPDATE OR DELETE ON members_memberchange
  FOR EACH ROW EXECUTE FUNCTION member_change_kept();
CREATE TRIGGER member_change_no_truncate BEFORE TRUNCATE ON members_memberchange
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Of whom the data were erased no citizen number stands: none comes after, and none may be left.
CREATE FUNCTION citizen_number_of_nobody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM members_member m WHERE m.id = NEW.member_id AND m.erased_at IS NOT NULL) THEN
    RAISE EXCEPTION 'citizen_number_of_nobody' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER citizen_number_of_nobody BEFORE INSERT OR UPDATE ON members_citizennumber
  FOR EACH ROW EXECUTE FUNCTION citizen_number_of_nobody();
CREATE TRIGGER number_reveal_of_nobody BEFORE INSERT ON members_numberreveal
  FOR EACH ROW EXECUTE FUNCTION citizen_number_of_nobody();
CREATE FUNCTION citizen_number_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM members_citizennumber c WHERE c.member_id = NEW.id) THEN
    RAISE EXCEPTION 'citizen_number_of_nobody' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER citizen_number_goes BEFORE UPDATE OF erased_at ON members_member
  FOR EACH ROW WHEN (NEW.erased_at IS NOT NULL) EXECUTE FUNCTION citizen_number_goes();
-- Who looked at a number, when and for what never changes; it goes with the person's data alone.
CREATE FUNCTION number_reveal_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM members_member m WHERE m.id = OLD.member_id AND m.erased_at IS NOT NULL)
  THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'number_reveal_kept' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER number_reveal_kept BEFORE UPDATE OR DELETE ON members_numberreveal
  FOR EACH ROW EXECUTE FUNCTION number_reveal_kept();
CREATE TRIGGER number_reveal_no_truncate BEFORE TRUNCATE ON members_numberreveal
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Whoever stands with another one has nobody standing with them, and the other one stands alone.
CREATE FUNCTION member_joined_flat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM members_member m WHERE m.merged_into_id = NEW.id)
     OR EXISTS (SELECT FROM members_member m WHERE m.id = NEW.merged_into_id AND m.merged_into_id IS NOT NULL) THEN
    RAISE EXCEPTION 'member_joined_flat' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER member_joined_flat BEFORE INSERT OR UPDATE OF merged_into_id ON members_member
  FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION member_joined_flat();
-- With whom an entry stands is what its standing joining says, and nobody else writes it.
CREATE FUNCTION member_join_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE members_member SET merged_into_id = CASE WHEN NEW.undone_at IS NULL THEN NEW.kept_id END
    WHERE id = NEW.other_id;
  RETURN NULL;
END $$;
CREATE TRIGGER member_join_made AFTER INSERT ON members_memberjoin
  FOR EACH ROW WHEN (NEW.undone_at IS NULL) EXECUTE FUNCTION member_join_stands();
CREATE TRIGGER member_join_undone AFTER UPDATE OF undone_at ON members_memberjoin
  FOR EACH ROW WHEN (OLD.undone_at IS DISTINCT FROM NEW.undone_at) EXECUTE FUNCTION member_join_stands();
CREATE FUNCTION member_stands_by_join() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.merged_into_id IS DISTINCT FROM (
    SELECT j.kept_id FROM members_memberjoin j WHERE j.other_id = NEW.id AND j.undone_at IS NULL) THEN
    RAISE EXCEPTION 'member_stands_by_join' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER member_made_by_join BEFORE INSERT ON members_member
  FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION member_stands_by_join();
CREATE TRIGGER member_stands_by_join BEFORE UPDATE ON members_member
  FOR EACH ROW WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id) EXECUTE FUNCTION member_stands_by_join();
-- A joining changes by being taken back, once; of who was erased the reason goes.
CREATE FUNCTION member_join_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL
     AND to_jsonb(NEW) - 'undone_at' - 'undone_by_id' = to_jsonb(OLD) - 'undone_at' - 'undone_by_id' THEN RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' AND EXISTS (
    SELECT FROM members_member m WHERE m.id IN (OLD.kept_id, OLD.other_id) AND m.erased_at IS NOT NULL)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'member_join_kept' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER member_join_kept BEFORE UPDATE OR DELETE ON members_memberjoin
  FOR EACH ROW EXECUTE FUNCTION member_join_kept();
CREATE TRIGGER member_join_no_truncate BEFORE TRUNCATE ON members_memberjoin
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION consent_text_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'consent_text_kept' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER consent_text_kept BEFORE UPDATE OR DELETE ON members_consenttext
  FOR EACH ROW EXECUTE FUNCTION consent_text_kept();
CREATE TRIGGER consent_text_no_truncate BEFORE TRUNCATE ON members_consenttext
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- `members.models.APPLICATION_STEPS` and `TITLE_STEPS`, pair by pair.
CREATE FUNCTION membershipapplication_state_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IS DISTINCT FROM NEW.state AND NOT coalesce((OLD.state, NEW.state) IN (
    ('sent', 'approved'), ('sent', 'refused'), ('sent', 'withdrawn'), ('refused', 'sent')), false) THEN
    RAISE EXCEPTION 'application_state' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER membershipapplication_state_guard BEFORE UPDATE OF state ON members_membershipapplication
  FOR EACH ROW EXECUTE FUNCTION membershipapplication_state_guard();
CREATE FUNCTION learningtitle_state_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IS DISTINCT FROM NEW.state AND NOT coalesce((OLD.state, NEW.state) IN (
    ('registered', 'dossier'), ('dossier', 'assessed'), ('assessed', 'evaluated'), ('evaluated', 'recognised'),
    ('registered', 'refused'), ('dossier', 'refused'), ('assessed', 'refused'), ('evaluated', 'refused'),
    ('recognised', 'revoked'), ('registered', 'withdrawn'),
    ('dossier', 'registered'), ('withdrawn', 'registered'), ('assessed', 'dossier'), ('evaluated', 'assessed'),
    ('refused', 'registered'), ('refused', 'dossier'), ('refused', 'assessed'), ('refused', 'evaluated'),
    ('recognised', 'evaluated'), ('revoked', 'recognised')), false) THEN
    RAISE EXCEPTION 'title_state' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER learningtitle_state_guard BEFORE UPDATE OF state ON members_learningtitle
  FOR EACH ROW EXECUTE FUNCTION learningtitle_state_guard();
-- A family holds a family's title, at its own unit, and is judged by a family's criteria: the model is one and the same.
ALTER TABLE members_learningtitle
  ADD CONSTRAINT title_model_of_subject FOREIGN KEY (subject_id, model, unit_id)
    REFERENCES members_learningsubject (id, kind, unit_id),
  ADD CONSTRAINT title_model_of_criteria FOREIGN KEY (criteria_id, model) REFERENCES members_criteriaset (id, model);

-- Each stage counts in the half-year of its day where none is said, never in an earlier one, and in none without a day.
CREATE FUNCTION title_half(half text, day date) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF day IS NULL THEN RETURN ''; END IF;
  IF half = '' THEN RETURN half_of(day); END IF;
  IF half !~ '^[0-9]{4}-H[12]$' OR half < half_of(day) THEN
    RAISE EXCEPTION 'title_halves' USING ERRCODE = 'check_violation'; END IF;
  RETURN half;
END $$;
CREATE FUNCTION title_halves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.registered_half := title_half(NEW.registered_half, NEW.registered_on);
  NEW.dossier_half := title_half(NEW.dossier_half, NEW.dossier_on);
  NEW.assessed_half := title_half(NEW.assessed_half, NEW.assessed_on);
  NEW.evaluated_half := title_half(NEW.evaluated_half, NEW.evaluated_on);
  NEW.decided_half := title_half(NEW.decided_half, NEW.decided_on);
  NEW.revoked_half := title_half(NEW.revoked_half, NEW.revoked_on);
  RETURN NEW;
END $$;
CREATE TRIGGER title_halves BEFORE INSERT OR UPDATE ON members_learningtitle
  FOR EACH ROW EXECUTE FUNCTION title_halves();
CREATE FUNCTION title_in_its_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT unit_exists_on(NEW.unit_id, NEW.registered_on) THEN
    RAISE EXCEPTION 'title_in_its_unit' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER title_in_its_unit BEFORE INSERT OR UPDATE OF unit_id, registered_on ON members_learningtitle
  FOR EACH ROW EXECUTE FUNCTION title_in_its_unit();

-- What of a title counts in which half-year; nothing of it is ever added to or taken from a closed one.
CREATE FUNCTION title_counts(state text, registered text, dossier text, assessed text, evaluated text, decided text,
  revoked text) RETURNS TABLE(stage text, half text) LANGUAGE sql IMMUTABLE AS $$
  SELECT * FROM (VALUES
    ('registered', CASE WHEN state <> 'withdrawn' THEN registered ELSE '' END), ('dossier', dossier),
    ('assessed', assessed), ('evaluated', evaluated),
    (CASE state WHEN 'refused' THEN state ELSE 'recognised' END,
     CASE WHEN state IN ('recognised', 'revoked', 'refused') THEN decided ELSE '' END), ('revoked', revoked)
  ) AS v(stage, half) WHERE v.half <> ''
$$;
CREATE FUNCTION title_closed_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM demand_open(g.unit_id, g.half) FROM (
    SELECT DISTINCT f.unit_id, c.half FROM fresh f CROSS JOIN LATERAL title_counts(f.state, f.registered_half,
      f.dossier_half, f.assessed_half, f.evaluated_half, f.decided_half, f.revoked_half) c ORDER BY 2, 1) g;
  RETURN NULL;
END $$;
CREATE TRIGGER title_closed_insert AFTER INSERT ON members_learningtitle
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION title_closed_insert();
CREATE FUNCTION title_closed_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE by_exception boolean;
BEGIN
  SELECT bool_or(open_by_exception(g.unit_id, g.half)) INTO by_exception FROM (
    WITH after AS (SELECT f.id, f.unit_id, f.model, c.stage, c.half FROM fresh f CROSS JOIN LATERAL title_counts(f.state,
        f.registered_half, f.dossier_half, f.assessed_half, f.evaluated_half, f.decided_half, f.revoked_half) c),
      before AS (SELECT f.id, f.unit_id, f.model, c.stage, c.half FROM stale f CROSS JOIN LATERAL title_counts(f.state,
        f.registered_half, f.dossier_half, f.assessed_half, f.evaluated_half, f.decided_half, f.revoked_half) c)
    SELECT DISTINCT d.unit_id, d.half FROM (
      (SELECT * FROM after EXCEPT SELECT * FROM before) UNION ALL (SELECT * FROM before EXCEPT SELECT * FROM after)) d
    ORDER BY 2, 1) g;
  IF by_exception THEN
    INSERT INTO members_titlebefore (row_id, unit_id, model, state, registered_half, dossier_half, assessed_half,
      evaluated_half, decided_half, revoked_half, changed_at)
    SELECT id, unit_id, model, state, registered_half, dossier_half, assessed_half, evaluated_half, decided_half,
      revoked_half, clock_timestamp() FROM stale;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER title_closed_update AFTER UPDATE ON members_learningtitle
  REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION title_closed_update();
CREATE TRIGGER title_before_kept BEFORE UPDATE OR DELETE ON members_titlebefore
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER title_before_no_truncate BEFORE TRUNCATE ON members_titlebefore
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION title_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'title_kept' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER title_kept BEFORE DELETE ON members_learningtitle FOR EACH ROW EXECUTE FUNCTION title_kept();
CREATE TRIGGER title_no_truncate BEFORE TRUNCATE ON members_learningtitle
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION learning_subject_erased_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.erased_at IS NOT NULL AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'learning_subject_erased_for_ever' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER learning_subject_erased_for_ever BEFORE UPDATE ON members_learningsubject
  FOR EACH ROW EXECUTE FUNCTION learning_subject_erased_for_ever();
-- What happened to a title never changes; of who was erased the reason goes, for it may tell of the person.
CREATE FUNCTION title_change_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' AND EXISTS (
    SELECT FROM members_learningtitle t JOIN members_learningsubject s ON s.id = t.subject_id
      WHERE t.id = OLD.title_id AND s.erased_at IS NOT NULL)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'title_change_kept' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER title_change_kept BEFORE UPDATE OR DELETE ON members_titlechange
  FOR EACH ROW EXECUTE FUNCTION title_change_kept();
CREATE TRIGGER title_change_no_truncate BEFORE TRUNCATE ON members_titlechange
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

UNDO = """
ALTER TABLE members_learningtitle DROP CONSTRAINT title_model_of_subject, DROP CONSTRAINT title_model_of_criteria;
DROP TRIGGER title_change_no_truncate ON members_titlechange;
DROP TRIGGER title_change_kept ON members_titlechange;
DROP TRIGGER learning_subject_erased_for_ever ON members_learningsubject;
DROP FUNCTION learning_subject_erased_for_ever();
DROP TRIGGER title_no_truncate ON members_learningtitle;
DROP TRIGGER title_kept ON members_learningtitle;
DROP TRIGGER title_before_no_truncate ON members_titlebefore;
DROP TRIGGER title_before_kept ON members_titlebefore;
DROP TRIGGER title_closed_update ON members_learningtitle;
DROP TRIGGER title_closed_insert ON members_learningtitle;
DROP TRIGGER title_in_its_unit ON members_learningtitle;
DROP TRIGGER title_halves ON members_learningtitle;
DROP FUNCTION title_change_kept(), title_kept(), title_closed_update(), title_closed_insert(), title_in_its_unit(),
  title_halves(), title_half(text, date), title_counts(text, text, text, text, text, text, text);
DROP TRIGGER learningtitle_state_guard ON members_learningtitle;
DROP TRIGGER membershipapplication_state_guard ON members_membershipapplication;
DROP TRIGGER consent_text_no_truncate ON members_consenttext;
DROP TRIGGER consent_text_kept ON members_consenttext;
DROP FUNCTION learningtitle_state_guard(), membershipapplication_state_guard(), consent_text_kept();
DROP TRIGGER member_join_no_truncate ON members_memberjoin;
DROP TRIGGER member_join_kept ON members_memberjoin;
DROP TRIGGER member_stands_by_join ON members_member;
DROP TRIGGER member_made_by_join ON members_member;
DROP TRIGGER member_join_undone ON members_memberjoin;
DROP TRIGGER member_join_made ON members_memberjoin;
DROP TRIGGER member_joined_flat ON members_member;
DROP FUNCTION member_join_kept(), member_joined_flat(), member_stands_by_join(), member_join_stands();
DROP TRIGGER number_reveal_no_truncate ON members_numberreveal;
DROP TRIGGER number_reveal_kept ON members_numberreveal;
DROP TRIGGER number_reveal_of_nobody ON members_numberreveal;
DROP TRIGGER citizen_number_goes ON members_member;
DROP TRIGGER citizen_number_of_nobody ON members_citizennumber;
DROP FUNCTION number_reveal_kept(), citizen_number_goes(), citizen_number_of_nobody();
DROP TRIGGER member_change_no_truncate ON members_memberchange;
DROP TRIGGER member_change_kept ON members_memberchange;
DROP TRIGGER member_listed ON members_member;
DROP TRIGGER membership_listed ON members_membership;
DROP FUNCTION member_listed(), membership_listed();
DROP TRIGGER member_erased_for_ever ON members_member;
DROP FUNCTION member_change_kept(), member_erased_for_ever();
DROP TRIGGER membership_before_no_truncate ON members_membershipbefore;
DROP TRIGGER membership_before_kept ON members_membershipbefore;
DROP TRIGGER membership_no_truncate ON members_membership;
DROP TRIGGER membership_closed_update ON members_membership;
DROP TRIGGER membership_closed_delete ON members_membership;
DROP TRIGGER membership_closed_insert ON members_membership;
DROP TRIGGER membership_halves ON members_membership;
DROP FUNCTION membership_closed_update(), membership_closed_delete(), membership_closed_insert(), membership_halves();
"""

# The bearers of a word in one place of the name, in the order of names: `members.models.finding` begins there.
WORD_INDEXES = "".join(
    f"CREATE INDEX membership_word_{place} ON members_membership (split_part(list_words, ' ', {place}), list_key,"
    f" member_id) INCLUDE (id, unit_id, valid, list_words) WHERE split_part(list_words, ' ', {place}) <> '';\n"
    for place in range(1, 9)
)
NO_WORD_INDEXES = "".join(f"DROP INDEX membership_word_{place};\n" for place in range(1, 9))

# Each two words of a name of up to four words, in their order: whom two words alone do not find quickly.
PAIRS = " ".join(
    f"WHEN split_part(list_words, ' ', {many}) <> '' THEN ARRAY["
    + ", ".join(
        f"split_part(list_words, ' ', {one}) || ' ' || split_part(list_words, ' ', {other})"
        for one in range(1, many)
        for other in range(one + 1, many + 1)
    )
    + "]"
    for many in (4, 3, 2)
)
PAIR_INDEX = f"CREATE INDEX membership_pairs ON members_membership USING gin ((CASE {PAIRS} END));"
NO_PAIR_INDEX = "DROP INDEX membership_pairs;"


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial"), ("portal", "0002_guards")]

    operations = [
        migrations.RunSQL(MEMBERSHIPS, UNDO),
        migrations.RunSQL(WORD_INDEXES, NO_WORD_INDEXES),
        migrations.RunSQL(PAIR_INDEX, NO_PAIR_INDEX),
    ]
