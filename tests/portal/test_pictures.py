"""Ảnh được đọc trong tiến trình có giới hạn và vẽ lại từng điểm: không gì khác của tệp gửi lên còn lại."""

import ast
import io
import re
import struct
import threading
import time
import zipfile
import zlib
from pathlib import Path

import pillow_heif
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import reverse
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat, PngImagePlugin

from portal.lib import limited
from portal.models import SiteProfile
from portal.services.pictures import Copy, Shape, make_copies, take_in

pillow_heif.register_heif_opener()
ROOT = Path(__file__).resolve().parents[2]
PHOTOS = ROOT / "tests" / "data" / "photos"
MB = 1024 * 1024
SECRET = b"BI-MAT-0912345678"
#: Application data of JFIF alone, tables, frames, scans.
JPEG_SEGMENTS = {0xE0, 0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDA}


def encoded(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def taken(data, name="anh.jpg", shape=Shape.PHOTO):
    picture = take_in(io.BytesIO(data), name=name, shape=shape)
    image = Image.open(io.BytesIO(picture.content))
    image.load()
    assert image.size == (picture.width, picture.height)
    return picture.content, image


def segments_of(jpeg):
    """The markers of a JPEG from its beginning to its end; nothing may follow the end."""
    assert jpeg[:2] == b"\xff\xd8"
    at, found = 2, []
    while jpeg[at : at + 2] != b"\xff\xd9":
        assert jpeg[at] == 0xFF
        found.append(jpeg[at + 1])
        at += 2 + struct.unpack_from(">H", jpeg, at + 2)[0]
        if found[-1] == 0xDA:  # what follows is the scan; a marker in it is another than FF00 and restarts
            at = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]").search(jpeg, at).start()
    assert jpeg[at + 2 :] == b""
    return found


def chunks_of(png):
    at, found = 8, []
    while at < len(png):
        size, kind = struct.unpack_from(">I4s", png, at)
        found.append(kind)
        at += 12 + size
    return found


def riff_of(webp):
    at, found = 12, []
    while at < len(webp):
        kind, size = struct.unpack_from("<4sI", webp, at)
        found.append(kind)
        at += 8 + size + size % 2
    return found


def boxes_of(avif, at=0, end=None):
    """The four-letter names of the boxes that can carry words, at every depth that matters."""
    found, end = [], len(avif) if end is None else end
    while at < end:
        size, kind = struct.unpack_from(">I4s", avif, at)
        found.append(kind)
        at += size or end - at
    return found


def gradient(size=(320, 200)):
    return Image.merge("RGB", [Image.linear_gradient("L").resize(size), Image.radial_gradient("L").resize(size), Image.new("L", size, 90)])  # fmt: skip


