"""What stands on a news page and is not the story: menus, buttons, notices and the comments."""

import re


def phrases(text: str) -> re.Pattern[str]:
    """Compile phrases, one a line, of which a whole line of the page must be one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return re.compile("|".join(lines), re.IGNORECASE)


BUTTONS = phrases(r"""
    skip to .*|(?:main )?menu|search|home|inicio|next|previous|siguiente|anterior|close|cerrar
    log ?in|sign (?:in|up)|iniciar sesión|register|my account|e-?edition|contact us|about us
    subscribe(?: now| today)?|suscríbe(?:te|se)(?: ya)?|accept(?: all)?|aceptar|cookie .*
    privacy policy|terms of (?:use|service)|aviso legal|back to top|volver arriba
    (?:this |an? )?(?:advertisement|advertising|advert|publicidad|anuncio)
    sponsored(?: content| by .*)?|paid content|contenido patrocinado|promoted
    (?:story|article|post|report|la noticia) (?:continues|continúa)\b.*
    (?:continue|seguir) (?:reading|leyendo)\b.*|(?:scroll|swipe|click|tap|haga? clic) .*
    (?:sign up|subscribe|join|get|suscríbe(?:te|se)|recibe|apúntate)\b.*\b(?:newsletters?|inbox)\b.*
    (?:sign up|subscribe)\b.*\balerts?\b.*
    (?:suscríbe(?:te|se)|recibe|apúntate)\b.*\b(?:bolet(?:ín|ines)|alertas?)\b.*
    (?:follow|síguenos|sigue|like|find)\b.*\b(?:facebook|twitter|instagram|google news|tiktok|x|us)
    (?:download|descarga)\b.*\bapp\b.*
    (?:listen to|escucha?r?)\b.*\b(?:article|story|noticia|artículo)\b.*
    (?:\d+\s)?(?:min(?:ute)?s?\.?|minutos?)\s(?:read|de lectura)
    (?:reading time|tiempo de lectura)\b.*|(?:play|pause|mute|loading|cargando)\b.{0,20}
    (?:photo|image|slide|foto)?\s?\d{1,3}\s?(?:of|de|/)\s?\d{1,3}
    (?:view|show|see|ver|hide) (?:all|more|más|gallery|caption|comments|photos|\d+).*
    (?:tags?|topics?|filed under|temas?|etiquetas?|archivado en)\s*:.*
    (?:have an?|got an?|send us)\b.*\b(?:tips?|correction)\b.*
    (?:report|notificar) (?:an? |un )?(?:error|typo).*
    (?:related|read (?:more|next|also)|also read|see also|more)\s*[:|»>]\s*\S.*
    (?:lee también|le[ae] más|te puede interesar|más información|ver también)\s*[:|»>]\s*\S.*
""")
# A row of them often stands on one line: "Share Tweet Email Print".
SHARE = phrases(r"""
    share|compartir|comparte|tweet|tuitear|post|pin|e-?mail|print|imprimir|save|guardar|enviar
    facebook|twitter|x|linkedin|whatsapp|telegram|reddit|bluesky|threads|pinterest|flipboard
    copy|copiar|link|copied|enlace|comments?|comentarios|gift|listen|this|esta|article|story|noticia
    on|via|por|en|to
""")
NOTICE = phrases(r"""
    (?:©|\(c\)\s|copyright\b|derechos de autor|todos los derechos reservados).*
    .*\b(?:all rights reserved|this material may not be|may not be published, broadcast)\b.*
    .*\b(?:prohibida (?:su|la) reproducción|we use cookies|usamos cookies)\b.*
""")
RELATED = phrases(r"""
    (?:related(?: stories| articles| content| coverage| news| topics)?)\s*:?
    (?:trending(?: now)?|up next)\s*:?
    (?:read (?:more|next|also)|also read|see also|latest (?:news|stories))\s*:?
    more (?:on|from|in) .*
    (?:recommended(?: for you| stories| reading)?|most (?:read|popular|viewed))\s*:?
    (?:you (?:may|might) also like|editors?['’]s? picks|in case you missed it)\s*:?
    (?:lee también|leer? más|te puede interesar|más (?:información|noticias|leído)|además)\s*:?
    (?:lo más (?:leído|visto)|noticias relacionadas|relacionad[oa]s?|ver también)\s*:?
""")
COMMENTS = phrases(r"""
    (?:(?:article|reader|readers['’]?|user|story|all|view|show|no)\s)?comments?(?:\s.{0,30}|\(.{1,9}\)|:)?
    (?:leave|post|add|write) (?:a|your) comment.{0,20}
    [\d.,]+\s+(?:comments?|comentarios?|replies|respuestas)
    (?:join|start) the (?:conversation|discussion|debate).{0,20}|what do you think\?|have your say
    (?:conversation|discussion)(?:\s*\(?[\d.,]+\)?)?
    (?:(?:los|ver|ver los|sin)\s)?comentarios?(?:\s.{0,30}|\(.{1,9}\)|:)?
    (?:deja|escribe|añade|publica) (?:un|tu) comentario.{0,20}
    (?:únete|participa|súmate) (?:a|en) (?:la conversación|la discusión|el debate)
""")
GUIDELINES = re.compile(
    r"(?:(?:comment(?:ing|s)?|community|reader|discussion|our)\s+)?"
    r"(?:guidelines|rules|standards|policy)\b\s*[:.–—-]"
    r"|normas (?:de (?:la comunidad|participación|uso)|para comentar)|reglas (?:de|para)\b"
    r"|(?:please )?(?:keep|mantén|mantenga)\b",
    re.IGNORECASE,
)
GUIDELINES_SPEAK = re.compile(
    r"\b(?P<flag>flag|report(?:ar|e)?|denunci\w+)\b"
    r"|\b(?P<civil>civil|respectful|respetuos\w+|on topic|tema)\b"
    r"|\b(?P<crude>profanity|vulgarity|obscen\w+|vulgar\w*|groser\w+|slurs?|insult\w*)\b"
    r"|\b(?P<person>personal attacks?|ataques personales|harass\w*|acos\w+)\b"
    r"|\b(?P<block>blocked|banned|removed|bloquead\w+|eliminad\w+)\b"
    r"|\b(?P<terms>terms of (?:service|use)|términos|FAQ|condiciones de uso)\b"
    r"|\b(?P<comment>comments?|commenters?|comentarios?)\b",
    re.IGNORECASE,
)


def is_furniture(line: str) -> bool:
    """Say whether a line belongs to the page and not to the story."""
    if len(line) <= 140:
        if BUTTONS.fullmatch(line):
            return True
        buttons = re.split(r"[\s,|•·/]+", line.strip("|•·/ "))
        if all(SHARE.fullmatch(button) for button in buttons):
            return True
    return NOTICE.fullmatch(line) is not None or is_guidelines(line)


def opens_related(line: str) -> bool:
    """Say whether a line heads a list of other stories."""
    return len(line) <= 60 and RELATED.fullmatch(line) is not None


def opens_comments(line: str) -> bool:
    """Say whether the readers' comments begin here."""
    return (len(line) <= 60 and COMMENTS.fullmatch(line) is not None) or is_guidelines(line)


def is_guidelines(line: str) -> bool:
    """Say whether a paragraph tells readers how to comment.

    It speaks of several of the things that guidelines speak of; of fewer where it opens as they do.
    """
    spoken_of = {match.lastgroup for match in GUIDELINES_SPEAK.finditer(line[:2000])}
    return len(spoken_of) >= (3 if GUIDELINES.match(line) else 5)
