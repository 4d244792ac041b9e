"""The rules at the door: stable name, and what to say of a row that breaks one, in English and Chinese."""

RULES = {
    "number": (
        "is no number; write the printed number, or leave the row out where nothing was printed",
        "不是数字；请写所印数字，未印则删去该行",
    ),
    "present": ("is empty; write what is printed", "为空；请写所印内容"),
    "offsets": ("offsets must be whole numbers with start before end", "字符位置须为整数，且起点在终点之前"),
    "print_fits_place": (
        "the printed words are not as long as their place in the text; check number, qualifier and unit against it",
        "所印文字与其在原文中的位置长度不符，请核对数字、限定词与单位",
    ),
    "place_in_file_twice": ("the same place of the file stands in an earlier row; keep one", "同一位置重复"),
}
