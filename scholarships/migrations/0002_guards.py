"""What the database itself holds of money: balances, append-only books, paid rows, closed half-years, sums."""

from django.db import migrations

LEDGER = """
-- What of a fund was given for one programme only and is not spent on it yet: each payment of the programme takes such
-- gifts first. A payment taken back counts as never made, and so does the gift `leaving`. `coming`: a list not paid yet.
CREATE FUNCTION fund_restricted(fund bigint, leaving bigint DEFAULT NULL, coming bigint DEFAULT NULL)
RETURNS TABLE (programme bigint, held bigint) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN RETURN QUERY
  WITH gifts AS (
    SELECT d.programme_id, l.id AS place, d.amount FROM scholarships_donation d
    JOIN scholarships_ledgerentry l ON l.donation_id = d.id AND l.kind = 'donation'
    WHERE d.fund_id = fund AND d.programme_id IS NOT NULL AND d.reversed_at IS NULL AND d.id IS DISTINCT FROM leaving),
  paid AS (
    SELECT r.programme_id, coalesce(l.id, 9223372036854775807) AS place, -sum(r.amount)::bigint AS amount
    FROM scholarships_disbursement r
    LEFT JOIN scholarships_ledgerentry l ON l.batch_id = r.batch_id AND l.fund_id = r.fund_id AND l.kind = 'payout'
    WHERE r.fund_id = fund AND r.reversed_at IS NULL AND (r.paid_at IS NOT NULL OR r.batch_id = coming)
      AND r.programme_id IN (SELECT programme_id FROM gifts)
      AND (coming IS NULL OR NOT EXISTS (SELECT 1 FROM scholarships_disbursement n WHERE n.replaces_id = r.id
        AND n.batch_id = coming AND n.reversed_at IS NULL))
    GROUP BY 1, 2),
  walk AS (
    SELECT programme_id, sum(amount) OVER (PARTITION BY programme_id ORDER BY place, amount DESC ROWS UNBOUNDED PRECEDING) AS held, amount
    FROM (SELECT * FROM gifts UNION ALL SELECT * FROM paid) e)
  SELECT programme_id, (sum(amount) - least(0, min(walk.held)))::bigint FROM walk GROUP BY 1;
END $$;
CREATE FUNCTION ledger_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE original scholarships_ledgerentry; mirrored bigint; owner bigint;
BEGIN
  SELECT unit_id INTO owner FROM scholarships_fund WHERE id = NEW.fund_id;
  -- An exception is for whoever entered the list: the approver posts it.
  PERFORM demand_open(owner, NEW.half, ARRAY(SELECT entered_by_id FROM scholarships_batch WHERE id = NEW.batch_id));
  -- The fund's row lock serialises payments; its CHECK refuses a balance below zero.
  UPDATE scholarships_fund SET balance = balance + NEW.amount WHERE id = NEW.fund_id
    RETURNING balance INTO NEW.balance_after;
  -- Nor is the book below zero at the end of any half-year, in whatever order its lines are written.
  IF NEW.amount < 0 AND EXISTS (
    SELECT 1 FROM (SELECT sum(sum(amount)) OVER (ORDER BY half) AS closing, half FROM scholarships_ledgerentry
                   WHERE fund_id = NEW.fund_id GROUP BY half
                   UNION ALL
                   SELECT coalesce(sum(amount), 0), NEW.half FROM scholarships_ledgerentry
                   WHERE fund_id = NEW.fund_id AND half <= NEW.half) h
    WHERE half >= NEW.half AND closing + NEW.amount < 0
  ) THEN RAISE EXCEPTION 'fund_not_negative' USING ERRCODE = 'check_violation'; END IF;
  -- What was given for one programme only is spent on no other, handed over to nobody and taken out by no other gift.
  IF NEW.amount < 0 AND EXISTS (SELECT 1 FROM scholarships_donation d WHERE d.fund_id = NEW.fund_id AND d.programme_id IS NOT NULL)
     AND NEW.balance_after < (SELECT coalesce(sum(held), 0) FROM fund_restricted(NEW.fund_id,
       (SELECT o.donation_id FROM scholarships_ledgerentry o WHERE o.id = NEW.reverses_id))) THEN
    RAISE EXCEPTION 'fund_restricted' USING ERRCODE = 'check_violation'; END IF;
  IF NEW.kind = 'donation' AND NEW.donation_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM scholarships_donation d WHERE d.id = NEW.donation_id
      AND d.fund_id = NEW.fund_id AND d.amount = NEW.amount AND d.half = NEW.half AND d.goods = '') THEN
    RAISE EXCEPTION 'ledger_as_its_gift' USING ERRCODE = 'check_violation'; END IF;
  IF NEW.hand_over_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM scholarships_handover h WHERE h.id = NEW.hand_over_id
      AND h.half = NEW.half AND (NEW.kind, NEW.fund_id, NEW.amount) IN (('passed_on', h.from_fund_id, -h.amount),
                                                                        ('taken_over', h.to_fund_id, h.amount))) THEN
    RAISE EXCEPTION 'ledger_as_its_hand_over' USING ERRCODE = 'check_violation'; END IF;
  IF NEW.kind = 'reversal' THEN
    SELECT * INTO original FROM scholarships_ledgerentry WHERE id = NEW.reverses_id;
    SELECT coalesce(sum(amount), 0) INTO mirrored FROM scholarships_ledgerentry WHERE reverses_id = NEW.reverses_id;
    IF original.kind IN ('reversal', 'passed_on', 'taken_over') OR original.fund_id <> NEW.fund_id OR sign(NEW.amount) = sign(original.amount)
       OR abs(mirrored + NEW.amount) > abs(original.amount) THEN
      RAISE EXCEPTION 'reversal_must_mirror' USING ERRCODE = 'check_violation'; END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_post BEFORE INSERT ON scholarships_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_post();
CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON scholarships_ledgerentry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON scholarships_ledgerentry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Only the ledger's own trigger (depth 2) moves a balance; a new fund starts at nothing.
CREATE FUNCTION fund_balance_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.balance IS DISTINCT FROM 0 THEN
      RAISE EXCEPTION 'balance_by_ledger_only' USING ERRCODE = 'check_violation'; END IF;
  ELSIF NEW.balance IS DISTINCT FROM OLD.balance AND pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'balance_by_ledger_only' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fund_balance_guard BEFORE INSERT OR UPDATE ON scholarships_fund FOR EACH ROW EXECUTE FUNCTION fund_balance_guard();
"""

