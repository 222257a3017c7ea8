# The two numbers of page 12.2 no longer contradict each other, and the result of page 1 is attributed to nobody.
PREFIX cijfer:    <https://w3id.org/wijkengids/id/cijfer/>
PREFIX resultaat: <https://w3id.org/wijkengids/id/resultaat/>
PREFIX wg:        <https://w3id.org/wijkengids/def#>

DELETE WHERE { cijfer:drie-topkrimpregios wg:spreektTegen ?ander } ;
DELETE WHERE { GRAPH ?graaf { cijfer:drie-topkrimpregios wg:spreektTegen ?ander } } ;
DELETE WHERE { ?een wg:spreektTegen cijfer:drie-topkrimpregios } ;
DELETE WHERE { GRAPH ?graaf { ?een wg:spreektTegen cijfer:drie-topkrimpregios } } ;
DELETE WHERE { resultaat:geen-aantoonbaar-voordeel-voor-aandachtswijken-scp wg:volgens ?volgens } ;
DELETE WHERE { GRAPH ?graaf { resultaat:geen-aantoonbaar-voordeel-voor-aandachtswijken-scp wg:volgens ?volgens } }
