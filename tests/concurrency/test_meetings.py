"""What two people do with a report's meeting at the same moment: both bring a photo to the last place."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.lib.periods import HalfYear
from portal.vocabulary import Role
from reports.models import Meeting, MeetingPhoto
from reports.services import agenda
from tests import factories
from tests.concurrency.test_money import together
from tests.reports.test_agenda import picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
H1 = HalfYear(2023, 1)


def test_of_two_photos_for_the_last_place_one_gets_it(tree):
    leader = factories.make_user("leader", role=Role.LEADER, unit=tree["HP"])
    values = {"held_at": timezone.now(), "place": "Hội trường", "chair": "Chủ tịch", "delegates": None}
    values |= {"guests": "", "programme": ""}
    meeting = Meeting.objects.create(unit=tree["HP"], period=H1.code, entered_by=leader, **values)
    content = picture().read()
    known = [MeetingPhoto(meeting=meeting, content=content, caption="x") for _number in range(agenda.MOST_PHOTOS - 1)]
    MeetingPhoto.objects.bulk_create(known)

    def bring():
        photo = SimpleUploadedFile("hoi-nghi.jpg", content)
        about = {"photo": photo, "caption": "Quang cảnh", "values": values, "actor": leader}
        return agenda.keep_meeting(unit=tree["HP"], period=H1, **about)

    answers = together(bring, bring)
    assert [isinstance(one, ValidationError) for one in answers].count(True) == 1, answers
    assert MeetingPhoto.objects.count() == agenda.MOST_PHOTOS
