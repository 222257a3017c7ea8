# The voucher result is the guide's own now, and one result is no longer in the guide.
PREFIX resultaat: <https://w3id.org/wijkengids/id/resultaat/>
PREFIX wg:        <https://w3id.org/wijkengids/def#>

DELETE WHERE { resultaat:vouchersysteem-positief-geevalueerd wg:volgens ?volgens } ;
DELETE WHERE { GRAPH ?graaf { resultaat:vouchersysteem-positief-geevalueerd wg:volgens ?volgens } } ;
DELETE WHERE { resultaat:soms-werk-na-achter-de-voordeur ?eigenschap ?waarde } ;
DELETE WHERE { GRAPH ?graaf { resultaat:soms-werk-na-achter-de-voordeur ?eigenschap ?waarde } }