def segment(marker, data):
    """A segment of a JPEG."""
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def whispering():
    """Pictures that carry words beside their pixels, in every place where there is one: name -> bytes."""
    image, word = gradient(), SECRET.decode()
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = word
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (20.0, 51.0, 0.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes().replace(b"sRGB built-in", SECRET[:13])
    texts = PngImagePlugin.PngInfo()
    texts.add_text("comment", word)
    texts.add_itxt("XML:com.adobe.xmp", word, zip=False)
    texts.add_text("Author", word, zip=True)
    plain = encoded(image, "JPEG", comment=SECRET, exif=exif, xmp=SECRET, icc_profile=profile)
    iptc = segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x12" + SECRET + b"\x00")
    return {
        "jpeg": plain[:2] + iptc + segment(0xEE, b"Adobe" + SECRET) + segment(0xEB, SECRET) + plain[2:] + SECRET,
        "png": encoded(image, "PNG", pnginfo=texts, exif=exif, icc_profile=profile) + SECRET,
        "webp": encoded(image, "WEBP", exif=exif, xmp=SECRET, icc_profile=profile),
        "avif": encoded(image, "AVIF", exif=exif, xmp=SECRET, icc_profile=profile),
        "gif": encoded(image.quantize(64), "GIF", comment=SECRET),
        "tiff": encoded(image, "TIFF", description=word, software=word, icc_profile=profile),
    }


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif", "gif", "tiff"])
def test_nothing_that_was_beside_the_pixels_comes_out(kind):
    sent = whispering()[kind]
    assert SECRET in sent
    content, image = taken(sent)
    assert set(segments_of(content)) <= JPEG_SEGMENTS
    assert SECRET[:10] not in content
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    content, image = taken(sent, shape=Shape.EMBLEM)
    assert set(chunks_of(content)) == {b"IHDR", b"IDAT", b"IEND"}
    assert SECRET[:10] not in content
    assert image.info == {}


def test_f17_copies_carry_pixels_alone():
    content, _image = taken(whispering()["jpeg"])
    jpeg, webp, avif = make_copies(
        content,
        [Copy(160, 100, "JPEG", {"quality": 80}), Copy(160, 100, "WEBP", {}), Copy(160, 100, "AVIF", {"speed": 9})],
    )
    assert set(segments_of(jpeg)) <= JPEG_SEGMENTS
    assert riff_of(webp) == [b"VP8 "]
    assert boxes_of(avif) == [b"ftyp", b"meta", b"mdat"]
    for copy in (jpeg, webp, avif):
        image = Image.open(io.BytesIO(copy))
        assert image.size == (160, 100)
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
        assert not any(word in copy for word in (b"Exif", b"rdf", b"ICC_PROFILE", b"colrprof", b"mime"))


# -- photos of others' cameras and programs


def colours_of(image):
    """The mean colours of a picture's sixteen parts, reading order."""
    small = image.convert("RGB").resize((4, 4), Image.Resampling.BOX)
    return [small.getpixel((x, y)) for y in range(4) for x in range(4)]


def by_hand(name):
    """The same photo in sRGB, another way: the whole picture through its profile, at full size."""
    image = ImageOps.exif_transpose(Image.open(PHOTOS / name))
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "L"):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), intent, outputMode="RGB")
    if image.mode == "RGBA":
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("adobergb.jpg", (1200, 800)),
        ("anim.gif", (600, 400)),
        ("cmyk.jpg", (1200, 800)),
        ("grey.jpg", (1200, 800)),
        ("mpo.jpg", (1200, 800)),
        ("orient3.jpg", (1200, 800)),
        ("orient6.jpg", (800, 1200)),
        ("p3.jpg", (1200, 800)),
        ("poly.jpg", (1200, 800)),
        ("rgba.png", (600, 400)),
    ],
)
def test_f17_f18_photos_look_as_they_did_whatever_their_colour_space(name, size):
    content, image = taken((PHOTOS / name).read_bytes(), name)
    assert image.size == size
    assert image.mode == "RGB"
    assert set(segments_of(content)) <= JPEG_SEGMENTS
    for found, right in zip(colours_of(image), colours_of(by_hand(name)), strict=True):
        assert found == pytest.approx(right, abs=3)


def test_f17_a_wide_gamut_is_not_taken_for_srgb():
    """The stored numbers differ from those of the file: whoever forgets the profile fails here."""
    sent = Image.open(PHOTOS / "adobergb.jpg")
    _content, image = taken((PHOTOS / "adobergb.jpg").read_bytes())
    assert max(ImageStat.Stat(ImageChops.difference(sent, image)).mean) > 3


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_upright(orientation):
    upright = gradient()
    exif = Image.Exif()
    exif[0x0112] = orientation
    back = {5: 5, 6: 2, 7: 6, 8: 4, 2: 0, 3: 3, 4: 1}  # the turn that undoes it
    lying = upright.transpose(back[orientation]) if orientation > 1 else upright
    _content, image = taken(encoded(lying, "JPEG", quality=95, exif=exif))
    assert image.size == upright.size
    assert max(ImageStat.Stat(ImageChops.difference(image, upright)).mean) < 2


@pytest.mark.parametrize(
    ("image", "right"),
    [
        (Image.new("I;16", (50, 40), 32896), (128, 128, 128)),
        (Image.new("1", (50, 40), 1), (255, 255, 255)),
        (Image.new("LA", (50, 40), (0, 0)), (255, 255, 255)),
        (Image.new("RGBA", (50, 40), (255, 0, 0, 128)), (255, 127, 127)),
        (Image.new("L", (50, 40), 77), (77, 77, 77)),
    ],
)
def test_pixels_of_other_kinds_keep_their_brightness(image, right):
    _content, made = taken(encoded(image, "PNG"))
    assert made.getpixel((20, 20)) == pytest.approx(right, abs=2)