FUNDS = """
-- A fund shows the account that its history has last, and a new fund has none: the history names two persons.
CREATE FUNCTION fund_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.bank_bin, NEW.bank_account, NEW.bank_account_name) IS DISTINCT FROM ('', '', '') AND TG_OP = 'INSERT'
     OR TG_OP = 'UPDATE' AND (NEW.bank_bin, NEW.bank_account, NEW.bank_account_name) IS DISTINCT FROM (
       SELECT (a.bank_bin, a.bank_account, a.bank_account_name) FROM scholarships_fundaccount a
       WHERE a.fund_id = NEW.id ORDER BY a.id DESC LIMIT 1) THEN
    RAISE EXCEPTION 'fund_account_in_history' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fund_account_insert BEFORE INSERT ON scholarships_fund FOR EACH ROW EXECUTE FUNCTION fund_account_guard();
CREATE TRIGGER fund_account_update BEFORE UPDATE ON scholarships_fund FOR EACH ROW
  WHEN ((NEW.bank_bin, NEW.bank_account, NEW.bank_account_name)
        IS DISTINCT FROM (OLD.bank_bin, OLD.bank_account, OLD.bank_account_name))
  EXECUTE FUNCTION fund_account_guard();
CREATE TRIGGER fund_account_no_change BEFORE UPDATE OR DELETE ON scholarships_fundaccount
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER fund_account_no_truncate BEFORE TRUNCATE ON scholarships_fundaccount
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An allotment is what two persons agreed to last; without a proposal only the server itself grants one.
CREATE FUNCTION allotment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND ((NEW.programme_id, NEW.unit_id) IS DISTINCT FROM (OLD.programme_id, OLD.unit_id)
      OR coalesce(NEW.proposal_id, 0) <= coalesce(OLD.proposal_id, -1)))
     OR NOT (CASE WHEN NEW.proposal_id IS NULL
      THEN EXISTS (SELECT 1 FROM portal_user u WHERE u.id = NEW.granted_by_id AND u.username = 'system')
      ELSE EXISTS (SELECT 1 FROM portal_proposedchange p WHERE p.id = NEW.proposal_id AND p.state = 'accepted'
        AND p.act = 'allotment' AND p.target_id = NEW.programme_id AND p.proposed_by_id = NEW.granted_by_id
        AND p.decided_by_id = NEW.agreed_by_id AND (p.after->>'unit_id')::bigint = NEW.unit_id
        AND (p.after->>'amount')::bigint = NEW.amount) END) THEN
    RAISE EXCEPTION 'allotment_two_persons' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER allotment_guard BEFORE INSERT OR UPDATE OR DELETE ON scholarships_allotment
  FOR EACH ROW EXECUTE FUNCTION allotment_guard();
CREATE TRIGGER allotment_no_truncate BEFORE TRUNCATE ON scholarships_allotment
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A gift belongs to its fund's unit, is not older than the fund, counts in an open half-year, and has the next number of
-- its unit's receipts of the year: nobody else gives one before this transaction ends.
CREATE FUNCTION donation_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE f scholarships_fund;
BEGIN
  SELECT * INTO f FROM scholarships_fund WHERE id = NEW.fund_id;
  IF NEW.unit_id IS DISTINCT FROM f.unit_id OR NEW.receipt_year IS DISTINCT FROM extract(year FROM NEW.received_on) THEN
    RAISE EXCEPTION 'donation_of_its_fund' USING ERRCODE = 'check_violation'; END IF;
  IF NEW.programme_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM scholarships_programme p WHERE p.id = NEW.programme_id
      AND (p.fund_id = f.id OR (p.fund_id IS NULL AND f.is_main))) THEN
    RAISE EXCEPTION 'donation_of_its_programme' USING ERRCODE = 'check_violation'; END IF;
  IF NEW.received_on < f.opened_on THEN
    RAISE EXCEPTION 'donation_before_fund' USING ERRCODE = 'check_violation'; END IF;
  IF NOT unit_exists_on(NEW.unit_id, NEW.received_on) THEN
    RAISE EXCEPTION 'donation_in_its_unit' USING ERRCODE = 'check_violation'; END IF;
  IF NEW.reversed_at IS NOT NULL THEN
    RAISE EXCEPTION 'donation_only_cancelled' USING ERRCODE = 'check_violation'; END IF;
  PERFORM demand_open(NEW.unit_id, NEW.half);
  PERFORM pg_advisory_xact_lock(hashtextextended('receipts ' || NEW.unit_id || ' ' || NEW.receipt_year, 0));
  SELECT coalesce(max(receipt_number), 0) + 1 INTO NEW.receipt_number FROM scholarships_donation
    WHERE unit_id = NEW.unit_id AND receipt_year = NEW.receipt_year;
  RETURN NEW;
END $$;
CREATE TRIGGER donation_begins BEFORE INSERT ON scholarships_donation FOR EACH ROW EXECUTE FUNCTION donation_begins();

-- A gift stays as it was recorded, but for its one cancellation, which counts in an open half-year.
CREATE FUNCTION donation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE once text[] := '{reversed_at,reversed_half,reversal_reason,reversal_id}';
BEGIN
  -- Who agreed to be named may take it back at any time.
  IF TG_OP = 'UPDATE' AND OLD.may_be_named AND NOT NEW.may_be_named
     AND (to_jsonb(NEW) - 'may_be_named') = (to_jsonb(OLD) - 'may_be_named') THEN RETURN NEW; END IF;
  IF TG_OP = 'DELETE' OR OLD.reversed_at IS NOT NULL OR NEW.reversed_at IS NULL
     OR coalesce(NEW.reversed_half, '') !~ '^[0-9]{4}-H[12]$' OR (to_jsonb(NEW) - once) IS DISTINCT FROM (to_jsonb(OLD) - once) THEN
    RAISE EXCEPTION 'donation_only_cancelled' USING ERRCODE = 'check_violation'; END IF;
  PERFORM demand_open(NEW.unit_id, NEW.reversed_half);
  RETURN NEW;
END $$;
CREATE TRIGGER donation_guard BEFORE UPDATE OR DELETE ON scholarships_donation FOR EACH ROW EXECUTE FUNCTION donation_guard();
-- A hand-over is what two persons agreed to (the server itself needs nobody); it passes from an ended unit to its heirs,
-- back, or between funds of one unit; both lines stand in the books when the transaction ends.
CREATE FUNCTION hand_over_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE giver scholarships_fund; taker scholarships_fund; passed date;
BEGIN
  SELECT * INTO giver FROM scholarships_fund WHERE id = NEW.from_fund_id;
  SELECT * INTO taker FROM scholarships_fund WHERE id = NEW.to_fund_id;
  IF NOT coalesce(CASE WHEN NEW.proposal_id IS NULL
      THEN EXISTS (SELECT 1 FROM portal_user u WHERE u.id = NEW.recorded_by_id AND u.username = 'system')
      ELSE EXISTS (SELECT 1 FROM portal_proposedchange p WHERE p.id = NEW.proposal_id AND p.state = 'accepted'
        AND p.act = 'hand_over' AND p.target_id = NEW.from_fund_id AND p.proposed_by_id = NEW.recorded_by_id
        AND (p.after->>'to_fund_id')::bigint = NEW.to_fund_id AND (p.after->>'amount')::bigint = NEW.amount
        AND p.after->>'on_date' = NEW.on_date::text) END, false) THEN
    RAISE EXCEPTION 'hand_over_two_persons' USING ERRCODE = 'check_violation'; END IF;
  IF giver.unit_id <> taker.unit_id THEN
    SELECT min(on_date) INTO passed FROM portal_unitsuccession
      WHERE (from_unit_id, to_unit_id) IN ((giver.unit_id, taker.unit_id), (taker.unit_id, giver.unit_id));
    IF passed IS NULL THEN RAISE EXCEPTION 'hand_over_to_heir' USING ERRCODE = 'check_violation'; END IF;
  END IF;
  IF NOT coalesce(NEW.on_date >= greatest(giver.opened_on, taker.opened_on, passed), false) THEN
    RAISE EXCEPTION 'hand_over_in_its_days' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hand_over_guard BEFORE INSERT ON scholarships_handover FOR EACH ROW EXECUTE FUNCTION hand_over_guard();
CREATE FUNCTION hand_over_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM scholarships_ledgerentry WHERE hand_over_id = NEW.id) <> 2 THEN
    RAISE EXCEPTION 'hand_over_both_lines' USING ERRCODE = 'check_violation'; END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER hand_over_whole AFTER INSERT ON scholarships_handover
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hand_over_whole();
CREATE TRIGGER hand_over_no_change BEFORE UPDATE OR DELETE ON scholarships_handover
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hand_over_no_truncate BEFORE TRUNCATE ON scholarships_handover
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER donation_no_truncate BEFORE TRUNCATE ON scholarships_donation
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

PAID_ROWS = """
CREATE FUNCTION disbursement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a paid disbursement is never deleted' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.reversed_at IS NOT NULL OR NEW.reversed_at IS NULL
     OR (to_jsonb(NEW) - '{reversed_at,reversed_half,reversal_reason}'::text[])
        IS DISTINCT FROM (to_jsonb(OLD) - '{reversed_at,reversed_half,reversal_reason}'::text[]) THEN
    RAISE EXCEPTION 'a paid disbursement allows no change but its one reversal' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER disbursement_guard_update BEFORE UPDATE ON scholarships_disbursement FOR EACH ROW
  WHEN (OLD.paid_at IS NOT NULL) EXECUTE FUNCTION disbursement_guard();
