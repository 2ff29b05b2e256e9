import pytest

from comity.detectors.threat import threat
from comity.findings import Submission


def score(text: str) -> float:
    return max((finding.score for finding in threat(Submission.of(text))), default=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "I will kill you.",
        "I'll k!ll you",
        "I'm going to break your legs.",
        "We know where you live.",
        "Te voy a matar.",
    ],
)
def test_the_plainest_threats_score_highest(text):
    assert score(text) >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "Somebody should shoot him.",
        "He should be strung up from a lamppost.",
        "I hope you get cancer.",
        "May the owner drown in his own pool.",
        "Burn his house down.",
        "She needs a bullet.",
        "Put a brick through his window.",
        "Watch your back.",
        "Ojalá te mueras.",
        "Habría que fusilarlos.",
    ],
)
def test_wishes_calls_and_hints_are_seen(text):
    assert score(text) >= 0.6


@pytest.mark.parametrize(
    "text",
    [
        "I'd kill for that recipe.",
        "We got slaughtered in the debate.",
        "This heat is killing me.",
        "I hope nobody was hurt.",
        "I hope he resigns.",
        "We will see you in court.",
        "Hang them out to dry on the line.",
        "We'll bury them in the next match.",
        "She nearly died laughing.",
        "I could murder a pint.",
        "Me muero de risa.",
    ],
)
def test_idioms_are_fair(text):
    assert score(text) < 0.5


@pytest.mark.parametrize(
    ("harmless", "threat"),
    [
        ("Hang the flag outside.", "Hang the mayor."),
        ("Hang the pictures on the wall.", "Hang the bastards."),
        ("Somebody should shoot the video.", "Somebody should shoot the minister."),
        ("They should shoot the film in May.", "They should be shot."),
        ("Bomb the exam and you sit it again.", "We should bomb their houses."),
        ("We will kill the weeds on the path.", "We will kill the lot of you."),
        ("Kill this bill.", "Kill this man."),
        ("Kill all notifications.", "Kill all the politicians."),
        ("Shoot him an email.", "Shoot him."),
        ("Drown the chips in vinegar.", "Drown him in the harbour."),
        ("String the lights along the pier.", "String him up."),
        ("Stab all the potatoes with a fork.", "Stab every cop you meet."),
        ("They should hang the judge's portrait.", "They should hang the judge."),
        ("The cables must be buried.", "He should be buried alive."),
        ("The scene needs to be shot again.", "The man needs to be shot."),
        ("This record deserves to be beaten.", "She deserves to be beaten."),
        ("You are dead right about the toll.", "You are dead meat."),
        ("You could break your leg on those steps.", "I will break your legs."),
        ("I will put your face on the poster.", "I will smash your face in."),
        ("I'll put a brick in the cistern.", "I'll put a brick through your windows."),
        ("Come outside and you can see the stars.", "Meet me outside."),
        ("You would not last a week in that job.", "You will not survive the night."),
        ("Drop dead gorgeous, that dress.", "Drop dead."),
        ("We must end this war.", "We must lynch him."),
        ("Someone should finish the roof.", "Someone should shoot them all."),
        ("Set fire to the barbecue.", "Set fire to his house."),
        ("Stand with your back to the wall and breathe.", "Up against the wall and shoot them."),
        ("Lo voy a colgar en la pared.", "Te voy a ahorcar."),
        ("Te voy a romper el récord.", "Te voy a romper la cara."),
        ("Voy a esperarte en la estación.", "Te espero a la salida."),
        ("Con un cuchillo se corta mejor.", "Lo esperamos en la puerta con un cuchillo."),
        ("Ojalá caiga la lluvia.", "Ojalá te caiga un rayo."),
        ("Hay que romper el hielo.", "Hay que fusilarlos."),
        ("Cuelguen las fotos en la web.", "Cuelguen al alcalde."),
        ("Va a morir gente en esa carretera.", "Vas a morir."),
    ],
)
def test_a_threat_needs_somebody_who_is_threatened(harmless, threat):
    assert score(threat) >= 0.6
    assert score(harmless) < 0.3


def test_a_threat_among_many_civil_words_counts():
    civil = "The ferry matters to the island and I hope that it keeps sailing in the winter. " * 40
    assert score(civil) == 0.0
    assert score(f"{civil}I will kill you. {civil}") >= 0.9
