//! Words that mean nearly the same at a reception desk, gathered under one name.
//!
//! Input: a stem. Output: the concept it belongs to, if any. Invariant: a stem belongs to one concept.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::stem::stem;
use super::text::fold;

/// The concept of a stem.
pub(super) fn of(stem: &str) -> Option<&'static str> {
    static INDEX: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        let mut index = HashMap::new();
        for (name, words) in CONCEPTS {
            for word in words.split_whitespace() {
                index.entry(super::concept::key(word)).or_insert(*name);
            }
        }
        index
    });
    INDEX.get(stem).copied()
}

fn key(word: &str) -> String {
    stem(&fold(word))
}

const CONCEPTS: &[(&str, &str)] = &[
    ("+ou", "où endroit lieu emplacement localiser situer situé située coin niveau position"),
    ("+quand", "quand date dater remonte moment commencé débuté début démarré démarre commence apparu apparaître"),
    ("+duree", "longtemps durée dure durer bail temps traîne"),
    ("+combien", "combien quantité nombre fréquence fréquent souvent environ mesurer volume"),
    ("+voir", "regarder voir apercevoir constater remarquer observer"),
    ("+dire", "dire raconter expliquer décrire préciser indiquer détailler parler"),
    ("+personne", "personne gens quelqu monde autres habitants occupants"),
    ("+famille", "famille foyer ménage maisonnée"),
    ("+enfant", "enfant enfants bébé petit petite petits gamin gamine gosse fils fille nourrisson mioche bambin môme"),
    ("+conjoint", "conjoint mari femme épouse époux compagnon compagne ami concubin monsieur ex"),
    ("+voisin", "voisin voisine voisins voisinage"),
    (
        "+logement",
        "logement appartement appart maison habitation domicile chez habiter habite vivre vit loge logé résider",
    ),
    ("+travail", "travail travailler bosser boulot métier emploi job profession poste employeur entreprise gagne-pain"),
    ("+argent", "argent revenus ressources salaire gagner gagne paie toucher touche rentrées budget moyens euros"),
    ("+payer", "payer régler verser rembourser acquitter débourser solder paiement règlement"),
    ("+dette", "dette dettes impayé impayés retard retards arriéré doit devez crédit"),
    ("+loyer", "loyer loyers échéance"),
    ("+charges", "charges provision provisions régularisation décompte"),
    (
        "+papier",
        "papier papiers document documents pièce pièces justificatif courrier lettre feuille avis formulaire imprimé",
    ),
    ("+telephone", "téléphone portable numéro joindre joignable mobile appeler rappeler fixe contacter coordonnées"),
    ("+mail", "mail email courriel adresse-mail messagerie e-mail"),
    ("+internet", "internet ligne ordinateur site web informatique numérique"),
    (
        "+dispo",
        "disponible disponibilité disponibilités créneau créneaux horaire horaires passer passage visite présent libre",
    ),
    ("+jour", "jour journée matin matinée après-midi midi soir semaine"),
    ("+danger", "danger dangereux risque risques sécurité peur menace grave craindre"),
    (
        "+electricite",
        "électricité électrique courant prise lampe lumière lumières ampoule plafonnier luminaire interrupteur disjoncteur éclairage fil fils lampes jus",
    ),
    ("+eau", "eau fuite infiltration goutte gouttes couler coule dégouline ruisselle inondation inondé mouillé"),
    ("+chauffage", "chauffage radiateur radiateurs chaudière chauffer chauffez chauffe chaleur"),
    ("+froid", "froid froide froids gelé glacial température degrés thermomètre"),
    ("+bruit", "bruit bruits tapage boucan raffut vacarme musique nuisance nuisances sonore sonores"),
    ("+assurance", "assurance assurances assureur mutuelle sinistre constat"),
    ("+police", "police policiers gendarmes commissariat plainte main-courante"),
    ("+sante", "santé malade maladie médecin médical asthme traitement handicap soigner souffrir souffrez hôpital"),
    ("+aide", "aide aider aides aidé soutien accompagner accompagnement épauler"),
    ("+social", "social sociale assistante assistant ccas"),
    ("+mot", "mot mots terme termes vocabulaire"),
    ("+comprendre", "comprendre compris clair claire saisir saisi piger compréhension"),
    ("+ville", "ville commune quartier secteur secteurs arrondissement coin"),
    ("+dormir", "dormir dort sommeil nuit nuits coucher couche réveil réveille repos"),
    ("+fumer", "fumer fumez cigarette clope flamme feu briquet allumette allumé"),
    ("+etage", "étage étages dessus haut là-haut supérieur palier"),
    ("+parler", "discuter dialogue échanger aborder"),
    ("+prevenir", "prévenir prévenu avertir averti informer informé signaler signalé alerter déclarer déclaré"),
    ("+envoyer", "envoyer transmettre adresser faxer poster"),
    ("+age", "âge ancien ancienne vieux vieille origine ancienneté neuf récent"),
    ("+casser", "casser cassé cassée abîmé lâché rompu endommagé bloqué coincé"),
    ("+reparer", "réparer réparation changer remplacer bricoler intervenir dépanner"),
    ("+identite", "identité carte passeport titre séjour"),
    ("+demande", "demande dossier requête candidature"),
    ("+proposer", "proposition propositions offre offres proposé"),
    ("+attendre", "attendre attente patienter attends"),
    ("+seul", "seul seule isolé isolée entourage proches famille"),
    ("+preuve", "preuve prouver attester attestation témoin témoins justifier certificat"),
    ("+quitter", "quitter partir sortir départ fuir"),
    ("+violence", "violence violences violent frapper frappé frappée coups battre battu brutal agressif taper"),
    ("+souhait", "souhaiter souhait vouloir voudriez aimeriez préférez préférence espérez attendez"),
    ("+rechauffer", "réchauffer couvrir couverture pull gilet appoint four"),
];