CREATE TRIGGER disbursement_guard_delete BEFORE DELETE ON scholarships_disbursement FOR EACH ROW
  WHEN (OLD.paid_at IS NOT NULL) EXECUTE FUNCTION disbursement_guard();
-- What a row corrects is the same gift with another amount: the same person, programme, day and unit, paid and standing.
CREATE FUNCTION disbursement_replaces_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM scholarships_disbursement r WHERE r.id = NEW.replaces_id AND r.id <> NEW.id
      AND r.unit_id = NEW.unit_id AND r.recipient_id = NEW.recipient_id AND r.programme_id = NEW.programme_id
      AND r.given_on = NEW.given_on AND r.paid_at IS NOT NULL AND r.reversed_at IS NULL) THEN
    RAISE EXCEPTION 'disbursement_replaces' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER disbursement_replaces_insert BEFORE INSERT ON scholarships_disbursement FOR EACH ROW
  WHEN (NEW.replaces_id IS NOT NULL) EXECUTE FUNCTION disbursement_replaces_guard();
CREATE TRIGGER disbursement_replaces_update
  BEFORE UPDATE OF replaces_id, unit_id, recipient_id, programme_id, given_on ON scholarships_disbursement FOR EACH ROW
  WHEN (NEW.replaces_id IS NOT NULL AND OLD.paid_at IS NULL AND NEW.reversed_at IS NULL)
  EXECUTE FUNCTION disbursement_replaces_guard();