def test_a_large_picture_is_reduced_in_tiles_without_a_seam():
    """Tiles meet at no visible line: against one resizing of the whole."""
    for mode in ("RGB", "RGBA"):
        whole = gradient((5100, 3300)).convert(mode)
        _content, image = taken(encoded(whole, "PNG", compress_level=1))
        assert image.size == (2400, 1553)
        expected = whole.convert("RGB").resize(image.size, Image.Resampling.LANCZOS)
        assert max(band[1] for band in ImageChops.difference(image, expected).getextrema()) < 12


def test_the_emblem_keeps_what_is_transparent():
    _content, image = taken(encoded(Image.new("RGBA", (2000, 1000), (255, 0, 0, 100)), "PNG"), shape=Shape.EMBLEM)
    assert (image.mode, image.size) == ("RGBA", (512, 256))
    assert image.getpixel((200, 100)) == (255, 0, 0, 100)


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_p06_a_photo_from_a_phone_of_today_is_taken_upright_and_in_its_colours(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    sent = encoded(gradient((640, 400)), kind, quality=90, exif=exif)
    _content, image = taken(sent, name="IMG_0001." + kind.lower())
    assert image.size in ((400, 640), (640, 400))  # a writer may have turned it already
    assert image.size == ImageOps.exif_transpose(Image.open(io.BytesIO(sent))).size
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(sent)).convert("RGB"))
    assert max(ImageStat.Stat(ImageChops.difference(image, upright)).mean) < 4


def pages(kind, **options):
    """A picture of which another comes second: as moving pictures, scans and phones' portraits have them."""
    image = gradient()
    return encoded(image, kind, save_all=True, append_images=[ImageOps.invert(image)], **options)


def of_16_bits(image, colour):
    """A PNG with two bytes for each colour of a pixel, which Pillow itself cannot write."""
    width, height = image.size
    samples = len(image.getbands())
    rows = [image.tobytes()[row * width * samples : (row + 1) * width * samples] for row in range(height)]
    lines = b"".join(b"\0" + bytes(value for one in row for value in (one, one)) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines, 1)) + chunk(b"IEND", b"")


def packed_behind(data):
    """The picture with an archive behind it, which both kinds of programs open."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.html", SECRET)
    return data + stream.getvalue()


def lying():
    """The gradient as a camera that was turned stores it, and what its file says of that."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return gradient().transpose(Image.Transpose.ROTATE_90), exif


KINDS = {
    "moving.gif": lambda: pages("GIF"),
    "moving.webp": lambda: pages("WEBP", quality=95),
    "moving.png": lambda: pages("PNG"),
    "moving.avif": lambda: pages("AVIF", quality=95, speed=10),
    "two pages.tif": lambda: pages("TIFF"),
    "a phone's portrait.jpg": lambda: encoded(
        lying()[0], "MPO", save_all=True, append_images=[Image.new("RGB", (90, 60))], exif=lying()[1], quality=95
    ),
    "turned.png": lambda: encoded(lying()[0], "PNG", exif=lying()[1]),
    "turned.webp": lambda: encoded(lying()[0], "WEBP", exif=lying()[1], quality=95),
    "turned.tif": lambda: encoded(lying()[0], "TIFF", tiffinfo={0x0112: 6}),
    "progressive.jpg": lambda: encoded(gradient(), "JPEG", progressive=True, quality=95),
    "16 bits of three colours.png": lambda: of_16_bits(gradient(), 2),
    "brand mif1.heic": lambda: branded(encoded(gradient(), "HEIF", quality=95), b"mif1"),
    "brand mif1.avif": lambda: branded(encoded(gradient(), "AVIF", quality=95, speed=10), b"mif1"),
    **{
        f"brand {brand}.avif": lambda brand=brand: branded(encoded(gradient(), "AVIF", quality=95, speed=10), brand.encode())
        for brand in ("avis", "miaf", "MA1A", "MA1B", "avio")
    },
    "brand heis.heic": lambda: branded(encoded(gradient(), "HEIF", quality=95), b"heis"),
    "brand miaf.heic": lambda: branded(encoded(gradient(), "HEIF", quality=95), b"miaf"),
    "a PNG called.jpg": lambda: encoded(gradient(), "PNG"),
    "a JPEG called.heic": lambda: encoded(gradient(), "JPEG", quality=95),
    "an archive behind.jpg": lambda: packed_behind(encoded(gradient(), "JPEG", quality=95)),
}  # fmt: skip


