//! Every act in four registers (formal, colloquial, hurried typing, dictation), and what only looks like it.

use comptoir::act::Act;

use crate::{Desk, hears_after};

/// What the other had just said.
const LAST_WORDS: &str = "Les travaux de la cour, ça dure depuis le printemps, et personne ne dit rien.";

/// An act, sentences that do it, sentences that do not.
type Row = (Act, [&'static str; 4], &'static [&'static str]);

#[test]
fn every_act_is_heard_in_every_register_and_not_in_what_looks_like_it() {
    let desk = Desk::open();
    let ears = desk.ears("charges-incomprises");
    let mut faults = Vec::new();
    for (act, shows, near) in TABLE {
        for words in shows {
            // Cutting in is told by when the words came, not by which they are.
            let cuts_in = *act == Act::Interruption;
            let heard = hears_after(&ears, words, LAST_WORDS, cuts_in);
            match heard.acts.iter().find(|shown| shown.act == *act) {
                None => faults.push(format!("{act} not heard: {words} -> {:?}", names(&heard))),
                Some(shown) => assert!(words.contains(&shown.quote), "{act}: « {} » not in « {words} »", shown.quote),
            }
        }
        assert!(near.len() >= 2, "{act} wants two sentences that look like it");
        for words in *near {
            if hears_after(&ears, words, LAST_WORDS, false).did(*act) {
                faults.push(format!("{act} wrongly heard: {words}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn no_act_is_left_out() {
    let tried: Vec<Act> = TABLE.iter().map(|(act, ..)| *act).collect();
    assert_eq!(tried, Act::ALL, "one row for each act, in their order");
}

fn names(heard: &comptoir::hearing::Heard) -> Vec<&'static str> {
    heard.acts.iter().map(|shown| shown.act.name()).collect()
}

const TABLE: &[Row] = &[
    (
        Act::Greeting,
        [
            "Bonjour monsieur, je suis à vous.",
            "Bonsoir, entrez donc.",
            "bjr c pr quoi",
            "alors bonjour madame je vous en prie",
        ],
        &["Au revoir monsieur.", "Vous êtes là depuis longtemps ?"],
    ),
    (
        Act::Introduction,
        [
            "Agence des Tilleuls, Claire à votre écoute.",
            "Moi c'est Bilal, je m'occupe de l'accueil.",
            "rive claire habitat bjr",
            "bonjour je m'appelle sandrine je vais vous recevoir",
        ],
        &["Vous vous appelez comment ?", "Je suis désolée d'apprendre cela."],
    ),
    (
        Act::Welcome,
        [
            "Installez-vous, je vous prie, que puis-je pour vous ?",
            "Prenez votre temps, y a pas le feu.",
            "je vs ecoute",
            "asseyez vous on a le temps",
        ],
        &["Je vous écris demain.", "Vous n'avez pas le temps de repasser ?"],
    ),
    (
        Act::Thanks,
        [
            "Je vous remercie de votre confiance.",
            "Merci, c'est gentil d'avoir attendu.",
            "merci pr les infos",
            "merci beaucoup pour ces précisions madame",
        ],
        &["Remettez le courrier au gardien.", "Je vous réponds tout de suite."],
    ),
    (
        Act::Farewell,
        [
            "Je vous souhaite une excellente journée, au revoir.",
            "Allez, bon courage et à bientôt.",
            "bonne journee",
            "au revoir monsieur rentrez bien",
        ],
        &["Bonjour madame.", "Vous aurez une réponse avant jeudi."],
    ),
    (
        Act::Familiarity,
        [
            "Et tu veux quoi exactement ?",
            "Mais ma petite dame, faut pas vous mettre dans cet état.",
            "slt tu peux attendre stp",
            "attends toi je te rappelle quand j'ai ton dossier",
        ],
        &["Baissez d'un ton, monsieur.", "Vous savez où vous étiez."],
    ),
    (
        Act::Acknowledgement,
        [
            "Je vous entends, madame, et votre demande est légitime.",
            "Ah oui, vous avez raison, ça se voit sur la photo.",
            "je comprend bien votre demande",
            "alors je vois que vous avez fait beaucoup de démarches",
        ],
        &["Je comprends, mais le guichet ferme.", "Je ne vous entends pas bien, la ligne est mauvaise."],
    ),
    (
        Act::MechanicalAck,
        [
            "Très bien. Votre numéro de contrat ?",
            "Ok. Ensuite ?",
            "ok c note",
            "d'accord votre adresse s'il vous plaît",
        ],
        &["Je comprends que ce soit pénible, d'accord.", "Le technicien est d'accord pour passer."],
    ),
    (
        Act::Empathy,
        [
            "Ce doit être éprouvant de vivre ainsi.",
            "C'est vraiment pas facile, ce que vous traversez.",
            "ca doit etre dur pr vous",
            "je suis désolée d'apprendre ça vous devez être épuisée",
        ],
        &["Vous devez remplir le formulaire.", "Le courrier doit être signé."],
    ),
    (
        Act::AngerNamed,
        [
            "Votre colère est compréhensible, monsieur.",
            "Franchement, y a de quoi être furax, je serais pareil.",
            "je comprend ke vs soyez en colere",
            "je vois bien que vous êtes énervé et je comprends pourquoi",
        ],
        &["Ce n'est pas une raison.", "Le couloir est à votre gauche."],
    ),
    (
        Act::Belief,
        [
            "Vous avez bien fait de nous prévenir.",
            "Je vous crois, hein, pas de souci.",
            "merci de me l avoir dit",
            "vous n'avez rien à prouver je vous crois sur parole",
        ],
        &["Je crois que le bureau est fermé.", "Vous avez bien reçu le courrier ?"],
    ),
    (
        Act::Prompt,
        [
            "Dites-m'en davantage, je vous prie.",
            "Allez-y, racontez.",
            "dites moi tt",
            "et ensuite qu'est-ce qui s'est passé",
        ],
        &["Je vous dirai tout demain.", "La suite est au dos du courrier."],
    ),
    (
        Act::Echo,
        // Against LAST_WORDS.
        [
            "Des travaux dans la cour depuis le printemps, je le note.",
            "Ah, la cour et les travaux, oui.",
            "travaux ds la cour ok",
            "donc les travaux de la cour ça dure toujours",
        ],
        &["Vous avez reçu un courrier ?", "Un instant, je regarde dans la base."],
    ),
    (
        Act::OpenQuestion,
        [
            "Que s'est-il passé exactement, monsieur ?",
            "C'est quoi le souci ?",
            "expliquez moi svp",
            "comment ça se passe chez vous en ce moment",
        ],
        &["Quel âge a votre fils ?", "Le formulaire explique tout."],
    ),
    (
        Act::ClosedQuestion,
        [
            "Depuis quelle date habitez-vous cet immeuble ?",
            "Et là, ça coule encore ?",
            "vs etes combien",
            "est-ce que vous avez gardé la lettre",
        ],
        &["Je regarde depuis quand vous êtes locataire.", "Qu'est-ce qui vous amène ?"],
    ),
    (
        Act::IdentityQuestion,
        [
            "Puis-je avoir votre nom et votre adresse, je vous prie ?",
            "Vous vous appelez comment ?",
            "votre num de dossier svp",
            "votre date de naissance s'il vous plaît",
        ],
        &["Je vous donne le nom du technicien.", "L'adresse de la mairie est au dos."],
    ),
    (
        Act::QuestionBurst,
        [
            "Où êtes-vous, depuis quand, avec qui, et combien de pièces avez-vous ?",
            "C'est où ? C'est quand ? Et combien ? Et vous avez appelé qui ?",
            "c ou ? dps qd ? cb de pieces ? qui est la ?",
            "alors c'est où exactement depuis quand ça dure est-ce que vous avez des enfants et combien vous payez par mois",
        ],
        &["Depuis quand, et dans quelle pièce ?", "Où habitez-vous ?"],
    ),
    (
        Act::Reformulation,
        [
            "Si je vous ai bien compris, vous contestez le montant des charges.",
            "Donc si je résume, la lettre est arrivée hier.",
            "si jai bien compris vs voulez payer en 3 fois",
            "alors je reprends vous avez reçu deux courriers et personne ne vous a répondu",
        ],
        &["Je reprends mon poste à quatorze heures.", "Vous avez compris le courrier ?"],
    ),
    (
        Act::Validation,
        ["Est-ce exact, madame ?", "J'ai tout bon, c'est bien ça ?", "c bien ca ?", "corrigez moi si je me trompe"],
        &["C'est bien d'être venu.", "Vous confirmerez par courrier."],
    ),
    (
        Act::ComprehensionCheck,
        [
            "Ai-je été assez clair sur les délais ?",
            "Y a un point flou, un truc que j'ai mal expliqué ?",
            "c clair pr vs ?",
            "vous pouvez me redire avec vos mots ce que vous allez faire",
        ],
        &["C'est d'accord ?", "Le courrier est clair."],
    ),
    (
        Act::FormalCheck,
        ["Cela vous convient ?", "Ça va, comme ça ?", "ok ?", "on fait comme ça d'accord"],
        &["Le voisin est d'accord avec vous.", "Est-ce que ce que je viens d'expliquer est bien clair pour vous ?"],
    ),
    (
        Act::AnythingElse,
        [
            "Souhaitez-vous aborder autre chose ?",
            "Autre chose avec ça ?",
            "besoin d autre chose ?",
            "ce sera tout pour aujourd'hui",
        ],
        &["L'autre porte, à droite.", "Je note la chose suivante."],
    ),
    (
        Act::Explanation,
        [
            "Cette somme est demandée parce que les provisions n'ont pas suffi.",
            "En gros, ça veut dire que vous avez payé d'avance.",
            "c pr eviter une coupure",
            "d'abord on envoie le technicien ensuite on commande la pièce",
        ],
        &["Je regarde votre dossier.", "Vous avez le courrier sous les yeux ?"],
    ),
    (
        Act::Example,
        [
            "Prenons un exemple : par exemple, l'ascenseur de votre hall.",
            "C'est un peu comme quand on partage l'addition.",
            "c comme un acompte",
            "imaginez une cagnotte que tout l'immeuble remplit",
        ],
        &["Comme vous voulez.", "Je fais comme d'habitude."],
    ),
    (
        Act::Jargon,
        [
            "Votre dossier passera en CALEOL le mois prochain.",
            "Faut voir ça avec le GTS.",
            "g besoin du cerfa",
            "on va lancer un ordre de service et puis on verra",
        ],
        &["La CALEOL, c'est la commission qui attribue les logements.", "Je vous donne un reçu pour votre demande."],
    ),
    (
        Act::VagueRule,
        [
            "C'est le règlement, madame, je n'y peux rien.",
            "Normalement, ça se fait pas.",
            "c la procedure",
            "en principe c'est comme ça pour tout le monde",
        ],
        &["La loi donne deux mois au bailleur pour répondre.", "Le régime normal de chauffe a repris."],
    ),
    (
        Act::Apology,
        [
            "Je vous présente toutes nos excuses pour ce retard.",
            "Désolé pour l'attente, vraiment.",
            "dsl pr le retard",
            "excusez-moi madame c'est notre erreur",
        ],
        &["Il n'y a pas d'excuse valable au dossier.", "Ne vous excusez pas, c'est mon travail."],
    ),
    (
        Act::Boundary,
        [
            "Je ne peux pas accepter que vous m'insultiez, et je reste là pour vous aider.",
            "Je veux bien vous aider, mais sans crier, d'accord ?",
            "je vs demande de rester correct",
            "je vous demande simplement de me parler avec respect",
        ],
        &["Je vous demande votre nom.", "Je ne peux pas accepter ce chèque sans signature."],
    ),
    (
        Act::CalmOrder,
        ["Je vous prie de vous calmer.", "Oh, du calme, hein.", "calmez vs svp", "arrêtez de crier madame"],
        &["C'est un quartier calme.", "Prenez un moment, on a le temps."],
    ),
    (
        Act::Defensive,
        [
            "Ce n'est pas de mon ressort, je ne suis que l'accueil.",
            "J'y peux rien, moi.",
            "c pas ma faute",
            "moi je fais que mon travail monsieur",
        ],
        &["Ce n'est pas de votre faute.", "Je m'en occupe moi-même."],
    ),
    (
        Act::Judgement,
        [
            "Vous auriez dû nous prévenir plus tôt.",
            "Fallait y penser avant.",
            "vs aviez ka lire le courrier",
            "il fallait pas attendre trois mois pour venir",
        ],
        &["Il fallait un plombier, il est passé.", "Vous auriez un moment jeudi ?"],
    ),
    (
        Act::Doubt,
        [
            "Êtes-vous bien certain d'avoir appelé notre agence ?",
            "Ça m'étonnerait quand même.",
            "c vous qui le dites",
            "vous avez une preuve de ce que vous avancez",
        ],
        &["Je vous crois.", "Pour être sûre, je relis votre adresse."],
    ),
    (
        Act::Irony,
        [
            "Félicitations, vous êtes le centième aujourd'hui à vous plaindre.",
            "Bravo, quelle organisation.",
            "vs revez",
            "vous voulez pas un café non plus",
        ],
        &["Voulez-vous vous asseoir un moment ?", "Vous n'êtes pas seule, on va chercher ensemble."],
    ),
    (
        Act::Aggression,
        [
            "Je vous prie de vous taire, taisez-vous.",
            "Vous me fatiguez, là.",
            "degagez",
            "j'en ai marre de vous entendre",
        ],
        &["Vous devez être fatigué.", "Sortez de l'immeuble, puis appelez les secours."],
    ),
    (
        Act::Threat,
        [
            "Vous risquez l'expulsion si cela continue.",
            "Je vous préviens, j'appelle la police.",
            "vs finirez a la rue",
            "les huissiers vont venir chez vous",
        ],
        &[
            "Les huissiers ne viennent pas comme ça.",
            "Vous avez appelé la police ce soir-là ?",
            "Personne ne parle d'expulsion, vous ne risquez rien.",
        ],
    ),
    (
        Act::Discrimination,
        [
            "Dans votre culture, on ne fait peut-être pas ainsi.",
            "Ces gens-là, ils font toujours du bruit.",
            "retournez ds votre pays",
            "bah les étrangers passent toujours en premier",
        ],
        &["Les mêmes règles valent pour tout le monde.", "Ces gens qui vous ont reçue, ce sont mes collègues."],
    ),
    (
        Act::Minimising,
        [
            "Il y a plus grave, vous savez.",
            "C'est pas la mort non plus.",
            "c pas si grave",
            "ça finira par passer c'est la vie en collectivité",
        ],
        &["Il y a plus simple : je vous rappelle.", "C'est grave, et je m'en occupe."],
    ),
    (
        Act::Dismissal,
        [
            "Adressez-vous à la mairie, je ne peux rien faire pour vous.",
            "Repassez un autre jour.",
            "allez voir sur le site",
            "faut patienter monsieur on verra ça plus tard",
        ],
        &["Rappelez-moi votre nom, s'il vous plaît.", "Je vous rappelle demain matin."],
    ),
    (
        Act::Impatience,
        [
            "Soyez bref, je vous prie.",
            "Dépêchez-vous, j'ai pas que ça à faire.",
            "faites vite",
            "il y a du monde derrière vous alors venez-en au fait",
        ],
        &["Combien de fois avez-vous appelé ?", "Je vais faire vite pour que vous n'attendiez pas."],
    ),
    (
        Act::Interruption,
        [
            "Je vous arrête, votre nom s'il vous plaît.",
            "Ouais ouais, j'ai compris.",
            "attendez g une question",
            "oui alors coupez le gaz et sortez tout de suite",
        ],
        &["Je vous coupe une seconde.", "Oui, je vous écoute."],
    ),
    (
        Act::Discretion,
        [
            "Souhaitez-vous que nous allions dans un bureau, à l'écart ?",
            "Venez, on sera plus tranquilles à côté.",
            "ca reste entre ns",
            "personne ne nous entend ici vous pouvez parler librement",
        ],
        &["Le bureau de poste est fermé.", "Vous habitez à côté ?"],
    ),
    (
        Act::Adaptation,
        [
            "Je vais vous l'expliquer plus lentement, avec des mots simples.",
            "On le remplit tous les deux, tranquille.",
            "je vs accompagne",
            "je vous écris tout sur une feuille en gros",
        ],
        &["Remplissez ce formulaire.", "Signez en bas de la feuille."],
    ),
    (
        Act::Safety,
        [
            "N'allumez aucune lumière et sortez de l'immeuble.",
            "Coupez le courant, on sait jamais.",
            "ouvrez les fenetres",
            "surtout éteignez tout et appelez le 18",
        ],
        &["Le courant est passé entre vous.", "La fenêtre ferme mal depuis quand ?"],
    ),
    (
        Act::Urgency,
        [
            "Je considère que c'est une urgence.",
            "Ça peut pas attendre, je m'en occupe tout de suite.",
            "c urgent",
            "il faut que quelqu'un passe dans la journée",
        ],
        &["Rien ne presse.", "Votre journée a été longue."],
    ),
    (
        Act::Referral,
        [
            "C'est le service compétent qui vous répondra.",
            "C'est la CAF qui gère ça.",
            "voyez avec la mairie",
            "je vous oriente vers l'assistante sociale",
        ],
        &["Je vous réponds moi-même.", "Vous allez à la poste ?"],
    ),
    (
        Act::Transmission,
        [
            "Je transmets votre demande au service technique.",
            "Je fais remonter ça à qui de droit.",
            "jenvoie ca au service compta",
            "j'enregistre votre réclamation et je préviens le gardien",
        ],
        &["Vous avez transmis un courrier ?", "Je ne transmets pas ce numéro."],
    ),
    (
        Act::Relay,
        [
            "Je vais demander à ma responsable de nous rejoindre.",
            "Bougez pas, je vais chercher un collègue.",
            "jappelle ma chef",
            "je préviens l'astreinte immédiatement",
        ],
        &["Vous avez parlé à votre responsable ?", "Le gardien est absent."],
    ),
    (
        Act::RelayReason,
        [
            "Elle seule est habilitée, parce que c'est elle qui décide.",
            "Lui il pourra vous répondre sur les chiffres.",
            "c elle qui suit le dossier",
            "je l'appelle pour qu'elle vérifie avec vous",
        ],
        &["Elle est absente aujourd'hui.", "Je m'appelle Élise."],
    ),
    (
        Act::Proposal,
        [
            "Je vous propose un échéancier sur six mois.",
            "On peut aussi demander un étalement.",
            "on peut prendre un rdv",
            "ce que je peux faire c'est voilà ce que je vous propose",
        ],
        &["Vous pouvez répéter ?", "Il a proposé quoi, le gardien ?"],
    ),
    (
        Act::Instruction,
        [
            "Vous devrez fournir votre avis d'imposition.",
            "Faudra me rapporter le papier.",
            "remplissez le formulaire svp",
            "il faut envoyer un courrier à la caisse",
        ],
        &["Je remplis le formulaire pour vous.", "Vous avez apporté quoi ?"],
    ),
    (
        Act::Involvement,
        [
            "Quel jour vous arrangerait le mieux ?",
            "Ça vous dirait qu'on l'appelle ensemble ?",
            "vs preferez mardi ou jeudi",
            "est-ce que vous seriez d'accord pour qu'on regarde ensemble",
        ],
        &["Je fixe le rendez-vous à mardi.", "Le technicien décidera."],
    ),
    (
        Act::FollowUp,
        [
            "Je vous rappelle personnellement jeudi avant dix-huit heures.",
            "J'vous passe un coup de fil demain matin.",
            "je vs rappelle lundi",
            "la conseillère vous appellera vendredi après-midi",
        ],
        &["On vous rappellera.", "Vous avez appelé lundi ?"],
    ),
    (
        Act::VagueFollowUp,
        [
            "Vous serez recontacté ultérieurement.",
            "On vous tient au jus, quelqu'un vous rappellera.",
            "on vs rappel",
            "ils passeront quand ils pourront",
        ],
        &["Je vous rappelle demain à dix heures.", "Ils vous ont rappelé ?"],
    ),
    (
        Act::Promise,
        [
            "Je vous garantis que la somme sera remboursée.",
            "Promis, c'est comme si c'était fait.",
            "vs inquietez pas, c sur",
            "je vous promets que vous aurez un logement avant l'été",
        ],
        &["Je ne peux rien vous promettre.", "Qui vous a promis cela ?", "Le délai n'est pas garanti."],
    ),
    (
        Act::Caution,
        [
            "Je ne saurais vous garantir ce délai.",
            "Je vais être franche, ça dépend pas de moi.",
            "je vs promet rien",
            "sous réserve de l'accord de la commission",
        ],
        &["Je vous promets que oui.", "Ça dépend de l'étage."],
    ),
    (
        Act::Refusal,
        [
            "Je ne suis pas autorisée à vous communiquer ces informations.",
            "Non, ça, je peux pas vous le dire.",
            "impossible de vs donner ca",
            "je n'ai pas le droit de vous donner son adresse",
        ],
        &[
            "C'est pas possible de rester comme ça.",
            "Je comprends que ce soit impossible à vivre.",
            "Je peux vous donner ce numéro.",
        ],
    ),
    (
        Act::Hold,
        [
            "Veuillez patienter un instant, je vous prie.",
            "Bougez pas, je regarde.",
            "2 sec je reviens",
            "ne quittez pas je consulte votre dossier",
        ],
        &["Vous avez attendu deux heures ?", "On quitte le bureau à midi."],
    ),
    (
        Act::Disclosure,
        [
            "Votre voisine est partie en mars, elle habite rue Pasteur maintenant.",
            "Ben il doit trois mois de loyer, votre frère.",
            "elle a demenage en juin",
            "oui elle est toujours locataire chez nous",
        ],
        &["Votre voisin, vous lui avez parlé ?", "Je ne dis rien d'un autre locataire."],
    ),
    (
        Act::SmallTalk,
        [
            "Il fait un temps magnifique, n'est-ce pas ?",
            "Fait pas chaud, hein, dehors.",
            "il fait beau chez vs",
            "quel temps on a en ce moment",
        ],
        &["Il fait froid dans votre salon ?", "Vous avez le temps de repasser ?"],
    ),
];
