"""采集目录: what departments hand in, item by item and column by column, as data; a new item needs no code."""