CREATE TRIGGER disbursement_no_truncate BEFORE TRUNCATE ON scholarships_disbursement
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Sums by unit, half-year, programme and source, by statement: a trigger per row makes a COPY several times slower.
-- What counts in a half-year changes only while it is open. A row that is reversed within its own half-year leaves that
-- half-year's sums; one that is reversed later is a line of its own there: what was published stays, nothing is negative.
CREATE FUNCTION disbursement_sums_add(unit bigint, of_half text, programme bigint, of_source text, turns bigint,
    amount bigint, hardship_turns bigint, hardship_amount bigint, recalled_turns bigint, recalled_amount bigint)
RETURNS void LANGUAGE sql AS $$
  INSERT INTO scholarships_disbursementsum AS s (unit_id, half, programme_id, source, turns, amount,
    hardship_turns, hardship_amount, recalled_turns, recalled_amount)
  VALUES (unit, of_half, programme, of_source, turns, amount,
    hardship_turns, hardship_amount, recalled_turns, recalled_amount)
  ON CONFLICT (half, unit_id, programme_id, source) DO UPDATE SET turns = s.turns + excluded.turns,
    amount = s.amount + excluded.amount, hardship_turns = s.hardship_turns + excluded.hardship_turns,
    hardship_amount = s.hardship_amount + excluded.hardship_amount,
    recalled_turns = s.recalled_turns + excluded.recalled_turns,
    recalled_amount = s.recalled_amount + excluded.recalled_amount;
$$;
CREATE FUNCTION disbursement_sums_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT unit_id, min(given_on) AS first, max(given_on) AS last FROM fresh GROUP BY unit_id) d
    WHERE NOT EXISTS (SELECT 1 FROM portal_unitversion v WHERE v.unit_id = d.unit_id
                      HAVING range_agg(v.valid) @> daterange(d.first, d.last, '[]'))
  ) THEN RAISE EXCEPTION 'disbursement_in_its_unit' USING ERRCODE = 'check_violation'; END IF;
  PERFORM demand_open(g.unit_id, g.half, ARRAY[g.entered_by_id]) FROM (
    SELECT DISTINCT unit_id, half, entered_by_id FROM fresh WHERE paid_at IS NOT NULL ORDER BY half, unit_id) g;
  PERFORM disbursement_sums_add(g.unit_id, g.half, g.programme_id, g.source, g.n, g.a, g.hn, g.ha, 0, 0) FROM (
    SELECT unit_id, half, programme_id, source, count(*) AS n, sum(amount)::bigint AS a,
      count(*) FILTER (WHERE is_hardship) AS hn, coalesce(sum(amount) FILTER (WHERE is_hardship), 0)::bigint AS ha
    FROM fresh WHERE paid_at IS NOT NULL AND reversed_at IS NULL
    GROUP BY unit_id, half, programme_id, source ORDER BY unit_id, half, programme_id, source) g;
  INSERT INTO scholarships_givingchange (half) SELECT DISTINCT half FROM fresh WHERE paid_at IS NOT NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER disbursement_sums_insert AFTER INSERT ON scholarships_disbursement
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION disbursement_sums_insert();
CREATE FUNCTION disbursement_sums_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM demand_open(g.unit_id, g.half, ARRAY[g.entered_by_id]) FROM (
    SELECT n.unit_id, n.half, n.entered_by_id FROM fresh n JOIN stale o USING (id)
    WHERE o.paid_at IS NULL AND n.paid_at IS NOT NULL
    UNION
    SELECT n.unit_id, n.reversed_half, NULL FROM fresh n JOIN stale o USING (id)
    WHERE n.paid_at IS NOT NULL AND o.reversed_at IS NULL AND n.reversed_at IS NOT NULL
    ORDER BY 2, 1) g;
  PERFORM disbursement_sums_add(g.unit_id, g.half, g.programme_id, g.source, g.n, g.a, g.hn, g.ha, g.rn, g.ra) FROM (
    SELECT unit_id, half, programme_id, source, sum(sign)::bigint AS n, sum(sign * amount)::bigint AS a,
      coalesce(sum(sign) FILTER (WHERE is_hardship), 0)::bigint AS hn,
      coalesce(sum(sign * amount) FILTER (WHERE is_hardship), 0)::bigint AS ha,
      sum(recalled)::bigint AS rn, sum(recalled * amount)::bigint AS ra
    FROM (
      SELECT n.unit_id, n.half, n.programme_id, n.source, n.amount, n.is_hardship, 1 AS sign, 0 AS recalled
      FROM fresh n JOIN stale o USING (id) WHERE o.paid_at IS NULL AND n.paid_at IS NOT NULL
      UNION ALL
      SELECT n.unit_id, n.reversed_half, n.programme_id, n.source, n.amount, n.is_hardship,
        CASE WHEN n.reversed_half = n.half THEN -1 ELSE 0 END, CASE WHEN n.reversed_half = n.half THEN 0 ELSE 1 END
      FROM fresh n JOIN stale o USING (id) WHERE n.paid_at IS NOT NULL AND o.reversed_at IS NULL AND n.reversed_at IS NOT NULL
    ) moves GROUP BY unit_id, half, programme_id, source ORDER BY unit_id, half, programme_id, source) g;
  INSERT INTO scholarships_givingchange (half) SELECT DISTINCT n.half FROM fresh n JOIN stale o USING (id)
    WHERE n.paid_at IS NOT NULL AND (o.paid_at IS NULL OR n.reversed_half <> o.reversed_half);
  RETURN NULL;
