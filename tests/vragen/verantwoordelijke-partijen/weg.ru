# One point for improvement is addressed to nobody any more, and one recommendation also to residents.
PREFIX aanbeveling:  <https://w3id.org/wijkengids/id/aanbeveling/>
PREFIX partijgroep:  <https://w3id.org/wijkengids/id/partijgroep/>
PREFIX verbeterpunt: <https://w3id.org/wijkengids/id/verbeterpunt/>
PREFIX wg:           <https://w3id.org/wijkengids/def#>

DELETE WHERE { verbeterpunt:wijkteams-en-diensten-gebruiken-elkaars-kennis wg:gerichtAan ?partner } ;
DELETE WHERE { GRAPH ?graaf { verbeterpunt:wijkteams-en-diensten-gebruiken-elkaars-kennis wg:gerichtAan ?partner } } ;
INSERT DATA {
  aanbeveling:geef-de-uitvoering-ruimte wg:gerichtAan partijgroep:bewoners .
  GRAPH <https://w3id.org/wijkengids/id/graaf/gids/5.2> { aanbeveling:geef-de-uitvoering-ruimte wg:gerichtAan partijgroep:bewoners }
}