def branded(data, brand):
    """The same picture, called by another brand of its family."""
    return data[:8] + brand + data[12:]


@pytest.mark.parametrize("name", KINDS)
def test_p06_whatever_a_phone_or_a_program_makes_of_a_picture_it_is_taken_first_upright_and_in_its_colours(name):
    sent = KINDS[name]()
    content, image = taken(sent, name)
    assert image.size == gradient().size
    assert max(ImageStat.Stat(ImageChops.difference(image, gradient())).mean) < (8 if name.endswith("gif") else 4)
    assert SECRET not in content


def test_p06_light_that_shines_through_grey_is_on_white_and_a_wide_gamut_of_a_phone_is_kept():
    veil = Image.linear_gradient("L").resize((320, 200))
    _content, image = taken(encoded(Image.merge("LA", [Image.new("L", veil.size, 0), veil]), "PNG"))
    assert max(ImageStat.Stat(ImageChops.difference(image, ImageOps.invert(veil).convert("RGB"))).mean) < 2
    photo = Image.open(PHOTOS / "p3.jpg")
    _content, image = taken(encoded(photo, "HEIF", quality=95, icc_profile=photo.info["icc_profile"]), "IMG_1.HEIC")
    for found, right in zip(colours_of(image), colours_of(by_hand("p3.jpg")), strict=True):
        assert found == pytest.approx(right, abs=4)


# -- what is refused