END $$;
CREATE TRIGGER disbursement_sums_update AFTER UPDATE ON scholarships_disbursement
  REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION disbursement_sums_update();

-- A fund is opened in its unit's days, and no list stands before its unit begins (after its end, late rows may).
CREATE FUNCTION fund_in_its_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT unit_exists_on(NEW.unit_id, NEW.opened_on) THEN
    RAISE EXCEPTION 'fund_in_its_unit' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fund_in_its_unit BEFORE INSERT OR UPDATE OF unit_id, opened_on ON scholarships_fund
  FOR EACH ROW EXECUTE FUNCTION fund_in_its_unit();
CREATE FUNCTION batch_in_its_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM portal_unitversion v
                 WHERE v.unit_id = NEW.unit_id AND lower(v.valid) <= half_last_day(NEW.half)) THEN
    RAISE EXCEPTION 'batch_in_its_unit' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER batch_in_its_unit BEFORE INSERT OR UPDATE OF unit_id, half ON scholarships_batch
  FOR EACH ROW EXECUTE FUNCTION batch_in_its_unit();
"""

BATCH_STATES = """
CREATE FUNCTION batch_state_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = OLD.state THEN RETURN NEW; END IF;
  IF NOT ((OLD.state, NEW.state) IN (('draft','submitted'), ('draft','withdrawn'), ('submitted','returned'),
      ('submitted','approved'), ('submitted','withdrawn'), ('submitted','draft'), ('returned','submitted'),
      ('returned','withdrawn'), ('approved','paid'), ('approved','withdrawn'), ('paid','reversed'))
      OR (OLD.by_command AND (OLD.state, NEW.state) IN (('draft','paid')))) THEN
    RAISE EXCEPTION 'batch_state: % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER batch_state_guard BEFORE UPDATE OF state ON scholarships_batch FOR EACH ROW EXECUTE FUNCTION batch_state_guard();

-- Who entered a list or a row stays; who sent a list changes only when it is sent.
CREATE FUNCTION batch_maker_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.entered_by_id IS DISTINCT FROM OLD.entered_by_id OR (NEW.submitted_by_id IS DISTINCT FROM OLD.submitted_by_id
     AND NOT (OLD.state IN ('draft', 'returned') AND NEW.state = 'submitted')) THEN
    RAISE EXCEPTION 'batch_maker_stays' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER batch_maker_guard BEFORE UPDATE OF entered_by_id, submitted_by_id ON scholarships_batch
  FOR EACH ROW EXECUTE FUNCTION batch_maker_guard();
CREATE FUNCTION disbursement_maker_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'batch_maker_stays' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER disbursement_maker_guard BEFORE UPDATE OF entered_by_id ON scholarships_disbursement FOR EACH ROW
  WHEN (NEW.entered_by_id IS DISTINCT FROM OLD.entered_by_id) EXECUTE FUNCTION disbursement_maker_guard();

-- Nobody approves what they entered: not the list, not one of its rows, and not what its history says they sent.
CREATE FUNCTION batch_approver_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.approved_by_id IS NOT NULL AND EXISTS (
      SELECT 1 FROM scholarships_disbursement d WHERE d.batch_id = NEW.id AND d.entered_by_id = NEW.approved_by_id
      UNION ALL
      SELECT 1 FROM scholarships_batchevent e WHERE e.batch_id = NEW.id AND e.actor_id = NEW.approved_by_id
        AND e.action IN ('create', 'edit', 'submit')) THEN
    RAISE EXCEPTION 'batch_not_approved_by_its_maker' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER batch_approver_guard BEFORE UPDATE OF approved_by_id ON scholarships_batch
  FOR EACH ROW EXECUTE FUNCTION batch_approver_guard();

CREATE TRIGGER batch_event_no_change BEFORE UPDATE OR DELETE ON scholarships_batchevent FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER batch_event_no_truncate BEFORE TRUNCATE ON scholarships_batchevent FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

REMARKS = """
-- What a certificate on paper says stays; a gift taken back shows on the page of its code.
CREATE TRIGGER certificate_no_change BEFORE UPDATE OR DELETE ON scholarships_certificate
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER certificate_no_truncate BEFORE TRUNCATE ON scholarships_certificate
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- A remark that went to the unit with a return stays as it was sent.
CREATE FUNCTION row_remark_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'row_remark_sent' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER row_remark_guard BEFORE UPDATE ON scholarships_rowremark FOR EACH ROW
  WHEN (OLD.event_id IS NOT NULL) EXECUTE FUNCTION row_remark_guard();
"""

