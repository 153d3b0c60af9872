"""What units declare of their work, as paragraphs: communication, training, models, centres, praise, inspection."""

from __future__ import annotations

from collections.abc import Sequence

from portal.vocabulary import LearningModel
from reports.figures import FigureSet
from reports.services.wording import (
    about,
    capitalise,
    join_list,
    name_reporters,
    name_units,
    round_count,
    say_who_reported,
)

_TALKS = ("communication.events", "communication.attendees", "communication.radio")


def tell_nothing(figures: FigureSet, codes: Sequence[str], about_what: str, none: str) -> str:
    """Return why a chapter has no figure to tell: nobody reported it, all said "none", or it may not be published."""
    known = [code for code in codes if code in figures.figures]
    if any(figures.reporting.get(code) and code not in known for code in codes):
        return f"Số liệu {about_what} dưới mức được công bố chi tiết."
    if len(known) == len(codes):
        return f"Theo báo cáo của {name_units(figures)}, trong kỳ {none}."
    return f"{capitalise(name_units(figures))} chưa báo cáo{' đủ' if known else ''} số liệu {about_what}."


def tell_communication(figures: FigureSet) -> list[str]:
    """Return what was done to make the cause known."""
    numbers = figures.figures
    parts = []
    if numbers.get("communication.events"):
        held = f"tổ chức {about(numbers['communication.events'], 'buổi tuyên truyền, nói chuyện chuyên đề')}"
        if numbers.get("communication.attendees"):
            held += f" với {about(numbers['communication.attendees'], 'lượt người tham dự')}"
        parts.append(held + say_who_reported(figures, "communication.events"))
    if numbers.get("communication.radio"):
        parts.append(
            "phát, đăng "
            f"{about(numbers['communication.radio'], 'tin, bài trên hệ thống truyền thanh, trang mạng của địa phương')}"
        )
    if numbers.get("communication.articles"):
        parts.append(f"đăng {about(numbers['communication.articles'], 'tin, bài trên cổng thông tin của Hội')}")
    if not parts:
        return [tell_nothing(figures, _TALKS, "tuyên truyền", "không tổ chức buổi tuyên truyền nào")]
    return [
        "Các cấp Hội tiếp tục đẩy mạnh các hình thức tuyên truyền nâng cao nhận thức cán bộ, đảng "
        "viên và các tầng lớp nhân dân "
        "về chủ trương, chính sách của Đảng, Nhà nước đối với giáo dục và khuyến học: " + "; ".join(parts) + "."
    ]


def tell_models(figures: FigureSet) -> list[str]:
    """Return training, and the learning models registered and recognised."""
    numbers, paragraphs = figures.figures, []
    if numbers.get("training.classes"):
        text = f"Các cấp Hội mở {about(numbers['training.classes'], 'lớp tập huấn')}"
        if numbers.get("training.attendees"):
            text += f" cho {about(numbers['training.attendees'], 'lượt người')}"
        paragraphs.append(
            f"{text}{say_who_reported(figures, 'training.classes')}, hướng dẫn cơ sở triển khai việc đăng "
            "ký, thiết lập hồ sơ đánh giá "
            f"công nhận các mô hình học tập năm {figures.period.year}."
        )
    told = []
    for model in LearningModel:
        registered = numbers.get(f"titles.{model}.registered")
        recognised = numbers.get(f"titles.{model}.recognised")
        if registered is None and recognised is None:
            continue
        parts = [] if registered is None else [f"{round_count(registered)} {model.noun} đăng ký"]
        parts += [] if recognised is None else [f"{round_count(recognised)} {model.noun} được công nhận"]
        told.append(f"“{model.written}”: {', '.join(parts)}")
    if told:
        paragraphs.append("Kết quả đăng ký, công nhận các danh hiệu, theo báo cáo của đơn vị: " + "; ".join(told) + ".")
    return paragraphs or [f"{capitalise(name_units(figures))} chưa báo cáo số liệu tập huấn và mô hình học tập."]


