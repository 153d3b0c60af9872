"""What the database itself holds of the news: what readers see changes only by publishing another revision."""

from django.db import migrations

REVISIONS = r"""
-- A revision stays as it was saved. Its HTML may be written anew for other copies of its photos, its words may not.
CREATE FUNCTION article_revision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE copies text := '<source[^>]*>| (?:src|srcset|sizes|width|height)="[^"]*"';
BEGIN
  IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'body_html') IS DISTINCT FROM (to_jsonb(OLD) - 'body_html')
     OR regexp_replace(NEW.body_html, copies, '', 'g') IS DISTINCT FROM regexp_replace(OLD.body_html, copies, '', 'g')
  THEN RAISE EXCEPTION 'article_revision_frozen' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER article_revision_frozen BEFORE UPDATE OR DELETE ON news_articlerevision
  FOR EACH ROW EXECUTE FUNCTION article_revision_guard();
CREATE TRIGGER article_revision_no_truncate BEFORE TRUNCATE ON news_articlerevision
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER article_revision_photos_frozen BEFORE UPDATE OR DELETE ON news_articlerevision_photos
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER article_revision_files_frozen BEFORE UPDATE OR DELETE ON news_articlerevision_attachments
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER article_revision_files_no_truncate BEFORE TRUNCATE ON news_articlerevision_attachments
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER article_revision_tags_frozen BEFORE UPDATE OR DELETE ON news_articlerevision_tags
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER article_revision_tags_no_truncate BEFORE TRUNCATE ON news_articlerevision_tags
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- The newest texts under a tag, for what an article is set beside.
CREATE INDEX article_revision_tags_newest ON news_articlerevision_tags (tag_id, id DESC);
CREATE TRIGGER article_revision_photos_no_truncate BEFORE TRUNCATE ON news_articlerevision_photos
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

ARTICLES = """
-- Section and address of a published article are those of the revision that readers have; once readers had it, another
-- revision carries the time of the change.
CREATE FUNCTION article_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.published_revision_id IS NULL THEN
    IF TG_OP = 'UPDATE' AND OLD.published_revision_id IS NOT NULL THEN
      RAISE EXCEPTION 'article_shows_its_revision' USING ERRCODE = 'check_violation'; END IF;
    RETURN NEW;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM news_articlerevision r WHERE r.id = NEW.published_revision_id AND r.article_id = NEW.id
      AND r.category_id = NEW.category_id AND r.slug = NEW.slug) THEN
    RAISE EXCEPTION 'article_shows_its_revision' USING ERRCODE = 'check_violation'; END IF;
  IF TG_OP = 'UPDATE' AND OLD.published_revision_id <> NEW.published_revision_id AND OLD.published_at <= clock_timestamp()
     AND (NEW.changed_at, NEW.published_at) IS NOT DISTINCT FROM (OLD.changed_at, OLD.published_at) THEN
    RAISE EXCEPTION 'article_change_is_told' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION article_second_person_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.published_revision_id IS NOT NULL AND NEW.published_revision_id IS DISTINCT FROM OLD.published_revision_id
     AND EXISTS (SELECT 1 FROM portal_siteprofile WHERE second_person)
     AND NOT EXISTS (SELECT 1 FROM news_reviewstep s WHERE s.revision_id = NEW.published_revision_id
       AND s.kind IN ('approved', 'urgent')) THEN
    RAISE EXCEPTION 'article_second_person' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
-- What replaces a withdrawn article is not withdrawn itself at that time: no way leads in a circle.
CREATE FUNCTION article_replacement_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.replacement_id IS NOT NULL AND NEW.replacement_id IS DISTINCT FROM OLD.replacement_id THEN
    PERFORM 1 FROM news_article a WHERE a.id = NEW.replacement_id AND a.withdrawn_at IS NULL
      AND a.published_revision_id IS NOT NULL FOR SHARE;
    IF NOT FOUND THEN RAISE EXCEPTION 'article_replacement_is_read' USING ERRCODE = 'check_violation'; END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER article_replacement_is_read BEFORE INSERT OR UPDATE OF replacement_id ON news_article
  FOR EACH ROW EXECUTE FUNCTION article_replacement_guard();
CREATE TRIGGER article_second_person BEFORE UPDATE OF published_revision_id ON news_article
  FOR EACH ROW EXECUTE FUNCTION article_second_person_guard();
CREATE TRIGGER article_shows_its_revision BEFORE INSERT OR UPDATE OF published_revision_id, category_id, slug
  ON news_article FOR EACH ROW EXECUTE FUNCTION article_guard();
"""


REVIEW = """
-- A step stays as it was made, and nobody approves the state that they saved themselves.
CREATE FUNCTION review_step_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind IN ('approved', 'confirmed') AND EXISTS (SELECT 1 FROM news_articlerevision r
      WHERE r.id = NEW.revision_id AND r.created_by_id = NEW.made_by_id) THEN
    RAISE EXCEPTION 'review_by_another' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER review_by_another BEFORE INSERT ON news_reviewstep FOR EACH ROW EXECUTE FUNCTION review_step_guard();
CREATE TRIGGER review_step_frozen BEFORE UPDATE OR DELETE ON news_reviewstep
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER review_step_no_truncate BEFORE TRUNCATE ON news_reviewstep
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


READS = """
-- A read is counted on the day on which it happened, in Vietnam.
CREATE FUNCTION read_count_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.day > (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date THEN
    RAISE EXCEPTION 'read_count_day_has_come' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER read_count_day_has_come BEFORE INSERT OR UPDATE ON news_readcount
  FOR EACH ROW EXECUTE FUNCTION read_count_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("news", "0001_initial"), ("portal", "0002_guards")]
    operations = [
        migrations.RunSQL(REVISIONS, migrations.RunSQL.noop),
        migrations.RunSQL(ARTICLES, migrations.RunSQL.noop),
        migrations.RunSQL(REVIEW, migrations.RunSQL.noop),
        migrations.RunSQL(READS, migrations.RunSQL.noop),
    ]
