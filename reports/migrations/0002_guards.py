"""What the database itself holds of reports: issued ones and the approval history never change, hashes are true."""

from django.db import migrations

GUARDS = """
ALTER TABLE reports_report ADD CONSTRAINT report_hash CHECK (sha256 = encode(sha256(convert_to(canonical, 'UTF8')), 'hex'));
ALTER TABLE reports_report ADD CONSTRAINT report_payload_is_canonical CHECK (payload = canonical::jsonb);
-- A report is of a unit that is in force on the last day of what it is about: a half-year ("2025-H1"), or a year ("2025").
CREATE FUNCTION period_last_day(period text) RETURNS date LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT half_last_day(CASE WHEN period ~ '-' THEN period ELSE period || '-H2' END)
$$;
CREATE FUNCTION report_in_its_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT unit_exists_on(NEW.unit_id, period_last_day(NEW.period)) THEN
    RAISE EXCEPTION 'report_in_its_unit' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_in_its_unit BEFORE INSERT ON reports_report FOR EACH ROW EXECUTE FUNCTION report_in_its_unit();
-- And a half-year is sent by a unit that is in force on its last day.
CREATE FUNCTION submission_in_its_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT unit_exists_on(NEW.unit_id, half_last_day(NEW.half)) THEN
    RAISE EXCEPTION 'submission_in_its_unit' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER submission_in_its_unit BEFORE INSERT OR UPDATE OF unit_id, half ON reports_submission
  FOR EACH ROW EXECUTE FUNCTION submission_in_its_unit();
CREATE FUNCTION report_replaces_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reports_report r WHERE r.id = NEW.replaces_id
      AND r.unit_id = NEW.unit_id AND r.period = NEW.period AND r.version = NEW.version - 1
      AND r.state IN ('issued', 'revoked')) THEN
    RAISE EXCEPTION 'report_replaces: the version before of the same unit and period' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_replaces_guard BEFORE INSERT ON reports_report FOR EACH ROW EXECUTE FUNCTION report_replaces_guard();
-- Of a report only its state changes, with who decided it, when and why.
CREATE FUNCTION report_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.state = OLD.state
     OR (to_jsonb(NEW) - '{state,decided_by_id,decided_at,decision_reason}'::text[])
        IS DISTINCT FROM (to_jsonb(OLD) - '{state,decided_by_id,decided_at,decision_reason}'::text[])
     OR NEW.decided_by_id IS NULL OR NEW.decided_at IS NULL THEN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_no_change BEFORE UPDATE OR DELETE ON reports_report FOR EACH ROW EXECUTE FUNCTION report_change_guard();
CREATE FUNCTION report_state_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state
     AND NOT ((OLD.state, NEW.state) IN (('frozen','issued'), ('frozen','discarded'), ('issued','revoked'))) THEN
    RAISE EXCEPTION 'report_state: % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_state_guard BEFORE UPDATE OF state ON reports_report FOR EACH ROW EXECUTE FUNCTION report_state_guard();
-- A comment stays as it was written; it is settled once.
CREATE FUNCTION report_comment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.settled_at IS NOT NULL OR (to_jsonb(NEW) - '{settled_by_id,settled_at}'::text[])
     IS DISTINCT FROM (to_jsonb(OLD) - '{settled_by_id,settled_at}'::text[]) THEN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_comment_guard BEFORE UPDATE OR DELETE ON reports_reportcomment FOR EACH ROW EXECUTE FUNCTION report_comment_guard();
CREATE TRIGGER report_no_truncate BEFORE TRUNCATE ON reports_report FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE reports_reportfile ADD CONSTRAINT report_file_hash CHECK (sha256 = encode(sha256(content), 'hex'));
CREATE TRIGGER report_file_no_change BEFORE UPDATE OR DELETE ON reports_reportfile FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER report_file_no_truncate BEFORE TRUNCATE ON reports_reportfile FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER report_scan_no_change BEFORE UPDATE OR DELETE ON reports_reportscan FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER report_scan_no_truncate BEFORE TRUNCATE ON reports_reportscan FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER submission_scan_no_change BEFORE UPDATE OR DELETE ON reports_submissionscan FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER submission_scan_no_truncate BEFORE TRUNCATE ON reports_submissionscan FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER approval_event_no_change BEFORE UPDATE OR DELETE ON reports_approvalevent FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER approval_event_no_truncate BEFORE TRUNCATE ON reports_approvalevent FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE reports_submission ADD CONSTRAINT submission_data_in_its_half
  CHECK (data_through IS NULL OR half_of(data_through) = half);
CREATE FUNCTION submission_state_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = OLD.state THEN RETURN NEW; END IF;
  IF NOT ((OLD.state, NEW.state) IN (('draft','submitted'), ('draft','missing'), ('submitted','draft'), ('submitted','returned'),
      ('submitted','approved'), ('returned','submitted'), ('returned','missing'), ('approved','returned'),
      ('missing','draft'))) THEN
    RAISE EXCEPTION 'submission_state: % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER submission_state_guard BEFORE UPDATE OF state ON reports_submission FOR EACH ROW EXECUTE FUNCTION submission_state_guard();
-- Who began a half-year stays; who sent it changes only when it is sent.
CREATE FUNCTION submission_maker_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.entered_by_id IS DISTINCT FROM OLD.entered_by_id OR (NEW.submitted_by_id IS DISTINCT FROM OLD.submitted_by_id
     AND NOT (OLD.state IN ('draft', 'returned') AND NEW.state = 'submitted')) THEN
    RAISE EXCEPTION 'submission_maker_stays' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER submission_maker_guard BEFORE UPDATE OF entered_by_id, submitted_by_id ON reports_submission
  FOR EACH ROW EXECUTE FUNCTION submission_maker_guard();
-- What is approved is kept apart: it counts until something newer is approved, whatever is entered meanwhile; what
-- counted before stays too, with when, for the rows of reports that were issued with it.
CREATE FUNCTION submission_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moment timestamptz := clock_timestamp();
BEGIN
  PERFORM demand_open(NEW.unit_id, NEW.half, ARRAY[NEW.submitted_by_id]);
  NEW.approved_texts := jsonb_build_object('activities', NEW.activities, 'difficulties', NEW.difficulties,
    'plan', NEW.plan, 'proposals', NEW.proposals);
  UPDATE reports_approvedvalue SET replaced_at = moment WHERE submission_id = NEW.id AND replaced_at IS NULL;
  INSERT INTO reports_approvedvalue (submission_id, indicator, value, note, evidence, approved_at)
    SELECT submission_id, indicator, value, note, evidence, moment FROM reports_declaredvalue WHERE submission_id = NEW.id;
  RETURN NEW;
END $$;
CREATE TRIGGER submission_approved BEFORE UPDATE OF state ON reports_submission FOR EACH ROW
  WHEN (NEW.state = 'approved' AND OLD.state <> 'approved') EXECUTE FUNCTION submission_approved();
CREATE FUNCTION submission_approved_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'approved figures are frozen' USING ERRCODE = 'check_violation'; END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER approved_value_guard BEFORE INSERT OR UPDATE OR DELETE ON reports_approvedvalue
  FOR EACH ROW EXECUTE FUNCTION submission_approved_guard();
CREATE TRIGGER approved_value_no_truncate BEFORE TRUNCATE ON reports_approvedvalue FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER approved_texts_guard BEFORE UPDATE OF approved_texts ON reports_submission FOR EACH ROW
  WHEN (NEW.approved_texts IS DISTINCT FROM OLD.approved_texts AND NEW.state = OLD.state)
  EXECUTE FUNCTION submission_approved_guard();

-- The lines under a declared figure add up to it, each with words and an amount.
CREATE FUNCTION evidence_adds_up(lines jsonb, total bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(CASE WHEN jsonb_typeof(lines) <> 'array' THEN false WHEN lines = '[]'::jsonb THEN true ELSE (
    SELECT bool_and(coalesce(btrim(line->>'text') <> '' AND line->>'amount' ~ '^[0-9]{1,15}$', false))
      AND sum(CASE WHEN line->>'amount' ~ '^[0-9]{1,15}$' THEN (line->>'amount')::bigint END) = total
    FROM jsonb_array_elements(lines) AS line) END, false)
$$;
ALTER TABLE reports_declaredvalue ADD CONSTRAINT declared_value_evidence CHECK (evidence_adds_up(evidence, value));
ALTER TABLE reports_approvedvalue ADD CONSTRAINT approved_value_evidence CHECK (evidence_adds_up(evidence, value));

-- What an approved half-year declares is frozen with it, and what a closed one declares.
CREATE FUNCTION declared_value_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM demand_open(s.unit_id, s.half) FROM reports_submission s
    WHERE s.id IN (CASE WHEN TG_OP <> 'DELETE' THEN NEW.submission_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.submission_id END)
    AND s.state <> 'approved';
  IF EXISTS (SELECT 1 FROM reports_submission s WHERE s.state = 'approved'
             AND s.id IN (CASE WHEN TG_OP <> 'DELETE' THEN NEW.submission_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.submission_id END)) THEN
    RAISE EXCEPTION 'declared values of an approved half-year are frozen' USING ERRCODE = 'check_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER declared_value_guard BEFORE INSERT OR UPDATE OR DELETE ON reports_declaredvalue FOR EACH ROW EXECUTE FUNCTION declared_value_guard();
-- Which file of a report readers may have: of the newest version that was public, or of the one asked for, unless a
-- newer one keeps its files for staff. A function, so that a connection plans the question once.
CREATE FUNCTION public_report_file(asked_period text, asked_code text, asked_kind text, asked_version int, was_public text[])
RETURNS TABLE (file_id bigint, sha256 text, version int, unit text, state text) LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY SELECT f.id, f.sha256::text, r.version::int, u.code::text, r.state::text FROM reports_report r
    JOIN portal_unit u ON u.id = r.unit_id LEFT JOIN reports_reportfile f ON f.report_id = r.id AND f.kind = asked_kind
    WHERE r.period = asked_period AND u.code = asked_code AND r.state = ANY (was_public)
      AND (asked_version IS NULL OR r.version = asked_version)
      AND NOT EXISTS (SELECT 1 FROM reports_report n WHERE n.unit_id = r.unit_id AND n.period = r.period
        AND n.version > r.version AND n.state = ANY (was_public) AND n.hides @> to_jsonb(r.version))
    ORDER BY r.version DESC LIMIT 1;
END $$;
"""