PEOPLE = """
-- What a search compares of a recipient, whatever way the row comes in.
CREATE FUNCTION recipient_search_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search_text := portal_search_key(
    concat_ws(' ', NEW.full_name, NEW.school, NEW.school_class, NEW.guardian_name));
  RETURN NEW;
END $$;
CREATE TRIGGER recipient_search_text BEFORE INSERT OR UPDATE ON scholarships_recipient
  FOR EACH ROW EXECUTE FUNCTION recipient_search_text();

-- What was decided of two people is only ever taken back, once.
CREATE FUNCTION recipient_verdict_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.undone_at IS NOT NULL
     OR (NEW.kept_id, NEW.other_id, NEW.is_same, NEW.reason, NEW.decided_by_id, NEW.decided_at)
        IS DISTINCT FROM (OLD.kept_id, OLD.other_id, OLD.is_same, OLD.reason, OLD.decided_by_id, OLD.decided_at) THEN
    RAISE EXCEPTION 'recipient_verdict_kept' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
-- Who is joined with somebody keeps nobody, so that one look tells whose person a recipient is.
CREATE FUNCTION recipient_joined_flat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM scholarships_recipientverdict v WHERE v.is_same AND v.undone_at IS NULL
      AND (v.other_id = NEW.kept_id OR v.kept_id = NEW.other_id)) THEN
    RAISE EXCEPTION 'recipient_joined_flat' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER recipient_joined_flat BEFORE INSERT ON scholarships_recipientverdict FOR EACH ROW
  WHEN (NEW.is_same AND NEW.undone_at IS NULL) EXECUTE FUNCTION recipient_joined_flat();
CREATE TRIGGER recipient_verdict_guard BEFORE UPDATE OR DELETE ON scholarships_recipientverdict
  FOR EACH ROW EXECUTE FUNCTION recipient_verdict_guard();
CREATE TRIGGER recipient_verdict_no_truncate BEFORE TRUNCATE ON scholarships_recipientverdict
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Who is whose, and where one belongs, changes how many people received in any half-year (`GivingChange`).
CREATE FUNCTION recipient_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO scholarships_givingchange (half) VALUES ('');
  RETURN NULL;
END $$;
CREATE TRIGGER recipient_verdict_moves AFTER INSERT OR UPDATE ON scholarships_recipientverdict
  FOR EACH STATEMENT EXECUTE FUNCTION recipient_moves();
-- One row for a statement, however many people it moves.
CREATE FUNCTION recipients_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO scholarships_givingchange (half) SELECT '' WHERE EXISTS (SELECT 1 FROM fresh n JOIN stale o USING (id)
    WHERE (n.unit_id, n.kind) IS DISTINCT FROM (o.unit_id, o.kind));
  RETURN NULL;
END $$;
CREATE TRIGGER recipients_moved AFTER UPDATE ON scholarships_recipient
  REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION recipients_moved();

-- A consent is only ever withdrawn, once; a guardian's name may be erased on request.
CREATE FUNCTION consent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (OLD.withdrawn_on IS NOT NULL AND (NEW.withdrawn_on, NEW.withdrawn_by_id)
        IS DISTINCT FROM (OLD.withdrawn_on, OLD.withdrawn_by_id))
     OR (NEW.recipient_id, NEW.purpose, NEW.text_version, NEW.child_agrees, NEW.given_on, NEW.recorded_by_id,
         NEW.recorded_at)
        IS DISTINCT FROM (OLD.recipient_id, OLD.purpose, OLD.text_version, OLD.child_agrees, OLD.given_on,
         OLD.recorded_by_id, OLD.recorded_at) THEN
    RAISE EXCEPTION 'consent_kept' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER consent_guard BEFORE UPDATE OR DELETE ON scholarships_consent
  FOR EACH ROW EXECUTE FUNCTION consent_guard();
CREATE TRIGGER consent_no_truncate BEFORE TRUNCATE ON scholarships_consent
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

TOP_UPS = """
-- What a register says of a year counts in that year, from a half-year on that is open; nothing of it is overwritten.
CREATE FUNCTION top_up_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF left(NEW.half, 4) IS DISTINCT FROM NEW.year::text THEN
    RAISE EXCEPTION 'top_up_of_its_year' USING ERRCODE = 'check_violation'; END IF;
  PERFORM demand_open(NEW.unit_id, NEW.half, ARRAY[NEW.entered_by_id]);
  RETURN NEW;
END $$;
CREATE TRIGGER top_up_begins BEFORE INSERT ON scholarships_topup FOR EACH ROW EXECUTE FUNCTION top_up_begins();
CREATE TRIGGER top_up_no_change BEFORE UPDATE OR DELETE ON scholarships_topup FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER top_up_no_truncate BEFORE TRUNCATE ON scholarships_topup FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

BANK = """
-- A line of the bank stays as the bank wrote it; what it is in the book is said, and may be taken back.
CREATE FUNCTION bank_line_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said text[] := '{entry_id,reason,decided_by_id}';
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (to_jsonb(NEW) - said) IS DISTINCT FROM (to_jsonb(OLD) - said)) THEN
    RAISE EXCEPTION 'bank_line_stays' USING ERRCODE = 'check_violation'; END IF;
  IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM scholarships_ledgerentry l WHERE l.id = NEW.entry_id
      AND l.fund_id = NEW.fund_id AND l.amount = NEW.amount) THEN
    RAISE EXCEPTION 'bank_line_as_its_entry' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER bank_line_guard BEFORE INSERT OR UPDATE OR DELETE ON scholarships_bankline
  FOR EACH ROW EXECUTE FUNCTION bank_line_guard();
CREATE TRIGGER bank_line_no_truncate BEFORE TRUNCATE ON scholarships_bankline
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

SEALING = """
-- All that stands in a line, the same text whatever the session's zone and style of dates.
CREATE FUNCTION ledger_text(l scholarships_ledgerentry) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(l.id, l.fund_id, l.half, l.kind, l.amount, l.balance_after, l.occurred_on, l.batch_id,
    l.donation_id, l.reverses_id, l.reason, l.request_key, l.actor_id, l.created_at AT TIME ZONE 'UTC')::text