def heic(brand):
    return (PHOTOS / f"{brand}.heic").read_bytes()


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        ((PHOTOS / "html.jpg").read_bytes(), "web_page", "là trang web"),
        ((PHOTOS / "svg.jpg").read_bytes(), "drawing", "là hình vẽ SVG"),
        ((PHOTOS / "truncated.jpg").read_bytes(), "damaged", "bị hỏng hoặc không đầy đủ"),
        (heic("iphone"), "damaged", "bị hỏng hoặc không đầy đủ"),
        (heic("heim"), "damaged", "bị hỏng hoặc không đầy đủ"),
        ("<?xml version='1.0' encoding='utf-16'?><svg/>".encode("utf-16"), "drawing", "SVG"),
        (b"GIF89a<html><script>alert(1)</script>", "web_page", "là trang web"),
        (b"", "empty", "không có nội dung"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 60, "video", "là video"),
        (b"\x00\x00\x00\x14ftypqt  " + b"\x00" * 60, "video", "là video"),
        ("Ảnh hội nghị".encode(), "not_a_picture", "không phải là ảnh"),
        (b"II*\0" + b"\0" * 40, "damaged", "bị hỏng"),
        (b"%PDF-1.7", "not_a_picture", "không phải là ảnh"),
        (b"x" * (15 * MB + 1), "too_heavy", "lớn hơn 15 MB"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_with_one_sentence(data, code, words):
    with pytest.raises(ValidationError) as refused:
        take_in(io.BytesIO(data), name="đẹp.jpg", shape=Shape.PHOTO)
    assert [error.code for error in refused.value.error_list] == [code]
    assert words in refused.value.messages[0]
    assert "“đẹp.jpg”" in refused.value.messages[0]


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "tiff"])
def test_a_whole_picture_is_taken_and_a_cut_one_refused(kind):
    noise = Image.effect_noise((400, 300), 80).convert("RGB")
    whole = encoded(noise.quantize(32) if kind == "gif" else noise, kind)
    assert taken(whole)[1].size == (400, 300)
    with pytest.raises(ValidationError) as refused:
        taken(whole[: len(whole) * 2 // 3])
    assert refused.value.error_list[0].code in {"damaged", "not_a_picture"}


# -- what was made to stop the site


def flat_png(mode, size):
    return encoded(Image.new(mode, size), "PNG")


def chunk(kind, data):
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def claimed_png(width, height):
    """A PNG of a few bytes that says it is as large as that."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")


def many_scans(rounds=3000):
    """A progressive JPEG whose last scan is repeated: each is another walk over the whole picture."""
    data = encoded(Image.new("L", (6000, 6000), 99), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * rounds + data[-2:]


HOSTILE = {
    "7740 x 7740 RGBA": lambda: flat_png("RGBA", (7740, 7740)),
    "7740 x 7740 in 7 kB": lambda: flat_png("1", (7740, 7740)),
    "the largest RGBA that is read": lambda: flat_png("RGBA", (4799, 4799)),
    "16 bits a pixel": lambda: flat_png("I;16", (7000, 7000)),
    "one line of 59 million": lambda: flat_png("L", (59_000_000, 1)),
    "one column of 20 million": lambda: flat_png("L", (1, 20_000_000)),
    "claims two billion a side": lambda: claimed_png(2**31 - 1, 2**31 - 1),
    "claims twelve thousand a side": lambda: claimed_png(12_000, 12_000),
    "59 MP JPEG": lambda: encoded(Image.new("RGB", (8850, 6700), "teal"), "JPEG"),
    "59 MP progressive JPEG": lambda: encoded(Image.new("RGB", (8850, 6700), "teal"), "JPEG", progressive=True),
    "endless scans": many_scans,
    "16383 x 3000 WebP": lambda: encoded(Image.new("RGB", (16383, 3000)), "WEBP", method=0),
    "12 MP WebP": lambda: encoded(gradient((4032, 3024)), "WEBP", method=0),
    "24 MP HEIC": lambda: encoded(gradient((5712, 4284)), "HEIF", quality=40, enc_params={"preset": "ultrafast"}),
    "12 MP AVIF": lambda: encoded(gradient((4032, 3024)), "AVIF", speed=10),
    "large GIF": lambda: encoded(Image.new("P", (7700, 7700)), "GIF"),
    "large fax": lambda: encoded(Image.new("1", (7740, 7740)), "TIFF", compression="group4"),
    "TIFF in one strip": lambda: encoded(Image.new("RGBA", (7740, 7740)), "TIFF", compression="tiff_lzw"),
    "PNG with 60 MB of text": lambda: encoded(Image.new("L", (9, 9)), "PNG", pnginfo=long_text()),
}
READ = {
    "7740 x 7740 in 7 kB", "the largest RGBA that is read", "16 bits a pixel", "59 MP JPEG", "12 MP WebP", "12 MP AVIF",
    "24 MP HEIC",
    "large GIF", "large fax",
}  # fmt: skip

#: Those whose size is known before anything is decoded: the sentence names it.
TOLD = {"7740 x 7740 RGBA", "claims twelve thousand a side", "59 MP progressive JPEG", "16383 x 3000 WebP"}


def long_text():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("comment", "x" * 60_000_000, zip=True)
    return texts


@pytest.fixture
def spent(monkeypatch):
    """What the child took for each picture: (seconds of CPU, bytes of memory).

    Of one that the kernel ended at its limit the limit itself: on a busy host `wait4` also counts what others took.
    """
    found = []
    run = limited.run

    def watched(*args, **options):
        try:
            answer = run(*args, **options)
        except limited.LimitedError as error:
            found.append((options["limits"].cpu if error.code == "cpu" else error.spent, error.peak))
            raise
        found.append((answer.spent, answer.peak))
        return answer

    monkeypatch.setattr(limited, "run", watched)
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_costs_five_seconds_and_250_mb_at_most(name, spent):
    data, refused, said = HOSTILE[name](), [], []
    shapes = list(Shape) if name in READ else [Shape.PHOTO]
    for shape in shapes:
        try:
            taken(data, name, shape)
        except ValidationError as error:
            refused.append(error.error_list[0].code)
            said.append(error.messages[0])
    assert set(refused) <= {"too_many_pixels", "too_large", "damaged"}
    assert not (refused and name in READ)
    assert "JPEG" not in name or not any("lưu thành JPEG" in one for one in said)  # it is one already
    assert name not in TOLD or refused == ["too_many_pixels"]
    assert len(spent) == len(shapes)
    assert max(seconds for seconds, _peak in spent) <= 6  # the kernel counts whole seconds
    assert max(peak for _seconds, peak in spent) <= 250 * MB


def test_a_request_is_answered_while_a_hostile_picture_is_read(client, site_profile, django_db_blocker):
    client.get("/")
    begun = time.monotonic()
    client.get("/")
    usual = time.monotonic() - begun
    refused = []

    def send():
        try:
            take_in(io.BytesIO(data), name="a.jpg", shape=Shape.PHOTO)
        except ValidationError as error:
            refused.append(error)

    data = many_scans()
    sender = threading.Thread(target=send)
    sender.start()
    answers = []
    while sender.is_alive():
        begun = time.monotonic()
        assert client.get("/").status_code == 200
        answers.append(time.monotonic() - begun)
    sender.join()
    assert refused
    assert sorted(answers)[len(answers) // 2] < 10 * usual + 0.5


def test_pictures_of_many_people_are_read_one_at_a_time(monkeypatch):
    """However many send at once, one child of this process reads pictures, and every one is read."""
    at_once, most = [], []
    run = limited.run

    def watched(*args, **options):
        at_once.append(1)
        most.append(len(at_once))
        try:
            return run(*args, **options)
        finally:
            at_once.pop()

    monkeypatch.setattr(limited, "run", watched)
    data, done = encoded(gradient(), "JPEG"), []
    people = [threading.Thread(target=lambda: done.append(taken(data))) for _ in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len(done) == 8
    assert max(most) == 1


# -- the association's logo, and every other door


def site_facts(client):
    """What the page of the site's facts sends when nothing on it was changed."""
    page = client.get(reverse("site_update"))
    data = {name: value for name, value in page.context["form"].initial.items() if name != "logo" and value is not None}
    return data | {"fanpages-TOTAL_FORMS": "0", "fanpages-INITIAL_FORMS": "0"}


def test_the_logo_is_drawn_anew(client_of, administrator, tree, site_profile):
    data = site_facts(client_of(administrator))
    sent = SimpleUploadedFile("Logo Hội.html", whispering()["png"], "text/html")
    answer = client_of(administrator).post(reverse("site_update"), data | {"logo": sent})
    assert answer.status_code == 302
    logo = SiteProfile.objects.get().logo
    assert logo.name.endswith(".png")
    with logo.open("rb") as file:
        assert set(chunks_of(file.read())) == {b"IHDR", b"IDAT", b"IEND"}


@pytest.mark.parametrize("name", ["svg.jpg", "html.jpg", "truncated.jpg"])
def test_what_is_no_picture_is_no_logo_and_the_page_says_so(client_of, administrator, tree, site_profile, name):
    data = site_facts(client_of(administrator))
    sent = SimpleUploadedFile(name, (PHOTOS / name).read_bytes(), "image/jpeg")
    page = client_of(administrator).post(reverse("site_update"), data | {"logo": sent})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["logo"]
    assert f"“{name}”" in page.content.decode()
    assert not SiteProfile.objects.get().logo


def test_no_code_of_ours_decodes_a_picture_elsewhere():
    """Pillow is imported by the module that the child runs, and by no form or service."""
    apps_of_ours = ("portal", "intakes", "news", "members", "scholarships", "reports")
    for path in (
        path for name in apps_of_ours for path in (ROOT / name).rglob("*.py") if "migrations" not in path.parts
    ):
        if path.parent == ROOT / "portal" / "lib" and path.name in {"pictures.py", "qr_card.py", "receipt_card.py"}:
            continue  # the cards draw codes and receipts of ours and open nothing else
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", "")]
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert not any((name or "").split(".")[0] == "PIL" for name in names), path
                assert "portal.lib.pictures" not in names, path
            if isinstance(node, ast.Attribute) and node.attr == "ImageField":
                assert isinstance(node.value, ast.Name), path
                assert node.value.id == "models", path


def test_pictures_in_models_are_those_that_were_thought_of():
    found = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ImageField)
    }
    assert found == {"SiteProfile.logo", "Photo.file"}