def tell_centres(figures: FigureSet) -> list[str]:
    """Return the community learning centres, how many of them work, and who came."""
    numbers, codes = figures.figures, ("centres.total", "centres.active", "centres.classes", "centres.learners")
    total, active = numbers.get("centres.total"), numbers.get("centres.active")
    by_whom = name_reporters(figures, [code for code in (codes[0], codes[2]) if numbers.get(code)])

    def say_apart(code: str) -> str:
        return "" if by_whom else say_who_reported(figures, code)

    parts = [f"có {about(total, 'trung tâm học tập cộng đồng')}{say_apart(codes[0])}"] if total else []
    if active:
        parts.append(f"{about(active, 'trung tâm')} mở lớp, chuyên đề trong kỳ{_share_in_brackets(numbers)}")
    if numbers.get("centres.classes"):
        held = f"mở {about(numbers['centres.classes'], 'lớp, chuyên đề')}"
        if numbers.get("centres.learners"):
            held += f" với {about(numbers['centres.learners'], 'lượt người học')}"
        parts.append(held + say_apart("centres.classes"))
    if not parts:
        what = "trung tâm học tập cộng đồng"
        return [tell_nothing(figures, codes, what, "không có trung tâm học tập cộng đồng hoạt động")]
    return [f"Theo báo cáo của {by_whom or name_units(figures)}, trên địa bàn {'; '.join(parts)}."]


def _share_in_brackets(numbers: dict[str, int]) -> str:
    share = numbers.get("centres.share")
    if share is None or not 0 < share <= 1000 or numbers["centres.active"] > numbers["centres.total"]:
        return ""
    if share == 1000 and numbers["centres.active"] < numbers["centres.total"]:
        return ""  # rounded up to all: the word would be untrue
    return f" ({share // 10}{f',{share % 10}' if share % 10 else ''}% số trung tâm)"


def tell_commendation(figures: FigureSet) -> list[str]:
    """Return who was commended for the cause; awards to pupils stand with what was given."""
    numbers = figures.figures
    told = (
        ("commendation.collectives", "{} được khen thưởng", "tập thể"),
        ("commendation.people", "{} được tặng giấy khen, bằng khen", "cá nhân"),
        ("commendation.medals", "{} được tặng Kỷ niệm chương “Vì sự nghiệp khuyến học”", "người"),
    )
    codes = [code for code, _words, _noun in told]
    by_whom = name_reporters(figures, [code for code in codes if numbers.get(code)])
    parts = [
        words.format(about(numbers[code], noun)) + ("" if by_whom else say_who_reported(figures, code))
        for code, words, noun in told
        if numbers.get(code)
    ]
    if not parts:
        return [tell_nothing(figures, codes, "thi đua, khen thưởng", "không có tập thể, cá nhân nào được khen thưởng")]
    whose = by_whom or name_units(figures)
    return [f"Về thi đua, khen thưởng công tác khuyến học, theo báo cáo của {whose}: {join_list(parts)}."]


def tell_inspection(figures: FigureSet) -> list[str]:
    """Return the inspections held, of how many bodies, and how many asked for something to be put right."""
    numbers, codes = figures.figures, ("inspection.held", "inspection.bodies", "inspection.faults")
    held = numbers.get("inspection.held")
    if not held:
        return [tell_nothing(figures, codes, "công tác kiểm tra", "không tiến hành cuộc kiểm tra nào")]
    text = f"Các cấp Hội tiến hành {about(held, 'cuộc kiểm tra')}{say_who_reported(figures, codes[0])}"
    if numbers.get("inspection.bodies"):
        text += f" tại {about(numbers['inspection.bodies'], 'tổ chức Hội, chi hội')}"
    faults = numbers.get("inspection.faults")
    if faults and faults <= held:
        text += f"; {about(faults, 'cuộc')} có nội dung phải chấn chỉnh"
    elif faults == 0 and figures.reporting.get(codes[2]) == figures.reporting.get(codes[0]):
        text += "; không có nội dung phải chấn chỉnh"
    return [f"{text}."]
