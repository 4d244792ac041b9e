{#- What of a printed place tells it from others: without the blanks of typesetting (杭 州 市), in simplified characters,
    in English without case, apostrophes and the word for its level (Hangzhou City, HANGZHOU). -#}
{% macro place_key(printed) -%}
    regexp_replace(
        regexp_replace(
            translate(
                lower(trim({{ printed }})),
                '侖個內區吳國圍壯寧島嶺巖幹廈廣廬慶東樂橋溫漢潯濟濱瀋灣烏爾環甌發範紹經維縉縣義肅臨臺興莊華蒼蓮蕭薩蘇蘭術設諸貴連遊遼鄉鄭銀錢鎮長門開陝陽雲順頭餘魯鹽麗黃齊龍',
                '仑个内区吴国围壮宁岛岭岩干厦广庐庆东乐桥温汉浔济滨沈湾乌尔环瓯发范绍经维缙县义肃临台兴庄华苍莲萧萨苏兰术设诸贵连游辽乡郑银钱镇长门开陕阳云顺头余鲁盐丽黄齐龙'
            ),
            '^([a-z].*?)( shi| sheng)?( city| province| municipality)?$',
            '\1'
        ),
        '[\s\x{3000}\x{00a0}''’·-]+', '', 'g'
    )
{%- endmacro %}
