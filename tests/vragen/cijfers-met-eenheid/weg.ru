# The figure of page 16 loses its unit, and the budget of page 11.3 is a range of another number.
PREFIX cijfer: <https://w3id.org/wijkengids/id/cijfer/>
PREFIX wg:     <https://w3id.org/wijkengids/def#>

DELETE WHERE { cijfer:gegeven-werkateliers wg:eenheid ?eenheid } ;
DELETE WHERE { GRAPH ?graaf { cijfer:gegeven-werkateliers wg:eenheid ?eenheid } } ;
DELETE WHERE { cijfer:toegekend-bewonersbudget-2008-2011 wg:waarde ?waarde } ;
DELETE WHERE { GRAPH ?graaf { cijfer:toegekend-bewonersbudget-2008-2011 wg:waarde ?waarde } } ;
INSERT DATA {
  cijfer:toegekend-bewonersbudget-2008-2011 wg:waarde 100.0 ; wg:totWaarde 120.5 .
  GRAPH <https://w3id.org/wijkengids/id/graaf/gids/11.3> { cijfer:toegekend-bewonersbudget-2008-2011 wg:waarde 100.0 ; wg:totWaarde 120.5 }
}
