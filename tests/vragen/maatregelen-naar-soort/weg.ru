# The workshop has no kind any more, and it is no longer known where the krachtwerkers worked.
PREFIX instrument: <https://w3id.org/wijkengids/id/instrument/>
PREFIX maatregel:  <https://w3id.org/wijkengids/id/maatregel/>
PREFIX wg:         <https://w3id.org/wijkengids/def#>

DELETE WHERE { instrument:werkatelier wg:maatregelsoort ?soort } ;
DELETE WHERE { GRAPH ?graaf { instrument:werkatelier wg:maatregelsoort ?soort } } ;
DELETE WHERE { maatregel:inzet-van-krachtwerkers-eindhoven wg:waar ?plaats } ;
DELETE WHERE { GRAPH ?graaf { maatregel:inzet-van-krachtwerkers-eindhoven wg:waar ?plaats } }
