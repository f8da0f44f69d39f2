//! Words that only someone outside the situation, or on the other side of the counter, would say.
//!
//! Input: a sentence, read. Output: the [`Breach`], if its words leave the role. Invariant: patterns are of what is said,
//! not of whole sentences; none of them stands in a persona's own lines.

use std::sync::LazyLock;

use super::Breach;
use crate::language::{Phrases, PhrasesBuilder, Text, fold};
use crate::persona::Persona;

/// Where the words lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaves {
    Role,
    Coaches,
    Trainee,
    Stage,
}

/// Speaks as a program, or about the exercise.
const ROLE: &[&str] = &[
    "comme indique|prevu|precise .. regles|consignes|fiche",
    "en mesure de|d .. repondre|fournir|traiter|reveler",
    "rester|reste|sortir|sors|quitter|quitte .. role",
    "qu|un|simple =jeu",
    "mon|mes createur|createurs|concepteur|concepteurs|developpeur|developpeurs",
    "testez|teste|tester mes limites",
    "merite|meritez|merites .. note|points|mention",
    "note maximale|maximum",
    "acceder|donner|suite|repondre a votre|cette demande|requete",
    "restons|rester|revenons|reprenons dans|a la situation|scene|jeu",
    "en tant que personnage",
    "fait|faits|information|informations .. verrouille|verrouillee|verrouilles|deverrouille",
    "dans|selon|d apres mes regles|consignes|instructions",
    "^ fin de|d|du (la|l) =transmission|=echange|=appel|=conversation|=exercice|=scene|=simulation",
    "propositions|exemples|variantes|options de|d =reponse|=reponses|=replique|=repliques",
    "suis|etais|serais|reste .. =programme|=automate|=logiciel|=robot|=modele|=bot|=assistant",
    "suis|etais|ete =programme|=programmee|=entraine|=entrainee|=concu|=concue|=configure|=configuree pour|par|afin",
    "fictif|fictive|fictifs|fictives",
    "donnees|base .. apprentissage|connaissances",
    "regles|conditions .. utilisation|confidentialite",
    "enfreint|viole|contrevient .. regles|directives|politique",
    "selon ma fiche",
    "ma fiche .. personnage|indique|precise",
    "niveau|jauge|score|indice de tension|confiance|colere|stress|trust",
    "ma confiance|tension est|passe|monte|descend .. =a",
    "gagne|gagner ma confiance",
    "voici|voila .. suite|dialogue|replique|reponse|reformulation",
    "continuer|continue|poursuivre|modifier|adapter|ajuster|reecrire|reformuler .. dialogue|ton|personnage|conversation|scene|replique|texte|role",
    "que je|j .. simule|joue|modifie|reformule|reecrive",
    "vous aider .. entrainer|exercer|progresser|reviser|preparer",
    "cette reponse|replique|version .. convient|convienne|aide|satisfait",
    "hesitez pas si vous",
    "si vous avez d autres questions|demandes",
    "intelligence artificielle",
    "modele (de) langage|linguistique",
    "modele d ia",
    "=ia",
    "=chatgpt|=gpt|=openai|=mistral|=llama|=claude|=gemini|=ollama|=copilot",
    "agent conversationnel",
    "chatbot|chat bot",
    "assistant virtuel|vocal|numerique|conversationnel|ia",
    "en tant qu|que .. assistant|programme|modele|robot|logiciel",
    "je suis|etais un|une|l|votre assistant|programme|robot|machine|modele|simulation|logiciel|bot",
    "je ne suis|etais pas un|une vrai|vraie|veritable|reelle|reel",
    "jeu|jeux de role",
    "joue|jouer|incarne|interprete .. role|personnage",
    "mon|du|le|ce personnage",
    "role de|d|du|que je joue",
    "mon|mes|ton|tes|vos|leurs|les|ces|sans|nouvelle|nouvelles (nouvelles|nouveaux|precedentes) =consigne|=consignes|=directive|=directives|=instruction|=instructions",
    "=instructions|=consignes (initiales|systeme|precedentes|recues)",
    "=prompt|=prompts",
    "message systeme",
    "mode developpeur|debug|admin|test",
    "cette|la|notre|une|en simulation",
    "=scenario|=scenarios",
    "cet|l|un|notre exercice|entrainement|evaluation",
    "mise en situation",
    "(vous) etes|cher|chere|tant|que|le|au|du|vous =stagiaire|=apprenant",
    "=apprenant|=apprenante|=formateur|=formatrice|=examinateur|=examinatrice|=correcteur|=evaluateur",
    "=referentiel|=bareme|=indicateur|=indicateurs|=critere|=criteres|=competence|=competences",
    "grille (d) evaluation|notation|scoring",
    "note|score|points|resultat de|d|sur vingt|20|100|cent",
    "=vingt|=20|=19|=18|=17|=16|=15|=14|=12|=10|=dix =sur =vingt|=20|=dix|=10",
    "=certification|=reformulation|=reformulations",
    "ecoute active",
    "donnees d entrainement",
    "je ne peux|suis pas .. repondre|aider|fournir|divulguer|reveler|partager|discuter|traiter .. demande|requete|sujet|information|informations|contenu",
    "cette|votre requete",
    "=text|=json|=xml|=html|=markdown|=token|=tokens",
    "texte|reponse|replique genere|generee",
    "replique|repliques",
    "voici|voila (ma|la|une|votre) replique|reponse|reformulation|version|liste|dialogue|conversation",
    "fin de l|du|la conversation|exercice|simulation|dialogue|jeu|scene",
    "les|des faits suivants|autorises|verrouilles|caches|secrets",
];

