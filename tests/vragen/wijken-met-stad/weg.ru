# Poelenburg no longer lies in a stad, and Arnhem no longer in a provincie.
PREFIX stad: <https://w3id.org/wijkengids/id/stad/>
PREFIX wg:   <https://w3id.org/wijkengids/def#>
PREFIX wijk: <https://w3id.org/wijkengids/id/wijk/>

DELETE WHERE { wijk:poelenburg wg:ligtIn ?stad } ;
DELETE WHERE { GRAPH ?graaf { wijk:poelenburg wg:ligtIn ?stad } } ;
DELETE WHERE { stad:arnhem wg:ligtIn ?provincie } ;
DELETE WHERE { GRAPH ?graaf { stad:arnhem wg:ligtIn ?provincie } }
