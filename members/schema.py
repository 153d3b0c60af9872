"""What lists of members and of learning titles may say, and the words officers head their columns with.

See `intakes.reading.words.schemas`.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from intakes.reading.words.schemas import (
    ADDRESS,
    BIRTH,
    FAMILY_NAME,
    FULL_NAME,
    GENDER,
    GIVEN_NAME,
    MIDDLE_NAME,
    NOTE,
    ORDINAL,
    PHONE,
    Field,
    Schema,
)
from portal.vocabulary import LearningModel

_UNIT = Field(
    "unit",
    _("Unit"),
    "text",
    words=(
        "đơn vị", "chi hội", "tên chi hội", "hội cơ sở", "cơ sở hội", "hội khuyến học", "hkh", "đơn vị hội",
        "quận huyện", "quận/huyện", "huyện", "quận", "quận, huyện", "xã phường", "xã, phường", "xã/phường",
        "phường/xã", "phường, xã", "phường xã", "xã, phường, thị trấn", "xã", "phường", "ban khuyến học",
        "tên đơn vị", "thuộc chi hội", "thuộc đơn vị", "đơn vị sinh hoạt", "sinh hoạt tại chi hội", "sinh hoạt tại",
        "tổ chức hội", "nơi sinh hoạt", "tổ hội", "phân hội", "chi hội khuyến học", "thuộc hội", "unit",
        "đơn vị, chi hội", "đơn vị/chi hội", "chi hội/đơn vị", "nơi sinh hoạt hội", "địa bàn", "địa phương",
    ),
)  # fmt: skip
_OCCUPATION = Field(
    "occupation",
    _("Occupation"),
    "text",
    words=(
        "nghề nghiệp", "nghề", "công việc", "nghề nghiệp hiện nay", "chức vụ", "chức vụ, nghề nghiệp",
        "nghề nghiệp chức vụ", "nghề nghiệp, chức vụ", "occupation", "nghề nghiệp đơn vị công tác", "chức danh",
        "nghề nghiệp/chức vụ", "công tác", "công việc hiện nay", "thành phần", "đối tượng",
    ),
)  # fmt: skip
_JOINED_ON = Field(
    "joined_on",
    _("Member since"),
    "date",
    words=(
        "ngày vào hội", "ngày gia nhập", "ngày gia nhập hội", "ngày kết nạp", "ngày kết nạp hội", "ngày vào",
        "ngày tham gia", "ngày tham gia hội", "vào hội", "vào hội ngày", "năm vào hội", "gia nhập hội",
        "thời gian vào hội", "thời gian gia nhập", "thời gian kết nạp", "kết nạp ngày", "kết nạp",
        "ngày tháng vào hội", "ngày, tháng, năm vào hội", "ngày tháng năm vào hội", "ngày, tháng, năm kết nạp",
        "ngày tháng năm kết nạp", "ngày vào hội khuyến học", "joined on", "ngày công nhận", "ngày đăng ký",
        "ngày được kết nạp", "thời điểm vào hội", "tham gia hội từ", "ngày vào hkh",
    ),
    hints=("ngày", "ngày tháng năm", "ngày tháng", "thời gian", "ngày cấp thẻ"),
)  # fmt: skip
_CARD_NUMBER = Field(
    "card_number",
    _("Card number"),
    "text",
    words=(
        "số thẻ",
        "số thẻ hội viên",
        "mã hội viên",
        "số hội viên",
        "thẻ hội viên",
        "thẻ số",
        "mã thẻ",
        "số hv",
        "mã hv",
        "card number",
        "mã số hội viên",
    ),
)
MEMBERS = Schema(
    "members",
    f"{__name__}:MEMBERS",
    _("Members"),
    (
        FULL_NAME, FAMILY_NAME, MIDDLE_NAME, GIVEN_NAME, BIRTH, GENDER, _UNIT, _OCCUPATION, _JOINED_ON,
        PHONE, _CARD_NUMBER, ADDRESS, NOTE, ORDINAL,
        Field("ignore", _("Not used"), "ignore", words=(
            "ký nhận", "ký tên", "chữ ký", "dân tộc", "tôn giáo", "trình độ", "trình độ học vấn",
            "trình độ chuyên môn", "đảng viên", "học vị", "hội phí", "lệ phí",
            # citizen numbers are typed in on the member's page, where each is asked for and sealed
            "cccd", "cmnd", "cmt", "số cccd", "số cmnd", "cccd/cmnd", "cmnd/cccd", "số cccd/cmnd", "số cmnd/cccd",
            "căn cước", "căn cước công dân", "số căn cước", "số căn cước công dân", "thẻ căn cước", "mã định danh",
            "số định danh", "số định danh cá nhân", "mã định danh cá nhân",
            "đóng hội phí", "quê quán", "email", "facebook", "tuổi", "văn hóa", "chuyên môn", "số tài khoản",
        )),
    ),
    form=(
        ("full_name", "Họ và tên", "Nguyễn Thị An"), ("birth", "Ngày sinh", "15/03/1972"),
        ("gender", "Giới tính", "Nữ"), ("unit", "Đơn vị", "Chi hội Trường THCS Trần Phú"),
        ("occupation", "Nghề nghiệp", "Giáo viên"),
        ("joined_on", "Ngày vào Hội", "20/05/2026"), ("phone", "Điện thoại", "0912345678"),
        ("card_number", "Số thẻ hội viên", "HP-000123"), ("address", "Địa chỉ", "Số 1 Lạch Tray"),
        ("note", "Ghi chú", ""),
    ),
)  # fmt: skip


def _day(name: str, label: object, *words: str) -> Field:
    return Field(name, label, "date", words=words)  # type: ignore[arg-type]  # a lazy text


_HOLDER = Field(
    "full_name",
    _("Name"),
    "text",
    words=(
        "tên", "họ và tên", "họ tên", "tên gia đình", "gia đình", "họ tên chủ hộ", "họ và tên chủ hộ", "chủ hộ",
        "tên dòng họ", "dòng họ", "tên cộng đồng", "cộng đồng", "tên đơn vị học tập", "tên công dân", "công dân",
        "tên gia đình, dòng họ, đơn vị", "đối tượng", "tên chủ hộ", "tên gia đình học tập",
    ),
    required=True,
)  # fmt: skip
TITLES = Schema(
    "titles",
    f"{__name__}:TITLES",
    _("Learning titles"),
    (
        _HOLDER,
        Field("place", _("Residential group, hamlet"), "text", words=(
            "tổ dân phố, thôn", "tổ dân phố", "thôn", "tổ", "khu dân cư", "nơi ở", "địa chỉ", "tdp", "thôn, tổ",
            "tổ/thôn", "thôn/tổ dân phố", "tổ dân phố/thôn", "khu",
        )),
        Field("model", _("Learning model"), "text", words=(
            "mô hình học tập", "mô hình", "danh hiệu", "loại mô hình", "tên danh hiệu", "danh hiệu học tập",
        )),
        Field("year", _("Title of the year"), "text", words=("danh hiệu năm", "năm", "năm xét", "năm đăng ký")),
        _UNIT,
        _day("registered_on", _("Registered on"), "ngày đăng ký", "đăng ký ngày", "ngày đăng kí"),
        _day("dossier_on", _("Dossier handed in on"), "ngày nộp hồ sơ", "nộp hồ sơ", "ngày nộp", "nộp hồ sơ ngày"),
        _day("assessed_on", _("Self-assessed on"), "ngày tự đánh giá", "tự đánh giá ngày", "ngày tự chấm"),
        Field("own_score", _("Own score"), "text", words=("điểm tự chấm", "điểm tự đánh giá", "tự chấm")),
        _day("evaluated_on", _("Evaluated on"), "ngày đánh giá", "đánh giá ngày", "ngày chấm", "ngày xét"),
        Field("score", _("Score"), "text", words=("điểm", "tổng điểm", "điểm đánh giá", "số điểm", "điểm đạt")),
        Field("decision", _("Number of the decision"), "text", words=(
            "số quyết định", "quyết định số", "số qđ", "quyết định", "quyết định công nhận",
        )),
        _day("decided_on", _("Day of the decision"), "ngày quyết định", "ngày qđ", "ngày công nhận", "quyết định ngày"),
        Field("decided_by", _("Who has decided"), "text", words=(
            "người ra quyết định", "cơ quan ra quyết định", "cơ quan quyết định", "cơ quan công nhận",
            "cấp công nhận", "nơi công nhận",
        )),
        NOTE, ORDINAL,
        Field("ignore", _("Not used"), "ignore", words=("trạng thái", "kết quả", "xếp loại", "ký nhận", "số khẩu")),
    ),
    form=(
        ("full_name", "Tên", "Nguyễn Văn Bình"), ("place", "Tổ dân phố, thôn", "Tổ dân phố 5"),
        ("model", "Mô hình học tập", LearningModel.FAMILY.written), ("year", "Danh hiệu năm", 2026),
        ("unit", "Đơn vị", "Phường An Biên"), ("registered_on", "Ngày đăng ký", "20/01/2026"),
        ("dossier_on", "Ngày nộp hồ sơ", "05/10/2026"), ("assessed_on", "Ngày tự đánh giá", "01/10/2026"),
        ("own_score", "Điểm tự chấm", 86), ("evaluated_on", "Ngày đánh giá", "20/10/2026"), ("score", "Điểm", 84),
        ("decision", "Số quyết định", "12/QĐ-UBND"), ("decided_on", "Ngày quyết định", "15/11/2026"),
        ("decided_by", "Cơ quan ra quyết định", "UBND phường An Biên"), ("note", "Ghi chú", ""),
    ),
)  # fmt: skip