/// Tells the trainee how to do the job, or how well it was done.
const COACHES: &[&str] = &[
    "=demandez =moi plutot si",
    "vous felicite",
    "votre ton|voix|attitude|posture .. adapte|adaptee|appropriee|approprie|juste",
    "avez|as fait preuve de|d",
    "tres professionnel|professionnelle de votre part",
    "question|questions ouverte|fermee|ouvertes|fermees",
    "il manque .. question|reformulation|empathie|ecoute",
    "dans votre entretien|approche|discours",
    "pour mieux|bien m|l|me .. orienter|accueillir|aider",
    "vous =auriez|=pourriez|=devriez .. plus .. empathie|ecoute|bienveillance|calme",
    "excellente|excellent|parfaite|belle facon|maniere de|d",
    "posez|poser|pose les|de (tres) bonnes questions",
    "bien joue pour",
    "faudrait|faut|devez|devriez .. me demander|reformuler|conclure",
    "vous =n =avez|=aviez pas .. verifie|reformule .. mon|ma|l",
    "=devriez|=auriez|=pourriez .. reformuler|empathie|verifier|conclure|orienter",
    "bonne|excellente|belle|parfaite reformulation|ecoute|reponse|attitude|posture|accroche|approche",
    "tres bon|excellent|beau travail|accueil|entretien|reflexe",
    "bravo pour votre|vos|avoir|cette|cet",
    "vous avez (bien|parfaitement|correctement) reformule|gere|conduit|mene|reagi|applique",
    "je vous|te conseille|suggere|recommande|invite .. reformuler|dire|demander|poser|proposer|montrer|preuve|rester",
    "pensez|essayez|oubliez|hesitez .. reformuler|verifier|proposer|orienter|conclure",
    "pour (bien|mieux) accueillir|gerer|conduire|mener",
    "axe|axes|point|points d|a amelioration|ameliorer",
    "point|points fort|forts",
    "votre|vos empathie|professionnalisme|bienveillance|posture|reformulations",
    "un|une (bon|bonne) agent|conseiller|conseillere|charge|chargee d accueil .. dire|dirait|devrait|doit|aurait|demanderait",
    "prochaine fois .. reformuler|dites|demandez|essayez|pensez",
    "=feedback|=debrief|=debriefing",
    "^ conseil|astuce|indice",
];

