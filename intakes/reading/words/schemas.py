"""What a list may say about a person, and the words officers head its columns with.

`words` are headings that name the field for certain; a heading that begins with one or holds one counts a little less.
`hints` fit several fields ("Ngày", "Loại", "Đơn vị"): what stands in the column decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.vocabulary import Gender


@dataclass(frozen=True)
class Field:
    """One thing a list says.

    `kind` is how its cells are read: name, family_name, middle_name, given_name, text, birth, date, amount, choice,
    phone or ignore.
    """

    name: str
    label: str | Promise
    kind: str
    words: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[tuple[str, str | Promise], ...] = ()


@dataclass(frozen=True)
class Schema:
    """A kind of list: its fields, and which of them may be shown in a blank form, in this order.

    `path` is where the process that reads finds it, "package.module:NAME": a pure module.
    """

    name: str
    path: str
    title: str | Promise
    fields: tuple[Field, ...]
    form: tuple[tuple[str, str, str | int], ...]  # field, Vietnamese heading of the blank form, an example

    def field(self, name: str) -> Field | None:
        """Return a field by its name."""
        return next((field for field in self.fields if field.name == name), None)

    def label(self, name: str) -> str | Promise:
        """Return what the officer calls a field; "amount.award" is called as "amount"."""
        field = self.field(name.partition(".")[0])
        return field.label if field else name


ORDINAL = Field(
    "ordinal",
    _("Number in the list"),
    "ignore",
    words=(
        "stt",
        "tt",
        "số tt",
        "số thứ tự",
        "thứ tự",
        "s t t",
        "t t",
        "no",
        "sô tt",
        "sott",
        "stt chung",
        "tt chung",
        "stt hs",
    ),
    hints=("số",),
)
FULL_NAME = Field(
    "full_name",
    _("Full name"),
    "name",
    words=(
        "họ và tên", "họ tên", "họ & tên", "họ, tên", "họ và tên học sinh", "họ tên học sinh", "họ và tên hs",
        "họ tên hs", "tên học sinh", "tên hs", "họ và tên sinh viên", "họ tên sinh viên", "họ tên sv",
        "tên sinh viên", "họ và tên sv", "họ và tên giáo viên", "họ tên giáo viên", "họ tên gv",
        "họ và tên người nhận", "họ tên người nhận", "tên người nhận", "người nhận", "người được nhận",
        "người được trao", "người được thưởng", "người hưởng", "người thụ hưởng", "người được hỗ trợ",
        "đối tượng nhận", "đối tượng được nhận", "họ và tên con", "họ tên con", "họ và tên cháu", "họ tên cháu",
        "họ và tên các cháu", "họ tên các cháu", "họ và tên các em", "họ tên các em", "tên các em", "họ và tên em",
        "họ tên em", "tên em", "tên cháu", "tên các cháu", "họ và tên trẻ", "họ tên trẻ", "tên trẻ",
        "họ và tên trẻ em", "họ tên thí sinh", "họ và tên thí sinh", "họ và tên khai sinh", "họ tên khai sinh",
        "họ chữ đệm và tên", "họ, chữ đệm và tên", "họ tên đầy đủ", "họ và tên đầy đủ", "tên đầy đủ", "danh tính",
        "quý danh", "họ tên cá nhân", "họ và tên cá nhân", "tên cá nhân", "họ và tên hội viên", "họ tên hội viên",
        "tên hội viên", "hội viên", "họ và tên người được khen", "họ và tên học viên", "họ tên học viên",
        "tên học viên", "full name", "name", "student name", "hoten", "hovaten",
    ),
    hints=("tên", "học sinh", "sinh viên", "học viên", "cá nhân", "các em", "con em", "cháu"),
    required=True,
)  # fmt: skip
FAMILY_NAME = Field(
    "family_name",
    _("Family and middle name"),
    "family_name",
    words=(
        "họ đệm", "họ và đệm", "họ lót", "họ và lót", "họ và chữ đệm", "họ chữ đệm", "họ và chữ lót", "họ chữ lót",
        "họ và tên đệm", "họ tên đệm", "họ và tên lót", "họ tên lót", "họ, đệm", "họ (đệm)", "họ + đệm", "họ & đệm",
        "họ", "tên họ", "last name", "surname", "ho dem",
    ),
)  # fmt: skip
MIDDLE_NAME = Field(
    "middle_name",
    _("Middle name"),
    "middle_name",
    words=("đệm", "tên đệm", "chữ đệm", "lót", "tên lót", "chữ lót", "middle name"),
)
GIVEN_NAME = Field(
    "given_name",
    _("Given name"),
    "given_name",
    words=("tên gọi", "tên chính", "given name", "first name"),
    hints=("tên",),
)
BIRTH = Field(
    "birth",
    _("Date or year of birth"),
    "birth",
    words=(
        "ngày sinh", "năm sinh", "ngày tháng năm sinh", "ngày, tháng, năm sinh", "ngày/tháng/năm sinh",
        "ngày tháng sinh", "sinh ngày", "sinh năm", "ngày sinh năm sinh", "ntns", "n t n s", "ngày t năm sinh",
        "ng th năm sinh", "ng tháng năm sinh", "ngày th năm sinh", "nsinh", "n sinh", "ng sinh", "ngsinh", "ns",
        "sinh", "ngày và năm sinh", "ngày hoặc năm sinh", "năm sinh ngày sinh", "năm, tháng, ngày sinh",
        "ngày sinh của con", "ngày sinh học sinh", "năm sinh học sinh", "date of birth", "dob", "birthday", "năm s",
        "ngày s",
    ),
    hints=("ngày", "ngày tháng năm", "ngày tháng", "năm", "ngày, tháng, năm", "ngày/tháng/năm", "ntn"),
)  # fmt: skip
GENDER = Field(
    "gender",
    _("Gender"),
    "choice",
    words=(
        "giới tính", "nam/nữ", "nam, nữ", "nam - nữ", "nam nữ", "nữ/nam", "giới", "phái", "gt", "gtính", "g tính",
        "gioi tinh", "nam hay nữ", "nam (nữ)", "gender", "sex", "nam hoặc nữ",
    ),
    choices=tuple(Gender.choices),
)  # fmt: skip
ADDRESS = Field(
    "address",
    _("Address"),
    "text",
    words=(
        "địa chỉ", "nơi ở", "chỗ ở", "chỗ ở hiện nay", "nơi ở hiện nay", "nơi cư trú", "hộ khẩu", "hktt",
        "hộ khẩu thường trú", "thường trú", "nơi thường trú", "địa chỉ gia đình", "địa chỉ liên hệ",
        "địa chỉ thường trú", "quê quán", "quê", "nơi sinh", "thôn", "thôn xóm", "thôn/xóm", "thôn, xóm", "thôn khu",
        "khu dân cư", "tổ dân phố", "tdp", "tổ dp", "thôn/tổ", "thôn, tdp", "thôn/tdp", "xóm", "khu phố", "khu",
        "đ/c", "đc", "address", "chỗ ở hiện tại", "nơi ở hiện tại", "địa chỉ (thôn, xã)", "tổ", "ấp",
    ),
)  # fmt: skip
PHONE = Field(
    "phone",
    _("Telephone"),
    "phone",
    words=(
        "điện thoại", "số điện thoại", "sđt", "sdt", "số đt", "đt", "điện thoại liên hệ", "sđt liên hệ",
        "số điện thoại liên hệ", "di động", "điện thoại di động", "số di động", "zalo", "số zalo", "sđt/zalo",
        "điện thoại/zalo", "phone", "mobile", "tel", "liên hệ", "liên lạc", "số liên hệ", "đtdđ", "sđt zalo",
        "số máy",
    ),
)  # fmt: skip
NOTE = Field(
    "note",
    _("Note"),
    "text",
    words=(
        "ghi chú",
        "chú thích",
        "g/c",
        "gc",
        "ghi chú khác",
        "note",
        "notes",
        "ý kiến",
        "ghi chú thêm",
        "diễn giải",
        "chú ý",
        "lưu ý",
    ),
    hints=(
        "nội dung",
        "thành tích",
        "thành tích đạt được",
        "danh hiệu",
        "xếp loại",
        "thành tích học tập",
        "kết quả học tập",
    ),
)