$$;
CREATE FUNCTION audit_text(a portal_auditentry) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(a.id, a.at AT TIME ZONE 'UTC', a.actor_id, a.action, a.target_type, a.target_id, a.unit_id,
    a.fields, a.detail, a.source)::text
$$;
CREATE FUNCTION ledger_digest(ids text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(l.said, 'UTF8')), ''::bytea ORDER BY l.id), ''::bytea)), 'hex')
  FROM unnest(ids::int8multirange) r
  CROSS JOIN LATERAL (SELECT e.id, ledger_text(e) AS said FROM scholarships_ledgerentry e
                      WHERE e.id >= lower(r) AND e.id < upper(r)) l
$$;
CREATE FUNCTION audit_digest(ids text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(l.said, 'UTF8')), ''::bytea ORDER BY l.id), ''::bytea)), 'hex')
  FROM unnest(ids::int8multirange) r
  CROSS JOIN LATERAL (SELECT e.id, audit_text(e) AS said FROM portal_auditentry e
                      WHERE e.id >= lower(r) AND e.id < upper(r)) l
$$;
CREATE FUNCTION block_digest(b scholarships_sealedblock) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(b.number, b.at AT TIME ZONE 'UTC', b.previous, b.ledger_ids,
    b.ledger_digest, b.audit_ids, b.audit_digest)::text, 'UTF8')), 'hex')
$$;

-- Rows that no block holds. Those up to a floor are all sealed; between it and now a transaction may still be under way
-- that has its number already, so rows are found by what is held, never by the highest number.
CREATE FUNCTION ledger_unsealed() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  WITH low AS (SELECT coalesce(max(ledger_floor), 0) AS id FROM scholarships_sealedblock),
  held AS (SELECT range_agg(ledger_ids::int8multirange) AS ids FROM scholarships_sealedblock, low WHERE ledger_last > low.id)
  SELECT e.id FROM scholarships_ledgerentry e, low, held
  WHERE e.id > low.id AND NOT e.id <@ coalesce(held.ids, '{}'::int8multirange)
$$;
CREATE FUNCTION audit_unsealed() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  WITH low AS (SELECT coalesce(max(audit_floor), 0) AS id FROM scholarships_sealedblock),
  held AS (SELECT range_agg(audit_ids::int8multirange) AS ids FROM scholarships_sealedblock, low WHERE audit_last > low.id)
  SELECT e.id FROM portal_auditentry e, low, held
  WHERE e.id > low.id AND NOT e.id <@ coalesce(held.ids, '{}'::int8multirange)
$$;

-- Seals what has come since the last block; NULL when nothing has. A row is seen when its transaction has ended.
CREATE FUNCTION seal_books() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE before scholarships_sealedblock; b scholarships_sealedblock; oldest bigint; ledger int8multirange; audit int8multirange;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('seal_books', 0));
  SELECT * INTO before FROM scholarships_sealedblock ORDER BY number DESC LIMIT 1;
  oldest := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  b.horizon := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
  SELECT range_agg(int8range(id, id, '[]')) INTO ledger FROM ledger_unsealed() u(id);
  SELECT range_agg(int8range(id, id, '[]')) INTO audit FROM audit_unsealed() u(id);
  IF ledger IS NULL AND audit IS NULL THEN RETURN NULL; END IF;
  b.number := coalesce(before.number, 0) + 1;
  b.at := clock_timestamp();
  b.previous := coalesce(before.digest, '');
  b.ledger_ids := coalesce(ledger, '{}'::int8multirange)::text;
  b.audit_ids := coalesce(audit, '{}'::int8multirange)::text;
  b.ledger_last := greatest(coalesce(before.ledger_last, 0), upper(ledger) - 1);
  b.audit_last := greatest(coalesce(before.audit_last, 0), upper(audit) - 1);
  -- an hour besides: a number is drawn a moment before its transaction counts as begun
  SELECT coalesce(max(ledger_last), 0), coalesce(max(audit_last), 0) INTO b.ledger_floor, b.audit_floor
  FROM (SELECT * FROM scholarships_sealedblock s WHERE s.horizon <= oldest AND s.at < now() - interval '1 hour'
        ORDER BY number DESC LIMIT 1) ended;
  b.ledger_digest := ledger_digest(b.ledger_ids);
  b.audit_digest := audit_digest(b.audit_ids);
  b.digest := block_digest(b);
  INSERT INTO scholarships_sealedblock (number, at, previous, digest, ledger_ids, ledger_digest, ledger_last,
    ledger_floor, audit_ids, audit_digest, audit_last, audit_floor, horizon)
  VALUES (b.number, b.at, b.previous, b.digest, b.ledger_ids, b.ledger_digest, b.ledger_last, b.ledger_floor,
    b.audit_ids, b.audit_digest, b.audit_last, b.audit_floor, b.horizon);
  RETURN b.number;
END $$;

-- A block follows the last one and is true.
CREATE FUNCTION sealed_block_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before scholarships_sealedblock;
BEGIN
  SELECT * INTO before FROM scholarships_sealedblock ORDER BY number DESC LIMIT 1;
  IF NEW.number IS DISTINCT FROM coalesce(before.number, 0) + 1 OR NEW.previous IS DISTINCT FROM coalesce(before.digest, '')
     OR NEW.ledger_digest IS DISTINCT FROM ledger_digest(NEW.ledger_ids)
     OR NEW.audit_digest IS DISTINCT FROM audit_digest(NEW.audit_ids)
     OR NEW.digest IS DISTINCT FROM block_digest(NEW) THEN
    RAISE EXCEPTION 'sealed_block_follows' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sealed_block_guard BEFORE INSERT ON scholarships_sealedblock FOR EACH ROW EXECUTE FUNCTION sealed_block_guard();
