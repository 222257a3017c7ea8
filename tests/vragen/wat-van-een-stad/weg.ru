# Klarendal no longer lies in Arnhem.
PREFIX stad: <https://w3id.org/wijkengids/id/stad/>
PREFIX wg:   <https://w3id.org/wijkengids/def#>
PREFIX wijk: <https://w3id.org/wijkengids/id/wijk/>

DELETE WHERE { wijk:klarendal wg:ligtIn stad:arnhem } ;
DELETE WHERE { GRAPH ?graaf { wijk:klarendal wg:ligtIn stad:arnhem } }
