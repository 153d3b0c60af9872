"""Recipients: who they are, which two of them are one person, and what their guardians have agreed to."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.lib.vietnamese import search_key
from portal.models import Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.models.person import Person
from portal.models.verdict import Verdict, VerdictQuerySet
from portal.permissions import Permission
from portal.vocabulary import ConsentPurpose, RecipientKind


class RecipientQuerySet(UnitScopedQuerySet["Recipient"]):
    """Recipients."""

    view_permission = Permission.VIEW_BATCH

    def matching(self, words: str) -> Self:
        """Those of whom name, school, class and guardian together hold every word, accents or not."""
        keys = search_key(words).split()
        return self.filter(*(Q(search_text__contains=key) for key in keys)) if keys else self.none()

    def with_support(self) -> Self:
        """Annotate `turns` and `given`: what was paid and stands, to the person or to whoever is joined with it."""
        rows = self.model.disbursements.rel.related_model._default_manager.filter(
            paid_at__isnull=False, reversed_at__isnull=True
        ).order_by()
        joining = {"verdicts_other__is_same": True, "verdicts_other__undone_at__isnull": True}
        of_joined = {f"recipient__{name}": value for name, value in joining.items()}

        def summed(found: Any, expression: Any, per: str) -> Coalesce:
            grouped = found.values(per).annotate(result=expression).values("result")
            return Coalesce(Subquery(grouped), 0, output_field=models.BigIntegerField())

        def both(expression: Any) -> Any:
            own = summed(rows.filter(recipient_id=OuterRef("pk")), expression, "recipient_id")
            kept = "recipient__verdicts_other__kept"
            return own + summed(rows.filter(**of_joined, **{kept: OuterRef("pk")}), expression, kept)

        return self.annotate(turns=both(Count("id")), given=both(Sum("amount")))

    def joined(self) -> Self:
        """Those that are known to be another recipient's person, and shown with that one."""
        return self.filter(Exists(RecipientVerdict.objects.joining().filter(other=OuterRef("pk"))))

    def standing_alone(self) -> Self:
        """All but the joined ones."""
        return self.exclude(pk__in=self.model.objects.joined().values("pk"))

    def like(self, person: Recipient) -> Self:
        """Those who may be the same person: the same name, and births that agree in what both say; none yet judged."""
        judged = RecipientVerdict.objects.standing()
        found = self.filter(name_key=person.name_key).exclude(pk=person.pk)
        for part in _PARTS:
            value = getattr(person, f"birth_{part}")
            if value is not None:
                found = found.filter(Q(**{f"birth_{part}": value}) | Q(**{f"birth_{part}__isnull": True}))
        return found.exclude(Exists(judged.filter(kept=person, other=OuterRef("pk")))).exclude(
            Exists(judged.filter(other=person, kept=OuterRef("pk")))
        )

    def with_twin(self, among: RecipientQuerySet) -> Self:
        """Those with others who may be the same person and of whom nobody has judged yet, the first one as `twin`."""
        agree = Q()
        for part in _PARTS:
            known = f"birth_{part}"
            agree &= Q(**{known: Coalesce(OuterRef(known), F(known))}) | Q(**{f"{known}__isnull": True})
        verdicts = RecipientVerdict.objects.standing()
        others = (
            among.standing_alone()
            .filter(agree, name_key=OuterRef("name_key"), pk__gt=OuterRef("pk"))
            .exclude(Exists(verdicts.filter(kept=OuterRef("pk"), other=OuterRef(OuterRef("pk")))))
            .exclude(Exists(verdicts.filter(other=OuterRef("pk"), kept=OuterRef(OuterRef("pk")))))
        )
        return self.annotate(twin=Subquery(others.order_by("pk").values("pk")[:1])).filter(twin__isnull=False)


_PARTS = ("year", "month", "day")


