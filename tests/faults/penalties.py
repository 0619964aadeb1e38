"""A 双公示 file of penalties of any length, as a department would hand it in. It must not know how files are read."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from loaders.city.extent import uscc
from tests.loaders.tabular import PENALTY_2018

PENALTIES_A_FIRM: Final = 3
FIRST_DAY: Final = date(2016, 1, 4)
DAYS: Final = 2_000


def penalties(path: Path, rows: int) -> Path:
    """Decisions of two thousand days about a third as many firms; no two rows are of one decision."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(PENALTY_2018))
        table.writeheader()
        for row in range(rows):
            firm, day = row // PENALTIES_A_FIRM, FIRST_DAY + timedelta(days=row % DAYS)
            table.writerow(
                {
                    **PENALTY_2018,
                    "行政相对人名称": f"江门第{firm}贸易有限公司",
                    "行政相对人代码_1（统一社会信用代码）": uscc("91", "440703", firm),
                    "法定代表人": "",
                    "法定代表人身份证号": "",
                    "行政处罚决定书文号": f"江市监罚〔{day.year}〕{row + 1}号",
                    "处罚决定日期": f"{day:%Y/%m/%d}",
                    "公示截止期": "",
                }
            )
    return path
