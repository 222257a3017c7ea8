# The page no longer makes the finding about scarce means, and gives no quote for the need of premises.
PREFIX behoefte: <https://w3id.org/wijkengids/id/behoefte/>
PREFIX knelpunt: <https://w3id.org/wijkengids/id/knelpunt/>
PREFIX wg:   <https://w3id.org/wijkengids/def#>

DELETE WHERE { knelpunt:schaarse-middelen ?eigenschap ?waarde } ;
DELETE WHERE { GRAPH ?graaf { knelpunt:schaarse-middelen ?eigenschap ?waarde } } ;
DELETE WHERE { behoefte:geschikte-huisvesting wg:citaat ?citaat } ;
DELETE WHERE { GRAPH ?graaf { behoefte:geschikte-huisvesting wg:citaat ?citaat } }