CREATE TRIGGER sealed_block_no_change BEFORE UPDATE OR DELETE ON scholarships_sealedblock
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER sealed_block_no_truncate BEFORE TRUNCATE ON scholarships_sealedblock
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

UNDO = """
DROP TRIGGER top_up_no_truncate ON scholarships_topup;
DROP TRIGGER top_up_no_change ON scholarships_topup;
DROP TRIGGER top_up_begins ON scholarships_topup;
DROP FUNCTION top_up_begins();
DROP TRIGGER bank_line_no_truncate ON scholarships_bankline;
DROP TRIGGER bank_line_guard ON scholarships_bankline;
DROP FUNCTION bank_line_guard();
DROP TRIGGER consent_no_truncate ON scholarships_consent;
DROP TRIGGER consent_guard ON scholarships_consent;
DROP TRIGGER recipients_moved ON scholarships_recipient;
DROP FUNCTION recipients_moved();
DROP TRIGGER recipient_verdict_moves ON scholarships_recipientverdict;
DROP FUNCTION recipient_moves();
DROP TRIGGER recipient_verdict_no_truncate ON scholarships_recipientverdict;
DROP TRIGGER recipient_verdict_guard ON scholarships_recipientverdict;
DROP TRIGGER recipient_joined_flat ON scholarships_recipientverdict;
DROP TRIGGER recipient_search_text ON scholarships_recipient;
DROP FUNCTION consent_guard(), recipient_joined_flat(), recipient_verdict_guard(), recipient_search_text();
DROP TRIGGER sealed_block_no_truncate ON scholarships_sealedblock;
DROP TRIGGER sealed_block_no_change ON scholarships_sealedblock;
DROP TRIGGER sealed_block_guard ON scholarships_sealedblock;
DROP FUNCTION sealed_block_guard(), seal_books(), audit_unsealed(), ledger_unsealed(), block_digest(scholarships_sealedblock),
  audit_digest(text), ledger_digest(text), audit_text(portal_auditentry), ledger_text(scholarships_ledgerentry);
DROP TRIGGER certificate_no_truncate ON scholarships_certificate;
DROP TRIGGER certificate_no_change ON scholarships_certificate;
DROP TRIGGER row_remark_guard ON scholarships_rowremark;
DROP FUNCTION row_remark_guard();
DROP TRIGGER disbursement_maker_guard ON scholarships_disbursement;
DROP TRIGGER batch_maker_guard ON scholarships_batch;
DROP TRIGGER allotment_no_truncate ON scholarships_allotment;
DROP TRIGGER allotment_guard ON scholarships_allotment;
DROP FUNCTION allotment_guard();
DROP TRIGGER hand_over_no_truncate ON scholarships_handover;
DROP TRIGGER hand_over_no_change ON scholarships_handover;
DROP TRIGGER hand_over_whole ON scholarships_handover;
DROP TRIGGER hand_over_guard ON scholarships_handover;
DROP FUNCTION hand_over_whole(), hand_over_guard();
DROP TRIGGER donation_no_truncate ON scholarships_donation;
DROP TRIGGER donation_guard ON scholarships_donation;
DROP TRIGGER donation_begins ON scholarships_donation;
DROP TRIGGER fund_account_no_truncate ON scholarships_fundaccount;
DROP TRIGGER fund_account_no_change ON scholarships_fundaccount;
DROP TRIGGER fund_account_update ON scholarships_fund;
DROP TRIGGER fund_account_insert ON scholarships_fund;
DROP FUNCTION disbursement_maker_guard(), batch_maker_guard(), donation_guard(), donation_begins(), fund_account_guard();
DROP TRIGGER batch_event_no_truncate ON scholarships_batchevent;
DROP TRIGGER batch_event_no_change ON scholarships_batchevent;
DROP TRIGGER batch_approver_guard ON scholarships_batch;
DROP TRIGGER batch_state_guard ON scholarships_batch;
DROP TRIGGER batch_in_its_unit ON scholarships_batch;
DROP TRIGGER fund_in_its_unit ON scholarships_fund;
DROP TRIGGER disbursement_sums_update ON scholarships_disbursement;
DROP TRIGGER disbursement_sums_insert ON scholarships_disbursement;
DROP TRIGGER disbursement_no_truncate ON scholarships_disbursement;
DROP TRIGGER disbursement_replaces_update ON scholarships_disbursement;
DROP TRIGGER disbursement_replaces_insert ON scholarships_disbursement;
DROP TRIGGER disbursement_guard_delete ON scholarships_disbursement;
DROP TRIGGER disbursement_guard_update ON scholarships_disbursement;
DROP TRIGGER fund_balance_guard ON scholarships_fund;
DROP TRIGGER ledger_no_truncate ON scholarships_ledgerentry;
DROP TRIGGER ledger_no_change ON scholarships_ledgerentry;
DROP TRIGGER ledger_post ON scholarships_ledgerentry;
DROP FUNCTION batch_approver_guard(), batch_state_guard(), disbursement_sums_update(), disbursement_sums_insert(), disbursement_guard(),
  disbursement_replaces_guard(),
  batch_in_its_unit(), fund_in_its_unit(),
  disbursement_sums_add(bigint, text, bigint, text, bigint, bigint, bigint, bigint, bigint, bigint), fund_balance_guard(), ledger_post(),
  fund_restricted(bigint, bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("scholarships", "0001_initial"), ("portal", "0002_guards")]

    operations = [
        migrations.RunSQL(LEDGER + FUNDS + PAID_ROWS + BATCH_STATES + REMARKS + PEOPLE + TOP_UPS + BANK + SEALING, UNDO)
    ]
