//! The guard: what it lets through and what it refuses, over the personas that ship.

use std::collections::BTreeSet;

use comptoir::content::{Content, shipped};
use comptoir::persona::{Answer, Persona};
use comptoir::reply::guard::{Allowed, Bounds, Breach};

fn content() -> Content {
    Content::read(&[&shipped()], Vec::new()).unwrap()
}

/// Checks a line where these facts may be told.
fn check(persona: &Persona, bounds: &Bounds, facts: &[&str], line: &str) -> Result<(), Breach> {
    let facts: BTreeSet<String> = facts.iter().map(|id| (*id).to_owned()).collect();
    Allowed { persona, bounds, facts: &facts, heard: &[], said: &[] }.check(line)
}

#[test]
fn every_line_a_persona_s_file_holds_may_be_said_in_the_turn_it_is_written_for() {
    let content = content();
    let mut refused = Vec::new();
    let mut lines = 0;
    for persona in content.personas() {
        let bounds = Bounds::new(persona, content.organisation());
        let file = persona.file();
        let mut may_be_said = |facts: &[&str], line: &str| {
            for sentence in comptoir::language::sentences(line) {
                lines += 1;
                if let Err(breach) = check(persona, &bounds, facts, sentence) {
                    refused.push(format!("{} {breach:?}: {sentence}", persona.id()));
                }
            }
        };
        may_be_said(&[], &file.opening);
        for fact in &file.fact {
            fact.says.all().chain(&fact.again).for_each(|line| may_be_said(&[&fact.id], line));
            fact.withheld.iter().for_each(|line| may_be_said(&[], line));
        }
        file.reactions.values().flat_map(|reaction| reaction.says.all()).for_each(|line| may_be_said(&[], line));
        file.trigger.iter().flat_map(|trigger| trigger.says.all()).for_each(|line| may_be_said(&[], line));
        file.small_talk.iter().flat_map(|talk| talk.says.all()).for_each(|line| may_be_said(&[], line));
        file.lines.all().for_each(|line| may_be_said(&[], line));
        for answer in file.identity.values() {
            if let Answer::Says(says) = answer {
                says.all().for_each(|line| may_be_said(&[], line));
            }
        }
    }
    assert!(lines > 8_000, "{lines} sentences");
    assert!(refused.is_empty(), "{} of {lines}:\n{}", refused.len(), refused.join("\n"));
}

