"""Invented tickets to train on."""

from __future__ import annotations

# Invented: what happens, and who handles it.
UNITS = {
    "照明": ["路灯坏了", "路灯不亮", "路灯一直闪", "灯杆歪了", "路灯白天也亮着"],
    "供水": ["水管爆了", "水管漏水", "水压太低", "自来水发黄", "半夜停水"],
    "环卫": ["垃圾没人清运", "垃圾桶满了", "路面全是落叶", "公厕很脏", "建筑垃圾堆在路边"],
    "供电": ["又停电了", "电压不稳", "电线掉下来了", "电表跳闸", "变压器响声很大"],
    "公交": ["公交车不停站", "公交司机甩客", "公交站牌坏了", "公交等了一个小时", "公交车改线没通知"],
    "教育": ["学校乱收费", "补课到晚上", "入学报名系统打不开", "食堂饭菜凉", "校门口堵车"],
}
PLACES = ["东门", "西门", "小区里", "学校旁", "河边"]


def tickets(classes: int) -> tuple[list[str], list[str]]:
    """Texts and units, 25 of each of so many units."""
    rows = [(f"{place}{text}", unit) for unit in list(UNITS)[:classes] for text in UNITS[unit] for place in PLACES]
    return [text for text, _ in rows], [unit for _, unit in rows]
