"""Two versions of a catalogue item side by side, in words of both languages: what reporters have to change.

It must not know where the versions come from, nor which of them is in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from graph.codes import Confidence, SubjectKind, Text
from graph.words import words as code_words
from loaders.catalog.described import Described
from loaders.catalog.document import CLASSES, CYCLES
from loaders.catalog.template import REQUIRED
from loaders.catalog.validators import WORDS

NAMES: Final[Mapping[str, Text]] = {
    "version": Text("版本", "version"),
    "title": Text("名称", "title"),
    "source": Text("来源", "source"),
    "information_class": Text("信息类别", "class"),
    "subjects": Text("主体", "subjects"),
    "providers": Text("提供部门", "providers"),
    "cycle": Text("更新周期", "update cycle"),
    "disclosure": Text("公开级别", "disclosure"),
    "confidence": Text("可信度", "confidence"),
    "basis": Text("依据", "basis"),
    "note": Text("说明", "note"),
    "shapes": Text("一行记为", "a row becomes"),
}
OF_AN_ELEMENT: Final[Mapping[str, Text]] = {
    "name": Text("名称", "name"),
    "code": Text("代码", "code"),
    "type": Text("类型", "type"),
    "aliases": Text("别名", "other names"),
    "length": Text("长度", "length"),
    "required": Text("要求", "need"),
    "scheme": Text("号码种类", "scheme"),
    "unit": Text("单位", "unit"),
    "disclosure": Text("公开级别", "disclosure"),
    "after": Text("跟在其后的列", "follows the column"),
}
NOTHING: Final = Text("无", "nothing")
BOTH: Final[Mapping[str, Mapping[str, Text]]] = {
    "subjects": {each.value: code_words(each) for each in SubjectKind},
    "confidence": {each.value: code_words(each) for each in Confidence},
    "cycle": {each.value: Text(*words.split(" ", 1)) for each, words in CYCLES.items()},
    "information_class": {each.value: Text(*words.split(" ", 1)) for each, words in CLASSES.items()},
    "required": {
        each.value: Text(*words.split(" ", 1)) if words else Text("选填", "optional")
        for each, words in REQUIRED.items()
    },
    "type": {each.value: words for each, words in WORDS.items()},
}


def differences(one: Described, other: Described) -> Iterator[str]:
    """One line for each difference: the item, its elements, their words; nothing where both say the same."""
    for name, title in NAMES.items():
        yield from _changed("~", title, name, one.get(name), other.get(name))
    before, after = _by_key(one), _by_key(other)
    for key in (key for key in before if key not in after):
        yield f"- {_element(before[key])}: 取消 / gone"
    for key in (key for key in after if key not in before):
        yield f"+ {_element(after[key])}: 新增 / new: {_form(after[key])}"
    for key in (key for key in before if key in after):
        yield from _of_element(before[key], after[key])
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield "~ 列的顺序不同 / the columns stand in another order"


def _by_key(item: Described) -> dict[str, Described]:
    return {each["key"]: each for each in item["elements"]}


def _element(element: Described) -> str:
    return f"数据项“{element['name']}” / element {element['key']}"


def _form(element: Described) -> str:
    parts = [_said("type", element["type"]), _said("required", element["required"])]
    if element["length"] is not None:
        parts.insert(1, Text(f"至多{element['length']}字", f"at most {element['length']} characters"))
    return f"{'、'.join(each.zh for each in parts)} / {', '.join(each.en for each in parts)}"


def _of_element(one: Described, other: Described) -> Iterator[str]:
    for name, title in OF_AN_ELEMENT.items():
        yield from _changed(f"~ {_element(other)}:", title, name, one.get(name), other.get(name))
    yield from _of_words(f"~ {_element(other)}:", one.get("enumeration"), other.get("enumeration"))


def _of_words(where: str, one: Described | None, other: Described | None) -> Iterator[str]:
    """Word by word: which are new, which are gone, which mean something else."""
    before, after = _meanings(one), _meanings(other)
    for word in (word for word in before if word not in after):
        yield f"{where} 不再接受“{word}” / “{word}” is no word of it any more"
    for word in (word for word in after if word not in before):
        yield f"{where} 接受“{word}” → {after[word] or '—'} / “{word}” is accepted"
    for word in (word for word in before if after.get(word, before[word]) != before[word]):
        yield f"{where} “{word}”改记为 / “{word}” is kept as: {before[word] or '—'} → {after[word] or '—'}"
    yield from _changed(where, Text("表外的词", "another word"), "other", _of(one, "other"), _of(other, "other"))


def _meanings(enumeration: Described | None) -> dict[str, str]:
    if enumeration is None:
        return {}
    return {word: each["code"] for each in enumeration["words"] for word in each["words"]}


def _of(enumeration: Described | None, name: str) -> Any:
    return None if enumeration is None else enumeration[name]


def _changed(where: str, title: Text, name: str, before: Any, after: Any) -> Iterator[str]:
    if before == after:
        return
    if isinstance(before, list) and isinstance(after, list) and all(isinstance(each, str) for each in before + after):
        gone = [_said(name, each) for each in before if each not in after]
        new = [_said(name, each) for each in after if each not in before]
        told = [*(Text(f"去掉{each.zh}", f"without {each.en}") for each in gone)]
        told += [*(Text(f"加上{each.zh}", f"also {each.en}") for each in new)]
        told = told or [Text("顺序不同", "in another order")]
        yield f"{where} {title.zh} / {title.en}: {'、'.join(t.zh for t in told)} / {', '.join(t.en for t in told)}"
        return
    one, other = _said(name, before), _said(name, after)
    zh, en = f"{one.zh} → {other.zh}", f"{one.en} → {other.en}"
    yield f"{where} {title.zh} / {title.en}: {zh}" + ("" if zh == en else f" / {en}")


def _said(name: str, value: Any) -> Text:
    """A value in words; a code that this program does not know as it is."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, str):
        return BOTH.get(name, {}).get(value) or Text(value, value)
    if isinstance(value, Mapping):
        if value.keys() == {"zh", "en"}:
            return Text(value["zh"], value["en"])
        if value.keys() == {"document", "article"}:
            return Text(*[f"{value['document']}{value['article'] or ''}"] * 2)
        told = [f"{key} {_said(key, each).en}" for key, each in value.items() if each not in (None, "", [], {})]
        return Text(*["; ".join(told)] * 2)
    if isinstance(value, Sequence):
        each_said = [_said(name, each) for each in value]
        return Text("、".join(each.zh for each in each_said), ", ".join(each.en for each in each_said))
    return Text(str(value), str(value))
