"""What a list of gifts may say, and the words officers head its columns with; see `intakes.reading.words.schemas`."""

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
from portal.vocabulary import ProgrammeKind, RecipientKind

_CLASS = Field(
    "school_class",
    _("Class"),
    "text",
    words=(
        "lớp", "lớp học", "tên lớp", "học lớp", "đang học lớp", "hs lớp", "học sinh lớp", "lớp/khối", "khối lớp",
        "khối/lớp", "lớp khối", "chi đoàn", "class", "lớp năm học", "lớp hiện tại", "lớp đang học", "lớp chi hội",
    ),
    hints=("khối",),
)  # fmt: skip
_SCHOOL = Field(
    "school",
    _("School"),
    "text",
    words=(
        "trường", "trường học", "đơn vị trường", "tên trường", "nơi học", "học tại trường", "học trường",
        "đang học trường", "học tại", "học sinh trường", "hs trường", "trường đang học", "trường thpt",
        "trường thcs", "trường tiểu học", "trường mầm non", "nhà trường", "nơi học tập", "cơ sở giáo dục",
        "trường đại học", "trường đh", "trường đh cđ", "cơ sở đào tạo", "school", "đơn vị học tập", "nơi đang học",
        "trường hiện tại", "trường th", "đơn vị (trường)", "đơn vị công tác", "trường/đơn vị",
    ),
    hints=("đơn vị", "tên đơn vị", "học tại đơn vị"),
)  # fmt: skip
_CLASS_SCHOOL = Field(
    "class_school",
    _("Class and school"),
    "text",
    words=(
        "lớp trường", "lớp, trường", "lớp - trường", "lớp/trường", "trường lớp", "trường, lớp", "trường - lớp",
        "trường/lớp", "lớp và trường", "học sinh lớp trường", "đang học lớp trường", "học lớp trường",
        "nơi học (lớp, trường)",
    ),
)  # fmt: skip
_CIRCUMSTANCE = Field(
    "circumstance",
    _("Circumstances"),
    "text",
    words=(
        "hoàn cảnh", "hoàn cảnh gia đình", "hoàn cảnh gđ", "hcgđ", "hc gia đình", "diện", "thuộc diện",
        "diện hoàn cảnh", "diện chính sách", "diện hộ", "hộ", "hộ gia đình", "đối tượng", "thuộc đối tượng",
        "đối tượng ưu tiên", "đối tượng chính sách", "diện đối tượng", "hoàn cảnh hs", "hoàn cảnh học sinh",
        "gia cảnh", "tình trạng gia đình", "hoàn cảnh cụ thể", "hoàn cảnh khó khăn", "tóm tắt hoàn cảnh", "lý do",
        "lí do", "lý do trao", "lý do nhận", "lý do khen thưởng", "tiêu chí", "tiêu chuẩn", "diện hưởng",
        "diện được hưởng", "diện trao", "diện nhận", "thành phần", "ưu tiên", "diện ưu tiên", "circumstances",
        "hoàn cảnh thành tích", "hoàn cảnh/thành tích", "thành tích hoàn cảnh", "thành tích/hoàn cảnh",
        "đặc điểm gia đình",
    ),
    hints=("thành tích", "thành tích đạt được", "loại", "nội dung", "danh hiệu", "thành tích học tập", "phân loại"),
)  # fmt: skip
_KIND = Field(
    "kind",
    _("Kind"),
    "choice",
    words=(
        "hình thức", "hình thức trao", "hình thức hỗ trợ", "hình thức khen thưởng", "hình thức trao tặng",
        "hình thức nhận", "loại hỗ trợ", "loại hình", "loại hình hỗ trợ", "loại hình trao", "loại trợ cấp",
        "loại quà", "loại học bổng", "loại khen thưởng", "loại suất", "loại trao", "loại chi", "loại tiền",
        "hạng mục", "danh mục", "danh mục chi", "mục chi", "khoản", "khoản mục", "khoản chi", "nội dung",
        "nội dung trao", "nội dung hỗ trợ", "nội dung chi", "nội dung khen thưởng", "nội dung nhận",
        "nội dung hỗ trợ khen thưởng", "nội dung trao tặng", "nội dung hưởng", "chế độ", "chế độ hưởng",
        "hình thức hưởng", "hình thức chi", "hình thức khuyến học", "được nhận", "được hưởng", "phân loại",
        "kiểu hỗ trợ", "dạng hỗ trợ", "dạng", "loại", "kind", "type", "hb/kt/ht", "hình thức hb kt ht",
        "học bổng/khen thưởng/hỗ trợ", "học bổng khen thưởng hỗ trợ", "học bổng, khen thưởng, hỗ trợ", "hb, kt, ht",
        "hoạt động", "nội dung hoạt động", "suất", "danh mục hỗ trợ", "hình thức động viên", "loại hình khuyến học",
    ),
    hints=(
        "diện", "đối tượng", "danh hiệu", "quà", "chương trình", "tên chương trình", "tên học bổng",
        "chương trình học bổng", "tên suất", "tên suất học bổng",
    ),
    required=True,
    choices=tuple(ProgrammeKind.choices),
)  # fmt: skip
_PROGRAMME = Field(
    "programme",
    _("Programme"),
    "text",
    words=(
        "chương trình",
        "tên chương trình",
        "chương trình hỗ trợ",
        "chương trình học bổng",
        "chương trình/quỹ",
        "tên học bổng",
        "tên suất",
        "tên suất học bổng",
        "dự án",
    ),
)
_AMOUNT = Field(
    "amount",
    _("Amount"),
    "amount",
    words=(
        "số tiền", "mức tiền", "mức", "tiền", "mức hỗ trợ", "mức thưởng", "mức khen thưởng", "mức hb",
        "mức học bổng", "mức trao", "mức nhận", "mức chi", "mức quà", "mức trợ cấp", "mức hưởng", "mức tiền thưởng",
        "trị giá", "giá trị", "trị giá quà", "giá trị quà", "giá trị suất", "trị giá suất", "giá trị học bổng",
        "trị giá học bổng", "giá trị phần thưởng", "thành tiền", "số tiền nhận", "số tiền được nhận", "số tiền trao",
        "số tiền hỗ trợ", "số tiền thưởng", "số tiền khen thưởng", "số tiền học bổng", "số tiền hb", "tiền thưởng",
        "tiền hỗ trợ", "tiền học bổng", "tiền mặt", "kinh phí", "kinh phí hỗ trợ", "số tiền chi", "số tiền đã chi",
        "số tiền đã nhận", "số tiền được hưởng", "số tiền thực nhận", "thực nhận", "tiền nhận", "số tiền trợ cấp",
        "số tiền (đồng)", "số tiền vnđ", "st", "số tiền cấp", "số tiền phát", "mức cấp", "mức suất", "amount",
        "số tiền đ", "quy tiền", "quy ra tiền", "giá trị quy tiền", "trị giá quy tiền", "số tiền quà", "sotien",
        "mệnh giá", "mức học bổng hỗ trợ", "số tiền suất", "mức tiền nhận", "trị giá hiện vật", "giá trị hiện vật",
        "số tiền mặt", "tổng giá trị", "tổng trị giá",
    ),
    hints=("số", "quà tặng", "giá", "quà"),
    required=True,
)  # fmt: skip
_ROW_TOTAL = Field(
    "row_total",
    _("Total of the row"),
    "amount",
    words=(
        "tổng", "cộng", "tổng cộng", "tổng tiền", "tổng số tiền", "tổng số", "cộng tiền", "tổng số tiền nhận",
        "tổng nhận", "tổng mức", "tổng kinh phí", "tổng số tiền được nhận", "tổng thành tiền", "tổng hợp",
    ),
)  # fmt: skip
_UNIT_PRICE = Field(
    "unit_price",
    _("Amount of one share"),
    "amount",
    words=(
        "đơn giá", "mức/suất", "số tiền/suất", "tiền/suất", "mức một suất", "mức 1 suất", "số tiền 1 suất",
        "định mức", "giá trị/suất", "trị giá/suất",
    ),
)  # fmt: skip
_QUANTITY = Field(
    "quantity",
    _("Number of shares"),
    "ignore",
    words=(
        "số suất",
        "số lượng",
        "sl",
        "số phần",
        "số phần quà",
        "số xuất",
        "số tháng",
        "số lượt",
        "số quyển",
        "lượng",
        "số cuốn",
    ),
)
_GIVEN_ON = Field(
    "given_on",
    _("Date given"),
    "date",
    words=(
        "ngày trao", "ngày cấp", "ngày nhận", "ngày phát", "ngày tặng", "ngày trao tặng", "ngày chi", "ngày hỗ trợ",
        "ngày thưởng", "ngày khen thưởng", "ngày trao thưởng", "ngày trao học bổng", "ngày trao hb",
        "ngày nhận học bổng", "ngày cấp phát", "ngày tổ chức", "ngày giao", "ngày chi trả", "ngày trả",
        "ngày trao quà", "ngày, tháng trao", "ngày tháng trao", "ngày tháng nhận", "ngày tháng cấp",
        "ngày tháng năm trao", "ngày tháng năm nhận", "ngày tháng năm cấp", "thời gian trao", "thời gian",
        "thời gian cấp", "thời gian nhận", "thời gian phát", "thời gian hỗ trợ", "thời gian tổ chức",
        "thời gian trao tặng", "thời điểm trao", "thời điểm", "thời điểm nhận", "thời gian chi", "đợt trao",
        "ngày đợt trao", "trao ngày", "nhận ngày", "ngày thực hiện", "thời gian thực hiện", "ngày thanh toán",
        "ngày chuyển tiền", "ngày chuyển khoản", "given on", "date", "ngày hưởng", "ngày được nhận",
        "ngày được trao",
    ),
    hints=("ngày", "ngày tháng năm", "ngày tháng", "ngày, tháng, năm", "ngày/tháng/năm", "ntn", "đợt"),
    required=True,
)  # fmt: skip
_COMMUNE = Field(
    "commune",
    _("Ward or commune"),
    "text",
    words=(
        "xã", "phường", "xã phường", "xã, phường", "phường xã", "phường, xã", "xã/phường", "phường/xã",
        "xã, thị trấn", "xã thị trấn", "xã (phường)", "phường (xã)", "xã/thị trấn", "xã/tt", "xã, phường, thị trấn",
        "phường, xã, thị trấn", "hội khuyến học xã", "hội khuyến học phường", "địa phương", "địa bàn", "đơn vị xã",
        "đơn vị xã phường", "đơn vị phường xã", "tên xã", "tên phường", "hkh xã", "hkh phường", "cơ sở hội",
        "hội cơ sở", "xã phường thị trấn", "commune", "ward", "quận huyện", "quận/huyện", "quận, huyện",
    ),
    hints=("đơn vị", "tên đơn vị", "đơn vị đề nghị", "đơn vị đề xuất"),
)  # fmt: skip
_SOURCE = Field(
    "source",
    _("Source"),
    "text",
    words=(
        "nguồn", "nguồn kinh phí", "nguồn tiền", "nguồn tài trợ", "nguồn hỗ trợ", "nguồn quỹ", "quỹ", "tên quỹ",
        "nhà tài trợ", "đơn vị tài trợ", "người tài trợ", "tài trợ", "đơn vị trao", "người trao", "đơn vị hỗ trợ",
        "đơn vị tặng", "người tặng", "mạnh thường quân", "nhà hảo tâm", "cơ quan tài trợ", "tổ chức tài trợ",
        "đơn vị trao tặng", "nguồn vận động", "đơn vị đỡ đầu", "người đỡ đầu", "nguồn chi", "nguồn trao",
    ),
)  # fmt: skip
_RECIPIENT_KIND = Field(
    "recipient_kind",
    _("Pupil, student or teacher"),
    "choice",
    words=(
        "loại đối tượng", "nhóm đối tượng", "đối tượng nhận học bổng", "học sinh/sinh viên", "hs/sv", "hs sv",
        "cấp học", "bậc học", "đối tượng (hs/sv/gv)",
    ),
    hints=("đối tượng", "thành phần", "nhóm"),
    choices=tuple((kind.value, kind.label) for kind in RecipientKind if kind.words),
)  # fmt: skip
_GUARDIAN_NAME = Field("guardian_name", _("Parent or guardian"), "text")
_GUARDIAN_PHONE = Field("guardian_phone", _("Parent's or guardian's telephone"), "phone")
_GUARDIAN = Field(  # a parent's name or telephone by what stands below (`Resolver._guardians`), or somebody not used
    "guardian",
    _("Another person"),
    "ignore",
    words=(
        "phụ huynh", "cha mẹ", "bố mẹ", "cha", "mẹ", "bố", "họ tên cha", "họ tên mẹ", "họ tên bố", "họ và tên cha",
        "họ và tên mẹ", "họ và tên bố", "người giám hộ", "người nuôi dưỡng", "người nhận thay", "con ông bà",
        "con ông", "con bà", "con ông (bà)", "tên bố mẹ", "tên cha mẹ", "tên bố", "tên mẹ", "tên cha", "chủ hộ",
        "họ tên chủ hộ", "họ và tên chủ hộ", "tên chủ hộ", "đại diện gia đình", "người đại diện", "người nhận hộ",
        "ông bà", "giáo viên chủ nhiệm", "gvcn", "người giới thiệu", "chủ tài khoản", "tên chủ tài khoản",
        "họ tên chủ tài khoản", "người liên hệ",
    ),
)  # fmt: skip
_IGNORED = Field(
    "ignore",
    _("Not used"),
    "ignore",
    words=(
        "bằng chữ", "số tiền bằng chữ", "viết bằng chữ", "ký nhận", "kí nhận", "ký tên", "kí tên", "chữ ký",
        "chữ kí", "ký", "kí", "người nhận ký", "người nhận ký tên", "ký nhận tiền", "xác nhận", "ký xác nhận",
        "dân tộc", "tôn giáo", "điểm", "điểm tb", "điểm trung bình", "đtb", "học lực", "hạnh kiểm", "xếp loại",
        "xếp loại học lực", "hl", "hk", "rèn luyện", "kết quả học tập", "kqht", "số tài khoản", "stk", "số tk",
        "ngân hàng", "tên ngân hàng", "tài khoản", "tài khoản ngân hàng", "cccd", "cmnd", "cmt", "số cccd",
        "số cmnd", "cccd/cmnd", "cmnd/cccd", "căn cước", "mã định danh", "số định danh", "mã học sinh", "mã hs",
        "mã số", "mã sv", "mssv", "mã hộ", "số quyết định", "quyết định", "số qđ", "số giấy khen", "năm học", "tuổi",
        "học kỳ", "môn", "môn thi", "giải", "đạt giải", "kỳ thi", "cuộc thi", "người chi", "người lập", "số phiếu",
        "số chứng từ", "chứng từ", "hiện vật", "tên hiện vật", "quà hiện vật", "cân nặng", "size", "email",
        "facebook", "số nhân khẩu", "số con", "thu nhập", "ngày ký", "ngày quyết định", "ngày qđ", "số hộ nghèo",
        "mã", "id", "ngành", "ngành học", "khoa", "chuyên ngành", "khóa", "niên khóa", "năm thứ",
    ),
)  # fmt: skip
DISBURSEMENTS = Schema(
    "disbursements",
    f"{__name__}:DISBURSEMENTS",
    _("Scholarships, awards and support given"),
    (
        FULL_NAME, FAMILY_NAME, MIDDLE_NAME, GIVEN_NAME, BIRTH, GENDER, _CLASS, _SCHOOL, _CLASS_SCHOOL,
        _CIRCUMSTANCE, _KIND, _PROGRAMME, _AMOUNT, _GIVEN_ON, _COMMUNE, ADDRESS, NOTE, _SOURCE, PHONE,
        _RECIPIENT_KIND, _UNIT_PRICE, _QUANTITY, _ROW_TOTAL, ORDINAL, _GUARDIAN_NAME, _GUARDIAN_PHONE,
        _GUARDIAN, _IGNORED,
    ),
    form=(
        ("full_name", "Họ và tên", "Nguyễn Thị An"), ("birth", "Ngày sinh", "15/03/2012"),
        ("gender", "Giới tính", "Nữ"), ("school_class", "Lớp", "5A"), ("school", "Trường", "TH Kim Đồng"),
        ("commune", "Xã, phường", "Phường An Biên"),
        ("circumstance", "Hoàn cảnh", "Hộ cận nghèo"), ("kind", "Hình thức", "Học bổng"),
        ("amount", "Số tiền (đồng)", 1_000_000), ("given_on", "Ngày trao", "20/05/2026"), ("note", "Ghi chú", ""),
    ),
)  # fmt: skip
