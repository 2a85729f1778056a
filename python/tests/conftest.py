from __future__ import annotations

import pytest

import paidan

# Invented.
TEXTS = [
    "小区门口路灯坏了一周没人修，晚上老人出门很危险",
    "夜里十一点工地还在打桩，吵得孩子睡不着",
    "想咨询一下居住证到期以后怎么续签",
    "自来水连续三天发黄，烧开以后有一层白沫",
    "感谢窗口的小姑娘耐心帮我母亲办好了社保",
    "楼下烧烤店油烟直排，开不了窗😀电话１３８００００１２３４",
    "建议在学校门口加装减速带",
    "举报有人在河边偷倒建筑垃圾",
]


@pytest.fixture(scope="session")
def texts() -> list[str]:
    return list(TEXTS)


@pytest.fixture(scope="session")
def engine() -> paidan.Engine:
    return paidan.Engine.load()
