"""Prompts for tests that hold two ways of asking the engine against each other: many languages, and what is no text."""

import json

from support import bodies

PLAIN = [
    "fix the grammar: me and him goes home",
    "Prove that the square root of two is irrational, then say where the proof fails for four.",
    "Schreib das höflicher: Schick mir endlich die Rechnung!",
    "Résume ce texte en trois points :\n\nLe conseil a voté le budget. La séance a été levée à 22 h.",
    "Extrae las fechas: la reunión es el 3 de mayo y la entrega el 12 de junio.",
    "Переведи на английский: «Завтра совещание переносится на два часа дня, предупреди всех».",
    "Bu listeyi alfabetik sırala:\nelma\narmut\nkiraz\nçilek",
    "لخّص هذا البريد في جملة واحدة: تأجل الاجتماع إلى يوم الخميس بسبب عطل في القاعة.",
    "इस वाक्य को सुधारो: कल मैं बाज़ार जाता था।",
    "请把下面的会议记录整理成表格：\n张三：周五前交报告\n李四：联系客户",
    "次の文章を丁寧な言い方に直してください：「早く返事してよ」",
    "이 문장을 요약해줘: 오늘 회의에서는 예산과 일정에 대해 논의했다.",
    "Tóm tắt đoạn này thành một câu.",
    "סכם את ההודעה הזאת במשפט אחד",
    "สรุปข้อความนี้ให้สั้นลง",
    "```python\ndef f(x):\n    return x+1\n```\nwhy is this slow?",
    "name,age\nAda,36\nBob,41\n\nas JSON please",
    "2026-11-24 17:00:01 ERROR db: timeout\n" * 40 + "what failed first?",
    "\u200b\u200b zero width \u202eand right to left\u202c",
    "e\u0301 \u00e9 \ufb01 \U0001f9d1\u200d\U0001f680 \U0001d54f",
    "x" * 9000,
    "one very long line that asks, " * 3000,
    "\n\n\t  \n?",
    "???!!!",
    '{"name":"Ada","age":36}',
]

# Request bodies, whole and broken.
BODIES = [json.dumps(bodies.body(dialect, "some-model", prompt), ensure_ascii=escaped)
          for dialect in bodies.ALL for prompt in (PLAIN[0], PLAIN[9]) for escaped in (False, True)]
BROKEN_BODIES = ['{"messages":[{"role":"user","content":7}]}', '{"model":"m","messages":"hi"}']