UNDO = """
DROP FUNCTION public_report_file(text, text, text, int, text[]);
DROP TRIGGER submission_maker_guard ON reports_submission;
DROP FUNCTION submission_maker_guard();
DROP TRIGGER report_in_its_unit ON reports_report;
DROP TRIGGER submission_in_its_unit ON reports_submission;
DROP FUNCTION submission_in_its_unit();
DROP TRIGGER approved_texts_guard ON reports_submission;
DROP TRIGGER approved_value_no_truncate ON reports_approvedvalue;
DROP TRIGGER approved_value_guard ON reports_approvedvalue;
DROP TRIGGER submission_approved ON reports_submission;
DROP TRIGGER declared_value_guard ON reports_declaredvalue;
ALTER TABLE reports_declaredvalue DROP CONSTRAINT declared_value_evidence;
ALTER TABLE reports_approvedvalue DROP CONSTRAINT approved_value_evidence;
DROP FUNCTION evidence_adds_up(jsonb, bigint);
DROP TRIGGER submission_state_guard ON reports_submission;
DROP TRIGGER submission_scan_no_truncate ON reports_submissionscan;
DROP TRIGGER submission_scan_no_change ON reports_submissionscan;
DROP TRIGGER report_scan_no_truncate ON reports_reportscan;
DROP TRIGGER report_scan_no_change ON reports_reportscan;
DROP TRIGGER report_file_no_truncate ON reports_reportfile;
DROP TRIGGER report_file_no_change ON reports_reportfile;
ALTER TABLE reports_reportfile DROP CONSTRAINT report_file_hash;
DROP TRIGGER approval_event_no_truncate ON reports_approvalevent;
DROP TRIGGER approval_event_no_change ON reports_approvalevent;
DROP TRIGGER report_comment_guard ON reports_reportcomment;
DROP TRIGGER report_state_guard ON reports_report;
DROP TRIGGER report_no_truncate ON reports_report;
DROP TRIGGER report_no_change ON reports_report;
DROP FUNCTION report_comment_guard(), report_state_guard(), report_change_guard();
DROP TRIGGER report_replaces_guard ON reports_report;
ALTER TABLE reports_report DROP CONSTRAINT report_payload_is_canonical;
ALTER TABLE reports_report DROP CONSTRAINT report_hash;
DROP FUNCTION report_in_its_unit(), period_last_day(text), submission_approved(), submission_approved_guard(), report_replaces_guard(), declared_value_guard(), submission_state_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("portal", "0002_guards")]

    operations = [migrations.RunSQL(GUARDS, UNDO)]