class Recipient(Person):
    """Somebody who received: few personal data, belonging to one unit. The same name elsewhere is another person."""

    Kind = RecipientKind

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="recipients", verbose_name=_("unit"))
    kind = entry_field(_("kind"), RecipientKind, max_length=8, default=RecipientKind.PUPIL)
    school = models.CharField(_("school"), max_length=160, blank=True)
    school_class = models.CharField(_("class"), max_length=40, blank=True)
    guardian_name = models.CharField(_("guardian"), max_length=120, blank=True, default="", db_default="")
    guardian_phone = models.CharField(_("guardian's phone"), max_length=16, blank=True, default="", db_default="")
    # lib.vietnamese.search_key of name, school, class and guardian: a trigger keeps it, whatever way a row comes in
    search_text = models.TextField(editable=False, default="", db_default="")

    objects = RecipientQuerySet.as_manager()

    class Meta(Person.Meta):
        constraints = (
            *Person.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "name_key", "birth_year", "birth_month", "birth_day"],
                name="recipient_key",
                violation_error_message=_(
                    "One of the people has been recorded in the meantime. Check the batch again."
                ),
                nulls_distinct=False,
            ),
            entry_check("recipient_kind", "kind", RecipientKind),
            models.CheckConstraint(
                name="recipient_guardian_phone",
                condition=Q(guardian_phone="") | Q(guardian_phone__regex=r"^[+]\d{8,15}$"),
            ),
        )
        indexes = (
            models.Index(fields=["name_key", "birth_year"], name="recipient_called"),
            models.Index(fields=["sort_key", "id"], name="recipient_sort_key"),  # pages of the list begin here
        )

    @property
    def may_be_named(self) -> bool:
        """Whether a public page may say the child's whole name: both of the guardian's consents stand."""
        standing = self.consents.standing().values_list("purpose", flat=True)
        return set(standing) == set(ConsentPurpose.values)


class RecipientVerdictQuerySet(VerdictQuerySet):
    """Verdicts."""

    def between(self, one: Recipient, other: Recipient) -> Self:
        """Standing ones on these two, whichever was kept."""
        return self.standing().filter(Q(kept=one, other=other) | Q(kept=other, other=one))

    def joining(self) -> Self:
        """Standing ones that say: one person."""
        return self.standing().filter(is_same=True)


class RecipientVerdict(Verdict):
    """What an officer has decided of two recipients that look like one person; it moves no fact, and can be taken back.

    With `is_same` the other is shown with the kept one: each keeps its rows, its unit and what it was called. Two who
    are not the same are no candidates any more.
    """

    kept = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="verdicts_kept")
    other = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="verdicts_other")
    is_same = models.BooleanField()

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "recipient_verdict_kept": _("This decision stands or has been taken back already. Look at the person again."),
        "recipient_joined_flat": _("One of the two has been joined with somebody already. Look again."),
    }

    objects = RecipientVerdictQuerySet.as_manager()

    class Meta(Verdict.Meta):
        constraints = (
            *Verdict.Meta.constraints,
            models.UniqueConstraint(
                fields=["other"],
                condition=Q(is_same=True, undone_at__isnull=True),
                name="recipient_joined_once",
                violation_error_message=_("One of the two has been joined with somebody already. Look again."),
            ),
            models.UniqueConstraint(
                fields=["kept", "other"], condition=Q(undone_at__isnull=True), name="recipient_verdict_once",
                violation_error_message=_("Somebody has decided on these two already. Look again."),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kept_id} {'=' if self.is_same else '≠'} {self.other_id}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents."""

    def standing(self) -> Self:
        """Those that have not been withdrawn."""
        return self.filter(withdrawn_on__isnull=True)


class Consent(models.Model):
    """What a guardian has agreed to for a child: in which words, on which day, and until when.

    Silence is no consent (Luật 91/2025/QH15): what is not written here has not been given. Withdrawn, it stays in the
    history and holds no more from that moment.
    """

    Purpose = ConsentPurpose

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="consents")
    purpose = entry_field(_("what for"), ConsentPurpose, max_length=12)
    text_version = models.CharField(_("version of the words"), max_length=20)
    guardian_name = models.CharField(_("guardian"), max_length=120)
    child_agrees = models.BooleanField(_("the child agrees too"), default=False)
    given_on = models.DateField(_("given on"))
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "consent_kept": _("A consent is only ever withdrawn. Look at the person again."),
    }

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("consent_days", days=("given_on", "withdrawn_on"), moments=("recorded_at",)),
            seen_check("consent_guardian_seen", "guardian_name"),
            seen_check("consent_version_seen", "text_version"),
            entry_check("consent_purpose", "purpose", ConsentPurpose),
            models.CheckConstraint(
                name="consent_withdrawn_whole",
                condition=Q(withdrawn_on__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False, withdrawn_on__gte=F("given_on")),
            ),
            models.UniqueConstraint(
                fields=["recipient", "purpose"], condition=Q(withdrawn_on__isnull=True), name="consent_one_standing",
                violation_error_message=_("This consent is recorded already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.purpose}"