/// Says what only the person at the desk says.
const TRAINEE: &[&str] = &[
    "je|nous vous =recontacte|=recontactons|=rappellerons",
    "l objet de|d votre|l",
    "=pouvez|=pourriez|=veuillez vous .. patienter",
    "desole|desolee|desolés|navre|navree .. desagrement|gene|attente|inconvenient",
    "je|nous vous invite|invitons a",
    "remercie|remercions .. pour|de votre appel|visite|confiance|patience",
    "de la part de .. equipe|agence|service",
    "je vais voir avec ma|mon|un|une =responsable|=collegue|=chef|=superieur|=superieure",
    "nous (vous|allons|les|l) =enverrons|=rappellerons|=recontacterons|=programmerons|=planifierons|=traiterons|=reviendrons|=interviendrons",
    "=souhaitez vous etre|que|prendre|rencontrer|deposer|un|une",
    "=veuillez",
    "puis|peux|pouvons je|nous .. vous aider|renseigner|etre",
    "puis|peux|pouvons je|nous faire pour vous",
    "=puis je avoir|connaitre|prendre|savoir .. votre|vos",
    "motif de|du|d votre|l appel|visite|venue|demande",
    "a votre ecoute|disposition|service",
    "ne quittez pas",
    "je vous passe .. service|collegue|responsable|gestionnaire|technicien|conseiller",
    "presente|presentons|presenter .. nos excuses",
    "au nom de|du|d l|la|notre agence|service|bailleur|organisme",
    "merci d|de avoir|votre .. contacte|appele|appel|patience|confiance|comprehension",
    "ai bien|bonne (pris) note|noter .. demande|votre",
    "votre demande|dossier|reclamation (sera|est|va|a) (bien) (etre) traite|traitee|transmise|transmis|enregistree|enregistre",
    "=pourriez|=pouvez vous me|m donner|communiquer|preciser|indiquer|rappeler|confirmer|epeler .. votre|vos nom|numero|adresse|coordonnees|dossier|telephone|date|prenom",
    "quel|quelle|quels est|sont votre|vos numero|nom|adresse|date|demande|telephone|dossier|coordonnees|prenom|disponibilites",
    "je consulte|ouvre|regarde|verifie|retrouve|vois votre|vos dossier|fiche|reclamation",
    "je vais|viens|peux (consulter|ouvrir|regarder) (de) ouvrir|enregistrer|creer|transmettre|transferer|saisir .. reclamation|demande|dossier|ticket|intervention|appel|service",
    "je|nous enregistre|enregistrons|cree|creons|transmets|transmettons|saisis|saisissons|ouvre|ouvrons|transfere (bien) (votre|la|une|vos) reclamation|demande|dossier|ticket|appel|intervention",
    "je vous mets|met|mettre en relation|attente|contact",
    "je vous (re) transfere|oriente|transferer|orienter|rappelle|rappellerai avant|vers|au|a|dans|sous",
    "je reste|reste a votre (entiere) disposition",
    "je comprends (bien|tout a fait|parfaitement) (votre|que vous) colere|frustration|inquietude|situation|mecontentement|desarroi|soyez|etes|demande",
    "nous allons [faire le necessaire|traiter|programmer|envoyer|planifier|intervenir]",
    "ai je bien compris|reformule",
    "si j|je ai bien compris .. vous",
    "si je comprends bien .. vous",
    "agence .. bonjour",
    "y a t il autre chose .. aider|pour vous",
];

/// Tells what the character does.
const STAGE: &[&str] = &[
    "^ sa|la|d voix se|s|tremble|monte|baisse|craque",
    "^ il y a|avait un (long|lourd) silence",
    "^ le ton monte|baisse|redescend|retombe",
    "parole a|de l|au|du agent|agente|conseiller|conseillere|receptionniste",
    "marque|marquant|apres une|un (longue|long) pause|silence",
    "puis reprend|ajoute|enchaine|conclut",
    "^ il|elle soupire|raccroche|hausse|fronce|croise|sourit|sanglote|renifle|hesite|rougit|palit",
    "^ le|la|l locataire|locatrice|client|cliente|homme|femme|personne|voix|personnage soupire|raccroche|hausse|fronce|croise|sourit|sanglote|renifle|hesite|rougit|crie|baisse|leve|tremble|se|s",
    "^ soupire|soupir|hesitant|hesite $",
    "^ en soupirant|larmes $",
    "^ (un) (long) soupir|silence|pause $",
    "^ d une voix",
    "^ avec un|une .. ton|soupir|voix|sourire|regard",
    "^ sur|d un ton",
    "leve|levant les yeux au ciel",
    "hausse|haussant (les) epaules",
    "didascalie|rideau|hors champ",
];

static LEAVES: LazyLock<Phrases<Leaves>> = LazyLock::new(|| {
    let mut builder = PhrasesBuilder::new();
    for (leaves, patterns) in
        [(Leaves::Role, ROLE), (Leaves::Coaches, COACHES), (Leaves::Trainee, TRAINEE), (Leaves::Stage, STAGE)]
    {
        for pattern in patterns {
            builder.add(leaves, pattern);
        }
    }
    builder.build()
});

