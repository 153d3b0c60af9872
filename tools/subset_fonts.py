"""Make the font files in static/fonts from their complete originals; run only when an original has a new version.

Usage: python tools/subset_fonts.py ORIGINALS, a folder with the unpacked npm packages
@expo-google-fonts/be-vietnam-pro and @expo-google-fonts/tinos. Every file keeps Latin and Vietnamese (with the
combining marks that decomposed text needs) and loses hinting and what no Vietnamese text uses. Be Vietnam Pro has no
figures of one width; columns of amounts need them, so they are added as the feature `tnum`.
"""

import sys
from pathlib import Path

from fontTools.otlLib.builder import buildLookup, buildSingleSubstSubtable
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"
RANGES = (
    "20-7E A0-FF 102-103 110-111 128-129 152-153 168-169 1A0-1A1 1AF-1B0 2C6 2DC 300-303 306 309 31B 323 1EA0-1EF9 "
    "2010-2015 2018-201A 201C-201E 2020-2022 2026 2030 2032-2033 2039-203A 20AB 20AC 2122 2190-2193 2212 2248 2260 "
    "2264-2265"
)
FILES = {
    "400Regular/BeVietnamPro_400Regular": "BeVietnamPro-Regular.woff2",
    "400Regular_Italic/BeVietnamPro_400Regular_Italic": "BeVietnamPro-Italic.woff2",
    "500Medium/BeVietnamPro_500Medium": "BeVietnamPro-Medium.woff2",
    "600SemiBold/BeVietnamPro_600SemiBold": "BeVietnamPro-SemiBold.woff2",
    "700Bold/BeVietnamPro_700Bold": "BeVietnamPro-Bold.woff2",
    "400Regular/Tinos_400Regular": "Tinos-Regular.ttf",
    "400Regular_Italic/Tinos_400Regular_Italic": "Tinos-Italic.ttf",
    "700Bold/Tinos_700Bold": "Tinos-Bold.ttf",
    "700Bold_Italic/Tinos_700Bold_Italic": "Tinos-BoldItalic.ttf",
}


def add_tabular_figures(font: TTFont) -> None:
    """Add figures of one width behind `tnum`: each is its own figure, centred in the width of the zero."""
    figures = [font.getBestCmap()[code] for code in range(0x30, 0x3A)]
    glyphs, metrics = font["glyf"], font["hmtx"]
    width = metrics["zero"][0]
    for name in figures:
        part = GlyphComponent()
        part.glyphName, part.x, part.y, part.flags = name, (width - metrics[name][0]) // 2, 0, 0x204
        tabular = Glyph()
        tabular.numberOfContours, tabular.components = -1, [part]
        glyphs[f"{name}.tnum"] = tabular
        metrics[f"{name}.tnum"] = (width, metrics[name][1] + part.x)
        tabular.recalcBounds(glyphs)
    table = font["GSUB"].table
    table.LookupList.Lookup.append(buildLookup([buildSingleSubstSubtable({name: f"{name}.tnum" for name in figures})]))
    feature = otTables.FeatureRecord()
    feature.FeatureTag, feature.Feature = "tnum", otTables.Feature()
    feature.Feature.FeatureParams, feature.Feature.LookupListIndex = None, [len(table.LookupList.Lookup) - 1]
    table.FeatureList.FeatureRecord.append(feature)
    for script in table.ScriptList.ScriptRecord:
        languages = [script.Script.DefaultLangSys, *(record.LangSys for record in script.Script.LangSysRecord)]
        for language in filter(None, languages):
            language.FeatureIndex.append(len(table.FeatureList.FeatureRecord) - 1)


def subset(source: Path, target: Path) -> None:
    """Write one font file; the copyright and licence stay in its name table."""
    font = TTFont(source)
    options = Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"]
    options.name_IDs = ["*"]
    options.hinting = False
    options.flavor = target.suffix[1:] if target.suffix == ".woff2" else None
    ends = [part.split("-") for part in RANGES.split()]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for end in ends for code in range(int(end[0], 16), int(end[-1], 16) + 1)])
    subsetter.subset(font)
    if target.name.startswith("BeVietnamPro"):
        add_tabular_figures(font)
    font.flavor = options.flavor
    font.save(target)


if __name__ == "__main__":
    for stem, name in FILES.items():
        subset(next(Path(sys.argv[1]).rglob(f"{stem}.ttf")), TARGET / name)
