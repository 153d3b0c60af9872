"""Joining: somebody asks a unit by the public form, the unit decides, and a code tells what became of it."""

from __future__ import annotations

import datetime
import hashlib

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import APPLICATION_STEPS, ConsentText, Member, MemberConsent, MembershipApplication
from members.services.members import add_member, name_problem
from portal import audit
from portal.lib.qr import new_code
from portal.lib.vietnamese import Birth, proper_name
from portal.models import Unit, User, person_columns
from portal.permissions import Permission
from portal.services.refusals import ConflictError, needs, needs_nothing, require_reason
from portal.services.texts import fitting
from portal.services.versions import lock_row
from portal.vocabulary import ApplicationState

State = ApplicationState

#: What people agree to (Luật 91/2025/QH15, Điều 9): which data, what for, by whom, and their rights. Whoever changes it
#: changes what later applicants read; what earlier ones agreed to is kept word for word.
CONSENT_TEXT = (
    "Tôi đồng ý để Hội Khuyến học ghi nhận họ tên, ngày hoặc năm sinh, giới tính, điện thoại, nghề nghiệp và "
    "địa chỉ mà tôi khai ở trên, nhằm xét nhận tôi vào Hội, quản lý danh sách hội viên và liên lạc về công tác "
    "khuyến học. Dữ liệu do đơn vị tôi gửi đơn và các cấp Hội trên đơn vị đó sử dụng, không chuyển cho bên "
    "khác, không đăng công khai. Tôi có quyền xem, sửa, nhận bản sao, yêu cầu xóa dữ liệu và rút lại sự đồng ý "
    "này bất cứ lúc nào tại đơn vị."
)


@needs_nothing("anybody may ask to join; the unit decides")
def send_application(
    *, unit: Unit, full_name: str, birth: Birth | None, phone: str, agreed: bool, gender: str = "",
    occupation: str = "", address: str = "", consent_text: str = CONSENT_TEXT,
) -> MembershipApplication:  # fmt: skip
    """Keep an application and the very text that was agreed to. ValidationError without consent or a way to answer."""
    if not agreed:
        raise ValidationError({"agreed": _("Without your consent the unit may not record what you write here.")})
    if not unit.versions.filter(valid__contains=timezone.localdate()).exists():
        raise ValidationError({"unit": _("This unit exists no more. Choose the one that has its tasks today.")})
    name = proper_name(full_name)
    if problem := name_problem(name):
        raise ValidationError({"full_name": problem})
    digest = hashlib.sha256(consent_text.encode()).hexdigest()
    text = ConsentText.objects.get_or_create(digest=digest, defaults={"text": consent_text})[0]
    columns = person_columns(name, birth, gender)
    same = MembershipApplication.objects.waiting().filter(unit=unit, name_key=columns["name_key"], phone=phone)
    if same.exists():
        raise ValidationError(_("This application has been sent already. Look it up with the code you were given."))
    return MembershipApplication.objects.create(
        unit=unit, code=new_code(), phone=phone, consent_text=text,
        occupation=fitting(MembershipApplication, "occupation", occupation),
        address=fitting(MembershipApplication, "address", address), **columns,
    )  # fmt: skip


@needs(Permission.MANAGE_MEMBERS, on=("application.unit", "unit"))
def approve_application(
    *, application: MembershipApplication, joined_on: datetime.date, unit: Unit | None = None, confirmed: bool = False,
    difference: str = "", version: str | None = None, actor: User,
) -> Member:  # fmt: skip
    """Take the person in, in the unit they asked or one below it, with their consent; asks about namesakes."""
    application = _lock(application, version, "approve")
    sent_on = timezone.localdate(application.sent_at)
    member = add_member(
        unit=unit or application.unit, full_name=application.full_name, birth=application.birth, joined_on=joined_on,
        gender=application.gender, phone=application.phone, occupation=application.occupation,
        address=application.address, confirmed=confirmed, difference=difference, actor=actor,
    )  # fmt: skip
    MemberConsent.objects.create(
        member=member, text=application.consent_text, given_on=sent_on, recorded_by=actor
    )  # fmt: skip
    application.member = member
    _decide(application, State.APPROVED, actor)
    return member


@needs(Permission.MANAGE_MEMBERS, on="application.unit")
def refuse_application(
    *, application: MembershipApplication, reason: str, version: str | None = None, actor: User
) -> MembershipApplication:
    """Do not take the person in; the reason is what the status page tells them."""
    reason = require_reason(reason, _("Say why: the person reads it on the page of their application."))
    application = _lock(application, version, "refuse")
    application.reason = reason
    return _decide(application, State.REFUSED, actor)


@needs(Permission.MANAGE_MEMBERS, on="application.unit")
def reconsider_application(
    *, application: MembershipApplication, version: str | None = None, actor: User
) -> MembershipApplication:
    """Take a refusal back: the application waits again."""
    application = _lock(application, version, "reconsider")
    application.reason = ""
    return _decide(application, State.SENT, actor)


@needs_nothing("whoever holds the code sent the application")
def withdraw_application(*, application: MembershipApplication, version: str | None = None) -> MembershipApplication:
    """Take one's own application back while it waits."""
    application = _lock(application, version, "withdraw")
    application.state, application.decided_at = State.WITHDRAWN, timezone.now()
    application.save(update_fields=["state", "decided_at"])
    return application


def _lock(application: MembershipApplication, version: str | None, verb: str) -> MembershipApplication:
    found = MembershipApplication.objects.select_related("unit", "consent_text")
    application = lock_row(found, application, version)
    if not APPLICATION_STEPS.allows(verb, application.state):
        raise ConflictError(_("This application has been decided already. Look at it again."))
    return application


def _decide(application: MembershipApplication, state: ApplicationState, actor: User) -> MembershipApplication:
    application.state, application.decided_by, application.decided_at = state, actor, timezone.now()
    application.save(update_fields=["state", "decided_by", "decided_at", "reason", "member"])
    detail = {"state": str(state)} | ({"member": application.member_id} if application.member_id else {})
    audit.record(
        actor=actor, action=audit.Action.APPLICATION_DECIDE, target=application, unit=application.unit, detail=detail
    )  # fmt: skip
    return application