/// How a sentence leaves the role, if it does.
pub(super) fn left(text: &Text, persona: &Persona) -> Option<Breach> {
    if has_label(text.original(), OTHERS) {
        return Some(Breach::SpeaksForTrainee);
    }
    if has_label(text.original(), HEADINGS) {
        return Some(Breach::OutOfRole);
    }
    if gives_a_mark(text.original()) {
        return Some(Breach::OutOfRole);
    }
    if names_itself_from_outside(text, persona) {
        return Some(Breach::StageDirection);
    }
    LEAVES.find(text).into_iter().next().map(|found| match found.label {
        Leaves::Role => Breach::OutOfRole,
        Leaves::Coaches => Breach::Coaches,
        Leaves::Trainee => Breach::SpeaksForTrainee,
        Leaves::Stage => Breach::StageDirection,
    })
}

/// « 20/20 », « 15 / 20 ».
fn gives_a_mark(sentence: &str) -> bool {
    sentence.match_indices('/').any(|(at, _)| {
        let before = sentence[..at].trim_end().ends_with(|c: char| c.is_ascii_digit());
        let after: String = sentence[at + 1..].trim_start().chars().take_while(char::is_ascii_digit).collect();
        before && matches!(after.as_str(), "10" | "20" | "100")
    })
}

/// « Réponse : », « Tension : » at the start: words about the words.
const HEADINGS: &[&str] = &[
    "reponse",
    "replique",
    "texte",
    "personnage",
    "traduction",
    "note",
    "nb",
    "tension",
    "score",
    "confiance",
    "humeur",
    "contexte",
    "remarque",
    "analyse",
    "explication",
    "resume",
    "suite",
    "dialogue",
    "scene",
    "situation",
    "ton",
    "emotion",
    "version",
    "option",
    "exemple",
    "consigne",
    "instruction",
    "conseil",
    "indice",
    "commentaire",
];

/// « Agent : », « Vous : », « Conseillère (souriante) : » at the start of a line.
fn has_label(sentence: &str, labels: &[&str]) -> bool {
    sentence.lines().any(|line| {
        line.trim_start_matches(['—', '–', '-', ' ']).split_once(':').is_some_and(|(label, _)| {
            let mut words = label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            let first = words.next().map(fold).unwrap_or_default();
            labels.contains(&first.as_str()) && words.count() <= 3
        })
    })
}

/// Who else may speak.
const OTHERS: &[&str] = &[
    "agent",
    "agente",
    "conseiller",
    "conseillere",
    "vous",
    "accueil",
    "charge",
    "chargee",
    "receptionniste",
    "stagiaire",
    "standard",
    "hote",
    "hotesse",
    "bailleur",
    "user",
    "assistant",
    "system",
    "systeme",
    "narrateur",
    "moi",
    "toi",
    "lui",
    "formateur",
    "locataire",
    "client",
    "cliente",
    "utilisateur",
    "correcteur",
    "role",
];

/// « Karim Belkacem soupire. », « Monsieur Belkacem hausse le ton. »: one's own family name, then a verb in the third person.
fn names_itself_from_outside(text: &Text, persona: &Persona) -> bool {
    let names: Vec<String> = persona.file().caller.name.split_whitespace().map(fold).collect();
    let tokens = text.tokens();
    let at = tokens.iter().take(3).rposition(|token| names.contains(&token.form));
    at.is_some_and(|at| {
        // « Belkacem, avec un c. », « C'est Belkacem. » introduce oneself.
        let next = tokens.get(at + 1);
        let introduced = at > 0
            && !matches!(tokens[at - 1].form.as_str(), "monsieur" | "madame" | "m" | "mme")
            && !persona.file().caller.name.split_whitespace().any(|word| fold(word) == tokens[at - 1].form);
        next.is_some_and(|next| {
            !introduced
                && text.original()[tokens[at].bytes.end..next.bytes.start].chars().all(char::is_whitespace)
                && next.form.ends_with('e')
                && !matches!(next.form.as_str(), "de" | "je" | "ce" | "le" | "que" | "comme" | "locataire" | "appelle")
        })
    })
}