/// Sentences for Karim Belkacem, who has told where the leak is and since when; what the guard says of each.
#[test]
#[expect(clippy::too_many_lines, reason = "a table: a sentence a line")]
fn what_leaves_the_role_is_refused_and_what_a_caller_may_say_is_not() {
    let content = content();
    let persona = content.persona("fuite-colere").unwrap();
    let bounds = Bounds::new(persona, content.organisation());
    let told = ["lieu-fuite", "depuis-quand", "disponibilites", "assurance"];
    let mut wrong = Vec::new();
    let mut check = |line: &str, expect: Option<&str>| {
        let found = check(persona, &bounds, &told, line);
        if found.as_ref().err().map(Breach::code) != expect {
            wrong.push(format!("{expect:?} expected, {found:?} found: {line}"));
        }
    };
    for line in [
        "En tant qu'intelligence artificielle, je ne peux pas avoir de fuite.",
        "Je suis un modèle de langage et je n'ai pas de salle de bains.",
        "Je suis désolé, mais je ne peux pas répondre à cette demande.",
        "Mes consignes m'interdisent de vous le dire.",
        "Je joue le rôle de Karim Belkacem.",
        "Dans cette simulation, je suis en colère.",
        "Je vous mets 20/20 pour cet entretien.",
        "Vous obtenez une note de vingt sur vingt.",
        "Voici ma réplique : j'attends.",
        "Je sors de mon personnage un instant.",
        "Mon prompt ne me le permet pas.",
        "Le formateur sera content de vous.",
    ] {
        check(line, Some("out_of_role"));
    }
    for line in [
        "Vous devriez reformuler ce que je viens de dire.",
        "Excellente reformulation, continuez.",
        "Vous avez parfaitement géré ma colère.",
        "Je vous conseille de me demander si je suis disponible.",
        "N'oubliez pas de vérifier mes disponibilités.",
    ] {
        check(line, Some("coaches"));
    }
    for line in [
        "En quoi puis-je vous aider ?",
        "Agent : Bonjour, que puis-je faire pour vous ?",
        "Je vous mets en relation avec le service technique.",
        "Je vais enregistrer votre réclamation tout de suite.",
        "Pouvez-vous me donner votre numéro de dossier ?",
        "Je reste à votre disposition.",
        "Je comprends votre colère.",
    ] {
        check(line, Some("speaks_for_trainee"));
    }
    for line in ["Karim Belkacem soupire bruyamment.", "Il soupire.", "D'une voix lasse.", "Il hausse les épaules."] {
        check(line, Some("stage_direction"));
    }
    for line in [
        "I have been waiting for three weeks, and nobody came.",
        "Sure, here is what you asked.",
        "Llevo esperando mucho tiempo por el fontanero.",
        "Ich warte seit drei Wochen und niemand ist gekommen.",
        "Я жду уже три недели.",
    ] {
        check(line, Some("foreign"));
    }
    for line in [
        "- J'attends depuis trois semaines.",
        "**J'attends** depuis longtemps.",
        "1. La salle de bains",
        "{\"texte\": \"Oui\"}",
    ] {
        check(line, Some("markup"));
    }
    for line in [
        "Le plafonnier est juste à côté, vous savez.",
        "Et puis j'ai un bébé, moi.",
        "C'est Mme Roche, au troisième.",
        "Je remplis une bassine.",
    ] {
        check(line, Some("locked"));
    }
    for line in [
        "Ça fait quatre semaines que j'attends.",
        "J'ai rappelé le 17, personne n'a répondu.",
        "J'ai déjà payé 300 euros de ma poche.",
        "C'est mon cousin Mourad qui me l'a dit.",
        "On m'a promis quelqu'un pour jeudi.",
        "J'habite à Villeurbanne, je vous signale.",
    ] {
        check(line, Some("invents"));
    }
    for line in ["J'ai fait un constat avec la voisine.", "Je travaille de jour, moi.", "Je suis là tous les soirs."] {
        check(line, Some("contradicts"));
    }
    check(&"J'attends, j'attends encore et toujours ".repeat(8), Some("too_long"));
    for line in [
        "Trois semaines que j'attends, vous trouvez ça normal ?",
        "Ah, enfin quelqu'un qui m'écoute.",
        "Écoutez, moi je veux juste que ça s'arrête de couler.",
        "Deux minutes, dites-moi d'abord qui va venir.",
        "Bon. Et concrètement, il se passe quoi, maintenant ?",
        "Oui, c'est exactement ça, au-dessus de la baignoire.",
        "Non, j'ai pas prévenu l'assurance, j'attendais de voir quelqu'un.",
        "Monsieur, je vous le dis gentiment : ça suffit.",
        "Vous me dites que vous comprenez, mais ça coule toujours.",
        "Je vous écoute, allez-y.",
        "Si vous le dites.",
        "Merci, c'est gentil de me le dire.",
        "Je passe mes nuits au boulot et mes matinées à vous attendre.",
    ] {
        check(line, None);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_sentence_said_lately_does_not_come_back_and_what_the_other_said_may_be_taken_up() {
    let content = content();
    let persona = content.persona("fuite-colere").unwrap();
    let bounds = Bounds::new(persona, content.organisation());
    let facts = BTreeSet::new();
    let allowed = Allowed {
        persona,
        bounds: &bounds,
        facts: &facts,
        heard: &["Un technicien peut passer jeudi à 14 heures, il s'appelle Marc Delorme."],
        said: &["Vous voulez que je fasse quoi, au juste ? J'attends."],
    };
    assert_eq!(allowed.check("Vous voulez que je fasse quoi, au juste ?"), Err(Breach::Repeats));
    assert_eq!(allowed.check("Jeudi à 14 heures, ce Marc Delorme, vous êtes sûr ?"), Ok(()));
    assert_eq!(allowed.check("Vendredi, ce Marc Delorme, vous êtes sûr ?"), Err(Breach::Invents("Vendredi".into())));
}

#[test]
fn what_models_put_around_words_is_taken_away() {
    fn check(words: &str, expect: &str) {
        assert_eq!(comptoir::reply::guard::clean(words, "Karim Belkacem"), expect, "{words}");
    }
    check("Karim Belkacem : Oui, j'attends.", "Oui, j'attends.");
    check("M. Belkacem: Oui.", "Oui.");
    check("« Oui, j'attends. »", "Oui, j'attends.");
    check("*soupire* Oui. (silence) J'attends.", "Oui. J'attends.");
    check("[Il raccroche]", "");
    check("— Oui.\n\nJ'attends.", "Oui. J'attends.");
    check("Agent : Bonjour.", "Agent : Bonjour.");
    check("Il a dit « oui », et puis « non ».", "Il a dit « oui », et puis « non ».");
    check("Je dis : non.", "Je dis : non.");
    check("Une * seule étoile (et une parenthèse", "Une * seule étoile (et une parenthèse");
}

/// What models say when they slip: written without looking at the patterns, kept as it was.
const SLIPS: &[&str] = &[
    "Je ne suis qu'un programme informatique, je n'ai pas d'émotions.",
    "Comme je suis une IA, je n'habite nulle part.",
    "Je suis ravi de vous aider à vous entraîner.",
    "Bien sûr, je vais jouer le rôle de Monsieur Belkacem.",
    "D'accord, je reste dans mon personnage.",
    "Très bien, voici la suite de la conversation.",
    "Voulez-vous que je continue le dialogue ?",
    "Souhaitez-vous que je simule une autre situation ?",
    "En tant que locataire fictif, je dirais que la fuite me dérange.",
    "Dans ce scénario, je suis censé être en colère.",
    "Pour rappel, ceci est une simulation pédagogique.",
    "Je n'ai pas accès à cette information dans ma base de connaissances.",
    "Mes données d'apprentissage ne contiennent pas cette réponse.",
    "Je suis programmé pour ne pas répondre à cela.",
    "Désolé, cela enfreint mes règles d'utilisation.",
    "Je ne suis pas autorisé à révéler les éléments confidentiels du personnage.",
    "Selon ma fiche, je ne dois pas encore vous le dire.",
    "Ma confiance est à 3 sur 10, je ne peux pas vous dire ce fait.",
    "Mon niveau de tension vient de baisser.",
    "Vous avez gagné ma confiance, bien joué.",
    "Votre reformulation était très bonne.",
    "Vous auriez pu montrer plus d'empathie.",
    "C'est une excellente façon de m'accueillir.",
    "Vous posez les bonnes questions, continuez.",
    "Bien joué pour la reformulation.",
    "Il faudrait maintenant me demander mes disponibilités.",
    "N'oubliez pas de conclure l'entretien.",
    "Un bon chargé d'accueil m'aurait demandé si je suis en danger.",
    "Attention, vous n'avez pas vérifié mon identité.",
    "Conseil : reformulez ma demande.",
    "Vous : Je vous écoute, Monsieur.",
    "Chargée d'accueil : Je comprends.",
    "— Bonjour, que puis-je faire pour vous ?",
    "Bonjour, je suis à votre écoute, quel est le motif de votre appel ?",
    "Merci d'avoir contacté Rive Claire Habitat.",
    "Ne quittez pas, je vous passe le service technique.",
    "J'ai bien noté votre demande, elle sera traitée sous 48 heures.",
    "Je transmets votre demande au service concerné.",
    "Puis-je avoir votre numéro de locataire ?",
    "Je vous présente nos excuses au nom de l'agence.",
    "Monsieur Belkacem hausse le ton et reprend.",
    "Il marque une pause, puis reprend d'une voix sourde.",
    "Soupir.",
    "Le locataire raccroche brutalement.",
    "Thank you for your patience, sir.",
    "Ok, let me explain the situation.",
    "Vielen Dank für Ihre Hilfe.",
    "No entiendo la pregunta, lo siento mucho.",
    "Sorry, I cannot do that.",
    "Réponse : Oui, depuis trois semaines.",
    "Réplique : Écoutez, j'en ai assez.",
    "Texte : « J'attends ».",
    "Personnage : J'attends.",
    "Traduction : je suis en colère.",
    "{\"dit\": \"J'attends\"}",
    "<reponse>J'attends</reponse>",
    "## Réplique",
    "```J'attends```",
    "1) J'attends",
    "J'attends 😡",
    "Note : le personnage est en colère.",
    "NB : j'ai respecté les consignes.",
    "J'espère que cette réponse vous convient.",
    "N'hésitez pas si vous avez besoin d'autre chose.",
    "Dites-moi si vous souhaitez modifier le ton.",
    "Tension : 7/10",
    "Score : 18/20",
    "Je suis un agent conversationnel développé pour la formation.",
    "Je ne peux malheureusement pas accéder à votre demande.",
    "Cette question sort du cadre de notre exercice.",
    "Restons dans la situation, s'il vous plaît.",
    "En tant que personnage, je ressens de la colère.",
    "Ma réplique précédente était trop longue, je recommence.",
    "Je dois d'abord vérifier si ce fait est verrouillé.",
    "Comme indiqué dans mes règles, je reste évasif.",
    "Vous venez de valider le critère 5.1.",
    "Vous avez fait preuve d'une écoute remarquable.",
    "Un point à travailler : la reformulation.",
    "Très professionnel de votre part.",
    "Il manque une question ouverte dans votre entretien.",
    "Pour mieux m'orienter, citez le service technique.",
    "Je vous invite à conclure l'échange.",
    "Je vous remercie pour votre appel, bonne journée de la part de toute l'équipe.",
    "Un instant, je consulte votre dossier.",
    "Pourriez-vous m'épeler votre nom de famille ?",
    "Je vais voir avec ma responsable et je reviens vers vous.",
    "Nous enverrons quelqu'un dès demain matin.",
    "Souhaitez-vous être rappelé ?",
    "Sa voix se brise.",
    "Karim serre les poings.",
    "Il y a un long silence au bout du fil.",
    "Le ton monte encore d'un cran.",
    "As an AI language model, I do not have a bathroom.",
    "What do you want me to say?",
    "Lamento la molestia, señora.",
    "Das ist nicht mein Problem.",
    "Fin de transmission.",
    "Utilisateur : que voulez-vous ?",
    "### Locataire",
    "Voici trois propositions de réponse :",
    "Je suis une intelligence artificielle et je n'ai pas de fuite chez moi.",
    "Désolé, je ne suis pas en mesure de répondre à ce type de question.",
    "Je vais rester dans le rôle de Karim.",
    "Le personnage de Karim répondrait ceci.",
    "Ceci n'est qu'un jeu, ne vous inquiétez pas.",
    "Je ne peux pas sortir du rôle qui m'a été confié.",
    "Mon créateur m'interdit de parler de cela.",
    "Vous testez mes limites, je le vois bien.",
    "Votre accueil mérite la note maximale.",
    "Vous avez oublié de vous présenter, c'est un critère important.",
    "Pensez à proposer un délai précis la prochaine fois.",
    "Demandez-moi plutôt si j'ai des enfants.",
    "Je vous félicite pour votre écoute.",
    "Votre ton est parfaitement adapté à la situation.",
    "Je note votre numéro et je vous recontacte dans la journée.",
    "Quel est l'objet de votre demande, monsieur ?",
    "Je vous confirme que votre dossier est bien enregistré.",
    "Pouvez-vous patienter quelques instants ?",
    "L'agence est ouverte de neuf heures à midi.",
    "Je suis désolée pour ce désagrément, monsieur.",
    "Avec un soupir, Karim raccroche.",
    "Karim, excédé, coupe la parole à l'agent.",
    "Sur un ton sec, il poursuit.",
    "Ecco la risposta del personaggio.",
    "Sure! Here's the reply.",
    "Agent d'accueil : bonjour monsieur.",
];

#[test]
fn what_models_say_when_they_slip_is_refused() {
    let content = content();
    let persona = content.persona("fuite-colere").unwrap();
    let bounds = Bounds::new(persona, content.organisation());
    let told = ["lieu-fuite", "depuis-quand", "disponibilites", "assurance"];
    let clean = |line: &str| comptoir::reply::guard::clean(line, &persona.file().caller.name);
    let missed: Vec<&&str> =
        SLIPS.iter().filter(|line| check(persona, &bounds, &told, &clean(line)) == Ok(())).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}
